//! The fully connected layer: every unit looks at every input.
//!
//! output = activation(x · W + b)
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, inputs]`, or `[batch, steps, inputs]` with each step by itself |
//! | W | `[inputs, units]` |
//! | b | `[units]` |
//! | output | `[batch, units]`, or `[batch, steps, units]` |
//!
//! W starts as [`Initializer::GlorotUniform`] and b as 0, as in Keras.
//! Source: the artificial neuron and the two-layer network of the lectures; Rosenblatt 1958.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(3), layers![Dense::new(2).activation(ReLU)], Seed(7))?;
//! let x = Tensor::from_rows(&[[1.0, 0.0, -1.0]])?;
//! assert_eq!(model.predict(&x)?.shape(), [1, 2]);
//! # Ok::<(), Error>(())
//! ```

use super::{Activation, Config, Initializer, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// A fully connected layer; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct Dense {
    units: usize,
    activation: Activation,
    use_bias: bool,
    initializer: Initializer,
    weights: Option<Tensor>,
    bias: Option<Tensor>,
}

impl Dense {
    /// A layer of so many units, linear until an [activation](Dense::activation) is given.
    pub fn new(units: usize) -> Self {
        Self {
            units,
            activation: Activation::Linear,
            use_bias: true,
            initializer: Initializer::default(),
            weights: None,
            bias: None,
        }
    }

    /// The function applied to each unit's sum. Default: `Linear`.
    #[must_use]
    pub fn activation(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }

    /// Whether units have a bias. Default: yes.
    #[must_use]
    pub fn use_bias(self, use_bias: bool) -> Self {
        Self { use_bias, ..self }
    }

    /// From where the initial weights are drawn. Default: [`Initializer::GlorotUniform`].
    #[must_use]
    pub fn initializer(self, initializer: Initializer) -> Self {
        Self { initializer, ..self }
    }

    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Ok(Self::new(config.whole("units")?)
            .activation(Activation::from_config(config)?)
            .use_bias(config.flag("use_bias")?))
    }

    pub(crate) fn units(&self) -> usize {
        self.units
    }

    pub(crate) fn ends_in_softmax(&self) -> bool {
        self.activation == Activation::Softmax
    }
}

impl Layer for Dense {
    fn name(&self) -> &str {
        "Dense"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        let Some((&inputs, steps)) = input.split_last() else {
            return Err(Error::new("Dense")
                .expected("inputs with at least one feature")
                .got("inputs that are single numbers")
                .hint("reshape them to [rows, 1]"));
        };
        if self.units == 0 {
            return Err(Error::new("Dense")
                .expected("at least 1 unit")
                .got("0 units")
                .hint("write Dense::new(units) with the number of outputs you need"));
        }
        if steps.len() > 1 {
            return Err(Error::new("Dense")
                .expected("inputs of shape [features] or [steps, features]")
                .got(format!("shape {input:?}"))
                .hint("put Flatten::new() before this layer"));
        }
        let weights = self
            .initializer
            .weights(&[inputs, self.units], inputs, self.units, seed.part(0))?;
        self.weights = Some(weights.with_gradient());
        self.bias = match self.use_bias {
            true => {
                let bias = self.initializer.biases(&[self.units], inputs, seed.part(1))?;
                Some(bias.with_gradient())
            }
            false => None,
        };
        Ok(steps.iter().copied().chain([self.units]).collect())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let weights = self.weights.as_ref().ok_or_else(|| {
            Error::new("Dense")
                .expected("a layer that was built")
                .got("one without weights")
                .hint("put it into Sequential::new(..), which builds it")
        })?;
        let bias = self.bias.as_ref();
        match self.activation {
            // Losses want the sums behind a sigmoid.
            activation if activation.follows_from_result() && activation != Activation::Sigmoid => {
                input.dense(weights, bias, activation)
            }
            activation => Ok(activation.apply(&input.dense(weights, bias, Activation::Linear)?)),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        let weights = self.weights.iter().map(|weights| ("weights", weights.clone()));
        weights
            .chain(self.bias.iter().map(|bias| ("bias", bias.clone())))
            .collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.weights.iter_mut().chain(self.bias.iter_mut()).collect()
    }

    fn config(&self) -> Option<Config> {
        let config = Config::new()
            .with("units", self.units)
            .with("activation", self.activation.to_string());
        Some(config.with("use_bias", self.use_bias))
    }
}
