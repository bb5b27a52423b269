//! Pooling: an image made smaller, each window of pixels by one value.
//!
//! | layer | output\[c, p\] |
//! | --- | --- |
//! | [`MaxPooling2D`] | the largest x\[c, s·p + t\] under the window |
//! | [`AveragePooling2D`] | the mean of x\[c, s·p + t\] under the window |
//! | [`GlobalAveragePooling2D`] | the mean of all x\[c, ..\] |
//!
//! Shapes: `[batch, channels, height, width]` gives `[batch, channels, height', width']`, the global one
//! `[batch, channels]`. height' is that of a [convolution](super::conv2d) with the same window, stride and padding.
//! What lies beyond the edge is left out of maximum and mean, as in Keras (PyTorch: `count_include_pad=False`).
//! Of several largest values the first gets the gradient.
//! Source: K. Fukushima 1980; Y. LeCun and others 1998; M. Lin and others, Network in network, 2014 (global).
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let x = Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0], [1, 1, 2, 2])?;
//! let pooled = |layers| Sequential::new(Input([1, 2, 2]), layers, Seed(7))?.predict(&x)?.item();
//! assert_eq!(pooled(layers![MaxPooling2D::new(2)])?, 4.0);
//! assert_eq!(pooled(layers![AveragePooling2D::new(2)])?, 2.5);
//! assert_eq!(pooled(layers![GlobalAveragePooling2D::new()])?, 2.5);
//! # Ok::<(), Error>(())
//! ```

use super::images::{Padding, Size2D, check_samples, image_shape, not_built, padding_of, size_of};
use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::pool::{Average, Largest, Mean};
use crate::tensor::ops::window::{Window, WindowOptions};

/// The options of a pooling window, and where it stands once the input is known.
#[derive(Debug, Clone, Copy)]
struct Pool {
    size: [usize; 2],
    stride: Option<[usize; 2]>,
    padding: Padding,
    built: Option<([usize; 3], Window)>,
}

impl Pool {
    fn new(size: Size2D) -> Self {
        Self {
            size: size.into(),
            stride: None,
            padding: Padding::Valid,
            built: None,
        }
    }

    fn build(&mut self, layer: &str, input: &[usize]) -> Result<Vec<usize>> {
        let [channels, height, width] = image_shape(layer, input)?;
        if let Padding::Pixels(pixels) = self.padding
            && self.size.iter().any(|size| pixels > size / 2)
        {
            return Err(Error::new(layer)
                .expected("a padding of at most half the window, so that each window covers a pixel")
                .got(format!("{pixels} pixels around a window of {:?}", self.size))
                .hint("use a smaller padding, or Padding::Same"));
        }
        let options = WindowOptions {
            kernel: self.size,
            stride: self.stride.unwrap_or(self.size),
            dilation: [1, 1],
            padding: self.padding,
        };
        let window = options.over(layer, [height, width])?;
        self.built = Some(([channels, height, width], window));
        Ok(vec![channels, window.output[0], window.output[1]])
    }

    fn config(&self) -> Config {
        Config::new()
            .with("size", self.size.to_vec())
            .with("stride", self.stride.unwrap_or(self.size).to_vec())
            .with("padding", format!("{:?}", self.padding))
    }

    fn from_config(config: &Config) -> Result<Self> {
        Ok(Self {
            stride: Some(size_of(config, "stride")?.into()),
            padding: padding_of(config)?,
            ..Self::new(size_of(config, "size")?)
        })
    }

    fn window(&self, layer: &str, input: &Tensor) -> Result<Window> {
        let (shape, window) = self.built.ok_or_else(|| not_built(layer))?;
        check_samples(layer, input, &shape)?;
        Ok(window)
    }
}

macro_rules! pooling_layer {
    ($(#[$doc:meta])* $layer:ident, $function:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $layer {
            pool: Pool,
        }

        impl $layer {
            /// A window of so many pixels: `2`, or `[2, 3]` for height 2 and width 3.
            pub fn new(size: impl Into<Size2D>) -> Self {
                Self {
                    pool: Pool::new(size.into()),
                }
            }

            /// By how many pixels the window moves. Default: as many as it is large.
            #[must_use]
            pub fn stride(mut self, stride: impl Into<Size2D>) -> Self {
                self.pool.stride = Some(stride.into().into());
                self
            }

            /// How far the window may stand beyond the edge. Default: `Padding::Valid`, not at all.
            #[must_use]
            pub fn padding(mut self, padding: Padding) -> Self {
                self.pool.padding = padding;
                self
            }

            /// The layer that [`Layer::config`] described.
            pub(crate) fn from_config(config: &Config) -> Result<Self> {
                Pool::from_config(config).map(|pool| Self { pool })
            }
        }

        impl Layer for $layer {
            fn name(&self) -> &str {
                stringify!($layer)
            }

            fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
                self.pool.build(stringify!($layer), input)
            }

            fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
                let window = self.pool.window(stringify!($layer), input)?;
                Ok(input.each_channel(&window.output, $function(window)))
            }

            fn config(&self) -> Option<Config> {
                Some(self.pool.config())
            }
        }
    };
}

pooling_layer! {
    /// The largest value under each window; see the [module](self).
    MaxPooling2D, Largest
}

pooling_layer! {
    /// The mean under each window; see the [module](self).
    AveragePooling2D, Average
}

/// The mean of each channel; see the [module](self).
#[derive(Debug, Clone, Default)]
pub struct GlobalAveragePooling2D {
    built_for: Option<[usize; 3]>,
}

impl GlobalAveragePooling2D {
    /// A layer without options.
    pub fn new() -> Self {
        Self::default()
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(_: &Config) -> Result<Self> {
        Ok(Self::new())
    }
}

impl Layer for GlobalAveragePooling2D {
    fn name(&self) -> &str {
        "GlobalAveragePooling2D"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let shape = image_shape("GlobalAveragePooling2D", input)?;
        self.built_for = Some(shape);
        Ok(vec![shape[0]])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let shape = self
            .built_for
            .ok_or_else(|| not_built("GlobalAveragePooling2D"))?;
        check_samples("GlobalAveragePooling2D", input, &shape)?;
        Ok(input.each_channel(&[], Mean))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new())
    }
}
