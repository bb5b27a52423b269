//! Where a generator starts from.

use std::fmt;

use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use crate::random::RandomStream;
use crate::tensor::Tensor;

/// The distribution of latent points: so many independent values each. A sample of them has the shape
/// `[count, size]`. Evenly drawn values are Goodfellow's and others 2014, normal ones are usual for images since
/// Radford, Metz, Chintala 2016.
///
/// ```
/// use course_lib::prelude::*;
///
/// let latent = Latent::normal(100);
/// assert_eq!(latent.sample(64, &mut Seed(1).stream())?.shape(), [64, 100]);
/// let even = Latent::uniform(3).sample(1000, &mut Seed(1).stream())?;
/// assert!(even.to_vec().iter().all(|value| (0.0..1.0).contains(value)));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latent {
    size: usize,
    normal: bool,
}

impl Latent {
    /// Values drawn evenly from 0 to 1: U(0, 1).
    pub fn uniform(size: usize) -> Self {
        Self { size, normal: false }
    }

    /// Values of the standard normal distribution: N(0, 1).
    pub fn normal(size: usize) -> Self {
        Self { size, normal: true }
    }

    /// How many values a latent point has.
    pub fn size(self) -> usize {
        self.size
    }

    /// So many points: shape `[count, size]`.
    ///
    /// # Errors
    /// A count or a size of 0.
    pub fn sample(self, count: usize, random: &mut RandomStream) -> Result<Tensor> {
        if count == 0 || self.size == 0 {
            return Err(Error::new("Latent::sample")
                .expected("at least one point of at least one value")
                .got(format!("{count} points of {} values", self.size))
                .hint("Latent::normal(100) and a batch of 64 are usual for images"));
        }
        if self.normal {
            random.normal([count, self.size], 0.0, 1.0)
        } else {
            random.uniform([count, self.size], 0.0, 1.0)
        }
    }
}

impl fmt::Display for Latent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.normal { "N(0, 1)" } else { "U(0, 1)" };
        write!(f, "{} latent values of {name}", self.size)
    }
}

impl Show for Latent {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Latent);
