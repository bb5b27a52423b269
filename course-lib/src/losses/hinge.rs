//! Hinge loss: L = 1/N Σ max(0, 1 - tᵢ outputᵢ), with targets t of -1 and 1, over all N values of the batch.
//!
//! An output counts as right once it is on the target's side by at least 1. dL/d(outputᵢ) = -tᵢ/N where
//! tᵢ outputᵢ < 1, and 0 beyond. The last layer is linear, or a tanh. Source: Cortes, Vapnik 1995; Keras' `Hinge`.

use super::pointwise::Pointwise;
use super::{Weights, check_shapes};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

const NAME: &str = "hinge loss";

/// The hinge loss; targets are -1 and 1, or 0 and 1, which count as -1 and 1. See the [module](self) for formula
/// and gradient.
///
/// # Errors
/// Targets whose shape does not fit the outputs', or of other values.
///
/// ```
/// use course_lib::losses::hinge;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::vector(&[3.0, 0.5])?;
/// assert_eq!(hinge(&output, &Tensor::vector(&[1.0, -1.0])?)?.item()?, (0.0 + 1.5) / 2.0);
/// assert_eq!(hinge(&output, &Tensor::vector(&[1.0, 0.0])?)?.item()?, (0.0 + 1.5) / 2.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn hinge(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    check_shapes(NAME, output, target)?;
    let t = target.values();
    let of_bits = t.iter().all(|t| *t == 0.0 || *t == 1.0);
    if !of_bits && let Some(other) = t.iter().find(|t| t.abs() != 1.0) {
        return Err(Error::new(NAME)
            .expected("targets of -1 and 1, or of 0 and 1")
            .got(format!("a target of {other}"))
            .hint("encode the two classes as -1 and 1"));
    }
    let sign = |t: f32| if t > 0.0 { 1.0 } else { -1.0 };
    let loss = Pointwise::new(
        #[inline(always)]
        move |x: f32, t: f32| (1.0 - sign(t) * x).max(0.0),
        #[inline(always)]
        move |x: f32, t: f32| if sign(t) * x < 1.0 { -sign(t) } else { 0.0 },
        |x, t| {
            let sign = t.above(0.0).mul_scalar(2.0).add_scalar(-1.0);
            let margin = |x: &Tensor| sign.times(x).rest_to_one();
            x.function(
                |x| margin(x).relu(),
                |x, _| margin(x).above(0.0).times(&sign.mul_scalar(-1.0)),
            )
        },
    );
    loss.mean(output, target, weights)
}
