//! Adam: each weight gets a step size of its own.
//!
//! With g the gradient and t the number of the step, for each weight w:
//!
//! - m ← β₁ m + (1 - β₁) g, the running mean of the gradient;
//! - v ← β₂ v + (1 - β₂) g², the running mean of its square;
//! - w ← w - η · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε).
//!
//! m and v start at 0 and have the weight's shape; the divisions correct for that start.
//! Source: Kingma, Ba 2015, algorithm 1.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! let mut optimizer = Adam { learning_rate: 0.1, ..Adam::default() };
//! let gradients = w.square().backward()?;
//! optimizer.step(&mut w, &gradients)?;
//! // Whatever the size of the gradient, the first step is one learning rate.
//! assert!((w.item()? - 2.9).abs() < 1e-5);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::{Optimizer, OptimizerState, Parameters, check, check_share};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Gradients;
use crate::tensor::kernels::parallel::for_parts;
use crate::tensor::kernels::simd::vectorised;

/// Adam; see the [module](self) for the formulas.
#[derive(Debug, Clone)]
pub struct Adam {
    /// η, how large a step is. Default: 0.001.
    pub learning_rate: f32,
    /// β₁, how much of the mean gradient is kept. Default: 0.9.
    pub beta_1: f32,
    /// β₂, how much of the mean square is kept. Default: 0.999.
    pub beta_2: f32,
    /// ε, so that nothing is divided by 0. Default: 1e-7, as in Keras (PyTorch: 1e-8).
    pub epsilon: f32,
    /// What is remembered between steps; starts empty.
    pub state: OptimizerState,
}

impl Default for Adam {
    fn default() -> Self {
        Self {
            learning_rate: 0.001,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            state: OptimizerState::default(),
        }
    }
}

/// A step of Adam's, as it and [`AdamW`](super::AdamW) make it.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) learning_rate: f32,
    pub(super) beta_1: f32,
    pub(super) beta_2: f32,
    pub(super) epsilon: f32,
    /// λ: the share η λ of a weight goes before the step.
    pub(super) weight_decay: f32,
}

impl Rule {
    pub(super) fn step(
        self,
        state: &mut OptimizerState,
        model: &mut dyn Parameters,
        gradients: &Gradients,
    ) -> Result<()> {
        let Self {
            name,
            learning_rate: rate,
            beta_1,
            beta_2,
            epsilon,
            weight_decay,
        } = self;
        check(name, "learning_rate", rate, rate > 0.0, "above 0")?;
        check_share(name, "beta_1", beta_1)?;
        check_share(name, "beta_2", beta_2)?;
        check(name, "epsilon", epsilon, epsilon > 0.0, "above 0")?;
        check(name, "weight_decay", weight_decay, weight_decay >= 0.0, "from 0")?;
        let kept = 1.0 - rate * weight_decay;
        // The corrections in double precision: in single, 1 - β₂ᵗ loses four digits at the start.
        let corrected = |beta: f32, steps: i32| 1.0 - f64::from(beta).powi(steps);
        let sizes = |steps: i32| {
            let step_size = (f64::from(rate) / corrected(beta_1, steps)) as f32;
            (step_size, (1.0 / corrected(beta_2, steps).sqrt()) as f32)
        };
        state.update(
            name,
            model,
            gradients,
            |weights, gradient, memory| {
                let (step_size, root) = sizes(memory.steps);
                let [first, second] = memory.both(weights.len());
                for_parts([weights, first, second], 4, |start, [weights, first, second]| {
                    let moments = first.iter_mut().zip(second);
                    vectorised(
                        #[inline(always)]
                        || {
                            for ((w, g), (m, v)) in weights.iter_mut().zip(&gradient[start..]).zip(moments) {
                                *m += (1.0 - beta_1) * (g - *m);
                                *v = beta_2 * *v + (1.0 - beta_2) * g * g;
                                *w = *w * kept - step_size * *m / (v.sqrt() * root + epsilon);
                            }
                        },
                    );
                });
            },
            |weights, gradient, memory| {
                let (step_size, root) = sizes(memory.steps);
                let [first, second] = memory.on_device(weights.count(), 0.0);
                first.blend(beta_1, gradient, 1.0 - beta_1);
                second.blend(beta_2, &gradient.square(), 1.0 - beta_2);
                let step = first.over(&second.sqrt().mul_scalar(root).add_scalar(epsilon));
                weights.blend(kept, &step, -step_size);
            },
        )
    }
}

impl Optimizer for Adam {
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
        let rule = Rule {
            name: "Adam",
            learning_rate: self.learning_rate,
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            weight_decay: 0.0,
        };
        rule.step(&mut self.state, model, gradients)
    }

    fn name(&self) -> &'static str {
        "Adam"
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = learning_rate;
    }
}

impl fmt::Display for Adam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Adam(learning_rate = {}, beta_1 = {}, beta_2 = {})",
            self.learning_rate, self.beta_1, self.beta_2
        )
    }
}

impl Show for Adam {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Adam);
