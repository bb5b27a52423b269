//! What the GAN of lesson 12 learns: vectors of ten values of N(4.0, 0.2).

use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;

/// Values a vector.
const WIDTH: usize = 10;
const MEAN: f32 = 4.0;
const STANDARD_DEVIATION: f32 = 0.2;

/// Vectors of ten values of the normal distribution with mean 4.0 and standard deviation 0.2: `[rows, 10]`. These
/// are the real samples of lesson 12, whose settings are the lecturer's.
///
/// # Errors
/// No rows.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let real = datasets::normal_vectors(30, Seed(0))?;
/// assert_eq!(real.shape(), [30, 10]);
/// assert!((real.mean().item()? - 4.0).abs() < 0.05);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn normal_vectors(rows: usize, seed: Seed) -> Result<Tensor> {
    super::check_rows("normal_vectors", rows, 1)?;
    seed.stream().normal([rows, WIDTH], MEAN, STANDARD_DEVIATION)
}
