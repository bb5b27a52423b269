//! Binary cross-entropy: L = -1/N Σ (tᵢ ln pᵢ + (1 - tᵢ) ln(1 - pᵢ)), with p the predicted probability and t
//! the target from 0 to 1, over all N values of the batch.
//!
//! From the score x with p = sigmoid(x) it is max(x, 0) - x t + ln(1 + e^-|x|), which neither overflows nor
//! takes the logarithm of 0, and dL/dx = (p - t) / N. Unit: nats.
//! Source: Goodfellow, Bengio, Courville, *Deep Learning*, 6.2.2.2.

use super::pointwise::Pointwise;
use super::{SMALLEST_PROBABILITY, Weights, beyond_0_to_1, check_probabilities, check_shapes};
use crate::error::{Error, Result};
use crate::tensor::kernels::functions::{exp, ln_1p, sigmoid};
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
    weighted(output, target, Weights::none())
}

pub(super) fn weighted(output: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    if let Some(Logits::Sigmoid(scores)) = output.logits() {
        return of_scores(scores, target, weights);
    }
    check(output, target)?;
    if let Some(value) = beyond_0_to_1(output) {
        return Err(Error::new(NAME)
            .expected("outputs from 0 to 1")
            .got(format!("an output of {value}"))
            .hint("give the last layer activation(Sigmoid), or use ..._from_logits"));
    }
    let held = |p: f32| p.clamp(SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY);
    let loss = Pointwise::new(
        move |p: f32, t: f32| -(t * held(p).ln() + (1.0 - t) * (-held(p)).ln_1p()),
        #[inline(always)]
        move |p: f32, t: f32| (held(p) - t) / (held(p) * (1.0 - held(p))),
        |p, t| {
            let held = |p: &Tensor| p.clamp(SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY);
            p.function(
                |p| {
                    let (p, rest) = (held(p), held(p).rest_to_one());
                    let sum = t.times(&p.ln()).plus(&t.rest_to_one().times(&rest.ln()));
                    sum.mul_scalar(-1.0)
                },
                |p, _| {
                    let p = held(p);
                    p.minus(t).times(&p.times(&p.rest_to_one()).powf(-1.0))
                },
            )
        },
    );
    loss.mean(output, target, weights)
}

/// The binary cross-entropy of scores of any size, before the sigmoid: what a last layer without activation gives.
/// Scores and targets have the same shape, such as `[batch, 1]`; the result is a single number. See the
/// [module](self) for formula and gradient.
///
/// # Errors
/// Targets whose shape does not fit the scores', or beyond 0 to 1.
///
/// ```
/// use course_lib::losses::binary_crossentropy_from_logits;
/// use course_lib::tensor::Tensor;
///
/// // p = sigmoid(0) = ½
/// let (scores, target) = (Tensor::zeros([4, 1])?, Tensor::ones([4, 1])?);
/// assert_eq!(binary_crossentropy_from_logits(&scores, &target)?.item()?, 2.0_f32.ln());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn binary_crossentropy_from_logits(scores: &Tensor, target: &Tensor) -> Result<Tensor> {
    of_scores(scores, target, Weights::none())
}

fn of_scores(scores: &Tensor, target: &Tensor, weights: Weights) -> Result<Tensor> {
    check(scores, target)?;
    let loss = Pointwise::new(
        #[inline(always)]
        |x: f32, t: f32| x.max(0.0) - x * t + ln_1p(exp(-x.abs())),
        #[inline(always)]
        |x: f32, t: f32| sigmoid(x) - t,
        // max(x, 0) + ln(1 + e^-|x|) = ln(1 + eˣ).
        |x, t| x.softplus_portable().minus(&x.times(t)),
    );
    loss.mean(scores, target, weights)
}

fn check(output: &Tensor, target: &Tensor) -> Result<()> {
    check_shapes(NAME, output, target)?;
    check_probabilities(NAME, target)
}
