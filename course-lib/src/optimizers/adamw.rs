//! AdamW: Adam with weights that shrink by themselves, whatever their gradient.
//!
//! Before each step of [Adam](super::adam), w ← w - η λ w. Added to the loss instead (L2), the same wish would be
//! divided by √v, so that weights with large gradients would hardly shrink.
//!
//! m and v start at 0 and have the weight's shape. Source: Loshchilov, Hutter 2019, algorithm 2.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! let mut optimizer = AdamW { learning_rate: 0.1, weight_decay: 0.5, ..AdamW::default() };
//! let gradients = w.square().backward()?;
//! optimizer.step(&mut w, &gradients)?;
//! // 3 shrinks by a twentieth, and the first step of Adam is one learning rate.
//! assert!((w.item()? - (3.0 * 0.95 - 0.1)).abs() < 1e-5);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::adam::Rule;
use super::{Optimizer, OptimizerState, Parameters};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Gradients;

/// AdamW; see the [module](self) for the formulas.
#[derive(Debug, Clone)]
pub struct AdamW {
    /// η, how large a step is. Default: 0.001.
    pub learning_rate: f32,
    /// β₁, how much of the mean gradient is kept. Default: 0.9.
    pub beta_1: f32,
    /// β₂, how much of the mean square is kept. Default: 0.999.
    pub beta_2: f32,
    /// ε, so that nothing is divided by 0. Default: 1e-7, as in Keras (PyTorch: 1e-8).
    pub epsilon: f32,
    /// λ, how fast weights shrink. Default: 0.004, as in Keras (PyTorch: 0.01).
    pub weight_decay: f32,
    /// What is remembered between steps; starts empty.
    pub state: OptimizerState,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            learning_rate: 0.001,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            weight_decay: 0.004,
            state: OptimizerState::default(),
        }
    }
}

impl Optimizer for AdamW {
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
        let rule = Rule {
            name: "AdamW",
            learning_rate: self.learning_rate,
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            weight_decay: self.weight_decay,
        };
        rule.step(&mut self.state, model, gradients)
    }

    fn name(&self) -> &'static str {
        "AdamW"
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = learning_rate;
    }
}

impl fmt::Display for AdamW {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "AdamW(learning_rate = {}, beta_1 = {}, beta_2 = {}, weight_decay = {})",
            self.learning_rate, self.beta_1, self.beta_2, self.weight_decay
        )
    }
}

impl Show for AdamW {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(AdamW);
