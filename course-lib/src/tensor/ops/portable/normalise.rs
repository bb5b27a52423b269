//! Batch and layer normalisation; dfdx finds the gradients.

use crate::tensor::Tensor;
use crate::tensor::ops::normalise::Runs;

impl Tensor {
    /// γ · x̂ + β with the given mean and variance of each set, and a γ and a β for each set.
    pub(crate) fn normalise_sets_portable(
        &self,
        [scale, shift]: [&Tensor; 2],
        [means, variances]: [&Tensor; 2],
        runs: Runs,
        epsilon: f32,
    ) -> Tensor {
        let inverse = variances.add_scalar(epsilon).powf(-0.5);
        self.plus_sets(&means.mul_scalar(-1.0), runs)
            .times_sets(&inverse.times(scale), runs)
            .plus_sets(shift, runs)
    }

    /// γ · x̂ + β over each row of the last axis, with a γ and a β for each place in the row.
    pub(in crate::tensor::ops) fn normalise_rows_portable(
        &self,
        [scale, shift]: [&Tensor; 2],
        epsilon: f32,
    ) -> Tensor {
        let width = scale.count();
        let (rows, columns) = (Runs::rows(self.count(), width), Runs::columns(width));
        let [means, variances] = self.set_moments(rows);
        self.plus_sets(&means.mul_scalar(-1.0), rows)
            .times_sets(&variances.add_scalar(epsilon).powf(-0.5), rows)
            .times_sets(scale, columns)
            .plus_sets(shift, columns)
    }

    /// Mean and variance of each set.
    pub(crate) fn set_moments(&self, runs: Runs) -> [Tensor; 2] {
        let share = runs.sets as f32 / self.count() as f32;
        let means = self.set_sums(runs).mul_scalar(share);
        let centred = self.plus_sets(&means.mul_scalar(-1.0), runs);
        let variances = centred.square().set_sums(runs).mul_scalar(share);
        [means, variances]
    }
}
