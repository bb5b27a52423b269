//! Vanishing and exploding gradients, in numbers (lesson 02).
//!
//! A deep stack of `depth` dense layers with the same activation f gets a batch from N(0, 1), and the mean of
//! its outputs is walked back. By the chain rule the gradient of layer k holds a factor f'(s) · W for each layer above
//! it. The sigmoid's derivative is at most ¼, so most of the gradient is gone after a few layers.
//!
//! Shapes: batch `[64, width]`, each layer's weights `[width, width]`.
//! Source: Hochreiter 1991; Glorot, Bengio 2010.
//!
//! ```
//! use course_lib::lectures::DeepStack;
//! use course_lib::layers::Activation::{ReLU, Sigmoid};
//! use course_lib::layers::Initializer::HeNormal;
//!
//! let sigmoid = DeepStack { activation: Sigmoid, ..DeepStack::default() }.gradients()?;
//! let relu = DeepStack { activation: ReLU, initializer: HeNormal, ..DeepStack::default() }.gradients()?;
//! assert!(sigmoid.kept() < 1e-4);
//! assert!(relu.kept() > 1e-2);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::tables::{count, number, numbers, shows_as_table, written};
use crate::data::table::Table;
use crate::error::Result;
use crate::layers::{Activation, Dense, Initializer, Layer};
use crate::model::{Input, Sequential};
use crate::random::Seed;
use crate::tensor::Tensor;

/// How many random rows go through the stack.
const BATCH: usize = 64;

/// A deep stack of equal layers; see the [module](self).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeepStack {
    /// How many layers. Default: 10.
    pub depth: usize,
    /// How many units each layer has. Default: 16.
    pub width: usize,
    /// f, the activation of each layer. Default: sigmoid.
    pub activation: Activation,
    /// From where weights are drawn. Default: [`Initializer::GlorotUniform`].
    pub initializer: Initializer,
    /// Where the random numbers start. Default: `Seed(1)`.
    pub seed: Seed,
}

impl Default for DeepStack {
    fn default() -> Self {
        Self {
            depth: 10,
            width: 16,
            activation: Activation::Sigmoid,
            initializer: Initializer::default(),
            seed: Seed(1),
        }
    }
}

impl DeepStack {
    /// Walks the mean of the outputs back, and measures what arrives at each layer.
    ///
    /// # Errors
    /// A depth or width of 0.
    pub fn gradients(&self) -> Result<LayerGradients> {
        let layer = || -> Box<dyn Layer> {
            let dense = Dense::new(self.width).activation(self.activation);
            Box::new(dense.initializer(self.initializer))
        };
        let layers = (0..self.depth).map(|_| layer()).collect();
        let model = Sequential::new(Input(self.width), layers, self.seed.part(0))?;
        let x = Tensor::normal([BATCH, self.width], 0.0, 1.0, self.seed.part(1))?;
        let gradients = model.forward(&x)?.mean().backward()?;
        let weights = model
            .weights()
            .into_iter()
            .filter(|(_, weights)| weights.rank() == 2);
        let norm = |(_, weights): (String, Tensor)| gradients.get(&weights)?.square().sum().sqrt().item();
        Ok(LayerGradients {
            activation: self.activation,
            norms: weights.map(norm).collect::<Result<_>>()?,
        })
    }
}

/// The gradient that arrives at each layer. From [`DeepStack::gradients`].
#[derive(Debug, Clone, PartialEq)]
pub struct LayerGradients {
    activation: Activation,
    norms: Vec<f32>,
}

impl LayerGradients {
    /// ‖∂L/∂W‖ of each layer, the one at the inputs first.
    pub fn norms(&self) -> &[f32] {
        &self.norms
    }

    /// The share of the last layer's gradient that arrives at the first: ‖∂L/∂W₁‖ / ‖∂L/∂W_last‖. NaN if nothing
    /// arrived at the last.
    pub fn kept(&self) -> f32 {
        match self.norms[..] {
            [first, .., last] => first / last,
            _ => 1.0,
        }
    }

    fn table(&self) -> Table {
        let last = self.norms.last().copied().unwrap_or(f32::NAN);
        Table {
            columns: vec![
                numbers("layer", (1..=self.norms.len()).map(|layer| layer as f64)),
                written("‖∂L/∂W‖", self.norms.iter().map(|norm| format!("{norm:.3e}"))),
                written(
                    "share of the last layer's",
                    self.norms.iter().map(|norm| number(norm / last)),
                ),
            ],
            caption: format!(
                "{} with {}: {} of the gradient arrives at the first",
                count(self.norms.len(), "layer"),
                self.activation,
                number(self.kept())
            ),
        }
    }
}

shows_as_table!(LayerGradients);

crate::notebook::shows_options!(DeepStack {
    depth,
    width,
    activation,
    initializer,
    seed
});
