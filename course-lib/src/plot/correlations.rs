//! Which features of a table rise and fall together.

use std::fmt::Display;

use super::heat_map::{HeatMap, heat_map};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// The correlations of the columns of a table `[rows, columns]` as a heat map from -1 to 1. Finish it with
/// `.draw()?`, or put a real and a generated table [beside](super::beside) each other.
///
/// ```
/// use course_lib::plot;
/// use course_lib::tensor::Tensor;
///
/// let x = Tensor::from_rows(&[[1.0, 2.1, 9.0], [2.0, 3.9, 5.0], [3.0, 6.2, 1.0], [4.0, 7.8, 2.0]])?;
/// let plot = plot::correlations(&x, &["radius", "perimeter", "smoothness"])?.title("Real").draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// As [`correlation_matrix`]; and if there is not one name for each column.
pub fn correlations(table: &Tensor, names: &[impl Display]) -> Result<HeatMap> {
    let matrix = correlation_matrix(table)?;
    if names.len() != matrix.shape()[0] {
        return Err(Error::new("correlations")
            .expected(format!("{} names, one for each column", matrix.shape()[0]))
            .got(names.len().to_string())
            .hint("take names and columns from the same table"));
    }
    Ok(heat_map(&matrix)
        .rows(names)
        .columns(names)
        .range(-1.0, 1.0)
        .bar_label("correlation"))
}

/// Pearson's correlation of every two columns of a table `[rows, columns]`: a matrix `[columns, columns]` of
/// numbers from -1 to 1, with ones on its diagonal.
///
/// r = Σ (aᵢ - ā)(bᵢ - b̄) / √(Σ (aᵢ - ā)² · Σ (bᵢ - b̄)²), as `numpy.corrcoef`. A column whose values are all
/// equal has no correlation; it is given 0 with the others.
///
/// ```
/// use course_lib::plot::correlation_matrix;
/// use course_lib::tensor::Tensor;
///
/// let x = Tensor::from_rows(&[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])?;
/// assert_eq!(correlation_matrix(&x)?.to_vec(), [1.0, 1.0, 1.0, 1.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// A tensor that is no table of at least two rows, or values that are not finite.
pub fn correlation_matrix(table: &Tensor) -> Result<Tensor> {
    matrix("correlation_matrix", table)
}

/// The same on behalf of the named operation.
pub(crate) fn matrix(operation: &str, table: &Tensor) -> Result<Tensor> {
    let problem = |got: String| {
        Error::new(operation)
            .expected("a table of shape [rows, columns] with at least two rows of finite numbers")
            .got(got)
            .hint("correlation compares columns over rows: pass all rows, missing ones left out")
    };
    let (rows, columns) = match table.shape() {
        [rows, columns] if *rows > 1 => (*rows, *columns),
        shape => return Err(problem(format!("shape {shape:?}"))),
    };
    if !table.is_finite() {
        return Err(problem("values that are NaN or infinite".to_owned()));
    }
    let values = table.to_vec();
    let centred = |column: usize| {
        let column: Vec<f64> = (0..rows)
            .map(|row| f64::from(values[row * columns + column]))
            .collect();
        let mean = column.iter().sum::<f64>() / rows as f64;
        let away: Vec<f64> = column.iter().map(|value| value - mean).collect();
        let length = away.iter().map(|value| value * value).sum::<f64>().sqrt();
        // Rounding leaves a little of a constant column.
        let is_constant = length <= 1e-9 * mean.abs() * (rows as f64).sqrt();
        let scale = if is_constant || length == 0.0 {
            0.0
        } else {
            1.0 / length
        };
        away.into_iter().map(|value| value * scale).collect::<Vec<f64>>()
    };
    let units: Vec<Vec<f64>> = (0..columns).map(centred).collect();
    let mut matrix = Vec::with_capacity(columns * columns);
    for (row, a) in units.iter().enumerate() {
        for (column, b) in units.iter().enumerate() {
            let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let correlation = if row == column {
                1.0
            } else {
                product.clamp(-1.0, 1.0)
            };
            matrix.push(correlation as f32);
        }
    }
    Tensor::from_vec(matrix, [columns, columns])
}
