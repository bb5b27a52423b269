//! How a training looks while it runs: one table of epochs and the curve of the loss, updated in place.

use std::time::Instant;

use data_encoding::BASE64;

use super::History;
use super::history::written;
use crate::data::table::escape;
use crate::notebook::how_far::{bar, in_words};
use crate::notebook::{LiveDisplay, Rich};
use crate::plot::{Figure, Plot};

/// A curve of more epochs is drawn through every second, third, .. of them.
const MOST_POINTS: usize = 200;

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
        display.update(&with_curves(history, line));
    }

    /// At the end: the table that a saved notebook keeps, with how it ended if not by itself.
    pub(super) fn finish(self, history: &History, ended: Option<String>) {
        let Some(display) = self.display else { return };
        let time = in_words(self.started.elapsed().as_secs_f64());
        let (done, epochs) = (history.epochs(), self.epochs);
        let line = match ended.as_deref() {
            Some("interrupted") => format!("interrupted after {done} of {epochs} epochs and {time}"),
            Some(how) => format!("{done} of {epochs} epochs, {time}, {how}"),
            None => format!("{done} of {epochs} epochs, {time}"),
        };
        display.finish(&with_table(history, line));
    }
}

/// While it runs, the loss so far is drawn above the table: on training and on validation data.
fn with_curves(history: &History, line: String) -> Rich {
    let Some(plot) = curves(history) else {
        return with_table(history, line);
    };
    let table = history.table(line);
    let picture = BASE64.encode(plot.svg().as_bytes());
    let alt = escape(plot.alt());
    let html = format!(
        "<img alt=\"{alt}\" src=\"data:image/svg+xml;base64,{picture}\">{}",
        table.html()
    );
    Rich::text(table.text()).html(html)
}

/// None as long as there is no line to draw.
fn curves(history: &History) -> Option<Plot> {
    let mut figure = Figure::new()
        .size(420, 240)
        .x_label("epoch")
        .y_label("loss")
        .whole_x();
    for (label, name) in [("training", "loss"), ("validation", "val_loss")] {
        let values = history.get(name).unwrap_or(&[]);
        let step = values.len().div_ceil(MOST_POINTS).max(1);
        let points = values.iter().enumerate().step_by(step);
        let (epochs, values): (Vec<usize>, Vec<f32>) = points.map(|(at, value)| (at + 1, *value)).unzip();
        if values.len() > 1 {
            figure = figure.line(label, &epochs, &values);
        }
    }
    (history.epochs() > 1).then(|| figure.draw().ok()).flatten()
}

fn with_table(history: &History, line: String) -> Rich {
    if history.epochs() == 0 {
        return Rich::text(line);
    }
    let table = history.table(line);
    Rich::text(table.text()).html(table.html())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_grows_with_the_epochs_and_a_long_one_is_thinned() {
        let mut history = History::default();
        assert!(curves(&history).is_none());
        let push = |history: &mut History, epochs: usize| {
            for epoch in 0..epochs {
                let loss = 1.0 / (epoch + 1) as f32;
                history.push(
                    0.1,
                    vec![("loss".to_owned(), loss), ("val_loss".to_owned(), loss)],
                );
            }
        };
        push(&mut history, 1);
        assert!(curves(&history).is_none());
        push(&mut history, 40);
        let rich = with_curves(&history, "a line".to_owned());
        let (_, html) = rich
            .forms()
            .iter()
            .find(|(mime, _)| *mime == "text/html")
            .expect("HTML");
        assert!(html.contains("<img alt=") && html.contains("a line"));
        let few = curves(&history).expect("a picture").svg().len();
        push(&mut history, 5_000);
        let many = curves(&history).expect("a picture").svg().len();
        assert!(many < 20 * few, "{few} and {many} bytes");
    }
}
