//! RMSprop: each gradient divided by its own recent size.
//!
//! With g the gradient, η the learning rate, ρ the share of the past and μ the momentum, for each weight w:
//!
//! - v ← ρ v + (1 - ρ) g², the running mean of the squared gradient;
//! - without momentum: w ← w - η g / (√v + ε);
//! - with momentum: b ← μ b + g / (√v + ε); w ← w - η b.
//!
//! v and b start at 0 and have the weight's shape. Source: Tieleman, Hinton 2012, lecture 6.5; in PyTorch's form
//! (Keras adds ε below the root).
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! let mut optimizer = RMSprop { learning_rate: 0.1, rho: 0.75, ..RMSprop::default() };
//! let gradients = w.square().backward()?;
//! optimizer.step(&mut w, &gradients)?;
//! // v = ¼ · 6², and 6 / √9 = 2.
//! assert!((w.item()? - 2.8).abs() < 1e-5);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::{Optimizer, OptimizerState, Parameters, check, check_share};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Gradients;
use crate::tensor::kernels::parallel::for_parts;
use crate::tensor::kernels::simd::vectorised;

/// RMSprop; see the [module](self) for the formulas.
#[derive(Debug, Clone)]
pub struct RMSprop {
    /// η, how large a step is. Default: 0.001, as in Keras (PyTorch: 0.01).
    pub learning_rate: f32,
    /// ρ, how much of the mean square is kept. Default: 0.9, as in Keras (PyTorch: 0.99).
    pub rho: f32,
    /// μ, how much of the last step is kept: from 0 (none) to below 1. Default: 0.
    pub momentum: f32,
    /// ε, so that nothing is divided by 0. Default: 1e-7, as in Keras (PyTorch: 1e-8).
    pub epsilon: f32,
    /// What is remembered between steps; starts empty.
    pub state: OptimizerState,
}

impl Default for RMSprop {
    fn default() -> Self {
        Self {
            learning_rate: 0.001,
            rho: 0.9,
            momentum: 0.0,
            epsilon: 1e-7,
            state: OptimizerState::default(),
        }
    }
}

impl Optimizer for RMSprop {
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
        let (rate, rho, momentum, epsilon) = (self.learning_rate, self.rho, self.momentum, self.epsilon);
        check("RMSprop", "learning_rate", rate, rate > 0.0, "above 0")?;
        check_share("RMSprop", "rho", rho)?;
        check_share("RMSprop", "momentum", momentum)?;
        check("RMSprop", "epsilon", epsilon, epsilon > 0.0, "above 0")?;
        self.state.update(
            "RMSprop",
            model,
            gradients,
            |weights, gradient, memory| {
                let [squares, steps] = memory.both(weights.len());
                for_parts(
                    [weights, squares, steps],
                    4,
                    |first, [weights, squares, steps]| {
                        let memory = squares.iter_mut().zip(steps);
                        vectorised(
                            #[inline(always)]
                            || {
                                // Without momentum, b is the step itself.
                                for ((w, g), (v, b)) in weights.iter_mut().zip(&gradient[first..]).zip(memory)
                                {
                                    *v = rho * *v + (1.0 - rho) * g * g;
                                    *b = momentum * *b + g / (v.sqrt() + epsilon);
                                    *w -= rate * *b;
                                }
                            },
                        );
                    },
                );
            },
            |weights, gradient, memory| {
                let [squares, steps] = memory.on_device(weights.count(), 0.0);
                squares.blend(rho, &gradient.square(), 1.0 - rho);
                steps.blend(momentum, &gradient.over(&squares.sqrt().add_scalar(epsilon)), 1.0);
                weights.blend(1.0, steps, -rate);
            },
        )
    }

    fn name(&self) -> &'static str {
        "RMSprop"
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = learning_rate;
    }
}

impl fmt::Display for RMSprop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RMSprop(learning_rate = {}, rho = {}, momentum = {})",
            self.learning_rate, self.rho, self.momentum
        )
    }
}

impl Show for RMSprop {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(RMSprop);
