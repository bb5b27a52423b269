//! A network of dense layers as circles and lines: a circle for each unit, a line for each weight.

use std::fmt;

use super::picture::Plot;
use super::values::drawable;
use crate::error::{Error, Result};
use crate::model::Sequential;
use crate::tensor::Tensor;

const MOST_LAYERS: usize = 12;

/// A drawing of a network, made by [`network`] or [`network_of`] and drawn by [`Network::draw`].
#[derive(Clone)]
#[must_use = "a network is drawn by `.draw()?`"]
pub struct Network<'a> {
    pub(super) model: Option<&'a Sequential>,
    pub(super) title: String,
    pub(super) layers: Vec<Units>,
    pub(super) numbers: Option<bool>,
    problem: Option<Error>,
}

/// The units of one layer, and the weights that lead to them.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    pub count: usize,
    /// Above the column, and below it in smaller letters.
    pub name: String,
    pub details: String,
    /// One for each unit, or none.
    pub names: Vec<String>,
    /// Row by row for each unit of the layer before, and for each unit of this one; empty where not known.
    pub weights: Vec<f64>,
    pub biases: Vec<f64>,
    /// What weights and biases are called, in the same order.
    pub weight_names: Vec<String>,
    pub bias_names: Vec<String>,
    /// The outputs for one example.
    pub values: Vec<f64>,
}

/// Draws a network of dense layers: a circle for each unit, a line for each weight, blue above zero,
/// vermilion below, and the thicker the larger. A small network has its numbers written on it; of a large
/// layer some units are shown.
///
/// ```
/// use course_lib::prelude::*;
///
/// let layers = layers![Dense::new(2).activation(Sigmoid), Dense::new(1).activation(Sigmoid)];
/// let model = Sequential::new(Input(2), layers, Seed(7))?;
/// let example = Tensor::vector(&[1.0, 0.0])?;
/// let plot = plot::network(&model).title("Two inputs, two hidden neurons, one output").example(&example).draw()?;
/// # Ok::<(), Error>(())
/// ```
///
/// What cannot be drawn like this (a convolution has no lines between single units) is said by
/// [`Network::draw`]; [`blocks`](super::blocks) draws any network.
pub fn network(model: &Sequential) -> Network<'_> {
    let mut network = Network {
        model: Some(model),
        ..network_of(&[])
    };
    let inputs = model.input_shape().iter().product();
    network.layers = vec![column(inputs)];
    for layer in model.outline() {
        if let Err(problem) = network.add(&layer) {
            network.keep(problem);
        }
    }
    network.name_columns();
    network
}

/// Draws a network of which nothing is there yet but its numbers of units, input first. Weights may follow.
///
/// ```
/// use course_lib::plot;
///
/// // The network of two inputs x1 and x2, hidden neurons h1 and h2, and output o1.
/// let plot = plot::network_of(&[2, 2, 1])
///     .weight_names(&["w1", "w2", "b1", "w3", "w4", "b2", "w5", "w6", "b3"])
///     .weights_by_unit(&[0.5, -1.0, 0.1, 1.5, 0.8, 0.0, -0.7, 1.2, 0.3])
///     .outputs(&[&[1.0, 0.0], &[0.65, 0.82], &[0.61]])
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn network_of(units: &[usize]) -> Network<'static> {
    let mut network = Network {
        model: None,
        title: String::new(),
        layers: units.iter().map(|count| column(*count)).collect(),
        numbers: None,
        problem: None,
    };
    network.name_columns();
    network
}

pub(super) fn column(count: usize) -> Units {
    Units {
        count,
        ..Units::default()
    }
}

