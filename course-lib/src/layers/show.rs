//! How a layer that is not yet in a network looks: its name and its options, as `Dense(units = 16, activation = ReLU)`.

use std::fmt;

use super::activation::Activation;
use super::batch_normalization::BatchNormalization;
use super::config::Setting;
use super::conv2d::Conv2D;
use super::conv2d_transpose::Conv2DTranspose;
use super::dense::Dense;
use super::dropout::Dropout;
use super::embedding::Embedding;
use super::flatten::Flatten;
use super::gaussian_noise::GaussianNoise;
use super::layer_normalization::LayerNormalization;
use super::pooling::{AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D};
use super::recurrent::{Bidirectional, GRU, LSTM, RepeatVector, SimpleRNN};
use super::reshape::Reshape;
use super::upsampling::{UpSampling2D, ZeroPadding2D};
use super::{Config, Initializer, Layer, Mode, Padding, Size2D};
use crate::notebook::{shows_in_words, shows_its_name};

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, setting)) in self.options().iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{name} = {setting}")?;
        }
        Ok(())
    }
}

macro_rules! shows_layer {
    ($($layer:ty),+ $(,)?) => {$(
        impl fmt::Display for $layer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", Layer::name(self), Layer::config(self).unwrap_or_default())
            }
        }

        shows_in_words!($layer);
    )+};
}

shows_layer!(
    Dense,
    Conv2D,
    Conv2DTranspose,
    MaxPooling2D,
    AveragePooling2D,
    GlobalAveragePooling2D,
    UpSampling2D,
    ZeroPadding2D,
    Flatten,
    Reshape,
    Dropout,
    GaussianNoise,
    BatchNormalization,
    LayerNormalization,
    Embedding,
    SimpleRNN,
    LSTM,
    GRU,
    Bidirectional,
    RepeatVector,
);
shows_in_words!(Activation, Config, Setting);
shows_its_name!(Initializer, Mode, Padding);

impl fmt::Display for Size2D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.height, self.width)
    }
}

shows_in_words!(Size2D);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::{Rich, Show};

    #[test]
    fn a_layer_says_its_options_and_not_its_weights() {
        let dense = Dense::new(16).activation(Activation::ReLU);
        assert_eq!(
            dense.to_string(),
            "Dense(units = 16, activation = ReLU, use_bias = true)"
        );
        assert_eq!(Flatten::new().to_string(), "Flatten()");
        assert_eq!(Dropout::new(0.2).rich(), Rich::text("Dropout(rate = 0.2)"));
        assert_eq!(Activation::LeakyReLU(0.2).rich(), Rich::text("LeakyReLU(0.2)"));
    }
}
