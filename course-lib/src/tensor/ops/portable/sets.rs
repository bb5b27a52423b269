//! Sums over sets of values, and what belongs to a set laid over all its values.

use dfdx::prelude::{Axes2, Axis, BroadcastTo, MaxTo, ReshapeTo, SumTo, TryAdd, TryDiv, TryMul};

use crate::tensor::device::{Flat, in_memory};
use crate::tensor::ops::by_dfdx;
use crate::tensor::ops::normalise::Runs;
use crate::tensor::{Tensor, without_gradients};

impl Tensor {
    /// The sum over each set.
    pub(crate) fn set_sums(&self, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(&[runs.sets], (x of self) => {
            in_memory(x.try_reshape_like(&shape)).try_sum::<(usize,), Axes2<0, 2>>()
        })
    }

    /// Each value plus that of its set.
    pub(crate) fn plus_sets(&self, of_sets: &Tensor, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(self.shape(), (x of self, y of of_sets) => {
            let y = in_memory(y.try_broadcast_like::<_, Axes2<0, 2>>(&shape));
            in_memory(x.try_reshape_like(&shape)).try_add(y)
        })
    }

    /// Each value times that of its set.
    pub(crate) fn times_sets(&self, of_sets: &Tensor, runs: Runs) -> Tensor {
        let shape = runs.shape(self.count());
        by_dfdx!(self.shape(), (x of self, y of of_sets) => {
            let y = in_memory(y.try_broadcast_like::<_, Axes2<0, 2>>(&shape));
            in_memory(x.try_reshape_like(&shape)).try_mul(y)
        })
    }

    /// The largest value of each row of so many, as a constant.
    pub(super) fn row_maxima(&self, width: usize) -> Tensor {
        let rows = self.count() / width;
        without_gradients(|| {
            by_dfdx!(&[rows], (x of self) => {
                in_memory(x.try_reshape_like(&(rows, width))).try_max::<(usize,), Axis<1>>()
            })
        })
    }

    /// The sum of two tensors that hold as many values, in the shape of this one.
    pub(crate) fn plus(&self, other: &Tensor) -> Tensor {
        if self.recorder.is_same(&other.recorder) {
            return self.mul_scalar(2.0);
        }
        by_dfdx!(self.shape(), (x of self, y of other) => x.try_add(y))
    }

    /// The difference of two tensors that hold as many values, in the shape of this one.
    pub(crate) fn minus(&self, other: &Tensor) -> Tensor {
        self.plus(&other.mul_scalar(-1.0))
    }

    /// The quotient of two different tensors that hold as many values, in the shape of this one.
    pub(crate) fn over(&self, other: &Tensor) -> Tensor {
        by_dfdx!(self.shape(), (x of self, y of other) => x.try_div(y))
    }

    /// The product of two tensors that hold as many values, in the shape of this one.
    pub(crate) fn times(&self, other: &Tensor) -> Tensor {
        if self.recorder.is_same(&other.recorder) {
            return self.square();
        }
        by_dfdx!(self.shape(), (x of self, y of other) => x.try_mul(y))
    }
}

impl Runs {
    /// Rows of so many values, each a set.
    pub(crate) fn rows(count: usize, width: usize) -> Self {
        Self {
            sets: count / width,
            inner: width,
        }
    }

    /// The columns of rows of so many values, each a set.
    pub(crate) fn columns(width: usize) -> Self {
        Self {
            sets: width,
            inner: 1,
        }
    }

    /// So many values as `[outer, sets, inner]`.
    fn shape(self, count: usize) -> (usize, usize, usize) {
        (count / (self.sets * self.inner), self.sets, self.inner)
    }
}
