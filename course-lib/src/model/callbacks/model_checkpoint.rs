//! Saving the network as it learns.

use std::path::PathBuf;

use super::{Best, Callback, MonitorMode, Training};
use crate::error::Result;

/// [Saves](crate::model::Sequential::save) the network after each epoch, or after those that are the best so far. That
/// it can be saved is checked before the first epoch.
///
/// ```
/// use course_lib::prelude::*;
///
/// let best = ModelCheckpoint { save_best_only: true, ..ModelCheckpoint::new("digits.safetensors") };
/// let all = ModelCheckpoint::new("digits-{epoch}.safetensors");
/// ```
#[derive(Debug, Clone)]
pub struct ModelCheckpoint {
    /// Where; `{epoch}` in it becomes the number of the epoch, from 1.
    pub path: PathBuf,
    /// The metric to look at where only the best is saved. Default: `val_loss`.
    pub monitor: &'static str,
    /// Whether only an epoch that is better than all before is saved. Default: no.
    pub save_best_only: bool,
    /// Which values are better. Default: what the metric's name says.
    pub mode: MonitorMode,
    /// The best value; starts empty.
    pub best: Best,
}

impl ModelCheckpoint {
    /// Saves each epoch to the path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            monitor: "val_loss",
            save_best_only: false,
            mode: MonitorMode::Auto,
            best: Best::default(),
        }
    }
}

impl Callback for ModelCheckpoint {
    fn on_train_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        self.best = Best::default();
        training.model().check_can_be_saved(&self.path)?;
        match self.save_best_only {
            true => training.check_name(self.monitor),
            false => Ok(()),
        }
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        if self.save_best_only {
            let value = training.get(self.monitor)?;
            if !self.best.improves(self.monitor, self.mode, value, 0.0) {
                return Ok(());
            }
        }
        let epoch = training.epoch().to_string();
        let path = self.path.to_str().map(|path| path.replace("{epoch}", &epoch));
        let path = path.map_or_else(|| self.path.clone(), PathBuf::from);
        training.model().save(path)
    }
}

crate::notebook::shows_options!(ModelCheckpoint {
    path,
    monitor,
    save_best_only,
    mode
});
