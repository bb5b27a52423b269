//! A surface seen from above, and the ways of optimisers down it.

use std::borrow::Borrow;

use super::axis::{Axis, AxisOptions, brief};
use super::backdrop::{Backdrop, Region};
use super::canvas::Point;
use super::colorbar::ColorBar;
use super::field::{Crossings, Field};
use super::figure::Figure;
use super::interval::{Interval, drawable_ends};
use super::series::Mark;
use super::theme::terrain;
use super::values::span;
use crate::error::{Error, Result};
use crate::tensor::Tensor;

const GRID: (usize, usize) = (181, 161);
/// How many levels a surface is cut at, where it does not ask for others.
const LEVELS: usize = 11;

/// A function of two values, seen from above: the higher, the darker. Finish it with the ways that optimisers
/// take ([`Figure::path`]), with labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
/// use course_lib::tensor::Tensor;
///
/// let path = Tensor::from_rows(&[[-1.5, 1.0], [-0.5, 0.4], [0.0, 0.0]])?;
/// let plot = plot::contour(|x, y| x * x + 4.0 * y * y, -2.0..=2.0, -1.5..=1.5)
///     .title("A bowl")
///     .path("SGD", &path)
///     .draw()?;
/// assert!(plot.alt().contains("SGD: 2 steps"), "{}", plot.alt());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// Levels are evenly spaced where that shows the surface, else (a valley between steep walls) so that the
/// areas between them are alike; the bar at the side tells. Infinite values count as the largest finite one.
pub fn contour(surface: impl Fn(f32, f32) -> f32, x_range: impl Interval, y_range: impl Interval) -> Figure {
    let mut figure = Figure::new().size(600, 470).x_label("x").y_label("y");
    let wanted = drawable_ends(NAME, &x_range).and_then(|x| Ok((x, drawable_ends(NAME, &y_range)?)));
    let drawn = wanted.and_then(|(x, y)| Ok((x, y, heights(&surface, x, y)?)));
    match drawn {
        Ok((x, y, field)) => {
            let (low, high) = span(field.values());
            figure.kind = Some("Contour map");
            figure
                .notes
                .push(format!("Heights from {} to {}.", brief(low), brief(high)));
            (figure.x.range, figure.y.range) = (Some(x), Some(y));
            *figure.backdrop = Some(painted(&field, &levels(&field)));
        }
        Err(problem) => figure.keep(problem),
    }
    figure
}

const NAME: &str = "contour";

impl Figure {
    /// The way of something that moves: a row `[x, y]` for each step, the start first. The start is a ring,
    /// the end a disc.
    pub fn path(self, name: impl Into<String>, steps: &Tensor) -> Self {
        self.columns("path", name.into(), Mark::Trail, steps)
    }

    /// Several named [paths](Figure::path).
    pub fn paths(self, paths: &[(impl AsRef<str>, impl Borrow<Tensor>)]) -> Self {
        paths.iter().fold(self, |figure, (name, steps)| {
            figure.path(name.as_ref(), steps.borrow())
        })
    }
}

/// The heights of the surface on a grid.
fn heights(surface: &dyn Fn(f32, f32) -> f32, x: (f64, f64), y: (f64, f64)) -> Result<Field> {
    Field::sample(x, y, GRID, |places| {
        let value = |(x, y): &Point| f64::from(surface(*x as f32, *y as f32));
        let heights: Vec<f64> = places.iter().map(value).collect();
        if let Some(at) = heights.iter().position(|height| height.is_nan()) {
            let (x, y) = places[at];
            return Err(Error::new(NAME)
                .expected("a function with a value at every place of the ranges")
                .got(format!("NaN at ({}, {})", brief(x), brief(y)))
                .hint("choose ranges on which the function is defined"));
        }
        let (low, high) = span(heights.iter().copied().filter(|height| height.is_finite()));
        let bounded = |height: f64| if low <= high { height.clamp(low, high) } else { 0.0 };
        Ok(heights.into_iter().map(bounded).collect())
    })
}

/// The heights to cut at, from low to high.
fn levels(field: &Field) -> Vec<f64> {
    let mut heights: Vec<f64> = field.values().collect();
    heights.sort_unstable_by(f64::total_cmp);
    let (Some(low), Some(high)) = (heights.first().copied(), heights.last().copied()) else {
        return Vec::new();
    };
    let inside = |level: &f64| *level > low && *level < high;
    let options = AxisOptions {
        range: Some((low, high)),
        marks: LEVELS,
        ..AxisOptions::default()
    };
    let mut even: Vec<f64> = if high - low > low.abs().max(high.abs()) * 1e-6 {
        let ticks = Axis::new(low, high, options).ticks;
        ticks.into_iter().map(|(level, _)| level).filter(inside).collect()
    } else {
        Vec::new()
    };
    // Even levels leave a valley blank if most of the surface lies below the first of them.
    let below = |level: f64| heights.partition_point(|height| *height < level) as f64 / heights.len() as f64;
    if even.first().is_none_or(|first| below(*first) < 0.15) {
        return even;
    }
    // A little more of them where the surface is low: that is where optimisers are to arrive.
    let share = |number: usize| (number as f64 / (LEVELS + 1) as f64).powf(1.4);
    even = (1..=LEVELS)
        .map(|number| heights[((heights.len() - 1) as f64 * share(number)) as usize])
        .map(rounded)
        .filter(inside)
        .collect();
    even.dedup();
    even
}

/// A number with two digits: levels are read.
fn rounded(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let unit = 10f64.powf(value.abs().log10().floor() - 1.0);
    (value / unit).round() * unit
}

fn painted(field: &Field, levels: &[f64]) -> Backdrop {
    let count = levels.len() as f64;
    let color = |number: usize| terrain(number as f64 / count.max(1.0));
    let regions = levels.iter().enumerate().map(|(number, level)| Region {
        color: color(number + 1),
        outlines: field.outlines(*level, &Crossings::new()),
        line: Some(color(number + 1).darker(0.22)),
    });
    let marks = levels.iter().enumerate();
    let bar = ColorBar {
        colors: (0..=levels.len()).map(color).collect(),
        marks: marks
            .map(|(at, level)| ((at as f64 + 1.0) / (count + 1.0), brief(*level)))
            .collect(),
        label: "height".to_owned(),
    };
    Backdrop {
        ground: color(0),
        regions: regions.collect(),
        bar: (!levels.is_empty()).then_some(bar),
    }
}
