//! A picture with two axes of numbers, built up series by series.

use std::fmt;

use super::backdrop::Backdrop;
use super::calendar::Calendar;
use super::picture::Plot;
use super::series::{Mark, Series};
use super::split::Split;
use super::theme;
use crate::error::{Error, Result};
use crate::kept::{Kept, dropped_here};

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
    /// Whether the areas of histograms are 1, so that they can be compared with densities.
    pub(super) shares: bool,
    pub(super) same_scale: bool,
    pub(super) backdrop: Kept<Option<Backdrop>>,
    pub(super) split: Kept<Option<Split>>,
    pub(super) series: Kept<Vec<Series>>,
    /// What the figure is, where its first series does not tell.
    pub(super) kind: Option<&'static str>,
    /// What is said of the picture to readers who do not see it, beside the series.
    pub(super) notes: Vec<String>,
    pub(super) alt: Option<String>,
    problem: Option<Error>,
}

dropped_here!(Option<Backdrop>, Option<Split>, Vec<Series>);

/// What the caller wants of an axis.
#[derive(Debug, Clone, Default)]
pub(super) struct AxisWish {
    pub range: Option<(f64, f64)>,
    pub whole: bool,
    pub logarithmic: bool,
    pub calendar: Option<Calendar>,
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
            shares: false,
            same_scale: false,
            backdrop: Kept::default(),
            split: Kept::default(),
            series: Kept::default(),
            kind: None,
            notes: Vec::new(),
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

    /// The y axis in powers of ten: a loss that falls from 1 to 0.0001 is seen all the way. Values that are not
    /// above zero have no place on it and are left out.
    pub fn log_y(mut self) -> Self {
        self.y.logarithmic = true;
        self
    }

    /// One unit is as long on the x axis as on the y axis: circles are round, and slopes are what they say.
    /// An axis with ends of its own keeps them.
    pub fn same_scale(mut self) -> Self {
        self.same_scale = true;
        self
    }

    /// The heights of histograms as densities, whose areas are 1, instead of counts: groups of different size
    /// can be compared. A figure with a [density](Figure::density) has them so by itself.
    pub fn shares(mut self) -> Self {
        self.shares = true;
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
            None if self.series.is_empty() && self.backdrop.is_none() => Err(Error::new("Figure::draw")
                .expected("at least one series")
                .got("an empty figure")
                .hint("add one, as in `.line(name, &x, &y)` or `.histogram(name, &values)`")),
            None if self.y.logarithmic && !self.has_positive_y() => Err(Error::new("Figure::log_y")
                .expected("at least one value above zero")
                .got("none")
                .hint("only positive numbers have a logarithm: leave `log_y` out")),
            None => Ok(()),
        }
    }

    fn has_positive_y(&self) -> bool {
        let of_pairs = self.series.iter().filter(|series| series.mark != Mark::Vertical);
        of_pairs.flat_map(|series| &series.y).any(|y| *y > 0.0)
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

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.series.len();
        write!(f, "Figure with {count} series; `.draw()?` at its end draws it")
    }
}
