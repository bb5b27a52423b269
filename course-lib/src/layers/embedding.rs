//! Embedding: a vector of learned features for each word, class or other numbered thing.
//!
//! output\[.., :\] = W\[x\[..\], :\], the row of a table. The gradient of a row is the sum over all places that used it.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch]` or `[batch, steps]`: whole numbers from 0 to words - 1 |
//! | W | `[words, features]` |
//! | output | `[batch, features]` or `[batch, steps, features]` |
//!
//! In a network whose input is one number, `Input(1)`, x is `[batch, 1]` and the output `[batch, 1, features]`;
//! `Flatten::new()` makes it `[batch, features]`. W starts as U(-0.05, 0.05), as in Keras.
//! Source: Y. Bengio and others, A neural probabilistic language model, 2003.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(3), layers![Embedding::new(10, 4)], Seed(7))?;
//! let y = model.predict(&Tensor::from_rows(&[[1.0, 9.0, 1.0]])?)?;
//! assert_eq!(y.shape(), [1, 3, 4]);
//! assert_eq!(y.to_vec()[0..4], y.to_vec()[8..12]);
//! assert!(model.predict(&Tensor::from_rows(&[[1.0, 10.0, 1.0]])?).is_err());
//! # Ok::<(), Error>(())
//! ```

use super::images::not_built;
use super::{Config, Initializer, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// More words than this cannot be told apart as `f32`.
const MOST_WORDS: usize = 1 << 24;

/// A table of features; see the [module](self).
#[derive(Debug, Clone)]
pub struct Embedding {
    words: usize,
    features: usize,
    initializer: Initializer,
    weights: Option<Tensor>,
}

impl Embedding {
    /// A table with a row for each word, of so many features.
    pub fn new(words: usize, features: usize) -> Self {
        Self {
            words,
            features,
            initializer: Initializer::Uniform(0.05),
            weights: None,
        }
    }

    /// From where the initial weights are drawn. Default: `Initializer::Uniform(0.05)`.
    #[must_use]
    pub fn initializer(self, initializer: Initializer) -> Self {
        Self { initializer, ..self }
    }

    /// The layer that [`Layer::config`] described, without weights.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Ok(Self::new(config.whole("words")?, config.whole("features")?))
    }

    fn row(&self, value: f32) -> Result<usize> {
        if value.fract() == 0.0 && value >= 0.0 && value < self.words as f32 {
            return Ok(value as usize);
        }
        Err(Error::new("Embedding")
            .expected(format!("whole numbers from 0 to {}", self.words - 1))
            .got(value.to_string())
            .hint("number the words from 0, and give Embedding::new as many words as there are"))
    }
}

impl Layer for Embedding {
    fn name(&self) -> &str {
        "Embedding"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        if self.words == 0 || self.words > MOST_WORDS || self.features == 0 {
            return Err(Error::new("Embedding")
                .expected(format!("1 to {MOST_WORDS} words and at least 1 feature"))
                .got(format!("{} words and {} features", self.words, self.features))
                .hint("Embedding::new(1000, 16) has 16 features for each of 1,000 words"));
        }
        if input.len() > 1 {
            return Err(Error::new("Embedding")
                .expected("inputs of shape [steps], a number each")
                .got(format!("shape {input:?}"))
                .hint("use Flatten::new() before this layer"));
        }
        let shape = [self.words, self.features];
        let weights = self
            .initializer
            .weights(&shape, self.words, self.features, seed)?;
        self.weights = Some(weights.with_gradient());
        Ok(input.iter().copied().chain([self.features]).collect())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let weights = self.weights.as_ref().ok_or_else(|| not_built("Embedding"))?;
        if !matches!(input.rank(), 1 | 2) {
            return Err(Error::new("Embedding")
                .expected("x of shape [batch] or [batch, steps]")
                .got(format!("shape {:?}", input.shape()))
                .hint("reshape it, with a number for each word"));
        }
        let numbers = input.values();
        let rows = numbers
            .iter()
            .map(|value| self.row(*value))
            .collect::<Result<Vec<usize>>>()?;
        let shape: Vec<usize> = input.shape().iter().copied().chain([self.features]).collect();
        if !weights.is_on_host() {
            return Ok(weights.pick_rows(rows, self.features).in_shape(&shape));
        }
        let (table, features) = (weights.values(), self.features);
        let values = rows
            .iter()
            .flat_map(|row| &table[row * features..][..features])
            .copied()
            .collect();
        Ok(Tensor::custom(
            &[weights],
            values,
            &shape,
            move |gradient, slots| {
                let own = slots[0].values();
                for (row, gradient) in rows.iter().zip(gradient.chunks_exact(features)) {
                    let of_row = &mut own[row * features..][..features];
                    of_row.iter_mut().zip(gradient).for_each(|(own, g)| *own += g);
                }
            },
        ))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        self.weights
            .iter()
            .map(|weights| ("weights", weights.clone()))
            .collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.weights.iter_mut().collect()
    }

    fn config(&self) -> Option<Config> {
        let config = Config::new().with("words", self.words);
        Some(config.with("features", self.features))
    }
}
