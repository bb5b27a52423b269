//! What happened in the training of a GAN.

use std::fmt;

use crate::model::History;
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

/// Losses and scores of each epoch, and samples drawn on the way.
///
/// The curves are `generator_loss`, `discriminator_loss`, `real_score` and `fake_score`: the mean
/// probability of being real that the discriminator gives to real samples and to drawn ones. At ½ each it can
/// no longer tell them apart.
#[derive(Clone, Default)]
pub struct GanHistory {
    pub(super) curves: History,
    pub(super) samples: Vec<(usize, Tensor)>,
}

impl GanHistory {
    /// The four curves, one value an epoch.
    pub fn curves(&self) -> &History {
        &self.curves
    }

    /// The value of one curve after the last epoch.
    pub fn last(&self, name: &str) -> Option<f32> {
        self.curves.last(name)
    }

    /// What the generator made of the same latent points: after how many epochs, and the samples. Starts with
    /// epoch 0, before training. Empty unless [`GanFit::keep_samples`](super::GanFit::keep_samples) is given.
    pub fn samples(&self) -> &[(usize, Tensor)] {
        &self.samples
    }
}

impl fmt::Display for GanHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.curves, f)
    }
}

impl fmt::Debug for GanHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for GanHistory {
    fn rich(&self) -> Rich {
        self.curves.rich()
    }
}

crate::shows_itself!(GanHistory);
