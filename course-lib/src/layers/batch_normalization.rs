//! Batch normalisation: each feature, or each channel of images, with mean 0 and variance 1 over the batch.
//!
//! output = γ · (x - μ) / √(σ² + ε) + β. In training, μ and σ² are mean and variance of the batch, for images over
//! all pixels of it; σ² is divided by the number of values n. In use, they are the running mean and variance, which each
//! training batch moves: running = momentum · running + (1 - momentum) · of the batch.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, features]` or `[batch, channels, height, width]` |
//! | γ, β | `[features]` or `[channels]`; learned, from 1 and 0 |
//! | running mean, running variance | as γ; kept but not learned, from 0 and 1 |
//! | output | as x |
//!
//! Defaults are those of Keras: momentum 0.99, ε = 0.001. PyTorch's `BatchNorm2d` counts momentum the other way
//! round: its default of 0.1 is `.momentum(0.9)` here; its ε is 1e-5. As in PyTorch, the running variance takes
//! the variance of the batch divided by n - 1 (unbiased); Keras takes the one divided by n.
//! Source: S. Ioffe, C. Szegedy, Batch normalization, 2015.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(1), layers![BatchNormalization::new()], Seed(7))?;
//! let x = Tensor::from_rows(&[[1.0], [3.0]])?;
//! let y = model.forward(&x)?.to_vec();
//! assert!((y[0] + 1.0).abs() < 1e-3 && (y[1] - 1.0).abs() < 1e-3);
//! // That was one training batch: the running mean has moved by a hundredth of the way to 2.
//! let (name, running_mean) = &model.weights()[2];
//! assert_eq!(name, "batchnormalization.running_mean");
//! assert!((running_mean.item()? - 0.02).abs() < 1e-6);
//! # Ok::<(), Error>(())
//! ```

use std::cell::RefCell;

use super::images::{check_samples, not_built};
use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::normalise::{Moments, Runs};

/// Normalises over the batch; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct BatchNormalization {
    momentum: f32,
    epsilon: f32,
    built: Option<Built>,
}

#[derive(Debug, Clone)]
struct Built {
    input: Vec<usize>,
    gamma: Tensor,
    beta: Tensor,
    /// Changed by each forward pass in training, which has the layer only for reading.
    running_mean: RefCell<Tensor>,
    running_variance: RefCell<Tensor>,
}

impl Default for BatchNormalization {
    fn default() -> Self {
        Self {
            momentum: 0.99,
            epsilon: 1e-3,
            built: None,
        }
    }
}

impl BatchNormalization {
    /// A layer with Keras's momentum and ε.
    pub fn new() -> Self {
        Self::default()
    }

    /// How much of the running mean and variance each training batch leaves, from 0 to 1. Default: 0.99.
    #[must_use]
    pub fn momentum(self, momentum: f32) -> Self {
        Self { momentum, ..self }
    }

    /// What is added to the variance, so that nothing is divided by 0. Default: 0.001.
    #[must_use]
    pub fn epsilon(self, epsilon: f32) -> Self {
        Self { epsilon, ..self }
    }

    /// The layer that [`Layer::config`] described, without weights.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Ok(Self {
            momentum: config.number("momentum")?,
            epsilon: config.number("epsilon")?,
            built: None,
        })
    }
}

impl Built {
    /// Moves the running mean and variance towards those of a batch with so many values of each feature.
    fn follow(&self, of_batch: &Moments, count: usize, momentum: f32) {
        let unbiased = unbiased(count);
        let move_to = |running: &RefCell<Tensor>, values: &[f32], scale: f32| {
            running.borrow_mut().change(|running| {
                for (own, value) in running.iter_mut().zip(values) {
                    *own = momentum * *own + (1.0 - momentum) * scale * value;
                }
            });
        };
        move_to(&self.running_mean, &of_batch.means, 1.0);
        move_to(&self.running_variance, &of_batch.variances, unbiased);
    }

