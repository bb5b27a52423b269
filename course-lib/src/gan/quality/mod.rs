//! How good generated samples are, where looking is not enough.
//!
//! | samples | measure |
//! | --- | --- |
//! | numbers | [`wasserstein_distance`] to the real ones |
//! | points on a segment | [`distances_to_segment`] |
//! | digits | what a classifier reads: [`read_by`] |
//! | rows of a table | [`marginal_distances`], [`correlations`], and [`train_on_synthetic`] |

mod distances;
mod readings;
mod synthetic;
mod tables;

pub use distances::{distances_to_segment, wasserstein_distance};
pub use readings::{Readings, read_by};
pub use synthetic::{SyntheticScore, train_on_synthetic};
pub use tables::{correlations, marginal_distances};

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Samples that are rows of numbers: how many rows and columns.
fn rows_and_columns(operation: &str, tensor: &Tensor) -> Result<(usize, usize)> {
    match tensor.shape() {
        [rows, columns] if tensor.is_finite() => Ok((*rows, *columns)),
        [_, _] => Err(Error::new(operation)
            .expected("samples that are numbers")
            .got("some that are not")
            .hint("leave out rows with missing values; a generator that gives NaN has diverged")),
        shape => Err(Error::new(operation)
            .expected("samples of shape [rows, columns]")
            .got(format!("shape {shape:?}"))
            .hint("reshape them")),
    }
}
