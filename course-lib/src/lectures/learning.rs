//! How one neuron learns: the perceptron and the delta rule (lesson 01).
//!
//! After each example, with s the sum, y = f(s) the output, t the target and η the learning rate:
//!
//! - δ = (t - y) · f'(s);
//! - wᵢ ← wᵢ + η δ xᵢ for each weight, and b ← b + η δ.
//!
//! With a smooth activation this is the delta rule, a step down the error ½ (t - y)². The step function has
//! derivative 0; there f'(s) is left out, and the rule is the perceptron's, which ends after finitely many
//! steps if any line separates the classes, and never if none does, as with XOR.
//!
//! Sources: Rosenblatt 1958; Widrow, Hoff 1960; Minsky, Papert 1969 (XOR).
//!
//! ```
//! use course_lib::lectures::{Learn, Neuron, TruthTable};
//! use course_lib::layers::Activation::Step;
//!
//! let mut neuron = Neuron::new(&[0.0, 0.0], 0.0, Step);
//! let history = neuron.learn(&TruthTable::or(), Learn::default())?;
//! assert_eq!(history.learned_in(), Some(3));
//! assert_eq!(neuron.answers(&TruthTable::or())?.wrong(), 0);
//!
//! let history = neuron.learn(&TruthTable::xor(), Learn::default())?;
//! assert_eq!(history.learned_in(), None);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use std::fmt;

use super::function::derivative;
use super::neuron::Neuron;
use super::tables::{count, number, numbers, shortened, shows_as_table};
use super::truth_table::TruthTable;
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::notebook::interrupted;

/// More steps than this are cut in the middle.
const MOST_ROWS: usize = 24;

/// How long and how boldly to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learn {
    /// η, how large a step is. Default: 0.5.
    pub learning_rate: f32,
    /// How many times to go through all examples at most. Default: 20.
    pub epochs: usize,
}

impl Default for Learn {
    fn default() -> Self {
        Self {
            learning_rate: 0.5,
            epochs: 20,
        }
    }
}

impl Learn {
    pub(super) fn check(self) -> Result<()> {
        let rate = self.learning_rate;
        if rate > 0.0 && rate.is_finite() && self.epochs > 0 {
            return Ok(());
        }
        Err(Error::new("learn")
            .expected("a learning rate above 0 and at least 1 epoch")
            .got(format!("learning_rate = {rate}, epochs = {}", self.epochs))
            .hint("start from Learn::default()"))
    }
}

/// What happened at one example.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningStep {
    /// Which time through the examples, the first is 1.
    pub epoch: usize,
    /// The inputs.
    pub x: Vec<f32>,
    /// t, the output wanted.
    pub target: f32,
    /// y, the output before the step.
    pub output: f32,
    /// δ, the error times the derivative of the activation.
    pub delta: f32,
    /// w, the weights after the step.
    pub weights: Vec<f32>,
    /// b, the bias after the step.
    pub bias: f32,
}

/// Every step of a neuron's learning. From [`Neuron::learn`].
#[derive(Debug, Clone, PartialEq)]
pub struct LearningHistory {
    name: String,
    steps: Vec<LearningStep>,
    errors: Vec<f32>,
    wrong: Vec<usize>,
}

impl Neuron {
    /// Learns the examples one after the other, changing weights and bias. A neuron with a step stops after
    /// the first epoch in which nothing was wrong: nothing would change any more.
    ///
    /// # Errors
    /// Another number of inputs than of weights, options out of range, or weights that grow beyond all bounds.
    pub fn learn(&mut self, examples: &TruthTable, options: Learn) -> Result<LearningHistory> {
        options.check()?;
        let mut history = LearningHistory {
            name: examples.name().to_owned(),
            steps: Vec::new(),
            errors: Vec::new(),
            wrong: Vec::new(),
        };
        for epoch in 1..=options.epochs {
            if interrupted() {
                return Err(Error::interrupted("learn"));
            }
            let mut changed = false;
            for (x, target) in examples.rows() {
                let step = self.learn_one(epoch, x, *target, options.learning_rate)?;
                changed |= step.delta != 0.0;
                history.steps.push(step);
            }
            let answers = self.answers(examples)?;
            let errors = examples.rows().iter().zip(answers.outputs());
            history
                .errors
                .push(errors.map(|((_, t), y)| (t - y).powi(2)).sum());
            history.wrong.push(answers.wrong());
            if self.activation == Activation::Step && !changed {
                break;
            }
        }
        Ok(history)
    }

