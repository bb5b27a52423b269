//! Brings features of very different size to one scale.
//!
//! In the breast-cancer table a mean area is about 650 and a mean smoothness about 0.1: to a network the area
//! would be all that counts. Standardising gives every feature mean 0 and standard deviation 1:
//!
//! $$ z = \frac{x - \mu}{\sigma} $$
//!
//! where μ and σ are measured **on the training part only**. A scaler comes into being by measuring (there is
//! no unfitted one), so fit it on `x_train` and transform both parts with it:
//!
//! ```
//! use course_lib::data::StandardScaler;
//! use course_lib::tensor::Tensor;
//!
//! let x_train = Tensor::from_vec(vec![1.0, 10.0, 3.0, 30.0], &[2, 2])?;
//! let x_test = Tensor::from_vec(vec![2.0, 40.0], &[1, 2])?;
//! let scaler = StandardScaler::fit(&x_train)?;
//! assert_eq!(scaler.mean(), [2.0, 20.0]);
//! assert_eq!(scaler.transform(&x_test)?.to_vec(), [0.0, 2.0]);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use std::fmt;

use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Gives every feature mean 0 and standard deviation 1, as measured on the training part.
///
/// The same numbers as scikit-learn's `StandardScaler`: the standard deviation is that of the whole set
/// (divided by n), and a feature that never changes is only shifted to 0.
#[derive(Clone, PartialEq)]
pub struct StandardScaler {
    scale: Scale,
}

/// Squeezes every feature into 0 to 1, as measured on the training part.
///
/// The same numbers as scikit-learn's `MinMaxScaler`: test values may fall outside 0 to 1, and a feature that
/// never changes becomes 0.
#[derive(Clone, PartialEq)]
pub struct MinMaxScaler {
    scale: Scale,
}

impl StandardScaler {
    /// Measures mean and standard deviation of every column of `x_train` (`[rows, features]`).
    ///
    /// # Errors
    /// If `x_train` is not a table, has no row, or holds NaN or an infinite number.
    pub fn fit(x_train: &Tensor) -> Result<Self> {
        let columns = columns_of("StandardScaler::fit", x_train)?;
        let mut scale = Scale::default();
        for column in columns {
            let count = column.len() as f64;
            let mean = column.iter().sum::<f64>() / count;
            let variance = column.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            scale.push(mean, variance.sqrt());
        }
        Ok(Self { scale })
    }

    /// `x` (`[rows, features]`, or `[rows, steps, features]` for sequences) on the new scale; the shape stays.
    ///
    /// # Errors
    /// If `x` has another number of features than the part the scaler was fitted on, or holds NaN.
    pub fn transform(&self, x: &Tensor) -> Result<Tensor> {
        self.scale.transform("StandardScaler::transform", x)
    }

    /// Back from the new scale to the units of the table.
    ///
    /// # Errors
    /// If `z` has another number of features than the part the scaler was fitted on, or holds NaN.
    pub fn inverse_transform(&self, z: &Tensor) -> Result<Tensor> {
        self.scale.inverse("StandardScaler::inverse_transform", z)
    }

    /// The mean μ of each feature, in the feature's unit.
    pub fn mean(&self) -> Vec<f32> {
        self.scale.shift.iter().map(|mean| *mean as f32).collect()
    }

    /// The standard deviation σ of each feature, in the feature's unit; 1 for a feature that never changes.
    pub fn std(&self) -> Vec<f32> {
        self.scale.width.iter().map(|std| *std as f32).collect()
    }
}

impl MinMaxScaler {
    /// Measures the smallest and the largest value of every column of `x_train` (`[rows, features]`).
    ///
    /// # Errors
    /// If `x_train` is not a table, has no row, or holds NaN or an infinite number.
    pub fn fit(x_train: &Tensor) -> Result<Self> {
        let columns = columns_of("MinMaxScaler::fit", x_train)?;
        let mut scale = Scale::default();
        for column in columns {
            let smallest = column.iter().copied().fold(f64::INFINITY, f64::min);
            let largest = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scale.push(smallest, largest - smallest);
        }
        Ok(Self { scale })
    }

    /// `x` (`[rows, features]`, or `[rows, steps, features]` for sequences) on the new scale; the shape stays.
    ///
    /// # Errors
    /// If `x` has another number of features than the part the scaler was fitted on, or holds NaN.
    pub fn transform(&self, x: &Tensor) -> Result<Tensor> {
        self.scale.transform("MinMaxScaler::transform", x)
    }

    /// Back from 0 to 1 to the units of the table.
    ///
    /// # Errors
    /// If `z` has another number of features than the part the scaler was fitted on, or holds NaN.
    pub fn inverse_transform(&self, z: &Tensor) -> Result<Tensor> {
        self.scale.inverse("MinMaxScaler::inverse_transform", z)
    }

