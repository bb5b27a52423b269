//! One vector as a sequence: the same at each step. It stands between an encoder, whose last state sums up a
//! sequence, and a decoder that makes another sequence of it.
//!
//! output(t) = x for each of the steps.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, features]` |
//! | output | `[batch, steps, features]` |
//!
//! Source: Cho and others 2014, whose decoder sees the summary at every step; the layer is Keras's.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! // Sequences of 5 steps in, of 3 steps out.
//! let layers = layers![
//!     LSTM::new(8),
//!     RepeatVector::new(3),
//!     LSTM::new(8).return_sequences(true),
//!     Dense::new(1),
//! ];
//! let model = Sequential::new(Input([5, 1]), layers, Seed(7))?;
//! assert_eq!(model.output_shape(), [3, 1]);
//! # Ok::<(), Error>(())
//! ```

use crate::error::{Error, Result};
use crate::layers::{Config, Layer, Mode};
use crate::random::Seed;
use crate::tensor::Tensor;

/// One vector as a sequence; see the [module](self).
#[derive(Debug, Clone)]
pub struct RepeatVector {
    steps: usize,
}

impl RepeatVector {
    /// Repeats its input for so many steps.
    pub fn new(steps: usize) -> Self {
        Self { steps }
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        config.whole("steps").map(Self::new)
    }
}

impl Layer for RepeatVector {
    fn name(&self) -> &str {
        "RepeatVector"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        if self.steps == 0 {
            return Err(Error::new("RepeatVector")
                .expected("at least 1 step")
                .got("0 steps")
                .hint("write RepeatVector::new(steps) with the length of the sequence to make"));
        }
        match *input {
            [features] => Ok(vec![self.steps, features]),
            _ => Err(vectors_expected(input)),
        }
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let &[rows, features] = input.shape() else {
            return Err(vectors_expected(input.shape().get(1..).unwrap_or_default()));
        };
        let row = |row: usize| row * features..(row + 1) * features;
        let map = (0..rows * self.steps).flat_map(|step| row(step / self.steps));
        Ok(input.rearrange(map.collect(), &[rows, self.steps, features]))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("steps", self.steps))
    }
}

fn vectors_expected(got: &[usize]) -> Error {
    Error::new("RepeatVector")
        .expected("inputs of shape [features], such as the last state of an LSTM")
        .got(format!("shape {got:?}"))
        .hint("leave return_sequences(true) out of the layer before")
}
