//! What happens beside the learning: stopping early, keeping the best weights, changing the learning rate, writing a
//! log. Each is an option of [`Fit`](super::Fit):
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let x = Tensor::uniform([64, 2], -1.0, 1.0, Seed(1))?;
//! let y = x.sum_axis(1)?;
//! let mut model = Sequential::new(Input(2), layers![Dense::new(1)], Seed(7))?;
//! model.compile(Adam::default(), Loss::MeanSquaredError, &[])?;
//! let mut largest: f32 = 0.0;
//! let history = model.fit(&x, &y, Fit {
//!     epochs: 500,
//!     validation_split: 0.25,
//!     verbose: false,
//!     callbacks: callbacks![
//!         EarlyStopping { patience: 5, restore_best_weights: true, ..EarlyStopping::default() },
//!         LearningRateSchedule(Schedule::Exponential { start: 0.1, factor: 0.97 }),
//!         on_epoch_end(|training| {
//!             largest = largest.max(training.get("loss")?);
//!             Ok(())
//!         }),
//!     ],
//!     ..Fit::default()
//! })?;
//! assert!(history.epochs() < 500 && largest > 0.0);
//! # Ok::<(), Error>(())
//! ```
//!
//! A struct that implements [`Callback`] can stand in the list as well, and so can `&mut` of one, to look at it after
//! the training.

mod csv_logger;
mod early_stopping;
mod learning_rate_schedule;
mod model_checkpoint;
mod monitor;
mod reduce_lr_on_plateau;
mod training;

use std::fmt;

use crate::error::Result;

pub use csv_logger::CSVLogger;
pub use early_stopping::EarlyStopping;
pub use learning_rate_schedule::LearningRateSchedule;
pub use model_checkpoint::ModelCheckpoint;
pub use monitor::{Best, MonitorMode};
pub use reduce_lr_on_plateau::ReduceLROnPlateau;
pub use training::Training;

/// Something that is told how a training goes, and may change how it goes on. Every method does nothing by itself;
/// an error from one ends the training.
pub trait Callback {
    /// Before the first epoch: to check options and to start afresh.
    ///
    /// # Errors
    /// Whatever makes the training pointless.
    fn on_train_begin(&mut self, _training: &mut Training<'_>) -> Result<()> {
        Ok(())
    }

    /// Before each epoch.
    ///
    /// # Errors
    /// Whatever makes going on pointless.
    fn on_epoch_begin(&mut self, _training: &mut Training<'_>) -> Result<()> {
        Ok(())
    }

    /// After each epoch, when its loss and metrics are known.
    ///
    /// # Errors
    /// Whatever makes going on pointless.
    fn on_epoch_end(&mut self, _training: &mut Training<'_>) -> Result<()> {
        Ok(())
    }

    /// After the last epoch, unless the training ended by an error or an interrupt.
    ///
    /// # Errors
    /// Whatever the callback could not finish.
    fn on_train_end(&mut self, _training: &mut Training<'_>) -> Result<()> {
        Ok(())
    }
}

impl<C: Callback + ?Sized> Callback for &mut C {
    fn on_train_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        (**self).on_train_begin(training)
    }

    fn on_epoch_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        (**self).on_epoch_begin(training)
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        (**self).on_epoch_end(training)
    }

    fn on_train_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        (**self).on_train_end(training)
    }
}

// For the options of `fit`, which print as one.
impl fmt::Debug for dyn Callback + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

/// A function that is called after each epoch; see [`on_epoch_end`].
pub struct EpochEnd<F>(F);

/// A callback from a function, which is called after each epoch.
pub fn on_epoch_end<F>(function: F) -> EpochEnd<F>
where
    F: FnMut(&mut Training<'_>) -> Result<()>,
{
    EpochEnd(function)
}

impl<F> fmt::Debug for EpochEnd<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("on_epoch_end(function)")
    }
}

impl<F> Callback for EpochEnd<F>
where
    F: FnMut(&mut Training<'_>) -> Result<()>,
{
    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        (self.0)(training)
    }
}

/// Callbacks of different types in one list, as [`Fit`](crate::model::Fit) takes them.
#[macro_export]
macro_rules! callbacks {
    ($($callback:expr),* $(,)?) => {{
        let callbacks: ::std::vec::Vec<::std::boxed::Box<dyn $crate::model::Callback + '_>> =
            ::std::vec![$(::std::boxed::Box::new($callback)),*];
        callbacks
    }};
}
