//! Slopes by finite differences, for gradients to be compared with.

// Each program of tests uses some of these.
#![allow(dead_code)]

use course_lib::prelude::*;
use proptest::prelude::*;

/// How far a value is moved, and how far apart gradient and slope may be, beside 1 + |slope|.
#[derive(Clone, Copy)]
pub struct Precision {
    pub step: f32,
    pub bound: f64,
}

/// For what is linear in each of its operands: there a step of any length gives the slope, and the longer it is, the less
/// rounding counts. The worst of all cases was 3e-6.
pub const LINEAR: Precision = Precision {
    step: 0.5,
    bound: 1e-5,
};
/// For what is curved: the step is short enough for the curve and long enough for rounding. The worst of all cases, in
/// batch normalisation, was 1.4e-4, all of it rounding.
pub const CURVED: Precision = Precision {
    step: 5e-2,
    bound: 3e-4,
};
/// For what is curved more: recurrent layers both ways, divisions, logarithms. The worst of all cases was 1.3e-4.
pub const STEEP: Precision = Precision {
    step: 1e-2,
    bound: 3e-4,
};

/// The slope of the sum of all outputs, weighted 1, 2, 3, 1, 2, 3, ..., at t = 0, from outputs at ±step and ±2 step.
///
/// Of the fourth order, so that the step may be long against rounding and the curve still count for nothing. Outputs are
/// subtracted one by one in double precision: those that do not depend on t add no rounding, and the others only their
/// own, about 1e-7 / step of their size.
pub fn slope(mut outputs: impl FnMut(f32) -> Vec<f32>, step: f32) -> f64 {
    let mut difference = |step: f32| -> f64 {
        let (above, below) = (outputs(step), outputs(-step));
        let pairs = above.iter().zip(&below).enumerate();
        pairs
            .map(|(place, (above, below))| (place % 3 + 1) as f64 * (f64::from(*above) - f64::from(*below)))
            .sum()
    };
    (8.0 * difference(step) - difference(2.0 * step)) / f64::from(12.0 * step)
}

/// The same tensor, but for one value.
pub fn moved(tensor: &Tensor, place: usize, by: f32) -> Tensor {
    let mut values = tensor.to_vec();
    values[place] += by;
    Tensor::from_vec(values, tensor.shape()).expect("the same shape")
}

/// A gradient and the slope that it should be.
pub fn agree(what: &str, gradient: f32, slope: f64, bound: f64) -> Result<(), TestCaseError> {
    let difference = (f64::from(gradient) - slope).abs();
    prop_assert!(
        difference <= bound * (1.0 + slope.abs()),
        "{what}: gradient {gradient}, finite difference {slope}"
    );
    Ok(())
}

/// The gradients of a layer's input and of what it learns, at up to eight places each. The layer is built for x.
pub fn of_layer(layer: &mut dyn Layer, x: &Tensor, precision: Precision) -> Result<(), TestCaseError> {
    let x = x.with_gradient();
    let outputs = |layer: &dyn Layer, x: &Tensor| layer.forward(x, Mode::Training).expect("a result");
    let result = outputs(layer, &x);
    let gradients = crate::pytorch::weighted(&result).and_then(|sum| sum.backward());
    let gradients = gradients.expect("gradients");
    // Before them come no others, such as running means.
    let learned: Vec<Tensor> = layer
        .parameters()
        .into_iter()
        .map(|(_, weights)| weights)
        .filter(Tensor::has_gradient)
        .collect();
    for (which, leaf) in [&x].into_iter().chain(&learned).enumerate() {
        let gradient = gradients.get(leaf).expect("a gradient").to_vec();
        for place in (0..leaf.count()).step_by(1 + leaf.count() / 7) {
            let outputs_at = |by: f32| {
                let values = moved(leaf, place, by);
                if which == 0 {
                    return outputs(layer, &values).to_vec();
                }
                let put = |layer: &mut dyn Layer, values: &Tensor| {
                    let assigned = layer.parameters_mut()[which - 1].assign(values);
                    assigned.expect("the same shape");
                };
                put(layer, &values);
                let result = outputs(layer, &x).to_vec();
                put(layer, leaf);
                result
            };
            let slope = slope(outputs_at, precision.step);
            let what = format!("{}, operand {which}, value {place}", layer.name());
            agree(&what, gradient[place], slope, precision.bound)?;
        }
    }
    Ok(())
}
