//! The rows of a data set, from which batches are taken.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::device::Values;

/// A tensor's numbers where the CPU can pick rows from them. They are the tensor's own: nothing is copied.
pub(super) struct Rows {
    values: Values,
    /// The shape of a row.
    row: Vec<usize>,
    width: usize,
}

impl Rows {
    /// The tensor has at least one axis.
    pub(super) fn of(tensor: &Tensor) -> Self {
        let row = tensor.shape()[1..].to_vec();
        let width = row.iter().product();
        Self {
            values: tensor.values(),
            row,
            width,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.values.len() / self.width
    }

    /// The rows with the given numbers.
    pub(super) fn pick(&self, rows: &[usize]) -> Result<Tensor> {
        let mut values = Vec::with_capacity(rows.len() * self.width);
        for row in rows {
            values.extend_from_slice(&self.values[row * self.width..(row + 1) * self.width]);
        }
        self.shaped(values)
    }

    pub(super) fn range(&self, rows: Range<usize>) -> Result<Tensor> {
        self.shaped(self.values[rows.start * self.width..rows.end * self.width].to_vec())
    }

    fn shaped(&self, values: Vec<f32>) -> Result<Tensor> {
        let mut shape = vec![values.len() / self.width];
        shape.extend_from_slice(&self.row);
        Tensor::from_vec(values, shape)
    }
}

/// Checks that inputs and targets have as many rows, and that all of them are numbers.
pub(super) fn check_data(operation: &str, x: &Tensor, y: &Tensor) -> Result<()> {
    let rows = |tensor: &Tensor| tensor.shape().first().copied().unwrap_or(0);
    if rows(x) != rows(y) {
        return Err(Error::new(operation)
            .expected(format!("a target for each of the {} rows of x", rows(x)))
            .got(format!("y of shape {:?}", y.shape()))
            .hint("split x and y together, so that their rows stay together"));
    }
    check_finite(operation, "x", x)?;
    check_finite(operation, "y", y)
}

/// Checks that all values are numbers, and says where the first one is not.
pub(super) fn check_finite(operation: &str, name: &str, tensor: &Tensor) -> Result<()> {
    let values = tensor.values();
    let Some(place) = values.iter().position(|value| !value.is_finite()) else {
        return Ok(());
    };
    let width = tensor.shape().iter().skip(1).product::<usize>();
    Err(Error::new(operation)
        .expected(format!("numbers in {name}"))
        .got(format!(
            "{} in row {}, column {}",
            values[place],
            place / width,
            place % width
        ))
        .hint("fill missing values or leave their rows out; check divisions by 0"))
}
