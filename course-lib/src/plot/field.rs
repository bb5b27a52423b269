//! Numbers on a grid over a plane, and the outlines of where they reach a level: marching squares (Lorensen
//! and Cline, 1987, in two dimensions).

use std::collections::BTreeMap;

use super::canvas::Point;
use crate::error::Result;

/// Numbers at the crossings of a grid. Round it lies a ring of crossings that reach no level, so that every
/// outline closes.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Crossings from left to right and from bottom to top, the ring included.
    columns: usize,
    rows: usize,
    x: (f64, f64),
    y: (f64, f64),
    /// From left to right, then from bottom to top.
    values: Vec<f64>,
}

/// One side of a square of the grid: two neighbouring crossings, the left or lower one first.
type Side = (usize, usize);

/// Where a side is crossed by an outline, from 0 (its first end) to 1.
pub(super) type Crossings = BTreeMap<Side, f64>;

/// A closed outline with the region on its left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ring {
    /// The first point is not repeated at the end.
    pub points: Vec<Point>,
    /// Whether the stretch from each point to the next runs along the edge of the field.
    along_edge: Vec<bool>,
}

impl Ring {
    /// The parts of the outline that are not the edge of the field.
    pub fn lines(&self) -> Vec<Vec<Point>> {
        let count = self.points.len();
        let Some(start) = self.along_edge.iter().position(|edge| *edge) else {
            let closed = self.points.iter().chain(self.points.first()).copied();
            return vec![closed.collect()];
        };
        let mut lines: Vec<Vec<Point>> = Vec::new();
        let mut follows = false;
        for step in 1..=count {
            let (at, next) = ((start + step) % count, (start + step + 1) % count);
            if self.along_edge[at] {
                follows = false;
                continue;
            }
            match lines.last_mut().filter(|_| follows) {
                Some(line) => line.push(self.points[next]),
                None => lines.push(vec![self.points[at], self.points[next]]),
            }
            follows = true;
        }
        lines
    }
}

impl Field {
    /// The values of a function at `columns` × `rows` places, evenly from end to end. The function gets all
    /// places at once.
    pub fn sample(
        x: (f64, f64),
        y: (f64, f64),
        (columns, rows): (usize, usize),
        function: impl FnOnce(&[Point]) -> Result<Vec<f64>>,
    ) -> Result<Self> {
        let mut field = Self {
            columns: columns + 2,
            rows: rows + 2,
            x,
            y,
            values: Vec::new(),
        };
        let inner: Vec<usize> = (0..field.columns * field.rows)
            .filter(|node| !field.is_ring(*node))
            .collect();
        let places: Vec<Point> = inner.iter().map(|node| field.place(*node)).collect();
        field.values = vec![f64::NEG_INFINITY; field.columns * field.rows];
        for (node, value) in inner.into_iter().zip(function(&places)?) {
            field.values[node] = value;
        }
        Ok(field)
    }

    /// The same grid with other values.
    pub fn with(&self, function: impl Fn(usize) -> f64) -> Self {
        let mut number = 0..;
        let values = (0..self.values.len()).map(|node| {
            if self.is_ring(node) {
                f64::NEG_INFINITY
            } else {
                number.next().map_or(f64::NEG_INFINITY, &function)
            }
        });
        Self {
            values: values.collect(),
            ..self.clone()
        }
    }

