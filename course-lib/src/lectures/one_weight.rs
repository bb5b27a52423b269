//! How networks learn, on the smallest one there is: output = W × input (slides "How do ANNs Learn?",
//! lesson 04).
//!
//! With x the inputs and y the desired outputs, the loss is a function of the one weight W:
//!
//! - loss(W) = Σ (W xᵢ - yᵢ)², the slide's "total loss" (its mean is the MSE, and has the same minimum);
//! - loss'(W) = Σ 2 (W xᵢ - yᵢ) xᵢ;
//! - the delta rule: new W = W - loss'(W) × learning rate.
//!
//! Numbers are in double precision here: in single precision a step of 0.0001 from W = 3 is off by a thousandth of itself.
//!
//! ```
//! use course_lib::lectures::OneWeight;
//!
//! let example = OneWeight::lecture(); // output = 2 × input, for the inputs 0 to 4
//! assert_eq!(example.forward(3.0).outputs(), [0.0, 3.0, 6.0, 9.0, 12.0]);
//! assert_eq!(example.loss(3.0), 30.0);
//! assert_eq!(example.derivative(3.0), 60.0);
//! assert_eq!(format!("{:.3}", example.loss(3.0001)), "30.006");
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::tables::{count, number, numbers, rounded, shortened, shows_as_table, words, written};
use crate::data::table::Table;
use crate::error::{Error, Result};

/// More steps than this are cut in the middle.
const MOST_ROWS: usize = 24;

/// The examples that output = W × input shall learn; see the [module](self) for the formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct OneWeight {
    /// Input and desired output of each example.
    examples: Vec<(f64, f64)>,
}

impl OneWeight {
    /// The examples of the slide: inputs 0, 1, 2, 3, 4, and output = 2 × input.
    pub fn lecture() -> Self {
        let inputs = [0.0, 1.0, 2.0, 3.0, 4.0];
        Self {
            examples: inputs.map(|x| (x, 2.0 * x)).to_vec(),
        }
    }

    /// Examples of your own.
    ///
    /// # Errors
    /// No examples, or another number of desired outputs than of inputs.
    pub fn new(inputs: &[f64], desired: &[f64]) -> Result<Self> {
        if inputs.is_empty() || inputs.len() != desired.len() {
            return Err(Error::new("OneWeight")
                .expected("at least one input, and a desired output for each")
                .got(format!(
                    "{} and {}",
                    count(inputs.len(), "input"),
                    count(desired.len(), "desired output")
                ))
                .hint("give two lists of one length"));
        }
        let examples = inputs.iter().copied().zip(desired.iter().copied());
        Ok(Self {
            examples: examples.collect(),
        })
    }

    /// Second and third step of the slide: actual outputs, and what each is off.
    pub fn forward(&self, w: f64) -> LossTable {
        LossTable {
            w,
            examples: self.examples.clone(),
        }
    }

    /// loss(W) = Σ (W x - y)².
    pub fn loss(&self, w: f64) -> f64 {
        self.examples.iter().map(|(x, y)| (w * x - y).powi(2)).sum()
    }

    /// loss'(W) = Σ 2 (W x - y) x: how much the loss changes per change of W.
    pub fn derivative(&self, w: f64) -> f64 {
        self.examples.iter().map(|(x, y)| 2.0 * (w * x - y) * x).sum()
    }

    /// Fourth step: how much the loss changes if W is changed by a small δW, in either direction.
    pub fn nudge(&self, w: f64, delta_w: f64) -> Nudge {
        let weights = [w - delta_w, w, w + delta_w];
        Nudge {
            weights,
            losses: weights.map(|w| self.loss(w)),
            derivative: self.derivative(w),
        }
    }

    /// Fourth step, drawn as a table: loss, derivative and its sign at each of some weights.
    pub fn signs(&self, weights: &[f64]) -> SignTable {
        let row = |w: &f64| (*w, self.loss(*w), self.derivative(*w));
        SignTable {
            rows: weights.iter().map(row).collect(),
        }
    }

    /// Sixth step: the weight changed again and again by the delta rule, from `w` on.
    ///
    /// A learning rate that is too large makes the weight run away; the steps end where it is no longer a
    /// number.
    ///
    /// # Errors
    /// A learning rate that is not a number above 0.
    ///
    /// ```
    /// # use course_lib::lectures::OneWeight;
    /// let steps = OneWeight::lecture().delta_rule(3.0, 0.01, 20)?;
    /// assert!((steps.weights()[1] - 2.4).abs() < 1e-12); // 3 - 60 × 0.01
    /// assert!((steps.last() - 2.0).abs() < 1e-7);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn delta_rule(&self, w: f64, learning_rate: f64, steps: usize) -> Result<DeltaRule> {
        if !(learning_rate > 0.0 && learning_rate.is_finite()) {
            return Err(Error::new("delta_rule")
                .expected("a learning rate above 0")
                .got(learning_rate.to_string())
                .hint("start with 0.01"));
        }
        let weights = std::iter::successors(Some(w), |w| Some(w - self.derivative(*w) * learning_rate));
        let weights: Vec<f64> = weights
            .take(steps.saturating_add(1))
            .take_while(|w| self.loss(*w).is_finite())
            .collect();
        Ok(DeltaRule {
            learning_rate,
            rows: self.signs(&weights).rows,
        })
    }

    fn table(&self) -> Table {
        Table {
            columns: vec![
                numbers("Input", self.examples.iter().map(|(x, _)| *x)),
                numbers("Desired output", self.examples.iter().map(|(_, y)| *y)),
            ],
            caption: "the model is output = W x input".to_owned(),
        }
    }
}

