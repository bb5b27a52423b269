//! What lies behind the series of a figure: regions of a plane in colours, and thin lines between them.

use super::canvas::{Canvas, Point};
use super::colorbar::ColorBar;
use super::field::Ring;
use super::frame::{Frame, clipped};
use super::simplify::simplified;
use super::theme::Color;

/// Regions of a plane, painted one over the other.
#[derive(Debug, Clone)]
pub(super) struct Backdrop {
    /// The colour of what no region covers.
    pub ground: Color,
    /// In the order in which they are painted.
    pub regions: Vec<Region>,
    /// What the colours mean, if they are numbers.
    pub bar: Option<ColorBar>,
}

/// One colour, and the outlines of where it is.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub color: Color,
    pub outlines: Vec<Ring>,
    /// The colour of the lines round it, if it has any.
    pub line: Option<Color>,
}

/// How far an outline may be from its true place, in pixels: less than can be seen.
const TOLERANCE: f64 = 0.25;

impl Backdrop {
    /// Paints the regions over the whole frame.
    pub fn draw(&self, canvas: &mut Canvas<'_>, frame: &Frame) {
        canvas.rect(frame.area, self.ground, 1.0);
        let on_sheet = |points: &[Point]| {
            let points: Vec<Point> = points.iter().map(|(x, y)| frame.at(*x, *y)).collect();
            simplified(&points, TOLERANCE)
        };
        for region in &self.regions {
            // One shape out of many: the ways from outline to outline are walked twice, and holes run the
            // other way round, so that neither is filled.
            let mut shape: Vec<Point> = Vec::new();
            for outline in &region.outlines {
                let mut points = on_sheet(&closed(&outline.points));
                points = clipped(frame.area, points);
                points.extend(points.first().copied());
                shape.extend(points);
                shape.extend(shape.first().copied());
            }
            if shape.len() > 3 {
                canvas.polygon(&shape, region.color, 1.0);
            }
        }
        for region in &self.regions {
            let Some(color) = region.line else { continue };
            for line in region.outlines.iter().flat_map(Ring::lines) {
                for part in frame.inside(&on_sheet(&line)) {
                    canvas.path(&part, color, 0.8);
                }
            }
        }
    }
}

fn closed(points: &[Point]) -> Vec<Point> {
    points.iter().chain(points.first()).copied().collect()
}
