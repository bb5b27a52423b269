//! Two networks that learn from each other: lessons 12 to 16, and a small DCGAN.

use course_lib::prelude::*;

use crate::Outcome;
use crate::task::Task;
use crate::trainee::{Adversarial, Compile, Trainee};

/// Lesson 12.
pub fn normal_vectors(task: &Task) -> Outcome<Box<dyn Trainee>> {
    lecturers(task, 50, 150, 10)
}

/// Lesson 13.
pub fn line_points(task: &Task) -> Outcome<Box<dyn Trainee>> {
    lecturers(task, 30, 75, 2)
}

/// Lesson 14.
pub fn digits(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let (generator, discriminator) = of_digits(task, 0)?;
    let gan = Gan::new(Latent::normal(100), generator, discriminator)?;
    Ok(Box::new(Adversarial::new(task, gan, adams(task)?)?))
}

/// Lesson 15.
pub fn digits_as_asked(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let (generator, discriminator) = of_digits(task, 10)?;
    let gan = Gan::conditional(Latent::normal(100), 10, generator, discriminator)?;
    Ok(Box::new(Adversarial::new(task, gan, adams(task)?)?))
}

pub fn dcgan(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let half = Padding::Pixels(1);
    let generator = layers![
        Dense::new(128 * 7 * 7),
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
    let gan = Gan::new(
        Latent::normal(100),
        Sequential::new(Input(100), generator, task.seed.part(0))?,
        Sequential::new(Input([1, 28, 28]), discriminator, task.seed.part(1))?,
    )?;
    Ok(Box::new(Adversarial::new(task, gan, adams(task)?)?))
}

/// Lesson 16.
pub fn table(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let generator = layers![
        Dense::new(64).activation(LeakyReLU(0.2)),
        Dense::new(64).activation(LeakyReLU(0.2)),
        Dense::new(30),
    ];
    let discriminator = layers![
        Dense::new(64).activation(LeakyReLU(0.2)),
        Dense::new(64).activation(LeakyReLU(0.2)),
        Dense::new(1).activation(Sigmoid),
    ];
    let generator = Sequential::new(Input(32 + 2), generator, task.seed.part(0))?;
    let discriminator = Sequential::new(Input(30 + 2), discriminator, task.seed.part(1))?;
    let gan = Gan::conditional(Latent::normal(32), 2, generator, discriminator)?;
    Ok(Box::new(Adversarial::new(task, gan, adams(task)?)?))
}

/// The lecturer's networks: `latent` values give `values`, through layers of `units`.
fn lecturers(task: &Task, latent: usize, units: usize, values: usize) -> Outcome<Box<dyn Trainee>> {
    let generator = layers![
        Dense::new(units).activation(SELU),
        Dense::new(units).activation(SELU),
        Dense::new(values).activation(SELU),
    ];
    let discriminator = layers![
        Dense::new(75).activation(ELU(1.0)),
        Dense::new(75).activation(ELU(1.0)),
        Dense::new(1).activation(Sigmoid),
    ];
    let gan = Gan::new(
        Latent::uniform(latent),
        Sequential::new(Input(latent), generator, task.seed.part(0))?,
        Sequential::new(Input(values), discriminator, task.seed.part(1))?,
    )?;
    let momentum = task.setting("momentum")?;
    let of_generator = task.setting("learning_rate_generator")?;
    let of_discriminator = task.setting("learning_rate_discriminator")?;
    let compile: Compile = Box::new(move |gan, part| {
        let descent = |rate| SGD {
            learning_rate: part * rate,
            momentum,
            ..SGD::default()
        };
        gan.compile(descent(of_generator), descent(of_discriminator));
    });
    Ok(Box::new(Adversarial::new(task, gan, compile)?))
}

/// Generator and discriminator of digits, with so many values of a label.
fn of_digits(task: &Task, label: usize) -> Outcome<(Sequential, Sequential)> {
    let generator = layers![
        Dense::new(128).activation(LeakyReLU(0.2)),
        Dense::new(256),
        normalised(),
        LeakyReLU(0.2),
        Dense::new(512),
        normalised(),
        LeakyReLU(0.2),
        Dense::new(1024),
        normalised(),
        LeakyReLU(0.2),
        Dense::new(784).activation(Tanh),
    ];
    let discriminator = layers![
        Dense::new(512).activation(LeakyReLU(0.2)),
        Dense::new(256).activation(LeakyReLU(0.2)),
        Dense::new(1).activation(Sigmoid),
    ];
    Ok((
        Sequential::new(Input(100 + label), generator, task.seed.part(0))?,
        Sequential::new(Input(784 + label), discriminator, task.seed.part(1))?,
    ))
}

/// Adam on both sides.
fn adams(task: &Task) -> Outcome<Compile> {
    let learning_rate = task.setting("learning_rate")?;
    let (beta_1, beta_2) = (task.setting("beta_1")?, task.setting("beta_2")?);
    Ok(Box::new(move |gan, part| {
        let adam = || Adam {
            learning_rate: part * learning_rate,
            beta_1,
            beta_2,
            ..Adam::default()
        };
        gan.compile(adam(), adam());
    }))
}

/// Batch normalisation with PyTorch's settings.
fn normalised() -> BatchNormalization {
    BatchNormalization::new().momentum(0.9).epsilon(1e-5)
}