impl Network<'_> {
    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What the layers are called, input first. Default: input, hidden, output.
    pub fn layer_names(mut self, names: &[&str]) -> Self {
        if self.fits(
            "layer_names",
            "names, one for each layer and one for the input",
            self.layers.len(),
            names.len(),
        ) {
            self.layers
                .iter_mut()
                .zip(names)
                .for_each(|(layer, name)| layer.name = (*name).to_owned());
        }
        self
    }

    /// What the units are called, layer by layer, input first. Default: x1, x2, .. for inputs, h1, h2, .. for
    /// the units of an only hidden layer, o1, o2, .. for outputs.
    pub fn unit_names(mut self, names: &[&[&str]]) -> Self {
        if self.fits(
            "unit_names",
            "lists of names, one for each layer",
            self.layers.len(),
            names.len(),
        ) {
            for (number, names) in names.iter().enumerate() {
                if self.fits(
                    "unit_names",
                    "names of units",
                    self.layers[number].count,
                    names.len(),
                ) {
                    self.layers[number].names = names.iter().map(|name| (*name).to_owned()).collect();
                }
            }
        }
        self
    }

    /// What weights and biases are called, unit by unit from the first hidden one: those of its weights,
    /// first input first, then that of its bias.
    pub fn weight_names(mut self, names: &[&str]) -> Self {
        if self.fits(
            "weight_names",
            "names, for each unit those of its weights and bias",
            self.parameters(),
            names.len(),
        ) {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            for (layer, (weights, biases)) in self.split_by_unit(&names).into_iter().enumerate() {
                self.layers[layer + 1].weight_names = weights;
                self.layers[layer + 1].bias_names = biases;
            }
        }
        self
    }

    /// Weights and biases, unit by unit from the first hidden one: its weights, first input first, then its
    /// bias.
    pub fn weights_by_unit(mut self, values: &[f32]) -> Self {
        if !self.fits(
            "weights_by_unit",
            "numbers, for each unit its weights and bias",
            self.parameters(),
            values.len(),
        ) {
            return self;
        }
        let values: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
        match drawable("weights_by_unit", "the weights", values) {
            Ok(values) => {
                for (layer, (weights, biases)) in self.split_by_unit(&values).into_iter().enumerate() {
                    self.layers[layer + 1].weights = weights;
                    self.layers[layer + 1].biases = biases;
                }
            }
            Err(problem) => self.keep(problem),
        }
        self
    }

    /// The weights that lead to a layer, shape `[units before, units]`, and its biases, shape `[units]`.
    /// Layer 0 is the first after the input.
    pub fn weights(mut self, layer: usize, weights: &Tensor, biases: &Tensor) -> Self {
        if let Err(problem) = self.set_weights("weights", layer.saturating_add(1), weights, Some(biases)) {
            self.keep(problem);
        }
        self
    }

    /// Shows what every unit makes of one input of the model, shape `[features]`.
    pub fn example(mut self, x: &Tensor) -> Self {
        match self.values_for(x) {
            Ok(values) => self
                .layers
                .iter_mut()
                .zip(values)
                .for_each(|(layer, values)| layer.values = values),
            Err(problem) => self.keep(problem),
        }
        self
    }

    /// Shows these outputs in the units, layer by layer, input first.
    pub fn outputs(mut self, values: &[&[f32]]) -> Self {
        if !self.fits(
            "outputs",
            "lists of numbers, one for each layer",
            self.layers.len(),
            values.len(),
        ) {
            return self;
        }
        for (number, values) in values.iter().enumerate() {
            if self.fits(
                "outputs",
                "numbers, one for each unit",
                self.layers[number].count,
                values.len(),
            ) {
                let values = values.iter().map(|value| f64::from(*value)).collect();
                match drawable("outputs", "the outputs of the units", values) {
                    Ok(values) => self.layers[number].values = values,
                    Err(problem) => self.keep(problem),
                }
            }
        }
        self
    }

    /// Whether weights and biases are written beside their lines. Default: where there is room.
    pub fn numbers(mut self, numbers: bool) -> Self {
        self.numbers = Some(numbers);
        self
    }

    /// Draws the network.
    ///
    /// # Errors
    /// Fewer than two layers or more than twelve, with the input; a layer without units; a model with a layer
    /// that has no single lines, such as a convolution; names or numbers of another count than units or
    /// weights; weights that are not finite.
    pub fn draw(&self) -> Result<Plot> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let layers = self.layers.len();
        if !(2..=MOST_LAYERS).contains(&layers) || self.layers.iter().any(|layer| layer.count == 0) {
            let counts: Vec<usize> = self.layers.iter().map(|layer| layer.count).collect();
            return Err(Error::new("network")
                .expected(format!(
                    "2 to {MOST_LAYERS} layers, with the input, of at least one unit each"
                ))
                .got(format!("{counts:?}"))
                .hint("network_of(&[2, 2, 1]) has two inputs, two hidden units and one output"));
        }
        super::network_drawing::draw(self)
    }

    /// How many weights and biases there are.
    fn parameters(&self) -> usize {
        self.layers
            .windows(2)
            .map(|pair| (pair[0].count + 1) * pair[1].count)
            .sum()
    }

    /// Splits a list that goes unit by unit into the weights and the biases of each layer.
    fn split_by_unit<T: Clone>(&self, all: &[T]) -> Vec<(Vec<T>, Vec<T>)> {
        let mut rest = all;
        let layer = |pair: &[Units]| {
            let (inputs, units) = (pair[0].count, pair[1].count);
            let (own, after) = rest.split_at((inputs + 1) * units);
            rest = after;
            let weight = |place: usize| own[place % units * (inputs + 1) + place / units].clone();
            let bias = |unit: usize| own[unit * (inputs + 1) + inputs].clone();
            (
                (0..inputs * units).map(weight).collect(),
                (0..units).map(bias).collect(),
            )
        };
        self.layers.windows(2).map(layer).collect()
    }

    fn name_columns(&mut self) {
        let last = self.layers.len().saturating_sub(1);
        for (number, layer) in self.layers.iter_mut().enumerate() {
            let letter = match number {
                0 => "x",
                number if number == last => "o",
                _ if last == 2 => "h",
                _ => "",
            };
            layer.name = match number {
                0 => "input".to_owned(),
                number if number == last => "output".to_owned(),
                _ if last == 2 => "hidden".to_owned(),
                number => format!("hidden {number}"),
            };
            if !letter.is_empty() {
                layer.names = (1..=layer.count).map(|unit| format!("{letter}{unit}")).collect();
            }
        }
    }

    fn fits(&mut self, operation: &str, what: &str, expected: usize, got: usize) -> bool {
        if expected != got {
            self.keep(
                Error::new(operation)
                    .expected(format!("{expected} {what}"))
                    .got(got.to_string())
                    .hint("the numbers of units are those of the model, or of network_of(&[..])"),
            );
        }
        expected == got
    }

    fn keep(&mut self, problem: Error) {
        self.problem.get_or_insert(problem);
    }
}

impl fmt::Debug for Network<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<usize> = self.layers.iter().map(|layer| layer.count).collect();
        write!(f, "a network of {counts:?} units; `.draw()?` at its end draws it")
    }
}
