//! Normalisation: values shifted and scaled to mean 0 and variance 1, then to a learned scale and shift.
//!
//! y = γ · x̂ + β with x̂ = (x - μ) / √(σ² + ε), where μ and σ² are taken over a set of n values. With g = γ · (gradient of
//! y), the gradient of x is (g - mean(g) - x̂ · mean(g · x̂)) / √(σ² + ε), since μ and σ² depend on x too; means are
//! taken over the same set. Where μ and σ² are given instead, it is g / √(σ² + ε).
//!
//! Source: S. Ioffe, C. Szegedy, Batch normalization, 2015; J. Ba, J. Kiros, G. Hinton, Layer normalization, 2016.

use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_items;
use crate::tensor::kernels::simd::vectorised;

/// Into so many parts a batch is split when several cores share the work.
const PARTS: usize = 8;

/// Fewer values than this are done sooner than a second core is woken.
const WORTH_SHARING: usize = 1 << 15;

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
    /// How many values have one place in each run of each set.
    fn sample(self) -> usize {
        self.sets * self.inner
    }

    /// How many values belong together when the work is shared, and whether it is worth a second core. The number of
    /// parts is always the same, so that sums come out the same on every machine.
    fn part(self, count: usize) -> (usize, bool) {
        let samples = count / self.sample().max(1);
        let part = samples.div_ceil(PARTS).max(1) * self.sample();
        (part, count >= WORTH_SHARING)
    }

    /// Sums over each set of what `term` makes of a pair of values, in double precision.
    fn sums(self, a: &[f32], b: &[f32], term: impl Fn(f64, f64) -> [f64; 2] + Sync) -> Vec<[f64; 2]> {
        let (part, share) = self.part(a.len());
        let parts = a.chunks(part).zip(b.chunks(part));
        let of_parts = for_items(parts.collect(), share, |(a, b)| {
            let mut sums = vec![[0.0; 2]; self.sets];
            vectorised(
                #[inline(always)]
                || {
                    let samples = a.chunks_exact(self.sample());
                    for (a, b) in samples.zip(b.chunks_exact(self.sample())) {
                        self.add_sample(&mut sums, a, b, &term);
                    }
                },
            );
            sums
        });
        let mut sums = vec![[0.0; 2]; self.sets];
        for part in of_parts {
            for (sum, part) in sums.iter_mut().zip(part) {
                *sum = plus(*sum, part);
            }
        }
        sums
    }

    #[inline(always)]
    fn add_sample(self, sums: &mut [[f64; 2]], a: &[f32], b: &[f32], term: &impl Fn(f64, f64) -> [f64; 2]) {
        if self.inner == 1 {
            for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                *sum = plus(*sum, term(f64::from(*a), f64::from(*b)));
            }
            return;
        }
        let runs = a.chunks_exact(self.inner).zip(b.chunks_exact(self.inner));
        for (sum, (a, b)) in sums.iter_mut().zip(runs) {
            *sum = plus(*sum, sum_of_run(a, b, term));
        }
    }

    /// Calls `each(place in x, place in y, coefficients of the set)` for all pairs of values.
    fn for_each<const N: usize>(
        self,
        x: &mut [f32],
        y: &mut [f32],
        coefficients: &[[f32; N]],
        each: impl Fn(&mut f32, &mut f32, [f32; N]) + Sync,
    ) {
        let (part, share) = self.part(x.len());
        let parts = x.chunks_mut(part).zip(y.chunks_mut(part));
        for_items(parts.collect(), share, |(x, y)| {
            vectorised(
                #[inline(always)]
                || {
                    if self.inner == 1 {
                        let samples = x.chunks_exact_mut(self.sets);
                        for (x, y) in samples.zip(y.chunks_exact_mut(self.sets)) {
                            let pairs = x.iter_mut().zip(y).zip(coefficients);
                            pairs.for_each(|((x, y), of_set)| each(x, y, *of_set));
                        }
                        return;
                    }
                    let runs = x.chunks_exact_mut(self.inner).zip(y.chunks_exact_mut(self.inner));
                    for ((x, y), of_set) in runs.zip(coefficients.iter().cycle()) {
                        x.iter_mut().zip(y).for_each(|(x, y)| each(x, y, *of_set));
                    }
                },
            );
        });
    }

    /// Mean and variance of each set, summed in double precision.
    pub(crate) fn moments(self, values: &[f32]) -> Moments {
        let count = (values.len() / self.sets) as f64;
        let sums = self.sums(
            values,
            values,
            #[inline(always)]
            |x, _| [x, x * x],
        );
        let moments = sums.iter().map(|[sum, squares]| {
            let mean = sum / count;
            // Rounding must not make it negative where all values are the same.
            (mean as f32, (squares / count - mean * mean).max(0.0) as f32)
        });
        let (means, variances) = moments.unzip();
        Moments { means, variances }
    }
}

