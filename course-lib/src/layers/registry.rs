//! The layers of the library by the names of their types, from which a saved model is built again.

use super::{Activation, Config, Dense, Dropout, Flatten, Layer};
use crate::error::{Error, Result};

/// The layer of the given type with the given options, without weights.
pub(crate) fn from_config(of_type: &str, config: &Config) -> Result<Box<dyn Layer>> {
    Ok(match of_type {
        "Dense" => Box::new(Dense::from_config(config)?),
        "Dropout" => Box::new(Dropout::from_config(config)?),
        "Flatten" => Box::new(Flatten::new()),
        "Linear" | "Step" | "Sigmoid" | "Tanh" | "ReLU" | "LeakyReLU" | "ELU" | "SELU" | "GELU"
        | "Softplus" | "Swish" | "Softmax" => Box::new(Activation::from_config(config)?),
        other => {
            return Err(Error::new("load")
                .expected("layers that this library has")
                .got(format!("a layer of type {other:?}"))
                .hint("build the network in code, and read its weights with load_weights(path)"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers;

    #[test]
    fn a_layer_is_built_again_from_its_options() -> Result<()> {
        let layers = layers![
            Dense::new(3).activation(Activation::ELU(0.5)).use_bias(false),
            Dropout::new(0.3),
            Flatten::new(),
            Activation::LeakyReLU(0.2),
            Activation::Softmax,
        ];
        for layer in layers {
            let config = layer.config().expect("options");
            let again = from_config(layer.name(), &config)?;
            assert_eq!(again.name(), layer.name());
            assert_eq!(again.config(), Some(config));
        }
        assert!(from_config("Dense", &Config::new()).is_err());
        assert!(from_config("Transformer", &Config::new()).is_err());
        Ok(())
    }
}
