//! The artificial neuron of the lectures (slides "Artificial Neuron. Basic example", lesson 01).
//!
//! 1. Each input is multiplied by its weight: x₁ · w₁, x₂ · w₂, ...
//! 2. The products are added, and the bias b with them: s = x₁ · w₁ + x₂ · w₂ + ... + b.
//! 3. The sum passes the activation function: y = f(s).
//!
//! | | what | shape |
//! | --- | --- | --- |
//! | x | inputs | as many as weights |
//! | w | weights | one for each input |
//! | b, s, y | bias, sum, output | one number each |
//!
//! Source: McCulloch, Pitts 1943 (with the step); Rosenblatt 1958 (with weights that are learned, see
//! [`learning`](super::learning)).
//!
//! ```
//! use course_lib::lectures::Neuron;
//! use course_lib::layers::Activation::Step;
//!
//! let or = Neuron::new(&[1.0, 1.0], -0.5, Step);
//! assert_eq!(or.output(&[0.0, 0.0])?, 0.0);
//! assert_eq!(or.output(&[0.0, 1.0])?, 1.0);
//! assert_eq!(or.explain(&[0.0, 1.0])?.sum(), 0.5);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::function::value;
use super::tables::{alike, count, factor, number, numbers, shows_as_table, words, written};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::plot::{self, Network};

/// A neuron: weights, a bias and an activation function; see the [module](self) for the formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct Neuron {
    /// w, how much each input counts.
    pub weights: Vec<f32>,
    /// b, what is added to the products.
    pub bias: f32,
    /// f, what the sum passes.
    pub activation: Activation,
}

impl Neuron {
    /// A neuron with the given weights (one for each input), bias and activation.
    pub fn new(weights: &[f32], bias: f32, activation: Activation) -> Self {
        Self {
            weights: weights.to_vec(),
            bias,
            activation,
        }
    }

    /// s = x₁ · w₁ + x₂ · w₂ + ... + b.
    ///
    /// # Errors
    /// Another number of inputs than of weights.
    pub fn sum(&self, x: &[f32]) -> Result<f32> {
        self.check_inputs(x.len())?;
        let products = x.iter().zip(&self.weights).map(|(x, w)| x * w);
        Ok(products.sum::<f32>() + self.bias)
    }

    /// y = f(x₁ · w₁ + x₂ · w₂ + ... + b).
    ///
    /// # Errors
    /// Another number of inputs than of weights.
    pub fn output(&self, x: &[f32]) -> Result<f32> {
        Ok(value(self.activation, self.sum(x)?))
    }

    /// The way from the inputs to the output, step by step.
    ///
    /// # Errors
    /// Another number of inputs than of weights.
    pub fn explain(&self, x: &[f32]) -> Result<Explanation> {
        let sum = self.sum(x)?;
        Ok(Explanation {
            x: x.to_vec(),
            neuron: self.clone(),
            sum,
            output: value(self.activation, sum),
        })
    }

    /// Where the sum of a neuron with two inputs is 0, which is where a step decides: the two ends of the
    /// line x₁ · w₁ + x₂ · w₂ + b = 0 within the square from `low` to `high`, each `[x₁, x₂]`. `None` if the
    /// line does not cross the square.
    ///
    /// # Errors
    /// A neuron that has not two inputs.
    ///
    /// ```
    /// # use course_lib::{lectures::Neuron, layers::Activation::Step};
    /// let or = Neuron::new(&[1.0, 1.0], -0.5, Step);
    /// assert_eq!(or.line(0.0, 1.0)?, Some([[0.0, 0.5], [0.5, 0.0]]));
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn line(&self, low: f32, high: f32) -> Result<Option<[[f32; 2]; 2]>> {
        let [w1, w2] = self.weights[..] else {
            return Err(Error::new("line")
                .expected("a neuron with 2 inputs")
                .got(count(self.weights.len(), "weight"))
                .hint("with one input the border is a point, with three a plane"));
        };
        // Where the line meets the left and right side of the square, then the bottom and the top.
        let sides = [low, high].map(|x1| [x1, -(w1 * x1 + self.bias) / w2]);
        let ends = [low, high].map(|x2| [-(w2 * x2 + self.bias) / w1, x2]);
        let mut met: Vec<[f32; 2]> = sides
            .into_iter()
            .chain(ends)
            .filter(|point| point.iter().all(|x| (low..=high).contains(x)))
            .collect();
        met.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        Ok(match met[..] {
            [first, .., last] if first != last => Some([first, last]),
            _ => None,
        })
    }

