//! Puts a figure on the sheet: title, legend, axes, grid, and inside them the data.

use super::axis::{Axis, AxisOptions};
use super::bins::Bins;
use super::calendar::Calendar;
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::figure::Figure;
use super::frame::Frame;
use super::looks::{Look, looks};
use super::marks;
use super::series::{Mark, Series};
use super::split;
use super::theme::{self, AXIS, GRID, INK, LABEL_SIZE, LEGEND_SIZE, SOFT_INK, TICK_SIZE, TITLE_SIZE};
use super::values::span;
use crate::error::Result;

/// Pictures less wide than this, in pixels, do without the scale of their colours.
const SMALL: f64 = 300.0;

/// Draws the figure inside `area`. The figure has been checked.
pub(super) fn draw(figure: &Figure, canvas: &mut Canvas<'_>, area: Area) {
    let mut top = area.top + heading(canvas, area, &figure.title);
    let looks = looks(&figure.series, figure.backdrop.is_some());
    top += legend(canvas, Area { top, ..area }, &looks);
    top += if figure.split.is_some() { split::ROW } else { 0.0 };
    let bins = Bins::new(&figure.series, figure.bins, figure.x.range, figure.shares);
    let bar = figure
        .backdrop
        .as_ref()
        .and_then(|backdrop| backdrop.bar.as_ref());
    // A small picture keeps its room for the data.
    let bar = bar.filter(|_| area.width() >= SMALL);

    let label = |text: &str| if text.is_empty() { 0.0 } else { LABEL_SIZE * 1.6 };
    let y = vertical_axis(figure, &bins, area.bottom - top);
    let inner = Area {
        left: area.left + widest(&y) + 10.0 + label(&figure.y_label),
        top: top + 6.0,
        right: area.right - 8.0 - bar.map_or(0.0, |bar| bar.width()),
        bottom: area.bottom - TICK_SIZE * 1.7 - label(&figure.x_label),
    };
    let x = horizontal_axis(figure, &bins, inner.width());

    let mut frame = Frame { area: inner, x, y };
    if figure.same_scale {
        equalize(figure, &mut frame);
        frame.area.left = area.left + widest(&frame.y) + 10.0 + label(&figure.y_label);
    }
    match (&*figure.backdrop, &*figure.split) {
        (Some(backdrop), _) => backdrop.draw(canvas, &frame),
        (None, Some(split)) => split.tint(canvas, &frame),
        (None, None) => {}
    }
    grid(canvas, &frame, figure.backdrop.is_none());
    labels_of_axes(canvas, &frame, area, &figure.x_label, &figure.y_label);
    if let Some(split) = &*figure.split {
        split.draw(canvas, &frame);
    }
    let is_edge = |(series, _): &(&Series, Look)| series.mark == Mark::Edge;
    let (edges, others): (Vec<_>, Vec<_>) = looks.into_iter().partition(is_edge);
    for (series, look) in edges.into_iter().chain(others) {
        marks::draw(canvas, &frame, series, look, &bins);
    }
    if let Some(bar) = bar {
        bar.draw(canvas, frame.area);
    }
}

/// The room that the numbers of an axis need across, in pixels.
fn widest(axis: &Axis) -> f64 {
    let widths = axis
        .ticks
        .iter()
        .map(|(_, label)| theme::text_width(label, TICK_SIZE));
    widths.fold(0.0, f64::max)
}

/// Writes a title at the top of an area; returns the height it took.
pub(super) fn heading(canvas: &mut Canvas<'_>, area: Area, title: &str) -> f64 {
    // A long title must leave the data most of a small picture.
    let most = (area.height() / 4.0 / (TITLE_SIZE * 1.3)).clamp(1.0, 3.0) as usize;
    let lines = theme::wrap(title, TITLE_SIZE, area.width(), most);
    if lines.is_empty() {
        return 0.0;
    }
    let lettering = Lettering::new(TITLE_SIZE, INK, Anchor::Left).bold();
    canvas.lines((area.left, area.top), &lines, lettering) + 8.0
}

