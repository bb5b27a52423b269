//! The title of a picture whose size follows from what is in it.

use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::theme::{self, INK, TITLE_SIZE};

/// A title broken into lines, so that its height is known before the picture's is.
pub(super) struct Title {
    lines: Vec<String>,
}

impl Title {
    const MOST_LINES: usize = 3;

    pub fn new(text: &str, width: f64) -> Self {
        Self {
            lines: theme::wrap(text, TITLE_SIZE, width, Self::MOST_LINES),
        }
    }

    /// The height it takes with the room below it.
    pub fn height(&self) -> f64 {
        match self.lines.len() {
            0 => 0.0,
            lines => lines as f64 * TITLE_SIZE * 1.3 + 10.0,
        }
    }

    /// Writes the title at the top of an area; what is left of the area is returned.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Area) -> Area {
        let lettering = Lettering::new(TITLE_SIZE, INK, Anchor::Left).bold();
        canvas.lines((area.left, area.top), &self.lines, lettering);
        Area {
            top: area.top + self.height(),
            ..area
        }
    }
}
