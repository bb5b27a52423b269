//! A recurrent layer in each direction: what comes after a step counts as well as what came before it.
//!
//! output(t) = forward(x)(t) beside backward(x)(t), where `backward` reads the last step first and has weights of its
//! own.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, steps, features]` |
//! | output | `[batch, 2 · units]`: the last states of both |
//! | output with `return_sequences(true)` inside | `[batch, steps, 2 · units]` |
//!
//! Source: Schuster, Paliwal 1997; outputs side by side as in Keras.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let layers = layers![Bidirectional::new(LSTM::new(8)), Dense::new(1)];
//! let model = Sequential::new(Input([5, 1]), layers, Seed(7))?;
//! assert_eq!(model.predict(&Tensor::ones([2, 5, 1])?)?.shape(), [2, 1]);
//! # Ok::<(), Error>(())
//! ```

use super::Recurrent;
use crate::error::{Error, Result};
use crate::layers::{Config, GRU, LSTM, Layer, Mode, SimpleRNN};
use crate::random::Seed;
use crate::tensor::Tensor;

/// A recurrent layer in each direction; see the [module](self).
#[derive(Debug)]
pub struct Bidirectional {
    forward: Box<dyn Recurrent>,
    backward: Box<dyn Recurrent>,
}

impl Bidirectional {
    /// The given layer forwards, and another of its kind backwards.
    pub fn new(layer: impl Recurrent + Clone + 'static) -> Self {
        Self {
            forward: Box::new(layer.clone()),
            backward: Box::new(layer),
        }
    }

    /// The layer that [`Layer::config`] described, without weights.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        match config.text("layer")? {
            "SimpleRNN" => SimpleRNN::from_config(config).map(Self::new),
            "LSTM" => LSTM::from_config(config).map(Self::new),
            "GRU" => GRU::from_config(config).map(Self::new),
            other => Err(Error::new("Bidirectional")
                .expected("SimpleRNN, LSTM or GRU inside")
                .got(other)
                .hint("the model was saved by another version of the library")),
        }
    }
}

impl Layer for Bidirectional {
    fn name(&self) -> &str {
        "Bidirectional"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        let mut shape = self.forward.build(input, seed.part(0))?;
        self.backward.build(input, seed.part(1))?;
        if let Some(units) = shape.last_mut() {
            *units *= 2;
        }
        Ok(shape)
    }

    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor> {
        let there = self.forward.forward(input, mode)?;
        let back = self.backward.forward(&input.reversed_steps()?, mode)?;
        let back = match self.backward.returns_sequences() {
            true => back.reversed_steps()?,
            false => back,
        };
        Tensor::concatenate(&[&there, &back], there.rank() - 1)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        const NAMES: [&str; 6] = [
            "forward_kernel",
            "forward_recurrent_kernel",
            "forward_bias",
            "backward_kernel",
            "backward_recurrent_kernel",
            "backward_bias",
        ];
        let both = [&self.forward, &self.backward];
        let weights = both.into_iter().flat_map(|layer| layer.parameters());
        NAMES
            .into_iter()
            .zip(weights.map(|(_, weights)| weights))
            .collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        let mut weights = self.forward.parameters_mut();
        weights.extend(self.backward.parameters_mut());
        weights
    }

    fn reset_state(&self) {
        self.forward.reset_state();
        self.backward.reset_state();
    }

    fn carried_rows(&self) -> Option<usize> {
        self.forward.carried_rows()
    }

    fn config(&self) -> Option<Config> {
        let config = self.forward.config()?;
        Some(config.with("layer", self.forward.name()))
    }
}
