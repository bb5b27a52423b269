//! The data inside a frame: lines and what is drawn along them.

use super::axis::Axis;
use super::bins::{self, Bins};
use super::canvas::{Area, Canvas, Point};
use super::looks::Look;
use super::series::{Mark, Series};
use super::shapes::{self, Shape};
use super::theme::{CARD, Color, INK, LINE};

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

/// Draws one series.
pub(super) fn draw(canvas: &mut Canvas<'_>, frame: &Frame, series: &Series, look: Look, bins: &Bins) {
    let color = look.color;
    let ends = |from: Point, to: Point| vec![from, to];
    let points = match series.mark {
        Mark::Histogram => return bins::draw(canvas, frame, series, color, bins),
        Mark::Vertical => {
            let x = frame.at(series.x[0], frame.y.low).0;
            ends((x, frame.area.bottom), (x, frame.area.top))
        }
        Mark::Horizontal => {
            let y = frame.at(frame.x.low, series.y[0]).1;
            ends((frame.area.left, y), (frame.area.right, y))
        }
        _ => series
            .x
            .iter()
            .zip(&series.y)
            .map(|(x, y)| frame.at(*x, *y))
            .collect(),
    };
    match series.mark {
        Mark::Points => shapes::scatter(canvas, frame, &points, look),
        Mark::Reference | Mark::Vertical | Mark::Horizontal => {
            for part in frame.inside(&points) {
                if look.seam {
                    canvas.path(&part, CARD, LINE * 1.6);
                }
                canvas.dashed(&part, color, LINE * 0.75);
            }
        }
        Mark::Trail => trail(canvas, frame, &points, color),
        Mark::Cross => {
            for point in points.iter().filter(|point| frame.holds(**point)) {
                cross(canvas, *point);
            }
        }
        mark => {
            let points = thinned(points);
            if mark == Mark::Area {
                fill_below(canvas, frame, &points, color);
            }
            for part in frame.inside(&points) {
                if mark == Mark::Dashed || look.dashed {
                    canvas.dashed(&part, color, LINE);
                } else {
                    canvas.path(&part, color, LINE);
                }
            }
            if mark == Mark::Marked {
                for point in points.iter().filter(|point| frame.holds(**point)) {
                    Shape::of(look).draw(canvas, *point, 4.2, color, 1.0);
                }
            } else {
                // A line of one point has no length: the point itself is shown.
                for point in alone(&points).filter(|point| frame.holds(*point)) {
                    canvas.disc(point, LINE * 1.6, color, 1.0);
                }
            }
        }
    }
}

/// The points between two gaps.
fn alone(points: &[Point]) -> impl Iterator<Item = Point> {
    let is_seen = |at: usize| {
        points
            .get(at)
            .is_some_and(|(x, y)| x.is_finite() && y.is_finite())
    };
    let between = move |at: &usize| !(at.checked_sub(1).is_some_and(is_seen) || is_seen(at + 1));
    (0..points.len())
        .filter(move |at| is_seen(*at))
        .filter(between)
        .map(|at| points[at])
}

fn cross(canvas: &mut Canvas<'_>, (x, y): Point) {
    const ARM: f64 = 6.0;
    let strokes = [-ARM, ARM].map(|arm| ((x - ARM, y - arm), (x + ARM, y + arm)));
    for (color, width) in [(CARD, LINE * 2.4), (INK, LINE * 1.1)] {
        for (from, to) in strokes {
            canvas.line(from, to, color, width);
        }
    }
}

