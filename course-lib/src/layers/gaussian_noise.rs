//! Gaussian noise: in training, each value is moved a little at random.
//!
//! output = x + e, with each e drawn anew from N(0, standard deviation). In use (not in training), output = x. The
//! gradient of x is that of the output. Shapes: any, and the result has the same.
//! Noise on the images that a discriminator sees keeps it from telling real from generated too easily.
//! Source: C. Bishop, Training with noise is equivalent to Tikhonov regularization, 1995; for GANs: M. Arjovsky,
//! L. Bottou, Towards principled methods for training GANs, 2017.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(4), layers![GaussianNoise::new(0.1)], Seed(7))?;
//! let x = Tensor::ones([1, 4])?;
//! assert_eq!(model.predict(&x)?, x);
//! assert!(model.forward(&x)?.to_vec().iter().all(|value| *value != 1.0 && (value - 1.0).abs() < 1.0));
//! # Ok::<(), Error>(())
//! ```

use std::cell::RefCell;

use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::{RandomStream, Seed};
use crate::tensor::Tensor;

/// Adds noise in training; see the [module](self).
#[derive(Debug, Clone)]
pub struct GaussianNoise {
    deviation: f32,
    random: RefCell<RandomStream>,
}

impl GaussianNoise {
    /// Noise with this standard deviation, at least 0.
    pub fn new(standard_deviation: f32) -> Self {
        Self {
            deviation: standard_deviation,
            random: RefCell::new(Seed(0).stream()),
        }
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        config.number("standard_deviation").map(Self::new)
    }
}

impl Layer for GaussianNoise {
    fn name(&self) -> &str {
        "GaussianNoise"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        if !(self.deviation >= 0.0 && self.deviation.is_finite()) {
            return Err(Error::new("GaussianNoise")
                .expected("a standard deviation of at least 0")
                .got(self.deviation.to_string())
                .hint("0.1 moves most values by less than 0.2"));
        }
        self.random = RefCell::new(seed.stream());
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor> {
        if mode == Mode::Inference || self.deviation == 0.0 {
            return Ok(input.clone());
        }
        let noise = self
            .random
            .borrow_mut()
            .normal(input.shape(), 0.0, self.deviation)?;
        input + &noise
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("standard_deviation", self.deviation))
    }
}
