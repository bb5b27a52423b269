//! How a training looks while it runs: one table of epochs, updated in place.

use std::time::Instant;

use super::History;
use super::history::written;
use crate::notebook::{LiveDisplay, Rich};

/// Cells of the bar that shows how much is done.
const BAR: usize = 24;

pub(super) struct Progress {
    /// None where the training shall be silent.
    display: Option<LiveDisplay>,
    started: Instant,
    epochs: usize,
    batches: usize,
}

impl Progress {
    pub(super) fn new(verbose: bool, epochs: usize, batches: usize) -> Self {
        let display = verbose.then(LiveDisplay::new);
        Self {
            display,
            started: Instant::now(),
            epochs,
            batches,
        }
    }

    /// After a batch: shows how far the training is, if enough time has passed since it last did.
    pub(super) fn batch(&mut self, history: &History, batch: usize, loss: impl FnOnce() -> f32) {
        let Some(display) = self.display.as_mut().filter(|display| display.is_due()) else {
            return;
        };
        let done = history.epochs() * self.batches + batch;
        let share = done as f64 / (self.epochs * self.batches) as f64;
        let elapsed = self.started.elapsed().as_secs_f64();
        let line = format!(
            "{} epoch {}/{}, batch {batch}/{}, loss {}, {} left",
            bar(share),
            history.epochs() + 1,
            self.epochs,
            self.batches,
            written(loss()),
            in_words(elapsed / share.max(1e-9) - elapsed),
        );
        display.update(&with_table(history, line));
    }

    /// At the end: the table that a saved notebook keeps, with how it ended.
    pub(super) fn finish(self, history: &History, interrupted: bool) {
        let Some(display) = self.display else { return };
        let time = in_words(self.started.elapsed().as_secs_f64());
        let (done, epochs) = (history.epochs(), self.epochs);
        let line = if interrupted {
            format!("interrupted after {done} of {epochs} epochs and {time}")
        } else {
            format!("{done} of {epochs} epochs, {time}")
        };
        display.finish(&with_table(history, line));
    }
}

fn with_table(history: &History, line: String) -> Rich {
    if history.epochs() == 0 {
        return Rich::text(line);
    }
    let table = history.table(line);
    Rich::text(table.text()).html(table.html())
}

fn bar(share: f64) -> String {
    let full = ((share * BAR as f64).round() as usize).min(BAR);
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

fn in_words(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{seconds:.2} s")
    } else if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}
