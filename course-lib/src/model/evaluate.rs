//! Using a trained network: `predict` and `evaluate`.

use super::rows::{Rows, check_data, check_finite};
use super::{Goal, Score, Sequential};
use crate::error::{Error, Result};
use crate::layers::Mode;
use crate::notebook::interrupted;
use crate::tensor::{Tensor, without_gradients};

/// Rows that pass the network at once: enough to keep it busy, few enough to bound its memory.
const CHUNK: usize = 512;

impl Sequential {
    /// The network's outputs for each row of x: shape `[rows, units]`; probabilities where the last layer has
    /// a sigmoid or softmax. Nothing is recorded, and dropout rests.
    ///
    /// # Errors
    /// An x whose rows do not have the network's input shape, or with values that are not numbers; an interrupt.
    pub fn predict(&self, x: &Tensor) -> Result<Tensor> {
        self.check_input("predict", x)?;
        check_finite("predict", "x", x)?;
        let x = Rows::of(x);
        let mut values = Vec::new();
        for start in (0..x.count()).step_by(CHUNK) {
            check_interrupt("predict")?;
            let chunk = x.range(start..(start + CHUNK).min(x.count()))?;
            let output = without_gradients(|| self.pass(&chunk, Mode::Inference))?;
            values.extend_from_slice(&output.values());
        }
        self.shaped_as_outputs(values)
    }

    /// The loss and the metrics on data, usually on a test set that training has not seen.
    ///
    /// # Errors
    /// A model that is not compiled; x and y that do not fit the model or each other, or hold values that are
    /// not numbers; targets that the loss cannot take; an interrupt.
    pub fn evaluate(&self, x: &Tensor, y: &Tensor) -> Result<Score> {
        let goal = self.goal.as_ref().ok_or_else(|| not_compiled("evaluate"))?;
        self.check_input("evaluate", x)?;
        check_data("evaluate", x, y)?;
        self.score("evaluate", goal, &Rows::of(x), &Rows::of(y))
    }

    /// Loss and metrics of data that was checked.
    pub(super) fn score(&self, operation: &str, goal: &Goal, x: &Rows, y: &Rows) -> Result<Score> {
        let mut loss = 0.0;
        let mut values = Vec::new();
        for start in (0..x.count()).step_by(CHUNK) {
            check_interrupt(operation)?;
            let rows = start..(start + CHUNK).min(x.count());
            let (chunk, target) = (x.range(rows.clone())?, y.range(rows.clone())?);
            let output = without_gradients(|| self.pass(&chunk, Mode::Inference))?;
            let of_chunk = goal.loss.calculate(&output, &target)?.item()?;
            loss += f64::from(of_chunk) * rows.len() as f64;
            values.extend_from_slice(&output.values());
        }
        let loss = (loss / x.count() as f64) as f32;
        let metrics = match goal.metrics.is_empty() {
            true => Vec::new(),
            false => {
                let outputs = self.shaped_as_outputs(values)?;
                let targets = y.range(0..y.count())?;
                let each = goal.metrics.iter();
                each.map(|metric| Ok((metric.name(), metric.calculate(&outputs, &targets)?)))
                    .collect::<Result<_>>()?
            }
        };
        Ok(Score::new(loss, metrics))
    }

    /// Outputs of any number of rows, put back into shape.
    pub(super) fn shaped_as_outputs(&self, values: Vec<f32>) -> Result<Tensor> {
        let row = self.output_shape();
        let mut shape = vec![values.len() / row.iter().product::<usize>()];
        shape.extend_from_slice(row);
        Tensor::from_vec(values, shape)
    }
}

pub(super) fn not_compiled(operation: &str) -> Error {
    Error::new(operation)
        .expected("a model that knows its optimiser and loss")
        .got("one that is not compiled")
        .hint("call model.compile(Adam::default(), loss, &metrics)? first")
}

/// Ends a loop when the learner has asked for it.
pub(super) fn check_interrupt(operation: &str) -> Result<()> {
    match interrupted() {
        true => Err(Error::interrupted(operation)),
        false => Ok(()),
    }
}
