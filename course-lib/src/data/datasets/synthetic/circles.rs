//! Two circles, one inside the other, as scikit-learn's `make_circles` with `factor=0.5`.
//!
//! $$ r (\cos t, \sin t) \qquad 0 \le t < 2\pi \qquad r = 1 \text{ outside}, \tfrac12 \text{ inside} $$

use std::f64::consts::TAU;

use super::{check_rows, noises, plane};
use crate::data::datasets::Dataset;
use crate::error::Result;
use crate::random::Seed;

/// How large the inner circle is beside the outer one.
const INNER: f64 = 0.5;

/// Two circles: `x` is `[rows, 2]`, `y` is `[rows, 1]`, 0 for the outer circle and 1 for the inner one. `noise` is
/// the standard deviation of what is added to each coordinate.
///
/// # Errors
/// Fewer than 4 rows, or a noise below 0.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let data = datasets::circles(200, 0.05, Seed(0))?;
/// assert_eq!(data.class_names, ["outer", "inner"]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn circles(rows: usize, noise: f32, seed: Seed) -> Result<Dataset> {
    check_rows("circles", rows, 4)?;
    let mut stream = seed.stream();
    let outer = rows / 2;
    let circle = |radius: f64, count: usize| {
        (0..count).map(move |place| {
            let (sin, cos) = (TAU * place as f64 / count as f64).sin_cos();
            [radius * cos, radius * sin]
        })
    };
    let noises = noises("circles", &mut stream, 2 * rows, noise)?;
    let points: Vec<[f32; 2]> = circle(1.0, outer)
        .chain(circle(INNER, rows - outer))
        .zip(noises.chunks_exact(2))
        .map(|([x1, x2], noise)| [x1 as f32 + noise[0], x2 as f32 + noise[1]])
        .collect();
    let classes: Vec<usize> = (0..rows).map(|row| usize::from(row >= outer)).collect();
    let about = format!("Two circles: {rows} points, noise {noise}");
    plane(about, &points, &classes, vec!["outer", "inner"], &mut stream)
}
