//! Functions of each value whose slope is given beside them, and what such functions are made of.

use dfdx::prelude::{ChooseFrom, OnesTensor, PutTape, TryGe, TryGt, TryMul, ZerosTensor};

use crate::tensor::device::{Flat, in_memory};
use crate::tensor::ops::by_dfdx;
use crate::tensor::record::Recorder;
use crate::tensor::{Tensor, without_gradients};

impl Tensor {
    /// value(x) of each value, whose gradient is slope(x, value(x)) times that of the result.
    ///
    /// dfdx lets nobody write a backward step. But the one of the product x · s, with a constant s, is the one that is
    /// needed for s = slope(x): so the product is recorded, and then holds the values.
    pub(crate) fn function(
        &self,
        value: impl FnOnce(&Tensor) -> Tensor,
        slope: impl FnOnce(&Tensor, &Tensor) -> Tensor,
    ) -> Tensor {
        let values = without_gradients(|| value(self));
        if !self.recorder.for_operation().is_recording() {
            return values;
        }
        let slopes = without_gradients(|| slope(self, &values));
        let mut result = by_dfdx!(self.shape(), (x of self, y of slopes) => x.try_mul(y));
        result.flat.replace(&values.flat);
        result
    }

    /// The same values as a constant.
    pub(crate) fn constant(&self) -> Tensor {
        if self.has_gradient() {
            self.detach()
        } else {
            self.clone()
        }
    }

    /// 1 where x > bound, else 0; a constant.
    pub(crate) fn above(&self, bound: f32) -> Tensor {
        without_gradients(|| {
            by_dfdx!(self.shape(), (x of self) => {
                let (ones, zeros) = (in_memory(x.device().try_ones_like(&x)), in_memory(x.device().try_zeros_like(&x)));
                let is_above = in_memory(x.try_gt(bound));
                is_above.try_choose(ones.put_tape(Recorder::default()), zeros)
            })
        })
    }

    /// 1 where x ≥ bound, else 0; a constant.
    pub(crate) fn at_least(&self, bound: f32) -> Tensor {
        without_gradients(|| {
            by_dfdx!(self.shape(), (x of self) => {
                let (ones, zeros) = (in_memory(x.device().try_ones_like(&x)), in_memory(x.device().try_zeros_like(&x)));
                let is_above = in_memory(x.try_ge(bound));
                is_above.try_choose(ones.put_tape(Recorder::default()), zeros)
            })
        })
    }

    /// 1 - x of each value.
    pub(crate) fn rest_to_one(&self) -> Tensor {
        self.mul_scalar(-1.0).add_scalar(1.0)
    }

    /// eˣ - 1 of each value, with all digits also near 0: tanh(x/2) · (eˣ + 1).
    pub(super) fn exp_m1(&self) -> Tensor {
        self.mul_scalar(0.5).tanh().times(&self.exp().add_scalar(1.0))
    }

    /// ln(1 + x) of values from 0 to 1, with all digits also near 0: 2 artanh(s) with s = x / (2 + x).
    pub(super) fn ln_1p(&self) -> Tensor {
        let s = self.times(&self.add_scalar(2.0).powf(-1.0));
        let z = s.square();
        // The series of artanh(s) / s, up to s¹².
        let series = [11.0, 9.0, 7.0, 5.0, 3.0, 1.0].into_iter();
        let series = series.fold(z.mul_scalar(0.0).add_scalar(1.0 / 13.0), |sum, odd: f32| {
            sum.times(&z).add_scalar(1.0 / odd)
        });
        s.times(&series).mul_scalar(2.0)
    }

    /// ln(1 + eˣ) of each value.
    pub(crate) fn softplus_portable(&self) -> Tensor {
        self.function(
            |x| x.relu().plus(&x.abs().mul_scalar(-1.0).exp().ln_1p()),
            |x, _| x.sigmoid(),
        )
    }
}
