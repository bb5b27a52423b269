//! Images seen through kernels that somebody made by hand: what a [`Conv2D`](super::Conv2D) does, without a network.
//!
//! y\[i, j\] = Σ w\[a, b\] · x\[i + a, j + b\] over the height and width of the kernel: the kernel is laid on the image,
//! value on value, and moved over it. (Mathematics turns the kernel round first and calls this a correlation; networks do
//! not.)
//!
//! | images | kernels | result |
//! | --- | --- | --- |
//! | `[.., height, width]` | one, `[kernel height, kernel width]` | `[.., height', width']`: each image by itself |
//! | `[height, width]`, `[batch, height, width]` or `[batch, 1, height, width]` | several, `[filters, kernel height, kernel width]` | `[filters, height', width']` or `[batch, filters, height', width']` |
//! | `[batch, channels, height, width]` | as a `Conv2D` has them, `[filters, channels, kernel height, kernel width]` | `[batch, filters, height', width']`, summed over the channels |
//!
//! `height'` and `width'` follow from the [`Padding`]: as large as the image with `Padding::Same`, smaller by the kernel
//! less 1 with `Padding::Valid`. Source: I. Sobel, G. Feldman, 1968, for the kernels of the example.
//!
//! ```
//! use course_lib::layers::convolve;
//! use course_lib::prelude::*;
//!
//! // Dark on the left, bright on the right.
//! let image = Tensor::from_rows(&[[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]])?;
//! let upright = Tensor::from_rows(&[[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])?;
//! // Where an upright edge is, the result is large.
//! assert_eq!(convolve(&image, &upright, Padding::Valid)?.to_vec(), [4.0, 4.0]);
//! // The same kernel laid on its side looks for edges that lie, and finds none.
//! assert_eq!(convolve(&image, &upright.transpose()?, Padding::Valid)?.to_vec(), [0.0, 0.0]);
//! # Ok::<(), Error>(())
//! ```

use super::{Activation, Padding};
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::ops::window::WindowOptions;

/// The convolution of images with kernels made by hand; see the [module](self) for formula and shapes.
///
/// # Errors
/// Images or kernels of other shapes than the table has; several kernels for images of several channels; a kernel larger
/// than the image.
pub fn convolve(images: &Tensor, kernels: &Tensor, padding: Padding) -> Result<Tensor> {
    let problem = |expected: &str, got: String, hint: &str| {
        Error::new("convolve").expected(expected).got(got).hint(hint)
    };
    let shape = images.shape();
    let [before @ .., height, width] = shape else {
        return Err(problem(
            "images of shape [height, width] or [batch, channels, height, width]",
            format!("shape {shape:?}"),
            "reshape a row of pixels: image.reshape([28, 28])?",
        ));
    };
    let channels = match (before, kernels.shape()) {
        (_, [_, _]) | ([] | [_] | [_, 1], [_, _, _]) => 1,
        (&[_, channels], &[_, of_kernels, _, _]) if channels == of_kernels => channels,
        (_, other) => {
            return Err(problem(
                "one kernel [height, width], several [filters, height, width] for images of one channel, or \
                 [filters, channels, height, width] for images [batch, channels, height, width]",
                format!("kernels of shape {other:?} for images of shape {shape:?}"),
                "see the table of layers::convolve",
            ));
        }
    };
    let filters = match kernels.shape() {
        [filters, _, _] | [filters, _, _, _] => *filters,
        _ => 1,
    };
    let [.., kernel_height, kernel_width] = *kernels.shape() else {
        return Err(problem(
            "a kernel",
            format!("shape {:?}", kernels.shape()),
            "it has rows and columns",
        ));
    };
    let options = WindowOptions {
        kernel: [kernel_height, kernel_width],
        stride: [1; 2],
        dilation: [1; 2],
        padding,
    };
    let window = options.over("convolve", [*height, *width])?;
    let batch = images.count() / (channels * height * width);
    let images = images.reshape([batch, channels, *height, *width])?;
    let kernels_4d = kernels.reshape([filters, channels, kernel_height, kernel_width])?;
    let result = images.convolution(&kernels_4d, None, &window, Activation::Linear);
    let mut shape = match kernels.rank() {
        // Each image by itself.
        2 => before.to_vec(),
        _ if before.is_empty() => vec![filters],
        _ => vec![batch, filters],
    };
    shape.extend(window.output);
    result.reshape(shape)
}
