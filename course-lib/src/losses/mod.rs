//! How wrong a network is: one number, the mean over a batch, to be made small.
//!
//! Each loss is a file and a function `loss(&output, &target)`; [`Loss`] names them for
//! [`compile`](crate::model::Sequential::compile). Outputs have shape `[batch, units]`. A target has the same
//! shape; a single unit's target may also be a plain vector `[batch]`. Where each step of a sequence has a class,
//! outputs are `[batch, steps, classes]`, and every step counts the same.
//!
//! Cross-entropies take probabilities, as a network with a sigmoid or softmax at its end gives them, and are
//! calculated from the scores (logits) behind these probabilities: exact where a probability rounds to 0 or 1.

pub mod binary_crossentropy;
pub mod categorical_crossentropy;
pub mod hinge;
pub mod huber;
pub mod mean_absolute_error;
pub mod mean_squared_error;
mod pointwise;
pub mod sparse_categorical_crossentropy;
mod weights;

use std::fmt;

use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

pub use binary_crossentropy::{binary_crossentropy, binary_crossentropy_from_logits};
pub use categorical_crossentropy::{categorical_crossentropy, categorical_crossentropy_from_logits};
pub use hinge::hinge;
pub use huber::huber;
pub use mean_absolute_error::mae;
pub use mean_squared_error::mse;
pub(crate) use sparse_categorical_crossentropy::class_numbers;
pub use sparse_categorical_crossentropy::{
    sparse_categorical_crossentropy, sparse_categorical_crossentropy_from_logits,
};

use weights::Weights;

/// The smallest probability whose logarithm is taken where no scores are known, as in Keras.
const SMALLEST_PROBABILITY: f32 = 1e-7;

/// A loss by name, as [`compile`](crate::model::Sequential::compile) takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// [`mse`]: for numbers to predict.
    MeanSquaredError,
    /// [`mae`]: for numbers to predict, less moved by outliers.
    MeanAbsoluteError,
    /// [`huber()`] with the given δ: for numbers to predict, squared near the target and straight far from it.
    Huber(f32),
    /// [`hinge()`]: two classes, -1 and 1 (or 0 and 1), from outputs of any size.
    Hinge,
    /// [`binary_crossentropy()`]: one probability an output.
    BinaryCrossentropy,
    /// [`categorical_crossentropy()`]: one class of several, targets one-hot.
    CategoricalCrossentropy,
    /// [`sparse_categorical_crossentropy()`]: one class of several, targets class numbers.
    SparseCategoricalCrossentropy,
}

impl Loss {
    /// The loss of outputs against their targets: a tensor of shape `[]`.
    ///
    /// # Errors
    /// Shapes that do not fit, or targets that the loss cannot take.
    pub fn calculate(self, output: &Tensor, target: &Tensor) -> Result<Tensor> {
        self.with_weights(output, target, Weights::none())
    }

    /// The same with a weight for each row (shape `[rows]`): the mean over the rows of weight times loss. It divides
    /// by the number of rows, as Keras does, so that a weight of 2 counts as a row that is there twice.
    ///
    /// ```
    /// use course_lib::prelude::*;
    ///
    /// let output = Tensor::from_rows(&[[1.0], [5.0]])?;
    /// let target = Tensor::vector(&[0.0, 0.0])?;
    /// let weights = Tensor::vector(&[2.0, 0.0])?;
    /// assert_eq!(Loss::MeanAbsoluteError.calculate_weighted(&output, &target, &weights)?.item()?, 1.0);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Loss::calculate`]; another number of weights than of rows, or weights below 0.
    pub fn calculate_weighted(
        self,
        output: &Tensor,
        target: &Tensor,
        row_weights: &Tensor,
    ) -> Result<Tensor> {
        self.with_weights(output, target, Weights::of(row_weights)?)
    }

    fn with_weights(self, output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
        match self {
            Self::MeanSquaredError => mean_squared_error::weighted(output, target, weights),
            Self::MeanAbsoluteError => mean_absolute_error::weighted(output, target, weights),
            Self::Huber(delta) => huber::weighted(output, target, delta, weights),
            Self::Hinge => hinge::weighted(output, target, weights),
            Self::BinaryCrossentropy => binary_crossentropy::weighted(output, target, weights),
            Self::CategoricalCrossentropy => categorical_crossentropy::weighted(output, target, weights),
            Self::SparseCategoricalCrossentropy => {
                sparse_categorical_crossentropy::weighted(output, target, weights)
            }
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Huber(delta) => return write!(f, "Huber loss (delta {delta})"),
            Self::Hinge => "hinge loss",
            Self::MeanSquaredError => "mean squared error",
            Self::MeanAbsoluteError => "mean absolute error",
            Self::BinaryCrossentropy => "binary cross-entropy",
            Self::CategoricalCrossentropy => "categorical cross-entropy",
            Self::SparseCategoricalCrossentropy => "sparse categorical cross-entropy",
        })
    }
}

impl Show for Loss {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Loss);

/// Checks that each output has a target. Values of `[batch, 1]` and `[batch]` lie in the same order.
fn check_shapes(operation: &str, output: &Tensor, target: &Tensor) -> Result<()> {
    fn trimmed(shape: &[usize]) -> &[usize] {
        match shape {
            [_, 1] => &shape[..1],
            other => other,
        }
    }
    if trimmed(output.shape()) == trimmed(target.shape()) {
        return Ok(());
    }
    let hint = match (output.shape(), target.shape()) {
        ([_, classes], [_]) if *classes > 1 => {
            "for class numbers use SparseCategoricalCrossentropy, or one-hot encode the targets"
        }
        _ => "the last layer needs as many units as each target has values",
    };
    Err(Error::new(operation)
        .expected(format!("targets of the outputs' shape {:?}", output.shape()))
        .got(format!("shape {:?}", target.shape()))
        .hint(hint))
}

/// A value that is no probability, if there is one. Where only a device has the values, one number is read from it.
fn beyond_0_to_1(probabilities: &Tensor) -> Option<f32> {
    if !probabilities.is_known() {
        let x = probabilities.constant();
        let within = x.at_least(0.0).times(&x.mul_scalar(-1.0).at_least(-1.0));
        // NaN is not within; a sum of ones would round, one of zeros cannot.
        if within.rest_to_one().sum().values()[0] == 0.0 {
            return None;
        }
    }
    let values = probabilities.values();
    values.iter().find(|value| !(0.0..=1.0).contains(*value)).copied()
}

/// The targets of a cross-entropy are probabilities.
fn check_probabilities(operation: &str, target: &Tensor) -> Result<()> {
    match beyond_0_to_1(target) {
        None => Ok(()),
        Some(value) => Err(Error::new(operation)
            .expected("targets from 0 to 1")
            .got(format!("a target of {value}"))
            .hint("encode the classes as 0 and 1 (one-hot for more than two)")),
    }
}

/// Outputs of a loss over classes: `[batch, classes]`, or `[batch, steps, classes]` for a class at each step.
fn check_classes(operation: &str, output: &Tensor) -> Result<usize> {
    match output.shape() {
        [_, classes] | [_, _, classes] if *classes > 1 => Ok(*classes),
        shape => Err(Error::new(operation)
            .expected("outputs of shape [batch, classes] or [batch, steps, classes] with at least 2 classes")
            .got(format!("shape {shape:?}"))
            .hint("give the last layer a unit for each class, or use BinaryCrossentropy for one")),
    }
}
