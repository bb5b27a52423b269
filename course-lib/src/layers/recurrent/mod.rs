//! Layers for sequences: each step's output depends on the steps before it.
//!
//! | layer | state | source |
//! | --- | --- | --- |
//! | [`SimpleRNN`] | h | Elman 1990 |
//! | [`LSTM`] | h and c | Hochreiter, Schmidhuber 1997; with forget gate Gers and others 2000 |
//! | [`GRU`] | h | Cho and others 2014 |
//! | [`Bidirectional`] | one of these in each direction | Schuster, Paliwal 1997 |
//! | [`RepeatVector`] | none: one vector as a sequence | |
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, steps, features]` |
//! | output | `[batch, units]`: the state after the last step |
//! | output with `return_sequences(true)` | `[batch, steps, units]`: the state after each step |
//!
//! A recurrent layer on another wants sequences from it. Weights start as in Keras: kernels as
//! [`Initializer::GlorotUniform`](super::Initializer::GlorotUniform), recurrent kernels as
//! [`Initializer::Orthogonal`](super::Initializer::Orthogonal), biases 0, but for the forget gate of an [`LSTM`],
//! whose bias is 1.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let layers = layers![LSTM::new(8).return_sequences(true), GRU::new(4), Dense::new(1)];
//! let model = Sequential::new(Input([12, 1]), layers, Seed(7))?;
//! let year = Tensor::linspace(0.0, 1.0, 12)?.reshape([1, 12, 1])?;
//! assert_eq!(model.predict(&year)?.shape(), [1, 1]);
//! # Ok::<(), Error>(())
//! ```
//!
//! A loop written by hand goes through [`Recurrent::forward_with_state`]. A layer with `stateful(true)` carries its state
//! from batch to batch: see [`stateful`](crate::model::stateful).

pub mod bidirectional;
mod core;
pub mod gru;
pub mod lstm;
pub mod repeat_vector;
pub mod simple_rnn;

use std::fmt;

use super::Layer;
use crate::error::Result;
use crate::tensor::Tensor;

pub use bidirectional::Bidirectional;
pub use gru::GRU;
pub use lstm::LSTM;
pub use repeat_vector::RepeatVector;
pub use simple_rnn::SimpleRNN;

/// What a recurrent layer knows of the steps so far.
#[derive(Debug, Clone)]
pub struct State {
    /// The output of the last step: `[batch, units]`.
    pub hidden: Tensor,
    /// The cell state c of an LSTM: `[batch, units]`.
    pub cell: Option<Tensor>,
}

impl State {
    /// The same numbers; gradients stop here.
    #[must_use]
    pub fn detach(&self) -> State {
        State {
            hidden: self.hidden.detach(),
            cell: self.cell.as_ref().map(Tensor::detach),
        }
    }

    fn tensors(&self) -> Vec<&Tensor> {
        [&self.hidden].into_iter().chain(&self.cell).collect()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hidden state {}", self.hidden)?;
        match &self.cell {
            Some(cell) => write!(f, "\ncell state {cell}"),
            None => Ok(()),
        }
    }
}

crate::notebook::shows_in_words!(State);

/// A layer that carries a state from step to step: [`SimpleRNN`], [`LSTM`], [`GRU`].
pub trait Recurrent: Layer {
    /// How many values the state has.
    fn units(&self) -> usize;

    /// Whether the output is the state after each step.
    fn returns_sequences(&self) -> bool;

    /// Runs over a sequence `[batch, steps, features]` from the given state on (none: zeros). Returns the state
    /// after each step, `[batch, steps, units]`, and the last one, both recorded for gradients.
    ///
    /// ```
    /// use course_lib::prelude::*;
    ///
    /// let mut lstm = LSTM::new(2);
    /// lstm.build(&[3, 1], Seed(7))?;
    /// let x = Tensor::from_vec(vec![0.1, 0.2, 0.3], [1, 3, 1])?;
    ///
    /// // Step by step, as over the whole sequence at once:
    /// let (outputs, last) = lstm.forward_with_state(&x, None)?;
    /// let mut state = None;
    /// for step in [0.1, 0.2, 0.3] {
    ///     let x = Tensor::from_vec(vec![step], [1, 1, 1])?;
    ///     state = Some(lstm.forward_with_state(&x, state.as_ref())?.1);
    /// }
    /// assert_eq!(outputs.shape(), [1, 3, 2]);
    /// assert!(state.is_some_and(|state| state.hidden.to_vec() == last.hidden.to_vec()));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A layer that was not built; a sequence with another number of features; a state of another shape or of
    /// another kind of layer.
    fn forward_with_state(&self, x: &Tensor, state: Option<&State>) -> Result<(Tensor, State)>;
}