    /// All values, without the ring.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        let inner = (0..self.values.len()).filter(|node| !self.is_ring(*node));
        inner.map(|node| self.values[node])
    }

    /// The sides on which a level is reached, each with the two places and values at its ends.
    pub fn crossed(&self, level: f64) -> Vec<(Side, [Point; 2], [f64; 2])> {
        let reached = |node: usize| self.values[node] >= level;
        let right = |node: usize| (node + 1, node % self.columns + 1 < self.columns);
        let above = |node: usize| (node + self.columns, node / self.columns + 1 < self.rows);
        let sides = (0..self.values.len()).flat_map(|node| {
            let neighbours = [right(node), above(node)].into_iter();
            neighbours.filter_map(move |(other, exists)| exists.then_some((node, other)))
        });
        sides
            .filter(|(from, to)| reached(*from) != reached(*to) && !self.is_ring(*from) && !self.is_ring(*to))
            .map(|(from, to)| {
                let places = [self.place(from), self.place(to)];
                ((from, to), places, [self.values[from], self.values[to]])
            })
            .collect()
    }

    /// The outlines of where values are at least `level`. A side is crossed where `crossings` says, else where
    /// a straight line between its two values reaches the level.
    pub fn outlines(&self, level: f64, crossings: &Crossings) -> Vec<Ring> {
        let mut stretches: BTreeMap<Side, (Side, bool)> = BTreeMap::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                let edge = row == 0 || column == 0 || row + 2 == self.rows || column + 2 == self.columns;
                for (from, to) in self.square(row * self.columns + column, level) {
                    stretches.insert(from, (to, edge));
                }
            }
        }
        let mut rings = Vec::new();
        while let Some((start, (mut side, edge))) = stretches.pop_first() {
            let mut ring = Ring {
                points: vec![self.crossing(start, level, crossings)],
                along_edge: vec![edge],
            };
            while let Some((next, edge)) = stretches.remove(&side) {
                ring.points.push(self.crossing(side, level, crossings));
                ring.along_edge.push(edge);
                side = next;
            }
            rings.push(ring);
        }
        rings
    }

    /// The stretches of outlines inside one square, each from one side to another with the region on the left.
    fn square(&self, corner: usize, level: f64) -> Vec<(Side, Side)> {
        let [a, b, c, d] = [
            corner,
            corner + 1,
            corner + self.columns + 1,
            corner + self.columns,
        ];
        let (bottom, right, top, left) = ((a, b), (b, c), (d, c), (a, d));
        let reached = |node: usize| self.values[node] >= level;
        match (reached(a), reached(b), reached(c), reached(d)) {
            (false, false, false, false) | (true, true, true, true) => vec![],
            (true, false, false, false) => vec![(bottom, left)],
            (false, true, false, false) => vec![(right, bottom)],
            (false, false, true, false) => vec![(top, right)],
            (false, false, false, true) => vec![(left, top)],
            (true, true, false, false) => vec![(right, left)],
            (false, true, true, false) => vec![(top, bottom)],
            (false, false, true, true) => vec![(left, right)],
            (true, false, false, true) => vec![(bottom, top)],
            (true, true, true, false) => vec![(top, left)],
            (true, true, false, true) => vec![(right, top)],
            (true, false, true, true) => vec![(bottom, right)],
            (false, true, true, true) => vec![(left, bottom)],
            // A saddle: the value in the middle says which two corners belong together.
            (true, false, true, false) if self.middle(corner) >= level => vec![(bottom, right), (top, left)],
            (true, false, true, false) => vec![(bottom, left), (top, right)],
            (false, true, false, true) if self.middle(corner) >= level => vec![(left, bottom), (right, top)],
            (false, true, false, true) => vec![(right, bottom), (left, top)],
        }
    }

    fn middle(&self, corner: usize) -> f64 {
        let corners = [
            corner,
            corner + 1,
            corner + self.columns,
            corner + self.columns + 1,
        ];
        corners.iter().map(|node| self.values[*node]).sum::<f64>() / 4.0
    }

    fn crossing(&self, (from, to): Side, level: f64, crossings: &Crossings) -> Point {
        let ends = [self.place(from), self.place(to)];
        if self.is_ring(from) || self.is_ring(to) {
            // The ring's places are those of the edge: both ends are one point.
            return ends[0];
        }
        let (before, after) = (self.values[from], self.values[to]);
        let straight = || ((level - before) / (after - before)).clamp(0.0, 1.0);
        let share = crossings.get(&(from, to)).copied().unwrap_or_else(straight);
        between(ends, share)
    }

    fn is_ring(&self, node: usize) -> bool {
        let (column, row) = (node % self.columns, node / self.columns);
        column == 0 || row == 0 || column + 1 == self.columns || row + 1 == self.rows
    }

    /// Where a crossing of the grid lies; those of the ring lie on the edge.
    fn place(&self, node: usize) -> Point {
        let along = |at: usize, count: usize, (low, high): (f64, f64)| {
            let share = (at.saturating_sub(1) as f64 / (count - 3) as f64).min(1.0);
            low + (high - low) * share
        };
        (
            along(node % self.columns, self.columns, self.x),
            along(node / self.columns, self.rows, self.y),
        )
    }
}

