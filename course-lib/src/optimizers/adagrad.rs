//! Adagrad: weights that have seen large gradients get small steps.
//!
//! With g the gradient and η the learning rate, for each weight w:
//!
//! - s ← s + g², the sum of all squares so far;
//! - w ← w - η g / (√s + ε).
//!
//! s has the weight's shape. It never shrinks, so that steps become smaller and smaller.
//! Source: Duchi, Hazan, Singer 2011; in PyTorch's form.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! let mut optimizer = Adagrad { learning_rate: 0.1, initial_accumulator_value: 0.0, ..Adagrad::default() };
//! let gradients = w.square().backward()?;
//! optimizer.step(&mut w, &gradients)?;
//! // 6 / √36: the first step is one learning rate.
//! assert!((w.item()? - 2.9).abs() < 1e-5);
//! # Ok::<(), Error>(())
//! ```

use std::fmt;

use super::{Optimizer, OptimizerState, Parameters, check};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Gradients;
use crate::tensor::kernels::parallel::for_parts;
use crate::tensor::kernels::simd::vectorised;

/// Adagrad; see the [module](self) for the formulas.
#[derive(Debug, Clone)]
pub struct Adagrad {
    /// η, how large a step is. Default: 0.001, as in Keras; 0.01 to 0.1 are more usual.
    pub learning_rate: f32,
    /// Where s starts. Default: 0.1, as in Keras (PyTorch: 0).
    pub initial_accumulator_value: f32,
    /// ε, so that nothing is divided by 0. Default: 1e-7, as in Keras (PyTorch: 1e-10).
    pub epsilon: f32,
    /// What is remembered between steps; starts empty.
    pub state: OptimizerState,
}

impl Default for Adagrad {
    fn default() -> Self {
        Self {
            learning_rate: 0.001,
            initial_accumulator_value: 0.1,
            epsilon: 1e-7,
            state: OptimizerState::default(),
        }
    }
}

impl Optimizer for Adagrad {
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
        let (rate, start, epsilon) = (self.learning_rate, self.initial_accumulator_value, self.epsilon);
        check("Adagrad", "learning_rate", rate, rate > 0.0, "above 0")?;
        let option = "initial_accumulator_value";
        check("Adagrad", option, start, start >= 0.0, "from 0")?;
        check("Adagrad", "epsilon", epsilon, epsilon > 0.0, "above 0")?;
        self.state.update(
            "Adagrad",
            model,
            gradients,
            |weights, gradient, memory| {
                let sums = memory.first_from(weights.len(), start);
                for_parts([weights, sums], 4, |first, [weights, sums]| {
                    vectorised(
                        #[inline(always)]
                        || {
                            for ((w, s), g) in weights.iter_mut().zip(sums).zip(&gradient[first..]) {
                                *s += g * g;
                                *w -= rate * g / (s.sqrt() + epsilon);
                            }
                        },
                    );
                });
            },
            |weights, gradient, memory| {
                let [sums, _] = memory.on_device(weights.count(), start);
                sums.blend(1.0, &gradient.square(), 1.0);
                weights.blend(1.0, &gradient.over(&sums.sqrt().add_scalar(epsilon)), -rate);
            },
        )
    }

    fn name(&self) -> &'static str {
        "Adagrad"
    }

    fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = learning_rate;
    }
}

impl fmt::Display for Adagrad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Adagrad(learning_rate = {})", self.learning_rate)
    }
}

impl Show for Adagrad {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Adagrad);
