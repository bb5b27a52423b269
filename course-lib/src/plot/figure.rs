//! A picture with two axes of numbers, built up series by series.

use std::fmt;

use super::axis::brief;
use super::picture::Plot;
use super::theme;
use super::values::{Values, drawable, span};
use crate::error::{Error, Result};

/// A picture with two axes of numbers, built up series by series.
///
/// ```
/// use course_lib::plot::Figure;
///
/// let epochs = [1, 2, 3, 4];
/// let plot = Figure::new()
///     .title("A network learns")
///     .x_label("epoch")
///     .y_label("loss")
///     .line("training", &epochs, &[0.9, 0.5, 0.3, 0.2])
///     .line("validation", &epochs, &[0.9, 0.6, 0.5, 0.5])
///     .draw()?;
/// assert!(plot.svg().starts_with("<svg"));
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// What is wrong with a series (nothing in it, a NaN, `x` and `y` of different length) is said by
/// [`Figure::draw`].
#[derive(Clone)]
#[must_use = "a figure is drawn by `.draw()?`"]
pub struct Figure {
    pub(super) title: String,
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) size: (f64, f64),
    pub(super) x: AxisWish,
    pub(super) y: AxisWish,
    pub(super) bins: usize,
    pub(super) series: Vec<Series>,
    alt: Option<String>,
    problem: Option<Error>,
}

/// What the caller wants of an axis.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AxisWish {
    pub range: Option<(f64, f64)>,
    pub whole: bool,
}

/// Numbers that belong together, and how they are drawn.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub name: String,
    pub mark: Mark,
    pub x: Vec<f64>,
    /// Empty for a histogram.
    pub y: Vec<f64>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Line,
    /// A line with the area below it filled.
    Area,
    /// A grey dashed line to compare with; takes no colour of the palette.
    Reference,
    Points,
    Histogram,
}

impl Default for Figure {
    fn default() -> Self {
        Self::new()
    }
}

