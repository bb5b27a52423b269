//! Scores made probabilities, and the logarithm of the same.
//!
//! pᵢ = e^(xᵢ - m) / Σⱼ e^(xⱼ - m) along the last axis, with m the largest score of the row, so that no
//! exponential overflows. Source: Goodfellow, Bengio, Courville, *Deep Learning*, 4.1 and 6.2.2.3.

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
        let mut values = self.to_vec();
        values.chunks_exact_mut(width).for_each(softmax_of);
        let probabilities = values.clone();
        let result = Tensor::custom(&[self], values, self.shape(), move |of_result, slots| {
            // dL/dxᵢ = pᵢ (gᵢ - Σⱼ gⱼ pⱼ)
            let rows = slots[0].values().chunks_exact_mut(width);
            let rows = rows
                .zip(of_result.chunks_exact(width))
                .zip(probabilities.chunks_exact(width));
            for ((own, g), p) in rows {
                let mixed: f32 = g.iter().zip(p).map(|(g, p)| g * p).sum();
                for ((own, g), p) in own.iter_mut().zip(g).zip(p) {
                    *own += p * (g - mixed);
                }
            }
        });
        result.with_logits(Logits::Softmax(self.clone()))
    }

    /// The logarithm of [`Tensor::softmax`], exact also where a probability rounds to 0.
    #[must_use]
    pub fn log_softmax(&self) -> Tensor {
        let width = self.shape().last().copied().unwrap_or(1);
        let mut values = self.to_vec();
        for row in values.chunks_exact_mut(width) {
            let normaliser = log_sum_exp(row);
            row.iter_mut().for_each(|value| *value -= normaliser);
        }
        let logarithms = values.clone();
        Tensor::custom(&[self], values, self.shape(), move |of_result, slots| {
            // dL/dxᵢ = gᵢ - pᵢ Σⱼ gⱼ
            let rows = slots[0].values().chunks_exact_mut(width);
            let rows = rows
                .zip(of_result.chunks_exact(width))
                .zip(logarithms.chunks_exact(width));
            for ((own, g), l) in rows {
                let total: f32 = g.iter().sum();
                for ((own, g), l) in own.iter_mut().zip(g).zip(l) {
                    *own += g - l.exp() * total;
                }
            }
        })
    }
}

/// Turns a row of scores into probabilities, in place.
pub(crate) fn softmax_of(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
        total += *value;
    }
    row.iter_mut().for_each(|value| *value /= total);
}

/// ln Σ e^x without overflow.
pub(crate) fn log_sum_exp(row: &[f32]) -> f32 {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    largest + row.iter().map(|value| (value - largest).exp()).sum::<f32>().ln()
}