    /// The forward pass where the numbers, the moments too, stay on a device.
    fn forward_on_device(
        &self,
        input: &Tensor,
        runs: Runs,
        layer: &BatchNormalization,
        mode: Mode,
    ) -> Tensor {
        let learned = [&self.gamma, &self.beta];
        let (momentum, epsilon) = (layer.momentum, layer.epsilon);
        if mode == Mode::Inference {
            let running =
                [&self.running_mean, &self.running_variance].map(|running| running.borrow().clone());
            return input.normalise_sets_portable(learned, running.each_ref(), runs, epsilon);
        }
        let of_batch = input.set_moments(runs);
        let [mean, variance] = &of_batch;
        let unbiased = unbiased(input.count() / runs.sets);
        self.running_mean
            .borrow_mut()
            .blend(momentum, mean, 1.0 - momentum);
        self.running_variance
            .borrow_mut()
            .blend(momentum, variance, (1.0 - momentum) * unbiased);
        input.normalise_sets_portable(learned, of_batch.each_ref(), runs, epsilon)
    }
}

/// What a variance divided by n becomes one divided by n - 1 with.
fn unbiased(count: usize) -> f32 {
    if count > 1 {
        count as f32 / (count - 1) as f32
    } else {
        1.0
    }
}

impl Layer for BatchNormalization {
    fn name(&self) -> &str {
        "BatchNormalization"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let (&[features] | &[features, _, _]) = input else {
            return Err(Error::new("BatchNormalization")
                .expected("inputs of shape [features] or [channels, height, width]")
                .got(format!("shape {input:?}"))
                .hint("use Flatten::new() or Reshape::new(..) before this layer"));
        };
        if !(0.0..=1.0).contains(&self.momentum) {
            return Err(Error::new("BatchNormalization")
                .expected("a momentum from 0 to 1")
                .got(self.momentum.to_string())
                .hint("the default is 0.99; PyTorch's 0.1 is 0.9 here"));
        }
        if !(self.epsilon > 0.0 && self.epsilon.is_finite()) {
            return Err(Error::new("BatchNormalization")
                .expected("an epsilon above 0")
                .got(self.epsilon.to_string())
                .hint("the default is 0.001"));
        }
        self.built = Some(Built {
            input: input.to_vec(),
            gamma: Tensor::ones([features])?.with_gradient(),
            beta: Tensor::zeros([features])?.with_gradient(),
            running_mean: RefCell::new(Tensor::zeros([features])?),
            running_variance: RefCell::new(Tensor::ones([features])?),
        });
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor> {
        let built = self
            .built
            .as_ref()
            .ok_or_else(|| not_built("BatchNormalization"))?;
        check_samples("BatchNormalization", input, &built.input)?;
        let runs = Runs {
            sets: built.gamma.count(),
            inner: built.input.iter().skip(1).product(),
        };
        if !input.is_on_host() {
            return Ok(built.forward_on_device(input, runs, self, mode));
        }
        let moments = match mode {
            Mode::Training => {
                let of_batch = runs.moments(&input.values());
                built.follow(&of_batch, input.count() / runs.sets, self.momentum);
                of_batch
            }
            Mode::Inference => Moments {
                means: built.running_mean.borrow().to_vec(),
                variances: built.running_variance.borrow().to_vec(),
            },
        };
        let learned = [&built.gamma, &built.beta];
        Ok(input.normalise_sets(learned, &moments, runs, self.epsilon, mode == Mode::Training))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        self.built.as_ref().map_or_else(Vec::new, |built| {
            vec![
                ("gamma", built.gamma.clone()),
                ("beta", built.beta.clone()),
                ("running_mean", built.running_mean.borrow().clone()),
                ("running_variance", built.running_variance.borrow().clone()),
            ]
        })
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.built.as_mut().map_or_else(Vec::new, |built| {
            vec![
                &mut built.gamma,
                &mut built.beta,
                built.running_mean.get_mut(),
                built.running_variance.get_mut(),
            ]
        })
    }

    fn config(&self) -> Option<Config> {
        let config = Config::new().with("momentum", self.momentum);
        Some(config.with("epsilon", self.epsilon))
    }
}
