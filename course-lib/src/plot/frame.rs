//! The rectangle between the axes: how values become places in it, and what of a drawing lies inside.

use super::axis::Axis;
use super::canvas::{Area, Point};

/// The rectangle between the axes, and how values become places in it.
pub(super) struct Frame {
    pub area: Area,
    pub x: Axis,
    pub y: Axis,
}

impl Frame {
    /// Where the point (x, y) lies on the sheet.
    pub fn at(&self, x: f64, y: f64) -> Point {
        let Area { left, bottom, .. } = self.area;
        (
            left + self.x.share(x) * self.area.width(),
            bottom - self.y.share(y) * self.area.height(),
        )
    }

    pub fn holds(&self, (x, y): Point) -> bool {
        let Area {
            left,
            top,
            right,
            bottom,
        } = self.area;
        (left - 0.5..=right + 0.5).contains(&x) && (top - 0.5..=bottom + 0.5).contains(&y)
    }

    /// The parts of a line through `points` that lie inside the frame; NaN is a gap.
    pub fn inside(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let is_gap = pair.iter().any(|(x, y)| !x.is_finite() || !y.is_finite());
            let Some((from, to)) = clip(self.area, pair[0], pair[1]).filter(|_| !is_gap) else {
                continue;
            };
            match parts.last_mut() {
                Some(part) if part.last() == Some(&from) => part.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
        parts
    }
}

/// One side of a rectangle.
#[derive(Debug, Clone, Copy)]
enum Side {
    Left(f64),
    Right(f64),
    Top(f64),
    Bottom(f64),
}

impl Side {
    fn all(area: Area) -> [Self; 4] {
        [
            Self::Left(area.left),
            Self::Right(area.right),
            Self::Top(area.top),
            Self::Bottom(area.bottom),
        ]
    }

    /// How far inside of the side a point lies; negative outside of it.
    fn depth(self, (x, y): Point) -> f64 {
        let depth = match self {
            Self::Left(left) => x - left,
            Self::Right(right) => right - x,
            Self::Top(top) => y - top,
            Self::Bottom(bottom) => bottom - y,
        };
        // Rounding may put a point on the edge a hair outside.
        if depth.abs() < 1e-6 { 0.0 } else { depth }
    }

    /// Where the way between a point inside and one outside crosses the side: on the side exactly, however far
    /// outside the other point is. A training that diverges ends at 1e30.
    fn crossing(self, from: Point, to: Point) -> Point {
        let (before, after) = (self.depth(from), self.depth(to));
        let share = before / (before - after);
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        match self {
            Self::Left(edge) | Self::Right(edge) => (edge, y),
            Self::Top(edge) | Self::Bottom(edge) => (x, edge),
        }
    }
}

/// The part of a filled shape inside a rectangle (Sutherland and Hodgman, 1974).
pub(super) fn clipped(area: Area, outline: Vec<Point>) -> Vec<Point> {
    let sides = Side::all(area);
    if outline
        .iter()
        .all(|point| sides.iter().all(|side| side.depth(*point) >= 0.0))
    {
        return outline;
    }
    sides.into_iter().fold(outline, |outline, side| {
        let mut kept = Vec::with_capacity(outline.len());
        let last = outline.last().copied();
        let before = last.into_iter().chain(outline.iter().copied());
        for (from, to) in before.zip(outline.iter().copied()) {
            let is_inside = side.depth(to) >= 0.0;
            if (side.depth(from) >= 0.0) != is_inside {
                kept.push(side.crossing(from, to));
            }
            if is_inside {
                kept.push(to);
            }
        }
        kept
    })
}

/// The part of a straight line inside a rectangle: side by side, what lies outside is cut off (Cohen and
/// Sutherland, 1967).
fn clip(area: Area, mut from: Point, mut to: Point) -> Option<(Point, Point)> {
    for side in Side::all(area) {
        match (side.depth(from) >= 0.0, side.depth(to) >= 0.0) {
            (true, true) => {}
            (true, false) => to = side.crossing(from, to),
            (false, true) => from = side.crossing(from, to),
            (false, false) => return None,
        }
    }
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_the_edges_of_the_frame() {
        let area = Area {
            left: 0.0,
            top: 0.0,
            right: 10.0,
            bottom: 10.0,
        };
        assert_eq!(
            clip(area, (-10.0, 5.0), (20.0, 5.0)),
            Some(((0.0, 5.0), (10.0, 5.0)))
        );
        assert_eq!(clip(area, (2.0, 2.0), (3.0, 3.0)), Some(((2.0, 2.0), (3.0, 3.0))));
        assert_eq!(clip(area, (-5.0, -1.0), (20.0, -1.0)), None);
    }

    #[test]
    fn a_line_from_far_outside_to_far_outside_stays_inside() {
        let area = Area {
            left: 0.0,
            top: 0.0,
            right: 10.0,
            bottom: 20.0,
        };
        let far = 1e30;
        assert_eq!(
            clip(area, (5.0, -far), (5.0, 3.0 * far)),
            Some(((5.0, 0.0), (5.0, 20.0)))
        );
        assert_eq!(
            clip(area, (-far, 7.0), (2.0 * far, 7.0)),
            Some(((0.0, 7.0), (10.0, 7.0)))
        );
        assert_eq!(
            clip(area, (4.0, 3.0), (4.0, far)),
            Some(((4.0, 3.0), (4.0, 20.0)))
        );
        let shape = clipped(
            area,
            vec![(2.0, -far), (8.0, -far), (8.0, 3.0 * far), (2.0, 3.0 * far)],
        );
        assert!(
            shape.len() == 4
                && shape
                    .iter()
                    .all(|(x, y)| [2.0, 8.0].contains(x) && [0.0, 20.0].contains(y)),
            "{shape:?}"
        );
    }

    #[test]
    fn a_shape_is_cut_at_the_edges_of_the_frame() {
        let area = Area {
            left: 0.0,
            top: 0.0,
            right: 10.0,
            bottom: 10.0,
        };
        let mut corner = clipped(area, vec![(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]);
        corner.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        assert_eq!(corner, [(0.0, 0.0), (0.0, 5.0), (5.0, 0.0), (5.0, 5.0)]);
        assert!(clipped(area, vec![(20.0, 0.0), (30.0, 0.0), (30.0, 9.0)]).is_empty());
    }
}
