//! What can be drawn: anything that is a list of numbers.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A list of numbers that a plot can draw: vectors, slices and arrays of numbers, ranges of whole
/// numbers, and tensors (value by value, row after row).
pub trait Values {
    /// The numbers in order, in double precision.
    fn values(&self) -> Vec<f64>;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Values for [$number] {
            fn values(&self) -> Vec<f64> {
                self.iter().map(|value| *value as f64).collect()
            }
        }
        impl Values for Vec<$number> {
            fn values(&self) -> Vec<f64> {
                self.as_slice().values()
            }
        }
        impl<const N: usize> Values for [$number; N] {
            fn values(&self) -> Vec<f64> {
                self.as_slice().values()
            }
        }
    )+};
}

macro_rules! ranges {
    ($($number:ty),+) => {$(
        impl Values for std::ops::Range<$number> {
            fn values(&self) -> Vec<f64> {
                self.clone().map(|value| value as f64).collect()
            }
        }
    )+};
}

numbers!(f32, f64, i32, i64, u8, u32, u64, usize);
ranges!(i32, i64, u8, u32, u64, usize);

impl Values for Tensor {
    fn values(&self) -> Vec<f64> {
        self.to_vec().as_slice().values()
    }
}

impl<V: Values + ?Sized> Values for &V {
    fn values(&self) -> Vec<f64> {
        (**self).values()
    }
}

/// The largest number that is drawn: beyond it the arithmetic of the picture itself would overflow.
const LARGEST: f64 = 1e300;

/// The values if there are any and each can be drawn; else what is wrong, in words about `what`.
pub(crate) fn drawable(operation: &str, what: &str, values: Vec<f64>) -> Result<Vec<f64>> {
    if values.is_empty() {
        return Err(Error::new(operation)
            .expected(format!("at least one value for {what}"))
            .got("none")
            .hint("look at the vector that is passed: is it filled?"));
    }
    match values
        .iter()
        .position(|value| value.is_nan() || value.abs() > LARGEST)
    {
        None => Ok(values),
        Some(at) => Err(Error::new(operation)
            .expected(format!("finite numbers for {what}"))
            .got(format!("{} at position {at} (the first is 0)", values[at]))
            .hint("leave missing values out; a loss that becomes NaN asks for a smaller learning rate")),
    }
}

/// Smallest and largest of some values.
pub(crate) fn span(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values
        .into_iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
}
