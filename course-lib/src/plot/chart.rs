//! Puts a figure on the sheet: title, legend, axes, grid, and inside them the data.

use super::axis::{Axis, AxisOptions};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::figure::{Figure, Mark, Series};
use super::marks::{self, Frame};
use super::theme::{self, AXIS, Color, GRID, INK, LABEL_SIZE, LEGEND_SIZE, SOFT_INK, TICK_SIZE, TITLE_SIZE};
use super::values::span;

/// Draws the figure inside `area`. The figure has been checked.
pub(super) fn draw(figure: &Figure, canvas: &mut Canvas<'_>, area: Area) {
    let mut top = area.top + heading(canvas, area, &figure.title);
    top += legend(canvas, Area { top, ..area }, &figure.series);
    let bins = marks::bins(&figure.series, figure.bins, figure.x.range);

    let y = vertical_axis(figure, &bins, area.bottom - top);
    let labels = y
        .ticks
        .iter()
        .map(|(_, label)| theme::text_width(label, TICK_SIZE))
        .fold(0.0, f64::max);
    let left = area.left
        + labels
        + 10.0
        + if figure.y_label.is_empty() {
            0.0
        } else {
            LABEL_SIZE * 1.6
        };
    let bottom = area.bottom
        - TICK_SIZE * 1.7
        - if figure.x_label.is_empty() {
            0.0
        } else {
            LABEL_SIZE * 1.6
        };
    let inner = Area {
        left,
        top: top + 6.0,
        right: area.right - 8.0,
        bottom,
    };
    let x = horizontal_axis(figure, &bins, inner.width());

    let frame = Frame { area: inner, x, y };
    grid(canvas, &frame);
    labels_of_axes(canvas, &frame, area, &figure.x_label, &figure.y_label);
    for (series, color) in colored(&figure.series) {
        marks::draw(canvas, &frame, series, color, &bins);
    }
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

/// Every series with its colour. Reference lines are grey and use up none of the palette.
fn colored(series: &[Series]) -> impl Iterator<Item = (&Series, Color)> {
    let mut next = 0;
    series.iter().map(move |series| {
        if series.mark == Mark::Reference {
            return (series, theme::REFERENCE);
        }
        next += 1;
        (series, theme::color(next - 1))
    })
}

/// Names the series in a row above the data, where it covers none; returns the height it took.
fn legend(canvas: &mut Canvas<'_>, area: Area, series: &[Series]) -> f64 {
    const SWATCH: f64 = 22.0;
    const ROW: f64 = LEGEND_SIZE * 1.6;
    let named = colored(series).filter(|(series, _)| !series.name.is_empty());
    let (mut x, mut row, mut any) = (area.left, 0.0, false);
    for (series, color) in named {
        let text = theme::fit(&series.name, LEGEND_SIZE, area.width() - SWATCH - 8.0);
        let width = SWATCH + 8.0 + theme::text_width(&text, LEGEND_SIZE);
        if any && x + width > area.right {
            (x, row) = (area.left, row + ROW);
        }
        any = true;
        let middle = area.top + row + ROW / 2.0;
        let swatch = Area {
            left: x,
            top: middle - 6.0,
            right: x + SWATCH,
            bottom: middle + 6.0,
        };
        marks::swatch(canvas, swatch, series.mark, color);
        let lettering = Lettering::new(LEGEND_SIZE, INK, Anchor::Left);
        canvas.text((x + SWATCH + 8.0, middle), &text, lettering);
        x += width + 20.0;
    }
    if any { row + ROW + 6.0 } else { 0.0 }
}

fn horizontal_axis(figure: &Figure, bins: &[f64], width: f64) -> Axis {
    let of_pairs = figure
        .series
        .iter()
        .filter(|series| series.mark != Mark::Histogram);
    let (low, high) = span(
        of_pairs
            .flat_map(|series| series.x.iter().copied())
            .chain(bins.iter().copied()),
    );
    // Lines run from edge to edge; points and bars keep some distance to the edges.
    let only_lines = figure
        .series
        .iter()
        .all(|s| matches!(s.mark, Mark::Line | Mark::Area | Mark::Reference));
    let options = AxisOptions {
        range: figure.x.range,
        whole: figure.x.whole,
        slack: if only_lines { 0.01 } else { 0.03 },
        ..AxisOptions::default()
    };
    let marks = |room: f64| ((width / room) as usize).clamp(2, 10);
    let axis = Axis::new(
        low,
        high,
        AxisOptions {
            marks: marks(60.0),
            ..options
        },
    );
    // Long numbers need more room each.
    let widest = axis
        .ticks
        .iter()
        .map(|(_, label)| theme::text_width(label, TICK_SIZE))
        .fold(0.0, f64::max);
    if widest + 16.0 <= width / axis.ticks.len() as f64 {
        return axis;
    }
    Axis::new(
        low,
        high,
        AxisOptions {
            marks: marks(widest + 24.0),
            ..options
        },
    )
}

fn vertical_axis(figure: &Figure, bins: &[f64], height: f64) -> Axis {
    let counted = |series: &Series| marks::counts(series, bins).into_iter().map(|count| count as f64);
    let heights = figure.series.iter().flat_map(|series| match series.mark {
        Mark::Histogram => counted(series).collect(),
        _ => series.y.clone(),
    });
    let (low, high) = span(heights);
    let from_zero = figure
        .series
        .iter()
        .any(|series| matches!(series.mark, Mark::Histogram | Mark::Area));
    let options = AxisOptions {
        range: figure.y.range,
        whole: figure.y.whole || figure.series.iter().all(|series| series.mark == Mark::Histogram),
        from_zero,
        marks: ((height / 48.0) as usize).clamp(2, 8),
        slack: 0.05,
    };
    Axis::new(low, high, options)
}

fn grid(canvas: &mut Canvas<'_>, frame: &Frame) {
    let Area {
        left,
        top,
        right,
        bottom,
    } = frame.area;
    for (value, _) in &frame.y.ticks {
        let y = frame.at(frame.x.low, *value).1;
        canvas.line((left, y), (right, y), GRID, 1.0);
    }
    for (value, _) in &frame.x.ticks {
        let x = frame.at(*value, frame.y.low).0;
        canvas.line((x, top), (x, bottom), GRID, 1.0);
        canvas.line((x, bottom), (x, bottom + 4.0), AXIS, 1.0);
    }
    canvas.line((left, bottom), (right, bottom), AXIS, 1.2);
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