/// Writes the names of the axes below and beside a frame.
pub(super) fn labels_of_axes(
    canvas: &mut Canvas<'_>,
    frame: &Frame,
    area: Area,
    x_label: &str,
    y_label: &str,
) {
    let inner = frame.area;
    let lettering = Lettering::new(LABEL_SIZE, INK, Anchor::Middle);
    if !x_label.is_empty() {
        let text = theme::fit(x_label, LABEL_SIZE, area.width());
        // A label that is wider than the axis is centred on the whole figure instead.
        let axis_is_wide_enough = theme::text_width(&text, LABEL_SIZE) <= inner.width();
        let around = if axis_is_wide_enough { inner } else { area };
        let middle = (around.left + around.right) / 2.0;
        canvas.text((middle, area.bottom - LABEL_SIZE * 0.5), &text, lettering);
    }
    if !y_label.is_empty() {
        let text = theme::fit(y_label, LABEL_SIZE, inner.height());
        let middle = (inner.top + inner.bottom) / 2.0;
        canvas.text((area.left + LABEL_SIZE * 0.5, middle), &text, lettering.upwards());
    }
}

/// Names the series in a row above the data, where it covers none; returns the height it took.
fn legend(canvas: &mut Canvas<'_>, area: Area, looks: &[(&Series, Look)]) -> f64 {
    const SWATCH: f64 = 22.0;
    const ROW: f64 = LEGEND_SIZE * 1.6;
    let (mut x, mut row) = (area.left, 0.0);
    let mut written: Vec<&str> = Vec::new();
    for (series, look) in looks {
        if series.name.is_empty() || written.contains(&series.name.as_str()) {
            continue;
        }
        let text = theme::fit(&series.name, LEGEND_SIZE, area.width() - SWATCH - 8.0);
        let width = SWATCH + 8.0 + theme::text_width(&text, LEGEND_SIZE);
        if !written.is_empty() && x + width > area.right {
            (x, row) = (area.left, row + ROW);
        }
        written.push(&series.name);
        let middle = area.top + row + ROW / 2.0;
        let swatch = Area {
            left: x,
            top: middle - 6.0,
            right: x + SWATCH,
            bottom: middle + 6.0,
        };
        marks::swatch(canvas, swatch, series.mark, *look);
        let lettering = Lettering::new(LEGEND_SIZE, INK, Anchor::Left);
        canvas.text((x + SWATCH + 8.0, middle), &text, lettering);
        x += width + 20.0;
    }
    if written.is_empty() { 0.0 } else { row + ROW + 6.0 }
}

fn horizontal_axis(figure: &Figure, bins: &Bins, width: f64) -> Axis {
    let of_pairs = figure
        .series
        .iter()
        .filter(|series| !matches!(series.mark, Mark::Histogram | Mark::Horizontal));
    let values = of_pairs.flat_map(|series| series.x.iter().copied());
    let (low, high) = ends(values.chain(bins.edges.iter().copied()));
    // Lines run from edge to edge; points and bars keep some distance to the edges.
    let only_lines = figure.series.iter().all(|series| series.mark.runs_to_the_edge());
    let options = AxisOptions {
        range: figure.x.range,
        whole: figure.x.whole,
        slack: if only_lines { 0.01 } else { 0.03 },
        ..AxisOptions::default()
    };
    let marks = |room: f64| ((width / room) as usize).clamp(2, 10);
    let axis = |marks| Axis::new(low, high, AxisOptions { marks, ..options });
    let mut fitting = axis(marks(60.0));
    let months = |calendar: Calendar| calendar.marks(fitting.low, fitting.high, width);
    if let Some(marks) = figure.x.calendar.and_then(months) {
        fitting.ticks = marks;
        return fitting;
    }
    // Long numbers need more room each.
    let widest = widest(&fitting);
    if widest + 16.0 <= width / fitting.ticks.len() as f64 {
        return fitting;
    }
    axis(marks(widest + 24.0))
}

fn vertical_axis(figure: &Figure, bins: &Bins, height: f64) -> Axis {
    let heights = figure.series.iter().flat_map(|series| match series.mark {
        Mark::Histogram => bins.heights(series),
        Mark::Vertical => Vec::new(),
        _ => series.y.clone(),
    });
    let (low, high) = ends(heights.filter(|y| *y > 0.0 || !figure.y.logarithmic));
    let is_filled = |series: &Series| matches!(series.mark, Mark::Histogram | Mark::Area);
    let only_histograms = figure.series.iter().all(|series| series.mark == Mark::Histogram);
    let options = AxisOptions {
        range: figure.y.range,
        whole: figure.y.whole || (only_histograms && !bins.shares && !figure.series.is_empty()),
        from_zero: figure.series.iter().any(is_filled),
        logarithmic: figure.y.logarithmic,
        marks: ((height / 48.0) as usize).clamp(2, 8),
        slack: 0.05,
    };
    Axis::new(low, high, options)
}

