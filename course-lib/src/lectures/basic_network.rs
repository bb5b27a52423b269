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

use std::time::Instant;

use super::function::{derivative, value};
use super::learning::Learn;
use super::tables::{alike, factor, number, numbers, shows_as_table, words, written};
use super::truth_table::{Answers, TruthTable};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::model::History;
use crate::notebook::interrupted;
use crate::random::Seed;

/// Two inputs, hidden neurons h1 and h2, output o1; see the [module](self) for the formulas.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(
    missing_docs,
    reason = "the table of the module says where each weight stands"
)]
pub struct BasicNetwork {
    pub w1: f32,
    pub w2: f32,
    pub b1: f32,
    pub w3: f32,
    pub w4: f32,
    pub b2: f32,
    pub w5: f32,
    pub w6: f32,
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

    /// The output o1.
    pub fn output(&self, x1: f32, x2: f32) -> f32 {
        self.forward(x1, x2).o1
    }

    /// The way from the inputs to the output, every product written out.
    pub fn forward(&self, x1: f32, x2: f32) -> BasicForward {
        let f = |s| value(self.activation, s);
        let s_h1 = self.w1 * x1 + self.w2 * x2 + self.b1;
        let s_h2 = self.w3 * x1 + self.w4 * x2 + self.b2;
        let (h1, h2) = (f(s_h1), f(s_h2));
        let s_o1 = self.w5 * h1 + self.w6 * h2 + self.b3;
        BasicForward {
            network: *self,
            x1,
            x2,
            s_h1,
            s_h2,
            h1,
            h2,
            s_o1,
            o1: f(s_o1),
        }
    }

