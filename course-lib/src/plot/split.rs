//! Where a series was cut in two: what a network learned from, and what it never saw.

use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::figure::Figure;
use super::frame::Frame;
use super::theme::{self, LINE, REFERENCE, SOFT_INK, TICK_SIZE};
use crate::error::Error;

/// The cut, and what its two sides are called.
#[derive(Debug, Clone)]
pub(super) struct Split {
    at: f64,
    before: String,
    after: String,
}

/// Height of the row above the data in which the sides are named.
pub(super) const ROW: f64 = TICK_SIZE * 1.5;

impl Figure {
    /// Cuts the picture in two at one value of x and names both sides above the data; the right one is tinted.
    /// `.split_at(115.0, "training", "never seen")`
    pub fn split_at(mut self, x: f64, before: impl Into<String>, after: impl Into<String>) -> Self {
        if x.is_finite() {
            *self.split = Some(Split {
                at: x,
                before: before.into(),
                after: after.into(),
            });
        } else {
            self.keep(
                Error::new("Figure::split_at")
                    .expected("a finite place on the x axis")
                    .got(x.to_string())
                    .hint("write the number of the first value that was not learned from"),
            );
        }
        self
    }
}

impl Split {
    /// The cut in words.
    pub fn words(&self) -> String {
        let place = super::axis::brief(self.at);
        format!("Up to {place}: {}; from there on: {}.", self.before, self.after)
    }

    /// Tints the right side; comes before the grid.
    pub fn tint(&self, canvas: &mut Canvas<'_>, frame: &Frame) {
        const OPACITY: f64 = 0.08;
        let left = self.place(frame);
        canvas.rect(Area { left, ..frame.area }, REFERENCE, OPACITY);
    }

    /// Draws the cut and names its sides; comes after the grid.
    pub fn draw(&self, canvas: &mut Canvas<'_>, frame: &Frame) {
        let Area {
            left,
            top,
            right,
            bottom,
        } = frame.area;
        let x = self.place(frame);
        canvas.dashed(&[(x, top - ROW), (x, bottom)], REFERENCE, LINE * 0.75);
        let mut write = |text: &str, at: f64, room: f64, anchor| {
            let text = theme::fit(text, TICK_SIZE, room - 8.0);
            let lettering = Lettering::new(TICK_SIZE, SOFT_INK, anchor);
            canvas.text((at, top - ROW * 0.55), &text, lettering);
        };
        write(&self.before, x - 8.0, x - left, Anchor::Right);
        write(&self.after, x + 8.0, right - x, Anchor::Left);
    }

    fn place(&self, frame: &Frame) -> f64 {
        let x = frame.at(self.at, frame.y.low).0;
        x.clamp(frame.area.left, frame.area.right)
    }
}
