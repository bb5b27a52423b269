//! Functions of each value by itself.

use dfdx::prelude::{TryAdd, TryMul};

use super::by_dfdx;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::{Logits, Tensor};

impl Tensor {
    /// e to the power of each value.
    #[must_use]
    pub fn exp(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_exp())
    }

    /// The natural logarithm of each value; NaN below 0, as in NumPy.
    #[must_use]
    pub fn ln(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_ln())
    }

    /// The square root of each value; NaN below 0.
    #[must_use]
    pub fn sqrt(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_sqrt())
    }

    /// Each value times itself.
    #[must_use]
    pub fn square(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_square())
    }

    /// Each value without its sign; the derivative at 0 is 0.
    #[must_use]
    pub fn abs(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_abs())
    }

    /// Each value to the given power.
    #[must_use]
    pub fn powf(&self, exponent: f32) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_powf(exponent))
    }

    /// The sine of each value, in radians.
    #[must_use]
    pub fn sin(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_sin())
    }

    /// The cosine of each value, in radians.
    #[must_use]
    pub fn cos(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_cos())
    }

    /// Each value held between `low` and `high`.
    #[must_use]
    pub fn clamp(&self, low: f32, high: f32) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_clamp(low, high))
    }

    /// max(0, x) of each value.
    #[must_use]
    pub fn relu(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_relu())
    }

    /// 1 / (1 + e⁻ˣ) of each value: a probability for each score.
    #[must_use]
    pub fn sigmoid(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_sigmoid()).with_logits(Logits::Sigmoid(self.clone()))
    }

    /// The hyperbolic tangent of each value.
    #[must_use]
    pub fn tanh(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_tanh())
    }

    /// Each value plus a number.
    pub(crate) fn add_scalar(&self, number: f32) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_add(number))
    }

    /// Each value times a number.
    pub(crate) fn mul_scalar(&self, number: f32) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_mul(number))
    }
}
