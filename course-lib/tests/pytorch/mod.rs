//! PyTorch's numbers, as the scripts in `reference/` store them, and how the library's are compared with them.

// Each program of tests uses some of these.
#![allow(dead_code)]

use course_lib::prelude::*;
use serde_json::Value;

/// How far apart results may be, relative to PyTorch's: both calculate with seven digits, in another order.
pub const FORWARD: f64 = 1e-5;
/// The same for gradients, which come from longer sums.
pub const GRADIENT: f64 = 1e-4;

/// What a sum may lose beside its bound, as a share of the largest value of the tensor: 4 units in the last place.
/// A value near 0 is what is left of terms as large as the largest, each of them rounded; no order of adding brings
/// back those digits.
pub const ROUNDING: f64 = 4.0 * f32::EPSILON as f64;

/// A list of numbers.
pub fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

/// A list of sizes.
pub fn sizes(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|size| size as usize).collect()
}

/// A tensor: `{"shape": [..], "values": [..]}`.
pub fn tensor(value: &Value) -> Tensor {
    let values = numbers(&value["values"]).into_iter().map(|v| v as f32).collect();
    Tensor::from_vec(values, sizes(&value["shape"])).expect("a tensor")
}

/// A list of tensors.
pub fn tensors(value: &Value) -> Vec<Tensor> {
    value.as_array().expect("a list").iter().map(tensor).collect()
}

/// Below this every number is as good as 0: an `f32` runs out of digits at 1e-38, and a value of up to 100 may stand
/// before the exponential that did (x · sigmoid(x)).
const NOTHING: f64 = 100.0 * f32::MIN_POSITIVE as f64;

/// Each value within the relative bound, and nothing else: for functions of one value, which no sum disturbs.
pub fn assert_each(what: &str, actual: &[f32], expected: &[f64], bound: f64) {
    assert_within(what, actual, expected, bound, NOTHING);
}

/// Each value within the relative bound, but for [`ROUNDING`]: for sums, and for what is calculated from sums.
pub fn assert_close(what: &str, actual: &[f32], expected: &[f64], bound: f64) {
    let largest = expected
        .iter()
        .fold(0.0, |largest: f64, value| largest.max(value.abs()));
    assert_within(what, actual, expected, bound, ROUNDING * largest);
}

/// Each value within the relative bound and a floor. Prints how much of what is allowed was used;
/// `cargo test -- --nocapture` shows it.
pub fn assert_within(what: &str, actual: &[f32], expected: &[f64], bound: f64, floor: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let mut most = 0.0_f64;
    for (place, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let difference = (f64::from(*actual) - expected).abs();
        let allowed = bound * expected.abs() + floor;
        // What is not a number is not within.
        assert!(
            difference <= allowed,
            "{what}: value {place} is {actual}, PyTorch has {expected}, {difference:e} apart, {allowed:e} allowed"
        );
        if difference > 0.0 {
            most = most.max(difference / allowed);
        }
    }
    println!("{what}: at most {most:.3} of what {bound:e} allows");
}

/// The same shape, and values that are [close](assert_close).
pub fn assert_like(what: &str, actual: &Tensor, expected: &Value, bound: f64) {
    assert_eq!(actual.shape(), sizes(&expected["shape"]), "{what}: shape");
    assert_close(what, &actual.to_vec(), &numbers(&expected["values"]), bound);
}

/// The same shape, and [each](assert_each) value by itself within the bound.
pub fn assert_each_like(what: &str, actual: &Tensor, expected: &Value, bound: f64) {
    assert_eq!(actual.shape(), sizes(&expected["shape"]), "{what}: shape");
    assert_each(what, &actual.to_vec(), &numbers(&expected["values"]), bound);
}

/// The sum weighted 1, 2, 3, 1, 2, 3, ... as in the scripts: a number whose gradient differs from value to value.
pub fn weighted(result: &Tensor) -> Result<Tensor> {
    let weights = (0..result.count())
        .map(|place| (place % 3) as f32 + 1.0)
        .collect();
    Ok((result * &Tensor::from_vec(weights, result.shape())?)?.sum())
}
