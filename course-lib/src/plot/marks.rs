//! The data inside a frame: lines and what is drawn along them.

use super::bins::{self, Bins};
use super::canvas::{Area, Canvas, Point};
use super::frame::{Frame, clipped};
use super::looks::Look;
use super::series::{Mark, Series};
use super::shapes::{self, Shape};
use super::theme::{CARD, Color, INK, LINE};

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
    const APART: f64 = 6.0;
    let parts = frame.inside(&thinned(points.to_vec()));
    for part in &parts {
        canvas.path(part, CARD, LINE + 2.0 * SEAM);
    }
    for part in &parts {
        canvas.path(part, color, LINE * 0.85);
    }
    let seen = |point: &&Point| frame.holds(**point);
    // Steps so short that their dots would run into a band are drawn as the line alone.
    let mut last: Option<Point> = None;
    for point in points.iter().filter(seen) {
        if last.is_none_or(|last| (point.0 - last.0).hypot(point.1 - last.1) >= APART) {
            canvas.disc(*point, 2.3, color, 1.0);
            last = Some(*point);
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
