//! A target that is a weighted sum of the inputs: a network that learns it should find the weights again.
//!
//! $$ y = w_1 x_1 + \ldots + w_n x_n + b + \varepsilon \qquad x_i \sim U(-1, 1) \qquad \varepsilon \sim N(0, s^2) $$

use super::{check_rows, noises};
use crate::data::DataFrame;
use crate::data::datasets::Dataset;
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// Examples of a weighted sum: `x` is `[rows, weights.len()]`, `y` is `[rows, 1]`. `noise` is the standard deviation
/// of what is added to `y`.
///
/// # Errors
/// No rows, no weights, weights or a bias that are not finite, or a noise below 0.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let data = datasets::linear_regression(50, &[2.0], 1.0, 0.0, Seed(0))?;
/// let (x, y) = (data.x.to_vec(), data.y.to_vec());
/// assert_eq!(y[7], 2.0 * x[7] + 1.0);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn linear_regression(rows: usize, weights: &[f32], bias: f32, noise: f32, seed: Seed) -> Result<Dataset> {
    const NAME: &str = "linear_regression";
    check_rows(NAME, rows, 1)?;
    if weights.is_empty() || !weights.iter().chain([&bias]).all(|value| value.is_finite()) {
        return Err(Error::new(NAME)
            .expected("at least one weight, and all of them and the bias finite")
            .got(format!("weights {weights:?}, bias {bias}"))
            .hint("give a weight for each input, as in &[2.0, -1.0]"));
    }
    let mut stream = seed.stream();
    let x = stream.uniform([rows, weights.len()], -1.0, 1.0)?;
    let noises = noises(NAME, &mut stream, rows, noise)?;
    let values = x.to_vec();
    let y: Vec<f32> = values
        .chunks_exact(weights.len())
        .zip(noises)
        .map(|(row, noise)| row.iter().zip(weights).map(|(x, w)| x * w).sum::<f32>() + bias + noise)
        .collect();
    let feature_names: Vec<String> = (1..=weights.len()).map(|input| format!("x{input}")).collect();
    Ok(Dataset {
        frame: DataFrame::from_tensor(&x, &feature_names)?.with("y", &y)?,
        y: Tensor::from_vec(y, [rows, 1])?,
        x,
        feature_names,
        class_names: Vec::new(),
        about: format!("A weighted sum: {rows} rows, weights {weights:?}, bias {bias}, noise {noise}"),
    })
}
