//! Decision regions: which class a model gives to every place of a plane.

use super::canvas::Point;
use super::figure::Figure;
use super::region_map::{Model, NAME, RegionMap, decide};
use super::series::{Mark, Series, two_columns};
use super::theme::PALETTE;
use super::values::{drawable, span};
use crate::error::{Error, Result};
use crate::losses::class_numbers;
use crate::tensor::Tensor;

/// Which class a model gives to every place of a plane, with the line on which it decides, and the data.
///
/// `x` has shape `[rows, 2]`; `y` holds class numbers from 0 (`[rows]` or `[rows, 1]`) or one-hot rows, of up
/// to six classes. The model is anything that turns places `[n, 2]` into outputs: one column for two classes,
/// which decides at 0.5, or a column for each class, of which the largest decides. Finish it with names,
/// labels and `.draw()?`.
///
/// ```
/// use course_lib::prelude::*;
///
/// // A neuron with weights set by hand: logic OR.
/// let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])?;
/// let y = Tensor::vector(&[0.0, 1.0, 1.0, 1.0])?;
/// let w = Tensor::from_rows(&[[1.0], [1.0]])?;
/// let plot = plot::decision_regions(&x, &y, |points| Ok(Step.apply(&(points.matmul(&w)? - 0.5))))
///     .names(&["false", "true"])
///     .draw()?;
/// assert!(plot.alt().contains("4 of 4"), "{}", plot.alt());
/// # Ok::<(), Error>(())
/// ```
///
/// For a trained network: `plot::decision_regions(&x, &y, |points| model.predict(points))`.
pub fn decision_regions(x: &Tensor, y: &Tensor, model: impl Fn(&Tensor) -> Result<Tensor>) -> Figure {
    let figure = Figure::new().size(520, 460).x_label("x1").y_label("x2");
    figure.decision_regions(x, y, model)
}

impl Figure {
    /// Adds [decision regions](decision_regions) to a figure of your own. They reach as far as the figure:
    /// set `.x_range(..)` and `.y_range(..)` before, or they are a little larger than the data.
    pub fn decision_regions(
        mut self,
        x: &Tensor,
        y: &Tensor,
        model: impl Fn(&Tensor) -> Result<Tensor>,
    ) -> Self {
        if let Err(problem) = self.add_regions(x, y, &model) {
            self.keep(problem);
        }
        self
    }

    fn add_regions(
        &mut self,
        x: &Tensor,
        y: &Tensor,
        model: &dyn Fn(&Tensor) -> Result<Tensor>,
    ) -> Result<()> {
        let (across, up) = two_columns(NAME, x)?;
        let (across, up) = (drawable(NAME, "x", across)?, drawable(NAME, "x", up)?);
        let data: Vec<Point> = across.iter().copied().zip(up.iter().copied()).collect();
        let truth = classes_of(y, data.len())?;
        let model = Model::new(model);
        let outputs = model.outputs(&data)?;
        let known = truth.iter().max().map_or(2, |last| (last + 1).max(2));
        let classes = match outputs.first().map_or(1, Vec::len) {
            1 => known,
            columns => columns,
        };
        check_classes(classes, known)?;

        let (x_range, y_range) = (roomy(self.x.range, &across), roomy(self.y.range, &up));
        let map = RegionMap::of(&model, x_range, y_range, classes)?;
        let right = outputs
            .iter()
            .zip(&truth)
            .filter(|(output, class)| decide(output, classes) == **class);
        let right = right.count();
        self.notes.push(format!(
            "{right} of {} points lie in the region of their class.",
            data.len()
        ));
        self.kind = Some("Decision regions");
        (self.x.range, self.y.range) = (Some(x_range), Some(y_range));
        for class in 0..known {
            let of_class = data.iter().zip(&truth).filter(|(_, of)| **of == class);
            let (x, y): (Vec<f64>, Vec<f64>) = of_class.map(|(point, _)| *point).unzip();
            let (name, mark) = (format!("class {class}"), Mark::Points);
            self.series.push(Series { name, mark, x, y });
        }
        self.series.extend(map.edge(x_range));
        *self.backdrop = Some(map.painted());
        Ok(())
    }
}

fn classes_of(y: &Tensor, rows: usize) -> Result<Vec<usize>> {
    match y.shape() {
        [count, columns] if *count == rows && *columns > 1 => y.argmax(),
        _ => class_numbers(NAME, y, &[rows], PALETTE.len()),
    }
}

fn check_classes(classes: usize, known: usize) -> Result<()> {
    if (known..=PALETTE.len()).contains(&classes) {
        return Ok(());
    }
    Err(Error::new(NAME)
        .expected(format!(
            "a model of as many classes as the data ({known}), at most {}",
            PALETTE.len()
        ))
        .got(format!("outputs for {classes}"))
        .hint("the last layer has a unit for each class, or one unit for two"))
}

/// The range that the caller wants, or one that leaves room round the data.
fn roomy(wanted: Option<(f64, f64)>, values: &[f64]) -> (f64, f64) {
    wanted.unwrap_or_else(|| {
        let (low, high) = span(values.iter().copied());
        let size = low.abs().max(high.abs());
        // Values that are all but equal.
        let room = if high - low > size * 1e-3 {
            (high - low) * 0.14
        } else {
            size.max(1.0)
        };
        (low - room, high + room)
    })
}
