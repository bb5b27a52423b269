//! Categorical cross-entropy: L = -1/B Σ tᵢⱼ ln pᵢⱼ, with p the predicted probabilities of the classes and t
//! the target probabilities (one-hot: 1 for the true class), over the B rows of the batch.
//!
//! From the scores x with p = softmax(x), ln pᵢⱼ = xᵢⱼ - ln Σₖ e^(xᵢₖ), and dL/dxᵢⱼ = (pᵢⱼ Σₖ tᵢₖ - tᵢⱼ) / B.
//! Unit: nats. Source: Goodfellow, Bengio, Courville, *Deep Learning*, 6.2.2.3.

use super::{SMALLEST_PROBABILITY, check_classes, check_probabilities, matched};
use crate::error::Result;
use crate::tensor::ops::softmax::log_sum_exp;
use crate::tensor::{Logits, Tensor};

const NAME: &str = "categorical cross-entropy";

/// The categorical cross-entropy of probabilities `[batch, classes]` with targets of the same shape,
/// calculated from the scores behind them where they come straight from a softmax. See the [module](self) for
/// formula and gradient.
///
/// # Errors
/// Shapes that do not fit, or targets beyond 0 to 1.
///
/// ```
/// use course_lib::losses::categorical_crossentropy;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::from_rows(&[[0.25, 0.75]])?;
/// let target = Tensor::from_rows(&[[1.0, 0.0]])?;
/// assert_eq!(categorical_crossentropy(&output, &target)?.item()?, 4.0_f32.ln());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn categorical_crossentropy(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    if let Some(Logits::Softmax(scores)) = output.logits() {
        return categorical_crossentropy_from_logits(scores, target);
    }
    let classes = check_classes(NAME, output)?;
    let target = matched(NAME, output, target)?;
    let t = target.to_vec();
    check_probabilities(NAME, &t)?;
    let p: Vec<f32> = output
        .to_vec()
        .iter()
        .map(|p| p.max(SMALLEST_PROBABILITY))
        .collect();
    let rows = (p.len() / classes) as f64;
    let sum: f64 = p.iter().zip(&t).map(|(p, t)| f64::from(t * p.ln())).sum();
    let values = vec![(-sum / rows) as f32];
    Ok(Tensor::custom(&[output], values, &[], move |of_result, slots| {
        let scale = of_result[0] / rows as f32;
        for (own, (p, t)) in slots[0].values().iter_mut().zip(p.iter().zip(&t)) {
            *own -= scale * t / p;
        }
    }))
}

/// The categorical cross-entropy of scores, before the softmax.
///
/// # Errors
/// Shapes that do not fit, or targets beyond 0 to 1.
pub fn categorical_crossentropy_from_logits(scores: &Tensor, target: &Tensor) -> Result<Tensor> {
    let classes = check_classes(NAME, scores)?;
    let target = matched(NAME, scores, target)?;
    let t = target.to_vec();
    check_probabilities(NAME, &t)?;
    let mut logarithms = scores.to_vec();
    for row in logarithms.chunks_exact_mut(classes) {
        let normaliser = log_sum_exp(row);
        row.iter_mut().for_each(|value| *value -= normaliser);
    }
    let rows = (logarithms.len() / classes) as f64;
    let sum: f64 = logarithms.iter().zip(&t).map(|(l, t)| f64::from(t * l)).sum();
    let values = vec![(-sum / rows) as f32];
    Ok(Tensor::custom(&[scores], values, &[], move |of_result, slots| {
        let scale = of_result[0] / rows as f32;
        let own = slots[0].values().chunks_exact_mut(classes);
        let rows = own.zip(logarithms.chunks_exact(classes).zip(t.chunks_exact(classes)));
        for (own, (l, t)) in rows {
            let total: f32 = t.iter().sum();
            for (own, (l, t)) in own.iter_mut().zip(l.iter().zip(t)) {
                *own += scale * (l.exp() * total - t);
            }
        }
    }))
}
