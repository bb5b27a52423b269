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

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: usize = 20_000;

    fn layer(deviation: f32) -> GaussianNoise {
        let mut layer = GaussianNoise::new(deviation);
        layer.build(&[COUNT], Seed(3)).unwrap();
        layer
    }

    #[test]
    fn the_noise_is_normal_around_zero_with_the_deviation_that_was_asked_for() {
        let input = Tensor::full([1, COUNT], 2.0).unwrap();
        let output = layer(0.5).forward(&input, Mode::Training).unwrap();
        let noise: Vec<f64> = output
            .to_vec()
            .iter()
            .map(|value| f64::from(*value) - 2.0)
            .collect();
        let mean_of = |of: fn(f64) -> f64| noise.iter().map(|e| of(*e)).sum::<f64>() / COUNT as f64;
        // Four standard errors of each number.
        let error = 4.0 / (COUNT as f64).sqrt();
        assert!(mean_of(|e| e).abs() < 0.5 * error);
        assert!((mean_of(|e| e * e).sqrt() - 0.5).abs() < 0.5 * error / 2.0_f64.sqrt());
        // 68.27 % of a normal distribution lie within one deviation, 95.45 % within two.
        let within = |bound: f64| noise.iter().filter(|e| e.abs() < bound).count() as f64 / COUNT as f64;
        assert!((within(0.5) - 0.6827).abs() < 0.4654 * error);
        assert!((within(1.0) - 0.9545).abs() < 0.2084 * error);
    }

    #[test]
    fn each_pass_draws_new_noise_and_the_same_seed_draws_the_same() {
        let input = Tensor::zeros([1, COUNT]).unwrap();
        let (one, other) = (layer(0.1), layer(0.1));
        let first = one.forward(&input, Mode::Training).unwrap();
        assert_eq!(first, other.forward(&input, Mode::Training).unwrap());
        assert_ne!(first, one.forward(&input, Mode::Training).unwrap());
    }

    #[test]
    fn the_gradient_goes_through_as_it_is() {
        let input = Tensor::zeros([1, COUNT]).unwrap().with_gradient();
        let output = layer(0.1).forward(&input, Mode::Training).unwrap();
        let gradients = output.sum().backward().unwrap();
        assert_eq!(gradients.get(&input).unwrap(), Tensor::ones([1, COUNT]).unwrap());
    }

    #[test]
    fn a_deviation_below_zero_is_refused() {
        let error = GaussianNoise::new(-1.0)
            .build(&[2], Seed(0))
            .unwrap_err()
            .to_string();
        assert!(error.contains("at least 0") && error.contains("-1"), "{error}");
    }
}
