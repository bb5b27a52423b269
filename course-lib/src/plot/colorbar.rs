//! The scale beside a picture whose colours are numbers.

use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::theme::{AXIS, Color, INK, LABEL_SIZE, SOFT_INK, TICK_SIZE, fit, text_width};

const GAP: f64 = 14.0;
const WIDTH: f64 = 14.0;

/// Colours from bottom to top with numbers beside them.
#[derive(Debug, Clone)]
pub(super) struct ColorBar {
    /// All equally high.
    pub colors: Vec<Color>,
    /// Where a number stands, from 0 (bottom) to 1 (top), and the number.
    pub marks: Vec<(f64, String)>,
    /// What the numbers are.
    pub label: String,
}

impl ColorBar {
    /// How much room it takes at the right of a picture, in pixels.
    pub fn width(&self) -> f64 {
        let numbers = self.marks.iter().map(|(_, text)| text_width(text, TICK_SIZE));
        let label = if self.label.is_empty() {
            0.0
        } else {
            LABEL_SIZE * 1.5
        };
        GAP + WIDTH + 6.0 + numbers.fold(0.0, f64::max) + label
    }

    /// Draws the bar at the right of what it belongs to.
    pub fn draw(&self, canvas: &mut Canvas<'_>, beside: Area) {
        let bar = Area {
            left: beside.right + GAP,
            right: beside.right + GAP + WIDTH,
            ..beside
        };
        let at = |share: f64| bar.bottom - share * bar.height();
        let count = self.colors.len() as f64;
        for (number, color) in self.colors.iter().enumerate() {
            // Each reaches up to the top, below the next: no seam shows between them.
            let bottom = at(number as f64 / count);
            canvas.rect(Area { bottom, ..bar }, *color, 1.0);
        }
        canvas.path(&bar.outline(), AXIS, 1.0);
        for (share, text) in &self.marks {
            let lettering = Lettering::new(TICK_SIZE, SOFT_INK, Anchor::Left);
            canvas.line((bar.right, at(*share)), (bar.right + 4.0, at(*share)), AXIS, 1.0);
            canvas.text((bar.right + 6.0, at(*share)), text, lettering);
        }
        if !self.label.is_empty() {
            let text = fit(&self.label, LABEL_SIZE, bar.height());
            let x = beside.right + self.width() - LABEL_SIZE * 0.5;
            let lettering = Lettering::new(LABEL_SIZE, INK, Anchor::Middle).upwards();
            canvas.text((x, (bar.top + bar.bottom) / 2.0), &text, lettering);
        }
    }
}
