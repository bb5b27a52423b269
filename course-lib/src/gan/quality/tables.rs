//! How like two tables are: each column by itself, and the columns together.

use super::rows_and_columns;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// For each column, the largest difference between the shares of real and of generated values up to any number
/// (the two-sample Kolmogorov-Smirnov statistic): 0 for the same distribution, 1 for values that do not meet.
/// Shapes: `[rows, columns]` each, and the result `[columns]`.
///
/// # Errors
/// Tables with other columns, or values that are not numbers.
pub fn marginal_distances(real: &Tensor, generated: &Tensor) -> Result<Tensor> {
    let (_, columns) = rows_and_columns("marginal_distances", real)?;
    let (_, others) = rows_and_columns("marginal_distances", generated)?;
    if columns != others {
        return Err(Error::new("marginal_distances")
            .expected(format!("{columns} columns in both tables"))
            .got(format!("{others} in the second"))
            .hint("leave out the same columns in both"));
    }
    let distance = |column: usize| {
        let (real, generated) = (sorted(real, column), sorted(generated, column));
        let share = |values: &[f32], limit: f32| {
            values.partition_point(|value| *value <= limit) as f64 / values.len() as f64
        };
        let places = real.iter().chain(&generated);
        let differences = places.map(|limit| (share(&real, *limit) - share(&generated, *limit)).abs());
        differences.fold(0.0, f64::max) as f32
    };
    Tensor::vector(&(0..columns).map(distance).collect::<Vec<_>>())
}

fn sorted(table: &Tensor, column: usize) -> Vec<f32> {
    let values = table.values();
    let mut sorted: Vec<f32> = values
        .iter()
        .skip(column)
        .step_by(table.shape()[1])
        .copied()
        .collect();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted
}

/// The correlation of each column with each other (Pearson's r, -1 to 1): `[rows, columns]` gives
/// `[columns, columns]`. A column that does not vary correlates with nothing: 0, and 1 with itself.
///
/// # Errors
/// Fewer than two rows, or values that are not numbers.
pub fn correlations(table: &Tensor) -> Result<Tensor> {
    let (rows, columns) = rows_and_columns("correlations", table)?;
    if rows < 2 {
        return Err(Error::new("correlations")
            .expected("at least 2 rows")
            .got(format!("{rows}"))
            .hint("one row does not vary"));
    }
    let values = table.values();
    let column = |column: usize| values.iter().skip(column).step_by(columns).map(|v| f64::from(*v));
    // Each column less its mean, scaled to length 1.
    let directions: Vec<Vec<f64>> = (0..columns)
        .map(|index| {
            let mean = column(index).sum::<f64>() / rows as f64;
            let centred: Vec<f64> = column(index).map(|value| value - mean).collect();
            let length = centred.iter().map(|value| value * value).sum::<f64>().sqrt();
            let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
            centred.into_iter().map(|value| value * scale).collect()
        })
        .collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut result = Vec::with_capacity(columns * columns);
    for (i, a) in directions.iter().enumerate() {
        for (j, b) in directions.iter().enumerate() {
            result.push(if i == j { 1.0 } else { product(a, b) as f32 });
        }
    }
    Tensor::from_vec(result, [columns, columns])
}
