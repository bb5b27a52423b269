//! Convolution: small kernels that move over an image and look for their pattern everywhere.
//!
//! output\[f, p\] = activation(Σ W\[f, c, t\] · x\[c, s·p + d·t\] + b\[f\]), summed over the channels c and the
//! kernel's pixels t = (row, column); p = (row, column) is a place, s the stride and d the dilation. As in every
//! library the kernel is not mirrored: strictly, this is a cross-correlation.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, channels, height, width]`, channels first as in PyTorch |
//! | W | `[filters, channels, kernel height, kernel width]` |
//! | b | `[filters]` |
//! | output | `[batch, filters, height', width']` |
//!
//! | padding | height' (and width' alike) of images of height n, with e = d (kernel - 1) + 1 |
//! | --- | --- |
//! | `Padding::Valid` | ⌊(n - e) / s⌋ + 1 |
//! | `Padding::Same` | ⌈n / s⌉; an odd row of zeros goes below, as in Keras |
//! | `Padding::Pixels(p)` | ⌊(n + 2p - e) / s⌋ + 1, as in PyTorch |
//!
//! W starts as [`Initializer::GlorotUniform`] with fan-in channels · kernel pixels and fan-out filters · kernel
//! pixels, and b as 0, as in Keras.
//! Source: LeCun and others 1989; V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(
//!     Input([1, 28, 28]),
//!     layers![Conv2D::new(32, 3).activation(ReLU), MaxPooling2D::new(2), Conv2D::new(8, [3, 5]).padding(Padding::Same)],
//!     Seed(7),
//! )?;
//! assert_eq!(model.output_shape(), [8, 13, 13]);
//! assert_eq!(model.weights()[0].1.shape(), [32, 1, 3, 3]);
//! # Ok::<(), Error>(())
//! ```

use super::images::{Padding, Size2D, check_samples, image_shape, not_built, padding_of, size_of};
use super::{Activation, Config, Initializer, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::window::{Window, WindowOptions};

/// A convolution over images; see the [module](self) for formula and shapes.
#[derive(Debug, Clone)]
pub struct Conv2D {
    kernels: Kernels,
    built: Option<Built>,
}

/// The options that a convolution and its transpose share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels {
    pub(super) filters: usize,
    pub(super) window: WindowOptions,
    pub(super) activation: Activation,
    pub(super) use_bias: bool,
    pub(super) initializer: Initializer,
}

/// What a layer of kernels knows from its input's shape on.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) input: [usize; 3],
    pub(super) window: Window,
    pub(super) weights: Tensor,
    pub(super) bias: Option<Tensor>,
}

impl Kernels {
    pub(super) fn new(filters: usize, kernel: Size2D) -> Self {
        Self {
            filters,
            window: WindowOptions {
                kernel: kernel.into(),
                stride: [1, 1],
                dilation: [1, 1],
                padding: Padding::Valid,
            },
            activation: Activation::Linear,
            use_bias: true,
            initializer: Initializer::default(),
        }
    }

    /// Weights for inputs and window of a layer whose options are good. `fans` are the numbers of channels
    /// that a result looks at and that an input feeds.
    pub(super) fn build(
        &self,
        input: [usize; 3],
        window: Window,
        shape: [usize; 2],
        fans: [usize; 2],
        seed: Seed,
    ) -> Result<Built> {
        let [height, width] = self.window.kernel;
        let [fan_in, fan_out] = fans.map(|channels| channels * window.taps());
        let shape = [shape[0], shape[1], height, width];
        let weights = self.initializer.weights(&shape, fan_in, fan_out, seed.part(0))?;
        let bias = match self.use_bias {
            true => Some(self.initializer.biases(&[self.filters], fan_in, seed.part(1))?),
            false => None,
        };
        Ok(Built {
            input,
            window,
            weights: weights.with_gradient(),
            bias: bias.map(|bias| bias.with_gradient()),
        })
    }

    pub(super) fn config(&self) -> Config {
        Config::new()
            .with("filters", self.filters)
            .with("kernel", self.window.kernel.to_vec())
            .with("stride", self.window.stride.to_vec())
            .with("dilation", self.window.dilation.to_vec())
            .with("padding", format!("{:?}", self.window.padding))
            .with("activation", self.activation.to_string())
            .with("use_bias", self.use_bias)
    }

    pub(super) fn from_config(config: &Config) -> Result<Self> {
        let mut kernels = Self::new(config.whole("filters")?, size_of(config, "kernel")?);
        kernels.window.stride = size_of(config, "stride")?.into();
        kernels.window.dilation = size_of(config, "dilation")?.into();
        kernels.window.padding = padding_of(config)?;
        kernels.activation = Activation::from_config(config)?;
        kernels.use_bias = config.flag("use_bias")?;
        Ok(kernels)
    }

