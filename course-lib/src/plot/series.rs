//! What a figure can hold: numbers that belong together, and how they are drawn.

use super::figure::Figure;
use super::values::{Values, drawable};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Numbers that belong together, and how they are drawn.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub name: String,
    pub mark: Mark,
    pub x: Vec<f64>,
    /// Empty for a histogram. NaN is a gap in a line.
    pub y: Vec<f64>,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Line,
    /// A line with a mark at each of its points.
    Marked,
    Dashed,
    /// A line with the area below it filled.
    Area,
    /// The way of something that moves: a line with a ring at its start and a disc at its end.
    Trail,
    /// A dark line between areas; takes no colour of the palette.
    Edge,
    /// A grey dashed line to compare with; takes no colour of the palette.
    Reference,
    /// A dark cross at one place; takes no colour of the palette.
    Cross,
    /// A grey dashed line from the lower to the upper edge of the figure.
    Vertical,
    /// A grey dashed line from the left to the right edge of the figure.
    Horizontal,
    Points,
    Histogram,
}

impl Mark {
    /// Whether the series has a colour of the palette.
    pub fn is_colored(self) -> bool {
        !matches!(
            self,
            Self::Edge | Self::Cross | Self::Reference | Self::Vertical | Self::Horizontal
        )
    }

    /// Whether the data may touch the edges of the figure.
    pub fn runs_to_the_edge(self) -> bool {
        !matches!(
            self,
            Self::Marked | Self::Trail | Self::Cross | Self::Points | Self::Histogram
        )
    }
}

impl Figure {
    /// A line through the points (x, y), in the order given. An empty name keeps it out of the legend; series
    /// of one name share a colour and an entry of the legend.
    pub fn line(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("line", name.into(), Mark::Line, x.values(), y.values())
    }

    /// A line with a mark at each of its points: few measured values, where a bare line would pretend to know
    /// what lies between them.
    pub fn marked_line(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("marked_line", name.into(), Mark::Marked, x.values(), y.values())
    }

    /// A dashed line with a colour of its own: a forecast, a target.
    pub fn dashed(
        self,
        name: impl Into<String>,
        x: &(impl Values + ?Sized),
        y: &(impl Values + ?Sized),
    ) -> Self {
        self.pairs("dashed", name.into(), Mark::Dashed, x.values(), y.values())
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

    /// A grey dashed line at one value of x, as high as the figure.
    pub fn vertical(self, name: impl Into<String>, x: f64) -> Self {
        self.pairs("vertical", name.into(), Mark::Vertical, vec![x], vec![0.0])
    }

    /// A grey dashed line at one value of y, as wide as the figure.
    pub fn horizontal(self, name: impl Into<String>, y: f64) -> Self {
        self.pairs("horizontal", name.into(), Mark::Horizontal, vec![0.0], vec![y])
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

    /// A dark cross at one place: the minimum of a surface, the best epoch.
    pub fn cross(self, name: impl Into<String>, x: f64, y: f64) -> Self {
        self.pairs("cross", name.into(), Mark::Cross, vec![x], vec![y])
    }

    /// A point for every row of a tensor `[rows, 2]`: x in the first column, y in the second.
    pub fn points(self, name: impl Into<String>, rows: &Tensor) -> Self {
        self.columns("points", name.into(), Mark::Points, rows)
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

    /// Other names for the entries of the legend, from the first on.
    pub fn names(mut self, names: &[impl AsRef<str>]) -> Self {
        let mut known: Vec<String> = Vec::new();
        for series in self.series.iter().filter(|series| !series.name.is_empty()) {
            if !known.contains(&series.name) {
                known.push(series.name.clone());
            }
        }
        if names.len() > known.len() {
            self.keep(
                Error::new("Figure::names")
                    .expected(format!(
                        "at most {} names, one for each entry of the legend",
                        known.len()
                    ))
                    .got(names.len().to_string())
                    .hint("name the entries after all series are added"),
            );
            return self;
        }
        for series in self.series.iter_mut() {
            if let Some(place) = known.iter().position(|name| *name == series.name)
                && let Some(name) = names.get(place)
            {
                name.as_ref().clone_into(&mut series.name);
            }
        }
        self
    }

    /// A series of both columns of a tensor.
    pub(super) fn columns(mut self, operation: &str, name: String, mark: Mark, rows: &Tensor) -> Self {
        match two_columns(operation, rows) {
            Ok((x, y)) => self.pairs(operation, name, mark, x, y),
            Err(problem) => {
                self.keep(problem);
                self
            }
        }
    }

    pub(super) fn pairs(
        mut self,
        operation: &str,
        name: String,
        mark: Mark,
        x: Vec<f64>,
        y: Vec<f64>,
    ) -> Self {
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
}

/// The two columns of a tensor `[rows, 2]`.
pub(super) fn two_columns(operation: &str, rows: &Tensor) -> Result<(Vec<f64>, Vec<f64>)> {
    if !matches!(rows.shape(), [_, 2]) {
        return Err(Error::new(operation)
            .expected("a tensor of shape [rows, 2]: x in the first column, y in the second")
            .got(format!("shape {:?}", rows.shape()))
            .hint("a picture has two axes: choose two columns"));
    }
    let values = Values::values(rows);
    Ok(values.chunks(2).map(|row| (row[0], row[1])).unzip())
}

fn said(what: &str, name: &str) -> String {
    if name.is_empty() {
        what.to_owned()
    } else {
        format!("{what} of series `{name}`")
    }
}
