//! Long short-term memory: a cell state c that gates write to, keep and read.
//!
//! i, f, o = sigmoid(x(t) · W + h(t-1) · U + b), each with columns of its own: input, forget, output gate;
//! g = tanh of its own columns; c(t) = f · c(t-1) + i · g; h(t) = o · tanh(c(t)). Both states start at 0.
//!
//! | | name | shape |
//! | --- | --- | --- |
//! | x | | `[batch, steps, features]` |
//! | W | `kernel` | `[features, 4 · units]`, columns in the order i, f, g, o |
//! | U | `recurrent_kernel` | `[units, 4 · units]` |
//! | b | `bias` | `[4 · units]`; f's starts at 1, the others at 0 |
//! | output | | `[batch, units]`, or `[batch, steps, units]` with `return_sequences(true)` |
//!
//! Names, order and start are Keras's. PyTorch has the same order, the matrices turned, and two biases that add up.
//! Source: Hochreiter, Schmidhuber 1997; the forget gate Gers, Schmidhuber, Cummins 2000; its bias of 1
//! Jozefowicz, Zaremba, Sutskever 2015.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! // Two rows of three steps with one number each; what comes after them?
//! let x = Tensor::from_vec(vec![0.1, 0.2, 0.3, 0.6, 0.7, 0.8], [2, 3, 1])?;
//! let y = Tensor::from_rows(&[[0.4], [0.9]])?;
//!
//! let mut model = Sequential::new(Input([3, 1]), layers![LSTM::new(4), Dense::new(1)], Seed(7))?;
//! model.compile(Adam { learning_rate: 0.05, ..Adam::default() }, Loss::MeanSquaredError, &[])?;
//! model.fit(&x, &y, Fit { epochs: 100, verbose: false, ..Fit::default() })?;
//! assert!(model.evaluate(&x, &y)?.loss < 0.01);
//! # Ok::<(), Error>(())
//! ```

use super::core::{Core, NAMES, recurrent_layer};
use super::{Recurrent, State};
use crate::error::Result;
use crate::layers::{Activation, Config, Initializer, Layer, Mode};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::recurrent::LstmCell;

/// Long short-term memory; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct LSTM(Core);

recurrent_layer!(LSTM, LstmCell, |gate| if gate == 1 { 1.0 } else { 0.0 });
