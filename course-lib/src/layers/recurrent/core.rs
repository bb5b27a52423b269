//! What the recurrent layers share: options, weights, checks. They differ in their [`Cell`].

use std::cell::RefCell;

use super::State;
use crate::error::{Error, Result};
use crate::layers::{Activation, Config, Initializer};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::recurrent::{Cell, LastStates, Want, Weights, recurrent};

/// A recurrent layer of any kind.
#[derive(Debug, Clone)]
pub(super) struct Core {
    /// The layer's name.
    pub(super) name: &'static str,
    pub(super) units: usize,
    pub(super) activation: Activation,
    pub(super) return_sequences: bool,
    pub(super) stateful: bool,
    pub(super) initializer: Initializer,
    pub(super) recurrent_initializer: Initializer,
    /// Kernel, recurrent kernel, bias.
    pub(super) weights: Option<[Tensor; 3]>,
    /// What a stateful layer carries to the next batch.
    carried: RefCell<Option<State>>,
}

/// The weights' names, as in Keras.
pub(super) const NAMES: [&str; 3] = ["kernel", "recurrent_kernel", "bias"];

impl Core {
    pub(super) fn new(name: &'static str, units: usize) -> Self {
        Self {
            name,
            units,
            activation: Activation::Tanh,
            return_sequences: false,
            stateful: false,
            initializer: Initializer::GlorotUniform,
            recurrent_initializer: Initializer::Orthogonal,
            weights: None,
            carried: RefCell::default(),
        }
    }

    /// Makes the weights; `first_bias` says where the bias of a unit does not start at 0.
    pub(super) fn build<C: Cell>(
        &mut self,
        input: &[usize],
        seed: Seed,
        first_bias: impl Fn(usize) -> f32,
    ) -> Result<Vec<usize>> {
        let problem = |expected: &str, got: String, hint: &str| {
            Err(Error::new(self.name).expected(expected).got(got).hint(hint))
        };
        let &[steps, features] = input else {
            return problem(
                "inputs of shape [steps, features]",
                format!("shape {input:?}"),
                "reshape them to [rows, steps, 1] if each step is one number; \
                 a recurrent layer before this one needs return_sequences(true)",
            );
        };
        if self.units == 0 {
            let hint = format!("write {}::new(units) with the size of its state", self.name);
            return problem("at least 1 unit", "0 units".to_owned(), &hint);
        }
        if !self.activation.follows_from_result() {
            return problem(
                "an activation whose derivative follows from its result, such as Tanh or ReLU",
                self.activation.to_string(),
                "put the activation after the last recurrent layer, or into a Dense layer",
            );
        }
        let (units, width) = (self.units, C::GATES * self.units);
        // PyTorch draws all weights of these layers by the number of units.
        let by_pytorch = self.initializer == Initializer::PyTorch;
        let fan_in = if by_pytorch { units } else { features };
        let kernel = self
            .initializer
            .weights(&[features, width], fan_in, width, seed.part(0))?;
        let recurrent = self
            .recurrent_initializer
            .weights(&[units, width], units, width, seed.part(1))?;
        let bias_shape: &[usize] = if C::APART { &[2, width] } else { &[width] };
        let mut bias = self.initializer.biases(bias_shape, fan_in, seed.part(2))?;
        if !by_pytorch {
            bias.change(|values| {
                for (place, value) in values.iter_mut().enumerate() {
                    *value = first_bias(place / units);
                }
            });
        }
        self.weights = Some([kernel, recurrent, bias].map(|weights| weights.with_gradient()));
        self.reset_state();
        Ok(match self.return_sequences {
            true => vec![steps, units],
            false => vec![units],
        })
    }

    pub(super) fn forward<C: Cell>(&self, cell: C, x: &Tensor) -> Result<Tensor> {
        let want = if self.return_sequences {
            Want::Each
        } else {
            Want::Last
        };
        if !self.stateful {
            return Ok(self.run(cell, x, None, want)?.0);
        }
        let before = self.carried.borrow().clone();
        let rows = x.shape().first().copied().unwrap_or(0);
        if let Some(state) = &before {
            let known = state.hidden.shape().first().copied().unwrap_or(0);
            if known != rows {
                return Err(Error::new(self.name)
                    .expected(format!(
                        "batches of {known} rows, as the state that is carried on"
                    ))
                    .got(format!("a batch of {rows}"))
                    .hint(
                        "choose a batch size that divides the number of rows, or call reset_state() before",
                    ));
            }
        }
        let (output, last) = self.run(cell, x, before.as_ref(), want)?;
        if let [Some(hidden), cell] = last.tensors(self.units) {
            self.carried.replace(Some(State { hidden, cell }));
        }
        Ok(output)
    }

    pub(super) fn forward_with_state<C: Cell>(
        &self,
        cell: C,
        x: &Tensor,
        state: Option<&State>,
    ) -> Result<(Tensor, State)> {
        if let Some(state) = state {
            let expected = [x.shape().first().copied().unwrap_or(0), self.units];
            let fits = |tensor: &Tensor| tensor.shape() == expected;
            if !state.tensors().into_iter().all(fits) || state.cell.is_some() != C::CARRIES_CELL {
                let shapes: Vec<_> = state.tensors().into_iter().map(Tensor::shape).collect();
                let kind = if C::CARRIES_CELL {
                    "hidden and cell state"
                } else {
                    "hidden state alone"
                };
                return Err(Error::new(self.name)
                    .expected(format!("a {kind} of shape {expected:?}"))
                    .got(format!("shapes {shapes:?}"))
                    .hint("start from None, or from the state of a layer of the same kind and size"));
            }
        }
        let (all, _) = self.run(cell, x, state, Want::All)?;
        let steps = x.shape().get(1).copied().unwrap_or(1);
        if !C::CARRIES_CELL {
            let hidden = all.steps(steps - 1..steps)?;
            let hidden = hidden.reshape([hidden.count() / self.units, self.units])?;
            return Ok((all, State { hidden, cell: None }));
        }
        let one = |step: usize| {
            let state = all.steps(step..step + 1)?;
            state.reshape([state.count() / self.units, self.units])
        };
        let state = State {
            hidden: one(steps - 1)?,
            cell: Some(one(steps)?),
        };
        Ok((all.steps(0..steps)?, state))
    }

