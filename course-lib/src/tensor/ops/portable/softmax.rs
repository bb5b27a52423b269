//! Softmax and its logarithm; dfdx finds the gradients, since the largest score, which is taken away first, counts as a
//! constant.

use crate::tensor::Tensor;
use crate::tensor::ops::normalise::Runs;

impl Tensor {
    /// The probabilities of rows of so many scores.
    pub(in crate::tensor::ops) fn softmax_portable(&self, width: usize) -> Tensor {
        let rows = Runs::rows(self.count(), width);
        let powers = self.below_maxima(width).exp();
        powers.times_sets(&powers.set_sums(rows).powf(-1.0), rows)
    }

    /// The logarithms of the same.
    pub(in crate::tensor::ops) fn log_softmax_portable(&self, width: usize) -> Tensor {
        let rows = Runs::rows(self.count(), width);
        let below = self.below_maxima(width);
        below.plus_sets(&below.exp().set_sums(rows).ln().mul_scalar(-1.0), rows)
    }

    /// Each score without the largest of its row, so that no exponential overflows.
    fn below_maxima(&self, width: usize) -> Tensor {
        let maxima = self.row_maxima(width).mul_scalar(-1.0);
        self.plus_sets(&maxima, Runs::rows(self.count(), width))
    }
}
