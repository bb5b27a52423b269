//! Losses that are a mean of a function of each output and its target: L = 1/N Σ wᵢ f(outputᵢ, targetᵢ), with w
//! the weight of the value's row, 1 where none is given.

use super::Weights;
use crate::error::Result;
use crate::tensor::Tensor;
use crate::tensor::kernels::simd::vectorised;

/// What a loss is made of: `value(output, target)`, and its derivative for the output, `slope(output, target)`. Both
/// should be marked `#[inline(always)]`. `each(outputs, targets)` is the same function of all values at once, made of
/// dfdx's operations, for values on a device.
pub(super) struct Pointwise<V, S, E> {
    value: V,
    slope: S,
    each: E,
    /// Whether the target has a gradient too: the negative one.
    of_difference: bool,
}

impl<V, S, E> Pointwise<V, S, E>
where
    V: Fn(f32, f32) -> f32,
    S: Fn(f32, f32) -> f32 + 'static,
    E: FnOnce(&Tensor, &Tensor) -> Tensor,
{
    /// A loss whose targets are given.
    pub(super) fn new(value: V, slope: S, each: E) -> Self {
        Self {
            value,
            slope,
            each,
            of_difference: false,
        }
    }

    /// A loss that looks at output - target only, so that targets can have a gradient as well.
    pub(super) fn of_difference(value: V, slope: S, each: E) -> Self {
        Self {
            of_difference: true,
            ..Self::new(value, slope, each)
        }
    }

    /// The loss of outputs and targets of fitting shapes, with the target's values in the order of the output's.
    pub(super) fn mean(self, output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
        let width = weights.width_of(output)?;
        if !output.is_on_host() {
            let target = match self.of_difference {
                true => target.in_shape(output.shape()),
                false => target.constant().in_shape(output.shape()),
            };
            let each = (self.each)(output, &target);
            return Ok(weights.mean_on_device(&each, output.count()));
        }
        let (x, t) = (output.values(), target.values());
        let count = x.len() as f64;
        let sum = vectorised(
            #[inline(always)]
            || {
                let rows = x.chunks_exact(width).zip(t.chunks_exact(width));
                rows.enumerate()
                    .map(|(row, (x, t))| weights.of_row(row) * total(x, t, &self.value))
                    .sum::<f64>()
            },
        );
        let operands = if self.of_difference {
            &[output, target][..]
        } else {
            &[output][..]
        };
        let slope = self.slope;
        let values = vec![(sum / count) as f32];
        Ok(Tensor::custom(operands, values, &[], move |of_result, slots| {
            let scale = f64::from(of_result[0]) / count;
            let mut gradient = vec![0.0; x.len()];
            vectorised(
                #[inline(always)]
                || {
                    let rows = x.chunks_exact(width).zip(t.chunks_exact(width));
                    for (row, (own, (x, t))) in gradient.chunks_exact_mut(width).zip(rows).enumerate() {
                        let scale = (scale * weights.of_row(row)) as f32;
                        for (own, (x, t)) in own.iter_mut().zip(x.iter().zip(t)) {
                            *own = scale * slope(*x, *t);
                        }
                    }
                },
            );
            if let [_, of_target] = slots
                && of_target.is_wanted()
            {
                of_target.give(gradient.iter().map(|value| -value).collect());
            }
            slots[0].give(gradient);
        }))
    }
}

/// Σ f(x, t), in double precision, and eight at a time.
#[inline(always)]
fn total(x: &[f32], t: &[f32], value: impl Fn(f32, f32) -> f32) -> f64 {
    let ((x, x_rest), (t, t_rest)) = (x.as_chunks::<8>(), t.as_chunks::<8>());
    let mut sums = [0.0_f64; 8];
    for (x, t) in x.iter().zip(t) {
        for (sum, (x, t)) in sums.iter_mut().zip(x.iter().zip(t)) {
            *sum += f64::from(value(*x, *t));
        }
    }
    let rest = x_rest.iter().zip(t_rest).map(|(x, t)| f64::from(value(*x, *t)));
    sums.iter().sum::<f64>() + rest.sum::<f64>()
}
