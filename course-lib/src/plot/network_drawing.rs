//! Where the circles and lines of a network stand.

use super::canvas::{Anchor, Area, Canvas, Lettering, Point};
use super::network::{Network, Units};
use super::network_marks::{
    NEGATIVE, NUMBER_SIZE, POSITIVE, THICK, THIN, details, head_width, inside, legend, legend_width, number,
};
use super::picture::Plot;
use super::theme::{self, AXIS, CARD, Color, INK, LABEL_SIZE, MARGIN, SOFT_INK};
use super::title::Title;
use crate::error::Result;

/// A layer with more units than this is shown by its first and last ones.
const MOST_UNITS: usize = 10;
const FIRST: usize = 5;
const LAST: usize = 2;

const HEAD: f64 = LABEL_SIZE * 2.9;
const LEGEND: f64 = 30.0;

/// A column of circles.
struct Column<'a> {
    units: &'a Units,
    x: f64,
    /// The units that are shown, from top to bottom; nothing for those between.
    shown: Vec<Option<usize>>,
    top: f64,
}

struct Layout<'a> {
    columns: Vec<Column<'a>>,
    /// From one circle to the one below it.
    step: f64,
    radius: f64,
    numbers: bool,
    /// The largest weight, which has the thickest line.
    largest: f64,
    legend: bool,
    size: (f64, f64),
}

/// Draws a network that was checked.
pub(super) fn draw(network: &Network<'_>) -> Result<Plot> {
    let layout = Layout::new(network);
    let title = Title::new(&network.title, layout.size.0);
    let legend = if layout.legend { LEGEND } else { 0.0 };
    let size = (
        layout.size.0 + 2.0 * MARGIN,
        layout.size.1 + title.height() + legend + 2.0 * MARGIN,
    );
    Plot::drawn(size, network.words(layout.numbers), |canvas, area| {
        let area = title.draw(canvas, area.shrunk(MARGIN));
        layout.draw(canvas, area);
        Ok(())
    })
}

