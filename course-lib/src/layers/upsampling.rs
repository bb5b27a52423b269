//! Images made larger by repeating pixels (nearest neighbour) or by surrounding them with zeros; nothing is learned.
//!
//! | layer | output | shape of the output |
//! | --- | --- | --- |
//! | [`UpSampling2D`] | output\[c, i, j\] = x\[c, ⌊i / f⌋, ⌊j / f⌋\] | `[batch, channels, f · height, f · width]` |
//! | [`ZeroPadding2D`] | x with p pixels of 0 at each edge | `[batch, channels, height + 2p, width + 2p]` |
//!
//! Shapes: x is `[batch, channels, height, width]`. Followed by a convolution, upsampling does what a [transposed
//! convolution](super::conv2d_transpose) does, without its checkerboard patterns.
//! Source: A. Odena, V. Dumoulin, C. Olah, Deconvolution and checkerboard artifacts, Distill 2016.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let x = Tensor::from_vec(vec![1.0, 2.0], [1, 1, 1, 2])?;
//! let model = Sequential::new(Input([1, 1, 2]), layers![UpSampling2D::new(2)], Seed(7))?;
//! assert_eq!(model.predict(&x)?.to_vec(), [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
//! let model = Sequential::new(Input([1, 1, 2]), layers![ZeroPadding2D::new([0, 1])], Seed(7))?;
//! assert_eq!(model.predict(&x)?.to_vec(), [0.0, 1.0, 2.0, 0.0]);
//! # Ok::<(), Error>(())
//! ```

use super::images::{Size2D, check_samples, image_shape, not_built, size_of};
use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::ops::pool::{Repeated, Surrounded};

/// The largest factor and padding.
const LIMIT: usize = 1 << 16;

/// Repeats pixels; see the [module](self).
#[derive(Debug, Clone)]
pub struct UpSampling2D {
    times: [usize; 2],
    built_for: Option<[usize; 3]>,
}

impl UpSampling2D {
    /// How often each pixel is repeated: `2`, or `[2, 3]` for height and width.
    pub fn new(times: impl Into<Size2D>) -> Self {
        Self {
            times: times.into().into(),
            built_for: None,
        }
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        size_of(config, "times").map(Self::new)
    }
}

impl Layer for UpSampling2D {
    fn name(&self) -> &str {
        "UpSampling2D"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let shape = image_shape("UpSampling2D", input)?;
        if self.times.iter().any(|times| *times == 0 || *times > LIMIT) {
            return Err(Error::new("UpSampling2D")
                .expected(format!("a factor from 1 to {LIMIT} for height and width"))
                .got(format!("{:?}", self.times))
                .hint("UpSampling2D::new(2) makes images twice as high and twice as wide"));
        }
        self.built_for = Some(shape);
        Ok(vec![shape[0], shape[1] * self.times[0], shape[2] * self.times[1]])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let [channels, height, width] = self.built_for.ok_or_else(|| not_built("UpSampling2D"))?;
        check_samples("UpSampling2D", input, &[channels, height, width])?;
        let times = self.times;
        Ok(input.each_channel(&[height * times[0], width * times[1]], Repeated { times, width }))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("times", self.times.to_vec()))
    }
}

/// Surrounds images with zeros; see the [module](self).
#[derive(Debug, Clone)]
pub struct ZeroPadding2D {
    pixels: [usize; 2],
    built_for: Option<[usize; 3]>,
}

impl ZeroPadding2D {
    /// So many pixels at each edge: `1`, or `[1, 2]` for 1 above and below, 2 left and right.
    pub fn new(pixels: impl Into<Size2D>) -> Self {
        Self {
            pixels: pixels.into().into(),
            built_for: None,
        }
    }

    /// The layer that [`Layer::config`] described.
    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        size_of(config, "pixels").map(Self::new)
    }
}

impl Layer for ZeroPadding2D {
    fn name(&self) -> &str {
        "ZeroPadding2D"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        let shape = image_shape("ZeroPadding2D", input)?;
        if self.pixels.iter().any(|pixels| *pixels > LIMIT) {
            return Err(Error::new("ZeroPadding2D")
                .expected(format!("at most {LIMIT} pixels at each edge"))
                .got(format!("{:?}", self.pixels))
                .hint("ZeroPadding2D::new(1) puts one pixel of 0 around each image"));
        }
        self.built_for = Some(shape);
        Ok(vec![
            shape[0],
            shape[1] + 2 * self.pixels[0],
            shape[2] + 2 * self.pixels[1],
        ])
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        let [channels, height, width] = self.built_for.ok_or_else(|| not_built("ZeroPadding2D"))?;
        check_samples("ZeroPadding2D", input, &[channels, height, width])?;
        let [rows, columns] = self.pixels;
        let wide = width + 2 * columns;
        let function = Surrounded {
            before: self.pixels,
            width,
            wide,
        };
        Ok(input.each_channel(&[height + 2 * rows, wide], function))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("pixels", self.pixels.to_vec()))
    }
}
