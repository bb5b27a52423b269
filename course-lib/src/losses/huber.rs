//! Huber loss: squared near the target, straight far from it, so that outliers pull with a bounded force.
//!
//! With e = outputᵢ - targetᵢ, the mean over all N values of the batch of ½ e² where |e| ≤ δ, and of δ |e| - ½ δ²
//! beyond. dL/d(outputᵢ) = 1/N e where |e| ≤ δ, and 1/N δ sign(e) beyond. Source: Huber 1964; Keras' `Huber`.

use super::pointwise::Pointwise;
use super::{Weights, check_shapes};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// The Huber loss with the given δ, in the target's unit; see the [module](self) for formula and gradient.
///
/// # Errors
/// Targets whose shape does not fit the outputs', or a δ that is not above 0.
///
/// ```
/// use course_lib::losses::huber;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::vector(&[1.0, 10.0])?;
/// let target = Tensor::vector(&[2.0, 0.0])?;
/// assert_eq!(huber(&output, &target, 1.0)?.item()?, (0.5 + 9.5) / 2.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn huber(output: &Tensor, target: &Tensor, delta: f32) -> Result<Tensor> {
    weighted(output, target, delta, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, delta: f32, weights: Weights) -> Result<Tensor> {
    check_shapes("Huber loss", output, target)?;
    if !(delta > 0.0 && delta.is_finite()) {
        return Err(Error::new("Huber loss")
            .expected("a delta above 0")
            .got(delta.to_string())
            .hint("1.0 is usual; larger errors than delta count as outliers"));
    }
    let loss = Pointwise::of_difference(
        #[inline(always)]
        move |x: f32, t: f32| {
            let e = (x - t).abs();
            if e <= delta {
                0.5 * e * e
            } else {
                delta * (e - 0.5 * delta)
            }
        },
        #[inline(always)]
        move |x: f32, t: f32| (x - t).clamp(-delta, delta),
        // With s the bounded error both parts are s (e - ½ s), and the slope is s.
        |x, t| {
            x.minus(t).function(
                |e| {
                    let s = e.clamp(-delta, delta);
                    s.times(&e.plus(&s.mul_scalar(-0.5)))
                },
                |e, _| e.clamp(-delta, delta),
            )
        },
    );
    loss.mean(output, target, weights)
}
