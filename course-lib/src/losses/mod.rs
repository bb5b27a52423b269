//! How wrong a network is: one number, the mean over a batch, to be made small.
//!
//! Each loss is a file and a function `loss(&output, &target)`; [`Loss`] names them for
//! [`compile`](crate::model::Sequential::compile). Outputs have shape `[batch, units]`. A target has the same
//! shape; a single unit's target may also be a plain vector `[batch]`.
//!
//! Cross-entropies take probabilities, as a network with a sigmoid or softmax at its end gives them, and are
//! calculated from the scores (logits) behind these probabilities: exact where a probability rounds to 0 or 1.

pub mod binary_crossentropy;
pub mod categorical_crossentropy;
pub mod mean_absolute_error;
pub mod mean_squared_error;
pub mod sparse_categorical_crossentropy;

use std::fmt;

use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::slot::Slot;

pub use binary_crossentropy::{binary_crossentropy, binary_crossentropy_from_logits};
pub use categorical_crossentropy::{categorical_crossentropy, categorical_crossentropy_from_logits};
pub use mean_absolute_error::mae;
pub use mean_squared_error::mse;
pub(crate) use sparse_categorical_crossentropy::class_numbers;
pub use sparse_categorical_crossentropy::{
    sparse_categorical_crossentropy, sparse_categorical_crossentropy_from_logits,
};

/// The smallest probability whose logarithm is taken where no scores are known, as in Keras.
const SMALLEST_PROBABILITY: f32 = 1e-7;

/// A loss by name, as [`compile`](crate::model::Sequential::compile) takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loss {
    /// [`mse`]: for numbers to predict.
    MeanSquaredError,
    /// [`mae`]: for numbers to predict, less moved by outliers.
    MeanAbsoluteError,
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
        match self {
            Self::MeanSquaredError => mse(output, target),
            Self::MeanAbsoluteError => mae(output, target),
            Self::BinaryCrossentropy => binary_crossentropy(output, target),
            Self::CategoricalCrossentropy => categorical_crossentropy(output, target),
            Self::SparseCategoricalCrossentropy => sparse_categorical_crossentropy(output, target),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MeanSquaredError => "mean squared error",
            Self::MeanAbsoluteError => "mean absolute error",
            Self::BinaryCrossentropy => "binary cross-entropy",
            Self::CategoricalCrossentropy => "categorical cross-entropy",
            Self::SparseCategoricalCrossentropy => "sparse categorical cross-entropy",
        })
    }
}

/// The gradients of a loss of the differences output - target: to the one as they are, to the other negative.
fn give_difference(slots: &mut [Slot], gradient: Vec<f32>) {
    if let [of_output, of_target] = slots {
        if of_target.is_wanted() {
            of_target.give(gradient.iter().map(|value| -value).collect());
        }
        of_output.give(gradient);
    }
}

/// The target in the shape of the output, and with an identity of its own.
fn matched(operation: &str, output: &Tensor, target: &Tensor) -> Result<Tensor> {
    let trimmed = |shape: &[usize]| match shape {
        [batch, 1] => vec![*batch],
        other => other.to_vec(),
    };
    if trimmed(output.shape()) != trimmed(target.shape()) {
        let hint = match (output.shape(), target.shape()) {
            ([_, classes], [_]) if *classes > 1 => {
                "for class numbers use SparseCategoricalCrossentropy, or one-hot encode the targets"
            }
            _ => "the last layer needs as many units as each target has values",
        };
        return Err(Error::new(operation)
            .expected(format!("targets of the outputs' shape {:?}", output.shape()))
            .got(format!("shape {:?}", target.shape()))
            .hint(hint));
    }
    let target = if output.is_same_as(target) {
        target.detach()
    } else {
        target.clone()
    };
    target.reshape(output.shape())
}

/// The targets of a cross-entropy are probabilities.
fn check_probabilities(operation: &str, target: &[f32]) -> Result<()> {
    match target.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        None => Ok(()),
        Some(value) => Err(Error::new(operation)
            .expected("targets from 0 to 1")
            .got(format!("a target of {value}"))
            .hint("encode the classes as 0 and 1 (one-hot for more than two)")),
    }
}

/// Outputs `[batch, classes]` of a loss over classes.
fn check_classes(operation: &str, output: &Tensor) -> Result<usize> {
    match output.shape() {
        [_, classes] if *classes > 1 => Ok(*classes),
        shape => Err(Error::new(operation)
            .expected("outputs of shape [batch, classes] with at least 2 classes")
            .got(format!("shape {shape:?}"))
            .hint("give the last layer a unit for each class, or use BinaryCrossentropy for one")),
    }
}
