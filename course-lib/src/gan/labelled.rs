//! A sample with its label, as a discriminator sees them.

use crate::error::Result;
use crate::tensor::Tensor;

/// The shape of a sample with a label of `label` values beside it.
pub(super) fn shape(sample: &[usize], label: usize) -> Vec<usize> {
    let mut shape = sample.to_vec();
    if let Some(first) = shape.first_mut() {
        *first += label;
    }
    shape
}

/// Samples `[batch, features]` or `[batch, channels, height, width]` with labels `[batch, values]`: more
/// features, or more channels that hold one value each.
pub(super) fn join(samples: &Tensor, labels: &Tensor) -> Result<Tensor> {
    if samples.rank() == 2 {
        return Tensor::concatenate(&[samples, labels], 1);
    }
    let places: usize = samples.shape().iter().skip(2).product();
    let spread: Vec<f32> = labels
        .values()
        .iter()
        .flat_map(|value| std::iter::repeat_n(*value, places))
        .collect();
    let mut shape = samples.shape().to_vec();
    shape[1] = labels.shape()[1];
    Tensor::concatenate(&[samples, &Tensor::from_vec(spread, shape)?], 1)
}
