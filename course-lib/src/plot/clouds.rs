//! Clouds of points in a plane: what is real beside what a network generates.

use std::borrow::Borrow;

use super::figure::Figure;
use crate::tensor::Tensor;

/// Named clouds of points, each a tensor `[rows, 2]`, with one unit equally long on both axes. Finish it with
/// labels, what is true (`.line(..)`, `.reference(..)`) and `.draw()?`.
///
/// ```
/// use course_lib::prelude::*;
///
/// let real = Tensor::from_rows(&[[2.5, 2.5], [4.0, 4.0], [7.5, 7.5]])?;
/// let generated = Tensor::from_rows(&[[2.9, 2.2], [4.4, 4.1], [6.8, 7.3]])?;
/// let plot = plot::clouds(&[("real", &real), ("generated", &generated)])
///     .reference("true segment", &[2.5, 7.5], &[2.5, 7.5])
///     .draw()?;
/// # Ok::<(), Error>(())
/// ```
pub fn clouds(groups: &[(impl AsRef<str>, impl Borrow<Tensor>)]) -> Figure {
    let figure = Figure::new()
        .size(500, 470)
        .x_label("x")
        .y_label("y")
        .same_scale();
    groups.iter().fold(figure, |figure, (name, rows)| {
        figure.points(name.as_ref(), rows.borrow())
    })
}
