//! How a heat map is laid out and drawn: cells, names, numbers and the scale of its colours.

use super::axis::{Axis, AxisOptions, brief, plain};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::chart::heading;
use super::colorbar::ColorBar;
use super::grid::Place;
use super::heat_map::HeatMap;
use super::theme::{self, CARD, Color, INK, LABEL_SIZE, MARGIN, SOFT_INK, diverging, fit, heat, text_width};
use super::values::{drawable, span};
use crate::error::{Error, Result};

const MOST: usize = 60;
/// What the names of rows and columns may take of the picture, in pixels.
const NAME_ROOM: f64 = 150.0;
/// How many colours the bar at the side shows.
const SHADES: usize = 41;

impl HeatMap {
    fn counts(&self) -> (usize, usize) {
        match self.shape[..] {
            [rows, columns] => (rows, columns),
            _ => (0, 0),
        }
    }

    fn row_names(&self) -> Vec<String> {
        named(&self.rows, self.counts().0)
    }

    fn column_names(&self) -> Vec<String> {
        named(&self.columns, self.counts().1)
    }

    /// The numbers of the palest and the deepest colour.
    fn ends(&self) -> (f64, f64) {
        let (low, high) = self.range.unwrap_or_else(|| span(self.values.iter().copied()));
        if low < 0.0 && high > 0.0 {
            let far = high.max(-low);
            return (-far, far);
        }
        if low < high {
            (low, high)
        } else {
            (low.min(0.0), high.max(0.0).max(low + 1.0))
        }
    }

    fn color(&self, value: f64) -> Color {
        // More shades than this nobody tells apart.
        let stepped = |share: f64| (share * 60.0).round() / 60.0;
        let (low, high) = self.ends();
        if low < 0.0 && high > 0.0 {
            return diverging(stepped(value / high));
        }
        let share = stepped((value - low) / (high - low));
        if high <= 0.0 {
            diverging(share - 1.0)
        } else {
            heat(share)
        }
    }

    /// The scale of the colours, beside cells of the given height.
    fn bar(&self, cells: f64) -> ColorBar {
        let (low, high) = self.ends();
        let at = |share: f64| low + (high - low) * share;
        let options = AxisOptions {
            range: Some((low, high)),
            marks: ((cells * self.counts().0 as f64 / 34.0) as usize).clamp(2, 5),
            ..AxisOptions::default()
        };
        let axis = Axis::new(low, high, options);
        let marks = axis
            .ticks
            .iter()
            .map(|(value, label)| (axis.share(*value), label.clone()));
        ColorBar {
            colors: (0..SHADES)
                .map(|shade| self.color(at((shade as f64 + 0.5) / SHADES as f64)))
                .collect(),
            marks: marks.collect(),
            label: self.bar_label.clone(),
        }
    }

    fn layout(&self, smaller: f64) -> Layout {
        let (rows, columns) = self.counts();
        let cell = (480.0 * smaller / rows.max(columns) as f64).clamp(13.0, 64.0);
        let size = (cell * 0.74).clamp(9.5, LABEL_SIZE);
        let widest = |names: &[String]| {
            let widths = names.iter().map(|name| text_width(name, size));
            widths.fold(0.0, f64::max).min(NAME_ROOM)
        };
        let (row_room, column_room) = (widest(&self.row_names()), widest(&self.column_names()));
        // Names that are wider than their column are written upwards.
        let upright = column_room > cell - 4.0;
        let label = |text: &str| if text.is_empty() { 0.0 } else { LABEL_SIZE * 1.7 };
        Layout {
            cell,
            size,
            upright,
            left: label(&self.y_label) + row_room + 10.0,
            below: label(&self.x_label) + if upright { column_room + 12.0 } else { size * 1.7 },
            heading: if self.title.is_empty() { 0.0 } else { 34.0 },
        }
    }

    fn writes_numbers(&self, layout: &Layout) -> bool {
        self.numbers.unwrap_or(layout.cell >= 34.0)
    }

