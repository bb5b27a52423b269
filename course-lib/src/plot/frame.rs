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

/// The part of a filled shape inside a rectangle (Sutherland and Hodgman, 1974).
pub(super) fn clipped(area: Area, outline: Vec<Point>) -> Vec<Point> {
    let far = |point: &Point| {
        point.0 < area.left || point.0 > area.right || point.1 < area.top || point.1 > area.bottom
    };
    if !outline.iter().any(far) {
        return outline;
    }
    // How far inside of each side a point lies.
    let sides: [&dyn Fn(Point) -> f64; 4] = [
        &|(x, _)| x - area.left,
        &|(x, _)| area.right - x,
        &|(_, y)| y - area.top,
        &|(_, y)| area.bottom - y,
    ];
    sides.into_iter().fold(outline, |outline, depth| {
        let mut kept = Vec::with_capacity(outline.len());
        let last = outline.last().copied();
        for (from, to) in last
            .into_iter()
            .chain(outline.iter().copied())
            .zip(outline.iter().copied())
        {
            let (before, after) = (depth(from), depth(to));
            if (before < 0.0) != (after < 0.0) {
                let share = before / (before - after);
                kept.push((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            }
            if after >= 0.0 {
                kept.push(to);
            }
        }
        kept
    })
}

/// The part of a straight line inside a rectangle (Liang and Barsky, 1984).
fn clip(area: Area, from: Point, to: Point) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut start, mut end): (f64, f64) = (0.0, 1.0);
    let sides = [
        (-dx, from.0 - area.left),
        (dx, area.right - from.0),
        (-dy, from.1 - area.top),
        (dy, area.bottom - from.1),
    ];
    for (towards, room) in sides {
        // Rounding may put a point on the edge a hair outside.
        let room = if room.abs() < 1e-6 { 0.0 } else { room };
        if towards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            start = start.max(room / towards);
        } else {
            end = end.min(room / towards);
        }
    }
    let at = |share: f64| match share {
        0.0 => from,
        1.0 => to,
        share => (from.0 + dx * share, from.1 + dy * share),
    };
    (start <= end).then(|| (at(start), at(end)))
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
