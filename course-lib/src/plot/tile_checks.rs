//! Whether the options of an image grid fit its images.

use super::images::ImageGrid;
use super::stack::Stack;
use crate::error::{Error, Result};

/// The largest side of a picture, in pixels.
const LARGEST: f64 = 4000.0;

/// Checks the options, and the values that the ends of the palette stand for.
pub(super) fn check(
    operation: &str,
    stack: &Stack,
    options: &ImageGrid,
    (low, high): (f64, f64),
) -> Result<()> {
    let error = || Error::new(operation);
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(error()
            .expected("a range of two finite values, the lower one first")
            .got(format!("{low} and {high}"))
            .hint("leave the range out to have it found"));
    }
    if options.scale > 64 {
        return Err(error()
            .expected("a scale of at most 64")
            .got(options.scale.to_string())
            .hint("leave it out to have one found"));
    }
    if !options.titles.is_empty() && options.titles.len() != stack.count {
        return Err(error()
            .expected(format!("{} titles, one for each image, or none", stack.count))
            .got(options.titles.len().to_string())
            .hint("make them from the same rows as the images"));
    }
    let labels = options.row_labels.len();
    if labels == 0 {
        return Ok(());
    }
    if options.columns == 0 {
        return Err(error()
            .expected("a number of columns where rows have labels")
            .got("none")
            .hint("ImageGrid { columns: 10, .. }"));
    }
    let rows = stack.count.div_ceil(options.columns);
    if labels != rows {
        return Err(error()
            .expected(format!(
                "{rows} row labels, one for each row of {} images",
                options.columns
            ))
            .got(labels.to_string())
            .hint("check the number of columns"));
    }
    Ok(())
}

/// Checks the size of the picture.
pub(super) fn check_size(operation: &str, width: f64, height: f64) -> Result<()> {
    if width <= LARGEST && height <= LARGEST {
        return Ok(());
    }
    Err(Error::new(operation)
        .expected(format!("a picture of at most {LARGEST} × {LARGEST} pixels"))
        .got(format!("{width} × {height}"))
        .hint("draw fewer images, more columns, or a smaller scale"))
}
