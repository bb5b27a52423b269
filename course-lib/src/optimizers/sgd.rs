//! Stochastic gradient descent, with momentum and Nesterov's variant of it.
//!
//! With g the gradient, η the learning rate and μ the momentum, for each weight w:
//!
//! | | step |
//! | --- | --- |
//! | plain (μ = 0) | w ← w - η g |
//! | momentum | v ← μ v + g; w ← w - η v |
//! | Nesterov | v ← μ v + g; w ← w - η (g + μ v) |
//!
//! v starts at 0 and has the weight's shape. This is PyTorch's form; Keras keeps η inside v, which is the same
//! as long as η does not change.
//! Sources: the delta rule of the lectures; Polyak 1964; Nesterov 1983; Sutskever and others 2013.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! let mut optimizer = SGD { learning_rate: 0.1, ..SGD::default() };
//! let gradients = w.square().backward()?;
//! optimizer.step(&mut w, &gradients)?;
//! assert_eq!(w.item()?, 3.0 - 0.1 * 6.0);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::{Optimizer, OptimizerState, Parameters, check};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Gradients;
use crate::tensor::kernels::parallel::for_parts;
use crate::tensor::kernels::simd::vectorised;

/// Stochastic gradient descent; see the [module](self) for the formulas.
#[derive(Debug, Clone)]
pub struct SGD {
    /// η, how large a step is. Default: 0.01, as in Keras.
    pub learning_rate: f32,
    /// μ, how much of the last step is kept: from 0 (none) to below 1. Default: 0.
    pub momentum: f32,
    /// Whether to look ahead along the momentum. Default: no.
    pub nesterov: bool,
    /// What is remembered between steps; starts empty.
    pub state: OptimizerState,
}

impl Default for SGD {
    fn default() -> Self {
        Self {
            learning_rate: 0.01,
            momentum: 0.0,
            nesterov: false,
            state: OptimizerState::default(),
        }
    }
}

impl Optimizer for SGD {
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
        let (rate, momentum) = (self.learning_rate, self.momentum);
        check("SGD", "learning_rate", rate, rate > 0.0, "above 0")?;
        check(
            "SGD",
            "momentum",
            momentum,
            (0.0..1.0).contains(&momentum),
            "from 0 to below 1",
        )?;
        let nesterov = self.nesterov;
        self.state.update(
            "SGD",
            model,
            gradients,
            |weights, gradient, memory| {
                if momentum == 0.0 {
                    for_parts([weights], 2, |first, [weights]| {
                        plain(weights, &gradient[first..], rate);
                    });
                    return;
                }
                let velocity = memory.first(weights.len());
                for_parts([weights, velocity], 3, |first, [weights, velocity]| {
                    with_momentum(weights, velocity, &gradient[first..], rate, momentum, nesterov);
                });
            },
            |weights, gradient, memory| {
                if momentum == 0.0 {
                    weights.blend(1.0, gradient, -rate);
                    return;
                }
                let [velocity, _] = memory.on_device(weights.count(), 0.0);
                velocity.blend(momentum, gradient, 1.0);
                weights.blend(1.0, velocity, if nesterov { -rate * momentum } else { -rate });
                if nesterov {
                    weights.blend(1.0, gradient, -rate);
                }
            },
        )
    }

    fn name(&self) -> &'static str {
        "SGD"
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = learning_rate;
    }
}

fn plain(weights: &mut [f32], gradient: &[f32], rate: f32) {
    vectorised(
        #[inline(always)]
        || {
            for (w, g) in weights.iter_mut().zip(gradient) {
                *w -= rate * g;
            }
        },
    );
}

fn with_momentum(
    weights: &mut [f32],
    velocity: &mut [f32],
    gradient: &[f32],
    rate: f32,
    momentum: f32,
    nesterov: bool,
) {
    vectorised(
        #[inline(always)]
        || {
            for ((w, v), g) in weights.iter_mut().zip(velocity).zip(gradient) {
                *v = momentum * *v + g;
                *w -= rate * if nesterov { g + momentum * *v } else { *v };
            }
        },
    );
}

impl fmt::Display for SGD {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SGD(learning_rate = {}, momentum = {}",
            self.learning_rate, self.momentum
        )?;
        f.write_str(if self.nesterov { ", Nesterov)" } else { ")" })
    }
}

impl Show for SGD {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(SGD);