/// A way over a surface: its steps, a ring where it starts, a disc where it ends. A pale seam keeps it apart
/// from what it crosses.
fn trail(canvas: &mut Canvas<'_>, frame: &Frame, points: &[Point], color: Color) {
    const SEAM: f64 = 1.4;
    const MOST_STEPS: usize = 200;
    let parts = frame.inside(&thinned(points.to_vec()));
    for part in &parts {
        canvas.path(part, CARD, LINE + 2.0 * SEAM);
    }
    for part in &parts {
        canvas.path(part, color, LINE * 0.85);
    }
    let seen = |point: &&Point| frame.holds(**point);
    if points.len() <= MOST_STEPS {
        for point in points.iter().filter(seen) {
            canvas.disc(*point, 2.3, color, 1.0);
        }
    }
    if let Some(start) = points.first().filter(seen) {
        canvas.disc(*start, 5.0, color, 1.0);
        canvas.disc(*start, 2.8, CARD, 1.0);
    }
    if let Some(end) = points.last().filter(seen) {
        canvas.disc(*end, 5.0 + SEAM, CARD, 1.0);
        canvas.disc(*end, 5.0, color, 1.0);
    }
}

fn fill_below(canvas: &mut Canvas<'_>, frame: &Frame, points: &[Point], color: Color) {
    let Area { top, bottom, .. } = frame.area;
    let ground = frame.at(0.0, 0.0).1.clamp(top, bottom);
    let seen = |point: &&Point| point.0.is_finite() && point.1.is_finite();
    let mut outline: Vec<Point> = points.iter().filter(seen).copied().collect();
    if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
        outline.extend([(last.0, ground), (first.0, ground)]);
        canvas.polygon(&clipped(frame.area, outline), color, 0.12);
    }
}

/// At most some thousand points of a long line: of each run of neighbours the outermost ones, which are all
/// that can be seen of them.
fn thinned(points: Vec<Point>) -> Vec<Point> {
    const MOST: usize = 4000;
    if points.len() <= MOST {
        return points;
    }
    let run = points.len().div_ceil(MOST / 4);
    let extremes = points.chunks(run).flat_map(|run| {
        let by_height = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
        let last = run.len() - 1;
        let position =
            |point: Option<&Point>| point.and_then(|p| run.iter().position(|q| q == p)).unwrap_or(0);
        let mut kept = [
            0,
            position(run.iter().min_by(by_height)),
            position(run.iter().max_by(by_height)),
            last,
        ];
        kept.sort_unstable();
        kept.map(|at| run[at])
    });
    let mut kept: Vec<Point> = extremes.collect();
    kept.dedup();
    kept
}

/// The small picture of a series in the legend.
pub(super) fn swatch(canvas: &mut Canvas<'_>, area: Area, mark: Mark, look: Look) {
    let color = look.color;
    let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let ends = [(area.left, middle.1), (area.right, middle.1)];
    match mark {
        Mark::Line | Mark::Area | Mark::Edge if !look.dashed => canvas.path(&ends, color, LINE * 1.2),
        Mark::Line | Mark::Area | Mark::Edge | Mark::Dashed => canvas.dashed(&ends, color, LINE * 1.2),
        Mark::Marked => {
            canvas.path(&ends, color, LINE * 1.2);
            Shape::of(look).draw(canvas, middle, 4.2, color, 1.0);
        }
        Mark::Trail => {
            let [from, to] = [(ends[0].0 + 4.0, middle.1), (ends[1].0 - 4.0, middle.1)];
            canvas.line(from, to, color, LINE);
            canvas.disc(from, 4.0, color, 1.0);
            canvas.disc(from, 2.2, CARD, 1.0);
            canvas.disc(to, 4.0, color, 1.0);
        }
        Mark::Cross => cross(canvas, middle),
        Mark::Reference | Mark::Vertical | Mark::Horizontal => canvas.dashed(&ends, color, LINE * 0.75),
        Mark::Points => Shape::of(look).draw(canvas, middle, 5.0, color, 0.8),
        Mark::Histogram => bins::swatch(canvas, area, color),
    }
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

    #[test]
    fn a_thinned_line_keeps_its_peaks() {
        let mut points: Vec<Point> = (0..100_000).map(|at| (f64::from(at), 0.0)).collect();
        points[54_321].1 = 9.0;
        let kept = thinned(points);
        assert!(
            kept.len() <= 4000 && kept.contains(&(54_321.0, 9.0)),
            "{}",
            kept.len()
        );
        assert_eq!(kept.last(), Some(&(99_999.0, 0.0)));
    }
}