impl<'a> Layout<'a> {
    fn new(network: &'a Network<'_>) -> Self {
        let layers = &network.layers;
        let shown: Vec<Vec<Option<usize>>> = layers.iter().map(|layer| shown(layer.count)).collect();
        let rows = shown.iter().map(Vec::len).max().unwrap_or(1);
        let most = |counts: &mut dyn Iterator<Item = usize>| counts.max().unwrap_or(0);
        // Beyond this the numbers on the lines would lie on each other.
        let small = most(&mut layers.iter().map(|layer| layer.count)) <= 6
            && most(&mut layers.iter().skip(1).map(|layer| layer.count)) <= 5
            && layers.len() <= 5;
        let known = layers.iter().any(|layer| !layer.weights.is_empty());
        let named = layers.iter().any(|layer| !layer.weight_names.is_empty());
        let numbers = network.numbers.unwrap_or(small) && (known || named) && rows <= MOST_UNITS;
        let values = layers.iter().any(|layer| !layer.values.is_empty());

        let step = match (numbers, values) {
            (true, _) => 106.0,
            (false, true) => (420.0 / rows as f64).clamp(56.0, 86.0),
            (false, false) => (380.0 / rows as f64).clamp(34.0, 72.0),
        };
        let radius = match (numbers, values) {
            (_, true) => 24.0,
            (true, false) => 20.0,
            (false, false) => (step * 0.36).clamp(12.0, 20.0),
        };
        let heads = layers.iter().map(head_width);
        let widest = heads.fold(0.0, f64::max).min(180.0);
        let pitch = match numbers {
            true => {
                // From a circle to the numbers on the lines beside it.
                let beside = if named { 74.0 } else { 56.0 };
                let gaps = layers
                    .windows(2)
                    .map(|pair| 1.0 / number_share(pair[0].count, pair[1].count));
                gaps.fold(200.0, |pitch: f64, parts| pitch.max(beside * parts))
            }
            false => (560.0 / (layers.len() - 1) as f64).clamp(104.0, 190.0),
        }
        .max(widest + 16.0);
        // A bias with its name is wider than the circle below it.
        let bias = if numbers && named { 52.0 } else { 32.0 };
        let side = (widest / 2.0).max(if numbers { bias } else { radius + 4.0 });

        // Two layers with little between them still leave room for the legend below.
        let least = if known { legend_width() } else { 0.0 };
        let pitch = pitch.max((least - 2.0 * side) / (layers.len() - 1) as f64);

        let rows_height = rows as f64 * step;
        let columns = layers
            .iter()
            .zip(shown)
            .enumerate()
            .map(|(number, (units, shown))| Column {
                units,
                x: side + number as f64 * pitch,
                top: HEAD
                    + (rows_height - shown.len() as f64 * step) / 2.0
                    + step * if numbers { 0.62 } else { 0.5 },
                shown,
            });
        let weights = layers
            .iter()
            .flat_map(|layer| layer.weights.iter().chain(&layer.biases));
        Self {
            columns: columns.collect(),
            step,
            radius,
            numbers,
            largest: weights.fold(0.0, |most: f64, weight| most.max(weight.abs())),
            legend: known,
            size: (2.0 * side + (layers.len() - 1) as f64 * pitch, HEAD + rows_height),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Area) {
        for pair in self.columns.windows(2) {
            self.lines(canvas, area, &pair[0], &pair[1]);
        }
        if self.numbers {
            for pair in self.columns.windows(2) {
                self.line_numbers(canvas, area, &pair[0], &pair[1]);
            }
        }
        for column in &self.columns {
            self.head(canvas, area, column);
            for (row, unit) in column.shown.iter().enumerate() {
                let place = self.place(area, column, row);
                match unit {
                    Some(unit) => self.circle(canvas, place, column.units, *unit),
                    None => (-1..=1).for_each(|dot| {
                        canvas.disc((place.0, place.1 + f64::from(dot) * 8.0), 2.0, SOFT_INK, 1.0);
                    }),
                }
            }
        }
        if self.legend {
            legend(
                canvas,
                Area {
                    top: area.top + self.size.1 + LEGEND * 0.7,
                    ..area
                },
            );
        }
    }

    /// The middle of a circle.
    fn place(&self, area: Area, column: &Column<'_>, row: usize) -> Point {
        (
            area.left + column.x,
            area.top + column.top + row as f64 * self.step,
        )
    }

    /// The lines from one column to the next, the strongest ones over the others.
    fn lines(&self, canvas: &mut Canvas<'_>, area: Area, before: &Column<'_>, after: &Column<'_>) {
        let mut lines: Vec<(f64, Point, Point)> = Vec::new();
        for (row, from) in before.shown.iter().enumerate() {
            for (column, to) in after.shown.iter().enumerate() {
                if let (Some(from), Some(to)) = (from, to) {
                    let weight = after.units.weights.get(from * after.units.count + to);
                    let ends = (self.place(area, before, row), self.place(area, after, column));
                    lines.push((weight.copied().unwrap_or(f64::NAN), ends.0, ends.1));
                }
            }
        }
        lines.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
        for (weight, from, to) in lines {
            let (color, width) = self.stroke(weight);
            canvas.line(from, to, color, width);
        }
    }

    /// Colour and width of the line of a weight; NaN stands for one that is not known.
    fn stroke(&self, weight: f64) -> (Color, f64) {
        if weight.is_nan() {
            return (AXIS, 1.2);
        }
        let share = if self.largest > 0.0 {
            weight.abs() / self.largest
        } else {
            0.0
        };
        let color = match weight {
            0.0 => AXIS,
            weight if weight > 0.0 => POSITIVE,
            _ => NEGATIVE,
        };
        (color, THIN + THICK * share)
    }

    /// The weights on their lines, below each other with even distances.
    fn line_numbers(&self, canvas: &mut Canvas<'_>, area: Area, before: &Column<'_>, after: &Column<'_>) {
        let (inputs, units) = (before.units.count, after.units.count);
        let share = number_share(inputs, units);
        let share = if inputs < units { 1.0 - share } else { share };
        for (row, from) in before.shown.iter().enumerate() {
            for (column, to) in after.shown.iter().enumerate() {
                let (Some(from), Some(to)) = (from, to) else {
                    continue;
                };
                let index = from * after.units.count + to;
                let name = after.units.weight_names.get(index);
                let weight = after.units.weights.get(index);
                let (start, end) = (self.place(area, before, row), self.place(area, after, column));
                let at = (
                    start.0 + (end.0 - start.0) * share,
                    start.1 + (end.1 - start.1) * share,
                );
                number(canvas, at, name, weight);
            }
        }
    }

    fn circle(&self, canvas: &mut Canvas<'_>, (x, y): Point, units: &Units, unit: usize) {
        let bias = units.biases.get(unit);
        let bias_name = units.bias_names.get(unit);
        if self.numbers && (bias.is_some() || bias_name.is_some()) {
            let (color, width) = self.stroke(bias.copied().unwrap_or(f64::NAN));
            canvas.line((x, y), (x, y - self.radius - 14.0), color, width);
            number(canvas, (x, y - self.radius - 22.0), bias_name, bias);
        }
        // Without its number, a bias is the colour and the thickness of the circle's edge.
        let (edge, width) = match bias {
            Some(bias) if !self.numbers => self.stroke(*bias),
            _ => (INK, 1.0),
        };
        canvas.disc((x, y), self.radius, edge, 1.0);
        canvas.disc((x, y), self.radius - width.max(1.4), CARD, 1.0);
        let room = 2.0 * self.radius - 5.0;
        let fits = |name: &&String| theme::text_width(name, NUMBER_SIZE) <= room;
        let name = units
            .names
            .get(unit)
            .filter(fits)
            .map(String::as_str)
            .unwrap_or_default();
        match units.values.get(unit) {
            Some(value) => {
                let shift = if name.is_empty() { 0.0 } else { 8.0 };
                canvas.text(
                    (x, y - 8.0),
                    name,
                    Lettering::new(NUMBER_SIZE, SOFT_INK, Anchor::Middle),
                );
                let (value, size) = inside(*value, room);
                canvas.text(
                    (x, y + shift),
                    &value,
                    Lettering::new(size, INK, Anchor::Middle).bold(),
                );
            }
            None => canvas.text((x, y), name, Lettering::new(NUMBER_SIZE, INK, Anchor::Middle)),
        }
    }

    fn head(&self, canvas: &mut Canvas<'_>, area: Area, column: &Column<'_>) {
        let x = area.left + column.x;
        let name = theme::fit(&column.units.name, LABEL_SIZE, 180.0);
        canvas.text(
            (x, area.top + LABEL_SIZE * 0.6),
            &name,
            Lettering::new(LABEL_SIZE, INK, Anchor::Middle).bold(),
        );
        let details = details(column.units);
        let details = theme::fit(&details, NUMBER_SIZE, 180.0);
        canvas.text(
            (x, area.top + LABEL_SIZE * 1.9),
            &details,
            Lettering::new(NUMBER_SIZE, SOFT_INK, Anchor::Middle),
        );
    }
}

/// Where the numbers of the lines between n and m units stand: at which share of their length, from the end
/// that has more units. There, the numbers of all n · m lines have even distances.
fn number_share(n: usize, m: usize) -> f64 {
    1.0 / (n.min(m) as f64 + 1.0)
}

/// The units of a layer that are drawn; nothing stands for those left out.
fn shown(count: usize) -> Vec<Option<usize>> {
    if count <= MOST_UNITS {
        return (0..count).map(Some).collect();
    }
    (0..FIRST)
        .map(Some)
        .chain([None])
        .chain((count - LAST..count).map(Some))
        .collect()
}
