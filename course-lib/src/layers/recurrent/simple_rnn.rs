//! The plain recurrent layer: its state is its output.
//!
//! h(t) = tanh(x(t) · W + h(t-1) · U + b), with h(0) = 0.
//!
//! | | name | shape |
//! | --- | --- | --- |
//! | x | | `[batch, steps, features]` |
//! | W | `kernel` | `[features, units]` |
//! | U | `recurrent_kernel` | `[units, units]` |
//! | b | `bias` | `[units]` |
//! | output | | `[batch, units]`, or `[batch, steps, units]` with `return_sequences(true)` |
//!
//! Gradients shrink from step to step on the way back, so that it hardly learns what lies more than some ten
//! steps ago; [`LSTM`](super::LSTM) and [`GRU`](super::GRU) do. Source: Elman 1990.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input([3, 1]), layers![SimpleRNN::new(4), Dense::new(1)], Seed(7))?;
//! let x = Tensor::from_vec(vec![0.1, 0.2, 0.3], [1, 3, 1])?;
//! assert_eq!(model.predict(&x)?.shape(), [1, 1]);
//! # Ok::<(), Error>(())
//! ```

use super::core::{Core, NAMES, recurrent_layer};
use super::{Recurrent, State};
use crate::error::Result;
use crate::layers::{Activation, Config, Initializer, Layer, Mode};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::recurrent::SimpleCell;

/// The plain recurrent layer; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct SimpleRNN(Core);

recurrent_layer!(SimpleRNN, SimpleCell, |_| 0.0);
