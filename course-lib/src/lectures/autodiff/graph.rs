//! The tape as a graph: what to draw, and what leads where.

use super::Tape;

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
    /// ∂call/∂operand.
    pub derivative: f64,
}

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
}
