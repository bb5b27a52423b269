//! The metrics that `fit` and `evaluate` report, by name.

use std::fmt;
use std::mem::discriminant;
use std::str::FromStr;

use super::classes::Classes;
use super::roc::RocCurve;
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

/// A metric by name, as [`compile`](crate::model::Sequential::compile) takes it. All are scikit-learn's of the same
/// name, with which they are compared in the tests.
///
/// | metrics | formula | source |
/// | --- | --- | --- |
/// | accuracy | right / rows | Manning, Raghavan, Schütze, *Introduction to Information Retrieval*, 8.3 |
/// | precision, recall | tp / (tp + fp), tp / (tp + fn) | the same |
/// | F1 | 2 · precision · recall / (precision + recall) | van Rijsbergen 1979 |
/// | AUC | the area under the [ROC curve](RocCurve) | Fawcett 2006 |
/// | R² | 1 - Σ (t - y)² / Σ (t - mean t)² | Wright 1921 |
///
/// tp, fp and fn are the numbers of rows that are rightly found, wrongly reported and missed; t is the target, y the
/// prediction.
///
/// ```
/// use course_lib::prelude::*;
///
/// let predictions = Tensor::vector(&[0.9, 0.2, 0.6, 0.4])?;
/// let targets = Tensor::vector(&[1.0, 0.0, 0.0, 0.0])?;
/// assert_eq!(Metric::Accuracy.calculate(&predictions, &targets)?, 0.75);
/// assert_eq!(Metric::Recall.calculate(&predictions, &targets)?, 1.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Metric {
    /// The share of rows whose class is predicted right: 0 to 1. Where each step of a sequence has a class, every step
    /// counts as a row, here and in the others for classes.
    Accuracy,
    /// The share of rows whose class is among the given number of most probable ones: 0 to 1.
    TopKAccuracy(usize),
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
    /// R², the share of the target's variance that is explained: 1 is perfect, 0 no better than the mean. Of several
    /// columns it is the mean of theirs.
    RSquared,
    /// A function of predictions and targets, under a name of its own.
    Function(&'static str, MetricFunction),
}

/// A metric of predictions and targets as a function.
pub type MetricFunction = fn(&Tensor, &Tensor) -> Result<f32>;

/// Functions are the same metric if they have the same name.
impl PartialEq for Metric {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::TopKAccuracy(own), Self::TopKAccuracy(theirs)) => own == theirs,
            _ => discriminant(self) == discriminant(other) && self.name() == other.name(),
        }
    }
}

/// By the name in the history.
///
/// ```
/// use course_lib::metrics::Metric;
///
/// assert_eq!("rmse".parse::<Metric>()?, Metric::RootMeanSquaredError);
/// assert!("rsme".parse::<Metric>().is_err());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
impl FromStr for Metric {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        const NAMED: [Metric; 9] = [
            Metric::Accuracy,
            Metric::Precision,
            Metric::Recall,
            Metric::F1,
            Metric::Auc,
            Metric::MeanAbsoluteError,
            Metric::MeanSquaredError,
            Metric::RootMeanSquaredError,
            Metric::RSquared,
        ];
        NAMED
            .into_iter()
            .find(|metric| metric.name() == name)
            .ok_or_else(|| {
                let names: Vec<&str> = NAMED.iter().map(|metric| metric.name()).collect();
                Error::new("metric")
                    .expected(format!("one of {}", names.join(", ")))
                    .got(format!("{name:?}"))
                    .hint("use Metric::Function(name, function) for a metric of your own")
            })
    }
}

impl Metric {
    /// The name in the history: `accuracy`, and `val_accuracy` on validation data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::TopKAccuracy(_) => "top_k_accuracy",
            Self::Function(name, _) => name,
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
            Self::TopKAccuracy(k) => top_k(k, predictions, targets),
            Self::Function(_, function) => function(predictions, targets),
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
            _ => r_squared(&p, &t, predictions.shape().get(1).copied().unwrap_or(1)),
        };
        Ok(value as f32)
    }
}

/// 1 - Σ (t - p)² / Σ (t - mean)², the mean over the columns. A column that does not vary counts 1 where it is
/// predicted exactly, else 0, as in scikit-learn.
fn r_squared(p: &[f32], t: &[f32], columns: usize) -> f64 {
    let of_column = |column: usize| {
        let pairs = p.iter().zip(t).skip(column).step_by(columns);
        let pairs = pairs.map(|(p, t)| (f64::from(*p), f64::from(*t)));
        let mean = pairs.clone().map(|(_, t)| t).sum::<f64>() / (t.len() / columns) as f64;
        let left: f64 = pairs.clone().map(|(p, t)| (t - p).powi(2)).sum();
        let whole: f64 = pairs.map(|(_, t)| (t - mean).powi(2)).sum();
        match (left == 0.0, whole == 0.0) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 1.0 - left / whole,
        }
    };
    (0..columns).map(of_column).sum::<f64>() / columns as f64
}

/// Of equal probabilities the class with the higher number comes first, as in scikit-learn.
fn top_k(k: usize, predictions: &Tensor, targets: &Tensor) -> Result<f32> {
    let (&[_, count] | &[_, _, count]) = predictions.shape() else {
        return Err(Error::new("top_k_accuracy")
            .expected("predictions of shape [rows, classes]")
            .got(format!("shape {:?}", predictions.shape()))
            .hint("use Accuracy for two classes with one probability"));
    };
    if k == 0 || k > count {
        return Err(Error::new("top_k_accuracy")
            .expected(format!("a k from 1 to {count}, the number of classes"))
            .got(k.to_string())
            .hint("TopKAccuracy(3) counts a row as right if its class is among the three most probable"));
    }
    let truth = Classes::of("top_k_accuracy", predictions, targets)?.truth;
    let values = predictions.values();
    let found = values.chunks_exact(count).zip(&truth).filter(|(row, truth)| {
        let own = row[**truth];
        let before = row.iter().enumerate();
        let before = before.filter(|(class, p)| **p > own || (**p == own && class > truth));
        before.count() < k
    });
    Ok(found.count() as f32 / truth.len() as f32)
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

impl Show for Metric {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Metric);
