//! Random numbers that come out the same in every run.
//!
//! Weights, shuffling, dropout and latent points all draw from a [`RandomStream`] that starts from a
//! [`Seed`]. The stream is ChaCha8 (`rand_chacha`), whose output is documented as portable: the same seed
//! gives the same numbers on every machine and in every later version. `StdRng` and `SmallRng` promise
//! neither, so a lesson's printed results would change under an update.
//!
//! ```
//! use course_lib::random::Seed;
//!
//! let mut first = Seed(7).stream();
//! let mut second = Seed(7).stream();
//! assert_eq!(first.permutation(5), second.permutation(5));
//! ```

use std::fmt;

use rand::distributions::Distribution;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Where a stream of random numbers starts. Two runs with the same seed give the same numbers, bit for bit,
/// on one machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seed(pub u64);

impl Seed {
    /// A new stream that starts from this seed.
    pub fn stream(self) -> RandomStream {
        RandomStream {
            generator: ChaCha8Rng::seed_from_u64(self.0),
        }
    }

    /// A seed for part number `part` of something larger (the third layer, the second epoch), so that its
    /// numbers do not depend on how many the other parts draw.
    #[must_use]
    pub fn part(self, part: u64) -> Seed {
        // SplitMix64's finaliser (Steele, Lea, Flood 2014): neighbouring parts get unrelated seeds.
        let mut mixed = self.0 ^ part.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Seed(mixed ^ (mixed >> 31))
    }
}

/// Random numbers, one after the other. Get one from [`Seed::stream`].
#[derive(Clone)]
pub struct RandomStream {
    generator: ChaCha8Rng,
}

impl RandomStream {
    /// A tensor of values drawn evenly from `low` (included) to `high` (left out): U(low, high).
    ///
    /// # Errors
    /// A shape with a size of 0, or bounds that are not finite or not in order.
    ///
    /// ```
    /// # use course_lib::random::Seed;
    /// let latent = Seed(1).stream().uniform([30, 50], 0.0, 1.0)?;
    /// assert_eq!(latent.shape(), [30, 50]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn uniform(&mut self, shape: impl AsRef<[usize]>, low: f32, high: f32) -> Result<Tensor> {
        if !(low.is_finite() && high.is_finite() && low < high) {
            return Err(Error::new("uniform")
                .expected("two finite bounds, the lower one first")
                .got(format!("{low} and {high}"))
                .hint("write the smaller bound first"));
        }
        let count = shape.as_ref().iter().product();
        Tensor::from_vec(self.uniform_values(count, low, high), shape)
    }

    /// A tensor of values drawn from the normal distribution N(mean, standard deviation).
    ///
    /// # Errors
    /// A shape with a size of 0, a mean that is not finite, or a standard deviation that is negative or not
    /// finite.
    pub fn normal(
        &mut self,
        shape: impl AsRef<[usize]>,
        mean: f32,
        standard_deviation: f32,
    ) -> Result<Tensor> {
        if !(mean.is_finite() && standard_deviation.is_finite() && standard_deviation >= 0.0) {
            return Err(Error::new("normal")
                .expected("a finite mean and a standard deviation of at least 0")
                .got(format!("{mean} and {standard_deviation}"))
                .hint("give the standard deviation, not the variance, as a positive number"));
        }
        let count = shape.as_ref().iter().product();
        let values = (0..count)
            .map(|_| {
                let draw: f32 = StandardNormal.sample(&mut self.generator);
                mean + standard_deviation * draw
            })
            .collect();
        Tensor::from_vec(values, shape)
    }

    /// The numbers 0 to `count` - 1 in random order.
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        self.shuffle(&mut order);
        order
    }

    /// Puts the items into random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.generator);
    }

    /// A number from 0 to `limit` - 1; 0 where `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        if limit < 2 {
            0
        } else {
            self.generator.gen_range(0..limit)
        }
    }

    /// One value drawn evenly from 0 (included) to 1 (left out).
    pub fn unit(&mut self) -> f32 {
        self.generator.r#gen()
    }

    /// Whole numbers from 0 to 65,535, each as likely.
    pub(crate) fn draws(&mut self, count: usize) -> Vec<u16> {
        let mut bytes = vec![0; count * 2];
        self.generator.fill_bytes(&mut bytes);
        bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect()
    }

    pub(crate) fn uniform_values(&mut self, count: usize, low: f32, high: f32) -> Vec<f32> {
        (0..count).map(|_| low + (high - low) * self.unit()).collect()
    }
}

impl fmt::Debug for RandomStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomStream(ChaCha8)")
    }
}

crate::notebook::shows_its_name!(Seed, RandomStream);
