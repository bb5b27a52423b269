//! Boxes with round corners, and arrows between them.

use std::f64::consts::{FRAC_PI_2, PI};

use super::canvas::{Area, Canvas, Point};
use super::theme::Color;

/// A box with round corners: its edge, and inside it its colour.
pub(super) fn rounded(canvas: &mut Canvas<'_>, area: Area, inside: Color, edge: Color) {
    canvas.polygon(&outline(area, 6.0), edge, 1.0);
    canvas.polygon(&outline(area.shrunk(1.2), 4.8), inside, 1.0);
}

fn outline(area: Area, radius: f64) -> Vec<Point> {
    const STEPS: usize = 5;
    let radius = radius.min(area.width() / 2.0).min(area.height() / 2.0);
    let inner = area.shrunk(radius);
    let corners = [
        (inner.right, inner.top, -FRAC_PI_2),
        (inner.right, inner.bottom, 0.0),
        (inner.left, inner.bottom, FRAC_PI_2),
        (inner.left, inner.top, PI),
    ];
    let arc = |(x, y, from): (f64, f64, f64)| {
        (0..=STEPS).map(move |step| {
            let angle = from + FRAC_PI_2 * step as f64 / STEPS as f64;
            (x + radius * angle.cos(), y + radius * angle.sin())
        })
    };
    corners.into_iter().flat_map(arc).collect()
}

/// A line with the head of an arrow at its last point.
pub(super) fn arrow(canvas: &mut Canvas<'_>, points: &[Point], color: Color, width: f64) {
    const HEAD: f64 = 8.0;
    let Some((&end, line)) = points.split_last() else {
        return;
    };
    // The direction is that of the last stretch as long as the head, not of the last short piece.
    let far = |point: &&Point| (point.0 - end.0).hypot(point.1 - end.1) >= HEAD * 0.9;
    let Some(&from) = line.iter().rev().find(far).or(line.first()) else {
        return;
    };
    let length = (end.0 - from.0).hypot(end.1 - from.1);
    if length == 0.0 {
        return;
    }
    let (dx, dy) = ((end.0 - from.0) / length, (end.1 - from.1) / length);
    let foot = (end.0 - dx * HEAD, end.1 - dy * HEAD);
    let mut shaft: Vec<Point> = line.iter().copied().filter(|point| far(&point)).collect();
    shaft.push((end.0 - dx * HEAD * 0.6, end.1 - dy * HEAD * 0.6));
    canvas.path(&shaft, color, width);
    let half = HEAD * 0.42;
    canvas.polygon(
        &[
            end,
            (foot.0 - dy * half, foot.1 + dx * half),
            (foot.0 + dy * half, foot.1 - dx * half),
        ],
        color,
        1.0,
    );
}
