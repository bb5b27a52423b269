//! The networks, a function each, as the lessons write them.

use course_lib::gan::quality::wasserstein_distance;
use course_lib::prelude::*;

use crate::task::Task;
use crate::trainee::{Adversarial, Measure, Supervised, Trainee};

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;
type Network = fn(&Task) -> Outcome<Box<dyn Trainee>>;

/// The network that `benches/networks.py` calls so, if this side has it.
pub fn by_name(name: &str) -> Option<Network> {
    Some(match name {
        "breast-cancer" => breast_cancer,
        "auto-mpg" => auto_mpg,
        "mnist-mlp" => mnist_mlp,
        "mnist-cnn" => mnist_cnn,
        "airline-lstm" => airline_lstm,
        "sequence-lstm" => sequence_lstm,
        "gan-normal" => gan_normal,
        "gan-mnist" => gan_mnist,
        "dcgan" => dcgan,
        _ => return None,
    })
}

fn breast_cancer(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(16).activation(ReLU),
        Dense::new(8).activation(ReLU),
        Dense::new(1).activation(Sigmoid),
    ];
    let model = Sequential::new(Input(30), layers, task.seed)?;
    let of = metric(Metric::Accuracy);
    Ok(Box::new(Supervised::new(
        task,
        model,
        Loss::BinaryCrossentropy,
        of,
    )?))
}

fn auto_mpg(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(64).activation(ReLU),
        Dense::new(64).activation(ReLU),
        Dense::new(1),
    ];
    let model = Sequential::new(Input(9), layers, task.seed)?;
    let of = metric(Metric::MeanAbsoluteError);
    Ok(Box::new(Supervised::new(
        task,
        model,
        Loss::MeanSquaredError,
        of,
    )?))
}

fn mnist_mlp(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(512).activation(ReLU),
        Dropout::new(0.2),
        Dense::new(512).activation(ReLU),
        Dropout::new(0.2),
        Dense::new(10).activation(Softmax),
    ];
    digits(task, Sequential::new(Input(784), layers, task.seed)?)
}

fn mnist_cnn(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Conv2D::new(32, 3).activation(ReLU),
        MaxPooling2D::new(2),
        Conv2D::new(64, 3).activation(ReLU),
        MaxPooling2D::new(2),
        Flatten::new(),
        Dropout::new(0.5),
        Dense::new(10).activation(Softmax),
    ];
    digits(task, Sequential::new(Input([1, 28, 28]), layers, task.seed)?)
}

fn airline_lstm(task: &Task) -> Outcome<Box<dyn Trainee>> {
    next_value(task, Input([3, 1]), LSTM::new(4))
}

fn sequence_lstm(task: &Task) -> Outcome<Box<dyn Trainee>> {
    next_value(task, Input([50, 1]), LSTM::new(64))
}

fn gan_normal(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let dense = |units, activation| {
        Dense::new(units)
            .activation(activation)
            .initializer(Initializer::PyTorch)
    };
    let generator = layers![dense(150, SELU), dense(150, SELU), dense(10, SELU)];
    let discriminator = layers![dense(75, ELU(1.0)), dense(75, ELU(1.0)), dense(1, Sigmoid)];
    let mut gan = Gan::new(
        Latent::uniform(50),
        Sequential::new(Input(50), generator, task.seed.part(0))?,
        Sequential::new(Input(10), discriminator, task.seed.part(1))?,
    )?;
    let momentum = task.setting("momentum")?;
    let descent = |learning_rate| SGD {
        learning_rate,
        momentum,
        ..SGD::default()
    };
    gan.compile(
        descent(task.setting("learning_rate_generator")?),
        descent(task.setting("learning_rate_discriminator")?),
    );
    let of: Measure = Box::new(|generated, real| Ok(wasserstein_distance(real, generated)?));
    Ok(Box::new(Adversarial::new(task, gan, of)?))
}

