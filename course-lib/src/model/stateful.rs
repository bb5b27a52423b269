//! Networks that remember from batch to batch: those with a recurrent layer that is
//! [`stateful(true)`](crate::layers::LSTM::stateful), for series that are longer than one row.
//!
//! Row i of a batch goes on from the state in which row i of the batch before ended. So all batches have as many rows,
//! in their right order: a batch holds the next piece of so many series side by side. With one series, `batch_size` is 1.
//!
//! | what | carries states |
//! | --- | --- |
//! | `fit` | from batch to batch of an epoch. Each epoch, each validation and what comes after `fit` begin afresh |
//! | `predict`, `evaluate` | over the batches of x (as many rows as in `fit`), and on to the next call |
//! | `forward` | one batch a call, and on to the next call |
//! | [`reset_states`](Sequential::reset_states) | none: what follows begins afresh |
//!
//! In Keras `fit` begins afresh only where the program says so, by a loop over epochs with `reset_states()` in it; here
//! that loop is `fit`'s. Shuffled rows and a rest of rows are errors.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! // One series, a number a row: was the number of the row before above 0?
//! let x = Tensor::uniform([40, 1, 1], -1.0, 1.0, Seed(1))?;
//! let mut y: Vec<f32> = x.to_vec().iter().map(|value| f32::from(*value > 0.0)).collect();
//! y.rotate_right(1);
//! let y = Tensor::from_vec(y, [40, 1])?;
//!
//! let layers = layers![SimpleRNN::new(8).stateful(true), Dense::new(1).activation(Sigmoid)];
//! let mut model = Sequential::new(Input([1, 1]), layers, Seed(7))?;
//! model.compile(Adam { learning_rate: 0.01, ..Adam::default() }, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
//! let options = Fit { epochs: 30, batch_size: 1, shuffle: false, verbose: false, ..Fit::default() };
//! model.fit(&x, &y, options)?;
//! assert!(model.evaluate(&x, &y)?.accuracy()? > 0.8);
//!
//! // What comes next depends on what came before, until the states are reset.
//! let next = model.predict(&x.rows(0..1)?)?;
//! model.reset_states();
//! assert_ne!(model.predict(&x.rows(0..1)?)?, next);
//! # Ok::<(), Error>(())
//! ```

use super::{Fit, Sequential};
use crate::error::{Error, Result};

/// Rows that pass a network at once: enough to keep it busy, few enough to bound its memory.
const CHUNK: usize = 512;

impl Sequential {
    /// Forgets what [stateful](self) layers carry from batch to batch, so that the next batch begins afresh; nothing
    /// changes for other layers. Its rows may be any number then.
    pub fn reset_states(&self) {
        for placed in self.layers.iter() {
            placed.layer.reset_state();
        }
    }

    pub(super) fn is_stateful(&self) -> bool {
        self.stateful_layer().is_some()
    }

    /// The name of the first layer that carries a state.
    pub(crate) fn stateful_layer(&self) -> Option<&str> {
        let mut layers = self.layers.iter();
        let stateful = layers.find(|placed| placed.layer.carried_rows().is_some())?;
        Some(&stateful.name)
    }

    /// How many rows the states have that are carried, if there are any.
    fn carried(&self) -> Option<usize> {
        let mut layers = self.layers.iter();
        layers.find_map(|placed| placed.layer.carried_rows().filter(|rows| *rows > 0))
    }

    /// Checks that a batch has a row for each row of the states that are carried.
    pub(super) fn check_carried(&self, operation: &str, rows: usize) -> Result<()> {
        match self.carried() {
            Some(carried) if carried != rows => Err(Error::new(operation)
                .expected(format!(
                    "batches of {carried} rows, as the states that the network carries on from the batch before"
                ))
                .got(format!("a batch of {rows}"))
                .hint("call model.reset_states() to begin afresh, or give as many rows")),
            _ => Ok(()),
        }
    }

    /// How many of so many rows pass the network at once, in use.
    pub(super) fn rows_at_once(&self, operation: &str, rows: usize) -> Result<usize> {
        if !self.is_stateful() {
            return Ok(CHUNK);
        }
        let batch = match self.carried() {
            // A loop by hand may have had batches of its own.
            Some(carried) if carried == rows => rows,
            carried => self.carries_between.or(carried).unwrap_or(rows),
        };
        if rows > batch && !rows.is_multiple_of(batch) {
            let (whole, rest) = (rows - rows % batch, rows % batch);
            return Err(Error::new(operation)
                .expected(format!(
                    "whole batches of {batch} rows, as in training: the network has a stateful layer"
                ))
                .got(format!("{rows} rows"))
                .hint(format!(
                    "give {whole} or {} rows; or the last {rest} in a call of their own, after model.reset_states()",
                    whole + batch
                )));
        }
        let batch = batch.min(rows);
        self.check_carried(operation, batch)?;
        Ok(batch)
    }

    /// Checks that `fit` can carry states from batch to batch of the rows to learn from, and of those for validation.
    pub(super) fn check_stateful(
        &self,
        rows: usize,
        validation: Option<usize>,
        options: &Fit<'_>,
    ) -> Result<()> {
        let Some(layer) = self.stateful_layer() else {
            return Ok(());
        };
        let problem = |expected: String, got: String, hint: String| {
            Err(Error::new("fit").expected(expected).got(got).hint(hint))
        };
        if options.shuffle {
            return problem(
                format!(
                    "rows in their own order for {layer}, which is stateful: it goes on from the batch before"
                ),
                "shuffle: true".to_owned(),
                "write Fit { shuffle: false, .. }, or leave out stateful(true)".to_owned(),
            );
        }
        let batch = options.batch_size.min(rows);
        // Fewer rows than a batch are one batch.
        let fits = |batch: usize, rows: usize| rows <= batch || rows.is_multiple_of(batch);
        for (count, whose) in [(Some(rows), "to learn from"), (validation, "for validation")] {
            let Some(count) = count.filter(|count| !fits(batch, *count)) else {
                continue;
            };
            let fits_both =
                |batch: &usize| fits(*batch, rows) && validation.is_none_or(|rows| fits(*batch, rows));
            let other = (1..batch).rev().find(fits_both).unwrap_or(1);
            return problem(
                format!("whole batches for {layer}, which is stateful: it goes on from the batch before"),
                format!("{count} rows {whose} and a batch_size of {}", options.batch_size),
                format!(
                    "choose a batch_size that divides the rows, such as {other}, or leave out the last {} rows",
                    count % batch
                ),
            );
        }
        Ok(())
    }
}
