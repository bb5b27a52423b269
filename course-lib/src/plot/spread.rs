//! How much a result depends on chance: all values of each group, and their median.

use std::fmt;

use super::axis::{Axis, AxisOptions, brief};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::chart::heading;
use super::picture::Plot;
use super::theme::{self, AXIS, GRID, INK, LABEL_SIZE, MARGIN, SOFT_INK, TICK_SIZE};
use super::values::{Values, drawable, span};
use crate::error::{Error, Result};

const MOST_GROUPS: usize = 40;
const ROW: f64 = 44.0;

/// A row of dots for each group. Made by [`spread`], drawn by [`Spread::draw`].
#[derive(Clone)]
#[must_use = "a spread is drawn by `.draw()?`"]
pub struct Spread {
    groups: Vec<(String, Vec<f64>)>,
    title: String,
    x_label: String,
}

/// A dot for every value of each group, with a line at the median and a pale band over the middle half of the
/// values: a metric from several seeds, network by network.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::spread(&[("SGD", [0.91, 0.94, 0.90, 0.95]), ("Adam", [0.96, 0.97, 0.95, 0.97])])
///     .x_label("accuracy on the test set")
///     .draw()?;
/// assert!(plot.alt().contains("Adam: median 0.965"), "{}", plot.alt());
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn spread<V: Values>(groups: &[(&str, V)]) -> Spread {
    let groups = groups
        .iter()
        .map(|(name, values)| ((*name).to_owned(), values.values()));
    Spread {
        groups: groups.collect(),
        title: String::new(),
        x_label: String::new(),
    }
}

impl Spread {
    /// The line above the picture: what it shows.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What the values are, with their unit.
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.x_label = label.into();
        self
    }

    /// Draws the groups, the first one at the top.
    ///
    /// # Errors
    /// If there is no group or more than forty, or a group is empty or holds a value that is not finite.
    pub fn draw(&self) -> Result<Plot> {
        if self.groups.is_empty() || self.groups.len() > MOST_GROUPS {
            return Err(Error::new("spread")
                .expected(format!("1 to {MOST_GROUPS} groups"))
                .got(self.groups.len().to_string())
                .hint("give a name and values for each: `plot::spread(&[(\"Adam\", &values)])`"));
        }
        for (name, values) in &self.groups {
            drawable("spread", &format!("group `{name}`"), values.clone())?;
        }
        let heading = if self.title.is_empty() { 0.0 } else { 34.0 };
        let label = if self.x_label.is_empty() {
            0.0
        } else {
            LABEL_SIZE * 1.6
        };
        let height = 2.0 * MARGIN + heading + ROW * self.groups.len() as f64 + TICK_SIZE * 1.7 + label;
        Plot::drawn((640.0, height), self.words(), |canvas, area| {
            self.place(canvas, area.shrunk(MARGIN));
            Ok(())
        })
    }

    fn words(&self) -> String {
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let of = if self.x_label.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.x_label)
        };
        let groups = self.groups.iter().map(|(name, values)| {
            let (low, high) = span(values.iter().copied());
            let median = brief(quantile(values, 0.5));
            format!(
                "{name}: median {median} of {}, from {} to {}",
                values.len(),
                brief(low),
                brief(high)
            )
        });
        format!(
            "Spread of groups{title}{of}. {}.",
            groups.collect::<Vec<_>>().join("; ")
        )
    }

    fn place(&self, canvas: &mut Canvas<'_>, area: Area) {
        let top = area.top + heading(canvas, area, &self.title);
        let room = area.width() * 0.38;
        let names = self
            .groups
            .iter()
            .map(|(name, _)| theme::text_width(name, LABEL_SIZE));
        let label = if self.x_label.is_empty() {
            0.0
        } else {
            LABEL_SIZE * 1.6
        };
        let inner = Area {
            left: area.left + names.fold(0.0, f64::max).min(room) + 14.0,
            top,
            right: area.right - 8.0,
            bottom: area.bottom - TICK_SIZE * 1.7 - label,
        };
        let axis = self.axis(inner.width());
        let at = |value: f64| inner.left + axis.share(value) * inner.width();
        for (value, text) in &axis.ticks {
            canvas.line((at(*value), inner.top), (at(*value), inner.bottom), GRID, 1.0);
            let letters = Lettering::new(TICK_SIZE, SOFT_INK, Anchor::Middle);
            canvas.text((at(*value), inner.bottom + TICK_SIZE * 1.05), text, letters);
        }
        canvas.line((inner.left, inner.bottom), (inner.right, inner.bottom), AXIS, 1.2);
        let row = inner.height() / self.groups.len() as f64;
        for (number, (name, values)) in self.groups.iter().enumerate() {
            let middle = inner.top + row * (number as f64 + 0.5);
            let name = theme::fit(name, LABEL_SIZE, room);
            let letters = Lettering::new(LABEL_SIZE, INK, Anchor::Right);
            canvas.text((inner.left - 12.0, middle), &name, letters);
            dots(canvas, values, number, middle, &at);
        }
        if !self.x_label.is_empty() {
            let text = theme::fit(&self.x_label, LABEL_SIZE, area.width());
            let letters = Lettering::new(LABEL_SIZE, INK, Anchor::Middle);
            let middle = (inner.left + inner.right) / 2.0;
            canvas.text((middle, area.bottom - LABEL_SIZE * 0.5), &text, letters);
        }
    }

    fn axis(&self, width: f64) -> Axis {
        let (low, high) = span(self.groups.iter().flat_map(|(_, values)| values.iter().copied()));
        let options = AxisOptions {
            marks: ((width / 58.0) as usize).clamp(2, 8),
            slack: 0.04,
            ..AxisOptions::default()
        };
        Axis::new(low, high, options)
    }
}

/// The band, the median and the dots of one group, round a height.
fn dots(canvas: &mut Canvas<'_>, values: &[f64], number: usize, middle: f64, at: &dyn Fn(f64) -> f64) {
    const HALF: f64 = 13.0;
    const RADIUS: f64 = 4.4;
    let color = theme::color(number);
    let band = Area {
        left: at(quantile(values, 0.25)),
        top: middle - HALF,
        right: at(quantile(values, 0.75)),
        bottom: middle + HALF,
    };
    canvas.rect(band, color, 0.15);
    let median = at(quantile(values, 0.5));
    canvas.line((median, middle - HALF), (median, middle + HALF), INK, 2.6);
    // Dots that would hide each other step aside, in turn upwards and downwards.
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut last, mut aside) = (f64::NEG_INFINITY, 0);
    for value in sorted {
        let x = at(value);
        aside = if x - last < RADIUS * 1.3 {
            (aside + 1) % 5
        } else {
            0
        };
        let shift = [0.0, -5.2, 5.2, -10.4, 10.4][aside];
        canvas.disc((x, middle + shift), RADIUS, color, 0.8);
        last = x;
    }
}

/// The value below which a share of the values lies, straight between neighbours, as NumPy's `quantile`.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

impl fmt::Debug for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Spread of {} groups; `.draw()?` at its end draws it",
            self.groups.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_straight_between_neighbours() {
        let values = [4.0, 1.0, 2.0, 3.0];
        assert_eq!(
            [0.0, 0.25, 0.5, 1.0].map(|share| quantile(&values, share)),
            [1.0, 1.75, 2.5, 4.0]
        );
        assert_eq!(quantile(&[7.0], 0.75), 7.0);
    }
}
