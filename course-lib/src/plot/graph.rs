//! Graphs whose edges all lead one way: calculations, from inputs to results.

use std::fmt;

use super::layering::{Layering, layering};
use super::picture::Plot;
use crate::error::{Error, Result};

const MOST_NODES: usize = 100;
const MOST_EDGES: usize = 300;
const MOST_LINES: usize = 6;

/// A node of a [`graph`]: a label, and lines of text below it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct GraphNode {
    pub(super) label: String,
    /// Each with whether it is highlighted.
    pub(super) lines: Vec<(String, bool)>,
}

impl GraphNode {
    /// A node with a label: `W`, `v1 = W · x`.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            lines: Vec::new(),
        }
    }

    /// The same with one more line of text: `value 6`.
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push((text.into(), false));
        self
    }

    /// The same with one more line that stands out: `∂L/∂W = 8`.
    pub fn highlight(mut self, text: impl Into<String>) -> Self {
        self.lines.push((text.into(), true));
        self
    }
}

impl From<&str> for GraphNode {
    fn from(label: &str) -> Self {
        Self::new(label)
    }
}

/// An edge of a [`graph`], from one node to another, each given by its place among the nodes (the first is
/// 0).
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct GraphEdge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: String,
}

impl GraphEdge {
    /// An edge without a label.
    pub fn new(from: usize, to: usize) -> Self {
        Self {
            from,
            to,
            label: String::new(),
        }
    }

    /// The same with a label on it: `∂v1/∂W = 2`.
    pub fn label(self, label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..self
        }
    }
}

impl From<(usize, usize)> for GraphEdge {
    fn from((from, to): (usize, usize)) -> Self {
        Self::new(from, to)
    }
}

/// A drawing of a graph, made by [`graph`] and drawn by [`Graph::draw`].
#[derive(Clone)]
#[must_use = "a graph is drawn by `.draw()?`"]
pub struct Graph {
    pub(super) nodes: Vec<GraphNode>,
    pub(super) edges: Vec<GraphEdge>,
    pub(super) title: String,
    pub(super) downwards: bool,
}

/// Draws nodes and the edges between them so that all edges lead from left to right: a calculation, a tape.
///
/// ```
/// use course_lib::plot::{self, GraphEdge, GraphNode};
///
/// let nodes = [
///     GraphNode::new("W").line("3").highlight("∂L/∂W = 8"),
///     GraphNode::new("x").line("2"),
///     GraphNode::new("W · x").line("6").highlight("∂L/∂ = 4"),
/// ];
/// let plot = plot::graph(&nodes, &[(0, 2), (1, 2)]).title("One product").draw()?;
/// let edges = [GraphEdge::new(0, 2).label("2"), GraphEdge::new(1, 2).label("3")];
/// let plot = plot::graph(&nodes, &edges).downwards().draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn graph(nodes: &[impl Clone + Into<GraphNode>], edges: &[impl Clone + Into<GraphEdge>]) -> Graph {
    Graph {
        nodes: nodes.iter().cloned().map(Into::into).collect(),
        edges: edges.iter().cloned().map(Into::into).collect(),
        title: String::new(),
        downwards: false,
    }
}

impl Graph {
    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Edges lead from top to bottom instead of from left to right.
    pub fn downwards(mut self) -> Self {
        self.downwards = true;
        self
    }

    /// Draws the graph.
    ///
    /// # Errors
    /// No nodes, or more than can be read (100, with 300 edges and 6 lines in each); an edge from or to a
    /// node that there is not; edges that lead in a circle.
    pub fn draw(&self) -> Result<Plot> {
        self.check()?;
        super::graph_drawing::draw(self)
    }

    fn check(&self) -> Result<()> {
        let error = || Error::new("graph");
        if self.nodes.is_empty() || self.nodes.len() > MOST_NODES || self.edges.len() > MOST_EDGES {
            return Err(error()
                .expected(format!("1 to {MOST_NODES} nodes and at most {MOST_EDGES} edges"))
                .got(format!(
                    "{} nodes and {} edges",
                    self.nodes.len(),
                    self.edges.len()
                ))
                .hint("draw a part of the calculation, such as one example instead of a batch"));
        }
        if let Some(node) = self.nodes.iter().find(|node| node.lines.len() > MOST_LINES) {
            return Err(error()
                .expected(format!("at most {MOST_LINES} lines in a node"))
                .got(format!("{} in `{}`", node.lines.len(), node.label))
                .hint("put several numbers on one line"));
        }
        let count = self.nodes.len();
        match self
            .edges
            .iter()
            .find(|edge| edge.from >= count || edge.to >= count)
        {
            None => Ok(()),
            Some(edge) => Err(error()
                .expected(format!("edges between nodes 0 to {}", count - 1))
                .got(format!("an edge from {} to {}", edge.from, edge.to))
                .hint("nodes are counted from 0 in the order in which they are given")),
        }
    }

    /// Where nodes of these sizes across the layers stand.
    pub(super) fn layering(&self, sizes: &[f64], gap: f64) -> Result<Layering> {
        let edges: Vec<(usize, usize)> = self.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        layering(sizes, &edges, gap).ok_or_else(|| {
            Error::new("graph")
                .expected("edges that lead from inputs to results")
                .got("edges that lead in a circle")
                .hint("an unrolled network has a node for each step")
        })
    }

    /// The graph in words.
    pub(super) fn words(&self) -> String {
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let mut words = format!(
            "Graph{title} of {} nodes and {} edges.",
            self.nodes.len(),
            self.edges.len()
        );
        for (number, node) in self.nodes.iter().enumerate() {
            let lines = node.lines.iter().map(|(line, _)| format!(", {line}"));
            words.push_str(&format!(" {}{}", node.label, lines.collect::<String>()));
            let ends = self.edges.iter().filter(|edge| edge.from == number);
            let ends: Vec<String> = ends
                .map(|edge| match edge.label.is_empty() {
                    true => self.nodes[edge.to].label.clone(),
                    false => format!("{} ({})", self.nodes[edge.to].label, edge.label),
                })
                .collect();
            if !ends.is_empty() {
                words.push_str(&format!("; leads to {}", ends.join(", ")));
            }
            words.push('.');
        }
        words
    }
}

impl fmt::Display for GraphNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines.iter().map(|(line, _)| line.as_str());
        let all: Vec<&str> = [self.label.as_str()].into_iter().chain(lines).collect();
        f.write_str(&all.join(", "))
    }
}

impl fmt::Display for GraphEdge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {} → node {}", self.from, self.to)?;
        match self.label.is_empty() {
            true => Ok(()),
            false => write!(f, ", {}", self.label),
        }
    }
}

crate::notebook::shows_in_words!(GraphNode, GraphEdge);

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nodes, edges) = (self.nodes.len(), self.edges.len());
        write!(
            f,
            "a graph of {nodes} nodes and {edges} edges; `.draw()?` at its end draws it"
        )
    }
}
