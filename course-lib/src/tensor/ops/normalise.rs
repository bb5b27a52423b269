//! Normalisation: values shifted and scaled to mean 0 and variance 1, then to a learned scale and shift.
//!
//! y = γ · x̂ + β with x̂ = (x - μ) / √(σ² + ε), where μ and σ² are taken over a set of n values. With g = γ · (gradient of
//! y), the gradient of x is (g - mean(g) - x̂ · mean(g · x̂)) / √(σ² + ε), since μ and σ² depend on x too; means are
//! taken over the same set. Where μ and σ² are given instead, it is g / √(σ² + ε).
//!
//! Source: S. Ioffe, C. Szegedy, Batch normalization, 2015; J. Ba, J. Kiros, G. Hinton, Layer normalization, 2016.

use crate::tensor::Tensor;

/// Mean and variance of each set, the variance divided by n.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    pub(crate) means: Vec<f32>,
    pub(crate) variances: Vec<f32>,
}

/// How values `[outer, sets, inner]` lie: those of one set are `outer` runs of `inner` values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Runs {
    pub(crate) sets: usize,
    pub(crate) inner: usize,
}

impl Runs {
    /// Calls `each(set, values)` for each run.
    fn of(self, values: &[f32]) -> impl Iterator<Item = (usize, &[f32])> {
        let runs = values.chunks_exact(self.inner).enumerate();
        runs.map(move |(number, run)| (number % self.sets, run))
    }

    fn of_mut(self, values: &mut [f32]) -> impl Iterator<Item = (usize, &mut [f32])> {
        let runs = values.chunks_exact_mut(self.inner).enumerate();
        runs.map(move |(number, run)| (number % self.sets, run))
    }

    /// Mean and variance of each set, in double precision.
    pub(crate) fn moments(self, values: &[f32]) -> Moments {
        let count = (values.len() / self.sets) as f64;
        let mut sums = vec![0.0_f64; self.sets];
        for (set, run) in self.of(values) {
            sums[set] += run.iter().map(|value| f64::from(*value)).sum::<f64>();
        }
        sums.iter_mut().for_each(|sum| *sum /= count);
        let mut squares = vec![0.0_f64; self.sets];
        for (set, run) in self.of(values) {
            let mean = sums[set];
            squares[set] += run
                .iter()
                .map(|value| (f64::from(*value) - mean).powi(2))
                .sum::<f64>();
        }
        Moments {
            means: sums.iter().map(|mean| *mean as f32).collect(),
            variances: squares.iter().map(|square| (square / count) as f32).collect(),
        }
    }
}

impl Tensor {
    /// γ · x̂ + β with a γ and a β for each set, as batch normalisation has it. `of_batch` says whether the
    /// moments are those of the values themselves.
    pub(crate) fn normalise_sets(
        &self,
        [scale, shift]: [&Tensor; 2],
        moments: &Moments,
        runs: Runs,
        epsilon: f32,
        of_batch: bool,
    ) -> Tensor {
        let inverse: Vec<f32> = moments
            .variances
            .iter()
            .map(|v| 1.0 / (v + epsilon).sqrt())
            .collect();
        let (gamma, beta) = (scale.values(), shift.values());
        let mut normal = self.to_vec();
        let mut values = vec![0.0; normal.len()];
        for ((set, normal), (_, y)) in runs.of_mut(&mut normal).zip(runs.of_mut(&mut values)) {
            let (mean, inverse, gamma, beta) = (moments.means[set], inverse[set], gamma[set], beta[set]);
            for (x, y) in normal.iter_mut().zip(y) {
                *x = (*x - mean) * inverse;
                *y = gamma * *x + beta;
            }
        }
        let count = (normal.len() / runs.sets) as f64;
        Tensor::custom(
            &[self, scale, shift],
            values,
            self.shape(),
            move |mut gradient, slots| {
                let [of_x, of_scale, of_shift] = slots else { return };
                let mut sums = vec![[0.0_f64; 2]; runs.sets];
                for ((set, gradient), (_, normal)) in runs.of(&gradient).zip(runs.of(&normal)) {
                    let [of_beta, of_gamma] = sum_and_product(gradient, normal);
                    sums[set][0] += of_beta;
                    sums[set][1] += of_gamma;
                }
                if of_x.is_wanted() {
                    for ((set, gradient), (_, normal)) in runs.of_mut(&mut gradient).zip(runs.of(&normal)) {
                        let factor = gamma[set] * inverse[set];
                        let [mean, product] = match of_batch {
                            true => sums[set].map(|sum| (sum / count) as f32),
                            false => [0.0; 2],
                        };
                        for (own, x) in gradient.iter_mut().zip(normal) {
                            *own = factor * (*own - mean - x * product);
                        }
                    }
                    of_x.give(gradient);
                }
                of_shift.give(sums.iter().map(|[of_beta, _]| *of_beta as f32).collect());
                of_scale.give(sums.iter().map(|[_, of_gamma]| *of_gamma as f32).collect());
            },
        )
    }

    /// γ · x̂ + β over each row of the last axis, with a γ and a β for each place in the row.
    pub(crate) fn normalise_rows(&self, [scale, shift]: [&Tensor; 2], epsilon: f32) -> Tensor {
        let width = scale.count();
        let rows = Runs {
            sets: self.count() / width,
            inner: width,
        };
        let mut normal = self.to_vec();
        let moments = rows.moments(&normal);
        let inverse: Vec<f32> = moments
            .variances
            .iter()
            .map(|v| 1.0 / (v + epsilon).sqrt())
            .collect();
        let (gamma, beta) = (scale.values(), shift.values());
        let mut values = Vec::with_capacity(normal.len());
        for (row, normal) in rows.of_mut(&mut normal) {
            for ((x, gamma), beta) in normal.iter_mut().zip(&*gamma).zip(&*beta) {
                *x = (*x - moments.means[row]) * inverse[row];
                values.push(gamma * *x + beta);
            }
        }
        Tensor::custom(
            &[self, scale, shift],
            values,
            self.shape(),
            move |mut gradient, slots| {
                let [of_x, of_scale, of_shift] = slots else { return };
                for ((_, gradient), (_, normal)) in rows.of(&gradient).zip(rows.of(&normal)) {
                    if of_scale.is_wanted() {
                        let own = of_scale.values().iter_mut().zip(gradient.iter().zip(normal));
                        own.for_each(|(own, (g, x))| *own += g * x);
                    }
                    if of_shift.is_wanted() {
                        of_shift
                            .values()
                            .iter_mut()
                            .zip(gradient)
                            .for_each(|(own, g)| *own += g);
                    }
                }
                if !of_x.is_wanted() {
                    return;
                }
                for ((row, gradient), (_, normal)) in rows.of_mut(&mut gradient).zip(rows.of(&normal)) {
                    gradient
                        .iter_mut()
                        .zip(&*gamma)
                        .for_each(|(own, gamma)| *own *= gamma);
                    let [mean, product] =
                        sum_and_product(gradient, normal).map(|sum| (sum / width as f64) as f32);
                    for (own, x) in gradient.iter_mut().zip(normal) {
                        *own = inverse[row] * (*own - mean - x * product);
                    }
                }
                of_x.give(gradient);
            },
        )
    }
}

/// Σ g and Σ g · x, in double precision.
fn sum_and_product(gradient: &[f32], normal: &[f32]) -> [f64; 2] {
    let pairs = gradient.iter().zip(normal);
    pairs.fold([0.0; 2], |[sum, product], (g, x)| {
        let g = f64::from(*g);
        [sum + g, product + g * f64::from(*x)]
    })
}
