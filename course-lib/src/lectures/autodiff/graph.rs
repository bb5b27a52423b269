//! The tape as a graph: what to draw, and what leads where.

use std::fmt;

use super::{Call, Tape};
use crate::lectures::tables::number;
use crate::plot::{self, Graph, GraphEdge, GraphNode};

/// An input, a plain number or a call: a circle of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is called: `W`, `v3`, or `4` for the plain number.
    pub name: String,
    /// What was called, `W * 4`; empty for an input and a plain number.
    pub call: String,
    /// Its value.
    pub value: f64,
    /// ∂L/∂node, of the last [`backward`](super::Var::backward); 0 before.
    pub gradient: f64,
}

/// From an operand to the call that uses it: an arrow of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The place of the operand among the nodes.
    pub from: usize,
    /// The place of the call.
    pub to: usize,
    /// ∂call/∂operand; 0 from the exponent of a power, which is always a plain number.
    pub derivative: f64,
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.call.is_empty() {
            write!(f, " = {}", self.call)?;
        }
        if self.name != number(self.value) {
            write!(f, " = {}", number(self.value))?;
        }
        write!(f, ", ∂L/∂{} = {}", self.name, number(self.gradient))
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let derivative = number(self.derivative);
        write!(
            f,
            "node {} → node {}, derivative {derivative}",
            self.from, self.to
        )
    }
}

crate::notebook::shows_in_words!(Node, Edge);

impl Tape {
    /// Inputs, numbers and calls, in the order in which they came on the tape.
    ///
    /// ```
    /// # use course_lib::lectures::Tape;
    /// let tape = Tape::new();
    /// let w = tape.var("W", 3.0);
    /// (w * w).named("L").backward()?;
    /// let nodes = tape.nodes();
    /// assert_eq!((nodes[1].name.as_str(), nodes[1].call.as_str()), ("L", "W * W"));
    /// assert_eq!(tape.edges().len(), 2);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn nodes(self) -> Vec<Node> {
        let names = self.names();
        let calls = self.calls.borrow();
        let node = |(index, name): (usize, &String)| Node {
            name: name.clone(),
            call: self.fill(calls[index].text, index, &names),
            value: calls[index].value,
            gradient: calls[index].gradient,
        };
        names.iter().enumerate().map(node).collect()
    }

    /// Which operand leads to which call: always from a lower place to a higher one. An operand used twice has
    /// two edges.
    pub fn edges(self) -> Vec<Edge> {
        let calls = self.calls.borrow();
        let edges = calls.iter().enumerate().flat_map(|(to, call)| {
            let operands = call.operands.into_iter().flatten();
            operands.map(move |operand| Edge {
                from: operand.index,
                to,
                derivative: operand.derivative,
            })
        });
        edges.collect()
    }

    /// The picture of the tape: values, the gradients once [`backward`](super::Var::backward) has found them, and
    /// on each arrow the derivative that a gradient is multiplied with on its way back. Finish it with `.draw()?`.
    ///
    /// ```
    /// # use course_lib::lectures::Tape;
    /// let tape = Tape::new();
    /// let w = tape.var("W", 3.0);
    /// (w * 4.0 - 8.0).powi(2).named("loss").backward()?;
    /// let plot = tape.graph().title("loss = (4 W - 8)²").draw()?;
    /// assert!(plot.alt().contains("∂L/∂W = 32"), "{}", plot.alt());
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn graph(self) -> Graph {
        let nodes = self.nodes();
        let is_number: Vec<bool> = self.calls.borrow().iter().map(Call::is_number).collect();
        let has_gradients = nodes.iter().any(|node| node.gradient != 0.0);
        let drawn = nodes.iter().zip(&is_number).map(|(node, is_number)| {
            let Node {
                name,
                call,
                value,
                gradient,
            } = node;
            let label = if call.is_empty() {
                name.clone()
            } else {
                format!("{name} = {call}")
            };
            match GraphNode::new(label) {
                drawn if *is_number => drawn,
                drawn if !has_gradients => drawn.line(number(*value)),
                drawn => drawn
                    .line(number(*value))
                    .highlight(format!("∂L/∂{name} = {}", number(*gradient))),
            }
        });
        let arrows = self.edges().into_iter().map(|edge| {
            let arrow = GraphEdge::new(edge.from, edge.to);
            match is_number[edge.from] {
                true => arrow,
                false => arrow.label(number(edge.derivative)),
            }
        });
        plot::graph(&drawn.collect::<Vec<_>>(), &arrows.collect::<Vec<_>>())
    }
}
