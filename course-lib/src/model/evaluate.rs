//! Using a trained network: `predict` and `evaluate`.

use super::rows::{Rows, check_data, check_finite};
use super::{Goal, Score, Sequential};
use crate::error::{Error, Result};
use crate::layers::Mode;
use crate::notebook::interrupted;
use crate::tensor::{Tensor, without_gradients};

impl Sequential {
    /// The network's outputs for each row of x: shape `[rows, units]`; probabilities where the last layer has
    /// a sigmoid or softmax. Nothing is recorded, and dropout rests. A [stateful](super::stateful) network goes on
    /// from where it is.
    ///
    /// # Errors
    /// An x whose rows do not have the network's input shape, or with values that are not numbers; a number of rows
    /// that does not fit the batches of a stateful network; an interrupt.
    pub fn predict(&self, x: &Tensor) -> Result<Tensor> {
        self.check_input("predict", x)?;
        check_finite("predict", "x", x)?;
        let at_once = self.rows_at_once("predict", x.shape()[0])?;
        let x = Rows::of(x);
        let mut values = Vec::new();
        for start in (0..x.count()).step_by(at_once) {
            check_interrupt("predict")?;
            let chunk = x.range(start..(start + at_once).min(x.count()))?;
            let output = without_gradients(|| self.pass(&chunk, Mode::Inference))?;
            values.extend_from_slice(&output.values());
        }
        self.shaped_as_outputs(values)
    }

    /// The loss and the metrics on data, usually on a test set that training has not seen. A
    /// [stateful](super::stateful) network goes on from where it is.
    ///
    /// # Errors
    /// A model that is not compiled; x and y that do not fit the model or each other, or hold values that are
    /// not numbers; targets that the loss cannot take; a number of rows that does not fit the batches of a stateful
    /// network; an interrupt.
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
        let at_once = self.rows_at_once(operation, x.count())?;
        for start in (0..x.count()).step_by(at_once) {
            check_interrupt(operation)?;
            let rows = start..(start + at_once).min(x.count());
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
                metrics_of(operation, goal, &outputs, &targets)?
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

/// Each metric of outputs for all rows; some sort them, so there is an ear for the learner before each one.
pub(super) fn metrics_of(
    operation: &str,
    goal: &Goal,
    outputs: &Tensor,
    targets: &Tensor,
) -> Result<Vec<(&'static str, f32)>> {
    let each = goal.metrics.iter().map(|metric| {
        check_interrupt(operation)?;
        Ok((metric.name(), metric.calculate(outputs, targets)?))
    });
    each.collect()
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
