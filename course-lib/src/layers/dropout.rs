//! Dropout: in training, each value is left out with a given probability.
//!
//! output = x · m / (1 - rate), with m drawn anew each time: 0 with probability `rate`, else 1. The division
//! keeps the mean. In use (not in training), output = x. Shapes: any, and the result has the same.
//! Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let model = Sequential::new(Input(4), layers![Dropout::new(0.5)], Seed(7))?;
//! let x = Tensor::ones([1, 4])?;
//! assert_eq!(model.predict(&x)?, x);
//! assert!(model.forward(&x)?.to_vec().iter().all(|value| *value == 0.0 || *value == 2.0));
//! # Ok::<(), Error>(())
//! ```

use std::cell::RefCell;

use super::{Layer, Mode};
use crate::error::{Error, Result};
use crate::random::{RandomStream, Seed};
use crate::tensor::Tensor;

/// Leaves values out at random in training; see the [module](self).
#[derive(Debug, Clone)]
pub struct Dropout {
    rate: f32,
    random: RefCell<RandomStream>,
}

impl Dropout {
    /// Leaves out this share of the values, from 0 (none) to below 1.
    pub fn new(rate: f32) -> Self {
        Self {
            rate,
            random: RefCell::new(Seed(0).stream()),
        }
    }
}

impl Layer for Dropout {
    fn name(&self) -> &str {
        "Dropout"
    }

    fn build(&mut self, input: &[usize], seed: Seed) -> Result<Vec<usize>> {
        if !(0.0..1.0).contains(&self.rate) {
            return Err(Error::new("Dropout")
                .expected("a rate from 0 to below 1")
                .got(self.rate.to_string())
                .hint("0.2 leaves out one value in five"));
        }
        self.random = RefCell::new(seed.stream());
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor> {
        if mode == Mode::Inference || self.rate == 0.0 {
            return Ok(input.clone());
        }
        let mut random = self.random.borrow_mut();
        let kept = 1.0 / (1.0 - self.rate);
        let mask: Vec<f32> = (0..input.count())
            .map(|_| if random.unit() < self.rate { 0.0 } else { kept })
            .collect();
        let mut values = input.to_vec();
        values
            .iter_mut()
            .zip(&mask)
            .for_each(|(value, factor)| *value *= factor);
        Ok(Tensor::custom(
            &[input],
            values,
            input.shape(),
            move |of_result, of_operands| {
                let both = of_result.iter().zip(&mask);
                of_operands[0]
                    .iter_mut()
                    .zip(both)
                    .for_each(|(own, (g, factor))| *own += g * factor);
            },
        ))
    }
}
