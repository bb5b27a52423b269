//! Sliding windows: what a network sees of a series, and what it is to say next.
//!
//! From a series v, a look-back L and a horizon H, window i is
//!
//! $$ x_i = (v_i, \ldots, v_{i+L-1}) \qquad y_i = (v_{i+L}, \ldots, v_{i+L+H-1}) $$
//!
//! | part | shape |
//! | --- | --- |
//! | series | `[n]` or `[n, 1]` |
//! | x | `[n - L - H + 1, L, 1]`: rows, steps, features, as a recurrent layer takes them |
//! | y | `[n - L - H + 1, H]` |
//!
//! ```
//! use course_lib::data::windows;
//! use course_lib::tensor::Tensor;
//!
//! let series = Tensor::vector(&[1.0, 2.0, 3.0, 4.0, 5.0])?;
//! let (x, y) = windows(&series, 3, 1)?;
//! assert_eq!(x.shape(), [2, 3, 1]);
//! assert_eq!(x.row(1)?.to_vec(), [2.0, 3.0, 4.0]);
//! assert_eq!(y.row(1)?.to_vec(), [5.0]);
//! # Ok::<(), course_lib::error::Error>(())
//! ```
//!
//! Windows of the whole series, cut afterwards in the order of time
//! (`SplitOptions { shuffle: false, .. }`), lose no value at the cut: the first window of the later part looks back
//! on the end of the earlier one, as a forecaster would.

use super::series::values_of;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Inputs and targets from a series, a row for each place of the window. See the [module](self) for the shapes.
///
/// # Errors
/// A tensor that is no series, a look-back or horizon of 0, or a series too short for one window.
pub fn windows(series: &Tensor, look_back: usize, horizon: usize) -> Result<(Tensor, Tensor)> {
    let values = values_of("windows", series)?;
    let length = look_back.saturating_add(horizon);
    if look_back == 0 || horizon == 0 || length > values.len() {
        return Err(Error::new("windows")
            .expected(format!(
                "a look-back and a horizon of at least 1 each, together at most {}, the length of the series",
                values.len()
            ))
            .got(format!("a look-back of {look_back} and a horizon of {horizon}"))
            .hint("3 and 1 predict the next value from the last three"));
    }
    let rows = values.len() - length + 1;
    let part = |start: usize, width: usize| -> Vec<f32> {
        let windows = values[start..].windows(width).take(rows);
        windows.flatten().map(|value| *value as f32).collect()
    };
    Ok((
        Tensor::from_vec(part(0, look_back), [rows, look_back, 1])?,
        Tensor::from_vec(part(look_back, horizon), [rows, horizon])?,
    ))
}