    /// The smallest training value of each feature, in the feature's unit.
    pub fn min(&self) -> Vec<f32> {
        self.scale.shift.iter().map(|min| *min as f32).collect()
    }

    /// Largest less smallest training value of each feature; 1 for a feature that never changes.
    pub fn range(&self) -> Vec<f32> {
        self.scale.width.iter().map(|range| *range as f32).collect()
    }
}

/// What both scalers do: take off a number, divide by another.
#[derive(Clone, PartialEq, Default)]
struct Scale {
    shift: Vec<f64>,
    width: Vec<f64>,
}

impl Scale {
    fn push(&mut self, shift: f64, width: f64) {
        // Rounding leaves a constant column of large numbers with a spread that is not quite zero.
        let constant = width <= 10.0 * f64::EPSILON * shift.abs();
        self.shift.push(shift);
        self.width.push(if constant { 1.0 } else { width });
    }

    fn transform(&self, operation: &str, x: &Tensor) -> Result<Tensor> {
        self.each(operation, x, |value, shift, width| (value - shift) / width)
    }

    fn inverse(&self, operation: &str, z: &Tensor) -> Result<Tensor> {
        self.each(operation, z, |value, shift, width| value * width + shift)
    }

    fn each(&self, operation: &str, x: &Tensor, rule: impl Fn(f64, f64, f64) -> f64) -> Result<Tensor> {
        let values = finite_values(operation, x)?;
        let features = self.shift.len();
        if x.rank() < 2 || x.shape().last() != Some(&features) {
            return Err(Error::new(operation)
                .expected(format!(
                    "{features} features, as in the part the scaler was fitted on"
                ))
                .got(format!("shape {:?}", x.shape()))
                .hint("pass the same columns in the same order; the features are the last axis"));
        }
        let scaled = values.iter().enumerate().map(|(at, value)| {
            let feature = at % features;
            rule(f64::from(*value), self.shift[feature], self.width[feature]) as f32
        });
        Tensor::from_vec(scaled.collect(), x.shape())
    }
}

/// The columns of a table in double precision, or what is wrong with it.
fn columns_of(operation: &str, x: &Tensor) -> Result<Vec<Vec<f64>>> {
    let &[_, features] = x.shape() else {
        return Err(Error::new(operation)
            .expected("a table of shape [rows, features]")
            .got(format!("shape {:?}", x.shape()))
            .hint("one example is a table with one row: shape [1, features]"));
    };
    let values = finite_values(operation, x)?;
    let column = |feature| {
        values
            .iter()
            .skip(feature)
            .step_by(features)
            .map(|value| f64::from(*value))
            .collect()
    };
    Ok((0..features).map(column).collect())
}

/// The values as they are, or where one is no number.
fn finite_values(operation: &str, x: &Tensor) -> Result<Vec<f32>> {
    let values = x.to_vec();
    let Some(at) = values.iter().position(|value| !value.is_finite()) else {
        return Ok(values);
    };
    let features = x.shape().last().copied().unwrap_or(1);
    Err(Error::new(operation)
        .expected("finite numbers")
        .got(format!(
            "{} in row {}, feature {}",
            values[at],
            at / features,
            at % features
        ))
        .hint("fill or leave out missing values before scaling"))
}

impl fmt::Display for StandardScaler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "StandardScaler: {} features, each with mean 0 and standard deviation 1",
            self.scale.shift.len()
        )
    }
}

impl fmt::Display for MinMaxScaler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "MinMaxScaler: {} features, each from 0 to 1",
            self.scale.shift.len()
        )
    }
}

impl fmt::Debug for StandardScaler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for MinMaxScaler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// More features than this are cut in the middle.
const MOST_ROWS: usize = 11;

impl Scale {
    /// A line for each feature, with these headings for what is subtracted and what is divided by.
    fn table(&self, shift: &str, width: &str, caption: String) -> Table {
        let features: Vec<f64> = (0..self.shift.len()).map(|feature| feature as f64).collect();
        Table {
            columns: vec![
                Column::numbers("feature", &features, MOST_ROWS),
                Column::numbers(shift, &self.shift, MOST_ROWS),
                Column::numbers(width, &self.width, MOST_ROWS),
            ],
            caption,
        }
    }
}

impl StandardScaler {
    fn table(&self) -> Table {
        self.scale.table("mean", "standard deviation", self.to_string())
    }
}

impl MinMaxScaler {
    fn table(&self) -> Table {
        self.scale
            .table("smallest", "largest - smallest", self.to_string())
    }
}

crate::notebook::shows_with_table!(StandardScaler, MinMaxScaler);