impl Figure {
    /// An empty figure of 640 × 400 pixels.
    pub fn new() -> Self {
        Self {
            title: String::new(),
            x_label: String::new(),
            y_label: String::new(),
            size: (640.0, 400.0),
            x: AxisWish::default(),
            y: AxisWish::default(),
            bins: 0,
            series: Vec::new(),
            alt: None,
            problem: None,
        }
    }

    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What runs from left to right, with its unit: `"area (mm²)"`.
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// What runs from bottom to top, with its unit.
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.y_label = label.into();
        self
    }

    /// The picture in words, for readers who do not see it. Without it, a sentence is made from the labels
    /// and the data.
    pub fn alt(mut self, words: impl Into<String>) -> Self {
        self.alt = Some(words.into());
        self
    }

    /// Width and height in pixels, each from 200 to 2000.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        if !(200..=2000).contains(&width) || !(200..=2000).contains(&height) {
            self.keep(
                Error::new("Figure::size")
                    .expected("a width and a height from 200 to 2000 pixels")
                    .got(format!("{width} × {height}"))
                    .hint("640 × 400 is what a figure has by itself"),
            );
        } else {
            self.size = (f64::from(width), f64::from(height));
        }
        self
    }

    /// The ends of the x axis, instead of the ends of the data. What lies outside is not drawn.
    pub fn x_range(mut self, low: f64, high: f64) -> Self {
        self.check_range("Figure::x_range", low, high);
        self.x.range = Some((low, high));
        self
    }

    /// The ends of the y axis, instead of the ends of the data. What lies outside is not drawn.
    pub fn y_range(mut self, low: f64, high: f64) -> Self {
        self.check_range("Figure::y_range", low, high);
        self.y.range = Some((low, high));
        self
    }

    /// Marks on the x axis at whole numbers only: epochs, years, counts.
    pub fn whole_x(mut self) -> Self {
        self.x.whole = true;
        self
    }

    /// A line through the points (x, y), in the order given. An empty name keeps it out of the legend.
    pub fn line(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("line", name.into(), Mark::Line, x.values(), y.values())
    }

    /// A line with the area between it and zero filled.
    pub fn area(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("area", name.into(), Mark::Area, x.values(), y.values())
    }

    /// A grey dashed line to compare with: chance, a target, a threshold.
    pub fn reference(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("reference", name.into(), Mark::Reference, x.values(), y.values())
    }

    /// A point for every pair (x, y). Each series has its own colour and its own shape.
    pub fn scatter(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("scatter", name.into(), Mark::Points, x.values(), y.values())
    }

    /// How often the values fall into each of some equal bins. Several histograms of a figure share their
    /// bins and are drawn over each other, so that they can be compared.
    pub fn histogram(mut self, name: impl Into<String>, values: &(impl Values + ?Sized)) -> Self {
        let name = name.into();
        match drawable("histogram", &said("the values", &name), values.values()) {
            Ok(x) => self.series.push(Series {
                name,
                mark: Mark::Histogram,
                x,
                y: Vec::new(),
            }),
            Err(problem) => self.keep(problem),
        }
        self
    }

    /// How many bins the histograms of this figure have (1 to 200). Without it, a number that suits the data.
    pub fn bins(mut self, bins: usize) -> Self {
        if (1..=200).contains(&bins) {
            self.bins = bins;
        } else {
            self.keep(
                Error::new("Figure::bins")
                    .expected("1 to 200 bins")
                    .got(bins.to_string())
                    .hint("try 20"),
            );
        }
        self
    }

    /// Draws the picture.
    ///
    /// # Errors
    /// If there is nothing to draw, or a series is empty, holds NaN or infinity, or has an `x` and a `y` of
    /// different length.
    pub fn draw(&self) -> Result<Plot> {
        self.check()?;
        Plot::drawn(self.size, self.words(), |canvas, area| {
            super::chart::draw(self, canvas, area.shrunk(theme::MARGIN));
            Ok(())
        })
    }

    /// The first thing that is wrong with the figure.
    pub(super) fn check(&self) -> Result<()> {
        match &self.problem {
            Some(problem) => Err(problem.clone()),
            None if self.series.is_empty() => Err(Error::new("Figure::draw")
                .expected("at least one series")
                .got("an empty figure")
                .hint("add one, as in `.line(name, &x, &y)` or `.histogram(name, &values)`")),
            None => Ok(()),
        }
    }

    /// The picture in words.
    pub(super) fn words(&self) -> String {
        if let Some(alt) = &self.alt {
            return alt.clone();
        }
        let or = |text: &str, other: &str| {
            if text.is_empty() {
                other.to_owned()
            } else {
                text.to_owned()
            }
        };
        let kind = match self.series.first().map(|series| series.mark) {
            Some(Mark::Points) => "Scatter plot",
            Some(Mark::Histogram) => "Histogram",
            _ => "Line chart",
        };
        let y_label = if kind == "Histogram" { "count" } else { "y" };
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let mut words = format!(
            "{kind}{title}: {} against {}.",
            or(&self.y_label, y_label),
            or(&self.x_label, "x")
        );
        for series in self.series.iter().filter(|series| series.mark != Mark::Reference) {
            let name = or(&series.name, "data");
            words.push(' ');
            words.push_str(&match series.mark {
                Mark::Histogram => {
                    let (low, high) = span(series.x.iter().copied());
                    format!(
                        "{name}: {} values from {} to {}.",
                        series.x.len(),
                        brief(low),
                        brief(high)
                    )
                }
                Mark::Points => format!("{name}: {} points.", series.x.len()),
                _ => {
                    let (first, last) = (series.y[0], series.y[series.y.len() - 1]);
                    format!("{name}: from {} to {}.", brief(first), brief(last))
                }
            });
        }
        words
    }

    fn pairs(mut self, operation: &str, name: String, mark: Mark, x: Vec<f64>, y: Vec<f64>) -> Self {
        if x.len() != y.len() {
            self.keep(
                Error::new(operation)
                    .expected(said("as many x values as y values", &name))
                    .got(format!("{} and {}", x.len(), y.len()))
                    .hint("every point needs both"),
            );
            return self;
        }
        let checked = drawable(operation, &said("x", &name), x)
            .and_then(|x| drawable(operation, &said("y", &name), y).map(|y| (x, y)));
        match checked {
            Ok((x, y)) => self.series.push(Series { name, mark, x, y }),
            Err(problem) => self.keep(problem),
        }
        self
    }

    fn check_range(&mut self, operation: &str, low: f64, high: f64) {
        if !(low.is_finite()
            && high.is_finite()
            && low < high
            && (high - low) > low.abs().max(high.abs()) * 1e-7)
        {
            self.keep(
                Error::new(operation)
                    .expected("two finite ends, the lower one first")
                    .got(format!("{low} and {high}"))
                    .hint("leave the range out to see all data"),
            );
        }
    }

    pub(super) fn keep(&mut self, problem: Error) {
        self.problem.get_or_insert(problem);
    }
}

fn said(what: &str, name: &str) -> String {
    if name.is_empty() {
        what.to_owned()
    } else {
        format!("{what} of series `{name}`")
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.series.len();
        write!(f, "Figure with {count} series; `.draw()?` at its end draws it")
    }
}
