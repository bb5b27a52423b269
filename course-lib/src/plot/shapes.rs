//! Points, each series in a shape of its own: a second way, beside colour, to tell series apart.

use std::collections::HashSet;

use super::canvas::{Area, Canvas, Point};
use super::frame::Frame;
use super::looks::Look;
use super::theme::{CARD, Color};

/// How wide the seam round a point is, in pixels.
const SEAM: f64 = 1.2;
/// More points than this have no seam: it would hide their neighbours.
const MOST_SEAMS: usize = 400;

/// Draws the points of a series. Where many lie over each other they add up to a darker place.
pub(super) fn scatter(canvas: &mut Canvas<'_>, frame: &Frame, points: &[Point], look: Look) {
    let shape = Shape::of(look);
    let (radius, opacity) = match points.len() {
        0..=60 => (5.0, 0.8),
        61..=800 => (3.8, 0.72),
        _ => (2.8, 0.55),
    };
    let seam = look.seam && points.len() <= MOST_SEAMS;
    let opacity = if seam { 1.0 } else { opacity };
    // Of very many points those that fall on one half pixel are drawn once: the picture stays small.
    let crowded = points.len() > 5000;
    let mut taken = HashSet::new();
    for point in points.iter().filter(|point| frame.holds(**point)) {
        let place = ((point.0 * 2.0).round() as i64, (point.1 * 2.0).round() as i64);
        if !crowded || taken.insert(place) {
            if seam {
                shape.draw(canvas, *point, radius + SEAM, CARD, 1.0);
            }
            shape.draw(canvas, *point, radius, look.color, opacity);
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Disc,
    Triangle,
    Square,
    Diamond,
}

impl Shape {
    pub fn of(look: Look) -> Self {
        [Self::Disc, Self::Triangle, Self::Square, Self::Diamond][look.number % 4]
    }

    /// Draws the shape round a point; all shapes of one radius look equally large.
    pub fn draw(self, canvas: &mut Canvas<'_>, (x, y): Point, radius: f64, color: Color, opacity: f64) {
        let r = radius;
        match self {
            Self::Disc => canvas.disc((x, y), r, color, opacity),
            Self::Triangle => {
                let corners = [
                    (x, y - 1.2 * r),
                    (x + 1.1 * r, y + 0.8 * r),
                    (x - 1.1 * r, y + 0.8 * r),
                ];
                canvas.polygon(&corners, color, opacity);
            }
            Self::Square => {
                let r = 0.88 * r;
                canvas.rect(
                    Area {
                        left: x - r,
                        top: y - r,
                        right: x + r,
                        bottom: y + r,
                    },
                    color,
                    opacity,
                );
            }
            Self::Diamond => {
                let r = 1.25 * r;
                canvas.polygon(&[(x, y - r), (x + r, y), (x, y + r), (x - r, y)], color, opacity);
            }
        }
    }
}
