//! Sparse categorical cross-entropy: L = -1/B Σ ln pᵢ,cᵢ, with cᵢ the number of the true class of row i.
//!
//! The same as the categorical cross-entropy of one-hot targets, without making them.
//! dL/dxᵢⱼ = (pᵢⱼ - [j = cᵢ]) / B. Unit: nats. Source: Goodfellow, Bengio, Courville, *Deep Learning*, 6.2.2.3;
//! the name is Keras'.

use super::categorical_crossentropy::held_logarithms;
use super::{SMALLEST_PROBABILITY, Weights, check_classes};
use crate::error::{Error, Result};
use crate::tensor::ops::softmax::{each_row, normalised};
use crate::tensor::{Logits, Tensor};

const NAME: &str = "sparse categorical cross-entropy";

/// The cross-entropy of probabilities `[batch, classes]` with class numbers `[batch]`, or of `[batch, steps, classes]`
/// with `[batch, steps]` where each step of a sequence has a class (then the mean is over all steps). It is calculated
/// from the scores behind them where they come straight from a softmax. See the [module](self) for formula and
/// gradient.
///
/// # Errors
/// Shapes that do not fit, or targets that are no class numbers (0 to classes - 1).
///
/// ```
/// use course_lib::losses::sparse_categorical_crossentropy;
/// use course_lib::tensor::Tensor;
///
/// let output = Tensor::from_rows(&[[0.25, 0.75]])?;
/// let target = Tensor::vector(&[0.0])?;
/// assert_eq!(sparse_categorical_crossentropy(&output, &target)?.item()?, 4.0_f32.ln());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn sparse_categorical_crossentropy(output: &Tensor, target: &Tensor) -> Result<Tensor> {
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    if let Some(Logits::Softmax(scores)) = output.logits() {
        return of_scores(scores, target, weights);
    }
    let classes = check_classes(NAME, output)?;
    let labels = labels(target, output, classes)?;
    let steps = labels.len() / output.shape()[0];
    weights.width_of(output)?;
    if !output.is_on_host() {
        return Ok(of_logarithms(
            &held_logarithms(output),
            &labels,
            classes,
            &weights,
        ));
    }
    let p = output.values();
    let rows = labels.len() as f64;
    let of_truth: Vec<f32> = p
        .chunks_exact(classes)
        .zip(&labels)
        .map(|(row, label)| row[*label].max(SMALLEST_PROBABILITY))
        .collect();
    let each = of_truth.iter().enumerate();
    let sum: f64 = each
        .map(|(row, p)| weights.of_row(row / steps) * f64::from(p.ln()))
        .sum();
    let values = vec![(-sum / rows) as f32];
    Ok(Tensor::custom(&[output], values, &[], move |of_result, slots| {
        let scale = f64::from(of_result[0]) / rows;
        let own = slots[0].values().chunks_exact_mut(classes);
        for (row, (own, (p, label))) in own.zip(of_truth.iter().zip(&labels)).enumerate() {
            own[*label] -= (scale * weights.of_row(row / steps)) as f32 / p;
        }
    }))
}

/// The cross-entropy of scores of any size, before the softmax, with class numbers. Shapes as for
/// [`sparse_categorical_crossentropy()`]: scores `[batch, classes]` with targets `[batch]` or `[batch, 1]`, or
/// `[batch, steps, classes]` with `[batch, steps]`.
///
/// # Errors
/// Shapes that do not fit, or targets that are no class numbers (0 to classes - 1).
///
/// ```
/// use course_lib::losses::sparse_categorical_crossentropy_from_logits;
/// use course_lib::tensor::Tensor;
///
/// // Equal scores are equal probabilities: ¼ each.
/// let (scores, target) = (Tensor::zeros([1, 4])?, Tensor::vector(&[1.0])?);
/// let loss = sparse_categorical_crossentropy_from_logits(&scores, &target)?.item()?;
/// assert!((loss - 4.0_f32.ln()).abs() < 1e-6);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn sparse_categorical_crossentropy_from_logits(scores: &Tensor, target: &Tensor) -> Result<Tensor> {
    of_scores(scores, target, Weights::none())
}

fn of_scores(scores: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    let classes = check_classes(NAME, scores)?;
    let labels = labels(target, scores, classes)?;
    let steps = labels.len() / scores.shape()[0];
    weights.width_of(scores)?;
    if !scores.is_on_host() {
        return Ok(of_logarithms(&scores.log_softmax(), &labels, classes, &weights));
    }
    let x = scores.values();
    let mut p = scores.to_vec();
    let mut sum = 0.0;
    let mut row = 0;
    each_row(&mut p, classes, |p| {
        let of_truth = x[row * classes + labels[row]];
        sum += weights.of_row(row / steps) * f64::from(normalised(p) - of_truth);
        row += 1;
    });
    let rows = labels.len() as f64;
    let values = vec![(sum / rows) as f32];
    Ok(Tensor::custom(&[scores], values, &[], move |of_result, slots| {
        let scale = f64::from(of_result[0]) / rows;
        let mut gradient = p;
        let each = gradient.chunks_exact_mut(classes).zip(&labels);
        for (row, (own, label)) in each.enumerate() {
            let scale = (scale * weights.of_row(row / steps)) as f32;
            own.iter_mut().for_each(|own| *own *= scale);
            own[*label] -= scale;
        }
        slots[0].give(gradient);
    }))
}

/// The loss of the logarithms of all probabilities, for values on a device.
fn of_logarithms(logarithms: &Tensor, labels: &[usize], classes: usize, weights: &Weights) -> Tensor {
    let places = labels
        .iter()
        .enumerate()
        .map(|(row, label)| row * classes + label);
    let of_truth = logarithms.pick_rows(places.collect(), 1);
    weights.mean_on_device(&of_truth, labels.len()).mul_scalar(-1.0)
}

fn labels(target: &Tensor, output: &Tensor, classes: usize) -> Result<Vec<usize>> {
    let all = output.shape();
    class_numbers(NAME, target, &all[..all.len() - 1], classes)
}

/// Class numbers from a tensor of the given shape, `[rows]` or `[rows, steps]`, or with an axis of size 1 after it.
pub(crate) fn class_numbers(
    operation: &str,
    target: &Tensor,
    shape: &[usize],
    classes: usize,
) -> Result<Vec<usize>> {
    if target.shape() != shape && target.shape().strip_suffix(&[1]) != Some(shape) {
        let count: usize = shape.iter().product();
        return Err(Error::new(operation)
            .expected(format!("{count} class numbers, shape {shape:?}"))
            .got(format!("shape {:?}", target.shape()))
            .hint(
                "give one class number a row (a step), or use CategoricalCrossentropy for one-hot targets",
            ));
    }
    let number = |(row, value): (usize, &f32)| {
        if value.fract() == 0.0 && (0.0..classes as f32).contains(value) {
            return Ok(*value as usize);
        }
        Err(Error::new(operation)
            .expected(format!("class numbers from 0 to {}", classes - 1))
            .got(format!("a label of {value} in row {row}"))
            .hint("number the classes from 0, and give the last layer a unit for each"))
    };
    target.values().iter().enumerate().map(number).collect()
}
