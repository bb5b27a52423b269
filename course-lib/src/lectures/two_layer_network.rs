//! Example 2 of the lectures, `two-layer-neural-network.py`: X inputs, H hidden neurons, one output, as
//! matrices (lesson 03).
//!
//! | forward | shape | backward, of L = mean((o - y)²) | shape |
//! | --- | --- | --- | --- |
//! | x | `[n, X]` | δ₂ = 2/n · (o - y) ∘ f₂'(s₂) | `[n, 1]` |
//! | s₁ = x W₁ + b₁ | `[n, H]` | ∂L/∂W₂ = hᵀ δ₂ | `[H, 1]` |
//! | h = f₁(s₁) | `[n, H]` | ∂L/∂b₂ = column sums of δ₂ | `[1]` |
//! | s₂ = h W₂ + b₂ | `[n, 1]` | δ₁ = (δ₂ W₂ᵀ) ∘ f₁'(s₁) | `[n, H]` |
//! | o = f₂(s₂) | `[n, 1]` | ∂L/∂W₁ = xᵀ δ₁ | `[X, H]` |
//! | | | ∂L/∂b₁ = column sums of δ₁ | `[H]` |
//!
//! n is the number of examples, ∘ multiplies value by value. Nothing is recorded: the way back is written by
//! hand, and [`backward`](crate::tensor::Tensor::backward) must find the same.
//!
//! Source of the way back: Rumelhart, Hinton, Williams 1986.
//!
//! ```
//! use course_lib::lectures::{Learn, TruthTable, TwoLayerNetwork};
//! use course_lib::random::Seed;
//!
//! let xor = TruthTable::xor();
//! let mut network = TwoLayerNetwork::new(2, 4, Seed(1))?;
//! network.learn(&xor.x()?, &xor.y()?, Learn { learning_rate: 2.0, epochs: 2000 })?;
//! assert_eq!(network.answers(&xor)?.wrong(), 0);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use std::time::Instant;

use super::learning::Learn;
use super::tables::{count, number, shows_as_table, words};
use super::truth_table::{Answers, TruthTable};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::model::History;
use crate::notebook::interrupted;
use crate::plot::{self, Network};
use crate::random::Seed;
use crate::tensor::Tensor;

/// X inputs, H hidden neurons, one output; see the [module](self) for formulas and shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayerNetwork {
    /// W₁, shape `[X, H]`.
    pub w1: Tensor,
    /// b₁, shape `[H]`.
    pub b1: Tensor,
    /// W₂, shape `[H, 1]`.
    pub w2: Tensor,
    /// b₂, shape `[1]`.
    pub b2: Tensor,
    /// f₁, the activation of the hidden neurons. At first: sigmoid.
    pub hidden: Activation,
    /// f₂, the activation of the output. At first: sigmoid.
    pub output: Activation,
}

impl TwoLayerNetwork {
    /// A network with sigmoids whose weights and biases are drawn from N(0, 1).
    ///
    /// # Errors
    /// No inputs or no hidden neurons.
    pub fn new(inputs: usize, hidden: usize, seed: Seed) -> Result<Self> {
        let mut stream = seed.stream();
        Ok(Self {
            w1: stream.normal([inputs, hidden], 0.0, 1.0)?,
            b1: stream.normal([hidden], 0.0, 1.0)?,
            w2: stream.normal([hidden, 1], 0.0, 1.0)?,
            b2: stream.normal([1], 0.0, 1.0)?,
            hidden: Activation::Sigmoid,
            output: Activation::Sigmoid,
        })
    }

