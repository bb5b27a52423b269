//! Ways to look into a tensor.

use std::ops::Range;

use super::Tensor;
use super::slot::add_to;
use crate::error::{Error, Result};

impl Tensor {
    /// All values in row-major order (the last axis changes fastest).
    pub fn to_vec(&self) -> Vec<f32> {
        self.values().to_vec()
    }

    /// The value of a tensor that holds one, such as a loss.
    ///
    /// # Errors
    /// More than one value.
    pub fn item(&self) -> Result<f32> {
        if self.count() != 1 {
            return Err(Error::new("item")
                .expected("a tensor with one value")
                .got(format!("shape {:?}", self.shape()))
                .hint("reduce it with mean() or sum(), or read one value with at()"));
        }
        Ok(self.to_vec()[0])
    }

    /// The value at one place, an index for each axis.
    ///
    /// # Errors
    /// A wrong number of indices, or one beyond its axis.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_rows(&[[1.0, 2.0], [3.0, 4.0]])?;
    /// assert_eq!(x.at(&[1, 0])?, 3.0);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn at(&self, place: &[usize]) -> Result<f32> {
        let fits =
            place.len() == self.rank() && place.iter().zip(self.shape()).all(|(index, size)| index < size);
        if !fits {
            return Err(Error::new("at")
                .expected(format!("an index for each axis of shape {:?}", self.shape()))
                .got(format!("{place:?}"))
                .hint("indices count from 0"));
        }
        let offset: usize = place
            .iter()
            .zip(self.dims.strides())
            .map(|(index, stride)| index * stride)
            .sum();
        Ok(self.slice(offset..offset + 1, &[]).to_vec()[0])
    }

    /// The values of each row: everything that belongs to one index of the first axis.
    ///
    /// # Errors
    /// A single number, which has no rows.
    pub fn to_rows(&self) -> Result<Vec<Vec<f32>>> {
        let width = self.row_width("to_rows")?;
        Ok(self.to_vec().chunks(width).map(<[f32]>::to_vec).collect())
    }

    /// One row, without the first axis: `[rows, columns]` gives `[columns]`.
    ///
    /// # Errors
    /// A row that is not there.
    pub fn row(&self, index: usize) -> Result<Tensor> {
        self.rows(index..index + 1)?.reshape(&self.shape()[1..])
    }

    /// The rows of a range: `[rows, columns]` gives `[range.len(), columns]`.
    ///
    /// # Errors
    /// An empty range, or one that ends beyond the last row.
    pub fn rows(&self, range: Range<usize>) -> Result<Tensor> {
        let width = self.row_width("rows")?;
        if range.is_empty() || range.end > self.shape()[0] {
            return Err(Error::new("rows")
                .expected(format!(
                    "a range within 0..{} with at least one row",
                    self.shape()[0]
                ))
                .got(format!("{}..{}", range.start, range.end))
                .hint("rows count from 0, and the end of a range is left out"));
        }
        let mut shape = self.shape().to_vec();
        shape[0] = range.len();
        Ok(self.slice(range.start * width..range.end * width, &shape))
    }

    /// The rows at the given places, in that order; a row may be taken more than once.
    ///
    /// # Errors
    /// No indices, or one beyond the last row.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_rows(&[[1.0], [2.0], [3.0]])?;
    /// assert_eq!(x.select_rows(&[2, 0])?.to_vec(), [3.0, 1.0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn select_rows(&self, indices: &[usize]) -> Result<Tensor> {
        let width = self.row_width("select_rows")?;
        let rows = self.shape()[0];
        let beyond = indices.iter().find(|index| **index >= rows);
        if indices.is_empty() || beyond.is_some() {
            return Err(Error::new("select_rows")
                .expected(format!("at least one row number below {rows}"))
                .got(beyond.map_or("none".to_owned(), |index| format!("row {index}")))
                .hint("rows count from 0"));
        }
        let mut shape = self.shape().to_vec();
        shape[0] = indices.len();
        if !self.is_at_hand() {
            return Ok(self.pick_rows(indices.to_vec(), width).in_shape(&shape));
        }
        let source = self.values();
        let mut values = Vec::with_capacity(indices.len() * width);
        for row in indices {
            values.extend_from_slice(&source[row * width..][..width]);
        }
        let indices = indices.to_vec();
        Ok(Tensor::custom(&[self], values, &shape, move |gradient, slots| {
            let own = slots[0].values();
            for (row, gradient) in indices.iter().zip(gradient.chunks_exact(width)) {
                add_to(&mut own[row * width..][..width], gradient);
            }
        }))
    }

    /// For each row the place of its largest value: `[rows, classes]` gives `rows` class numbers.
    /// The first of several equal values counts, as in NumPy.
    ///
    /// # Errors
    /// A single number, which has no rows.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let scores = Tensor::from_rows(&[[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]])?;
    /// assert_eq!(scores.argmax()?, [1, 0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn argmax(&self) -> Result<Vec<usize>> {
        let width = if self.rank() == 1 {
            self.count()
        } else {
            self.row_width("argmax")?
        };
        Ok(self.to_vec().chunks(width).map(largest).collect())
    }

    /// Whether every value is a number: neither NaN nor infinite.
    pub fn is_finite(&self) -> bool {
        self.to_vec().iter().all(|value| value.is_finite())
    }

    fn row_width(&self, operation: &str) -> Result<usize> {
        match self.shape() {
            [] => Err(Error::new(operation)
                .expected("a tensor with rows")
                .got("a single number")
                .hint("read a single number with item()")),
            [_, columns @ ..] => Ok(columns.iter().product()),
        }
    }
}

fn largest(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

/// Equal shapes and equal values; how they were calculated does not matter.
impl PartialEq for Tensor {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.to_vec() == other.to_vec()
    }
}
