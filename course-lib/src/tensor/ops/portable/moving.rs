//! Values moved about: rows picked, parts cut out, tensors put side by side, axes exchanged.

use std::ops::Range;

use dfdx::prelude::{Axes3, Axis, GatherTo, PermuteTo, ReshapeTo, TensorFromVec, TryConcatAlong};

use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::dims::Dims;
use crate::tensor::ops::by_dfdx;

impl Tensor {
    /// [`Tensor::rearrange`].
    pub(in crate::tensor::ops) fn rearrange_portable(&self, map: Vec<usize>, shape: &[usize]) -> Tensor {
        by_dfdx!(shape, (x of self) => {
            let count = map.len();
            let index = x.device().tensor_from_vec(map, (count,));
            x.try_gather::<(usize,), _>(index)
        })
    }

    /// The rows with these numbers, of a tensor whose rows hold so many values: `[rows, width]`.
    pub(crate) fn pick_rows(&self, rows: Vec<usize>, width: usize) -> Tensor {
        let (count, own) = (rows.len(), self.count() / width);
        by_dfdx!(&[count, width], (x of self) => {
            let index = x.device().tensor_from_vec(rows, (count,));
            let x = in_memory(x.try_reshape_like(&(own, width)));
            x.try_gather::<(usize, usize), _>(index)
        })
    }

    /// Of values `[outer, size, inner]` those in a range of the middle axis, in the given shape. Rows are picked, since the
    /// backward step of dfdx's own `slice` overwrites what other steps have added to the gradient.
    pub(in crate::tensor::ops) fn cut(
        &self,
        [outer, size, inner]: [usize; 3],
        range: Range<usize>,
        shape: &[usize],
    ) -> Tensor {
        let rows = (0..outer).flat_map(|outer| range.clone().map(move |index| outer * size + index));
        self.pick_rows(rows.collect(), inner).in_shape(shape)
    }

    /// Values `[first, second, inner]` as `[second, first, inner]`.
    pub(in crate::tensor::ops) fn exchanged(&self, [first, second, inner]: [usize; 3]) -> Tensor {
        by_dfdx!(&[second, first, inner], (x of self) => {
            let x = in_memory(x.try_reshape_like(&(first, second, inner)));
            x.try_permute::<(usize, usize, usize), Axes3<1, 0, 2>>()
        })
    }

    /// Rows that come in pieces, one from each tensor: `[outer, all pieces]`. Halves are joined first, so that nothing
    /// is copied more often than needed.
    pub(in crate::tensor::ops) fn joined(tensors: &[&Tensor], outer: usize) -> Tensor {
        match tensors {
            [] => Tensor::scalar(0.0),
            [one] => one.in_shape(&[outer, one.count() / outer]),
            several => {
                let (left, right) = several.split_at(several.len() / 2);
                let (left, right) = (Tensor::joined(left, outer), Tensor::joined(right, outer));
                // A new identity, should both sides be the same tensor.
                let right = if left.recorder.is_same(&right.recorder) {
                    right.distinct()
                } else {
                    right
                };
                let (own, others) = (left.count() / outer, right.count() / outer);
                by_dfdx!(&[outer, own + others], (x of left, y of right) => {
                    let x = in_memory(x.try_reshape_like(&(outer, own)));
                    let y = in_memory(y.try_reshape_like(&(outer, others)));
                    (x, y).try_concat_along(Axis::<1>)
                })
            }
        }
    }

    /// The same values in a shape that is known to hold as many.
    pub(crate) fn in_shape(&self, shape: &[usize]) -> Tensor {
        Tensor::new((*self.flat).clone(), Dims::of(shape), (*self.recorder).clone())
    }
}