    /// The network with every weight as a line. Finish it with `.draw()?`.
    pub fn drawing(&self) -> Network<'static> {
        let size = |axis: usize| self.w1.shape().get(axis).copied().unwrap_or(0);
        let empty = plot::network_of(&[size(0), size(1), 1]);
        empty
            .weights(0, &self.w1, &self.b1)
            .weights(1, &self.w2, &self.b2)
    }

    /// The way from the inputs `[n, X]` to the outputs `[n, 1]`.
    ///
    /// # Errors
    /// Inputs of another width than the network has, or weights whose shapes do not fit each other.
    pub fn forward(&self, x: &Tensor) -> Result<TwoLayerForward> {
        let s1 = (x.matmul(&self.w1) + &self.b1)?;
        let h = self.hidden.apply(&s1);
        let s2 = (h.matmul(&self.w2) + &self.b2)?;
        let o = self.output.apply(&s2);
        Ok(TwoLayerForward {
            x: x.clone(),
            s1,
            h,
            s2,
            o,
        })
    }

    /// The way back from the loss L = mean((o - y)²), for targets y of shape `[n, 1]`.
    ///
    /// # Errors
    /// Inputs or targets whose shapes do not fit the network.
    pub fn backward(&self, x: &Tensor, y: &Tensor) -> Result<TwoLayerBackward> {
        let TwoLayerForward { s1, h, s2, o, .. } = self.forward(x)?;
        if y.shape() != o.shape() {
            return Err(Error::new("backward")
                .expected(format!("targets y of shape {:?}", o.shape()))
                .got(format!("shape {:?}", y.shape()))
                .hint("one target for each example: reshape([rows, 1])"));
        }
        let error = (&o - y)?;
        let delta2 = (&error * (2.0 / error.count() as f32) * &self.output.derivative(&s2)?)?;
        let delta1 = (delta2.matmul(&self.w2.transpose()?) * &self.hidden.derivative(&s1)?)?;
        Ok(TwoLayerBackward {
            loss: error.square().mean().item()?,
            w2: h.transpose()?.matmul(&delta2)?,
            b2: delta2.sum_axis(0)?,
            w1: x.transpose()?.matmul(&delta1)?,
            b1: delta1.sum_axis(0)?,
            delta2,
            delta1,
        })
    }

    /// The network's output for each row of a truth table, and whether it is right.
    ///
    /// # Errors
    /// Another number of inputs than the network has.
    pub fn answers(&self, table: &TruthTable) -> Result<Answers> {
        Answers::of(table, |x| self.forward(&Tensor::from_rows(&[x])?)?.o.item())
    }

    /// Learns by the delta rule, new weight = old weight - derivative · η, from all examples at once, and
    /// returns the loss after each epoch.
    ///
    /// # Errors
    /// Inputs or targets whose shapes do not fit the network, options out of range, or weights that grow
    /// beyond all bounds.
    pub fn learn(&mut self, x: &Tensor, y: &Tensor, options: Learn) -> Result<History> {
        options.check()?;
        let mut history = History::default();
        for _ in 0..options.epochs {
            if interrupted() {
                return Err(Error::interrupted("learn"));
            }
            let start = Instant::now();
            let derivatives = self.backward(x, y)?;
            // Detached: nothing is recorded here, whatever tensors the network was given.
            let new = |w: &Tensor, derivative: &Tensor| -> Result<Tensor> {
                Ok((w - derivative * options.learning_rate)?.detach())
            };
            self.w1 = new(&self.w1, &derivatives.w1)?;
            self.b1 = new(&self.b1, &derivatives.b1)?;
            self.w2 = new(&self.w2, &derivatives.w2)?;
            self.b2 = new(&self.b2, &derivatives.b2)?;
            let loss = (&self.forward(x)?.o - y)?.square().mean().item()?;
            if !loss.is_finite() {
                return Err(Error::new("learn")
                    .expected("weights that stay finite")
                    .got(format!("a loss of {loss}"))
                    .hint("make the network anew and use a smaller learning rate"));
            }
            history.push(start.elapsed().as_secs_f32(), vec![("loss".to_owned(), loss)]);
        }
        Ok(history)
    }

    fn table(&self) -> Table {
        let size = |w: &Tensor, axis: usize| w.shape().get(axis).copied().unwrap_or(0);
        let caption = format!(
            "{}, {}, 1 output; activations {} and {}",
            count(size(&self.w1, 0), "input"),
            count(size(&self.w1, 1), "hidden neuron"),
            self.hidden,
            self.output
        );
        let rows = [
            ("W1", "", &self.w1),
            ("b1", "", &self.b1),
            ("W2", "", &self.w2),
            ("b2", "", &self.b2),
        ];
        matrices(&rows, caption)
    }
}

