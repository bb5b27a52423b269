//! How good a regression is: what was predicted against what is true.

use super::figure::Figure;
use super::values::{Values, drawable, span};
use crate::error::{Error, Result};

/// A point for each row, what is true to the right and what was predicted upwards: a perfect prediction lies
/// on the diagonal. Finish it with labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let (truth, predicted) = ([18.0, 25.0, 31.5], [19.2, 24.1, 30.8]);
/// let plot = plot::predicted_against_true(&predicted, &truth)
///     .x_label("true fuel economy (mpg)")
///     .y_label("predicted (mpg)")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn predicted_against_true(predicted: &(impl Values + ?Sized), truth: &(impl Values + ?Sized)) -> Figure {
    let figure = Figure::new().size(480, 480).x_label("true").y_label("predicted");
    match paired("predicted_against_true", predicted.values(), truth.values()) {
        Ok((predicted, truth)) => {
            let (low, high) = span(predicted.iter().chain(&truth).copied());
            let size = (high - low).max(low.abs().max(high.abs()) * 1e-3).max(1e-30);
            let (low, high) = (low - 0.05 * size, high + 0.05 * size);
            figure
                .x_range(low, high)
                .y_range(low, high)
                .reference("predicted = true", &[low, high], &[low, high])
                .scatter("", &truth, &predicted)
        }
        Err(problem) => with(figure, problem),
    }
}

/// How far predictions are from the truth: a histogram of predicted - true, with a line at zero. Finish it with
/// labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::residuals(&[19.2, 24.1, 30.8], &[18.0, 25.0, 31.5]).x_label("error (mpg)").draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn residuals(predicted: &(impl Values + ?Sized), truth: &(impl Values + ?Sized)) -> Figure {
    let figure = Figure::new().x_label("predicted − true").y_label("count");
    match paired("residuals", predicted.values(), truth.values()) {
        Ok((predicted, truth)) => {
            let errors: Vec<f64> = predicted.iter().zip(&truth).map(|(p, t)| p - t).collect();
            figure.histogram("", &errors).vertical("no error", 0.0)
        }
        Err(problem) => with(figure, problem),
    }
}

fn paired(operation: &str, predicted: Vec<f64>, truth: Vec<f64>) -> Result<(Vec<f64>, Vec<f64>)> {
    if predicted.len() != truth.len() {
        return Err(Error::new(operation)
            .expected("as many predictions as true values")
            .got(format!("{} and {}", predicted.len(), truth.len()))
            .hint("predict the rows whose true values you pass"));
    }
    Ok((
        drawable(operation, "the predictions", predicted)?,
        drawable(operation, "the true values", truth)?,
    ))
}

fn with(mut figure: Figure, problem: Error) -> Figure {
    figure.keep(problem);
    figure
}
