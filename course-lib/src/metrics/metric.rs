//! The metrics that `fit` and `evaluate` report, by name.

use std::fmt;

use super::classes::Classes;
use super::roc::RocCurve;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A metric by name, as [`compile`](crate::model::Sequential::compile) takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// The share of rows whose class is predicted right: 0 to 1.
    Accuracy,
    /// Of the rows predicted as class 1, the share that is: 0 to 1. For two classes.
    Precision,
    /// Of the rows that are class 1, the share that is found: 0 to 1. For two classes.
    Recall,
    /// The harmonic mean of precision and recall: 0 to 1. For two classes.
    F1,
    /// The area under the ROC curve: 0.5 is guessing, 1 perfect. For two classes.
    Auc,
    /// The mean of the absolute errors, in the target's unit.
    MeanAbsoluteError,
    /// The mean of the squared errors, in the square of the target's unit.
    MeanSquaredError,
    /// The root of the mean squared error, in the target's unit.
    RootMeanSquaredError,
    /// R², the share of the target's variance that is explained: 1 is perfect, 0 no better than the mean.
    RSquared,
}

impl Metric {
    /// The name in the history: `accuracy`, and `val_accuracy` on validation data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::F1 => "f1",
            Self::Auc => "auc",
            Self::MeanAbsoluteError => "mae",
            Self::MeanSquaredError => "mse",
            Self::RootMeanSquaredError => "rmse",
            Self::RSquared => "r_squared",
        }
    }

    /// The metric of predictions against their targets.
    ///
    /// # Errors
    /// Predictions and targets that do not fit each other, or more than two classes for a metric of two.
    ///
    /// ```
    /// use course_lib::metrics::Metric;
    /// use course_lib::tensor::Tensor;
    ///
    /// let predictions = Tensor::vector(&[0.9, 0.2, 0.6, 0.4])?;
    /// let targets = Tensor::vector(&[1.0, 0.0, 0.0, 1.0])?;
    /// assert_eq!(Metric::Recall.calculate(&predictions, &targets)?, 0.5);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn calculate(self, predictions: &Tensor, targets: &Tensor) -> Result<f32> {
        match self {
            Self::Accuracy => {
                let classes = Classes::of(self.name(), predictions, targets)?;
                let right = classes
                    .predicted
                    .iter()
                    .zip(&classes.truth)
                    .filter(|(p, t)| p == t);
                Ok(right.count() as f32 / classes.truth.len() as f32)
            }
            Self::Precision | Self::Recall | Self::F1 => self.of_two_classes(predictions, targets),
            Self::Auc => Ok(RocCurve::new(predictions, targets)?.auc()),
            _ => self.of_errors(predictions, targets),
        }
    }

    fn of_two_classes(self, predictions: &Tensor, targets: &Tensor) -> Result<f32> {
        let classes = Classes::of(self.name(), predictions, targets)?;
        if classes.count != 2 {
            return Err(Error::new(self.name())
                .expected("two classes")
                .got(format!("{} classes", classes.count))
                .hint("use Accuracy, or look at each class in a ConfusionMatrix"));
        }
        let counts = classes.counts();
        let hits = counts[1][1] as f32;
        let of = |whole: usize| if whole == 0 { 0.0 } else { hits / whole as f32 };
        let (precision, recall) = (of(counts[0][1] + counts[1][1]), of(counts[1][0] + counts[1][1]));
        Ok(match self {
            Self::Precision => precision,
            Self::Recall => recall,
            _ if precision + recall == 0.0 => 0.0,
            _ => 2.0 * precision * recall / (precision + recall),
        })
    }

    fn of_errors(self, predictions: &Tensor, targets: &Tensor) -> Result<f32> {
        let (p, t) = check_pair(self.name(), predictions, targets)?;
        let count = p.len() as f64;
        let mean = |each: &dyn Fn(f64, f64) -> f64| {
            let pairs = p.iter().zip(&t);
            pairs
                .map(|(p, t)| each(f64::from(*p), f64::from(*t)))
                .sum::<f64>()
                / count
        };
        let squared = mean(&|p, t| (p - t).powi(2));
        let value = match self {
            Self::MeanAbsoluteError => mean(&|p, t| (p - t).abs()),
            Self::MeanSquaredError => squared,
            Self::RootMeanSquaredError => squared.sqrt(),
            _ => {
                let middle = mean(&|_, t| t);
                1.0 - squared / mean(&|_, t| (t - middle).powi(2))
            }
        };
        Ok(value as f32)
    }
}

/// The values of predictions and targets of the same shape; `[rows]` fits `[rows, 1]`.
pub(crate) fn check_pair(
    operation: &str,
    predictions: &Tensor,
    targets: &Tensor,
) -> Result<(Vec<f32>, Vec<f32>)> {
    let trimmed = |shape: &[usize]| match shape {
        [rows, 1] => vec![*rows],
        other => other.to_vec(),
    };
    if trimmed(predictions.shape()) == trimmed(targets.shape()) {
        return Ok((predictions.to_vec(), targets.to_vec()));
    }
    Err(Error::new(operation)
        .expected(format!(
            "targets of the predictions' shape {:?}",
            predictions.shape()
        ))
        .got(format!("shape {:?}", targets.shape()))
        .hint("compare the predictions with the targets of the same rows"))
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
