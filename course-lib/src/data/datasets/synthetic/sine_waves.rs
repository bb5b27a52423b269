//! A series made of sine waves.
//!
//! $$ v_t = \sum_p \sin\frac{2\pi t}{p} + \varepsilon \qquad t = 0, 1, 2, \ldots \qquad \varepsilon \sim N(0, s^2) $$

use std::f64::consts::TAU;

use super::{check_rows, noises};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// The sum of a sine wave of each period (in rows), as a series `[rows, 1]`. `noise` is the standard deviation of
/// what is added to each value.
///
/// # Errors
/// No rows, no period, one that is not above 0, or a noise below 0.
///
/// ```
/// use course_lib::data::{datasets, windows};
/// use course_lib::random::Seed;
///
/// let series = datasets::sine_waves(1000, &[25.0, 40.0], 0.05, Seed(0))?;
/// let (x, y) = windows(&series, 50, 1)?;
/// assert_eq!(x.shape(), [950, 50, 1]);
/// # assert_eq!(y.shape(), [950, 1]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn sine_waves(rows: usize, periods: &[f32], noise: f32, seed: Seed) -> Result<Tensor> {
    check_rows("sine_waves", rows, 1)?;
    if periods.is_empty() || !periods.iter().all(|period| period.is_finite() && *period > 0.0) {
        return Err(Error::new("sine_waves")
            .expected("at least one period, each above 0")
            .got(format!("{periods:?}"))
            .hint("a period is how many rows one wave takes, as in &[25.0]"));
    }
    let noises = noises("sine_waves", &mut seed.stream(), rows, noise)?;
    let wave = |row: usize| -> f64 {
        let waves = periods
            .iter()
            .map(|period| (TAU * row as f64 / f64::from(*period)).sin());
        waves.sum()
    };
    let values = noises
        .iter()
        .enumerate()
        .map(|(row, noise)| wave(row) as f32 + noise)
        .collect();
    Tensor::from_vec(values, [rows, 1])
}
