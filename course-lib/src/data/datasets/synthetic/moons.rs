//! Two moons: two half circles that reach into each other, as scikit-learn's `make_moons`.
//!
//! $$ \text{upper: } (\cos t, \sin t) \qquad \text{lower: } (1 - \cos t, \tfrac12 - \sin t) \qquad 0 \le t \le \pi $$

use std::f64::consts::PI;

use super::{check_rows, noises, plane};
use crate::data::datasets::Dataset;
use crate::error::Result;
use crate::random::Seed;

/// Two moons: `x` is `[rows, 2]`, `y` is `[rows, 1]`, 0 for the upper moon and 1 for the lower one. `noise` is the
/// standard deviation of what is added to each coordinate.
///
/// # Errors
/// Fewer than 4 rows, or a noise below 0.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let data = datasets::moons(200, 0.1, Seed(0))?;
/// assert_eq!(data.x.shape(), [200, 2]);
/// assert_eq!(data.y.to_vec().iter().sum::<f32>(), 100.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn moons(rows: usize, noise: f32, seed: Seed) -> Result<Dataset> {
    check_rows("moons", rows, 4)?;
    let mut stream = seed.stream();
    let upper = rows / 2;
    let angle = |place: usize, of: usize| PI * place as f64 / (of - 1) as f64;
    let on_upper = (0..upper)
        .map(|place| angle(place, upper).sin_cos())
        .map(|(sin, cos)| [cos, sin]);
    let on_lower = (0..rows - upper)
        .map(|place| angle(place, rows - upper).sin_cos())
        .map(|(sin, cos)| [1.0 - cos, 0.5 - sin]);
    let noises = noises("moons", &mut stream, 2 * rows, noise)?;
    let points: Vec<[f32; 2]> = on_upper
        .chain(on_lower)
        .zip(noises.chunks_exact(2))
        .map(|([x1, x2], noise)| [x1 as f32 + noise[0], x2 as f32 + noise[1]])
        .collect();
    let classes: Vec<usize> = (0..rows).map(|row| usize::from(row >= upper)).collect();
    let about = format!("Two moons: {rows} points, noise {noise}");
    plane(about, &points, &classes, vec!["upper", "lower"], &mut stream)
}
