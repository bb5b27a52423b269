//! Sums over all values or along an axis, and the largest along one.

use dfdx::prelude::{Axis, ChooseFrom, ReshapeTo, SumTo, TryGt, TryNe};

use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};
use crate::tensor::ops::by_dfdx;

impl Tensor {
    /// The sum of all values. Sums of parts come first, where their number has a divisor for it: one sum of n values would
    /// lose the digits that n has.
    pub(in crate::tensor::ops) fn sum_portable(&self) -> Tensor {
        let count = self.count();
        let width = (8..=count.isqrt())
            .rev()
            .find(|width| count.is_multiple_of(*width));
        match width {
            Some(width) => {
                let rows = count / width;
                self.sum_axis_portable([rows, width, 1], &[rows]).sum_portable()
            }
            None => by_dfdx!(&[], (x of self) => x.try_sum::<(), Axis<0>>()),
        }
    }

    /// The sums along the middle axis of values `[outer, size, inner]`.
    pub(in crate::tensor::ops) fn sum_axis_portable(
        &self,
        [outer, size, inner]: [usize; 3],
        shape: &[usize],
    ) -> Tensor {
        by_dfdx!(shape, (x of self) => {
            let x = in_memory(x.try_reshape_like(&(outer, size, inner)));
            x.try_sum::<(usize, usize), Axis<1>>()
        })
    }

    /// The largest values along the middle axis of values `[outer, size, inner]`.
    pub(in crate::tensor::ops) fn max_axis_portable(
        &self,
        [outer, size, inner]: [usize; 3],
        shape: &[usize],
    ) -> Tensor {
        let line = |index: usize| self.cut([outer, size, inner], index..index + 1, shape);
        (1..size).fold(line(0), |largest, index| largest.or_larger(&line(index), false))
    }

    /// Each value, or the other tensor's where that is larger; of equal ones this tensor's gets the gradient. dfdx's
    /// own maximum would hand the gradient to all of several equal values. `or_no_number` says whether what is not a
    /// number counts as larger.
    pub(super) fn or_larger(&self, other: &Tensor, or_no_number: bool) -> Tensor {
        by_dfdx!(self.shape(), (x of self, y of other) => {
            let mut is_larger = in_memory(y.try_gt(&x));
            if or_no_number {
                is_larger = is_larger | in_memory(y.try_ne(&y));
            }
            is_larger.try_choose(y, x)
        })
    }
}
