//! Scores made probabilities, and the logarithm of the same.
//!
//! pᵢ = e^(xᵢ - m) / Σⱼ e^(xⱼ - m) along the last axis, with m the largest score of the row, so that no
//! exponential overflows. Source: Goodfellow, Bengio, Courville, *Deep Learning*, 4.1 and 6.2.2.3.

use crate::tensor::kernels::functions::exp;
use crate::tensor::kernels::simd::vectorised;
use crate::tensor::{Logits, Tensor};

impl Tensor {
    /// Each row of scores as probabilities that add up to 1 (rows run along the last axis).
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let p = Tensor::from_rows(&[[1.0, 1.0], [1000.0, 0.0]])?.softmax();
    /// assert_eq!(p.to_vec(), [0.5, 0.5, 1.0, 0.0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    #[must_use]
    pub fn softmax(&self) -> Tensor {
        let width = self.shape().last().copied().unwrap_or(1);
        if !self.is_on_host() {
            return self
                .softmax_portable(width)
                .with_logits(Logits::Softmax(self.clone()));
        }
        let mut values = self.to_vec();
        each_row(&mut values, width, softmax_of);
        let result = Tensor::custom_with_result(
            &[self],
            values,
            self.shape(),
            move |mut gradient, probabilities, slots| {
                // dL/dxᵢ = pᵢ (gᵢ - Σⱼ gⱼ pⱼ)
                let rows = gradient.chunks_exact_mut(width);
                for (g, p) in rows.zip(probabilities.chunks_exact(width)) {
                    let mixed: f32 = g.iter().zip(p).map(|(g, p)| g * p).sum();
                    g.iter_mut().zip(p).for_each(|(g, p)| *g = p * (*g - mixed));
                }
                slots[0].give(gradient);
            },
        );
        result.with_logits(Logits::Softmax(self.clone()))
    }

    /// The logarithm of [`Tensor::softmax`], exact also where a probability rounds to 0.
    #[must_use]
    pub fn log_softmax(&self) -> Tensor {
        let width = self.shape().last().copied().unwrap_or(1);
        if !self.is_on_host() {
            return self.log_softmax_portable(width);
        }
        let mut values = self.to_vec();
        each_row(&mut values, width, |row| {
            let normaliser = log_sum_exp(row);
            row.iter_mut().for_each(|value| *value -= normaliser);
        });
        Tensor::custom_with_result(
            &[self],
            values,
            self.shape(),
            move |mut gradient, logarithms, slots| {
                // dL/dxᵢ = gᵢ - pᵢ Σⱼ gⱼ
                let rows = gradient.chunks_exact_mut(width);
                for (g, l) in rows.zip(logarithms.chunks_exact(width)) {
                    let total: f32 = g.iter().sum();
                    g.iter_mut().zip(l).for_each(|(g, l)| *g -= exp(*l) * total);
                }
                slots[0].give(gradient);
            },
        )
    }
}

/// Changes each row of so many values.
pub(crate) fn each_row(values: &mut [f32], width: usize, mut change: impl FnMut(&mut [f32])) {
    vectorised(
        #[inline(always)]
        || values.chunks_exact_mut(width).for_each(&mut change),
    );
}

/// Turns a row of scores into probabilities, in place.
#[inline(always)]
pub(crate) fn softmax_of(row: &mut [f32]) {
    normalised(row);
}

/// Turns a row of scores into probabilities, in place, and returns ln Σ e^x of the scores.
#[inline(always)]
pub(crate) fn normalised(row: &mut [f32]) -> f32 {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|value| *value = exp(*value - largest));
    let total: f32 = row.iter().sum();
    row.iter_mut().for_each(|value| *value /= total);
    largest + total.ln()
}

/// ln Σ e^x without overflow.
#[inline(always)]
pub(crate) fn log_sum_exp(row: &[f32]) -> f32 {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    largest + row.iter().map(|value| exp(value - largest)).sum::<f32>().ln()
}
