//! Ways to make a tensor.

use super::Tensor;
use super::device::upload;
use super::dims::Dims;
use super::record::Recorder;
use crate::error::{Error, Result};
use crate::random::Seed;

impl Tensor {
    /// A single number: shape `[]`.
    pub fn scalar(value: f32) -> Tensor {
        Tensor::from_parts(vec![value], Dims::of(&[]))
    }

    /// A vector of the values: shape `[values.len()]`.
    ///
    /// # Errors
    /// No values.
    pub fn vector(values: &[f32]) -> Result<Tensor> {
        Tensor::from_vec(values.to_vec(), [values.len()])
    }

    /// Values in row-major order (the last axis changes fastest) with the given shape.
    ///
    /// # Errors
    /// A number of values that is not the product of the shape; a size of 0; more than six axes.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3])?;
    /// assert_eq!(x.at(&[1, 0])?, 4.0);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn from_vec(values: Vec<f32>, shape: impl AsRef<[usize]>) -> Result<Tensor> {
        let dims = Dims::new("Tensor::from_vec", shape.as_ref())?;
        if values.len() != dims.count() {
            return Err(Error::new("Tensor::from_vec")
                .expected(format!("{} values for shape {:?}", dims.count(), dims.as_slice()))
                .got(format!("{} values", values.len()))
                .hint("the sizes of the shape multiply to the number of values"));
        }
        Ok(Tensor::from_parts(values, dims))
    }

    /// A matrix of the rows: shape `[rows, columns]`.
    ///
    /// # Errors
    /// No rows, empty rows, or rows of different lengths.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_rows(&[[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])?;
    /// assert_eq!(x.shape(), [3, 2]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn from_rows<Row: AsRef<[f32]>>(rows: &[Row]) -> Result<Tensor> {
        let columns = rows.first().map_or(0, |row| row.as_ref().len());
        let uneven = rows.iter().position(|row| row.as_ref().len() != columns);
        if let Some(row) = uneven {
            return Err(Error::new("Tensor::from_rows")
                .expected(format!("{columns} values in every row, as in the first"))
                .got(format!("{} values in row {row}", rows[row].as_ref().len()))
                .hint("fill the missing values or leave the row out"));
        }
        let dims = Dims::new("Tensor::from_rows", &[rows.len(), columns])?;
        let values = rows.iter().flat_map(|row| row.as_ref().iter().copied()).collect();
        Ok(Tensor::from_parts(values, dims))
    }

    /// All zeros.
    ///
    /// # Errors
    /// A size of 0; more than six axes.
    pub fn zeros(shape: impl AsRef<[usize]>) -> Result<Tensor> {
        Tensor::full(shape, 0.0)
    }

    /// All ones.
    ///
    /// # Errors
    /// A size of 0; more than six axes.
    pub fn ones(shape: impl AsRef<[usize]>) -> Result<Tensor> {
        Tensor::full(shape, 1.0)
    }

    /// The same value everywhere.
    ///
    /// # Errors
    /// A size of 0; more than six axes.
    pub fn full(shape: impl AsRef<[usize]>, value: f32) -> Result<Tensor> {
        let dims = Dims::new("Tensor::full", shape.as_ref())?;
        Ok(Tensor::from_parts(vec![value; dims.count()], dims))
    }

    /// `count` values from `first` to `last`, both included, evenly spaced, as NumPy's `linspace`.
    ///
    /// # Errors
    /// Fewer than two values, or ends that are not finite.
    pub fn linspace(first: f32, last: f32, count: usize) -> Result<Tensor> {
        if count < 2 || !first.is_finite() || !last.is_finite() {
            return Err(Error::new("Tensor::linspace")
                .expected("at least 2 values between two finite ends")
                .got(format!("{count} values from {first} to {last}"))
                .hint("ask for 2 values or more"));
        }
        let step = (f64::from(last) - f64::from(first)) / (count - 1) as f64;
        let values = (0..count)
            .map(|i| (f64::from(first) + step * i as f64) as f32)
            .collect();
        Tensor::from_vec(values, [count])
    }

    /// Values drawn evenly from `low` (included) to `high` (left out); the same seed gives the same values.
    ///
    /// # Errors
    /// A size of 0; bounds out of order or not finite.
    pub fn uniform(shape: impl AsRef<[usize]>, low: f32, high: f32, seed: Seed) -> Result<Tensor> {
        seed.stream().uniform(shape, low, high)
    }

    /// Values drawn from N(mean, standard deviation); the same seed gives the same values.
    ///
    /// # Errors
    /// A size of 0; a standard deviation that is negative or not finite.
    pub fn normal(
        shape: impl AsRef<[usize]>,
        mean: f32,
        standard_deviation: f32,
        seed: Seed,
    ) -> Result<Tensor> {
        seed.stream().normal(shape, mean, standard_deviation)
    }

    /// Values whose number is known to fit the shape.
    pub(crate) fn from_parts(values: Vec<f32>, dims: Dims) -> Tensor {
        Tensor::new(upload(values), dims, Recorder::default())
    }
}
