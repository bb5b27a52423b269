//! Binary cross-entropy: L = -1/N Σ (tᵢ ln pᵢ + (1 - tᵢ) ln(1 - pᵢ)), with p the predicted probability and t
//! the target from 0 to 1, over all N values of the batch.
//!
//! From the score x with p = sigmoid(x) it is max(x, 0) - x t + ln(1 + e^-|x|), which neither overflows nor
//! takes the logarithm of 0, and dL/dx = (p - t) / N. Unit: nats.
//! Source: Goodfellow, Bengio, Courville, *Deep Learning*, 6.2.2.2.

use super::{SMALLEST_PROBABILITY, check_probabilities, matched};
use crate::error::{Error, Result};
use crate::tensor::{Logits, Tensor};

const NAME: &str = "binary cross-entropy";

/// The binary cross-entropy of probabilities, calculated from the scores behind them where they come
/// straight from a sigmoid; other probabilities are held 1e-7 away from 0 and 1, as in Keras. See the
/// [module](self) for formula and gradient.
///
/// # Errors
/// Targets whose shape does not fit the outputs', or beyond 0 to 1; outputs that are no probabilities.
///
/// ```
/// use course_lib::losses::binary_crossentropy;
/// use course_lib::tensor::Tensor;
///
/// let scores = Tensor::vector(&[200.0, 0.0])?;
/// let target = Tensor::vector(&[0.0, 1.0])?;
/// // p = 1 and ½: 200 and ln 2 nats, although ln(1 - p) is minus infinity
/// let loss = binary_crossentropy(&scores.sigmoid(), &target)?.item()?;
/// assert!((loss - (200.0 + 2.0_f32.ln()) / 2.0).abs() < 1e-4);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn binary_crossentropy(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    if let Some(Logits::Sigmoid(scores)) = output.logits() {
        return binary_crossentropy_from_logits(scores, target);
    }
    let target = matched(NAME, output, target)?;
    let t = target.to_vec();
    check_probabilities(NAME, &t)?;
    let mut p = output.to_vec();
    if let Some(value) = p.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        return Err(Error::new(NAME)
            .expected("outputs from 0 to 1")
            .got(format!("an output of {value}"))
            .hint("give the last layer activation(Sigmoid), or use ..._from_logits"));
    }
    p.iter_mut()
        .for_each(|p| *p = p.clamp(SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY));
    let count = p.len() as f64;
    let sum: f64 = p
        .iter()
        .zip(&t)
        .map(|(p, t)| f64::from(t * p.ln() + (1.0 - t) * (-p).ln_1p()))
        .sum();
    let values = vec![(-sum / count) as f32];
    Ok(Tensor::custom(&[output], values, &[], move |of_result, slots| {
        let scale = of_result[0] / count as f32;
        for (own, (p, t)) in slots[0].values().iter_mut().zip(p.iter().zip(&t)) {
            *own += scale * (p - t) / (p * (1.0 - p));
        }
    }))
}

/// The binary cross-entropy of scores, before the sigmoid.
///
/// # Errors
/// Targets whose shape does not fit the scores', or beyond 0 to 1.
pub fn binary_crossentropy_from_logits(scores: &Tensor, target: &Tensor) -> Result<Tensor> {
    let target = matched(NAME, scores, target)?;
    let t = target.to_vec();
    check_probabilities(NAME, &t)?;
    let x = scores.to_vec();
    let count = x.len() as f64;
    let each = |(x, t): (&f32, &f32)| f64::from(x.max(0.0) - x * t + (-x.abs()).exp().ln_1p());
    let sum: f64 = x.iter().zip(&t).map(each).sum();
    let values = vec![(sum / count) as f32];
    Ok(Tensor::custom(&[scores], values, &[], move |of_result, slots| {
        let scale = of_result[0] / count as f32;
        for (own, (x, t)) in slots[0].values().iter_mut().zip(x.iter().zip(&t)) {
            *own += scale * (1.0 / (1.0 + (-x).exp()) - t);
        }
    }))
}
