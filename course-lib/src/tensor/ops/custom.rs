//! Operations that are a formula on slices, with the gradient beside it.
//!
//! The result is calculated by the caller; `backward` gets the gradient of the result and adds to the
//! gradient of each operand. Everything outside dfdx goes through here: losses, softmax, and later
//! convolution and recurrent layers.

use dfdx::prelude::{PutTape, SplitTape, Tape};

use crate::tensor::Tensor;
use crate::tensor::device::{download, put_back, take_gradient, upload};
use crate::tensor::dims::Dims;
use crate::tensor::record::Recorder;
use dfdx::prelude::Merge;

/// The gradients that an operation adds to, in the order of its operands; empty for an operand that needs
/// none, whose part need not be calculated.
pub(crate) type OperandGradients = [Vec<f32>];

impl Tensor {
    /// A tensor calculated outside dfdx from the operands (no tensor twice).
    ///
    /// `backward(gradient of the result, gradients of the operands)` adds; it does not overwrite.
    pub(crate) fn custom(
        operands: &[&Tensor],
        values: Vec<f32>,
        shape: &[usize],
        backward: impl FnOnce(&[f32], &mut OperandGradients) + 'static,
    ) -> Tensor {
        let result = upload(values);
        let mut recorder = operands.iter().fold(Recorder::default(), |recorder, operand| {
            recorder.merge(operand.recorder.for_operation())
        });
        if recorder.is_recording() {
            let take_result = take_gradient(&result);
            let mut places = Vec::with_capacity(operands.len());
            for operand in operands {
                let wanted = operand.recorder.for_operation().is_recording();
                places.push(wanted.then(|| (take_gradient(&operand.flat), put_back(&operand.flat))));
            }
            recorder.add_backward_op(move |slots| {
                // The result's gradient is needed by nobody else: it is not put back.
                let of_result = take_result(slots)?;
                let mut of_operands = Vec::with_capacity(places.len());
                for place in &places {
                    of_operands.push(match place {
                        Some((take, _)) => take(slots)?,
                        None => Vec::new(),
                    });
                }
                backward(&of_result, &mut of_operands);
                for (place, gradient) in places.iter().zip(of_operands) {
                    if let Some((_, put)) = place {
                        put(slots, gradient)?;
                    }
                }
                Ok(())
            });
        }
        let (flat, recorder) = result.put_tape(recorder).split_tape();
        Tensor::new(flat, Dims::of(shape), recorder)
    }

    /// A function of each value: `f(x)` and its derivative, given x and f(x).
    pub(crate) fn map(
        &self,
        f: impl Fn(f32) -> f32,
        derivative: impl Fn(f32, f32) -> f32 + 'static,
    ) -> Tensor {
        let mut values = download(&self.flat);
        values.iter_mut().for_each(|value| *value = f(*value));
        let x = self.flat.clone();
        let y = values.clone();
        Tensor::custom(&[self], values, self.shape(), move |of_result, of_operands| {
            let x = download(&x);
            let rows = of_operands[0].iter_mut().zip(of_result).zip(x.iter().zip(&y));
            for ((own, gradient), (x, y)) in rows {
                *own += gradient * derivative(*x, *y);
            }
        })
    }
}
