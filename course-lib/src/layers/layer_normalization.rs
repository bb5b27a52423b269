//! Layer normalisation: the features of each sample with mean 0 and variance 1, whatever else is in the batch.
//!
//! output = γ · (x - μ) / √(σ² + ε) + β, with mean μ and variance σ² (divided by n) over the last axis. The same in
//! training and in use.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, features]`, or with more axes before the last |
//! | γ, β | `[features]`, from 1 and 0 |
//! | output | as x |
//!
//! ε is 0.001 as in Keras; PyTorch has 1e-5.
//! Source: J. Ba, J. Kiros, G. Hinton, Layer normalization, 2016.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(2), layers![LayerNormalization::new()], Seed(7))?;
//! let y = model.predict(&Tensor::from_rows(&[[1.0, 3.0], [10.0, 50.0]])?)?.to_vec();
//! assert!(y.iter().zip([-1.0, 1.0, -1.0, 1.0]).all(|(y, expected)| (y - expected).abs() < 1e-3));
//! # Ok::<(), Error>(())
//! ```

use super::images::{check_samples, not_built};
use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// Normalises the last axis; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct LayerNormalization {
    epsilon: f32,
    input: Vec<usize>,
    /// γ and β.
    learned: Option<[Tensor; 2]>,
}

impl Default for LayerNormalization {
    fn default() -> Self {
        Self {
            epsilon: 1e-3,
            input: Vec::new(),
            learned: None,
        }
    }
}

impl LayerNormalization {
    /// A layer with Keras's ε.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is added to the variance, so that nothing is divided by 0. Default: 0.001.
    #[must_use]
    pub fn epsilon(self, epsilon: f32) -> Self {
        Self { epsilon, ..self }
    }

    /// The layer that [`Layer::config`] described, without weights.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Ok(Self::new().epsilon(config.number("epsilon")?))
    }
}

impl Layer for LayerNormalization {
    fn name(&self) -> &str {
        "LayerNormalization"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let Some(features) = input.last() else {
            return Err(Error::new("LayerNormalization")
                .expected("inputs with at least one axis of features")
                .got("inputs that are single numbers")
                .hint("reshape them to [rows, 1]"));
        };
        if !(self.epsilon > 0.0 && self.epsilon.is_finite()) {
            return Err(Error::new("LayerNormalization")
                .expected("an epsilon above 0")
                .got(self.epsilon.to_string())
                .hint("the default is 0.001"));
        }
        self.input = input.to_vec();
        self.learned = Some([
            Tensor::ones([*features])?.with_gradient(),
            Tensor::zeros([*features])?.with_gradient(),
        ]);
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let [gamma, beta] = self
            .learned
            .as_ref()
            .ok_or_else(|| not_built("LayerNormalization"))?;
        check_samples("LayerNormalization", input, &self.input)?;
        Ok(input.normalise_rows([gamma, beta], self.epsilon))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        let learned = self.learned.iter().flatten().cloned();
        ["gamma", "beta"].into_iter().zip(learned).collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.learned.iter_mut().flatten().collect()
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("epsilon", self.epsilon))
    }
}
