//! From probabilities and targets to class numbers.

use crate::error::{Error, Result};
use crate::losses::class_numbers;
use crate::tensor::Tensor;

/// The probability from which a row counts as class 1 of two.
pub(crate) const THRESHOLD: f32 = 0.5;

/// Predicted and true class of each row, and the number of classes.
pub(crate) struct Classes {
    pub(crate) predicted: Vec<usize>,
    pub(crate) truth: Vec<usize>,
    pub(crate) count: usize,
}

impl Classes {
    pub(crate) fn of(operation: &str, predictions: &Tensor, targets: &Tensor) -> Result<Self> {
        let values = predictions.to_vec();
        if let Some(value) = values.iter().find(|value| value.is_nan()) {
            return Err(Error::new(operation)
                .expected("predictions that are numbers")
                .got(value.to_string())
                .hint("train with a smaller learning rate, and check the inputs for NaN"));
        }
        match predictions.shape() {
            [rows] | [rows, 1] => Ok(Self {
                predicted: values.iter().map(|p| usize::from(*p > THRESHOLD)).collect(),
                truth: class_numbers(operation, targets, &[*rows], 2)?,
                count: 2,
            }),
            [rows, count] => {
                let truth = if targets.shape() == predictions.shape() {
                    targets.argmax()?
                } else {
                    class_numbers(operation, targets, &[*rows], *count)?
                };
                Ok(Self {
                    predicted: predictions.argmax()?,
                    truth,
                    count: *count,
                })
            }
            // Each step of each sequence counts as a row.
            [rows, steps, count] => {
                let truth = match targets.shape() == predictions.shape() {
                    true => targets.reshape([rows * steps, *count])?.argmax()?,
                    false => class_numbers(operation, targets, &[*rows, *steps], *count)?,
                };
                Ok(Self {
                    predicted: predictions.reshape([rows * steps, *count])?.argmax()?,
                    truth,
                    count: *count,
                })
            }
            shape => Err(Error::new(operation)
                .expected("predictions of shape [rows], [rows, classes] or [rows, steps, classes]")
                .got(format!("shape {shape:?}"))
                .hint("pass what predict() gives")),
        }
    }

    /// How often each true class (row) was predicted as each class (column).
    pub(crate) fn counts(&self) -> Vec<Vec<usize>> {
        let mut counts = vec![vec![0; self.count]; self.count];
        for (truth, predicted) in self.truth.iter().zip(&self.predicted) {
            counts[*truth][*predicted] += 1;
        }
        counts
    }
}
