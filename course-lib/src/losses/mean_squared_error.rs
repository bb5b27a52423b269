//! Mean squared error: L = 1/N Σ (outputᵢ - targetᵢ)², over all N values of the batch.
//!
//! dL/d(outputᵢ) = 2/N (outputᵢ - targetᵢ). Unit: the square of the target's. Source: the lectures'
//! "how networks learn", where the errors are squared and added.

use super::pointwise::Pointwise;
use super::{Weights, check_shapes};
use crate::error::Result;
use crate::tensor::Tensor;

/// The mean of the squared differences; see the [module](self) for formula and gradient.
///
/// # Errors
/// Targets whose shape does not fit the outputs'.
///
/// ```
/// use course_lib::losses::mse;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::vector(&[0.0, 3.0, 6.0])?;
/// let target = Tensor::vector(&[0.0, 2.0, 4.0])?;
/// assert_eq!(mse(&output, &target)?.item()?, 5.0 / 3.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn mse(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    check_shapes("mean squared error", output, target)?;
    let loss = Pointwise::of_difference(
        #[inline(always)]
        |x: f32, t: f32| (x - t) * (x - t),
        #[inline(always)]
        |x: f32, t: f32| 2.0 * (x - t),
        |x, t| x.minus(t).square(),
    );
    loss.mean(output, target, weights)
}
