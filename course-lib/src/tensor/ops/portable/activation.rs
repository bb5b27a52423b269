//! Activations, by their formulas in [`Activation`](crate::layers::Activation); those whose gradient dfdx finds right are not here.

use std::f32::consts::{FRAC_1_SQRT_2, TAU};

use crate::tensor::Tensor;

/// erfc(z) ≈ t · e^(-z² + a₀ + a₁ t + … + a₉ t⁹) with t = 1 / (1 + z / 2), for z ≥ 0: to 1.2e-7 of its value, however small
/// that is. Source: Press et al., Numerical Recipes, 2nd edition, chapter 6.2.
const ERFC: [f32; 10] = [
    -1.265_512_2,
    1.000_023_7,
    0.374_091_96,
    0.096_784_18,
    -0.186_288_06,
    0.278_868_07,
    -1.135_204,
    1.488_515_9,
    -0.822_152_2,
    0.170_872_77,
];

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
        let t = z.mul_scalar(0.5).add_scalar(1.0).powf(-1.0);
        let [first, higher @ ..] = ERFC;
        let sum = higher
            .into_iter()
            .rev()
            .fold(t.mul_scalar(0.0), |sum, a| sum.add_scalar(a).times(&t));
        // z² = x² / 2 has one rounding less that way.
        let exponent = self.square().mul_scalar(-0.5).plus(&sum.add_scalar(first));
        // Φ(-|x|), and Φ(x) = 1 - Φ(-x).
        let tail = exponent.exp().times(&t).mul_scalar(0.5);
        tail.plus(&self.above(0.0).times(&tail.mul_scalar(-2.0).add_scalar(1.0)))
    }

    /// x · sigmoid(x).
    pub(crate) fn swish_portable(&self) -> Tensor {
        self.times(&self.sigmoid())
    }
}
