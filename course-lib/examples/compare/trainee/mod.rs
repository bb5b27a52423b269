//! What can be trained and scored.

mod adversarial;
mod supervised;
mod translator;

use course_lib::prelude::*;

use crate::Outcome;
use crate::task::Task;

pub use adversarial::{Adversarial, Compile};
pub use supervised::{Measure, Supervised};
pub use translator::Translator;

/// A network, or two that play against each other, with the data it learns from.
pub trait Trainee {
    /// Trains, and returns the mean loss of the last epoch.
    fn train(&mut self, epochs: usize) -> Outcome<f32>;

    /// How good it is on data never learned from.
    fn score(&mut self) -> Outcome<f32> {
        Err("this network draws; a judge outside scores that".into())
    }

    /// What a generative network draws.
    fn draw(&mut self) -> Outcome<Tensor> {
        Err("this network does not draw; it has a score".into())
    }

    /// Goes on with fresh optimisers and a tenth of their learning rates.
    fn slow(&mut self) -> Outcome<()> {
        Err("only a generative network can be slowed".into())
    }
}

/// Adam as the lessons have it, with the network's learning rate.
fn adam(task: &Task) -> Outcome<Adam> {
    Ok(Adam {
        learning_rate: task.setting("learning_rate")?,
        ..Adam::default()
    })
}

/// How `fit` is called, with a learning rate that falls over its epochs where the network says so.
fn options(task: &Task, epochs: usize) -> Outcome<Fit<'static>> {
    let mut callbacks: Vec<Box<dyn Callback>> = Vec::new();
    if let Ok(end) = task.setting("last_learning_rate") {
        let start = task.setting("learning_rate")?;
        let rates = Schedule::Cosine {
            start,
            end,
            over: epochs,
        };
        callbacks.push(Box::new(LearningRateSchedule(rates)));
    }
    Ok(Fit {
        epochs,
        batch_size: task.batch,
        verbose: false,
        callbacks,
        ..Fit::default()
    })
}
