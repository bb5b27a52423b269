//! Flatten: the values of each sample in one row.
//!
//! Shapes: `[batch, a, b, ..]` gives `[batch, a · b · ..]`; nothing is calculated and nothing is copied. The last axis
//! moves fastest, as in Keras's `Flatten` and PyTorch's `nn.Flatten`, which it is modelled on.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input([28, 28]), layers![Flatten::new()], Seed(7))?;
//! assert_eq!(model.predict(&Tensor::zeros([2, 28, 28])?)?.shape(), [2, 784]);
//! # Ok::<(), Error>(())
//! ```

use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// Puts the values of each sample in one row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flatten;

impl Flatten {
    /// A layer without options.
    pub fn new() -> Self {
        Self
    }
}

impl Layer for Flatten {
    fn name(&self) -> &str {
        "Flatten"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        Ok(vec![input.iter().product()])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        match input.shape() {
            [batch, sample @ ..] => input.reshape([*batch, sample.iter().product()]),
            [] => Err(Error::new("Flatten")
                .expected("a batch of samples")
                .got("a single number")
                .hint("the first axis counts the samples")),
        }
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new())
    }
}
