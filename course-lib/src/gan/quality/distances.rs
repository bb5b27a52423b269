//! Distances of generated numbers and points from where they should be.

use super::rows_and_columns;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// The earth mover's distance W₁ between two sets of numbers: how far, on average, the numbers of one must be
/// moved to become the other. 0 for the same distribution, in the numbers' own unit. Shapes: any; all values of
/// a tensor are taken as one set, and the two sets may differ in size.
///
/// W₁ = ∫ |F(x) - G(x)| dx, with F and G the shares of values up to x.
/// Source: Villani, *Optimal Transport*; checked against `scipy.stats.wasserstein_distance`.
///
/// # Errors
/// Values that are not numbers.
///
/// ```
/// use course_lib::gan::quality::wasserstein_distance;
/// use course_lib::tensor::Tensor;
///
/// let real = Tensor::vector(&[0.0, 1.0, 3.0])?;
/// let generated = Tensor::vector(&[5.0, 6.0, 8.0])?;
/// assert_eq!(wasserstein_distance(&real, &generated)?, 5.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn wasserstein_distance(real: &Tensor, generated: &Tensor) -> Result<f32> {
    let (real, generated) = (sorted(real)?, sorted(generated)?);
    let mut places: Vec<f64> = real.iter().chain(&generated).copied().collect();
    places.sort_unstable_by(f64::total_cmp);
    let (mut of_real, mut of_generated) = (0, 0);
    let mut distance = 0.0;
    for pair in places.windows(2) {
        of_real += real[of_real..].partition_point(|value| *value <= pair[0]);
        of_generated += generated[of_generated..].partition_point(|value| *value <= pair[0]);
        let shares = of_real as f64 / real.len() as f64 - of_generated as f64 / generated.len() as f64;
        distance += shares.abs() * (pair[1] - pair[0]);
    }
    Ok(distance as f32)
}

fn sorted(values: &Tensor) -> Result<Vec<f64>> {
    if !values.is_finite() {
        return Err(Error::new("wasserstein_distance")
            .expected("values that are numbers")
            .got("some that are not")
            .hint("a generator that gives NaN has diverged"));
    }
    let mut sorted: Vec<f64> = values.values().iter().map(|value| f64::from(*value)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

/// How far each point `[points, 2]` lies from the segment between two ends: shape `[points]`. Beyond an end, the
/// distance to that end.
///
/// # Errors
/// Points of another shape, or that are not numbers.
///
/// ```
/// use course_lib::gan::quality::distances_to_segment;
/// use course_lib::tensor::Tensor;
///
/// let points = Tensor::from_rows(&[[1.0, 1.0], [0.0, 1.0], [-3.0, -4.0]])?;
/// let distances = distances_to_segment(&points, [0.0, 0.0], [2.0, 0.0])?;
/// assert_eq!(distances.to_vec(), [1.0, 1.0, 5.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn distances_to_segment(points: &Tensor, from: [f32; 2], to: [f32; 2]) -> Result<Tensor> {
    let (_, columns) = rows_and_columns("distances_to_segment", points)?;
    if columns != 2 {
        return Err(Error::new("distances_to_segment")
            .expected("points of shape [points, 2]")
            .got(format!("shape {:?}", points.shape()))
            .hint("each row is a point's x and y"));
    }
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let distance = |point: &[f32]| {
        let offset = [point[0] - from[0], point[1] - from[1]];
        // Where on the segment the nearest point is: 0 at one end, 1 at the other.
        let share = match length {
            0.0 => 0.0,
            length => ((offset[0] * along[0] + offset[1] * along[1]) / length).clamp(0.0, 1.0),
        };
        (offset[0] - share * along[0]).hypot(offset[1] - share * along[1])
    };
    Tensor::vector(&points.values().chunks_exact(2).map(distance).collect::<Vec<_>>())
}
