//! PyTorch's numbers, as the scripts in `reference/` store them, and how the library's are compared with them.

// Each program of tests uses some of these.
#![allow(dead_code)]

use course_lib::prelude::*;
use serde_json::Value;

/// How far apart results may be, relative to PyTorch's: both calculate with seven digits, in another order.
pub const FORWARD: f64 = 1e-5;
/// The same for gradients, which come from longer sums.
pub const GRADIENT: f64 = 1e-4;

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

/// Each value within the relative bound; where values cancel to almost 0, within a tenth of the bound of the
/// largest value.
pub fn assert_close(what: &str, actual: &[f32], expected: &[f64], bound: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let largest = expected
        .iter()
        .fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for (place, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let difference = (f64::from(*actual) - expected).abs();
        assert!(
            difference <= bound * (expected.abs() + 0.1 * largest),
            "{what}: value {place} is {actual}, PyTorch has {expected}, {difference:e} apart"
        );
    }
}

/// The same shape, and values that are [close](assert_close).
pub fn assert_like(what: &str, actual: &Tensor, expected: &Value, bound: f64) {
    assert_eq!(actual.shape(), sizes(&expected["shape"]), "{what}: shape");
    assert_close(what, &actual.to_vec(), &numbers(&expected["values"]), bound);
}

/// The sum weighted 1, 2, 3, 1, 2, 3, ... as in the scripts: a number whose gradient differs from value to value.
pub fn weighted(result: &Tensor) -> Result<Tensor> {
    let weights = (0..result.count())
        .map(|place| (place % 3) as f32 + 1.0)
        .collect();
    Ok((result * &Tensor::from_vec(weights, result.shape())?)?.sum())
}
