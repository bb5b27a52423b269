//! How good a network is, in numbers that people understand.
//!
//! [`Metric`] names what [`fit`](crate::model::Sequential::fit) and
//! [`evaluate`](crate::model::Sequential::evaluate) report; [`ConfusionMatrix`] and [`RocCurve`] look closer
//! at a classifier.
//!
//! Predictions are what a model's `predict` gives: one probability a row (`[rows, 1]` or `[rows]`) for two
//! classes, or one probability a class (`[rows, classes]`). Targets are class numbers (`[rows]` or
//! `[rows, 1]`) or one-hot rows (`[rows, classes]`).

mod classes;
pub mod confusion;
mod metric;
pub mod report;
pub mod roc;

pub use confusion::{ClassReport, ConfusionMatrix};
pub use metric::{Metric, MetricFunction};
pub use report::{ClassificationReport, classification_report};
pub use roc::RocCurve;

pub(crate) use metric::check_pair;

use crate::error::Result;
use crate::tensor::Tensor;

/// The share of rows whose class is predicted right, from 0 to 1.
///
/// # Errors
/// Predictions and targets that do not fit each other.
///
/// ```
/// use course_lib::metrics::accuracy;
/// use course_lib::tensor::Tensor;
///
/// let predictions = Tensor::vector(&[0.9, 0.2, 0.6, 0.4])?;
/// let targets = Tensor::vector(&[1.0, 0.0, 0.0, 0.0])?;
/// assert_eq!(accuracy(&predictions, &targets)?, 0.75);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn accuracy(predictions: &Tensor, targets: &Tensor) -> Result<f32> {
    Metric::Accuracy.calculate(predictions, targets)
}
