//! Operations that are calculated here, with the gradient beside them.
//!
//! The result is calculated by the caller; `backward` gets the gradient of the result and puts those of the
//! operands into their [`Slot`]s. Everything that dfdx lacks, or does in many passes over memory, goes through
//! here: dense layers, convolution, recurrent layers, losses.

use crate::tensor::device::{Values, upload};
use crate::tensor::dims::Dims;
use crate::tensor::kernels::simd::vectorised;
use crate::tensor::record::{OwnStep, Recorder};
use crate::tensor::slot::Slot;
use crate::tensor::{Flat, Tensor};

impl Tensor {
    /// The values, for as long as this is held; for use after the operation, in its backward step.
    pub(crate) fn values(&self) -> Values {
        Values::of(&self.flat)
    }

    /// A tensor calculated by the caller from the operands.
    ///
    /// `backward(gradient of the result, slots of the operands)` runs at most once. It owns the gradient and
    /// may change it, or hand it on whole with [`Slot::give`].
    pub(crate) fn custom(
        operands: &[&Tensor],
        values: Vec<f32>,
        shape: &[usize],
        backward: impl FnOnce(Vec<f32>, &mut [Slot]) + 'static,
    ) -> Tensor {
        let flat = upload(values);
        Tensor::recorded(operands, flat, shape, || Box::new(backward))
    }

    /// The same for a backward step that needs the result: `backward(gradient, result, slots)`.
    pub(crate) fn custom_with_result(
        operands: &[&Tensor],
        values: Vec<f32>,
        shape: &[usize],
        backward: impl FnOnce(Vec<f32>, &[f32], &mut [Slot]) + 'static,
    ) -> Tensor {
        let flat = upload(values);
        let result = Values::of(&flat);
        Tensor::recorded(operands, flat, shape, || {
            Box::new(move |gradient, slots| backward(gradient, &result, slots))
        })
    }

    fn recorded(
        operands: &[&Tensor],
        flat: Flat,
        shape: &[usize],
        backward: impl FnOnce() -> OwnStep,
    ) -> Tensor {
        let operands = operands
            .iter()
            .map(|operand| (&*operand.recorder, operand.count()));
        let recorder = Recorder::own(operands, backward);
        Tensor::new(flat, Dims::of(shape), recorder)
    }

    /// A function of each value: `f(x)` and its derivative, given x and f(x). Both should be inlined.
    pub(crate) fn map(
        &self,
        f: impl Fn(f32) -> f32,
        derivative: impl Fn(f32, f32) -> f32 + 'static,
    ) -> Tensor {
        let x = self.values();
        // What the loops use they own: a number behind a reference would be read anew for each value.
        let numbers: &[f32] = &x;
        let values = vectorised(
            #[inline(always)]
            move || numbers.iter().map(|x| f(*x)).collect(),
        );
        Tensor::custom_with_result(&[self], values, self.shape(), move |mut gradient, y, slots| {
            let (own, x): (&mut [f32], &[f32]) = (&mut gradient, &x);
            vectorised(
                #[inline(always)]
                move || {
                    for (own, (x, y)) in own.iter_mut().zip(x.iter().zip(y)) {
                        *own *= derivative(*x, *y);
                    }
                },
            );
            slots[0].give(gradient);
        })
    }
}