/// Smallest and largest of the values that are numbers; 0 and 1 if none is.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = span(values.filter(|value| value.is_finite()));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

/// Makes the axis on which a unit is longer span more, until a unit is equally long on both.
fn equalize(figure: &Figure, frame: &mut Frame) {
    let (width, height) = (frame.area.width(), frame.area.height());
    let unit = |axis: &Axis, length: f64| (axis.high - axis.low) / length;
    let wider = |axis: &Axis, span: f64, marks: usize| {
        let (middle, half) = ((axis.low + axis.high) / 2.0, span / 2.0);
        let options = AxisOptions {
            range: Some((middle - half, middle + half)),
            marks,
            ..AxisOptions::default()
        };
        Axis::new(0.0, 1.0, options)
    };
    let (across, up) = (unit(&frame.x, width), unit(&frame.y, height));
    if across < up && figure.x.range.is_none() {
        frame.x = wider(&frame.x, up * width, (width / 60.0) as usize);
    } else if up < across && figure.y.range.is_none() && !figure.y.logarithmic {
        frame.y = wider(&frame.y, across * height, (height / 48.0) as usize);
    }
}

/// Draws the marks of the axes and their numbers, with lines through the data or without.
fn grid(canvas: &mut Canvas<'_>, frame: &Frame, lines: bool) {
    let Area {
        left,
        top,
        right,
        bottom,
    } = frame.area;
    for (value, _) in &frame.y.ticks {
        let y = frame.at(frame.x.low, *value).1;
        if lines {
            canvas.line((left, y), (right, y), GRID, 1.0);
        } else {
            canvas.line((left - 4.0, y), (left, y), AXIS, 1.0);
        }
    }
    for (value, _) in &frame.x.ticks {
        let x = frame.at(*value, frame.y.low).0;
        if lines {
            canvas.line((x, top), (x, bottom), GRID, 1.0);
        }
        canvas.line((x, bottom), (x, bottom + 4.0), AXIS, 1.0);
    }
    if lines {
        canvas.line((left, bottom), (right, bottom), AXIS, 1.2);
    } else {
        canvas.path(&frame.area.outline(), AXIS, 1.2);
    }
    numbers(canvas, frame);
}

fn numbers(canvas: &mut Canvas<'_>, frame: &Frame) {
    let lettering = |anchor| Lettering::new(TICK_SIZE, SOFT_INK, anchor);
    for (value, label) in &frame.x.ticks {
        let (x, bottom) = frame.at(*value, frame.y.low);
        canvas.text((x, bottom + TICK_SIZE * 1.05), label, lettering(Anchor::Middle));
    }
    for (value, label) in &frame.y.ticks {
        let (left, y) = frame.at(frame.x.low, *value);
        canvas.text((left - 8.0, y), label, lettering(Anchor::Right));
    }
}

/// The figures with the same axes: where one has no range of its own, that of the data of all.
pub(super) fn with_same_axes(figures: &[Figure]) -> Result<Vec<Figure>> {
    figures.iter().try_for_each(Figure::check)?;
    let bins = |figure: &Figure| Bins::new(&figure.series, figure.bins, figure.x.range, figure.shares);
    let over = |axis: &dyn Fn(&Figure) -> Axis, figures: &[Figure]| {
        let axes: Vec<Axis> = figures.iter().map(axis).collect();
        span(axes.iter().flat_map(|axis| [axis.low, axis.high]))
    };
    let mut alike = figures.to_vec();
    let x = over(&|figure| horizontal_axis(figure, &bins(figure), 500.0), &alike);
    alike
        .iter_mut()
        .for_each(|figure| figure.x.range = figure.x.range.or(Some(x)));
    // How many values a bin holds depends on where the bins are.
    let y = over(&|figure| vertical_axis(figure, &bins(figure), 300.0), &alike);
    alike
        .iter_mut()
        .for_each(|figure| figure.y.range = figure.y.range.or(Some(y)));
    Ok(alike)
}
