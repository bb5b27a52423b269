//! A learning rate that follows a schedule.

use super::{Callback, Training};
use crate::error::Result;
use crate::optimizers::Schedule;

/// Sets the learning rate before each epoch, the first being t = 0 of the [schedule](Schedule), and adds
/// `learning_rate` to the history.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningRateSchedule(pub Schedule);

impl Callback for LearningRateSchedule {
    fn on_train_begin(&mut self, _: &mut Training<'_>) -> Result<()> {
        self.0.check()
    }

    fn on_epoch_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        let rate = self.0.at(training.epoch() - 1);
        training.set_learning_rate(rate);
        Ok(())
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        training.log("learning_rate", training.learning_rate());
        Ok(())
    }
}

crate::notebook::shows_its_name!(LearningRateSchedule);
