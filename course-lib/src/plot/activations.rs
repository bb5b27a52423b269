//! Activation functions, each with its derivative.

use super::figure::Figure;
use super::grid::grid;
use super::picture::Plot;
use crate::error::{Error, Result};
use crate::layers::Activation;
use crate::tensor::Tensor;

const PLACES: usize = 401;
const ACROSS: usize = 3;

/// An activation function and its derivative from -5 to 5. Finish it with `.draw()?`.
///
/// ```
/// use course_lib::layers::Activation;
/// use course_lib::plot;
///
/// let plot = plot::activation(Activation::Tanh).draw()?;
/// assert!(plot.alt().contains("derivative"));
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn activation(activation: Activation) -> Figure {
    let figure = Figure::new()
        .title(activation.to_string())
        .x_label("x")
        .size(480, 360);
    match curves(activation) {
        Ok([x, value, slope]) => figure
            .line("f(x)", &x, &value)
            .dashed("derivative f′(x)", &x, &slope),
        Err(problem) => {
            let mut figure = figure;
            figure.keep(problem);
            figure
        }
    }
}

/// Several activation functions with their derivatives, in rows of three.
///
/// ```
/// use course_lib::layers::Activation::{ReLU, Sigmoid, Tanh};
/// use course_lib::plot;
///
/// let plot = plot::activations(&[Sigmoid, Tanh, ReLU])?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// None or more than 24 of them, or softmax, which is no function of one value.
pub fn activations(activations: &[Activation]) -> Result<Plot> {
    let figures: Vec<Figure> = activations.iter().map(|one| activation(*one)).collect();
    grid(&figures, ACROSS)
}

fn curves(activation: Activation) -> Result<[Tensor; 3]> {
    if activation == Activation::Softmax {
        return Err(Error::new("activation")
            .expected("a function of one value")
            .got("softmax, whose outputs depend on all inputs of a row")
            .hint("draw the outputs of `Softmax.apply(&x)` as bars"));
    }
    let x = Tensor::linspace(-5.0, 5.0, PLACES)?;
    let (value, slope) = (activation.apply(&x), activation.derivative(&x)?);
    Ok([x, value, slope])
}
