//! Figures beside each other in one picture.

use super::canvas::Area;
use super::figure::Figure;
use super::picture::Plot;
use super::theme::MARGIN;
use crate::error::{Error, Result};

/// A figure is not made smaller than this, in pixels.
const LEAST: f64 = 260.0;

/// Draws one to four figures beside each other, as one picture.
///
/// ```
/// use course_lib::plot::{self, Figure};
///
/// let left = Figure::new().title("loss").line("", &[1, 2], &[0.5, 0.3]);
/// let right = Figure::new().title("accuracy").line("", &[1, 2], &[0.8, 0.9]);
/// let plot = plot::beside(&[left, right])?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// If there is no figure or more than four, or one of them cannot be drawn.
pub fn beside(figures: &[Figure]) -> Result<Plot> {
    if figures.is_empty() || figures.len() > 4 {
        return Err(Error::new("beside")
            .expected("one to four figures")
            .got(figures.len().to_string())
            .hint("draw more of them below each other, in several calls"));
    }
    for figure in figures {
        figure.check()?;
    }
    // Less than a notebook's width is enough for a figure that has company, if that leaves room for its axes.
    let (across, down) = if figures.len() == 1 {
        (1.0, 1.0)
    } else {
        (0.64, 0.8)
    };
    let widths: Vec<f64> = figures
        .iter()
        .map(|figure| (figure.size.0 * across).max(LEAST.min(figure.size.0)))
        .collect();
    let height = figures.iter().map(|figure| figure.size.1).fold(0.0, f64::max);
    let height = (height * down).max(LEAST.min(height));
    let words: Vec<String> = figures.iter().map(Figure::words).collect();
    Plot::drawn((widths.iter().sum(), height), words.join(" "), |canvas, area| {
        let mut left = area.left;
        for (figure, width) in figures.iter().zip(&widths) {
            let part = Area {
                left,
                right: left + width,
                ..area
            };
            super::chart::draw(figure, canvas, part.shrunk(MARGIN));
            left += width;
        }
        Ok(())
    })
}