/// The slide's table: input, actual output, desired output, square error. From [`OneWeight::forward`].
#[derive(Debug, Clone, PartialEq)]
pub struct LossTable {
    w: f64,
    examples: Vec<(f64, f64)>,
}

impl LossTable {
    /// The actual outputs W x.
    pub fn outputs(&self) -> Vec<f64> {
        self.examples.iter().map(|(x, _)| self.w * x).collect()
    }

    /// The square errors (W x - y)².
    pub fn errors(&self) -> Vec<f64> {
        let pairs = self.examples.iter().zip(self.outputs());
        pairs.map(|((_, y), output)| (output - y).powi(2)).collect()
    }

    /// Their sum.
    pub fn total(&self) -> f64 {
        self.errors().iter().sum()
    }

    fn table(&self) -> Table {
        Table {
            columns: vec![
                numbers("Input", self.examples.iter().map(|(x, _)| *x)),
                numbers("Actual output", self.outputs()),
                numbers("Desired output", self.examples.iter().map(|(_, y)| *y)),
                numbers("Loss = Square error", self.errors()),
            ],
            caption: format!("W = {}: total loss is {}", number(self.w), number(self.total())),
        }
    }
}

/// The loss at W and a small step to either side. From [`OneWeight::nudge`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nudge {
    weights: [f64; 3],
    losses: [f64; 3],
    derivative: f64,
}

impl Nudge {
    /// The loss at W - δW, W and W + δW.
    pub fn losses(&self) -> [f64; 3] {
        self.losses
    }

    /// How fast the loss changes, measured from one side to the other: (loss(W + δW) - loss(W - δW)) / 2 δW.
    pub fn rate(&self) -> f64 {
        (self.losses[2] - self.losses[0]) / (self.weights[2] - self.weights[0])
    }

    fn table(&self) -> Table {
        // The losses differ in their last digits only, so these columns keep more than others do.
        let exact = |values: [f64; 3]| values.map(|value| rounded(value, 6));
        let change = self.losses.map(|loss| loss - self.losses[1]);
        Table {
            columns: vec![
                words("", ["W - δW", "W", "W + δW"]),
                written("weight", exact(self.weights)),
                written("loss", exact(self.losses)),
                written("change of the loss", exact(change)),
            ],
            caption: format!(
                "measured rate of change {}, derivative {}",
                number(self.rate()),
                number(self.derivative)
            ),
        }
    }
}

/// Loss, derivative and its sign at some weights. From [`OneWeight::signs`].
#[derive(Debug, Clone, PartialEq)]
pub struct SignTable {
    /// Weight, loss, derivative.
    rows: Vec<(f64, f64, f64)>,
}

impl SignTable {
    /// Weight, loss and derivative of each row.
    pub fn rows(&self) -> &[(f64, f64, f64)] {
        &self.rows
    }

    fn table(&self) -> Table {
        let rows = || self.rows.iter();
        let sign = |derivative: f64| match derivative {
            d if d > 0.0 => "positive",
            d if d < 0.0 => "negative",
            _ => "zero",
        };
        let so = |derivative: f64| match derivative {
            d if d > 0.0 => "an increase in W increases the error: make W smaller",
            d if d < 0.0 => "an increase in W decreases the error: make W larger",
            _ => "a stable minimum: no update needed",
        };
        Table {
            columns: vec![
                numbers("W", rows().map(|row| row.0)),
                numbers("loss", rows().map(|row| row.1)),
                numbers("derivative", rows().map(|row| row.2)),
                words("sign", rows().map(|row| sign(row.2))),
                words("so", rows().map(|row| so(row.2))),
            ],
            caption: "the sign of the derivative says where to go".to_owned(),
        }
    }
}

/// The weight after each step of the delta rule. From [`OneWeight::delta_rule`].
#[derive(Debug, Clone, PartialEq)]
pub struct DeltaRule {
    learning_rate: f64,
    /// Weight, loss, derivative.
    rows: Vec<(f64, f64, f64)>,
}

impl DeltaRule {
    /// The weights, the first before any step.
    pub fn weights(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.0).collect()
    }

    /// The loss at each of the weights.
    pub fn losses(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.1).collect()
    }

    /// The weight after the last step; NaN if there is none.
    pub fn last(&self) -> f64 {
        self.rows.last().map_or(f64::NAN, |row| row.0)
    }

    fn table(&self) -> Table {
        let rows = || self.rows.iter();
        let new = rows().map(|(w, _, derivative)| number(w - derivative * self.learning_rate));
        let columns = vec![
            numbers("step", (0..self.rows.len()).map(|step| step as f64)),
            written("W", rows().map(|row| number(row.0))),
            written("loss", rows().map(|row| number(row.1))),
            written("derivative", rows().map(|row| number(row.2))),
            written("new W = W - derivative x learning rate", new),
        ];
        let (rate, last) = (number(self.learning_rate), number(self.last()));
        Table {
            columns: shortened(columns, MOST_ROWS),
            caption: format!("learning rate {rate}: W goes to {last}"),
        }
    }
}

shows_as_table!(OneWeight, LossTable, Nudge, SignTable, DeltaRule);
