//! Example 1 of the lectures, `basic-two-layer-neural-network.py`: two inputs, two hidden neurons, one output,
//! every product written out (lesson 03).
//!
//! | neuron | formula |
//! | --- | --- |
//! | h1 | f(w1 · x1 + w2 · x2 + b1) |
//! | h2 | f(w3 · x1 + w4 · x2 + b2) |
//! | o1 | f(w5 · h1 + w6 · h2 + b3) |
//!
//! All of them are single numbers, and every derivative of the squared error L = (t - o1)² is a product along
//! the way back from L to the weight (the chain rule): see [`BasicNetwork::backward`].
//!
//! Source of the way back: Rumelhart, Hinton, Williams 1986.
//!
//! ```
//! use course_lib::lectures::{BasicNetwork, TruthTable};
//! use course_lib::layers::Activation::Step;
//!
//! // h1 is OR, h2 is NOT AND, and o1 is AND of the two: that is XOR.
//! let xor = BasicNetwork {
//!     w1: 1.0, w2: 1.0, b1: -0.5,
//!     w3: -1.0, w4: -1.0, b2: 1.5,
//!     w5: 1.0, w6: 1.0, b3: -1.5,
//!     activation: Step,
//! };
//! assert_eq!(xor.output(0.0, 1.0), 1.0);
//! assert_eq!(xor.answers(&TruthTable::xor())?.wrong(), 0);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

mod backward;
mod forward;

use std::time::Instant;

use super::learning::Learn;
use super::tables::{alike, shows_as_table, words, written};
use super::truth_table::{Answers, TruthTable};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::model::History;
use crate::notebook::interrupted;
use crate::plot::{self, Network};
use crate::random::Seed;

pub use backward::BasicBackward;
pub use forward::BasicForward;

/// Two inputs, hidden neurons h1 and h2, output o1; see the [module](self) for the formulas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasicNetwork {
    /// The weight from x1 to h1.
    pub w1: f32,
    /// The weight from x2 to h1.
    pub w2: f32,
    /// The bias of h1.
    pub b1: f32,
    /// The weight from x1 to h2.
    pub w3: f32,
    /// The weight from x2 to h2.
    pub w4: f32,
    /// The bias of h2.
    pub b2: f32,
    /// The weight from h1 to o1.
    pub w5: f32,
    /// The weight from h2 to o1.
    pub w6: f32,
    /// The bias of o1.
    pub b3: f32,
    /// f, the activation of all three neurons.
    pub activation: Activation,
}

/// The names of weights and biases, neuron by neuron.
const NAMES: [&str; 9] = ["w1", "w2", "b1", "w3", "w4", "b2", "w5", "w6", "b3"];

impl BasicNetwork {
    /// A network with sigmoids whose weights and biases are drawn from N(0, 1).
    ///
    /// # Errors
    /// None of its own.
    pub fn random(seed: Seed) -> Result<Self> {
        let mut network = Self {
            w1: 0.0,
            w2: 0.0,
            b1: 0.0,
            w3: 0.0,
            w4: 0.0,
            b2: 0.0,
            w5: 0.0,
            w6: 0.0,
            b3: 0.0,
            activation: Activation::Sigmoid,
        };
        let drawn = seed.stream().normal([NAMES.len()], 0.0, 1.0)?.to_vec();
        network
            .weights_mut()
            .into_iter()
            .zip(drawn)
            .for_each(|(w, drawn)| *w = drawn);
        Ok(network)
    }

    /// w1, w2, b1, w3, w4, b2, w5, w6, b3: neuron by neuron.
    pub fn weights(&self) -> [f32; 9] {
        let mut copy = *self;
        copy.weights_mut().map(|weight| *weight)
    }

    /// The network with every weight on its line. Finish it with `.draw()?`.
    ///
    /// ```
    /// # use course_lib::{lectures::BasicNetwork, random::Seed};
    /// let network = BasicNetwork::random(Seed(3))?;
    /// let plot = network.drawing().title("Example 1").draw()?;
    /// let plot = network.forward(0.0, 1.0).drawing().draw()?; // and every output
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn drawing(&self) -> Network<'static> {
        let empty = plot::network_of(&[2, 2, 1]);
        empty.weight_names(&NAMES).weights_by_unit(&self.weights())
    }

    /// The output o1.
    pub fn output(&self, x1: f32, x2: f32) -> f32 {
        self.forward(x1, x2).o1
    }

    /// The network's output for each row of a truth table of two inputs, and whether it is right.
    ///
    /// # Errors
    /// A table that has not two inputs.
    pub fn answers(&self, table: &TruthTable) -> Result<Answers> {
        Answers::of(table, |x| {
            let [x1, x2] = two(x)?;
            Ok(self.output(x1, x2))
        })
    }

    /// Learns the examples one after the other by the delta rule, new weight = old weight - derivative · η,
    /// and returns loss (mean squared error) and accuracy after each epoch.
    ///
    /// # Errors
    /// A table that has not two inputs, options out of range, or weights that grow beyond all bounds.
    pub fn learn(&mut self, examples: &TruthTable, options: Learn) -> Result<History> {
        options.check()?;
        let mut history = History::default();
        for _ in 0..options.epochs {
            if interrupted() {
                return Err(Error::interrupted("learn"));
            }
            let start = Instant::now();
            for (x, target) in examples.rows() {
                let [x1, x2] = two(x)?;
                let derivatives = self.backward(x1, x2, *target)?;
                for (w, name) in self.weights_mut().into_iter().zip(NAMES) {
                    *w -= options.learning_rate * derivatives.get(name)?;
                }
            }
            let answers = self.answers(examples)?;
            let rows = examples.rows().len() as f32;
            let errors = examples.rows().iter().zip(answers.outputs());
            let loss = errors.map(|((_, t), y)| (t - y).powi(2)).sum::<f32>() / rows;
            if !loss.is_finite() {
                return Err(Error::new("learn")
                    .expected("weights that stay finite")
                    .got(format!("a loss of {loss}"))
                    .hint("make the network anew and use a smaller learning rate"));
            }
            let accuracy = 1.0 - answers.wrong() as f32 / rows;
            history.push(
                start.elapsed().as_secs_f32(),
                vec![("loss".to_owned(), loss), ("accuracy".to_owned(), accuracy)],
            );
        }
        Ok(history)
    }

    /// Weights and biases in the order of their names.
    fn weights_mut(&mut self) -> [&mut f32; 9] {
        let Self {
            w1,
            w2,
            b1,
            w3,
            w4,
            b2,
            w5,
            w6,
            b3,
            ..
        } = self;
        [w1, w2, b1, w3, w4, b2, w5, w6, b3]
    }

    fn table(&self) -> Table {
        let cells = alike(self.weights());
        let of = |part: usize| cells.iter().skip(part).step_by(3).cloned();
        Table {
            columns: vec![
                words(
                    "neuron",
                    ["h1 (w1, w2, b1)", "h2 (w3, w4, b2)", "o1 (w5, w6, b3)"],
                ),
                written("first weight", of(0)),
                written("second weight", of(1)),
                written("bias", of(2)),
            ],
            caption: format!(
                "2 inputs, 2 hidden neurons, 1 output; activation {}",
                self.activation
            ),
        }
    }
}

fn two(x: &[f32]) -> Result<[f32; 2]> {
    x.try_into().map_err(|_| {
        Error::new("BasicNetwork")
            .expected("2 inputs, x1 and x2")
            .got(x.len().to_string())
            .hint("TwoLayerNetwork takes any number of inputs")
    })
}

shows_as_table!(BasicNetwork);
