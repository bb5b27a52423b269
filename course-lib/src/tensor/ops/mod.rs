//! What can be calculated with tensors, one kind of operation a file.
//!
//! Three ways in which an operation is written, each with its gradient:
//! - by dfdx's own kernels, on any device ([`elementwise`], [`matmul`]): `by_dfdx!` gives dfdx the numbers (no
//!   copy) and takes the result back;
//! - by a formula on slices with its derivative beside it ([`custom`]), for what dfdx lacks or does in many
//!   passes: losses, softmax, the bias of a layer;
//! - by moving values ([`shape`]): each result says where it comes from, the gradient goes back there.
//!
//! The last two read and write slices of the CPU. For numbers that lie on another device each has a second form, made of
//! dfdx's kernels ([`portable`]); one that had none would work too, with a copy to the CPU and back.

mod arithmetic;
mod concatenate;
pub(crate) mod convolution;
pub(crate) mod custom;
pub(crate) mod dense;
mod elementwise;
mod matmul;
pub(crate) mod normalise;
pub(crate) mod pool;
mod portable;
pub(crate) mod recurrent;
mod reduce;
mod shape;
pub(crate) mod softmax;
mod steps;
pub(crate) mod window;

use dfdx::prelude::{HasShape, PutTape, ReshapeTo, Shape, SplitTape, TryMul};

use super::Tensor;
use super::device::{Calculator, Flat, Link, Row, in_memory};
use super::dims::Dims;
use super::record::Recorder;

/// A dfdx tensor that carries its recording along.
type Typed<S, D> = dfdx::prelude::Tensor<S, f32, D, Recorder>;

/// Calculates with dfdx's kernels, wherever the operands lie: `by_dfdx!(shape, (x of a, y of b) => calculation)`,
/// in which `x` and `y` are the numbers of the tensors `a` and `b` in one row, gives a tensor of that shape.
macro_rules! by_dfdx {
    ($shape:expr, ($x:ident of $a:expr) => $calculation:expr) => {
        match $a.place() {
            Flat::Host(row) => {
                let $x = $a.typed(row, Flat::Host);
                Tensor::untyped(in_memory($calculation), $shape, Flat::Host)
            }
            Flat::Device(row, _) => {
                let $x = $a.typed(row, Flat::on_device);
                Tensor::untyped(in_memory($calculation), $shape, Flat::on_device)
            }
        }
    };
    ($shape:expr, ($x:ident of $a:expr, $y:ident of $b:expr) => $calculation:expr) => {
        match ($a.place(), $b.place()) {
            (Flat::Host(first), Flat::Host(second)) => {
                let ($x, $y) = ($a.typed(first, Flat::Host), $b.typed(second, Flat::Host));
                Tensor::untyped(in_memory($calculation), $shape, Flat::Host)
            }
            (Flat::Device(first, _), Flat::Device(second, _)) => {
                let ($x, $y) = (
                    $a.typed(first, Flat::on_device),
                    $b.typed(second, Flat::on_device),
                );
                Tensor::untyped(in_memory($calculation), $shape, Flat::on_device)
            }
            _ => unreachable!("the tensors of a thread lie in one place"),
        }
    };
}
use by_dfdx;

impl Tensor {
    fn place(&self) -> &Flat {
        &self.flat
    }

    /// All numbers in one row for an operation of dfdx, with how they came about.
    fn typed<D: Calculator>(&self, row: &Row<D>, place: fn(Row<D>) -> Flat) -> Typed<(usize,), D> {
        let recorder = self.recorder.for_operation();
        recorder.link(|| Link::to(row, place));
        row.clone().put_tape(recorder)
    }

    /// The result of a dfdx operation as a tensor of the given shape.
    fn untyped<S: Shape, D: Calculator>(
        result: Typed<S, D>,
        shape: &[usize],
        place: fn(Row<D>) -> Flat,
    ) -> Tensor {
        let count = result.shape().num_elements();
        debug_assert_eq!(count, shape.iter().product::<usize>());
        let (row, recorder) = in_memory(result.try_reshape_like(&(count,))).split_tape();
        recorder.link(|| Link::to(&row, place));
        Tensor::new(place(row), Dims::of(shape), recorder)
    }

    /// The same values under a new identity. dfdx keeps gradients by identity and stops when an operation
    /// meets the same one twice, as in `x * x`.
    fn distinct(&self) -> Tensor {
        by_dfdx!(self.shape(), (x of self) => x.try_mul(1.0))
    }
}
