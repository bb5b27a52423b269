//! What can be calculated with tensors, one kind of operation a file.
//!
//! Three ways in which an operation is written, each with its gradient:
//! - by dfdx's own kernels, on any device ([`elementwise`], [`matmul`]): `typed` gives dfdx a view with a
//!   typed shape (no copy), `untyped` takes the result back;
//! - by a formula on slices with its derivative beside it ([`custom`]), for what dfdx lacks or does in many
//!   passes: losses, softmax, the bias of a layer;
//! - by moving values ([`shape`]): each result says where it comes from, the gradient goes back there.

mod arithmetic;
mod concatenate;
pub(crate) mod convolution;
pub(crate) mod custom;
pub(crate) mod dense;
mod elementwise;
mod matmul;
pub(crate) mod normalise;
pub(crate) mod pool;
pub(crate) mod recurrent;
mod reduce;
mod shape;
pub(crate) mod softmax;
mod steps;
pub(crate) mod window;

use dfdx::prelude::{HasShape, PutTape, ReshapeTo, Shape, SplitTape, TryMul};

use super::Tensor;
use super::device::{Device, Link, in_memory};
use super::dims::Dims;
use super::record::Recorder;

/// A dfdx tensor that carries its recording along.
type Typed<S> = dfdx::prelude::Tensor<S, f32, Device, Recorder>;

impl Tensor {
    /// The same numbers for a dfdx operation that wants the shape as a type.
    fn typed<S: Shape>(&self, shape: S) -> Typed<S> {
        in_memory(self.typed_flat().try_reshape_like(&shape))
    }

    /// All numbers in one row, for operations that do not care for the shape.
    fn typed_flat(&self) -> Typed<(usize,)> {
        let recorder = self.recorder.for_operation();
        recorder.link(|| Link::to(&self.flat));
        self.flat.clone().put_tape(recorder)
    }

    /// The result of a dfdx operation as a tensor of the given shape.
    fn untyped<S: Shape>(result: Typed<S>, shape: &[usize]) -> Tensor {
        let count = result.shape().num_elements();
        debug_assert_eq!(count, shape.iter().product::<usize>());
        let (flat, recorder) = in_memory(result.try_reshape_like(&(count,))).split_tape();
        recorder.link(|| Link::to(&flat));
        Tensor::new(flat, Dims::of(shape), recorder)
    }

    /// The same values under a new identity. dfdx keeps gradients by identity and stops when an operation
    /// meets the same one twice, as in `x * x`.
    fn distinct(&self) -> Tensor {
        Tensor::untyped(in_memory(self.typed_flat().try_mul(1.0)), self.shape())
    }
}
