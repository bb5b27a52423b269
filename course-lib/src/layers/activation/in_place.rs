//! An activation applied where the values lie, and its derivative told from the results: what a dense layer or a
//! convolution does with its sums while they are in the processor's cache.
//!
//! Closures own what they use: a slope behind a reference would be read anew for each value, and no two values be
//! calculated at once.

use super::{Activation, SELU_SCALE, SELU_SLOPE, elu};
use crate::tensor::Tensor;
use crate::tensor::kernels::functions::{sigmoid, tanh};
use crate::tensor::kernels::simd::vectorised;
use crate::tensor::ops::dense::Elementwise;

/// For those whose derivative [follows from the result](Activation::follows_from_result).
impl Elementwise for Activation {
    fn of(self, x: &Tensor) -> Tensor {
        Activation::apply(self, x)
    }

    #[allow(
        clippy::redundant_closure,
        reason = "a closure can be told to be inlined, which the loop needs"
    )]
    fn apply(self, values: &mut [f32]) {
        #[inline(always)]
        fn each(values: &mut [f32], f: impl Fn(f32) -> f32) {
            vectorised(
                #[inline(always)]
                move || values.iter_mut().for_each(|value| *value = f(*value)),
            );
        }
        match self {
            Self::Sigmoid => each(
                values,
                #[inline(always)]
                |x| sigmoid(x),
            ),
            Self::Tanh => each(
                values,
                #[inline(always)]
                |x| tanh(x),
            ),
            Self::ReLU => each(
                values,
                #[inline(always)]
                |x| if x > 0.0 { x } else { 0.0 },
            ),
            Self::LeakyReLU(slope) => each(
                values,
                #[inline(always)]
                move |x| if x > 0.0 { x } else { slope * x },
            ),
            Self::ELU(a) => each(
                values,
                #[inline(always)]
                move |x| elu(x, a),
            ),
            Self::SELU => each(
                values,
                #[inline(always)]
                |x| SELU_SCALE * elu(x, SELU_SLOPE),
            ),
            Self::Linear | Self::Step | Self::GELU | Self::Softplus | Self::Swish | Self::Softmax => {
                debug_assert!(self == Self::Linear, "{self} is not applied in place");
            }
        }
    }

    fn scale_gradient(self, gradient: &mut [f32], results: &[f32]) {
        /// gradient = scaled(gradient, f(x)).
        #[inline(always)]
        fn each(gradient: &mut [f32], results: &[f32], scaled: impl Fn(f32, f32) -> f32) {
            vectorised(
                #[inline(always)]
                move || {
                    for (own, y) in gradient.iter_mut().zip(results) {
                        *own = scaled(*own, *y);
                    }
                },
            );
        }
        // Two values and a choice between them: a choice between two factors, of which one is 1, becomes a jump,
        // and a jump that depends on the data costs more than all the rest.
        match self {
            Self::Sigmoid => each(
                gradient,
                results,
                #[inline(always)]
                |g, y| g * (y * (1.0 - y)),
            ),
            Self::Tanh => each(
                gradient,
                results,
                #[inline(always)]
                |g, y| g * (1.0 - y * y),
            ),
            Self::ReLU => each(
                gradient,
                results,
                #[inline(always)]
                |g, y| if y > 0.0 { g } else { 0.0 },
            ),
            Self::LeakyReLU(slope) => each(
                gradient,
                results,
                #[inline(always)]
                move |g, y| {
                    let below = slope * g;
                    if y > 0.0 { g } else { below }
                },
            ),
            Self::ELU(a) => each(
                gradient,
                results,
                #[inline(always)]
                move |g, y| {
                    let below = g * (y + a);
                    if y > 0.0 { g } else { below }
                },
            ),
            Self::SELU => each(
                gradient,
                results,
                #[inline(always)]
                |g, y| {
                    let factor = y + SELU_SCALE * SELU_SLOPE;
                    g * if y > 0.0 { SELU_SCALE } else { factor }
                },
            ),
            Self::Linear | Self::Step | Self::GELU | Self::Softplus | Self::Swish | Self::Softmax => {
                debug_assert!(self == Self::Linear, "{self} is not applied in place");
            }
        }
    }
}