    /// Checks what does not depend on the input.
    pub(super) fn check(&self, layer: &str) -> Result<()> {
        if self.filters == 0 {
            return Err(Error::new(layer)
                .expected("at least 1 filter")
                .got("0 filters")
                .hint(format!(
                    "write {layer}::new(filters, kernel), such as {layer}::new(32, 3)"
                )));
        }
        if self.activation == Activation::Softmax {
            return Err(Error::new(layer)
                .expected("an activation of each value by itself")
                .got("Softmax, whose probabilities would add up along each row of pixels")
                .hint("put Flatten::new() and Dense::new(classes).activation(Softmax) after it"));
        }
        Ok(())
    }

    /// Applies the activation in the same pass where it can be: `calculate(activation in the pass)`.
    pub(super) fn activate(&self, calculate: impl FnOnce(Activation) -> Tensor) -> Tensor {
        match self.activation {
            // Losses want the sums behind a sigmoid.
            activation if activation.follows_from_result() && activation != Activation::Sigmoid => {
                calculate(activation)
            }
            activation => activation.apply(&calculate(Activation::Linear)),
        }
    }
}

impl Built {
    pub(super) fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        let bias = self.bias.iter().map(|bias| ("bias", bias.clone()));
        [("weights", self.weights.clone())]
            .into_iter()
            .chain(bias)
            .collect()
    }

    pub(super) fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        [&mut self.weights]
            .into_iter()
            .chain(self.bias.iter_mut())
            .collect()
    }
}

/// The options that [`Conv2D`] and `Conv2DTranspose` have in common.
macro_rules! kernel_options {
    () => {
        /// By how many pixels the kernel moves, `2` or `[2, 1]` (height, width). Default: 1.
        #[must_use]
        pub fn stride(mut self, stride: impl Into<Size2D>) -> Self {
            self.kernels.window.stride = stride.into().into();
            self
        }

        /// What surrounds the image; see the table in the [module](self). Default: `Padding::Valid`.
        #[must_use]
        pub fn padding(mut self, padding: Padding) -> Self {
            self.kernels.window.padding = padding;
            self
        }

        /// How far apart the pixels under the kernel lie, `2` or `[2, 1]` (height, width). Default: 1.
        #[must_use]
        pub fn dilation(mut self, dilation: impl Into<Size2D>) -> Self {
            self.kernels.window.dilation = dilation.into().into();
            self
        }

        /// The function applied to each value. Default: `Linear`.
        #[must_use]
        pub fn activation(mut self, activation: Activation) -> Self {
            self.kernels.activation = activation;
            self
        }

        /// Whether each filter has a bias. Default: yes.
        #[must_use]
        pub fn use_bias(mut self, use_bias: bool) -> Self {
            self.kernels.use_bias = use_bias;
            self
        }

        /// From where the initial weights are drawn. Default: [`Initializer::GlorotUniform`].
        #[must_use]
        pub fn initializer(mut self, initializer: Initializer) -> Self {
            self.kernels.initializer = initializer;
            self
        }

        /// The layer that [`Layer::config`] described, without weights.
        pub(crate) fn from_config(config: &Config) -> Result<Self> {
            Ok(Self {
                kernels: Kernels::from_config(config)?,
                built: None,
            })
        }
    };
}
pub(super) use kernel_options;

impl Conv2D {
    /// A layer of so many kernels, each as large as `kernel`: `3`, or `[3, 5]` for height 3 and width 5.
    pub fn new(filters: usize, kernel: impl Into<Size2D>) -> Self {
        Self {
            kernels: Kernels::new(filters, kernel.into()),
            built: None,
        }
    }

    kernel_options!();
}

impl Layer for Conv2D {
    fn name(&self) -> &str {
        "Conv2D"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        let [channels, height, width] = image_shape("Conv2D", input)?;
        self.kernels.check("Conv2D")?;
        let filters = self.kernels.filters;
        let window = self.kernels.window.over("Conv2D", [height, width])?;
        let built = self.kernels.build(
            [channels, height, width],
            window,
            [filters, channels],
            [channels, filters],
            seed,
        )?;
        self.built = Some(built);
        Ok(vec![filters, window.output[0], window.output[1]])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let built = self.built.as_ref().ok_or_else(|| not_built("Conv2D"))?;
        check_samples("Conv2D", input, &built.input)?;
        let bias = built.bias.as_ref();
        Ok(self
            .kernels
            .activate(|activation| input.convolution(&built.weights, bias, &built.window, activation)))
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
