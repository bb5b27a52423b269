//! Looking on while a GAN learns: how far it is, and what it draws.

use std::fmt;
use std::time::Instant;

use crate::error::Result;
use crate::model::History;
use crate::notebook::{LiveDisplay, Rich, Show};
use crate::plot::Plot;
use crate::tensor::Tensor;

/// What a [`Watch`] is shown after an epoch.
#[derive(Debug)]
pub struct Watched<'a> {
    /// How many epochs are done; 0 before the first.
    pub epoch: usize,
    /// What the generator makes of the same latent points each time.
    pub samples: &'a Tensor,
    /// The curves so far.
    pub curves: &'a History,
}

impl fmt::Display for Watched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = self.samples.shape();
        write!(
            f,
            "after {} epochs: samples {shape:?}\n{}",
            self.epoch, self.curves
        )
    }
}

crate::notebook::shows_in_words!(Watched<'_>);

/// Draws a picture of what a GAN has learned so far; it is shown in place of the one before.
pub type Watch<'a> = &'a mut dyn FnMut(&Watched<'_>) -> Result<Plot>;

/// The two places of a cell's output that change while a GAN learns.
pub(super) struct Progress {
    line: Option<LiveDisplay>,
    picture: Option<LiveDisplay>,
    last: Option<Rich>,
    started: Instant,
    epochs: usize,
    batches: usize,
}

impl Progress {
    pub(super) fn new(verbose: bool, epochs: usize, batches: usize) -> Self {
        Self {
            line: verbose.then(LiveDisplay::new),
            picture: None,
            last: None,
            started: Instant::now(),
            epochs,
            batches,
        }
    }

    /// After a batch.
    pub(super) fn batch(&mut self, done: usize, batch: usize, losses: (f64, f64)) {
        let Some(line) = self.line.as_mut().filter(|line| line.is_due()) else {
            return;
        };
        let share = (done * self.batches + batch) as f64 / (self.epochs * self.batches) as f64;
        let elapsed = self.started.elapsed().as_secs_f64();
        line.update(&Rich::text(format!(
            "epoch {}/{}, batch {batch}/{}, generator loss {:.3}, discriminator loss {:.3}, {:.0} s left",
            done + 1,
            self.epochs,
            self.batches,
            losses.0,
            losses.1,
            elapsed / share.max(1e-9) - elapsed,
        )));
    }

    /// After an epoch: the picture, if somebody watches.
    pub(super) fn epoch(&mut self, watch: Option<&mut Watch<'_>>, watched: &Watched<'_>) -> Result<()> {
        let Some(watch) = watch else { return Ok(()) };
        let last = watched.epoch == self.epochs;
        let picture = self.picture.get_or_insert_with(LiveDisplay::new);
        if last || picture.is_due() {
            let rich = watch(watched)?.rich();
            picture.update(&rich);
            self.last = Some(rich);
        }
        Ok(())
    }

    /// At the end: what a saved notebook keeps.
    pub(super) fn finish(self, curves: &History, interrupted: bool) {
        if let Some(line) = self.line {
            let table = curves.rich();
            if interrupted {
                let head = format!("interrupted after {} of {} epochs", curves.epochs(), self.epochs);
                let html = table.forms().iter().find(|(mime, _)| *mime == "text/html");
                let mut rich = Rich::text(format!("{head}\n{curves}"));
                if let Some((_, html)) = html {
                    rich = rich.html(format!("{head}{html}"));
                }
                line.finish(&rich);
            } else {
                line.finish(&table);
            }
        }
        if let (Some(picture), Some(last)) = (self.picture, self.last) {
            picture.finish(&last);
        }
    }
}
