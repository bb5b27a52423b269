//! Stopping when it does not get better any more.

use super::{Best, Callback, MonitorMode, Training};
use crate::error::Result;
use crate::tensor::Tensor;

/// Ends the training when a metric has not become better for some epochs; options and defaults are Keras'.
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    /// The metric to look at. Default: `val_loss`.
    pub monitor: &'static str,
    /// What counts as better must be better by more than this. Default: 0.
    pub min_delta: f32,
    /// How many epochs without a better value are borne. Default: 0, which stops at the first.
    pub patience: usize,
    /// Which values are better. Default: what the metric's name says.
    pub mode: MonitorMode,
    /// Whether the weights of the best epoch are put back at the end. Default: no.
    pub restore_best_weights: bool,
    /// The best value; starts empty.
    pub best: Best,
    /// The weights of the best epoch; starts empty.
    pub best_weights: Vec<Tensor>,
}

impl Default for EarlyStopping {
    fn default() -> Self {
        Self {
            monitor: "val_loss",
            min_delta: 0.0,
            patience: 0,
            mode: MonitorMode::Auto,
            restore_best_weights: false,
            best: Best::default(),
            best_weights: Vec::new(),
        }
    }
}

impl Callback for EarlyStopping {
    fn on_train_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        self.best = Best::default();
        self.best_weights = Vec::new();
        training.check_name(self.monitor)
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        let value = training.get(self.monitor)?;
        if self.best.improves(self.monitor, self.mode, value, self.min_delta) {
            if self.restore_best_weights {
                // Handles: the numbers are copied when the next step changes them.
                self.best_weights = training.model().weights().into_iter().map(|(_, w)| w).collect();
            }
        } else if self.best.waited() >= self.patience.max(1) {
            training.stop(format!(
                "no better {} for {} epochs",
                self.monitor,
                self.best.waited()
            ));
        }
        Ok(())
    }

    fn on_train_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        training.model_mut().restore(&self.best_weights)
    }
}

crate::notebook::shows_options!(EarlyStopping {
    monitor,
    min_delta,
    patience,
    mode,
    restore_best_weights
});
