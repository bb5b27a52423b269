//! The gated recurrent unit: fewer gates than an LSTM's, and one state.
//!
//! z, r = sigmoid(x(t) · W + b₁ + h(t-1) · U + b₂), each with columns of its own: update, reset gate;
//! n = tanh(x(t) · W + b₁ + r · (h(t-1) · U + b₂)) with its own columns; h(t) = z · h(t-1) + (1 - z) · n, with h(0) = 0.
//!
//! | | name | shape |
//! | --- | --- | --- |
//! | x | | `[batch, steps, features]` |
//! | W | `kernel` | `[features, 3 · units]`, columns in the order z, r, n |
//! | U | `recurrent_kernel` | `[units, 3 · units]` |
//! | b₁, b₂ | `bias` | `[2, 3 · units]`, one row each |
//! | output | | `[batch, units]`, or `[batch, steps, units]` with `return_sequences(true)` |
//!
//! Names, order and start are Keras's; the reset gate acts after the product, as in Keras (`reset_after`) and
//! PyTorch. PyTorch's order is r, z, n, its matrices are turned. Source: Cho and others 2014.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input([3, 1]), layers![GRU::new(4), Dense::new(1)], Seed(7))?;
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
use crate::tensor::ops::recurrent::GruCell;

/// The gated recurrent unit; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct GRU(Core);

recurrent_layer!(GRU, GruCell, |_| 0.0);
