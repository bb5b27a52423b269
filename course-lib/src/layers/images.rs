//! What the layers of images share: sizes, padding, and how they check their inputs.
//!
//! Images are channels first, `[batch, channels, height, width]`, as in PyTorch. Keras's default is channels
//! last; its images become these with `permute(&[0, 3, 1, 2])`.

use super::Config;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

pub use crate::tensor::ops::window::{Padding, Size2D};

/// Channels, height and width of the inputs that a layer is built for.
pub(crate) fn image_shape(layer: &str, input: &[usize]) -> Result<[usize; 3]> {
    if let &[channels, height, width] = input
        && !input.contains(&0)
    {
        return Ok([channels, height, width]);
    }
    let hint = match input {
        [height, width] => format!("put Reshape::new([1, {height}, {width}]) before this layer"),
        [values] => {
            format!("put Reshape::new([channels, height, width]) before this layer, {values} values in all")
        }
        _ => "one sample is Input([channels, height, width]), channels first".to_owned(),
    };
    Err(Error::new(layer)
        .expected("images of shape [channels, height, width]")
        .got(format!("shape {input:?}"))
        .hint(hint))
}

/// Checks that a batch has samples of the shape the layer was built for.
pub(crate) fn check_samples(layer: &str, input: &Tensor, built_for: &[usize]) -> Result<()> {
    match input.shape() {
        [_, sample @ ..] if sample == built_for => Ok(()),
        shape => Err(Error::new(layer)
            .expected(format!("a batch of samples of shape {built_for:?}"))
            .got(format!("shape {shape:?}"))
            .hint("the first axis counts the samples; the layer keeps the shape that it was built for")),
    }
}

/// The error of a layer that is used before a network has built it.
pub(crate) fn not_built(layer: &str) -> Error {
    Error::new(layer)
        .expected("a layer that was built")
        .got("one that does not know its input's shape")
        .hint("put it into Sequential::new(..), which builds it")
}

/// A saved padding, as `Debug` writes it.
pub(crate) fn padding_of(config: &Config) -> Result<Padding> {
    let text = config.text("padding")?;
    let pixels = || text.strip_prefix("Pixels(")?.strip_suffix(')')?.parse().ok();
    match text {
        "Valid" => Ok(Padding::Valid),
        "Same" => Ok(Padding::Same),
        _ => pixels()
            .map(Padding::Pixels)
            .ok_or_else(|| unknown("Valid, Same or Pixels(n)", text)),
    }
}

/// A saved pair of height and width.
pub(crate) fn size_of(config: &Config, name: &str) -> Result<Size2D> {
    match config.sizes(name)? {
        &[height, width] => Ok(Size2D { height, width }),
        other => Err(unknown("a height and a width", &format!("{other:?}"))),
    }
}

fn unknown(expected: &str, got: &str) -> Error {
    Error::new("layer options")
        .expected(expected)
        .got(got)
        .hint("the model was saved by another version of the library")
}
