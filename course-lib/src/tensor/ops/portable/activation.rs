//! Activations, by their formulas in [`Activation`](crate::layers::Activation); those whose gradient dfdx finds right are not here.

use std::f32::consts::{FRAC_1_SQRT_2, TAU};

use crate::tensor::Tensor;

/// erfc(z) ≈ (a₁ t + a₂ t² + … + a₅ t⁵) · e^(-z²) with t = 1 / (1 + p z), for z ≥ 0, to 1.5e-7.
/// Source: Abramowitz, Stegun, Handbook of mathematical functions, 7.1.26.
const ERFC: [f32; 5] = [0.254_829_6, -0.284_496_74, 1.421_413_7, -1.453_152, 1.061_405_4];
const ERFC_P: f32 = 0.327_591_1;

impl Tensor {
    /// x where x > 0, else slope · x, as slope · x + (1 - slope) · max(0, x).
    pub(crate) fn leaky_relu_portable(&self, slope: f32) -> Tensor {
        self.mul_scalar(slope).plus(&self.relu().mul_scalar(1.0 - slope))
    }

    /// 1 where x ≥ 0, else 0; the gradient is 0.
    pub(crate) fn step_portable(&self) -> Tensor {
        self.function(|x| x.at_least(0.0), |_, y| y.mul_scalar(0.0))
    }

    /// scale · x where x > 0, else scale · a · (eˣ - 1): ELU and SELU.
    pub(crate) fn elu_portable(&self, a: f32, scale: f32) -> Tensor {
        let below = |x: &Tensor| x.clamp(f32::NEG_INFINITY, 0.0);
        self.function(
            |x| x.relu().plus(&below(x).exp_m1().mul_scalar(a)).mul_scalar(scale),
            |x, _| {
                let right = x.above(0.0);
                let left = right.rest_to_one().times(&below(x).exp().mul_scalar(a));
                right.plus(&left).mul_scalar(scale)
            },
        )
    }

    /// x · Φ(x), with the slope Φ(x) + x · φ(x).
    pub(crate) fn gelu_portable(&self) -> Tensor {
        self.function(
            |x| x.times(&x.normal_below()),
            |x, _| {
                let density = x.square().mul_scalar(-0.5).exp().mul_scalar(1.0 / TAU.sqrt());
                x.normal_below().plus(&x.times(&density))
            },
        )
    }

    /// Φ(x): the probability that a standard normal value is below x.
    fn normal_below(&self) -> Tensor {
        let z = self.abs().mul_scalar(FRAC_1_SQRT_2);
        let t = z.mul_scalar(ERFC_P).add_scalar(1.0).powf(-1.0);
        let [first, higher @ ..] = ERFC;
        let sum = higher
            .into_iter()
            .rev()
            .fold(t.mul_scalar(0.0), |sum, a| sum.add_scalar(a).times(&t));
        let tail = sum
            .add_scalar(first)
            .times(&t)
            .times(&z.square().mul_scalar(-1.0).exp());
        // Φ(-|x|), and Φ(x) = 1 - Φ(-x).
        let tail = tail.mul_scalar(0.5);
        tail.plus(&self.above(0.0).times(&tail.mul_scalar(-2.0).add_scalar(1.0)))
    }

    /// x · sigmoid(x).
    pub(crate) fn swish_portable(&self) -> Tensor {
        self.times(&self.sigmoid())
    }
}
