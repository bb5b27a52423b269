//! How much each row of a batch counts.

use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::device::Values;
use crate::tensor::ops::normalise::Runs;

/// A weight for each row, or none. The mean divides by the number of rows, not by the sum of the weights: as Keras
/// does, so that a weight of 2 counts as a row that is there twice.
pub(super) struct Weights(Option<(Values, Tensor)>);

impl Weights {
    /// Every row counts as one.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// A weight for each row: shape `[rows]` or `[rows, 1]`, all from 0.
    pub(super) fn of(weights: &Tensor) -> Result<Self> {
        let values = weights.values();
        match values
            .iter()
            .find(|weight| !(**weight >= 0.0 && weight.is_finite()))
        {
            None => Ok(Self(Some((values, weights.constant())))),
            Some(weight) => Err(Error::new("loss")
                .expected("row weights from 0 on")
                .got(format!("a weight of {weight}"))
                .hint("1 is the weight of a row that counts as usual")),
        }
    }

    /// How many values have a weight of their own: those of a row, or all where there are no weights.
    pub(super) fn width_of(&self, output: &Tensor) -> Result<usize> {
        let rows = output.shape().first().copied().unwrap_or(1);
        match &self.0 {
            None => Ok(output.count()),
            Some((weights, _)) if weights.len() == rows => Ok(output.count() / rows),
            Some((weights, _)) => Err(Error::new("loss")
                .expected(format!("{rows} row weights, one for each row"))
                .got(format!("{}", weights.len()))
                .hint("pick the weights together with the rows")),
        }
    }

    /// The mean of `each`, in which every value of a row counts as much as its row: the sum divided by `count`. For
    /// values on a device; those of a row follow one another.
    pub(super) fn mean_on_device(&self, each: &Tensor, count: usize) -> Tensor {
        let weighted = match &self.0 {
            None => each.clone(),
            Some((values, of_rows)) => {
                each.times_sets(of_rows, Runs::rows(each.count(), each.count() / values.len()))
            }
        };
        weighted.sum().mul_scalar((1.0 / count as f64) as f32)
    }

    /// The weight of a row.
    #[inline(always)]
    pub(super) fn of_row(&self, row: usize) -> f64 {
        self.0
            .as_ref()
            .map_or(1.0, |(weights, _)| f64::from(weights[row]))
    }
}
