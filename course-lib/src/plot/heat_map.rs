//! Heat maps: a table of numbers as colours.

use std::fmt;

use super::grid::Place;
use super::picture::Plot;
use super::values::Values;
use crate::error::Result;
use crate::tensor::Tensor;

/// A table of numbers as colours. Made by [`heat_map`], drawn by [`HeatMap::draw`].
#[derive(Clone)]
#[must_use = "a heat map is drawn by `.draw()?`"]
pub struct HeatMap {
    pub(super) values: Vec<f64>,
    pub(super) shape: Vec<usize>,
    pub(super) title: String,
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) bar_label: String,
    pub(super) rows: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) range: Option<(f64, f64)>,
    pub(super) numbers: Option<bool>,
}

/// A table `[rows, columns]` as colours, with the numbers in the cells where there is room and a bar that says
/// what the colours mean. Tables of one sign go from white to blue; where both signs occur, zero is white, what
/// is above it blue, what is below it vermilion.
///
/// ```
/// use course_lib::plot;
/// use course_lib::tensor::Tensor;
///
/// let weights = Tensor::from_rows(&[[0.5, -1.2], [0.0, 2.0], [1.1, 0.3]])?;
/// let plot = plot::heat_map(&weights)
///     .rows(&["x1", "x2", "x3"])
///     .columns(&["h1", "h2"])
///     .title("Weights of the hidden layer")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn heat_map(table: &Tensor) -> HeatMap {
    HeatMap {
        values: Values::values(table),
        shape: table.shape().to_vec(),
        title: String::new(),
        x_label: String::new(),
        y_label: String::new(),
        bar_label: String::new(),
        rows: Vec::new(),
        columns: Vec::new(),
        range: None,
        numbers: None,
    }
}

impl HeatMap {
    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What the columns are.
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// What the rows are.
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.y_label = label.into();
        self
    }

    /// What the numbers are, with their unit; written beside the bar of colours.
    pub fn bar_label(mut self, label: impl Into<String>) -> Self {
        self.bar_label = label.into();
        self
    }

    /// The names of the rows, from top to bottom. Without them rows are counted from 0.
    pub fn rows(mut self, names: &[impl fmt::Display]) -> Self {
        self.rows = names.iter().map(ToString::to_string).collect();
        self
    }

    /// The names of the columns, from left to right. Without them columns are counted from 0.
    pub fn columns(mut self, names: &[impl fmt::Display]) -> Self {
        self.columns = names.iter().map(ToString::to_string).collect();
        self
    }

    /// The numbers of the palest and the deepest colour, instead of those of the data; so that two maps can be
    /// compared. Numbers beyond them have the colour of the end.
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Whether the numbers are written into the cells. Without this, they are where there is room.
    pub fn numbers(mut self, written: bool) -> Self {
        self.numbers = Some(written);
        self
    }

    /// Draws the map.
    ///
    /// # Errors
    /// If the values are no table or one with more than sixty rows or columns, names do not fit it, a value
    /// is not finite, or the ends of the range are not in order.
    pub fn draw(&self) -> Result<Plot> {
        Place::check(self)?;
        Plot::drawn(Place::size(self, 1.0, 1.0), Place::words(self), |canvas, area| {
            Place::place(self, canvas, area);
            Ok(())
        })
    }
}

impl fmt::Debug for HeatMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Heat map of a table {:?}; `.draw()?` at its end draws it",
            self.shape
        )
    }
}
