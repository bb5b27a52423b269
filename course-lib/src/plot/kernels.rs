//! What a convolution has learned: its kernels, and what they find in an image.

use super::images::{ImageGrid, draw};
use super::palette::Palette;
use super::picture::Plot;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// More kernels or channels than this are cut off.
const MOST: usize = 16;

/// Draws the kernels of a convolution: vermilion below zero, blue above, the same scale for all.
///
/// `weights` has shape `[kernels, channels, height, width]`. With one channel the kernels stand in a grid;
/// with more, a row is a kernel and a column is a channel that it looks at, at most the first 16 of each.
///
/// ```
/// use course_lib::prelude::*;
///
/// let weights = Tensor::normal([32, 1, 3, 3], 0.0, 0.3, Seed(7))?;
/// let plot = plot::kernels(&weights)?;
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Weights of another shape, or that are not finite.
pub fn kernels(weights: &Tensor) -> Result<Plot> {
    let [count, channels, height, width] = *weights.shape() else {
        return Err(Error::new("kernels")
            .expected("weights of shape [kernels, channels, height, width]")
            .got(format!("shape {:?}", weights.shape()))
            .hint("take them from a convolution: the bias and the weights of Dense are no kernels"));
    };
    let flat = weights.reshape([count * channels, height, width])?;
    let (rows, columns) = (count.min(MOST), channels.min(MOST));
    let (chosen, cut) = match channels {
        1 => (flat.rows(0..count.min(MOST * MOST))?, count > MOST * MOST),
        _ => {
            let places: Vec<usize> = (0..rows)
                .flat_map(|row| (0..columns).map(move |column| row * channels + column))
                .collect();
            (flat.select_rows(&places)?, rows < count || columns < channels)
        }
    };
    let mut title = format!("{} of {height} × {width}", counted(count, "kernel"));
    if channels > 1 {
        title.push_str(&format!(" over {channels} channels"));
    }
    if cut {
        title.push_str(match channels {
            1 => " (the first 256)",
            _ => " (at most 16 of each)",
        });
    }
    let grid = ImageGrid {
        title,
        palette: Palette::Diverging,
        columns: if channels == 1 { 0 } else { columns },
        row_labels: match channels {
            1 => Vec::new(),
            _ => (0..rows).map(|kernel| format!("kernel {kernel}")).collect(),
        },
        color_bar: true,
        ..ImageGrid::default()
    };
    draw("kernels", &chosen, grid)
}

/// Draws what the kernels of a layer find in one image, a map for each kernel: the brighter, the stronger, on
/// the same scale for all.
///
/// `maps` has shape `[kernels, height, width]`, or `[1, kernels, height, width]`: a layer's output for one
/// image.
///
/// ```
/// use course_lib::prelude::*;
///
/// let maps = Tensor::uniform([1, 32, 26, 26], 0.0, 2.0, Seed(7))?;
/// let plot = plot::feature_maps(&maps)?;
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Maps of another shape, of more than one image, or with values that are not finite.
pub fn feature_maps(maps: &Tensor) -> Result<Plot> {
    let (count, height, width) = match *maps.shape() {
        [count, height, width] | [1, count, height, width] => (count, height, width),
        _ => {
            return Err(Error::new("feature_maps")
                .expected(
                    "the maps of one image: shape [kernels, height, width] or [1, kernels, height, width]",
                )
                .got(format!("shape {:?}", maps.shape()))
                .hint("take one image out of a batch with rows(0..1)?"));
        }
    };
    let maps = maps.reshape([count, height, width])?;
    let shown = maps.rows(0..count.min(MOST * MOST))?;
    let values = shown.to_vec();
    let (low, high) = values.iter().fold((0.0f32, 0.0f32), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    let more = if count > MOST * MOST {
        " (the first 256)"
    } else {
        ""
    };
    let grid = ImageGrid {
        title: format!("{} of {height} × {width}{more}", counted(count, "feature map")),
        palette: Palette::Sequential,
        // From zero, which is "nothing found", also where all values are far from it.
        range: (low < high).then_some((low, high)),
        columns: if count > 16 { 8 } else { 0 },
        color_bar: true,
        ..ImageGrid::default()
    };
    draw("feature_maps", &shown, grid)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