    fn learn_one(
        &mut self,
        epoch: usize,
        x: &[f32],
        target: f32,
        learning_rate: f32,
    ) -> Result<LearningStep> {
        let sum = self.sum(x)?;
        let output = self.output(x)?;
        let slope = match self.activation {
            Activation::Step => 1.0,
            smooth => derivative(smooth, sum)?,
        };
        let delta = (target - output) * slope;
        for (w, x) in self.weights.iter_mut().zip(x) {
            *w += learning_rate * delta * x;
        }
        self.bias += learning_rate * delta;
        if !self.weights.iter().chain([&self.bias]).all(|w| w.is_finite()) {
            return Err(Error::new("learn")
                .expected("weights that stay finite")
                .got(format!("weights {:?} and bias {}", self.weights, self.bias))
                .hint("make the neuron anew and use a smaller learning rate"));
        }
        Ok(LearningStep {
            epoch,
            x: x.to_vec(),
            target,
            output,
            delta,
            weights: self.weights.clone(),
            bias: self.bias,
        })
    }
}

impl LearningHistory {
    /// The steps, in order.
    pub fn steps(&self) -> &[LearningStep] {
        &self.steps
    }

    /// After each epoch the sum of the squared errors (t - y)² over all examples.
    pub fn errors(&self) -> &[f32] {
        &self.errors
    }

    /// After each epoch the number of examples whose output is wrong.
    pub fn wrong(&self) -> &[usize] {
        &self.wrong
    }

    /// How many epochs there were.
    pub fn epochs(&self) -> usize {
        self.wrong.len()
    }

    /// After which epoch all examples were right, and stayed so; `None` if they are not.
    pub fn learned_in(&self) -> Option<usize> {
        match self.wrong.iter().rposition(|wrong| *wrong > 0) {
            None => Some(1),
            Some(last) if last + 1 == self.wrong.len() => None,
            // Positions count from 0, epochs from 1, and it was the epoch after the last wrong one.
            Some(last) => Some(last + 2),
        }
    }

    fn table(&self) -> Table {
        let rows = || self.steps.iter();
        let inputs = self.steps.first().map_or(0, |step| step.x.len());
        let each = |name: &'static str, values: fn(&LearningStep) -> &[f32]| {
            (0..inputs).map(move |i| {
                let cells = rows().filter_map(move |step| values(step).get(i).copied());
                numbers(&format!("{name}{}", i + 1), cells)
            })
        };
        let mut columns = vec![numbers("epoch", rows().map(|step| step.epoch as f64))];
        columns.extend(each("x", |step| &step.x));
        columns.push(numbers("target t", rows().map(|step| step.target)));
        columns.push(numbers("output y", rows().map(|step| step.output)));
        columns.push(numbers("δ", rows().map(|step| step.delta)));
        columns.extend(each("w", |step| &step.weights));
        columns.push(numbers("b", rows().map(|step| step.bias)));
        let epochs = count(self.epochs(), "epoch");
        let caption = match (self.learned_in(), self.wrong.last()) {
            (Some(epoch), _) => format!("{}: {epochs}, all right after epoch {epoch}", self.name),
            (None, wrong) => format!("{}: {epochs}, still {} wrong", self.name, wrong.unwrap_or(&0)),
        };
        Table {
            columns: shortened(columns, MOST_ROWS),
            caption,
        }
    }
}

shows_as_table!(LearningHistory);

impl fmt::Display for LearningStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[f32]| {
            values
                .iter()
                .map(|value| number(*value))
                .collect::<Vec<_>>()
                .join(", ")
        };
        write!(
            f,
            "epoch {}: x = ({}), t = {}, y = {}, δ = {}; after the step w = ({}), b = {}",
            self.epoch,
            list(&self.x),
            number(self.target),
            number(self.output),
            number(self.delta),
            list(&self.weights),
            number(self.bias)
        )
    }
}

crate::notebook::shows_in_words!(LearningStep);
crate::notebook::shows_options!(Learn {
    learning_rate,
    epochs
});
