//! Pictures beside each other in one picture.

use super::grid::{Panel, grid};
use super::picture::Plot;
use crate::error::{Error, Result};

/// Draws one to four figures beside each other, as one picture; or one to four heat maps.
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
pub fn beside(panels: &[impl Panel]) -> Result<Plot> {
    if panels.is_empty() || panels.len() > 4 {
        return Err(Error::new("beside")
            .expected("one to four figures")
            .got(panels.len().to_string())
            .hint("draw more of them below each other, with `plot::grid`"));
    }
    grid(panels, panels.len())
}