/// The point at a share of the way between two others.
pub(super) fn between([from, to]: [Point; 2], share: f64) -> Point {
    (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(function: impl Fn(f64, f64) -> f64) -> Field {
        let all = |places: &[Point]| Ok(places.iter().map(|(x, y)| function(*x, *y)).collect());
        Field::sample((-2.0, 2.0), (-1.0, 3.0), (81, 81), all).unwrap()
    }

    /// Twice the area that lies on the left of an outline.
    fn area(ring: &Ring) -> f64 {
        let next = ring.points.iter().cycle().skip(1);
        ring.points
            .iter()
            .zip(next)
            .map(|(a, b)| a.0 * b.1 - a.1 * b.0)
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_disc_has_the_outline_of_a_circle() {
        let rings = field(|x, y| 1.0 - x.hypot(y - 1.0)).outlines(0.0, &Crossings::new());
        assert_eq!(rings.len(), 1);
        for (x, y) in &rings[0].points {
            assert!((x.hypot(y - 1.0) - 1.0).abs() < 2e-3, "({x}, {y})");
        }
        assert!(
            (area(&rings[0]) - std::f64::consts::PI).abs() < 0.01,
            "{}",
            area(&rings[0])
        );
        let lines = rings[0].lines();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last(), "a closed line");
    }

    #[test]
    fn a_region_is_closed_along_the_edge_and_its_line_is_not() {
        let rings = field(|x, y| 2.0 * x + y).outlines(1.0, &Crossings::new());
        assert_eq!(rings.len(), 1);
        assert!((area(&rings[0]) - 8.0).abs() < 1e-9, "{}", area(&rings[0]));
        let lines = rings[0].lines();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|(x, y)| (2.0 * x + y - 1.0).abs() < 1e-9));
        let (first, last) = (lines[0][0], lines[0][lines[0].len() - 1]);
        assert_eq!((first.1 - last.1).abs(), 4.0, "from edge to edge");
    }

    #[test]
    fn a_hole_runs_the_other_way_round() {
        let rings = field(|x, y| -((x.hypot(y - 1.0) - 0.8).abs())).outlines(-0.4, &Crossings::new());
        let mut areas: Vec<f64> = rings.iter().map(area).collect();
        areas.sort_by(f64::total_cmp);
        assert_eq!(areas.len(), 2);
        assert!(areas[0] < -0.45 && areas[1] > 4.4, "{areas:?}");
    }

    #[test]
    fn what_reaches_the_level_everywhere_or_nowhere_has_no_line() {
        let everywhere = field(|_, _| 1.0).outlines(0.0, &Crossings::new());
        assert!(everywhere.len() == 1 && everywhere[0].lines().is_empty());
        assert!((area(&everywhere[0]) - 16.0).abs() < 1e-9);
        assert!(field(|_, _| -1.0).outlines(0.0, &Crossings::new()).is_empty());
    }

    #[test]
    fn a_step_is_found_where_it_is_said_to_be() {
        let steep = field(|x, _| if x >= 0.13 { 1.0 } else { 0.0 });
        let crossings = steep.crossed(0.5).into_iter().map(|(side, places, _)| {
            let (from, to) = (places[0].0, places[1].0);
            (side, (0.13 - from) / (to - from))
        });
        for ring in steep.outlines(0.5, &crossings.collect()) {
            assert!(ring.lines().concat().iter().all(|(x, _)| (x - 0.13).abs() < 1e-9));
        }
    }
}
