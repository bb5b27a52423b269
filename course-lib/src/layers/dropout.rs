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

use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::{RandomStream, Seed};
use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_rows;
use crate::tensor::kernels::simd::vectorised;

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

    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        config.number("rate").map(Self::new)
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
        // One part in 65,536 is fine enough for a rate, and draws half as many bits.
        let limit = (self.rate * 65_536.0).round() as u16;
        let draws = random.draws(input.count());
        let mut mask = vec![false; draws.len()];
        mask.iter_mut()
            .zip(draws)
            .for_each(|(keep, draw)| *keep = draw >= limit);
        if !input.is_on_host() {
            let factors = mask.iter().map(|keep| if *keep { kept } else { 0.0 });
            return input.mul(&Tensor::from_vec(factors.collect(), input.shape())?);
        }
        let mut values = input.to_vec();
        scale(&mut values, &mask, kept);
        Ok(Tensor::custom(
            &[input],
            values,
            input.shape(),
            move |mut gradient, slots| {
                scale(&mut gradient, &mask, kept);
                slots[0].give(gradient);
            },
        ))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("rate", self.rate))
    }
}

/// values · mask · factor.
fn scale(values: &mut [f32], mask: &[bool], factor: f32) {
    for_rows(values, 1, 1, |first, part| {
        let mask = &mask[first..][..part.len()];
        vectorised(
            #[inline(always)]
            || {
                for (value, keep) in part.iter_mut().zip(mask) {
                    *value = if *keep { *value * factor } else { 0.0 };
                }
            },
        );
    });
}
