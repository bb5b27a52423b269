//! How a training went: a panel for the loss, a panel for each metric.

use std::borrow::Borrow;

use super::figure::Figure;
use super::grid::grid;
use super::picture::Plot;
use super::series::{Mark, Series};
use super::values::Values;
use crate::error::{Error, Result};
use crate::model::History;

const MOST_PANELS: usize = 6;

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

/// One metric of several trainings in one picture: optimisers, learning rates or networks compared. Finish it
/// with `.draw()?`; `.log_y()` shows how far a loss still falls when it is small.
///
/// ```
/// use course_lib::prelude::*;
///
/// # let x = Tensor::from_rows(&[[0.0], [1.0], [2.0], [3.0]])?;
/// # let y = Tensor::from_rows(&[[0.0], [2.0], [4.0], [6.0]])?;
/// # let options = || Fit { epochs: 5, verbose: false, ..Fit::default() };
/// # let train = |optimizer: SGD| {
/// #     let mut model = Sequential::new(Input(1), layers![Dense::new(1)], Seed(1))?;
/// #     model.compile(optimizer, Loss::MeanSquaredError, &[])?;
/// #     model.fit(&x, &y, options())
/// # };
/// let slow = train(SGD { learning_rate: 0.01, ..SGD::default() })?;
/// let fast = train(SGD { learning_rate: 0.1, ..SGD::default() })?;
/// let plot = plot::histories(&[("rate 0.01", &slow), ("rate 0.1", &fast)], "loss").log_y().draw()?;
/// # Ok::<(), Error>(())
/// ```
pub fn histories(histories: &[(impl AsRef<str>, impl Borrow<History>)], metric: &str) -> Figure {
    let figure = Figure::new()
        .x_label("epoch")
        .y_label(metric.replace('_', " "))
        .whole_x();
    histories.iter().fold(figure, |mut figure, (name, history)| {
        let (name, history) = (name.as_ref(), history.borrow());
        match history.get(metric) {
            Some(values) if values.iter().any(|value| value.is_finite()) => {
                // A training that diverges is part of the comparison: its curve ends there.
                let finite = |value: &f32| {
                    if value.is_finite() {
                        f64::from(*value)
                    } else {
                        f64::NAN
                    }
                };
                figure.series.push(Series {
                    name: name.to_owned(),
                    mark: Mark::Line,
                    x: (1..values.len() + 1).values(),
                    y: values.iter().map(finite).collect(),
                });
                figure
            }
            Some(values) => figure.line(name, &(1..values.len() + 1), values),
            None => {
                figure.keep(
                    Error::new("histories")
                        .expected(format!(
                            "a metric that `{name}` has: {}",
                            history.names().join(", ")
                        ))
                        .got(format!("`{metric}`"))
                        .hint("metrics are named in `compile`; those on validation data start with `val_`"),
                );
                figure
            }
        }
    })
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
    grid(&panels, if panels.len() == 3 { 3 } else { 2 })
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
