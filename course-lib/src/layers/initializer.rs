//! How weights start.
//!
//! Fan-in is the number of inputs of a unit, fan-out the number of units that an input feeds.
//! Sources: Glorot, Bengio 2010; He, Zhang, Ren, Sun 2015; LeCun and others 1998.

use crate::error::Result;
use crate::random::Seed;
use crate::tensor::Tensor;

/// From where initial weights are drawn.
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
