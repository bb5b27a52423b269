//! Mean absolute error: L = 1/N Σ |outputᵢ - targetᵢ|, over all N values of the batch.
//!
//! dL/d(outputᵢ) = 1/N sign(outputᵢ - targetᵢ), and 0 where they are equal. Unit: the target's.
//! Source: Keras' `MeanAbsoluteError`, PyTorch's `L1Loss`; least absolute deviations go back to Boscovich 1757.

use super::pointwise::Pointwise;
use super::{Weights, check_shapes};
use crate::error::Result;
use crate::tensor::Tensor;

/// The mean of the differences without their signs; see the [module](self) for formula and gradient.
///
/// # Errors
/// Targets whose shape does not fit the outputs'.
///
/// ```
/// use course_lib::losses::mae;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::vector(&[1.0, 5.0])?;
/// let target = Tensor::vector(&[2.0, 2.0])?;
/// assert_eq!(mae(&output, &target)?.item()?, 2.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn mae(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    check_shapes("mean absolute error", output, target)?;
    let loss = Pointwise::of_difference(
        #[inline(always)]
        |x: f32, t: f32| (x - t).abs(),
        #[inline(always)]
        |x: f32, t: f32| if x == t { 0.0 } else { (x - t).signum() },
        |x, t| x.minus(t).abs(),
    );
    loss.mean(output, target, weights)
}
