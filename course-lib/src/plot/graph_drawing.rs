//! How a graph is drawn, once it is known where its nodes stand.

use std::f64::consts::PI;

use super::boxes::{arrow, rounded};
use super::canvas::{Anchor, Area, Canvas, Lettering, Point};
use super::graph::{Graph, GraphEdge, GraphNode};
use super::layering::Layering;
use super::picture::Plot;
use super::theme::{self, AXIS, CARD, Color, INK, LABEL_SIZE, MARGIN, PALETTE, SOFT_INK};
use super::title::Title;
use crate::error::Result;

const TEXT_SIZE: f64 = 12.0;
const ROW: f64 = 17.0;
const WIDEST: f64 = 220.0;
/// Inputs and results are told from what is between them.
const INPUT: Color = Color(226, 240, 250);
const RESULT: Color = Color(253, 236, 220);

struct Drawing<'a> {
    graph: &'a Graph,
    layering: Layering,
    /// Width and height of each node.
    sizes: Vec<(f64, f64)>,
    /// Where each layer starts and how thick it is, along the edges.
    layers: Vec<(f64, f64)>,
}

/// Draws a graph that was checked.
pub(super) fn draw(graph: &Graph) -> Result<Plot> {
    let drawing = Drawing::new(graph)?;
    let (width, height) = drawing.size();
    let words = theme::text_width(&graph.title, theme::TITLE_SIZE);
    let title = Title::new(&graph.title, width.max(words.min(560.0)));
    let size = (
        width.max(words.min(560.0)) + 2.0 * MARGIN,
        height + title.height() + 2.0 * MARGIN,
    );
    Plot::drawn(size, graph.words(), |canvas, area| {
        let area = title.draw(canvas, area.shrunk(MARGIN));
        drawing.draw(canvas, area);
        Ok(())
    })
}

impl<'a> Drawing<'a> {
    fn new(graph: &'a Graph) -> Result<Self> {
        let sizes: Vec<(f64, f64)> = graph.nodes.iter().map(node_size).collect();
        let across = |size: &(f64, f64)| if graph.downwards { size.0 } else { size.1 };
        let along = |size: &(f64, f64)| if graph.downwards { size.1 } else { size.0 };
        let gap = if graph.downwards { 28.0 } else { 22.0 };
        let layering = graph.layering(&sizes.iter().map(across).collect::<Vec<_>>(), gap)?;

        let count = layering.layers.iter().max().map_or(0, |last| last + 1);
        let thickness = |layer: usize| {
            let nodes = sizes.iter().zip(&layering.layers).filter(|(_, of)| **of == layer);
            nodes.map(|(size, _)| along(size)).fold(0.0, f64::max)
        };
        let labels = graph
            .edges
            .iter()
            .map(|edge| theme::text_width(&edge.label, TEXT_SIZE));
        let label = labels.fold(0.0, f64::max).min(WIDEST);
        let between = match (graph.downwards, label > 0.0) {
            (true, true) => 58.0,
            (true, false) => 40.0,
            (false, _) => (label + 36.0).max(48.0),
        };
        let mut layers = Vec::new();
        let mut start = 0.0;
        for layer in 0..count {
            layers.push((start, thickness(layer)));
            start += thickness(layer) + between;
        }
        Ok(Self {
            graph,
            layering,
            sizes,
            layers,
        })
    }

    fn size(&self) -> (f64, f64) {
        let along = self
            .layers
            .last()
            .map_or(0.0, |(start, thickness)| start + thickness);
        // Labels of outer edges may stand beyond the nodes.
        let beyond = if self.graph.edges.iter().any(|edge| !edge.label.is_empty()) {
            TEXT_SIZE
        } else {
            0.0
        };
        match self.graph.downwards {
            true => (self.layering.extent, along),
            false => (along, self.layering.extent + beyond),
        }
    }

