//! How a training went: a panel for the loss, a panel for each metric.

use super::beside::beside;
use super::figure::Figure;
use super::picture::Plot;
use crate::error::{Error, Result};
use crate::model::History;

const MOST_PANELS: usize = 4;

/// Draws the loss and the metrics of a training against the epoch, training beside validation.
///
/// # Errors
/// If the history holds no epoch, or a value is NaN: the training has then diverged.
pub fn history(history: &History) -> Result<Plot> {
    let names = history.names();
    let of_training = names.iter().filter(|name| !name.starts_with("val_"));
    let curves = of_training.map(|name| {
        let training = history.get(name).map(<[f32]>::to_vec).unwrap_or_default();
        let validation = history.get(&format!("val_{name}")).map(<[f32]>::to_vec);
        (name.to_string(), training, validation)
    });
    panels(&curves.collect::<Vec<_>>())
}

type Curve = (String, Vec<f32>, Option<Vec<f32>>);

fn panels(curves: &[Curve]) -> Result<Plot> {
    if curves.iter().all(|(_, training, _)| training.is_empty()) {
        return Err(Error::new("history")
            .expected("a training of at least one epoch")
            .got("an empty history")
            .hint("call `fit` first, and draw what it returns"));
    }
    let panels: Vec<Figure> = curves.iter().take(MOST_PANELS).map(panel).collect();
    beside(&panels)
}

fn panel((name, training, validation): &Curve) -> Figure {
    let epochs = |values: &[f32]| (1..=values.len()).collect::<Vec<usize>>();
    let words = name.replace('_', " ");
    let title: String = words
        .chars()
        .take(1)
        .flat_map(char::to_uppercase)
        .chain(words.chars().skip(1))
        .collect();
    let figure = Figure::new()
        .title(title)
        .x_label("epoch")
        .y_label(&words)
        .whole_x()
        .line("training", &epochs(training), training);
    match validation {
        Some(values) => figure.line("validation", &epochs(values), values),
        None => figure,
    }
}
