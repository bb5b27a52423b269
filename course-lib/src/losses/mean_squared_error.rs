//! Mean squared error: L = 1/N Σ (outputᵢ - targetᵢ)², over all N values of the batch.
//!
//! dL/d(outputᵢ) = 2/N (outputᵢ - targetᵢ). Unit: the square of the target's. Source: the lectures'
//! "how networks learn", where the errors are squared and added.

use super::{give_difference, matched};
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
    let target = matched("mean squared error", output, target)?;
    let mut errors = output.to_vec();
    errors
        .iter_mut()
        .zip(target.to_vec())
        .for_each(|(own, target)| *own -= target);
    let count = errors.len() as f64;
    let sum: f64 = errors.iter().map(|error| f64::from(*error).powi(2)).sum();
    let values = vec![(sum / count) as f32];
    Ok(Tensor::custom(
        &[output, &target],
        values,
        &[],
        move |of_result, slots| {
            let scale = of_result[0] * 2.0 / count as f32;
            let mut gradient = errors;
            gradient.iter_mut().for_each(|error| *error *= scale);
            give_difference(slots, gradient);
        },
    ))
}
