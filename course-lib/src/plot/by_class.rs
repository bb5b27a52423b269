//! Pictures that compare classes: a colour for each, from a column of values and a column of labels.

use std::fmt::Display;

use super::figure::Figure;
use super::values::Values;
use crate::error::{Error, Result};

/// More classes than this cannot be told apart in one picture.
const MOST_CLASSES: usize = 10;

/// A point for every pair (x, y), coloured by its class. Finish it with labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::scatter(&[1.0, 2.0, 3.0], &[1.5, 1.0, 2.5], &["benign", "benign", "malignant"])
///     .x_label("mean radius")
///     .y_label("mean texture")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn scatter(x: &(impl Values + ?Sized), y: &(impl Values + ?Sized), classes: &[impl Display]) -> Figure {
    let (x, y) = (x.values(), y.values());
    let mut figure = Figure::new();
    if x.len() != y.len() {
        figure.keep(different("scatter", "y values", y.len(), x.len()));
        return figure;
    }
    match grouped("scatter", x.len(), classes) {
        Ok(groups) => groups.into_iter().fold(figure, |figure, (name, rows)| {
            let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().map(|row| (x[row], y[row])).unzip();
            figure.scatter(name, &x, &y)
        }),
        Err(problem) => {
            figure.keep(problem);
            figure
        }
    }
}

/// How the values of each class are spread: histograms over each other, with the same bins. Finish it with
/// labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::histogram(&[12.0, 13.5, 12.2, 20.1], &["benign", "benign", "benign", "malignant"])
///     .x_label("mean radius")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn histogram(values: &(impl Values + ?Sized), classes: &[impl Display]) -> Figure {
    let values = values.values();
    let mut figure = Figure::new().y_label("count");
    match grouped("histogram", values.len(), classes) {
        Ok(groups) => groups.into_iter().fold(figure, |figure, (name, rows)| {
            let of_class: Vec<f64> = rows.into_iter().map(|row| values[row]).collect();
            figure.histogram(name, &of_class)
        }),
        Err(problem) => {
            figure.keep(problem);
            figure
        }
    }
}

/// The rows of each class. Classes are in alphabetical order, so that a class has the same colour in every
/// picture.
fn grouped(operation: &str, rows: usize, classes: &[impl Display]) -> Result<Vec<(String, Vec<usize>)>> {
    if classes.len() != rows {
        return Err(different(operation, "classes", classes.len(), rows));
    }
    if rows == 0 {
        return Err(Error::new(operation)
            .expected("at least one value")
            .got("none")
            .hint("look at the vector that is passed: is it filled?"));
    }
    let mut groups = std::collections::BTreeMap::<String, Vec<usize>>::new();
    for (row, class) in classes.iter().enumerate() {
        groups.entry(class.to_string()).or_default().push(row);
    }
    if groups.len() > MOST_CLASSES {
        return Err(Error::new(operation)
            .expected(format!("at most {MOST_CLASSES} classes"))
            .got(format!("{} different ones", groups.len()))
            .hint("pass labels, not measured values; or draw some of the classes"));
    }
    Ok(groups.into_iter().collect())
}

fn different(operation: &str, what: &str, got: usize, expected: usize) -> Error {
    Error::new(operation)
        .expected(format!("{expected} {what}, one for each value"))
        .got(got.to_string())
        .hint("take all of them from the same table")
}