    /// A number as the cells have it: all with the same decimals, three digits for the largest.
    fn written(&self, value: f64) -> String {
        let largest = self
            .values
            .iter()
            .fold(0.0, |largest: f64, value| largest.max(value.abs()));
        if largest >= 1e6 || (largest > 0.0 && largest < 1e-3) {
            return brief(value);
        }
        let is_whole = self.values.iter().all(|value| value.fract() == 0.0);
        let decimals = if is_whole || largest == 0.0 {
            0.0
        } else {
            2.0 - largest.log10().floor()
        };
        plain(value, decimals.clamp(0.0, 5.0) as usize)
    }
}

/// Where the parts of a map are, in pixels.
struct Layout {
    cell: f64,
    /// Of the names.
    size: f64,
    upright: bool,
    left: f64,
    below: f64,
    heading: f64,
}

impl Place for HeatMap {
    fn check(&self) -> Result<()> {
        let problem = || Error::new("heat_map");
        let (rows, columns) = self.counts();
        if !(1..=MOST).contains(&rows) || !(1..=MOST).contains(&columns) {
            return Err(problem()
                .expected(format!("a table of shape [rows, columns], each at most {MOST}"))
                .got(format!("shape {:?}", self.shape))
                .hint("reshape a vector to [1, columns]; draw a part of a large table"));
        }
        for (what, names, count) in [("row", &self.rows, rows), ("column", &self.columns, columns)] {
            if !names.is_empty() && names.len() != count {
                return Err(problem()
                    .expected(format!("{count} {what} names"))
                    .got(names.len().to_string())
                    .hint("the first axis of the tensor are the rows, the second the columns"));
            }
        }
        if let Some((low, high)) = self.range
            && !(low.is_finite() && high.is_finite() && low < high)
        {
            return Err(problem()
                .expected("a range of two finite numbers, the lower one first")
                .got(format!("{low} and {high}"))
                .hint("leave the range out to see all values"));
        }
        drawable("heat_map", "the cells", self.values.clone()).map(|_| ())
    }

    fn words(&self) -> String {
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let (rows, columns) = (self.row_names(), self.column_names());
        let mut words = format!(
            "Heat map{title} of {} rows and {} columns.",
            rows.len(),
            columns.len()
        );
        let largest = |better: &dyn Fn(f64, f64) -> bool| {
            let all = self.values.iter().copied().enumerate();
            all.reduce(|best, next| if better(next.1, best.1) { next } else { best })
        };
        let ends = [
            ("Largest", largest(&|new, best| new > best)),
            ("smallest", largest(&|new, best| new < best)),
        ];
        let ends = ends.iter().filter_map(|(word, found)| {
            let (at, value) = (*found)?;
            let (row, column) = (rows.get(at / columns.len())?, columns.get(at % columns.len())?);
            Some(format!("{word}: {} ({row}, {column})", self.written(value)))
        });
        words.push_str(&format!(" {}.", ends.collect::<Vec<_>>().join("; ")));
        words
    }

    fn size(&self, across: f64, _: f64) -> (f64, f64) {
        let layout = self.layout(across);
        let (rows, columns) = self.counts();
        let width = layout.left + layout.cell * columns as f64 + self.bar(layout.cell).width() + 2.0 * MARGIN;
        let height = layout.heading + layout.cell * rows as f64 + layout.below + 2.0 * MARGIN;
        (width.max(200.0), height.max(120.0))
    }