    /// A point, given along the edges and across them.
    fn point(&self, area: Area, along: f64, across: f64) -> Point {
        match self.graph.downwards {
            true => {
                let spare = (area.width() - self.layering.extent) / 2.0;
                (area.left + spare + across, area.top + along)
            }
            false => (area.left + along, area.top + across),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Area) {
        let curves: Vec<Vec<Point>> = (0..self.graph.edges.len())
            .map(|edge| self.curve(area, edge))
            .collect();
        for curve in &curves {
            arrow(canvas, curve, AXIS, 1.5);
        }
        for (edge, curve) in self.graph.edges.iter().zip(&curves) {
            label(canvas, &edge.label, curve[curve.len() / 2]);
        }
        for (number, node) in self.graph.nodes.iter().enumerate() {
            self.node(canvas, area, number, node);
        }
    }

    /// The middle of a layer that a node is in, along the edges.
    fn middle(&self, layer: usize) -> f64 {
        let (start, thickness) = self.layers[layer];
        start + thickness / 2.0
    }

    /// The curve of an edge, from the edge of one node over its bends to the edge of the other.
    fn curve(&self, area: Area, number: usize) -> Vec<Point> {
        let edge = &self.graph.edges[number];
        let half = |node: usize| {
            if self.graph.downwards {
                self.sizes[node].1 / 2.0
            } else {
                self.sizes[node].0 / 2.0
            }
        };
        let (from, to) = (self.layering.layers[edge.from], self.layering.layers[edge.to]);
        let mut stops = vec![(
            self.middle(from) + half(edge.from),
            self.layering.places[edge.from],
        )];
        for (layer, across) in (from + 1..to).zip(&self.layering.bends[number]) {
            let (start, thickness) = self.layers[layer];
            // Straight through a layer, past its nodes.
            stops.extend([(start, *across), (start + thickness, *across)]);
        }
        stops.push((
            self.middle(to) - half(edge.to),
            self.layering.places[edge.to] + self.offset(number),
        ));
        let bulge = self.bulge(number);
        let mut curve: Vec<Point> = Vec::new();
        for pair in stops.windows(2) {
            let pieces = if pair[0].1 == pair[1].1 && bulge == 0.0 {
                2
            } else {
                18
            };
            curve.extend((0..pieces).map(|piece| {
                let share = f64::from(piece) / f64::from(pieces);
                let (along, across) = between(pair[0], pair[1], share);
                (along, across + bulge * (PI * share).sin())
            }));
        }
        curve.extend(stops.last());
        curve
            .into_iter()
            .map(|(along, across)| self.point(area, along, across))
            .collect()
    }

    /// How far an edge bends aside, since others lead from the same node to the same one, as in a · a.
    fn bulge(&self, number: usize) -> f64 {
        const STEP: f64 = 18.0;
        let edges = &self.graph.edges;
        let ends = |edge: &GraphEdge| (edge.from, edge.to);
        let same: Vec<usize> = (0..edges.len())
            .filter(|other| ends(&edges[*other]) == ends(&edges[number]))
            .collect();
        let is_far = !self.layering.bends[number].is_empty();
        let place = same.iter().position(|other| *other == number).unwrap_or(0) as f64;
        if is_far {
            0.0
        } else {
            (place - (same.len() - 1) as f64 / 2.0) * STEP
        }
    }

    /// How far from the middle of its node an edge ends: edges that end at one node do so beside each other.
    fn offset(&self, number: usize) -> f64 {
        let edges = &self.graph.edges;
        let to = edges[number].to;
        let comes_from = |edge: usize| {
            let last_bend = self.layering.bends[edge].last();
            *last_bend.unwrap_or(&self.layering.places[edges[edge].from])
        };
        let mut all: Vec<usize> = (0..edges.len()).filter(|edge| edges[*edge].to == to).collect();
        all.sort_by(|a, b| comes_from(*a).total_cmp(&comes_from(*b)).then(a.cmp(b)));
        let place = all.iter().position(|edge| *edge == number).unwrap_or(0) as f64;
        let room = if self.graph.downwards {
            self.sizes[to].0
        } else {
            self.sizes[to].1
        };
        let step = (room * 0.6 / all.len() as f64).min(16.0);
        (place - (all.len() - 1) as f64 / 2.0) * step
    }

    fn node(&self, canvas: &mut Canvas<'_>, area: Area, number: usize, node: &GraphNode) {
        let (x, y) = self.point(
            area,
            self.middle(self.layering.layers[number]),
            self.layering.places[number],
        );
        let (width, height) = self.sizes[number];
        let place = Area {
            left: x - width / 2.0,
            top: y - height / 2.0,
            right: x + width / 2.0,
            bottom: y + height / 2.0,
        };
        let edges = &self.graph.edges;
        let inside = if edges.iter().all(|edge| edge.to != number) {
            INPUT
        } else if edges.iter().all(|edge| edge.from != number) {
            RESULT
        } else {
            CARD
        };
        rounded(canvas, place, inside, SOFT_INK);
        let text = theme::fit(&node.label, LABEL_SIZE, WIDEST);
        let mut middle = place.top + 6.0 + ROW / 2.0;
        canvas.text(
            (x, middle),
            &text,
            Lettering::new(LABEL_SIZE, INK, Anchor::Middle).bold(),
        );
        for (line, highlighted) in &node.lines {
            middle += ROW;
            let color = if *highlighted {
                PALETTE[1].darker(0.18)
            } else {
                SOFT_INK
            };
            let text = theme::fit(line, TEXT_SIZE, WIDEST);
            canvas.text(
                (x, middle),
                &text,
                Lettering::new(TEXT_SIZE, color, Anchor::Middle),
            );
        }
    }
}

fn node_size(node: &GraphNode) -> (f64, f64) {
    let lines = node
        .lines
        .iter()
        .map(|(line, _)| theme::text_width(line, TEXT_SIZE));
    let widest = lines.fold(theme::text_width(&node.label, LABEL_SIZE * 1.06), f64::max);
    (
        widest.clamp(24.0, WIDEST) + 20.0,
        (node.lines.len() + 1) as f64 * ROW + 12.0,
    )
}

/// A point on a curve that starts and ends along the edges' direction.
fn between(from: (f64, f64), to: (f64, f64), share: f64) -> (f64, f64) {
    let bend = share * share * (3.0 - 2.0 * share);
    (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * bend)
}

fn label(canvas: &mut Canvas<'_>, text: &str, (x, y): Point) {
    if text.is_empty() {
        return;
    }
    let text = theme::fit(text, TEXT_SIZE, WIDEST);
    let half = theme::text_width(&text, TEXT_SIZE) / 2.0 + 2.0;
    let ground = Area {
        left: x - half,
        top: y - 7.5,
        right: x + half,
        bottom: y + 7.5,
    };
    canvas.rect(ground, CARD, 0.92);
    canvas.text((x, y), &text, Lettering::new(TEXT_SIZE, INK, Anchor::Middle));
}
