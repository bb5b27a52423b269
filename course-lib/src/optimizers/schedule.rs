//! Learning rates that change as training goes on.
//!
//! t counts from 0: epochs in [`LearningRateSchedule`](crate::model::LearningRateSchedule), whatever the loop
//! counts where it is used by hand.
//!
//! | schedule | η(t) |
//! | --- | --- |
//! | `Exponential` | start · factorᵗ |
//! | `Step` | start · factor^⌊t / every⌋ |
//! | `Cosine` | end + ½ (start - end) (1 + cos(π t / over)), and `end` from t = over on |
//! | `Piecewise` | the rate of the last place that is not after t |
//! | `WarmUp` | (t + 1) / (steps + 1) of the first rate while t < steps, then the schedule at t - steps |
//!
//! Sources: Loshchilov, Hutter 2017 (cosine); Goyal and others 2017 (warm-up); PyTorch's `ExponentialLR`,
//! `StepLR`, `CosineAnnealingLR`, `LinearLR`.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let schedule = Schedule::Step { start: 0.1, factor: 0.5, every: 10 }.warm_up(3);
//! let mut optimizer = SGD::default();
//! let mut w = Tensor::scalar(3.0).with_gradient();
//! for step in 0..20 {
//!     optimizer.set_learning_rate(schedule.at(step));
//!     let gradients = w.square().backward()?;
//!     optimizer.step(&mut w, &gradients)?;
//! }
//! assert_eq!((schedule.at(0), schedule.at(3), schedule.at(13)), (0.025, 0.1, 0.05));
//! # Ok::<(), Error>(())
//! ```

use std::f64::consts::PI;
use std::fmt;

use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};

/// How the learning rate changes; see the [module](self) for the formulas.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// The rate is multiplied by the same factor each time.
    Exponential {
        /// The first rate.
        start: f32,
        /// What is left of the rate after each step, such as 0.95.
        factor: f32,
    },
    /// The rate is multiplied by the factor now and then.
    Step {
        /// The first rate.
        start: f32,
        /// What is left of the rate, such as 0.5.
        factor: f32,
        /// After how many steps.
        every: usize,
    },
    /// The rate falls along half a wave of the cosine: slowly, then fast, then slowly.
    Cosine {
        /// The first rate.
        start: f32,
        /// The last rate.
        end: f32,
        /// In how many steps.
        over: usize,
    },
    /// Rates by hand: each holds from its place on. `[(0, 0.1), (30, 0.01)]` is 0.1 for 30 steps, then 0.01.
    Piecewise {
        /// Places and rates, the first place 0, in rising order.
        rates: Vec<(usize, f32)>,
    },
    /// The rate rises evenly at first.
    WarmUp {
        /// For how many steps.
        steps: usize,
        /// What follows.
        then: Box<Schedule>,
    },
}

impl Schedule {
    /// The same after a warm-up of so many steps.
    #[must_use]
    pub fn warm_up(self, steps: usize) -> Self {
        let then = Box::new(self);
        Self::WarmUp { steps, then }
    }

    /// The learning rate at t, which counts from 0.
    pub fn at(&self, t: usize) -> f32 {
        self.exact(t) as f32
    }

    fn exact(&self, t: usize) -> f64 {
        let decayed = |start: &f32, factor: &f32, times: usize| {
            f64::from(*start) * f64::from(*factor).powf(times as f64)
        };
        match self {
            Self::Exponential { start, factor } => decayed(start, factor, t),
            Self::Step { start, factor, every } => decayed(start, factor, t / (*every).max(1)),
            Self::Cosine { end, over, .. } if t >= *over => f64::from(*end),
            Self::Cosine { start, end, over } => {
                let (start, end) = (f64::from(*start), f64::from(*end));
                end + 0.5 * (start - end) * (1.0 + (PI * t as f64 / *over as f64).cos())
            }
            Self::Piecewise { rates } => {
                let after = rates.partition_point(|(place, _)| *place <= t);
                let rate = after.checked_sub(1).and_then(|last| rates.get(last));
                rate.map_or(0.0, |(_, rate)| f64::from(*rate))
            }
            Self::WarmUp { steps, then } if t < *steps => {
                then.exact(0) * (t + 1) as f64 / (*steps + 1) as f64
            }
            Self::WarmUp { steps, then } => then.exact(t - steps),
        }
    }

    /// Checks the options before a training starts.
    pub(crate) fn check(&self) -> Result<()> {
        let problem = |expected: &str, hint: &str| {
            let error = Error::new("learning-rate schedule").expected(expected);
            Err(error.got(self.to_string()).hint(hint))
        };
        let fits = |rate: &f32| *rate > 0.0 && rate.is_finite();
        match self {
            Self::Exponential { start, factor } | Self::Step { start, factor, .. }
                if !fits(start) || !fits(factor) =>
            {
                problem(
                    "a rate and a factor above 0",
                    "start: 0.1, factor: 0.5 halves the rate",
                )
            }
            Self::Step { every: 0, .. } => problem(
                "at least 1 step between two changes",
                "every: 10 changes the rate after each tenth epoch",
            ),
            Self::Cosine { start, end, over }
                if !fits(start) || *end < 0.0 || !end.is_finite() || *over == 0 =>
            {
                problem(
                    "a first rate above 0, a last one from 0 on, and at least 1 step",
                    "over: the number of epochs",
                )
            }
            Self::Piecewise { rates } => {
                let starts = rates.first().is_some_and(|(place, _)| *place == 0);
                let rises = rates.windows(2).all(|pair| pair[0].0 < pair[1].0);
                if starts && rises && rates.iter().all(|(_, rate)| fits(rate)) {
                    return Ok(());
                }
                problem(
                    "rates above 0 at places that start at 0 and rise",
                    "write rates: vec![(0, 0.1), (30, 0.01)]",
                )
            }
            Self::WarmUp { then, .. } => then.check(),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exponential { start, factor } => write!(f, "{start} · {factor}^t"),
            Self::Step { start, factor, every } => {
                write!(f, "{start}, times {factor} after each {every} steps")
            }
            Self::Cosine { start, end, over } => {
                write!(f, "{start} to {end} along a cosine over {over} steps")
            }
            Self::Piecewise { rates } => {
                let parts = rates.iter().map(|(place, rate)| format!("{rate} from {place}"));
                f.write_str(&parts.collect::<Vec<_>>().join(", "))
            }
            Self::WarmUp { steps, then } => write!(f, "warm-up of {steps} steps, then {then}"),
        }
    }
}

impl Show for Schedule {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Schedule);
