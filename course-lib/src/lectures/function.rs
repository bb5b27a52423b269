//! An activation function of one number, as the by-hand neurons and networks use it.

use crate::error::Result;
use crate::layers::Activation;
use crate::tensor::Tensor;

/// f(s): the library's activation, so that what is done by hand gives the library's numbers.
pub(super) fn value(f: Activation, s: f32) -> f32 {
    f.apply(&Tensor::scalar(s)).to_vec()[0]
}

/// f'(s).
pub(super) fn derivative(f: Activation, s: f32) -> Result<f32> {
    f.derivative(&Tensor::scalar(s))?.item()
}
