//! What makes a network more than one linear map: a function of each value.
//!
//! | name | f(x) | source |
//! | --- | --- | --- |
//! | `Linear` | x | |
//! | `Step` | 1 where x ≥ 0, else 0 | McCulloch, Pitts 1943 |
//! | `Sigmoid` | 1 / (1 + e⁻ˣ) | |
//! | `Tanh` | (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ) | |
//! | `ReLU` | max(0, x) | Nair, Hinton 2010 |
//! | `LeakyReLU(a)` | x where x > 0, else a x | Maas, Hannun, Ng 2013 |
//! | `ELU(a)` | x where x > 0, else a (eˣ - 1) | Clevert, Unterthiner, Hochreiter 2016 |
//! | `SELU` | 1.0507 · ELU(1.6733)(x) | Klambauer and others 2017 |
//! | `GELU` | x · ½ (1 + erf(x / √2)) | Hendrycks, Gimpel 2016 |
//! | `Softplus` | ln(1 + eˣ) | Dugas and others 2001 |
//! | `Swish` | x / (1 + e⁻ˣ) | Ramachandran, Zoph, Le 2017 |
//! | `Softmax` | e^(xᵢ) / Σⱼ e^(xⱼ) along the last axis | Bridle 1990 |
//!
//! Shapes: any, and the result has the same.
//!
//! ```
//! use course_lib::layers::Activation;
//! use course_lib::tensor::Tensor;
//!
//! let x = Tensor::vector(&[-1.0, 0.0, 2.0])?;
//! assert_eq!(Activation::ReLU.apply(&x).to_vec(), [0.0, 0.0, 2.0]);
//! assert_eq!(Activation::LeakyReLU(0.5).derivative(&x)?.to_vec(), [0.5, 0.5, 1.0]);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

mod in_place;

use std::f32::consts::{FRAC_1_SQRT_2, TAU};
use std::fmt;

use super::{Config, Layer, Mode};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;
use crate::tensor::kernels::functions::{exp, exp_m1, ln_1p, sigmoid, tanh};

/// The scale and slope with which values keep mean 0 and variance 1 from layer to layer (SELU paper, eq. 14).
const SELU_SCALE: f32 = 1.050_701;
const SELU_SLOPE: f32 = 1.673_263_2;

/// An activation function; see the table in the [module](self) and each variant's formula.
///
/// It is an option of other layers (`Dense::new(16).activation(ReLU)`) and a layer by itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Activation {
    /// x: the values as they are.
    #[default]
    Linear,
    /// 1 where x ≥ 0, else 0. Its derivative is 0, so nothing is learned through it.
    Step,
    /// 1 / (1 + e⁻ˣ): between 0 and 1, a probability.
    Sigmoid,
    /// The hyperbolic tangent: between -1 and 1.
    Tanh,
    /// max(0, x).
    ReLU,
    /// x where x > 0, else the given slope times x.
    LeakyReLU(f32),
    /// x where x > 0, else a (eˣ - 1), with the given a.
    ELU(f32),
    /// ELU scaled so that values keep mean 0 and variance 1.
    SELU,
    /// x times the probability that a standard normal value is below x.
    GELU,
    /// ln(1 + eˣ): a smooth ReLU.
    Softplus,
    /// x · sigmoid(x), also called SiLU.
    Swish,
    /// Probabilities of classes that add up to 1 along the last axis.
    Softmax,
}

impl Activation {
    /// f(x) for each value.
    #[allow(
        clippy::redundant_closure,
        reason = "a closure can be told to be inlined, which the loop needs"
    )]
    pub fn apply(self, x: &Tensor) -> Tensor {
        if !x.is_on_host() {
            return self.apply_on_device(x);
        }
        match self {
            Self::Linear => x.clone(),
            Self::Step => x.map(|x| if x >= 0.0 { 1.0 } else { 0.0 }, |_, _| 0.0),
            Self::Sigmoid => x.sigmoid(),
            Self::Tanh => x.map(
                #[inline(always)]
                |x| tanh(x),
                #[inline(always)]
                |_, y| 1.0 - y * y,
            ),
            Self::ReLU => x.relu(),
            Self::LeakyReLU(slope) => x.map(
                #[inline(always)]
                move |x| if x > 0.0 { x } else { slope * x },
                #[inline(always)]
                move |x, _| if x > 0.0 { 1.0 } else { slope },
            ),
            Self::ELU(a) => x.map(
                #[inline(always)]
                move |x| elu(x, a),
                #[inline(always)]
                move |x, y| if x > 0.0 { 1.0 } else { y + a },
            ),
            Self::SELU => x.map(
                #[inline(always)]
                |x| SELU_SCALE * elu(x, SELU_SLOPE),
                #[inline(always)]
                |x, y| {
                    if x > 0.0 {
                        SELU_SCALE
                    } else {
                        y + SELU_SCALE * SELU_SLOPE
                    }
                },
            ),
            // dfdx's own kernel for this has a wrong derivative.
            Self::GELU => x.map(
                |x| x * normal_below(x),
                |x, _| normal_below(x) + x * normal_density(x),
            ),
            Self::Softplus => x.map(
                #[inline(always)]
                |x| {
                    let above = if x > 0.0 { x } else { 0.0 };
                    above + ln_1p(exp(-x.abs()))
                },
                #[inline(always)]
                |x, _| sigmoid(x),
            ),
            Self::Swish => x.map(
                |x| x * sigmoid(x),
                |x, y| {
                    let s = sigmoid(x);
                    s + y * (1.0 - s)
                },
            ),
            Self::Softmax => x.softmax(),
        }
    }

    /// The same by dfdx's kernels alone.
    fn apply_on_device(self, x: &Tensor) -> Tensor {
        match self {
            Self::Linear => x.clone(),
            Self::Step => x.step_portable(),
            Self::Sigmoid => x.sigmoid(),
            Self::Tanh => x.tanh(),
            Self::ReLU => x.relu(),
            Self::LeakyReLU(slope) => x.leaky_relu_portable(slope),
            Self::ELU(a) => x.elu_portable(a, 1.0),
            Self::SELU => x.elu_portable(SELU_SLOPE, SELU_SCALE),
            Self::GELU => x.gelu_portable(),
            Self::Softplus => x.softplus_portable(),
            Self::Swish => x.swish_portable(),
            Self::Softmax => x.softmax(),
        }
    }

    /// f'(x) for each value. For softmax, whose values depend on each other, the derivative of their sum: 0.
    ///
    /// # Errors
    /// None of its own.
    pub fn derivative(self, x: &Tensor) -> Result<Tensor> {
        let x = x.with_gradient();
        self.apply(&x).sum().backward()?.get(&x)
    }
}

