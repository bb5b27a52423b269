//! Reshape: the values of each sample in another shape.
//!
//! Shapes: `[batch, a, b, ..]` gives `[batch, shape..]` with as many values; nothing is calculated and nothing is
//! copied. At most one size may be left open with [`Reshape::INFERRED`], and follows from the others. The last axis moves
//! fastest, as in Keras's `Reshape` and PyTorch's `nn.Unflatten`, which it is modelled on.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(784), layers![Reshape::new([1, 28, 28])], Seed(7))?;
//! assert_eq!(model.output_shape(), [1, 28, 28]);
//! let model = Sequential::new(Input([28, 28]), layers![Reshape::new([Reshape::INFERRED, 7, 7])], Seed(7))?;
//! assert_eq!(model.output_shape(), [16, 7, 7]);
//! # Ok::<(), Error>(())
//! ```

use super::images::{check_samples, not_built};
use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// Gives each sample another shape; see the [module](self).
#[derive(Debug, Clone)]
pub struct Reshape {
    shape: Vec<usize>,
    /// The shapes of a sample before and after.
    built: Option<[Vec<usize>; 2]>,
}

impl Reshape {
    /// The size that follows from the others, as -1 in Keras and PyTorch.
    pub const INFERRED: usize = usize::MAX;

    /// The new shape of a sample, without the batch axis.
    pub fn new(shape: impl AsRef<[usize]>) -> Self {
        Self {
            shape: shape.as_ref().to_vec(),
            built: None,
        }
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Ok(Self::new(config.sizes("shape")?))
    }

    /// The shape with the open size filled in, if it fits so many values.
    fn completed(&self, count: usize) -> Option<Vec<usize>> {
        let mut given = self.shape.iter().filter(|size| **size != Self::INFERRED);
        let known = given.try_fold(1_usize, |product, size| product.checked_mul(*size))?;
        let open = self.shape.iter().filter(|size| **size == Self::INFERRED).count();
        if known == 0 || !count.is_multiple_of(known) || open > 1 || (open == 0 && known != count) {
            return None;
        }
        let fill = |size: &usize| {
            if *size == Self::INFERRED {
                count / known
            } else {
                *size
            }
        };
        Some(self.shape.iter().map(fill).collect())
    }

    fn written(&self) -> String {
        let sizes = self.shape.iter().map(|size| match *size {
            Self::INFERRED => "INFERRED".to_owned(),
            size => size.to_string(),
        });
        format!("[{}]", sizes.collect::<Vec<_>>().join(", "))
    }
}

impl Layer for Reshape {
    fn name(&self) -> &str {
        "Reshape"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let count: usize = input.iter().product();
        let shape = self.completed(count).filter(|shape| !shape.is_empty()).ok_or_else(|| {
            Error::new("Reshape")
                .expected(format!(
                    "a shape with {count} values, as each sample of shape {input:?} has, and at most one INFERRED size"
                ))
                .got(self.written())
                .hint("the sizes multiply to the number of values; the batch axis is not part of them")
        })?;
        self.built = Some([input.to_vec(), shape.clone()]);
        Ok(shape)
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let [before, after] = self.built.as_ref().ok_or_else(|| not_built("Reshape"))?;
        check_samples("Reshape", input, before)?;
        let mut shape = input.shape()[..1].to_vec();
        shape.extend(after);
        input.reshape(shape)
    }

    fn config(&self) -> Option<Config> {
        // The shape as it came out: an open size would be written as a very large number.
        let shape = self.built.as_ref().map_or(&self.shape, |[_, after]| after);
        Some(Config::new().with("shape", shape.clone()))
    }
}
