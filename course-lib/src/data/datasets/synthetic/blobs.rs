//! Round clouds of points, one for each class.
//!
//! $$ x \sim N(m_k, s^2) \qquad m_k = 4\left(\cos\frac{2\pi k}{K}, \sin\frac{2\pi k}{K}\right) $$
//!
//! scikit-learn's `make_blobs` draws the centres at random, and some seeds put two on one spot; here they lie evenly
//! on a circle.

use std::f64::consts::TAU;

use super::{CLASS_NAMES, check_classes, check_rows, noises, plane, shares};
use crate::data::datasets::Dataset;
use crate::error::Result;
use crate::random::Seed;

/// How far the centres are from the middle.
const RADIUS: f64 = 4.0;

/// Clouds of points: `x` is `[rows, 2]`, `y` is `[rows, 1]`, the number of the cloud. `spread` is the standard
/// deviation of each cloud in both directions.
///
/// # Errors
/// Other than 2 to 10 classes, fewer rows than classes, or a spread below 0.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let data = datasets::blobs(300, 3, 1.0, Seed(0))?;
/// assert_eq!(data.class_names, ["A", "B", "C"]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn blobs(rows: usize, classes: usize, spread: f32, seed: Seed) -> Result<Dataset> {
    check_classes("blobs", classes)?;
    check_rows("blobs", rows, classes)?;
    let mut stream = seed.stream();
    let noises = noises("blobs", &mut stream, 2 * rows, spread)?;
    let of_rows: Vec<usize> = shares(rows, classes)
        .enumerate()
        .flat_map(|(class, count)| std::iter::repeat_n(class, count))
        .collect();
    let points: Vec<[f32; 2]> = of_rows
        .iter()
        .zip(noises.chunks_exact(2))
        .map(|(class, noise)| {
            let (sin, cos) = (TAU * *class as f64 / classes as f64).sin_cos();
            [(RADIUS * cos) as f32 + noise[0], (RADIUS * sin) as f32 + noise[1]]
        })
        .collect();
    let about = format!("{classes} clouds: {rows} points, spread {spread}");
    plane(
        about,
        &points,
        &of_rows,
        CLASS_NAMES[..classes].to_vec(),
        &mut stream,
    )
}