    fn run<C: Cell>(
        &self,
        cell: C,
        x: &Tensor,
        state: Option<&State>,
        want: Want,
    ) -> Result<(Tensor, LastStates)> {
        let Some([kernel, recurrent_kernel, bias]) = &self.weights else {
            return Err(Error::new(self.name)
                .expected("a layer that was built")
                .got("one without weights")
                .hint("put it into Sequential::new(..), which builds it"));
        };
        let features = kernel.shape()[0];
        if !matches!(*x.shape(), [_, _, own] if own == features) {
            return Err(Error::new(self.name)
                .expected(format!("inputs of shape [batch, steps, {features}]"))
                .got(format!("shape {:?}", x.shape()))
                .hint("reshape them, and check which axis holds the steps"));
        }
        let weights = Weights {
            kernel,
            recurrent: recurrent_kernel,
            bias,
        };
        let initial = state.map(State::tensors).unwrap_or_default();
        Ok(recurrent(cell, x, &weights, &initial, want))
    }

    pub(super) fn reset_state(&self) {
        self.carried.replace(None);
    }

    pub(super) fn carried_rows(&self) -> Option<usize> {
        let rows = |state: &State| state.hidden.shape().first().copied();
        self.stateful
            .then(|| self.carried.borrow().as_ref().and_then(rows).unwrap_or(0))
    }

    pub(super) fn config(&self) -> Config {
        Config::new()
            .with("units", self.units)
            .with("activation", self.activation.to_string())
            .with("return_sequences", self.return_sequences)
            .with("stateful", self.stateful)
    }

    pub(super) fn from_config(name: &'static str, config: &Config) -> Result<Self> {
        Ok(Self {
            activation: Activation::parse(config.text("activation")?)?,
            return_sequences: config.flag("return_sequences")?,
            stateful: config.flag("stateful")?,
            ..Self::new(name, config.whole("units")?)
        })
    }
}

/// The options and the [`Layer`](crate::layers::Layer) of one kind of recurrent layer, whose type is a struct of a [`Core`].
macro_rules! recurrent_layer {
    ($layer:ident, $cell:ident, $first_bias:expr) => {
        impl $layer {
            /// A layer whose state has so many values.
            pub fn new(units: usize) -> Self {
                Self(Core::new(stringify!($layer), units))
            }

            /// Whether the output is the state after each step, `[batch, steps, units]`, or the last one alone.
            /// Default: the last one.
            #[must_use]
            pub fn return_sequences(mut self, return_sequences: bool) -> Self {
                self.0.return_sequences = return_sequences;
                self
            }

            /// Whether row i of a batch goes on from the state that row i of the batch before ended in. Then all
            /// batches have as many rows, and `fit` must not shuffle. Gradients do not flow from batch to
            /// batch. Default: no, each row starts from 0. See [`stateful`](crate::model::stateful) for networks
            /// with such a layer.
            #[must_use]
            pub fn stateful(mut self, stateful: bool) -> Self {
                self.0.stateful = stateful;
                self
            }

            /// The function that bounds the state; gates keep their sigmoid. Default: `Tanh`.
            #[must_use]
            pub fn activation(mut self, activation: Activation) -> Self {
                self.0.activation = activation;
                self
            }

            /// From where the initial kernel is drawn. Default: [`Initializer::GlorotUniform`].
            #[must_use]
            pub fn initializer(mut self, initializer: Initializer) -> Self {
                self.0.initializer = initializer;
                self
            }

            /// From where the initial recurrent kernel is drawn. Default: [`Initializer::Orthogonal`].
            #[must_use]
            pub fn recurrent_initializer(mut self, initializer: Initializer) -> Self {
                self.0.recurrent_initializer = initializer;
                self
            }

            /// The layer that [`Layer::config`] described, without weights.
            pub(crate) fn from_config(config: &Config) -> Result<Self> {
                Core::from_config(stringify!($layer), config).map(Self)
            }
        }

        impl Layer for $layer {
            fn name(&self) -> &str {
                self.0.name
            }

            fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
                self.0.build::<$cell>(input, seed, $first_bias)
            }

            fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
                self.0.forward($cell(self.0.activation), input)
            }

            fn parameters(&self) -> Vec<(&'static str, Tensor)> {
                let weights = self.0.weights.iter().flatten().cloned();
                NAMES.into_iter().zip(weights).collect()
            }

            fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
                self.0.weights.iter_mut().flatten().collect()
            }

            fn reset_state(&self) {
                self.0.reset_state();
            }

            fn carried_rows(&self) -> Option<usize> {
                self.0.carried_rows()
            }

            fn config(&self) -> Option<Config> {
                Some(self.0.config())
            }
        }

        impl Recurrent for $layer {
            fn units(&self) -> usize {
                self.0.units
            }

            fn returns_sequences(&self) -> bool {
                self.0.return_sequences
            }

            fn forward_with_state(&self, x: &Tensor, state: Option<&State>) -> Result<(Tensor, State)> {
                self.0
                    .forward_with_state($cell(self.0.activation), x, state)
            }
        }
    };
}
pub(super) use recurrent_layer;
