//! A network to be drawn, as a model has it: its columns, weights, and outputs for an example.

use super::network::{Network, column};
use super::values::drawable;
use crate::error::{Error, Result};
use crate::layers::config::Setting;
use crate::model::LayerOutline;
use crate::tensor::Tensor;

impl Network<'_> {
    /// Adds a layer of a model: a column for a dense one, a word below its column for one without weights of
    /// its own.
    pub(super) fn add(&mut self, layer: &LayerOutline) -> Result<()> {
        let place = self.layers.len() - 1;
        let before = self.layers[place].count;
        let option = |name: &str| {
            layer
                .options
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, setting)| setting)
        };
        let after: usize = layer.output.iter().product();
        if layer.kind == "Dense" && layer.output.len() == 1 {
            let mut units = column(after);
            match option("activation") {
                Some(Setting::Text(name)) if name != "Linear" => units.details = name.clone(),
                _ => {}
            }
            self.layers.push(units);
            let parameter = |name: &str| {
                layer
                    .parameters
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, values)| values)
            };
            return match parameter("weights") {
                Some(weights) => self.set_weights("network", place + 1, weights, parameter("bias")),
                None => Ok(()),
            };
        }
        let has_lines = !layer.parameters.is_empty() && !layer.kind.starts_with("BatchNorm");
        if after != before || has_lines {
            return Err(Error::new("network")
                .expected("a model of dense layers, activations, dropout and batch normalisation")
                .got(format!("a layer {} ({})", layer.name, layer.kind))
                .hint("plot::blocks(&model)? draws any network"));
        }
        if layer.kind != "Flatten" && layer.kind != "Reshape" {
            let details = &mut self.layers[place].details;
            if !details.is_empty() {
                details.push_str(", ");
            }
            details.push_str(&layer.kind);
        }
        Ok(())
    }

    pub(super) fn set_weights(
        &mut self,
        operation: &str,
        layer: usize,
        weights: &Tensor,
        biases: Option<&Tensor>,
    ) -> Result<()> {
        let sizes = layer
            .checked_sub(1)
            .and_then(|before| Some((self.layers.get(before)?.count, self.layers.get(layer)?.count)));
        let got = |biases: Option<&Tensor>| match biases {
            Some(biases) => format!("shapes {:?} and {:?}", weights.shape(), biases.shape()),
            None => format!("shape {:?}", weights.shape()),
        };
        let Some((before, units)) = sizes else {
            return Err(Error::new(operation)
                .expected(format!(
                    "a layer from 0 to {}",
                    self.layers.len().saturating_sub(2)
                ))
                .got(layer.saturating_sub(1).to_string())
                .hint("layer 0 is the first one after the input"));
        };
        if weights.shape() != [before, units] || biases.is_some_and(|biases| biases.shape() != [units]) {
            return Err(Error::new(operation)
                .expected(format!(
                    "weights of shape [{before}, {units}] and biases of shape [{units}]"
                ))
                .got(got(biases))
                .hint("a row of the weights belongs to a unit of the layer before"));
        }
        let values = |tensor: &Tensor| tensor.to_vec().into_iter().map(f64::from).collect();
        let weights = drawable(operation, "the weights", values(weights))?;
        let biases = biases
            .map(|biases| drawable(operation, "the biases", values(biases)))
            .transpose()?;
        self.layers[layer].weights = weights;
        self.layers[layer].biases = biases.unwrap_or_default();
        Ok(())
    }

    /// The outputs of each column for one input of the model.
    pub(super) fn values_for(&self, x: &Tensor) -> Result<Vec<Vec<f64>>> {
        let Some(model) = self.model else {
            return Err(Error::new("example")
                .expected("the network of a model")
                .got("one made by network_of")
                .hint("give the outputs of its units yourself, with .outputs(..)"));
        };
        let shape: Vec<usize> = [1].iter().chain(model.input_shape()).copied().collect();
        if x.count() != shape.iter().product::<usize>() {
            return Err(Error::new("example")
                .expected(format!("one input of shape {:?}", model.input_shape()))
                .got(format!("shape {:?}", x.shape()))
                .hint("take one row: x.row(0)?"));
        }
        let x = x.reshape(&shape)?;
        let outputs = model.layer_outputs(&x)?;
        let mut columns: Vec<Tensor> = vec![x];
        for (layer, (_, output)) in model.outline().iter().zip(outputs) {
            if layer.kind == "Dense" {
                columns.push(output);
            } else if let Some(last) = columns.last_mut() {
                *last = output;
            }
        }
        let numbers = |values: Tensor| values.to_vec().into_iter().map(f64::from).collect();
        columns
            .into_iter()
            .map(|values| drawable("example", "the outputs of the units", numbers(values)))
            .collect()
    }
}
