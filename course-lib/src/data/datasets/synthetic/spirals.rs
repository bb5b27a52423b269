//! Spirals wound into each other: points that only a curved border separates.
//!
//! $$ r (\sin t, \cos t) \qquad t = \frac{2\pi k}{K} + 4r + \varepsilon \qquad 0 \le r \le 1 \qquad \varepsilon \sim N(0, s^2) $$
//!
//! for arm k of K: the well-known data set of Stanford's course CS231n, with its arms evenly around the middle.

use std::f64::consts::TAU;

use super::{CLASS_NAMES, check_classes, check_rows, noises, plane, shares};
use crate::data::datasets::Dataset;
use crate::error::Result;
use crate::random::Seed;

/// How far an arm turns on its way out, in radians.
const TURN: f64 = 4.0;

/// Spirals: `x` is `[rows, 2]`, `y` is `[rows, 1]`, the number of the arm. `noise` is the standard deviation of the
/// angle, in radians; 0.2 is usual.
///
/// # Errors
/// Other than 2 to 10 classes, fewer than two rows for each, or a noise below 0.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let data = datasets::spirals(300, 3, 0.2, Seed(0))?;
/// assert_eq!(data.x.shape(), [300, 2]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn spirals(rows: usize, classes: usize, noise: f32, seed: Seed) -> Result<Dataset> {
    check_classes("spirals", classes)?;
    check_rows("spirals", rows, 2 * classes)?;
    let mut stream = seed.stream();
    let noises = noises("spirals", &mut stream, rows, noise)?;
    let arms = shares(rows, classes)
        .enumerate()
        .flat_map(|(class, count)| (0..count).map(move |place| (class, place as f64 / (count - 1) as f64)));
    let (points, of_rows): (Vec<[f32; 2]>, Vec<usize>) = arms
        .zip(noises)
        .map(|((class, radius), noise)| {
            let angle = TAU * class as f64 / classes as f64 + TURN * radius + f64::from(noise);
            let (sin, cos) = angle.sin_cos();
            ([(radius * sin) as f32, (radius * cos) as f32], class)
        })
        .unzip();
    let about = format!("{classes} spirals: {rows} points, noise {noise}");
    plane(
        about,
        &points,
        &of_rows,
        CLASS_NAMES[..classes].to_vec(),
        &mut stream,
    )
}
