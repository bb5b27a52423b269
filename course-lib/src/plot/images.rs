//! Images in rows and columns.

use super::palette::Palette;
use super::picture::Plot;
use super::pixels::Shades;
use super::stack::{self, Stack};
use super::tiles::Tiles;
use crate::error::Result;
use crate::tensor::Tensor;

/// How [`images`] are laid out. What is left at its default is chosen to suit the images.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImageGrid {
    /// The line above the picture: what it shows.
    pub title: String,
    /// How many images stand in a row. Default 0: as many as suit.
    pub columns: usize,
    /// A line above each image, such as `"true 7, read 1"`: none, or one for each image.
    pub titles: Vec<String>,
    /// What stands left of each row: nothing, or one for each row.
    pub row_labels: Vec<String>,
    /// The values of the two ends of the palette. Default: 0 to 1 or -1 to 1 if all values lie in there, 0 to
    /// 255 for whole numbers, else the smallest and the largest value.
    pub range: Option<(f32, f32)>,
    /// The colours of images with one channel. Default: [`Palette::Gray`].
    pub palette: Palette,
    /// How many pixels of the screen a pixel of an image is wide, at most 64. Default 0: as many as suit.
    pub scale: usize,
    /// Whether a bar tells which colour stands for which value.
    pub color_bar: bool,
}

/// Draws images in rows and columns: digits, samples of a generator.
///
/// `images` has shape `[n, height, width]` or `[n, 1, height, width]` (a [`Palette`] gives the colours), `[n,
/// 3, height, width]` (red, green, blue), `[n, pixels]` for square images in rows (784 pixels are 28 × 28),
/// or `[height, width]` for a single one.
///
/// ```
/// use course_lib::prelude::*;
/// use course_lib::plot::ImageGrid;
///
/// let noise = Tensor::uniform([20, 28, 28], 0.0, 1.0, Seed(7))?;
/// let plot = plot::images(&noise, ImageGrid { title: "Noise".into(), ..ImageGrid::default() })?;
/// let titles = (0..20).map(|number| format!("no. {number}")).collect();
/// let plot = plot::images(&noise, ImageGrid { columns: 5, titles, ..ImageGrid::default() })?;
/// # Ok::<(), Error>(())
/// ```
///
/// The picture's [`save`](Plot::save) also writes a `.png` file of the images alone.
///
/// # Errors
/// A tensor that is no images, or more than 1000 of them; pixels that are not finite; titles or row labels of
/// another number than images or rows; a range that is none.
pub fn images(images: &Tensor, grid: ImageGrid) -> Result<Plot> {
    draw("images", images, grid)
}

/// Draws one picture of images for the named operation.
pub(super) fn draw(operation: &str, images: &Tensor, options: ImageGrid) -> Result<Plot> {
    let stack = Stack::of(operation, images)?;
    let natural = stack::range(std::slice::from_ref(&stack), options.palette);
    Tiles::new(operation, &stack, options, natural)?.plot(&stack, Shades::Fine)
}

crate::notebook::shows_options!(ImageGrid {
    title,
    columns,
    titles,
    row_labels,
    range,
    palette,
    scale,
    color_bar
});
