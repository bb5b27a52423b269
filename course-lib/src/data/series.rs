//! What a series goes through before a network learns from it, and how a forecast comes back.
//!
//! A growing series swings ever wider and never repeats a level, and a network cannot learn what it has never
//! seen. Two steps make it level:
//!
//! $$ l_t = \ln x_t \qquad d_t = l_t - l_{t-\text{lag}} $$
//!
//! The logarithm turns growth by a percentage into growth by an amount; a difference at lag 12 takes the trend and
//! the season off monthly values. Each step has its inverse:
//!
//! ```
//! use course_lib::data::{datasets, difference, log, undo_difference, undo_log};
//!
//! let passengers = datasets::airline_passengers()?.values;
//! let level = difference(&log(&passengers)?, 12)?;
//! assert_eq!(level.shape(), [132, 1]); // 12 months fewer
//!
//! let first_year = log(&passengers)?.rows(0..12)?;
//! let again = undo_log(&undo_difference(&level, &first_year)?)?;
//! assert!((again.row(143 - 12)?.item()? - 432.0).abs() < 0.01);
//! # Ok::<(), course_lib::error::Error>(())
//! ```
//!
//! [`undo_difference`] builds each value on values that it has itself calculated: a forecast of many steps. A
//! forecast of one step builds on the known value before: `(&known_before + &predicted_difference)?`.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// The natural logarithm of a series, `[rows]` or `[rows, 1]`; the shape stays.
///
/// # Errors
/// A tensor that is no series, or a value that is not above 0.
pub fn log(series: &Tensor) -> Result<Tensor> {
    let values = values_of("log", series)?;
    if let Some(row) = values.iter().position(|value| *value <= 0.0) {
        return Err(Error::new("log")
            .expected("values above 0")
            .got(format!("{} in row {row}", values[row]))
            .hint("shift the series first, or leave the logarithm out"));
    }
    each(series, &values, f64::ln)
}

/// The inverse of [`log()`]: e to the power of each value.
///
/// # Errors
/// A tensor that is no series, or a value so large that the result is no longer a number.
pub fn undo_log(series: &Tensor) -> Result<Tensor> {
    let values = values_of("undo_log", series)?;
    if let Some(row) = values.iter().position(|value| !(value.exp() as f32).is_finite()) {
        return Err(Error::new("undo_log")
            .expected("logarithms below 88")
            .got(format!("{} in row {row}", values[row]))
            .hint("pass the logarithms, not the series itself"));
    }
    each(series, &values, f64::exp)
}

/// Each value less the one `lag` rows before it. Without the first `lag` rows, which have none before them:
/// `[rows, 1]` gives `[rows - lag, 1]`.
///
/// # Errors
/// A tensor that is no series, a lag of 0, or one that leaves no row.
pub fn difference(series: &Tensor, lag: usize) -> Result<Tensor> {
    let values = values_of("difference", series)?;
    if lag == 0 || lag >= values.len() {
        return Err(Error::new("difference")
            .expected(format!(
                "a lag from 1 to {}, below the number of rows",
                values.len() - 1
            ))
            .got(lag.to_string())
            .hint("1 is the value before, 12 the same month last year"));
    }
    let differences = values
        .iter()
        .skip(lag)
        .zip(&values)
        .map(|(now, before)| now - before);
    shaped(series, differences.map(|value| value as f32).collect())
}

/// The inverse of [`difference`]: the series that goes on from `before`, whose number of rows is the lag.
///
/// $$ x_t = d_t + x_{t-\text{lag}} $$
///
/// `before` are the values just before the first difference's own, in the order of time. The result has as many
/// rows as there are differences: of `[rows, 1]` and `[lag, 1]` it is `[rows, 1]`.
///
/// # Errors
/// Tensors that are no series.
///
/// ```
/// use course_lib::data::undo_difference;
/// use course_lib::tensor::Tensor;
///
/// let before = Tensor::vector(&[10.0, 20.0])?;
/// let differences = Tensor::vector(&[1.0, 2.0, 3.0])?;
/// assert_eq!(undo_difference(&differences, &before)?.to_vec(), [11.0, 22.0, 14.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn undo_difference(differences: &Tensor, before: &Tensor) -> Result<Tensor> {
    let mut values = values_of("undo_difference", before)?;
    let lag = values.len();
    for (row, change) in values_of("undo_difference", differences)?.into_iter().enumerate() {
        values.push(change + values[row]);
    }
    shaped(
        differences,
        values[lag..].iter().map(|value| *value as f32).collect(),
    )
}

/// The values of a series in double precision, or what is wrong with it.
pub(super) fn values_of(operation: &str, series: &Tensor) -> Result<Vec<f64>> {
    if !matches!(series.shape(), [_] | [_, 1]) {
        return Err(Error::new(operation)
            .expected("a series of shape [rows] or [rows, 1]")
            .got(format!("shape {:?}", series.shape()))
            .hint("take one column: a series has one value a row"));
    }
    let values = series.values();
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::new(operation)
            .expected("finite numbers")
            .got(format!("{} in row {row}", values[row]))
            .hint("fill missing values first"));
    }
    Ok(values.iter().copied().map(f64::from).collect())
}

fn each(series: &Tensor, values: &[f64], function: fn(f64) -> f64) -> Result<Tensor> {
    shaped(
        series,
        values.iter().map(|value| function(*value) as f32).collect(),
    )
}

/// Values in the form of `like`: a vector or a column.
fn shaped(like: &Tensor, values: Vec<f32>) -> Result<Tensor> {
    let rows = values.len();
    if like.rank() == 1 {
        Tensor::from_vec(values, [rows])
    } else {
        Tensor::from_vec(values, [rows, 1])
    }
}
