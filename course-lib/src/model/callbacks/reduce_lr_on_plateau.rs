//! Smaller steps when it does not get better any more.

use super::{Best, Callback, MonitorMode, Training};
use crate::error::{Error, Result};

/// Makes the learning rate smaller when a metric has not become better for some epochs, and adds `learning_rate` to
/// the history; options and defaults are Keras'.
#[derive(Debug, Clone)]
pub struct ReduceLROnPlateau {
    /// The metric to look at. Default: `val_loss`.
    pub monitor: &'static str,
    /// What is left of the rate, above 0 and below 1. Default: 0.1.
    pub factor: f32,
    /// How many epochs without a better value are borne. Default: 10.
    pub patience: usize,
    /// What counts as better must be better by more than this. Default: 0.0001.
    pub min_delta: f32,
    /// How many epochs to wait after a change before counting again. Default: 0.
    pub cooldown: usize,
    /// The rate does not fall below it. Default: 0.
    pub min_lr: f32,
    /// Which values are better. Default: what the metric's name says.
    pub mode: MonitorMode,
    /// The best value; starts empty.
    pub best: Best,
    /// Epochs of the cooldown that are left; starts at 0.
    pub cooling: usize,
}

impl Default for ReduceLROnPlateau {
    fn default() -> Self {
        Self {
            monitor: "val_loss",
            factor: 0.1,
            patience: 10,
            min_delta: 1e-4,
            cooldown: 0,
            min_lr: 0.0,
            mode: MonitorMode::Auto,
            best: Best::default(),
            cooling: 0,
        }
    }
}

impl Callback for ReduceLROnPlateau {
    fn on_train_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        self.best = Best::default();
        self.cooling = 0;
        if !(self.factor > 0.0 && self.factor < 1.0) {
            return Err(Error::new("ReduceLROnPlateau")
                .expected("a factor above 0 and below 1")
                .got(self.factor.to_string())
                .hint("0.5 halves the learning rate"));
        }
        training.check_name(self.monitor)
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        let rate = training.learning_rate();
        training.log("learning_rate", rate);
        let value = training.get(self.monitor)?;
        if self.cooling > 0 {
            self.cooling -= 1;
            self.best.wait_anew();
        }
        let better = self.best.improves(self.monitor, self.mode, value, self.min_delta);
        if self.cooling > 0 {
            self.best.wait_anew();
        } else if !better && self.best.waited() >= self.patience.max(1) && rate > self.min_lr {
            training.set_learning_rate((rate * self.factor).max(self.min_lr));
            self.cooling = self.cooldown;
            self.best.wait_anew();
        }
        Ok(())
    }
}

crate::notebook::shows_options!(ReduceLROnPlateau {
    monitor,
    factor,
    patience,
    min_delta,
    cooldown,
    min_lr,
    mode
});
