//! What a neuron or a small network says to every place of the plane, with the examples on it (lessons 01 and 03).
//!
//! A border is where the output is ½: for one neuron a straight line, for a network with hidden neurons a line
//! with bends. The part shown is the square from -0.5 to 1.5, round the examples of a logic function.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let or = Neuron::new(&[1.0, 1.0], -0.5, Step);
//! let plot = or.regions(&TruthTable::or()).draw()?;
//! assert!(plot.alt().contains("4 of 4 points"), "{}", plot.alt());
//! let plot = or.regions(&TruthTable::xor()).title("XOR is out of reach").draw()?;
//! assert!(plot.alt().contains("3 of 4 points"), "{}", plot.alt());
//! # Ok::<(), Error>(())
//! ```

use super::{BasicNetwork, Neuron, TruthTable, TwoLayerNetwork};
use crate::error::Result;
use crate::plot::Figure;
use crate::tensor::Tensor;

impl Neuron {
    /// The plane of two inputs, coloured by what this neuron says to each place, with its decision line and the
    /// examples of a truth table. Finish it with `.draw()?`; a neuron or a table that has not two inputs is an error
    /// there.
    pub fn regions(&self, examples: &TruthTable) -> Figure {
        of_examples(examples, |points| {
            let weights = Tensor::from_vec(self.weights.clone(), [self.weights.len(), 1])?;
            Ok(self.activation.apply(&(points.matmul(&weights)? + self.bias)))
        })
    }
}

impl BasicNetwork {
    /// As [`Neuron::regions`], for this network.
    pub fn regions(&self, examples: &TruthTable) -> Figure {
        of_examples(examples, |points| {
            let places = points.to_rows()?;
            let outputs = places.iter().map(|place| match place[..] {
                [x1, x2] => self.output(x1, x2),
                _ => f32::NAN,
            });
            Tensor::vector(&outputs.collect::<Vec<_>>())
        })
    }
}

impl TwoLayerNetwork {
    /// As [`Neuron::regions`], for this network.
    pub fn regions(&self, examples: &TruthTable) -> Figure {
        of_examples(examples, |points| Ok(self.forward(points)?.o))
    }
}

fn of_examples(examples: &TruthTable, model: impl Fn(&Tensor) -> Result<Tensor>) -> Figure {
    let figure = Figure::new()
        .title(examples.name())
        .size(520, 460)
        .x_label("x1")
        .y_label("x2")
        .x_range(-0.5, 1.5)
        .y_range(-0.5, 1.5);
    // A truth table can be made into tensors: it has rows of one length.
    match (examples.x(), examples.y()) {
        (Ok(x), Ok(y)) => figure
            .decision_regions(&x, &y, model)
            .names(&["output 0 wanted", "output 1 wanted"]),
        _ => figure,
    }
}
