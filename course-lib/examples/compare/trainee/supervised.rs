//! A network that learns targets, by `fit`.

use course_lib::prelude::*;

use super::{Trainee, adam, options};
use crate::Outcome;
use crate::task::Task;

/// A metric of outputs, given targets.
pub type Measure = Box<dyn Fn(&Tensor, &Tensor) -> Outcome<f32>>;

/// A network with the data it learns from and the data it is scored on.
pub struct Supervised {
    task: Task,
    model: Sequential,
    x: Tensor,
    y: Tensor,
    x_test: Tensor,
    y_test: Tensor,
    measure: Measure,
}

impl Supervised {
    /// `model` is compiled here, with Adam.
    pub fn boxed(
        task: &Task,
        mut model: Sequential,
        loss: Loss,
        measure: Measure,
    ) -> Outcome<Box<dyn Trainee>> {
        model.compile(adam(task)?, loss, &[])?;
        // A CNN takes the pixels of a row as an image; elsewhere the shape is the data's own.
        let samples = |name: &str, model: &Sequential| -> Outcome<Tensor> {
            let x = task.array(name)?;
            let mut shape = vec![x.shape()[0]];
            shape.extend_from_slice(model.input_shape());
            Ok(x.reshape(&shape)?)
        };
        Ok(Box::new(Self {
            x: samples("x_train", &model)?,
            y: task.array("y_train")?,
            x_test: samples("x_test", &model)?,
            y_test: task.array("y_test")?,
            task: task.clone(),
            model,
            measure,
        }))
    }
}

impl Trainee for Supervised {
    fn train(&mut self, epochs: usize) -> Outcome<f32> {
        let history = self.model.fit(&self.x, &self.y, options(&self.task, epochs)?)?;
        Ok(history.last("loss").ok_or("fit reports no loss")?)
    }

    fn score(&mut self) -> Outcome<f32> {
        (self.measure)(&self.model.predict(&self.x_test)?, &self.y_test)
    }
}
