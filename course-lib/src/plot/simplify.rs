//! Lines with as few points as can be seen.

use super::canvas::Point;

/// A line without the points that lie within `tolerance` of the straight way between those that are kept
/// (Ramer 1972, Douglas and Peucker 1973).
pub(super) fn simplified(points: &[Point], tolerance: f64) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    let last = points.len() - 1;
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (points[from], points[to]);
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        let distance = |p: Point| {
            if length == 0.0 {
                (p.0 - a.0).hypot(p.1 - a.1)
            } else {
                ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)).abs() / length
            }
        };
        let farthest = (from + 1..to)
            .map(|at| (at, distance(points[at])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, far)) = farthest
            && far > tolerance
        {
            keep[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    points
        .iter()
        .zip(keep)
        .filter_map(|(point, keep)| keep.then_some(*point))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_needs_two_points() {
        let line: Vec<Point> = (0..100).map(|at| (f64::from(at), 2.0 * f64::from(at))).collect();
        assert_eq!(simplified(&line, 0.1), [(0.0, 0.0), (99.0, 198.0)]);
        let corner = [(0.0, 0.0), (1.0, 0.02), (2.0, 0.0), (2.0, 5.0)];
        assert_eq!(simplified(&corner, 0.1), [(0.0, 0.0), (2.0, 0.0), (2.0, 5.0)]);
    }
}
