//! A deep network without activations is one linear map (slide "Activation Function", lesson 02).
//!
//! ((x W₁ + b₁) W₂ + b₂) W₃ + b₃ = x W + b, with W = W₁ W₂ W₃ and b = (b₁ W₂ + b₂) W₃ + b₃.
//!
//! W and b need not be multiplied out; the network itself tells them. It gives b for an input of zeros, and
//! row i of W, plus b, for an input that is 1 at place i and 0 elsewhere.
//!
//! | | shape |
//! | --- | --- |
//! | W | `[inputs, outputs]` |
//! | b | `[outputs]` |
//!
//! ```
//! use course_lib::lectures::collapse;
//! use course_lib::prelude::*;
//!
//! let deep = Sequential::new(Input(3), layers![Dense::new(8), Dense::new(8), Dense::new(2)], Seed(1))?;
//! assert!(collapse(&deep)?.difference() < 1e-5); // 122 weights say no more than 8
//!
//! let with_relu = layers![Dense::new(8).activation(ReLU), Dense::new(8), Dense::new(2)];
//! let deep = Sequential::new(Input(3), with_relu, Seed(1))?;
//! assert!(collapse(&deep)?.difference() > 0.1);
//! # Ok::<(), Error>(())
//! ```

use super::tables::{number, shows_as_table, words};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::model::Sequential;
use crate::random::Seed;
use crate::tensor::Tensor;

/// How many random inputs the map is tried on.
const TRIED: usize = 100;

/// The linear map x W + b that a network would be, and how far it is from that. From [`collapse`].
#[derive(Debug, Clone, PartialEq)]
pub struct LinearMap {
    /// W, shape `[inputs, outputs]`.
    pub weights: Tensor,
    /// b, shape `[outputs]`.
    pub bias: Tensor,
    difference: f32,
}

/// Finds the one linear map that a network without activations is, and compares the two.
///
/// # Errors
/// A network whose inputs are not rows of features.
pub fn collapse(model: &Sequential) -> Result<LinearMap> {
    let [inputs] = *model.input_shape() else {
        return Err(Error::new("collapse")
            .expected("a network whose input is a row of features, as Input(3)")
            .got(format!("Input({:?})", model.input_shape()))
            .hint("flatten the images first"));
    };
    let diagonal = |i: usize| f32::from(i.is_multiple_of(inputs + 1));
    let identity = Tensor::from_vec((0..inputs * inputs).map(diagonal).collect(), [inputs, inputs])?;
    let bias = model.predict(&Tensor::zeros([1, inputs])?)?.row(0)?;
    let weights = (model.predict(&identity)? - &bias)?;
    let x = Tensor::normal([TRIED, inputs], 0.0, 1.0, Seed(1))?;
    let apart = (model.predict(&x)? - (x.matmul(&weights) + &bias)?)?;
    Ok(LinearMap {
        weights,
        bias,
        difference: apart
            .to_vec()
            .into_iter()
            .fold(0.0, |most, value| value.abs().max(most)),
    })
}

impl LinearMap {
    /// x W + b, for rows x: shape `[rows, inputs]` to `[rows, outputs]`.
    ///
    /// # Errors
    /// Rows of another width.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        x.matmul(&self.weights) + &self.bias
    }

    /// The largest difference between the network's outputs and the map's, over 100 inputs from N(0, 1): no
    /// more than rounding if the network has no activations.
    pub fn difference(&self) -> f32 {
        self.difference
    }

    fn table(&self) -> Table {
        let shown = |tensor: &Tensor| {
            let text = tensor.to_string();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Table {
            columns: vec![
                words("", ["W", "b"]),
                words("values", [shown(&self.weights), shown(&self.bias)]),
            ],
            caption: format!(
                "largest difference to the network on {TRIED} random inputs: {}",
                number(self.difference)
            ),
        }
    }
}

shows_as_table!(LinearMap);
