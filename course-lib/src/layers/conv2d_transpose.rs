//! Transposed convolution: from small images to large ones, as a generator of images needs it.
//!
//! output\[c, q\] = activation(Σ W\[i, c, t\] · x\[i, p\] + b\[c\]), summed over the input channels i and over all places p
//! and kernel pixels t with s·p + d·t - padding = q: each input pixel paints the kernel, times its value, into the
//! output, s pixels further on than its neighbour. It is the gradient of a [convolution](super::conv2d) with
//! respect to its image, hence the name.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, inputs, height, width]`, channels first as in PyTorch |
//! | W | `[inputs, filters, kernel height, kernel width]`, as in PyTorch |
//! | b | `[filters]` |
//! | output | `[batch, filters, height', width']` |
//!
//! | padding | height' (and width' alike) of images of height n |
//! | --- | --- |
//! | `Padding::Valid` | s (n - 1) + d (kernel - 1) + 1 |
//! | `Padding::Same` | s · n, as in Keras |
//! | `Padding::Pixels(p)` | s (n - 1) + d (kernel - 1) + 1 - 2p, as in PyTorch's `ConvTranspose2d` |
//!
//! W starts as [`Initializer::GlorotUniform`] and b as 0, as in Keras.
//! Source: M. Zeiler and others, Deconvolutional networks, 2010; A. Radford and others (DCGAN), 2016.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let generator = Sequential::new(
//!     Input(50),
//!     layers![
//!         Dense::new(32 * 7 * 7).activation(ReLU),
//!         Reshape::new([32, 7, 7]),
//!         Conv2DTranspose::new(16, 4).stride(2).padding(Padding::Pixels(1)).activation(ReLU),
//!         Conv2DTranspose::new(1, 5).stride(2).padding(Padding::Same).activation(Tanh),
//!     ],
//!     Seed(7),
//! )?;
//! assert_eq!(generator.output_shape(), [1, 28, 28]);
//! # Ok::<(), Error>(())
//! ```

use super::conv2d::{Built, Kernels, kernel_options};
use super::images::{Padding, Size2D, check_samples, image_shape, not_built};
use super::{Activation, Config, Initializer, Layer, Mode};
use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;

/// A transposed convolution over images; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct Conv2DTranspose {
    kernels: Kernels,
    built: Option<Built>,
}

impl Conv2DTranspose {
    /// A layer whose results have so many channels, with kernels as large as `kernel`: `4`, or `[4, 2]` for
    /// height 4 and width 2.
    pub fn new(filters: usize, kernel: impl Into<Size2D>) -> Self {
        Self {
            kernels: Kernels::new(filters, kernel.into()),
            built: None,
        }
    }

    kernel_options!();
}

impl Layer for Conv2DTranspose {
    fn name(&self) -> &str {
        "Conv2DTranspose"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        let [inputs, height, width] = image_shape("Conv2DTranspose", input)?;
        self.kernels.check("Conv2DTranspose")?;
        let filters = self.kernels.filters;
        let window = self.kernels.window.onto("Conv2DTranspose", [height, width])?;
        // The fans as Keras and PyTorch take them, from the weights' shape and not from what a pixel sees.
        let built = self.kernels.build(
            [inputs, height, width],
            window,
            [inputs, filters],
            [filters, inputs],
            seed,
        )?;
        self.built = Some(built);
        Ok(vec![filters, window.image[0], window.image[1]])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let built = self.built.as_ref().ok_or_else(|| not_built("Conv2DTranspose"))?;
        check_samples("Conv2DTranspose", input, &built.input)?;
        let bias = built.bias.as_ref();
        Ok(self.kernels.activate(|activation| {
            input.transposed_convolution(&built.weights, bias, &built.window, activation)
        }))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        self.built.as_ref().map(Built::parameters).unwrap_or_default()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.built.as_mut().map(Built::parameters_mut).unwrap_or_default()
    }

    fn config(&self) -> Option<Config> {
        Some(self.kernels.config())
    }
}
