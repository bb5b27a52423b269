//! A network seen from outside: its layers, for pictures, and what each makes of an input.

use super::Sequential;
use crate::error::Result;
use crate::layers::Mode;
use crate::layers::config::Setting;
use crate::tensor::{Tensor, without_gradients};

/// A layer as pictures show it.
pub(crate) struct LayerOutline {
    /// `dense`, `dense_1`, as in the summary.
    pub name: String,
    /// `Dense`.
    pub kind: String,
    /// What the layer was told, such as `units` and `activation`, where it says so.
    pub options: Vec<(String, Setting)>,
    /// The shape of its outputs, without the batch axis.
    pub output: Vec<usize>,
    pub parameters: Vec<(&'static str, Tensor)>,
}

impl Sequential {
    pub(crate) fn outline(&self) -> Vec<LayerOutline> {
        let layer = |placed: &super::Placed| LayerOutline {
            name: placed.name.clone(),
            kind: placed.layer.name().to_owned(),
            options: placed
                .layer
                .config()
                .map(|config| config.options().to_vec())
                .unwrap_or_default(),
            output: placed.output.clone(),
            parameters: placed.layer.parameters(),
        };
        self.layers.iter().map(layer).collect()
    }

    /// What every layer makes of a batch, first layer first: its name and its outputs, shape `[rows, ..]`.
    /// Nothing is recorded, and dropout rests.
    ///
    /// ```
    /// use course_lib::prelude::*;
    ///
    /// let model = Sequential::new(Input(2), layers![Dense::new(3).activation(Tanh), Dense::new(1)], Seed(7))?;
    /// let outputs = model.layer_outputs(&Tensor::from_rows(&[[0.0, 1.0]])?)?;
    /// assert_eq!((outputs[0].0.as_str(), outputs[0].1.shape()), ("dense", &[1, 3][..]));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A batch whose samples do not have the network's input shape.
    pub fn layer_outputs(&self, x: &Tensor) -> Result<Vec<(String, Tensor)>> {
        self.check_input("layer_outputs", x)?;
        without_gradients(|| {
            let mut values = x.clone();
            let layers = self.layers.iter().map(|placed| {
                values = placed.layer.forward(&values, Mode::Inference)?;
                Ok((placed.name.clone(), values.clone()))
            });
            layers.collect()
        })
    }
}
