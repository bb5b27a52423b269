//! How like two tables are: each column by itself, and the columns together.

use super::rows_and_columns;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// For each column, the largest difference between the shares of real and of generated values up to any number
/// (the two-sample Kolmogorov-Smirnov statistic): 0 for the same distribution, 1 for values that do not meet.
/// Shapes: `[rows, columns]` each, and the result `[columns]`; the two tables may differ in rows.
/// Source: Kolmogorov 1933, Smirnov 1939; checked against `scipy.stats.ks_2samp`.
///
/// ```
/// use course_lib::gan::quality::marginal_distances;
/// use course_lib::tensor::Tensor;
///
/// let real = Tensor::from_rows(&[[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0]])?;
/// let generated = Tensor::from_rows(&[[3.0, 5.0], [4.0, 5.0]])?;
/// // Up to 2 lie half of the real values and none of the generated ones; the second columns do not meet.
/// assert_eq!(marginal_distances(&real, &generated)?.to_vec(), [0.5, 1.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
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
/// `[columns, columns]`. A column that does not vary correlates with nothing: 0, and 1 with itself. It is
/// [`plot::correlation_matrix`](crate::plot::correlation_matrix), which says the formula. Real and generated rows that
/// are alike have correlations that are.
///
/// ```
/// use course_lib::gan::quality::correlations;
/// use course_lib::tensor::Tensor;
///
/// // The second column rises with the first one, the third falls.
/// let table = Tensor::from_rows(&[[1.0, 10.0, 3.0], [2.0, 20.0, 2.0], [3.0, 30.0, 1.0]])?;
/// let r = correlations(&table)?;
/// assert_eq!(r.shape(), [3, 3]);
/// assert!((r.at(&[0, 1])? - 1.0).abs() < 1e-6 && (r.at(&[0, 2])? + 1.0).abs() < 1e-6);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// Fewer than two rows, or values that are not numbers.
pub fn correlations(table: &Tensor) -> Result<Tensor> {
    crate::plot::correlations::matrix("correlations", table)
}
