//! The data inside a frame: lines, points, histograms.

use std::collections::HashSet;

use super::axis::Axis;
use super::canvas::{Area, Canvas, Point};
use super::figure::{Mark, Series};
use super::theme::{Color, LINE};
use super::values::span;

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

    fn holds(&self, (x, y): Point) -> bool {
        let Area {
            left,
            top,
            right,
            bottom,
        } = self.area;
        (left - 0.5..=right + 0.5).contains(&x) && (top - 0.5..=bottom + 0.5).contains(&y)
    }

    /// The parts of a line through `points` that lie inside the frame.
    fn inside(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = clip(self.area, pair[0], pair[1]) else {
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
pub(super) fn draw(canvas: &mut Canvas<'_>, frame: &Frame, series: &Series, color: Color, bins: &[f64]) {
    if series.mark == Mark::Histogram {
        return histogram(canvas, frame, series, color, bins);
    }
    let points: Vec<Point> = series
        .x
        .iter()
        .zip(&series.y)
        .map(|(x, y)| frame.at(*x, *y))
        .collect();
    match series.mark {
        Mark::Points => scatter(canvas, frame, &points, color),
        Mark::Reference => {
            for part in frame.inside(&points) {
                canvas.dashed(&part, color, LINE * 0.75);
            }
        }
        _ => {
            let points = thinned(points);
            if series.mark == Mark::Area {
                fill_below(canvas, frame, &points, color);
            }
            for part in frame.inside(&points) {
                canvas.path(&part, color, LINE);
            }
            // A line of one point has no length: the point itself is shown.
            if let [only] = points[..] {
                canvas.disc(only, LINE * 2.0, color, 1.0);
            }
        }
    }
}

fn fill_below(canvas: &mut Canvas<'_>, frame: &Frame, points: &[Point], color: Color) {
    let Area {
        left,
        top,
        right,
        bottom,
    } = frame.area;
    let ground = frame.at(0.0, 0.0).1.clamp(top, bottom);
    let inside = |(x, y): &Point| (x.clamp(left, right), y.clamp(top, bottom));
    let mut outline: Vec<Point> = points.iter().map(inside).collect();
    if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
        outline.extend([(last.0, ground), (first.0, ground)]);
        canvas.polygon(&outline, color, 0.12);
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

fn scatter(canvas: &mut Canvas<'_>, frame: &Frame, points: &[Point], color: Color) {
    let shape = Shape::of(color);
    let radius = match points.len() {
        0..=60 => 5.0,
        61..=800 => 3.8,
        _ => 2.8,
    };
    // Of very many points those that fall on one half pixel are drawn once: the picture stays small.
    let crowded = points.len() > 5000;
    let mut taken = HashSet::new();
    for point in points.iter().filter(|point| frame.holds(**point)) {
        let place = ((point.0 * 2.0).round() as i64, (point.1 * 2.0).round() as i64);
        if !crowded || taken.insert(place) {
            shape.draw(canvas, *point, radius, color);
        }
    }
}

/// The shapes of points: a second way, beside colour, to tell series apart.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Disc,
    Triangle,
    Square,
    Diamond,
}

impl Shape {
    fn of(color: Color) -> Self {
        let index = super::theme::PALETTE
            .iter()
            .position(|known| *known == color)
            .unwrap_or(0);
        [Self::Disc, Self::Triangle, Self::Square, Self::Diamond][index % 4]
    }

    fn draw(self, canvas: &mut Canvas<'_>, (x, y): Point, radius: f64, color: Color) {
        const OPACITY: f64 = 0.72;
        let r = radius;
        match self {
            Self::Disc => canvas.disc((x, y), r, color, OPACITY),
            Self::Triangle => {
                let corners = [
                    (x, y - 1.2 * r),
                    (x + 1.1 * r, y + 0.8 * r),
                    (x - 1.1 * r, y + 0.8 * r),
                ];
                canvas.polygon(&corners, color, OPACITY);
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
                    OPACITY,
                );
            }
            Self::Diamond => {
                let r = 1.25 * r;
                canvas.polygon(&[(x, y - r), (x + r, y), (x, y + r), (x - r, y)], color, OPACITY);
            }
        }
    }
}

/// The small picture of a series in the legend.
pub(super) fn swatch(canvas: &mut Canvas<'_>, area: Area, mark: Mark, color: Color) {
    let middle = (area.top + area.bottom) / 2.0;
    let ends = [(area.left, middle), (area.right, middle)];
    match mark {
        Mark::Line | Mark::Area => canvas.path(&ends, color, LINE * 1.2),
        Mark::Reference => canvas.dashed(&ends, color, LINE * 0.75),
        Mark::Points => Shape::of(color).draw(canvas, ((area.left + area.right) / 2.0, middle), 5.0, color),
        Mark::Histogram => {
            let area = Area {
                left: area.left + 3.0,
                right: area.right - 3.0,
                ..area
            };
            canvas.rect(area, color, 0.38);
            canvas.path(&outline(area), color, 1.6);
        }
    }
}

fn outline(
    Area {
        left,
        top,
        right,
        bottom,
    }: Area,
) -> [Point; 5] {
    [
        (left, top),
        (right, top),
        (right, bottom),
        (left, bottom),
        (left, top),
    ]
}

/// The edges of the bins that all histograms of a figure share; empty if it has none.
pub(super) fn bins(series: &[Series], wanted: usize, range: Option<(f64, f64)>) -> Vec<f64> {
    let values = || {
        series
            .iter()
            .filter(|s| s.mark == Mark::Histogram)
            .flat_map(|s| s.x.iter().copied())
    };
    if values().next().is_none() {
        return Vec::new();
    }
    let (mut low, mut high) = range.unwrap_or_else(|| span(values()));
    if high - low <= low.abs().max(high.abs()) * 1e-7 {
        let room = if low == 0.0 { 0.5 } else { low.abs() * 0.05 };
        (low, high) = (low - room, high + room);
    }
    let count = if wanted > 0 {
        wanted
    } else {
        suitable(values().collect(), high - low)
    };
    (0..=count)
        .map(|edge| low + (high - low) * edge as f64 / count as f64)
        .collect()
}

/// Freedman and Diaconis (1981): bins as wide as twice the middle half of the data over the cube root of its
/// size.
fn suitable(mut values: Vec<f64>, span: f64) -> usize {
    values.sort_unstable_by(f64::total_cmp);
    let quartile = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / (values.len() as f64).cbrt();
    let count = if width > 0.0 { (span / width).ceil() } else { 10.0 };
    count.clamp(8.0, 40.0) as usize
}

/// How many values of a series fall into each bin; the last bin includes its upper edge.
pub(super) fn counts(series: &Series, bins: &[f64]) -> Vec<usize> {
    let mut counts = vec![0; bins.len().saturating_sub(1)];
    let (Some(low), Some(high)) = (bins.first(), bins.last()) else {
        return counts;
    };
    let last = counts.len().saturating_sub(1);
    for value in series.x.iter().filter(|value| (*low..=*high).contains(*value)) {
        let bin = bins
            .partition_point(|edge| edge <= value)
            .saturating_sub(1)
            .min(last);
        counts[bin] += 1;
    }
    counts
}

fn histogram(canvas: &mut Canvas<'_>, frame: &Frame, series: &Series, color: Color, bins: &[f64]) {
    let ground = bins.first().map(|low| (*low, 0.0));
    let tops = counts(series, bins).into_iter().zip(bins.windows(2));
    let tops = tops.flat_map(|(count, edges)| [(edges[0], count as f64), (edges[1], count as f64)]);
    let all = ground
        .into_iter()
        .chain(tops)
        .chain(bins.last().map(|high| (*high, 0.0)));
    let outline: Vec<Point> = all.map(|(x, y)| frame.at(x, y)).collect();
    canvas.polygon(&outline, color, 0.38);
    // Along empty bins there is no outline: it would hide that of another histogram.
    let ground = frame.at(0.0, 0.0).1;
    for bars in outline.chunk_by(|a, b| a.1 != ground || b.1 != ground) {
        for part in frame.inside(bars) {
            canvas.path(&part, color, 1.6);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram_of(values: &[f64]) -> Series {
        Series {
            name: String::new(),
            mark: Mark::Histogram,
            x: values.to_vec(),
            y: Vec::new(),
        }
    }

    #[test]
    fn every_value_falls_into_one_bin_edges_included() {
        let series = histogram_of(&[0.0, 0.5, 1.0, 1.0, 2.0]);
        let edges = bins(std::slice::from_ref(&series), 4, None);
        assert_eq!(edges, [0.0, 0.5, 1.0, 1.5, 2.0]);
        assert_eq!(counts(&series, &edges), [1, 1, 2, 1]);
    }

    #[test]
    fn equal_values_fall_into_bins_too() {
        for value in [0.0, 7.0, -1e9] {
            let series = histogram_of(&[value; 3]);
            let edges = bins(std::slice::from_ref(&series), 0, None);
            assert_eq!(counts(&series, &edges).iter().sum::<usize>(), 3);
        }
    }

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
