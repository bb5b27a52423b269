//! Mean absolute error: L = 1/N Σ |outputᵢ - targetᵢ|, over all N values of the batch.
//!
//! dL/d(outputᵢ) = 1/N sign(outputᵢ - targetᵢ), and 0 where they are equal. Unit: the target's.

use super::{give_difference, matched};
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
    let target = matched("mean absolute error", output, target)?;
    let mut errors = output.to_vec();
    errors
        .iter_mut()
        .zip(target.to_vec())
        .for_each(|(own, target)| *own -= target);
    let count = errors.len() as f64;
    let sum: f64 = errors.iter().map(|error| f64::from(error.abs())).sum();
    let values = vec![(sum / count) as f32];
    Ok(Tensor::custom(
        &[output, &target],
        values,
        &[],
        move |of_result, slots| {
            let scale = of_result[0] / count as f32;
            let signs = errors.into_iter().map(|error| match error {
                0.0 => 0.0,
                error => scale * error.signum(),
            });
            give_difference(slots, signs.collect());
        },
    ))
}
