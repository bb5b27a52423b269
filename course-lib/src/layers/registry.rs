//! The layers of the library by the names of their types, from which a saved model is built again.

use super::{
    Activation, AveragePooling2D, BatchNormalization, Bidirectional, Config, Conv2D, Conv2DTranspose, Dense,
    Dropout, Embedding, Flatten, GRU, GaussianNoise, GlobalAveragePooling2D, LSTM, Layer, LayerNormalization,
    MaxPooling2D, Recurrent, RepeatVector, Reshape, SimpleRNN, UpSampling2D, ZeroPadding2D,
};
use crate::error::{Error, Result};

/// The layer of the given type with the given options, without weights.
pub(crate) fn from_config(of_type: &str, config: &Config) -> Result<Box<dyn Layer>> {
    Ok(match of_type {
        "AveragePooling2D" => Box::new(AveragePooling2D::from_config(config)?),
        "BatchNormalization" => Box::new(BatchNormalization::from_config(config)?),
        "Bidirectional" => Box::new(Bidirectional::from_config(config)?),
        "Conv2D" => Box::new(Conv2D::from_config(config)?),
        "Conv2DTranspose" => Box::new(Conv2DTranspose::from_config(config)?),
        "Dense" => Box::new(Dense::from_config(config)?),
        "Dropout" => Box::new(Dropout::from_config(config)?),
        "Embedding" => Box::new(Embedding::from_config(config)?),
        "Flatten" => Box::new(Flatten::new()),
        "GRU" => Box::new(GRU::from_config(config)?),
        "GaussianNoise" => Box::new(GaussianNoise::from_config(config)?),
        "GlobalAveragePooling2D" => Box::new(GlobalAveragePooling2D::from_config(config)?),
        "LSTM" => Box::new(LSTM::from_config(config)?),
        "LayerNormalization" => Box::new(LayerNormalization::from_config(config)?),
        "MaxPooling2D" => Box::new(MaxPooling2D::from_config(config)?),
        "RepeatVector" => Box::new(RepeatVector::from_config(config)?),
        "Reshape" => Box::new(Reshape::from_config(config)?),
        "SimpleRNN" => Box::new(SimpleRNN::from_config(config)?),
        "UpSampling2D" => Box::new(UpSampling2D::from_config(config)?),
        "ZeroPadding2D" => Box::new(ZeroPadding2D::from_config(config)?),
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

/// The same for a layer that carries a state.
pub(crate) fn recurrent_from_config(of_type: &str, config: &Config) -> Result<Box<dyn Recurrent>> {
    Ok(match of_type {
        "GRU" => Box::new(GRU::from_config(config)?),
        "LSTM" => Box::new(LSTM::from_config(config)?),
        "SimpleRNN" => Box::new(SimpleRNN::from_config(config)?),
        other => {
            return Err(Error::new("load")
                .expected("an encoder and a decoder of type GRU, LSTM or SimpleRNN")
                .got(format!("a layer of type {other:?}"))
                .hint("build the model in code, and read its weights with load_weights(path)"));
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
            Conv2D::new(4, 3).stride(2),
            Conv2DTranspose::new(2, 3),
            MaxPooling2D::new(2),
            AveragePooling2D::new(3),
            GlobalAveragePooling2D::new(),
            UpSampling2D::new(2),
            ZeroPadding2D::new(1),
            Reshape::new([2, 3]),
            BatchNormalization::new(),
            LayerNormalization::new(),
            Embedding::new(10, 4),
            GaussianNoise::new(0.1),
            SimpleRNN::new(3),
            LSTM::new(3).return_sequences(true),
            GRU::new(2),
            Bidirectional::new(LSTM::new(2)),
            RepeatVector::new(4),
            Activation::LeakyReLU(0.2),
            Activation::Softmax,
            Conv2D::new(4, [3, 5])
                .stride(2)
                .padding(crate::layers::Padding::Same),
            Conv2DTranspose::new(2, 4)
                .stride(2)
                .padding(crate::layers::Padding::Pixels(1)),
            MaxPooling2D::new(2),
            AveragePooling2D::new(2).stride(1),
            GlobalAveragePooling2D::new(),
            UpSampling2D::new(2),
            ZeroPadding2D::new(1),
            Reshape::new([2, 3]),
            BatchNormalization::new().momentum(0.9),
            LayerNormalization::new(),
            Embedding::new(10, 3),
            GaussianNoise::new(0.1),
            SimpleRNN::new(3),
            LSTM::new(4).return_sequences(true),
            GRU::new(5).stateful(true),
            RepeatVector::new(3),
            Bidirectional::new(LSTM::new(2)),
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