/// Every matrix on the way forward; n examples. From [`TwoLayerNetwork::forward`].
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayerForward {
    /// The inputs, shape `[n, X]`.
    pub x: Tensor,
    /// x W₁ + b₁, shape `[n, H]`.
    pub s1: Tensor,
    /// f₁(s₁), shape `[n, H]`.
    pub h: Tensor,
    /// h W₂ + b₂, shape `[n, 1]`.
    pub s2: Tensor,
    /// The outputs f₂(s₂), shape `[n, 1]`.
    pub o: Tensor,
}

impl TwoLayerForward {
    fn table(&self) -> Table {
        let rows = [
            ("x", "the inputs", &self.x),
            ("s1", "x W1 + b1", &self.s1),
            ("h", "f1(s1)", &self.h),
            ("s2", "h W2 + b2", &self.s2),
            ("o", "f2(s2)", &self.o),
        ];
        let examples = self.o.shape().first().copied().unwrap_or(0);
        matrices(&rows, format!("forward, {}", count(examples, "example")))
    }
}

/// Every matrix on the way back. From [`TwoLayerNetwork::backward`].
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayerBackward {
    /// L = mean((o - y)²).
    pub loss: f32,
    /// δ₂ = ∂L/∂s₂, shape `[n, 1]`.
    pub delta2: Tensor,
    /// ∂L/∂W₂, shape `[H, 1]`.
    pub w2: Tensor,
    /// ∂L/∂b₂, shape `[1]`.
    pub b2: Tensor,
    /// δ₁ = ∂L/∂s₁, shape `[n, H]`.
    pub delta1: Tensor,
    /// ∂L/∂W₁, shape `[X, H]`.
    pub w1: Tensor,
    /// ∂L/∂b₁, shape `[H]`.
    pub b1: Tensor,
}

impl TwoLayerBackward {
    fn table(&self) -> Table {
        let rows = [
            ("δ2 = ∂L/∂s2", "2/n · (o - y) ∘ f2'(s2)", &self.delta2),
            ("∂L/∂W2", "hᵀ δ2", &self.w2),
            ("∂L/∂b2", "column sums of δ2", &self.b2),
            ("δ1 = ∂L/∂s1", "(δ2 W2ᵀ) ∘ f1'(s1)", &self.delta1),
            ("∂L/∂W1", "xᵀ δ1", &self.w1),
            ("∂L/∂b1", "column sums of δ1", &self.b1),
        ];
        matrices(&rows, format!("L = mean((o - y)²) = {}", number(self.loss)))
    }
}

/// A row for each matrix: its name, its formula, its shape, and its values row by row.
fn matrices(rows: &[(&str, &str, &Tensor)], caption: String) -> Table {
    let values = |tensor: &Tensor| {
        let text = tensor.to_string();
        let values = text.split("  shape").next().unwrap_or_default();
        values.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut columns = vec![
        words("matrix", rows.iter().map(|(name, _, _)| *name)),
        words("formula", rows.iter().map(|(_, formula, _)| *formula)),
        words(
            "shape",
            rows.iter().map(|(_, _, tensor)| format!("{:?}", tensor.shape())),
        ),
        words("values", rows.iter().map(|(_, _, tensor)| values(tensor))),
    ];
    if rows.iter().all(|(_, formula, _)| formula.is_empty()) {
        columns.remove(1);
    }
    Table { columns, caption }
}

shows_as_table!(TwoLayerNetwork, TwoLayerForward, TwoLayerBackward);
