//! What a callback sees of a training, and what it can change.

use std::fmt;

use super::super::{History, Sequential};
use crate::error::{Error, Result};
use crate::optimizers::Optimizer;

/// A training that is going on.
pub struct Training<'a> {
    pub(in crate::model) model: &'a mut Sequential,
    pub(in crate::model) optimizer: &'a mut dyn Optimizer,
    pub(in crate::model) history: &'a History,
    /// The names that an epoch will have values for.
    pub(in crate::model) names: &'a [String],
    /// Those of the epoch that has just ended; empty before.
    pub(in crate::model) entries: &'a mut Vec<(String, f32)>,
    pub(in crate::model) epochs: usize,
    pub(in crate::model) stop: &'a mut Option<String>,
}

impl fmt::Display for Training<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch {} of {}", self.epoch(), self.epochs)?;
        let mut entries = self.entries.iter();
        entries.try_for_each(|(name, value)| write!(f, " · {name} {value:.4}"))
    }
}

impl fmt::Debug for Training<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::notebook::shows_in_words!(Training<'_>);

impl Training<'_> {
    /// The number of the epoch that is going on or has just ended, from 1.
    pub fn epoch(&self) -> usize {
        self.history.epochs() + 1
    }

    /// How many epochs the training shall have.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// The names of the loss and the metrics: `loss`, `accuracy`, `val_loss`, ...
    pub fn names(&self) -> &[String] {
        self.names
    }

    /// A value of the epoch that has just ended.
    ///
    /// # Errors
    /// A name that there is no value for.
    pub fn get(&self, name: &str) -> Result<f32> {
        let found = self.entries.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| *value).ok_or_else(|| self.unknown(name))
    }

    /// Names and values of the epoch that has just ended, the loss first.
    pub fn entries(&self) -> &[(String, f32)] {
        self.entries
    }

    /// The epochs before this one.
    pub fn history(&self) -> &History {
        self.history
    }

    /// The network, for a look at what it predicts by now.
    pub fn model(&self) -> &Sequential {
        self.model
    }

    /// The network, to be changed.
    pub fn model_mut(&mut self) -> &mut Sequential {
        self.model
    }

    /// How large the optimiser's steps are.
    pub fn learning_rate(&self) -> f32 {
        self.optimizer.learning_rate()
    }

    /// Changes how large the optimiser's steps are, from the next batch on.
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        self.optimizer.set_learning_rate(learning_rate);
    }

    /// Adds a value of this epoch to the history, under a name of its own.
    pub fn log(&mut self, name: &str, value: f32) {
        match self.entries.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.entries.push((name.to_owned(), value)),
        }
    }

    /// Lets this epoch be the last one, for the given reason.
    pub fn stop(&mut self, reason: impl Into<String>) {
        *self.stop = Some(reason.into());
    }

    pub(super) fn check_name(&self, name: &str) -> Result<()> {
        if self.names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Error {
        Error::new("fit")
            .expected(format!("one of {}", self.names.join(", ")))
            .got(name)
            .hint("name a metric in compile, or give fit a validation_split for val_ names")
    }
}