    /// The way back from the squared error L = (t - o1)² of one example to every weight and bias: each
    /// derivative as the chain rule gives it, a product of what lies on the way.
    ///
    /// # Errors
    /// None of its own.
    pub fn backward(&self, x1: f32, x2: f32, target: f32) -> Result<BasicBackward> {
        let slope = |s| derivative(self.activation, s);
        let BasicForward {
            s_h1,
            s_h2,
            h1,
            h2,
            s_o1,
            o1,
            ..
        } = self.forward(x1, x2);
        let (slope_h1, slope_h2, slope_o1) = (slope(s_h1)?, slope(s_h2)?, slope(s_o1)?);
        // δ is the derivative of L by a neuron's sum: what a neuron passes back.
        let d_o1 = 2.0 * (o1 - target);
        let delta_o1 = d_o1 * slope_o1;
        let (d_h1, d_h2) = (delta_o1 * self.w5, delta_o1 * self.w6);
        let (delta_h1, delta_h2) = (d_h1 * slope_h1, d_h2 * slope_h2);
        let row = |of, rule, factors: &[f32]| Derivative {
            of,
            rule,
            factors: factors.to_vec(),
        };
        Ok(BasicBackward {
            loss: (target - o1).powi(2),
            rows: vec![
                row("o1", "2 · (o1 - t)", &[2.0, o1 - target]),
                row("δo1", "∂L/∂o1 · f'(s_o1)", &[d_o1, slope_o1]),
                row("w5", "δo1 · h1", &[delta_o1, h1]),
                row("w6", "δo1 · h2", &[delta_o1, h2]),
                row("b3", "δo1", &[delta_o1]),
                row("h1", "δo1 · w5", &[delta_o1, self.w5]),
                row("δh1", "∂L/∂h1 · f'(s_h1)", &[d_h1, slope_h1]),
                row("w1", "δh1 · x1", &[delta_h1, x1]),
                row("w2", "δh1 · x2", &[delta_h1, x2]),
                row("b1", "δh1", &[delta_h1]),
                row("h2", "δo1 · w6", &[delta_o1, self.w6]),
                row("δh2", "∂L/∂h2 · f'(s_h2)", &[d_h2, slope_h2]),
                row("w3", "δh2 · x1", &[delta_h2, x1]),
                row("w4", "δh2 · x2", &[delta_h2, x2]),
                row("b2", "δh2", &[delta_h2]),
            ],
        })
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
        let mut network = *self;
        let cells = alike(network.weights_mut().map(|w| *w));
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

/// Every number on the way forward. From [`BasicNetwork::forward`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasicForward {
    network: BasicNetwork,
    /// The first input.
    pub x1: f32,
    /// The second input.
    pub x2: f32,
    /// The sum of h1: w1 · x1 + w2 · x2 + b1.
    pub s_h1: f32,
    /// The sum of h2: w3 · x1 + w4 · x2 + b2.
    pub s_h2: f32,
    /// The output of h1.
    pub h1: f32,
    /// The output of h2.
    pub h2: f32,
    /// The sum of o1: w5 · h1 + w6 · h2 + b3.
    pub s_o1: f32,
    /// The output of the network.
    pub o1: f32,
}

impl BasicForward {
    fn table(&self) -> Table {
        let w = &self.network;
        let sum = |[w, x, v, y, b]: [f32; 5]| {
            let [w, x, v, y, b] = [w, x, v, y, b].map(factor);
            format!("{w}·{x} + {v}·{y} + {b}")
        };
        Table {
            columns: vec![
                words("neuron", ["h1", "h2", "o1"]),
                words(
                    "sum s",
                    ["w1·x1 + w2·x2 + b1", "w3·x1 + w4·x2 + b2", "w5·h1 + w6·h2 + b3"],
                ),
                words(
                    "in numbers",
                    [
                        sum([w.w1, self.x1, w.w2, self.x2, w.b1]),
                        sum([w.w3, self.x1, w.w4, self.x2, w.b2]),
                        sum([w.w5, self.h1, w.w6, self.h2, w.b3]),
                    ],
                ),
                numbers("s", [self.s_h1, self.s_h2, self.s_o1]),
                numbers("f(s)", [self.h1, self.h2, self.o1]),
            ],
            caption: format!(
                "f = {}; x1 = {}, x2 = {} give o1 = {}",
                w.activation,
                number(self.x1),
                number(self.x2),
                number(self.o1)
            ),
        }
    }
}

/// Every derivative on the way back. From [`BasicNetwork::backward`].
#[derive(Debug, Clone, PartialEq)]
pub struct BasicBackward {
    loss: f32,
    rows: Vec<Derivative>,
}

/// A derivative of L, and the factors whose product it is.
#[derive(Debug, Clone, PartialEq)]
struct Derivative {
    of: &'static str,
    rule: &'static str,
    factors: Vec<f32>,
}

impl Derivative {
    fn value(&self) -> f32 {
        self.factors.iter().product()
    }
}

impl BasicBackward {
    /// L = (t - o1)².
    pub fn loss(&self) -> f32 {
        self.loss
    }

    /// ∂L by one of w1 to w6, b1 to b3, h1, h2, o1, or by a neuron's sum: δh1, δh2, δo1.
    ///
    /// # Errors
    /// Another name.
    pub fn get(&self, name: &str) -> Result<f32> {
        let row = self.rows.iter().find(|row| row.of == name).ok_or_else(|| {
            let known: Vec<&str> = self.rows.iter().map(|row| row.of).collect();
            Error::new("backward")
                .expected(format!("one of {}", known.join(", ")))
                .got(name)
                .hint("write the name as in the table")
        })?;
        Ok(row.value())
    }

    fn table(&self) -> Table {
        let rows = || self.rows.iter();
        let name = |of: &str| match of.strip_prefix('δ') {
            Some(neuron) => format!("δ{neuron} = ∂L/∂s_{neuron}"),
            None => format!("∂L/∂{of}"),
        };
        let product = |row: &Derivative| row.factors.iter().map(|x| factor(*x)).collect::<Vec<_>>();
        Table {
            columns: vec![
                words("derivative", rows().map(|row| name(row.of))),
                words("chain rule", rows().map(|row| row.rule)),
                words("in numbers", rows().map(|row| product(row).join(" · "))),
                numbers("value", rows().map(Derivative::value)),
            ],
            caption: format!("L = (t - o1)² = {}", number(self.loss)),
        }
    }
}

shows_as_table!(BasicNetwork, BasicForward, BasicBackward);
