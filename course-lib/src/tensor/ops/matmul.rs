//! The product of matrices.
//!
//! Result[i, j] = Σₖ left[i, k] · right[k, j]; the gradients are G · rightᵀ and leftᵀ · G, with G the
//! gradient of the result. By dfdx's kernels, on any device.

use dfdx::prelude::{ReshapeTo, TryMatMul};

use super::by_dfdx;
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};

impl Tensor {
    /// The matrix product: `[rows, n]` times `[n, columns]` gives `[rows, columns]`.
    ///
    /// A vector `[n]` on the left counts as one row, on the right as one column, and that axis is gone from
    /// the result. A stack `[batch, rows, n]` on the left multiplies matrix by matrix with a stack
    /// `[batch, n, columns]`, or every matrix with the same `[n, columns]`.
    ///
    /// # Errors
    /// Inner sizes that differ, or other shapes than these.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_rows(&[[1.0, 2.0]])?;
    /// let w = Tensor::from_rows(&[[3.0], [4.0]])?;
    /// assert_eq!(x.matmul(&w)?.item()?, 11.0);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn matmul(&self, right: &Tensor) -> Result<Tensor> {
        if self.recorder.is_same(&right.recorder) {
            return self.matmul(&right.distinct());
        }
        match (self.shape(), right.shape()) {
            (&[rows, n], &[m, columns]) if n == m => {
                let product = by_dfdx!(&[rows, columns], (x of self, y of right) => {
                    let x = in_memory(x.try_reshape_like(&(rows, n)));
                    x.try_matmul(in_memory(y.try_reshape_like(&(m, columns))))
                });
                Ok(product)
            }
            (&[n], &[m]) if n == m => self.reshape([1, n])?.matmul(&right.reshape([n, 1])?)?.reshape([]),
            (&[n], &[m, columns]) if n == m => self.reshape([1, n])?.matmul(right)?.reshape([columns]),
            (&[rows, n], &[m]) if n == m => self.matmul(&right.reshape([n, 1])?)?.reshape([rows]),
            (&[batch, rows, n], &[m, columns]) if n == m => self
                .reshape([batch * rows, n])?
                .matmul(right)?
                .reshape([batch, rows, columns]),
            (&[batch, rows, n], &[stack, m, columns]) if n == m && batch == stack => {
                let product = by_dfdx!(&[batch, rows, columns], (x of self, y of right) => {
                    let x = in_memory(x.try_reshape_like(&(batch, rows, n)));
                    x.try_matmul(in_memory(y.try_reshape_like(&(batch, n, columns))))
                });
                Ok(product)
            }
            (left, other) => {
                let inner = left.last().map_or("a matrix on both sides".to_owned(), |n| {
                    format!("a right-hand side whose rows number {n}, as many as the left has columns")
                });
                Err(Error::new("matmul")
                    .expected(inner)
                    .got(format!("shapes {left:?} and {other:?}"))
                    .hint("check which axis holds the features, or transpose() one side"))
            }
        }
    }
}
