//! Functions of each value by itself.

use dfdx::prelude::{TryAdd, TryMul};

use super::Typed;
use crate::tensor::device::{DeviceError, in_memory};
use crate::tensor::{Logits, Tensor};

impl Tensor {
    fn each(&self, function: impl FnOnce(Typed<(usize,)>) -> Result<Typed<(usize,)>, DeviceError>) -> Tensor {
        Tensor::untyped(in_memory(function(self.typed_flat())), self.shape())
    }

    /// e to the power of each value.
    #[must_use]
    pub fn exp(&self) -> Tensor {
        self.each(Typed::try_exp)
    }

    /// The natural logarithm of each value; NaN below 0, as in NumPy.
    #[must_use]
    pub fn ln(&self) -> Tensor {
        self.each(Typed::try_ln)
    }

    /// The square root of each value; NaN below 0.
    #[must_use]
    pub fn sqrt(&self) -> Tensor {
        self.each(Typed::try_sqrt)
    }

    /// Each value times itself.
    #[must_use]
    pub fn square(&self) -> Tensor {
        self.each(Typed::try_square)
    }

    /// Each value without its sign; the derivative at 0 is 0.
    #[must_use]
    pub fn abs(&self) -> Tensor {
        self.each(Typed::try_abs)
    }

    /// Each value to the given power.
    #[must_use]
    pub fn powf(&self, exponent: f32) -> Tensor {
        self.each(|x| x.try_powf(exponent))
    }

    /// The sine of each value, in radians.
    #[must_use]
    pub fn sin(&self) -> Tensor {
        self.each(Typed::try_sin)
    }

    /// The cosine of each value, in radians.
    #[must_use]
    pub fn cos(&self) -> Tensor {
        self.each(Typed::try_cos)
    }

    /// Each value held between `low` and `high`.
    #[must_use]
    pub fn clamp(&self, low: f32, high: f32) -> Tensor {
        self.each(|x| x.try_clamp(low, high))
    }

    /// max(0, x) of each value.
    #[must_use]
    pub fn relu(&self) -> Tensor {
        self.each(Typed::try_relu)
    }

    /// 1 / (1 + e⁻ˣ) of each value: a probability for each score.
    #[must_use]
    pub fn sigmoid(&self) -> Tensor {
        self.each(Typed::try_sigmoid)
            .with_logits(Logits::Sigmoid(self.clone()))
    }

    /// The hyperbolic tangent of each value.
    #[must_use]
    pub fn tanh(&self) -> Tensor {
        self.each(Typed::try_tanh)
    }

    /// Each value plus a number.
    pub(crate) fn add_scalar(&self, number: f32) -> Tensor {
        self.each(|x| x.try_add(number))
    }

    /// Each value times a number.
    pub(crate) fn mul_scalar(&self, number: f32) -> Tensor {
        self.each(|x| x.try_mul(number))
    }
}
