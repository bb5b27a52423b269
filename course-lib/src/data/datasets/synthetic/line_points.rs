//! What the GAN of lesson 13 learns: points on a line.
//!
//! $$ (v, v) \qquad v \sim U(2.5, 7.5) $$

use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;

const FIRST: f32 = 2.5;
const LAST: f32 = 7.5;

/// Points drawn evenly from the segment between (2.5, 2.5) and (7.5, 7.5): `[rows, 2]`. These are the real samples
/// of lesson 13, whose settings are the lecturer's.
///
/// # Errors
/// No rows.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let real = datasets::line_points(30, Seed(0))?;
/// assert_eq!(real.at(&[29, 0])?, real.at(&[29, 1])?);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn line_points(rows: usize, seed: Seed) -> Result<Tensor> {
    super::check_rows("line_points", rows, 1)?;
    let values = seed.stream().uniform([rows], FIRST, LAST)?.to_vec();
    Tensor::from_vec(
        values.into_iter().flat_map(|value| [value, value]).collect(),
        [rows, 2],
    )
}
