//! Horizontal bars: a number for each name.

use std::fmt;

use super::axis::{Axis, AxisOptions, brief};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::chart::heading;
use super::picture::Plot;
use super::theme::{self, AXIS, GRID, INK, LABEL_SIZE, MARGIN, SOFT_INK, TICK_SIZE};
use super::values::{Values, drawable, span};
use crate::error::{Error, Result};

const MOST_BARS: usize = 100;

/// Horizontal bars, one for each name; the first one is at the top. Made by [`bars`], drawn by
/// [`Bars::draw`].
#[derive(Clone)]
#[must_use = "bars are drawn by `.draw()?`"]
pub struct Bars {
    names: Vec<String>,
    values: Vec<f64>,
    title: String,
    x_label: String,
}

/// A horizontal bar for each name: how often a class occurs, how much a feature weighs.
///
/// Bars below zero point to the left and have another colour.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::bars(&["benign", "malignant"], &[357, 212]).x_label("tumours").draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn bars(names: &[impl fmt::Display], values: &(impl Values + ?Sized)) -> Bars {
    Bars {
        names: names.iter().map(ToString::to_string).collect(),
        values: values.values(),
        title: String::new(),
        x_label: String::new(),
    }
}

impl Bars {
    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What the length of a bar is, with its unit.
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// Draws the bars.
    ///
    /// # Errors
    /// If there are no values or more than a hundred, names and values differ in number, or a value is not
    /// finite.
    pub fn draw(&self) -> Result<Plot> {
        let error = || Error::new("bars");
        if self.names.len() != self.values.len() {
            return Err(error()
                .expected("a value for each name")
                .got(format!(
                    "{} names and {} values",
                    self.names.len(),
                    self.values.len()
                ))
                .hint("take both from the same table"));
        }
        let values = drawable("bars", "the bars", self.values.clone())?;
        if values.len() > MOST_BARS {
            return Err(error()
                .expected(format!("at most {MOST_BARS} bars"))
                .got(values.len().to_string())
                .hint("show the largest ones, or draw a histogram of the values"));
        }
        let bar = if values.len() <= 8 { 38.0 } else { 24.0 };
        let heading = if self.title.is_empty() { 0.0 } else { 34.0 };
        let height = 2.0 * MARGIN + heading + bar * values.len() as f64 + 60.0;
        Plot::drawn((640.0, height.max(150.0)), self.words(), |canvas, area| {
            self.place(canvas, area.shrunk(MARGIN));
            Ok(())
        })
    }

    fn words(&self) -> String {
        let title = if self.title.is_empty() {
            "bar chart".to_owned()
        } else {
            format!("bar chart \"{}\"", self.title)
        };
        let of = if self.x_label.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.x_label)
        };
        let bars = self
            .names
            .iter()
            .zip(&self.values)
            .map(|(name, value)| format!("{name} {}", brief(*value)));
        format!("Horizontal {title}{of}: {}.", bars.collect::<Vec<_>>().join(", "))
    }

    fn place(&self, canvas: &mut Canvas<'_>, area: Area) {
        let top = area.top + heading(canvas, area, &self.title);
        let room = area.width() * 0.42;
        let widest = self
            .names
            .iter()
            .map(|name| theme::text_width(name, LABEL_SIZE))
            .fold(0.0, f64::max);
        let left = area.left + widest.min(room) + 12.0;
        let bottom = area.bottom
            - TICK_SIZE * 1.7
            - if self.x_label.is_empty() {
                0.0
            } else {
                LABEL_SIZE * 1.6
            };
        let inner = Area {
            left,
            top,
            right: area.right - 8.0,
            bottom,
        };

        let (low, high) = span(self.values.iter().copied());
        // The slack leaves room for the number behind the longest bar.
        let options = AxisOptions {
            from_zero: true,
            marks: 6,
            slack: 0.14,
            ..Default::default()
        };
        let axis = Axis::new(low, high, options);
        let at = |value: f64| inner.left + axis.share(value) * inner.width();
        for (value, label) in &axis.ticks {
            canvas.line((at(*value), top), (at(*value), bottom), GRID, 1.0);
            let lettering = Lettering::new(TICK_SIZE, SOFT_INK, Anchor::Middle);
            canvas.text((at(*value), bottom + TICK_SIZE * 1.05), label, lettering);
        }
        let bar = inner.height() / self.values.len() as f64;
        for (number, (name, value)) in self.names.iter().zip(&self.values).enumerate() {
            let middle = top + bar * (number as f64 + 0.5);
            let half = bar * 0.36;
            let (from, to) = (at(0.0).min(at(*value)), at(0.0).max(at(*value)));
            let color = theme::color(usize::from(*value < 0.0));
            canvas.rect(
                Area {
                    left: from,
                    top: middle - half,
                    right: to,
                    bottom: middle + half,
                },
                color,
                1.0,
            );
            let (x, anchor) = if *value < 0.0 {
                (from - 6.0, Anchor::Right)
            } else {
                (to + 6.0, Anchor::Left)
            };
            canvas.text(
                (x, middle),
                &brief(*value),
                Lettering::new(TICK_SIZE, SOFT_INK, anchor),
            );
            let name = theme::fit(name, LABEL_SIZE, room);
            canvas.text(
                (left - 10.0, middle),
                &name,
                Lettering::new(LABEL_SIZE, INK, Anchor::Right),
            );
        }
        canvas.line((at(0.0), top), (at(0.0), bottom), AXIS, 1.2);
        let label = theme::fit(&self.x_label, LABEL_SIZE, area.width());
        let middle = (inner.left + inner.right) / 2.0;
        if !label.is_empty() {
            let lettering = Lettering::new(LABEL_SIZE, INK, Anchor::Middle);
            canvas.text((middle, area.bottom - LABEL_SIZE * 0.5), &label, lettering);
        }
    }
}

impl fmt::Debug for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bars; `.draw()?` at their end draws them",
            self.values.len()
        )
    }
}