fn gan_mnist(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let dense = |units| Dense::new(units).initializer(Initializer::PyTorch);
    let generator = layers![
        dense(128).activation(LeakyReLU(0.2)),
        dense(256),
        normalised(),
        LeakyReLU(0.2),
        dense(512),
        normalised(),
        LeakyReLU(0.2),
        dense(1024),
        normalised(),
        LeakyReLU(0.2),
        dense(784).activation(Tanh),
    ];
    let discriminator = layers![
        dense(512).activation(LeakyReLU(0.2)),
        dense(256).activation(LeakyReLU(0.2)),
        dense(1).activation(Sigmoid),
    ];
    images(
        task,
        Sequential::new(Input(100), generator, task.seed.part(0))?,
        Sequential::new(Input(784), discriminator, task.seed.part(1))?,
    )
}

fn dcgan(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let half = Padding::Pixels(1);
    let generator = layers![
        Dense::new(128 * 7 * 7).initializer(Initializer::PyTorch),
        Reshape::new([128, 7, 7]),
        normalised(),
        ReLU,
        Conv2DTranspose::new(64, 4).stride(2).padding(half),
        normalised(),
        ReLU,
        Conv2DTranspose::new(1, 4)
            .stride(2)
            .padding(half)
            .activation(Tanh),
    ];
    let discriminator = layers![
        Conv2D::new(64, 4)
            .stride(2)
            .padding(half)
            .activation(LeakyReLU(0.2)),
        Conv2D::new(128, 4).stride(2).padding(half),
        normalised(),
        LeakyReLU(0.2),
        Flatten::new(),
        Dense::new(1).activation(Sigmoid),
    ];
    images(
        task,
        Sequential::new(Input(100), generator, task.seed.part(0))?,
        Sequential::new(Input([1, 28, 28]), discriminator, task.seed.part(1))?,
    )
}

/// A classifier of ten digits.
fn digits(task: &Task, model: Sequential) -> Outcome<Box<dyn Trainee>> {
    let of = metric(Metric::Accuracy);
    Ok(Box::new(Supervised::new(
        task,
        model,
        Loss::SparseCategoricalCrossentropy,
        of,
    )?))
}

/// A sequence gives the value after it; the error is in the unit of the series.
fn next_value(task: &Task, input: Input, lstm: LSTM) -> Outcome<Box<dyn Trainee>> {
    let model = Sequential::new(input, layers![lstm, Dense::new(1)], task.seed)?;
    let scale = task.array("scale")?.item()?;
    let of: Measure =
        Box::new(move |output, y| Ok(scale * Metric::RootMeanSquaredError.calculate(output, y)?));
    Ok(Box::new(Supervised::new(
        task,
        model,
        Loss::MeanSquaredError,
        of,
    )?))
}

/// A GAN that draws digits, with Adam on both sides.
fn images(task: &Task, generator: Sequential, discriminator: Sequential) -> Outcome<Box<dyn Trainee>> {
    let adam = || -> Outcome<Adam> {
        Ok(Adam {
            learning_rate: task.setting("learning_rate")?,
            beta_1: task.setting("beta_1")?,
            beta_2: task.setting("beta_2")?,
            ..Adam::default()
        })
    };
    let mut gan = Gan::new(Latent::normal(100), generator, discriminator)?;
    gan.compile(adam()?, adam()?);
    Ok(Box::new(Adversarial::new(task, gan, Box::new(mean_image_error))?))
}

/// Batch normalisation with PyTorch's settings.
fn normalised() -> BatchNormalization {
    BatchNormalization::new().momentum(0.9).epsilon(1e-5)
}

fn metric(metric: Metric) -> Measure {
    Box::new(move |output, y| Ok(metric.calculate(output, y)?))
}

/// How far the mean of the generated images is from that of the real ones, root mean square over pixels.
fn mean_image_error(generated: &Tensor, real: &Tensor) -> Outcome<f32> {
    let mean_image = |images: &Tensor| -> Outcome<Vec<f64>> {
        let rows = images.to_rows()?;
        let mut mean = vec![0.0; rows[0].len()];
        for row in &rows {
            for (mean, value) in mean.iter_mut().zip(row) {
                *mean += f64::from(*value) / rows.len() as f64;
            }
        }
        Ok(mean)
    };
    let (ours, theirs) = (mean_image(generated)?, mean_image(real)?);
    let squares: f64 = ours.iter().zip(&theirs).map(|(a, b)| (a - b).powi(2)).sum();
    Ok((squares / ours.len() as f64).sqrt() as f32)
}
