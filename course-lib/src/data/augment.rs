//! Images moved about: the same digit, elsewhere.
//!
//! $$ \text{moved}_{r,c} = \text{image}_{r-dy,\,c-dx} $$
//!
//! and 0 where that lies outside the image. Shapes stay; images are `[rows, channels, height, width]`, or rows of
//! pixels `[rows, pixels]` of square images, as an MLP takes them.
//!
//! ```
//! use course_lib::data::shift_images;
//! use course_lib::tensor::Tensor;
//!
//! let image = Tensor::from_rows(&[[1.0, 2.0, 3.0, 4.0]])?; // 1 2 over 3 4
//! assert_eq!(shift_images(&image, 1, 0)?.to_vec(), [0.0, 1.0, 0.0, 3.0]); // to the right
//! assert_eq!(shift_images(&image, 0, 1)?.to_vec(), [0.0, 0.0, 1.0, 2.0]); // down
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// All images moved by `dx` pixels to the right and `dy` down; a negative number moves them left or up.
///
/// What leaves the image is lost, and 0 comes in, so move pixels from 0 (background) to 1, and scale them to
/// -1 to 1 afterwards.
///
/// # Errors
/// A tensor that holds no images.
pub fn shift_images(images: &Tensor, dx: i32, dy: i32) -> Result<Tensor> {
    moved("shift_images", images, || (dx, dy))
}

/// Each image moved by an amount of its own: up to `most` pixels to each side, evenly drawn. The same seed
/// gives the same images.
///
/// # Errors
/// A tensor that holds no images.
pub fn shift_images_at_random(images: &Tensor, most: usize, seed: Seed) -> Result<Tensor> {
    let mut stream = seed.stream();
    // Beyond the size of the image every move gives the same: nothing is left.
    let most = most.min(1 << 16);
    let mut draw = || stream.below(2 * most + 1) as i32 - most as i32;
    moved("shift_images_at_random", images, || (draw(), draw()))
}

fn moved(operation: &str, images: &Tensor, mut by: impl FnMut() -> (i32, i32)) -> Result<Tensor> {
    let (channels, height, width) = size_of(operation, images)?;
    let source = images.values();
    let mut values = vec![0.0; source.len()];
    let size = channels * height * width;
    for (from, to) in source.chunks_exact(size).zip(values.chunks_exact_mut(size)) {
        let (dx, dy) = by();
        let (rows_from, rows_to, rows) = overlap(dy, height);
        let (columns_from, columns_to, columns) = overlap(dx, width);
        let channels = from
            .chunks_exact(height * width)
            .zip(to.chunks_exact_mut(height * width));
        for (from, to) in channels {
            let from = from.chunks_exact(width).skip(rows_from);
            let to = to.chunks_exact_mut(width).skip(rows_to);
            for (from, to) in from.zip(to).take(rows) {
                to[columns_to..columns_to + columns]
                    .copy_from_slice(&from[columns_from..columns_from + columns]);
            }
        }
    }
    Tensor::from_vec(values, images.shape())
}

/// Along an axis of this size, moved by this much: where the part that stays begins, where it goes, how long it is.
fn overlap(by: i32, size: usize) -> (usize, usize, usize) {
    let distance = (by.unsigned_abs() as usize).min(size);
    let kept = size - distance;
    if by < 0 {
        (distance, 0, kept)
    } else {
        (0, distance, kept)
    }
}

/// Channels, height and width of each image.
fn size_of(operation: &str, images: &Tensor) -> Result<(usize, usize, usize)> {
    match *images.shape() {
        [_, channels, height, width] => return Ok((channels, height, width)),
        [_, pixels] if pixels.isqrt().pow(2) == pixels => return Ok((1, pixels.isqrt(), pixels.isqrt())),
        _ => {}
    }
    Err(Error::new(operation)
        .expected("images [rows, channels, height, width], or square ones as [rows, pixels]")
        .got(format!("shape {:?}", images.shape()))
        .hint("one image is a tensor with one row: MNIST's are [rows, 784] or [rows, 1, 28, 28]"))
}