impl Activation {
    /// The activation that is written so: `ReLU`, `LeakyReLU(0.2)`, as [`Display`](fmt::Display) writes it.
    ///
    /// # Errors
    /// A text that is no activation.
    ///
    /// ```
    /// use course_lib::layers::Activation;
    ///
    /// assert_eq!(Activation::parse("LeakyReLU(0.2)")?, Activation::LeakyReLU(0.2));
    /// assert!(Activation::parse("LeakyReLU").is_err());
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        const PLAIN: [Activation; 10] = [
            Activation::Linear,
            Activation::Step,
            Activation::Sigmoid,
            Activation::Tanh,
            Activation::ReLU,
            Activation::SELU,
            Activation::GELU,
            Activation::Softplus,
            Activation::Swish,
            Activation::Softmax,
        ];
        if let Some(plain) = PLAIN.into_iter().find(|plain| plain.name() == text) {
            return Ok(plain);
        }
        let with_number = text.strip_suffix(')').and_then(|text| text.split_once('('));
        let number = |text: &str| text.parse::<f32>().ok().filter(|number| number.is_finite());
        match with_number.map(|(name, value)| (name, number(value))) {
            Some(("LeakyReLU", Some(slope))) => Ok(Self::LeakyReLU(slope)),
            Some(("ELU", Some(a))) => Ok(Self::ELU(a)),
            _ => Err(Error::new("activation")
                .expected("an activation such as ReLU, LeakyReLU(0.2) or Softmax")
                .got(format!("{text:?}"))
                .hint("the table of layers::activation lists all")),
        }
    }

    pub(crate) fn from_config(config: &Config) -> Result<Self> {
        Self::parse(config.text("activation")?)
    }
}

#[inline(always)]
fn elu(x: f32, a: f32) -> f32 {
    if x > 0.0 { x } else { a * exp_m1(x) }
}

impl Activation {
    /// Whether f'(x) can be told from f(x), so that x need not be kept.
    pub(crate) fn follows_from_result(self) -> bool {
        match self {
            Self::Linear | Self::Sigmoid | Self::Tanh | Self::ReLU | Self::SELU => true,
            // With a negative slope both sides of 0 come out positive.
            Self::LeakyReLU(slope) | Self::ELU(slope) => slope >= 0.0,
            Self::Step | Self::GELU | Self::Softplus | Self::Swish | Self::Softmax => false,
        }
    }
}

/// The probability that a standard normal value is below x.
fn normal_below(x: f32) -> f32 {
    0.5 * libm::erfcf(-x * FRAC_1_SQRT_2)
}

/// The density of the standard normal distribution: e^(-x²/2) / √(2π).
fn normal_density(x: f32) -> f32 {
    (-0.5 * x * x).exp() / TAU.sqrt()
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Layer for Activation {
    fn name(&self) -> &str {
        match self {
            Self::Linear => "Linear",
            Self::Step => "Step",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::ReLU => "ReLU",
            Self::LeakyReLU(_) => "LeakyReLU",
            Self::ELU(_) => "ELU",
            Self::SELU => "SELU",
            Self::GELU => "GELU",
            Self::Softplus => "Softplus",
            Self::Swish => "Swish",
            Self::Softmax => "Softmax",
        }
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        Ok(self.apply(input))
    }

    fn config(&self) -> Option<Config> {
        Some(Config::new().with("activation", self.to_string()))
    }
}
