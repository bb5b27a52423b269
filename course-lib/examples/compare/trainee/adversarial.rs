//! A generator and a discriminator, by `Gan::fit`.

use course_lib::prelude::*;

use super::Trainee;
use crate::Outcome;
use crate::task::Task;

/// Compiles a GAN with a part of its learning rates.
pub type Compile = Box<dyn Fn(&mut Gan, f32)>;

/// Two networks with the samples they learn from, and with labels if the GAN is a conditional one.
pub struct Adversarial {
    gan: Gan,
    compile: Compile,
    real: Tensor,
    labels: Option<Tensor>,
    wanted: Option<Tensor>,
    batch_size: usize,
    seed: Seed,
}

/// How many samples are drawn, where nothing is wanted of each: `Task.drawn` of the other sides.
const DRAWN: usize = 1000;

impl Adversarial {
    /// `gan` is compiled here.
    pub fn new(task: &Task, mut gan: Gan, compile: Compile) -> Outcome<Self> {
        compile(&mut gan, 1.0);
        let x = task.array("x_train")?;
        let mut shape = vec![x.shape()[0]];
        shape.extend_from_slice(gan.generator().output_shape());
        let of_classes = |name| task.has(name).then(|| task.array(name)).transpose();
        Ok(Self {
            gan,
            compile,
            real: x.reshape(&shape)?,
            labels: of_classes("labels")?,
            wanted: of_classes("wanted")?,
            batch_size: task.batch,
            seed: task.seed,
        })
    }
}

impl Trainee for Adversarial {
    fn train(&mut self, epochs: usize) -> Outcome<f32> {
        let options = GanFit {
            epochs,
            batch_size: self.batch_size,
            labels: self.labels.as_ref(),
            seed: self.seed,
            verbose: false,
            ..GanFit::default()
        };
        let history = self.gan.fit(&self.real, options)?;
        Ok(history.last("generator_loss").ok_or("fit reports no loss")?)
    }

    fn draw(&mut self) -> Outcome<Tensor> {
        Ok(match &self.wanted {
            Some(wanted) => self.gan.generate_for(wanted, self.seed)?,
            None => self.gan.generate(DRAWN, self.seed)?,
        })
    }

    fn slow(&mut self) -> Outcome<()> {
        (self.compile)(&mut self.gan, 0.1);
        Ok(())
    }
}
