//! A network that reads one sequence and writes another.

use course_lib::prelude::*;

use super::{Trainee, adam, options};
use crate::Outcome;
use crate::task::Task;

/// A `Seq2Seq` whose steps are classes, with its data.
pub struct Translator {
    task: Task,
    model: Seq2Seq,
    x: Tensor,
    y: Tensor,
    x_test: Tensor,
    y_test: Tensor,
}

impl Translator {
    /// `model` is compiled here, with Adam.
    pub fn new(task: &Task, mut model: Seq2Seq) -> Outcome<Self> {
        model.compile(adam(task)?, Loss::CategoricalCrossentropy, &[])?;
        Ok(Self {
            x: task.array("x_train")?,
            y: task.array("y_train")?,
            x_test: task.array("x_test")?,
            y_test: task.array("y_test")?,
            task: task.clone(),
            model,
        })
    }
}

impl Trainee for Translator {
    fn train(&mut self, epochs: usize) -> Outcome<f32> {
        let history = self.model.fit(&self.x, &self.y, options(&self.task, epochs)?)?;
        Ok(history.last("loss").ok_or("fit reports no loss")?)
    }

    /// The share of sequences in which every step is right.
    fn score(&mut self) -> Outcome<f32> {
        let classes = self.y_test.shape()[2];
        let written = |rows: &Tensor| -> Outcome<Vec<Vec<usize>>> {
            let texts = rows.to_rows()?;
            Ok(texts
                .iter()
                .map(|text| text.chunks_exact(classes).map(most_probable).collect())
                .collect())
        };
        let (said, truth) = (
            written(&self.model.predict(&self.x_test)?)?,
            written(&self.y_test)?,
        );
        let right = said.iter().zip(&truth).filter(|(said, truth)| said == truth);
        Ok(right.count() as f32 / truth.len() as f32)
    }
}

fn most_probable(step: &[f32]) -> usize {
    let highest = step.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    step.iter()
        .position(|value| *value == highest)
        .unwrap_or_default()
}
