//! How the noise on a discriminator's samples changes while a GAN learns.
//!
//! s is the share of the training that is done, from 0 to 1, and σ the [`noise`](super::GanFit::noise) at the start.
//!
//! | schedule | standard deviation at s |
//! | --- | --- |
//! | `Constant` | σ |
//! | `Linear` | σ · (1 - s) |
//! | `Exponential` | σ · endˢ |

use crate::error::{Error, Result};

/// How the noise on the samples changes from the start of a training to its end, batch by batch. At s, the share of
/// the training that is done:
///
/// | schedule | standard deviation |
/// | --- | --- |
/// | `Constant` | noise |
/// | `Linear` | noise · (1 - s) |
/// | `Exponential` | noise · endˢ |
///
/// Noise that falls is from Sønderby and others 2016, whose paper lets it fall evenly.
///
/// ```
/// use course_lib::gan::NoiseSchedule;
/// use course_lib::prelude::*;
///
/// // From 0.5 to a hundredth of it: fast at first, then slowly.
/// let schedule = NoiseSchedule::Exponential { end: 0.01 };
/// let options = GanFit { noise: 0.5, noise_schedule: schedule, ..GanFit::default() };
/// assert!((options.noise * schedule.left(0.5) - 0.05).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum NoiseSchedule {
    /// It stays as it is.
    Constant,
    /// It falls evenly, to 0 at the end.
    #[default]
    Linear,
    /// It falls by the same factor with each batch.
    Exponential {
        /// The part of the noise that is left at the end, above 0 and at most 1: 0.01 for a hundredth.
        end: f32,
    },
}

impl NoiseSchedule {
    /// The part of the noise that is left when a share of the training, from 0 to 1, is done.
    pub fn left(self, done: f32) -> f32 {
        match self {
            Self::Constant => 1.0,
            Self::Linear => 1.0 - done,
            Self::Exponential { end } => end.powf(done),
        }
    }

    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Exponential { end } if !(end > 0.0 && end <= 1.0) => Err(Error::new("Gan::fit")
                .expected("a noise_schedule whose end is above 0 and at most 1, the part that is left")
                .got(format!("NoiseSchedule::Exponential {{ end: {end:?} }}"))
                .hint("0.01 leaves a hundredth; NoiseSchedule::Linear falls to 0")),
            _ => Ok(()),
        }
    }
}

crate::notebook::shows_its_name!(NoiseSchedule);
