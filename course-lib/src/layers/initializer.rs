//! How weights start.
//!
//! Fan-in is the number of inputs of a unit, fan-out the number of units that an input feeds.
//! Sources: Glorot, Bengio 2010; He, Zhang, Ren, Sun 2015; LeCun and others 1998; Saxe, McClelland, Ganguli 2014.

use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::kernels::simd::vectorised;

/// From where initial weights are drawn, for a layer's option `initializer`. U(a, b) draws evenly between a and b,
/// N(m, s) from the normal distribution with mean m and standard deviation s.
///
/// ```
/// use course_lib::prelude::*;
///
/// let hidden = Dense::new(64).activation(ReLU).initializer(Initializer::HeNormal);
/// let model = Sequential::new(Input(800), layers![hidden], Seed(7))?;
/// // Weights [inputs, units]: each unit has a fan-in of 800, so s is √(2 / 800) = 0.05.
/// let (_, weights) = &model.weights()[0];
/// assert_eq!(weights.shape(), [800, 64]);
/// assert!((weights.square().mean().item()?.sqrt() - 0.05).abs() < 0.001);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Initializer {
    /// U(-a, a) with a = √(6 / (fan-in + fan-out)); biases 0. Keras's choice for dense layers.
    #[default]
    GlorotUniform,
    /// N(0, √(2 / (fan-in + fan-out))); biases 0.
    GlorotNormal,
    /// U(-a, a) with a = √(6 / fan-in), made for ReLU; biases 0.
    HeUniform,
    /// N(0, √(2 / fan-in)), made for ReLU; biases 0.
    HeNormal,
    /// N(0, √(1 / fan-in)), made for SELU; biases 0.
    LecunNormal,
    /// U(-a, a) with a = 1 / √fan-in, for weights and biases: what PyTorch's `nn.Linear` does.
    PyTorch,
    /// Rows (or columns, if there are fewer of them) of length 1 at right angles to each other, in random
    /// directions, so that a state keeps its length from step to step; biases 0. Keras's choice for recurrent kernels.
    Orthogonal,
    /// U(-a, a) with the given a; biases 0.
    Uniform(f32),
    /// N(0, s) with the given standard deviation s; biases 0.
    Normal(f32),
    /// The same value for every weight; biases 0. Units that start alike stay alike: for demonstrations.
    Constant(f32),
}

impl Initializer {
    /// Weights of the given shape.
    pub(crate) fn weights(
        self,
        shape: &[usize],
        fan_in: usize,
        fan_out: usize,
        seed: Seed,
    ) -> Result<Tensor> {
        let (fan_in, both) = (fan_in as f32, (fan_in + fan_out) as f32);
        let uniform = |bound: f32| Tensor::uniform(shape, -bound, bound, seed);
        let normal = |deviation: f32| Tensor::normal(shape, 0.0, deviation, seed);
        match self {
            Self::GlorotUniform => uniform((6.0 / both).sqrt()),
            Self::GlorotNormal => normal((2.0 / both).sqrt()),
            Self::HeUniform => uniform((6.0 / fan_in).sqrt()),
            Self::HeNormal => normal((2.0 / fan_in).sqrt()),
            Self::LecunNormal => normal((1.0 / fan_in).sqrt()),
            Self::PyTorch => uniform((1.0 / fan_in).sqrt()),
            Self::Orthogonal => orthogonal(shape, seed),
            Self::Uniform(bound) => uniform(bound),
            Self::Normal(deviation) => normal(deviation),
            Self::Constant(value) => Tensor::full(shape, value),
        }
    }

    /// Biases of the given shape.
    pub(crate) fn biases(self, shape: &[usize], fan_in: usize, seed: Seed) -> Result<Tensor> {
        match self {
            Self::PyTorch => {
                let bound = 1.0 / (fan_in as f32).sqrt();
                Tensor::uniform(shape, -bound, bound, seed)
            }
            _ => Tensor::zeros(shape),
        }
    }
}

/// Weights of a shape seen as a matrix `[all axes but the last, last axis]`.
fn orthogonal(shape: &[usize], seed: Seed) -> Result<Tensor> {
    let columns = shape.last().copied().unwrap_or(1).max(1);
    let rows = shape.iter().product::<usize>() / columns;
    let (count, length) = (rows.min(columns), rows.max(columns));
    let drawn = Tensor::normal([count, length], 0.0, 1.0, seed)?.to_vec();
    let mut vectors: Vec<f64> = drawn.into_iter().map(f64::from).collect();
    // Gram and Schmidt's method in its modified form: each vector is cleared from all later ones.
    for place in 0..count {
        let (done, later) = vectors.split_at_mut((place + 1) * length);
        let own = &mut done[place * length..];
        let norm = dot(own, own).sqrt();
        own.iter_mut().for_each(|value| *value /= norm);
        for other in later.chunks_exact_mut(length) {
            let along = dot(own, other);
            vectorised(
                #[inline(always)]
                || {
                    let pairs = other.iter_mut().zip(&*own);
                    pairs.for_each(|(other, own)| *other -= along * own);
                },
            );
        }
    }
    let place = |row: usize, column: usize| match rows <= columns {
        true => row * length + column,
        false => column * length + row,
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let values = cells.map(|(row, column)| vectors[place(row, column)] as f32);
    Tensor::from_vec(values.collect(), shape)
}

/// The sum of products; in eight sums side by side, which can be vectorised.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let mut sums = [0.0; 8];
            let (left, right) = (left.chunks(8), right.chunks(8));
            for (left, right) in left.zip(right) {
                for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
                    *sum += left * right;
                }
            }
            sums.iter().sum()
        },
    )
}
