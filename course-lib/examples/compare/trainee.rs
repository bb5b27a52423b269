//! What can be trained and scored.

use course_lib::prelude::*;

use crate::task::Task;

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A network, or two that play against each other, with the data it learns from.
pub trait Trainee {
    /// Trains, and returns the mean loss of the last epoch.
    fn train(&mut self, epochs: usize) -> Outcome<f32>;
    /// How good it is on data never learned from.
    fn score(&mut self) -> Outcome<f32>;
}

/// A metric of outputs, given targets.
pub type Measure = Box<dyn Fn(&Tensor, &Tensor) -> Outcome<f32>>;

/// A network that learns targets, by `fit`.
pub struct Supervised {
    model: Sequential,
    x: Tensor,
    y: Tensor,
    x_test: Tensor,
    y_test: Tensor,
    batch_size: usize,
    measure: Measure,
}

impl Supervised {
    /// `model` is compiled here, with Adam as it comes.
    pub fn new(task: &Task, mut model: Sequential, loss: Loss, measure: Measure) -> Outcome<Self> {
        let adam = Adam {
            learning_rate: task.setting("learning_rate")?,
            ..Adam::default()
        };
        model.compile(adam, loss, &[])?;
        // A CNN takes the pixels of a row as an image; elsewhere the shape is the data's own.
        let samples = |name: &str, model: &Sequential| -> Outcome<Tensor> {
            let x = task.array(name)?;
            let mut shape = vec![x.shape()[0]];
            shape.extend_from_slice(model.input_shape());
            Ok(x.reshape(&shape)?)
        };
        Ok(Self {
            x: samples("x_train", &model)?,
            y: task.array("y_train")?,
            x_test: samples("x_test", &model)?,
            y_test: task.array("y_test")?,
            batch_size: task.batch,
            model,
            measure,
        })
    }
}

impl Trainee for Supervised {
    fn train(&mut self, epochs: usize) -> Outcome<f32> {
        let options = Fit {
            epochs,
            batch_size: self.batch_size,
            verbose: false,
            ..Fit::default()
        };
        let history = self.model.fit(&self.x, &self.y, options)?;
        Ok(history.last("loss").ok_or("fit reports no loss")?)
    }

    fn score(&mut self) -> Outcome<f32> {
        (self.measure)(&self.model.predict(&self.x_test)?, &self.y_test)
    }
}

/// A generator and a discriminator, by `Gan::fit`.
pub struct Adversarial {
    gan: Gan,
    real: Tensor,
    real_test: Tensor,
    batch_size: usize,
    seed: Seed,
    measure: Measure,
}

impl Adversarial {
    /// `measure` gets generated samples and as many real ones.
    pub fn new(task: &Task, gan: Gan, measure: Measure) -> Outcome<Self> {
        let samples = |name: &str| -> Outcome<Tensor> {
            let x = task.array(name)?;
            let mut shape = vec![x.shape()[0]];
            shape.extend_from_slice(gan.generator().output_shape());
            Ok(x.reshape(&shape)?)
        };
        Ok(Self {
            real: samples("x_train")?,
            real_test: samples("x_test")?,
            batch_size: task.batch,
            seed: task.seed,
            gan,
            measure,
        })
    }
}

impl Trainee for Adversarial {
    fn train(&mut self, epochs: usize) -> Outcome<f32> {
        let options = GanFit {
            epochs,
            batch_size: self.batch_size,
            seed: self.seed,
            verbose: false,
            ..GanFit::default()
        };
        let history = self.gan.fit(&self.real, options)?;
        Ok(history.last("generator_loss").ok_or("fit reports no loss")?)
    }

    fn score(&mut self) -> Outcome<f32> {
        let generated = self.gan.generate(self.real_test.shape()[0], self.seed)?;
        (self.measure)(&generated, &self.real_test)
    }
}
