//! What a network is made of, a layer a file.
//!
//! A layer is described first (`Dense::new(16).activation(ReLU)`) and gets its weights when a
//! [`Sequential`](crate::model::Sequential) tells it the shape of its input. Anything that implements
//! [`Layer`] can stand in a network, also one written in a notebook.

pub mod activation;
pub mod batch_normalization;
pub mod config;
pub mod conv2d;
pub mod conv2d_transpose;
pub mod convolve;
pub mod dense;
pub mod dropout;
pub mod embedding;
pub mod flatten;
pub mod gaussian_noise;
pub mod images;
pub mod initializer;
pub mod layer_normalization;
pub mod pooling;
pub mod recurrent;
pub(crate) mod registry;
pub mod reshape;
mod show;
pub mod upsampling;

use std::fmt;

use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;

pub use activation::Activation;
pub use batch_normalization::BatchNormalization;
pub use config::Config;
pub use conv2d::Conv2D;
pub use conv2d_transpose::Conv2DTranspose;
pub use convolve::convolve;
pub use dense::Dense;
pub use dropout::Dropout;
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use gaussian_noise::GaussianNoise;
pub use images::{Padding, Size2D};
pub use initializer::Initializer;
pub use layer_normalization::LayerNormalization;
pub use pooling::{AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D};
pub use recurrent::{Bidirectional, GRU, LSTM, Recurrent, RepeatVector, SimpleRNN, State};
pub use reshape::Reshape;
pub use upsampling::{UpSampling2D, ZeroPadding2D};

/// Whether a network is learning or used. Dropout and batch normalisation behave differently in the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Weights are being learned.
    Training,
    /// Weights are used as they are.
    #[default]
    Inference,
}

/// One step of a network: shape `[batch, ..]` to shape `[batch, ..]`.
pub trait Layer: fmt::Debug {
    /// The name of the layer's type, as in the summary: `Dense`.
    fn name(&self) -> &str;

    /// Makes the weights for inputs of the given shape (without the batch axis) and returns the shape of
    /// the outputs.
    ///
    /// # Errors
    /// An input shape or options that the layer cannot work with.
    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>>;

    /// Calculates the outputs for a batch of inputs.
    ///
    /// # Errors
    /// Inputs of another shape than the layer was built for.
    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor>;

    /// The layer's weights with their names; those made with gradient are learned, others are kept.
    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        Vec::new()
    }

    /// The same weights in the same order, to be changed.
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        Vec::new()
    }

    /// Forgets what the layer carries from one batch to the next, such as the state of a stateful LSTM. A network
    /// has [`reset_states`](crate::model::Sequential::reset_states) for all of its layers.
    fn reset_state(&self) {}

    /// How many rows the state has that the layer carries to the next batch, 0 where it starts afresh; `None` for a
    /// layer that carries none.
    fn carried_rows(&self) -> Option<usize> {
        None
    }

    /// The layer's options, from which a saved model is built again; `None` if the layer cannot be.
    fn config(&self) -> Option<Config> {
        None
    }
}

/// Layers of different types in one list, as [`Sequential::new`](crate::model::Sequential::new) takes them.
///
/// ```
/// use course_lib::layers;
/// use course_lib::layers::{Activation::ReLU, Dense, Dropout};
///
/// let hidden = layers![Dense::new(16).activation(ReLU), Dropout::new(0.2), Dense::new(8), ReLU];
/// assert_eq!(hidden.len(), 4);
/// ```
#[macro_export]
macro_rules! layers {
    ($($layer:expr),* $(,)?) => {{
        let layers: ::std::vec::Vec<::std::boxed::Box<dyn $crate::layers::Layer>> =
            ::std::vec![$(::std::boxed::Box::new($layer)),*];
        layers
    }};
}