    /// The neuron with every weight on its line, and the bias beside it. Finish it with `.draw()?`.
    pub fn drawing(&self) -> Network<'static> {
        let parameters: Vec<f32> = self.weights.iter().copied().chain([self.bias]).collect();
        let inputs: Vec<String> = (1..=self.weights.len()).map(|i| format!("x{i}")).collect();
        let weights: Vec<String> = (1..=self.weights.len()).map(|i| format!("w{i}")).collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let weights: Vec<&str> = weights.iter().map(String::as_str).chain(["b"]).collect();
        plot::network_of(&[self.weights.len(), 1])
            .layer_names(&["inputs", "neuron"])
            .unit_names(&[&inputs, &["y"]])
            .weight_names(&weights)
            .weights_by_unit(&parameters)
    }

    pub(super) fn check_inputs(&self, inputs: usize) -> Result<()> {
        if inputs == self.weights.len() {
            return Ok(());
        }
        Err(Error::new("Neuron")
            .expected(format!(
                "{}, one for each weight",
                count(self.weights.len(), "input")
            ))
            .got(count(inputs, "input"))
            .hint("give the neuron as many weights as there are inputs"))
    }

    fn table(&self) -> Table {
        let names = (1..=self.weights.len()).map(|i| format!("w{i}"));
        let values: Vec<f32> = self.weights.iter().copied().chain([self.bias]).collect();
        Table {
            columns: vec![words("", names.chain(["b".to_owned()])), numbers("value", values)],
            caption: format!("a neuron with activation {}", self.activation),
        }
    }
}

/// How a neuron came to its output: products, sum, activation. From [`Neuron::explain`].
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    x: Vec<f32>,
    neuron: Neuron,
    sum: f32,
    output: f32,
}

impl Explanation {
    /// x₁ · w₁, x₂ · w₂, ...
    pub fn products(&self) -> Vec<f32> {
        let pairs = self.x.iter().zip(&self.neuron.weights);
        pairs.map(|(x, w)| x * w).collect()
    }

    /// s, the sum of the products and the bias.
    pub fn sum(&self) -> f32 {
        self.sum
    }

    /// y = f(s).
    pub fn output(&self) -> f32 {
        self.output
    }

    /// The neuron with inputs, weights and output. Finish it with `.draw()?`.
    ///
    /// ```
    /// # use course_lib::{lectures::Neuron, layers::Activation::Sigmoid};
    /// let neuron = Neuron::new(&[0.5, -1.0], 1.0, Sigmoid);
    /// let plot = neuron.explain(&[2.0, 3.0])?.drawing().title("One neuron").draw()?;
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn drawing(&self) -> Network<'static> {
        self.neuron.drawing().outputs(&[&self.x, &[self.output]])
    }

    fn table(&self) -> Table {
        let Neuron {
            weights,
            bias,
            activation,
        } = &self.neuron;
        let inputs = self.x.len();
        let products = (1..=inputs).map(|i| format!("x{i} · w{i}"));
        let steps = ["b", "s = sum", "y = f(s)"].map(str::to_owned);
        // The last three rows have no x and no w.
        let padded = |values: &[f32]| {
            let blank = std::iter::repeat_n(String::new(), 3);
            alike(values.iter().copied()).into_iter().chain(blank)
        };
        let results = self.products().into_iter().chain([*bias, self.sum, self.output]);
        let sum: Vec<String> = (self.x.iter().zip(weights))
            .map(|(x, w)| format!("{}·{}", factor(*x), factor(*w)))
            .chain([factor(*bias)])
            .collect();
        Table {
            columns: vec![
                words("step", products.chain(steps)),
                written("x", padded(&self.x)),
                written("w", padded(weights)),
                numbers("result", results),
            ],
            caption: format!(
                "y = {activation}({}) = {activation}({}) = {}",
                sum.join(" + "),
                number(self.sum),
                number(self.output)
            ),
        }
    }
}

shows_as_table!(Neuron, Explanation);
