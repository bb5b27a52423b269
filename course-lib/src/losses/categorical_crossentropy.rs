//! Categorical cross-entropy: L = -1/B Σ tᵢⱼ ln pᵢⱼ, with p the predicted probabilities of the classes and t
//! the target probabilities (one-hot: 1 for the true class), over the B rows of the batch.
//!
//! From the scores x with p = softmax(x), ln pᵢⱼ = xᵢⱼ - ln Σₖ e^(xᵢₖ), and dL/dxᵢⱼ = (pᵢⱼ Σₖ tᵢₖ - tᵢⱼ) / B.
//! Unit: nats. Source: Goodfellow, Bengio, Courville, *Deep Learning*, 6.2.2.3.

use super::{SMALLEST_PROBABILITY, Weights, check_classes, check_probabilities, check_shapes};
use crate::error::Result;
use crate::tensor::ops::softmax::{each_row, normalised};
use crate::tensor::{Logits, Tensor};

const NAME: &str = "categorical cross-entropy";

/// The categorical cross-entropy of probabilities `[batch, classes]` with targets of the same shape, or
/// `[batch, steps, classes]` where each step of a sequence has a class (then the mean is over all steps). It is
/// calculated from the scores behind them where they come straight from a softmax. See the [module](self) for formula
/// and gradient.
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
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    if let Some(Logits::Softmax(scores)) = output.logits() {
        return of_scores(scores, target, weights);
    }
    let classes = check(output, target)?;
    weights.width_of(output)?;
    if !output.is_on_host() {
        let each = held_logarithms(output).times(&target.constant());
        return Ok(weights
            .mean_on_device(&each, output.count() / classes)
            .mul_scalar(-1.0));
    }
    let (p, t) = (output.values(), target.values());
    let rows = p.len() / classes;
    let steps = rows / output.shape()[0];
    let held = |p: f32| p.max(SMALLEST_PROBABILITY);
    let sum: f64 = (0..rows)
        .map(|row| {
            let of_row = row * classes..(row + 1) * classes;
            let pairs = p[of_row.clone()].iter().zip(&t[of_row]);
            weights.of_row(row / steps) * pairs.map(|(p, t)| f64::from(t * held(*p).ln())).sum::<f64>()
        })
        .sum();
    let values = vec![(-sum / rows as f64) as f32];
    Ok(Tensor::custom(&[output], values, &[], move |of_result, slots| {
        let scale = f64::from(of_result[0]) / rows as f64;
        let pairs = p.iter().zip(t.iter()).enumerate();
        let gradient = pairs.map(|(place, (p, t))| {
            let scale = (scale * weights.of_row(place / classes / steps)) as f32;
            -scale * t / held(*p)
        });
        slots[0].give(gradient.collect());
    }))
}

/// The categorical cross-entropy of scores of any size, before the softmax: what a last layer without activation
/// gives. Shapes as for [`categorical_crossentropy()`]: `[batch, classes]`, or `[batch, steps, classes]`.
///
/// # Errors
/// Shapes that do not fit, or targets beyond 0 to 1.
///
/// ```
/// use course_lib::losses::categorical_crossentropy_from_logits;
/// use course_lib::tensor::Tensor;
///
/// // Equal scores are equal probabilities: ¼ each.
/// let (scores, target) = (Tensor::zeros([1, 4])?, Tensor::from_rows(&[[0.0, 1.0, 0.0, 0.0]])?);
/// let loss = categorical_crossentropy_from_logits(&scores, &target)?.item()?;
/// assert!((loss - 4.0_f32.ln()).abs() < 1e-6);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn categorical_crossentropy_from_logits(scores: &Tensor, target: &Tensor) -> Result<Tensor> {
    of_scores(scores, target, Weights::none())
}

fn of_scores(scores: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    let classes = check(scores, target)?;
    weights.width_of(scores)?;
    if !scores.is_on_host() {
        let each = scores.log_softmax().times(&target.constant());
        return Ok(weights
            .mean_on_device(&each, scores.count() / classes)
            .mul_scalar(-1.0));
    }
    let (x, t) = (scores.values(), target.values());
    let mut p = scores.to_vec();
    let steps = x.len() / classes / scores.shape()[0];
    let mut sum = 0.0;
    let mut rows = 0;
    each_row(&mut p, classes, |p| {
        let of_row = rows * classes..(rows + 1) * classes;
        let normaliser = normalised(p);
        let pairs = x[of_row.clone()].iter().zip(&t[of_row]);
        let loss: f32 = pairs.map(|(x, t)| t * (normaliser - x)).sum();
        sum += weights.of_row(rows / steps) * f64::from(loss);
        rows += 1;
    });
    let values = vec![(sum / rows as f64) as f32];
    Ok(Tensor::custom(&[scores], values, &[], move |of_result, slots| {
        let scale = f64::from(of_result[0]) / rows as f64;
        let mut gradient = p;
        let pairs = gradient.chunks_exact_mut(classes).zip(t.chunks_exact(classes));
        for (row, (own, t)) in pairs.enumerate() {
            let scale = (scale * weights.of_row(row / steps)) as f32;
            let total: f32 = t.iter().sum();
            own.iter_mut()
                .zip(t)
                .for_each(|(own, t)| *own = scale * (*own * total - t));
        }
        slots[0].give(gradient);
    }))
}

/// ln p of each probability, held above the smallest, with the slope 1 / p, for values on a device.
pub(super) fn held_logarithms(p: &Tensor) -> Tensor {
    let held = |p: &Tensor| p.clamp(SMALLEST_PROBABILITY, f32::INFINITY);
    p.function(|p| held(p).ln(), |p, _| held(p).powf(-1.0))
}

fn check(output: &Tensor, target: &Tensor) -> Result<usize> {
    let classes = check_classes(NAME, output)?;
    check_shapes(NAME, output, target)?;
    check_probabilities(NAME, target)?;
    Ok(classes)
}