    fn place(&self, canvas: &mut Canvas<'_>, area: Area) {
        let area = area.shrunk(MARGIN);
        let (rows, columns) = self.counts();
        // The area is as large as one of the sizes asked for: the cell follows from it.
        let fitting = |smaller: &f64| {
            let layout = self.layout(*smaller);
            layout.left + layout.cell * columns as f64 + self.bar(layout.cell).width() <= area.width() + 0.6
        };
        let smaller = [1.0, 0.64, 0.52].into_iter().find(fitting).unwrap_or(0.46);
        let layout = self.layout(smaller);
        let top = area.top + heading(canvas, area, &self.title).max(layout.heading);
        let cells = Area {
            left: area.left + layout.left,
            top,
            right: area.left + layout.left + layout.cell * columns as f64,
            bottom: top + layout.cell * rows as f64,
        };
        self.cells(canvas, &layout, (cells.left, cells.top));
        self.names(canvas, &layout, cells);
        let letters = Lettering::new(LABEL_SIZE, INK, Anchor::Middle);
        let middle = ((cells.left + cells.right) / 2.0, (cells.top + cells.bottom) / 2.0);
        if !self.x_label.is_empty() {
            let text = fit(&self.x_label, LABEL_SIZE, area.width());
            canvas.text(
                (middle.0, cells.bottom + layout.below - LABEL_SIZE * 0.5),
                &text,
                letters,
            );
        }
        if !self.y_label.is_empty() {
            let text = fit(&self.y_label, LABEL_SIZE, area.height());
            canvas.text((area.left + LABEL_SIZE * 0.5, middle.1), &text, letters.upwards());
        }
        self.bar(layout.cell).draw(canvas, cells);
    }
}

impl HeatMap {
    fn cells(&self, canvas: &mut Canvas<'_>, layout: &Layout, (left, top): (f64, f64)) {
        let columns = self.counts().1;
        let area = |number: usize| {
            let corner = (
                left + layout.cell * (number % columns) as f64,
                top + layout.cell * (number / columns) as f64,
            );
            Area {
                left: corner.0,
                top: corner.1,
                right: corner.0 + layout.cell,
                bottom: corner.1 + layout.cell,
            }
        };
        // One colour after the other: what looks alike is said once in the picture's file.
        let mut cells: Vec<(Color, usize)> = (0..self.values.len())
            .map(|at| (self.color(self.values[at]), at))
            .collect();
        cells.sort_unstable_by_key(|(Color(red, green, blue), at)| (*red, *green, *blue, *at));
        for (color, number) in &cells {
            canvas.rect(area(*number).shrunk(0.5), *color, 1.0);
        }
        if !self.writes_numbers(layout) {
            return;
        }
        for (color, number) in cells {
            let area = area(number);
            let text = self.written(self.values[number]);
            let size = (layout.cell * 0.3).clamp(8.0, 15.0);
            let size = size.min(size * (layout.cell - 4.0) / text_width(&text, size));
            let ink = if color.is_dark() { CARD } else { INK };
            let middle = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
            canvas.text(middle, &text, Lettering::new(size, ink, Anchor::Middle));
        }
    }

    fn names(&self, canvas: &mut Canvas<'_>, layout: &Layout, cells: Area) {
        let letters = Lettering::new(layout.size, SOFT_INK, Anchor::Right);
        for (row, name) in self.row_names().iter().enumerate() {
            let y = cells.top + layout.cell * (row as f64 + 0.5);
            canvas.text(
                (cells.left - 7.0, y),
                &theme::fit(name, layout.size, NAME_ROOM),
                letters,
            );
        }
        for (column, name) in self.column_names().iter().enumerate() {
            let x = cells.left + layout.cell * (column as f64 + 0.5);
            let name = theme::fit(name, layout.size, NAME_ROOM);
            if layout.upright {
                canvas.text((x, cells.bottom + 7.0), &name, letters.upwards());
            } else {
                let anchor = Anchor::Middle;
                canvas.text(
                    (x, cells.bottom + layout.size * 0.95),
                    &name,
                    Lettering { anchor, ..letters },
                );
            }
        }
    }
}

fn named(names: &[String], count: usize) -> Vec<String> {
    if names.is_empty() {
        // Of many numbers every fifth is enough to count by.
        let step = if count > 25 { 5 } else { 1 };
        let name = |number: usize| {
            if number.is_multiple_of(step) {
                number.to_string()
            } else {
                String::new()
            }
        };
        (0..count).map(name).collect()
    } else {
        names.to_vec()
    }
}