#[inline(always)]
fn plus(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

/// In eight sums, which are calculated at once.
#[inline(always)]
fn sum_of_run(a: &[f32], b: &[f32], term: &impl Fn(f64, f64) -> [f64; 2]) -> [f64; 2] {
    let ((a, rest_of_a), (b, rest_of_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let (mut first, mut second) = ([0.0; 8], [0.0; 8]);
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            let [p, q] = term(f64::from(a[i]), f64::from(b[i]));
            first[i] += p;
            second[i] += q;
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b);
    let rest = rest.fold([0.0; 2], |sum, (a, b)| {
        plus(sum, term(f64::from(*a), f64::from(*b)))
    });
    plus([first.iter().sum(), second.iter().sum()], rest)
}

impl Tensor {
    /// γ · x̂ + β with a γ and a β for each set, as batch normalisation has it. `of_batch` says whether the
    /// moments are those of the values themselves. On a device see [`Tensor::normalise_sets_portable`].
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
        let of_sets: Vec<[f32; 4]> = (0..runs.sets)
            .map(|set| [moments.means[set], inverse[set], gamma[set], beta[set]])
            .collect();
        runs.for_each(
            &mut normal,
            &mut values,
            &of_sets,
            #[inline(always)]
            |x, y, [mean, inverse, gamma, beta]| {
                *x = (*x - mean) * inverse;
                *y = gamma * *x + beta;
            },
        );
        let count = (normal.len() / runs.sets) as f64;
        Tensor::custom(
            &[self, scale, shift],
            values,
            self.shape(),
            move |mut gradient, slots| {
                let [of_x, of_scale, of_shift] = slots else { return };
                let sums = runs.sums(
                    &gradient,
                    &normal,
                    #[inline(always)]
                    |g, x| [g, g * x],
                );
                if of_x.is_wanted() {
                    let of_sets: Vec<[f32; 3]> = (0..runs.sets)
                        .map(|set| {
                            let [mean, product] = match of_batch {
                                true => sums[set].map(|sum| (sum / count) as f32),
                                false => [0.0; 2],
                            };
                            [gamma[set] * inverse[set], mean, product]
                        })
                        .collect();
                    runs.for_each(
                        &mut gradient,
                        &mut normal,
                        &of_sets,
                        #[inline(always)]
                        |own, x, [factor, mean, product]| *own = factor * (*own - mean - *x * product),
                    );
                    of_x.give(gradient);
                }
                of_shift.give(sums.iter().map(|[of_beta, _]| *of_beta as f32).collect());
                of_scale.give(sums.iter().map(|[_, of_gamma]| *of_gamma as f32).collect());
            },
        )
    }

    /// γ · x̂ + β over each row of the last axis, with a γ and a β for each place in the row.
    pub(crate) fn normalise_rows(&self, [scale, shift]: [&Tensor; 2], epsilon: f32) -> Tensor {
        if !self.is_on_host() {
            return self.normalise_rows_portable([scale, shift], epsilon);
        }
        let width = scale.count();
        let rows = Runs::rows(self.count(), width);
        let mut normal = self.to_vec();
        let moments = rows.moments(&normal);
        let inverse: Vec<f32> = moments
            .variances
            .iter()
            .map(|v| 1.0 / (v + epsilon).sqrt())
            .collect();
        let (gamma, beta) = (scale.values(), shift.values());
        let mut values = Vec::with_capacity(normal.len());
        for (row, normal) in normal.chunks_exact_mut(width).enumerate() {
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
                for (gradient, normal) in gradient.chunks_exact(width).zip(normal.chunks_exact(width)) {
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
                let both = gradient.chunks_exact_mut(width).zip(normal.chunks_exact(width));
                for (row, (gradient, normal)) in both.enumerate() {
                    gradient
                        .iter_mut()
                        .zip(&*gamma)
                        .for_each(|(own, gamma)| *own *= gamma);
                    let sums = sum_of_run(gradient, normal, &|g, x| [g, g * x]);
                    let [mean, product] = sums.map(|sum| (sum / width as f64) as f32);
                    for (own, x) in gradient.iter_mut().zip(normal) {
                        *own = inverse[row] * (*own - mean - x * product);
                    }
                }
                of_x.give(gradient);
            },
        )
    }
}
