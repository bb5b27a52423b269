//! Pictures in rows and columns.

use super::canvas::{Area, Canvas};
use super::figure::Figure;
use super::heat_map::HeatMap;
use super::picture::Plot;
use super::theme::MARGIN;
use crate::error::{Error, Result};

/// A figure is not made smaller than this, in pixels.
const LEAST: f64 = 260.0;
const MOST: usize = 24;

/// What can stand [beside](super::beside) others in one picture: a [`Figure`] or a [`HeatMap`].
pub trait Panel {
    /// The panel as the library lays it out.
    #[doc(hidden)]
    fn laid_out(&self) -> Laid<'_>;
}

/// A panel as the library lays it out; it can only be made here.
pub struct Laid<'a>(&'a dyn Place);

impl Panel for Figure {
    fn laid_out(&self) -> Laid<'_> {
        Laid(self)
    }
}

impl Panel for HeatMap {
    fn laid_out(&self) -> Laid<'_> {
        Laid(self)
    }
}

/// How a panel is laid out.
pub(super) trait Place {
    /// Whether it can be drawn.
    fn check(&self) -> Result<()>;
    /// The picture in words.
    fn words(&self) -> String;
    /// Width and height in pixels, made smaller by the given factors where it can be.
    fn size(&self, across: f64, down: f64) -> (f64, f64);
    /// Draws it; it has been checked.
    fn place(&self, canvas: &mut Canvas<'_>, area: Area);
}

impl Place for Figure {
    fn check(&self) -> Result<()> {
        Figure::check(self)
    }

    fn words(&self) -> String {
        Figure::words(self)
    }

    fn size(&self, across: f64, down: f64) -> (f64, f64) {
        let (width, height) = self.size;
        (
            (width * across).max(LEAST.min(width)),
            (height * down).max(LEAST.min(height)),
        )
    }

    fn place(&self, canvas: &mut Canvas<'_>, area: Area) {
        super::chart::draw(self, canvas, area.shrunk(MARGIN));
    }
}

/// Draws up to 24 figures in rows of `columns`, as one picture.
///
/// ```
/// use course_lib::plot::{self, Figure};
///
/// let wave = |n: i32| Figure::new().title(format!("{n} waves")).function("", 0.0..=6.0, move |x| (n as f32 * x).sin());
/// let plot = plot::grid(&[wave(1), wave(2), wave(3), wave(4)], 2)?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// If there is no figure or more than 24, there are no columns or more than four, or a figure cannot be drawn.
pub fn grid(panels: &[impl Panel], columns: usize) -> Result<Plot> {
    if panels.is_empty() || panels.len() > MOST || !(1..=4).contains(&columns) {
        return Err(Error::new("grid")
            .expected(format!("one to {MOST} figures in one to four columns"))
            .got(format!("{} in {columns}", panels.len()))
            .hint("draw more of them in several calls"));
    }
    let panels: Vec<&dyn Place> = panels.iter().map(|panel| panel.laid_out().0).collect();
    for panel in &panels {
        panel.check()?;
    }
    let columns = columns.min(panels.len());
    // Less than a notebook's width is enough for a figure that has company, if that leaves room for its axes.
    let (across, down) = [(1.0, 1.0), (0.64, 0.8), (0.52, 0.7), (0.46, 0.65)][columns - 1];
    let sizes: Vec<(f64, f64)> = panels.iter().map(|panel| panel.size(across, down)).collect();
    let widest = |column: usize| {
        let of_column = sizes.iter().skip(column).step_by(columns);
        of_column.map(|size| size.0).fold(0.0, f64::max)
    };
    let widths: Vec<f64> = (0..columns).map(widest).collect();
    let highest = |row: &[(f64, f64)]| row.iter().map(|size| size.1).fold(0.0, f64::max);
    let heights: Vec<f64> = sizes.chunks(columns).map(highest).collect();

    let words: Vec<String> = panels.iter().map(|panel| panel.words()).collect();
    let size = (widths.iter().sum(), heights.iter().sum());
    Plot::drawn(size, words.join(" "), |canvas, area| {
        let mut top = area.top;
        for (row, height) in panels.chunks(columns).zip(&heights) {
            let mut left = area.left;
            for (panel, width) in row.iter().zip(&widths) {
                let part = Area {
                    left,
                    top,
                    right: left + width,
                    bottom: top + height,
                };
                panel.place(canvas, part);
                left += width;
            }
            top += height;
        }
        Ok(())
    })
}
