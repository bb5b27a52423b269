//! Where a picture of a function begins and ends.

use std::ops::{Range, RangeInclusive};

use crate::error::{Error, Result};

/// Two ends of an axis: `-5.0..=5.0`, `0.0..1.0`, `0..=10` or `(-5.0, 5.0)`.
pub trait Interval {
    /// The lower and the upper end.
    fn ends(&self) -> (f64, f64);
}

macro_rules! intervals {
    ($($number:ty),+) => {$(
        impl Interval for RangeInclusive<$number> {
            fn ends(&self) -> (f64, f64) {
                ((*self.start()).into(), (*self.end()).into())
            }
        }
        impl Interval for Range<$number> {
            fn ends(&self) -> (f64, f64) {
                (self.start.into(), self.end.into())
            }
        }
        impl Interval for ($number, $number) {
            fn ends(&self) -> (f64, f64) {
                (self.0.into(), self.1.into())
            }
        }
    )+};
}

intervals!(f32, f64, i32);

impl<I: Interval + ?Sized> Interval for &I {
    fn ends(&self) -> (f64, f64) {
        (**self).ends()
    }
}

/// The ends if they can be drawn.
pub(super) fn drawable_ends(operation: &str, interval: &(impl Interval + ?Sized)) -> Result<(f64, f64)> {
    let (low, high) = interval.ends();
    let size = low.abs().max(high.abs());
    // In single precision, in which functions calculate, the ends must be many steps apart.
    if low < high && size < 1e30 && high - low > size * 1e-4 {
        return Ok((low, high));
    }
    Err(Error::new(operation)
        .expected("two finite ends some way apart, the lower one first")
        .got(format!("{low} and {high}"))
        .hint("write the range from left to right: `-5.0..=5.0`"))
}
