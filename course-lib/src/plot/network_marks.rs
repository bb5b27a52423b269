//! Words and numbers of a network's drawing.

use super::axis::brief;
use super::canvas::{Anchor, Area, Canvas, Lettering, Point};
use super::network::Units;
use super::theme::{self, CARD, Color, INK, LABEL_SIZE, LEGEND_SIZE, PALETTE, SOFT_INK};

pub(super) const POSITIVE: Color = PALETTE[0];
pub(super) const NEGATIVE: Color = PALETTE[1];
pub(super) const NUMBER_SIZE: f64 = 12.0;
/// Lines of weights in pixels: one of zero, and how much thicker the largest is.
pub(super) const THIN: f64 = 0.7;
pub(super) const THICK: f64 = 4.3;

/// A number as it fits into a circle, and how large it is written.
pub(super) fn inside(value: f64, room: f64) -> (String, f64) {
    let text = brief(value);
    let sizes = [NUMBER_SIZE, 10.5];
    match sizes
        .into_iter()
        .find(|size| theme::text_width(&text, *size) * 1.06 <= room)
    {
        Some(size) => (text, size),
        None => (format!("{value:.0e}").replace('-', "−"), 10.5),
    }
}

/// How many units a layer has, and what else is said below its name.
pub(super) fn details(units: &Units) -> String {
    let count = format!(
        "{} {}",
        units.count,
        if units.count == 1 { "unit" } else { "units" }
    );
    match units.details.is_empty() {
        true => count,
        false => format!("{count}, {}", units.details),
    }
}

/// How wide a layer's name and details are.
pub(super) fn head_width(units: &Units) -> f64 {
    theme::text_width(&units.name, LABEL_SIZE * 1.06).max(theme::text_width(&details(units), NUMBER_SIZE))
}

/// A weight on its line, with its name if it has one, on a bit of card.
pub(super) fn number(canvas: &mut Canvas<'_>, (x, y): Point, name: Option<&String>, weight: Option<&f64>) {
    let text = match (name, weight) {
        (Some(name), Some(weight)) => format!("{name} = {}", brief(*weight)),
        (Some(name), None) => name.clone(),
        (None, Some(weight)) => brief(*weight),
        (None, None) => return,
    };
    let text = theme::fit(&text, NUMBER_SIZE, 130.0);
    let half = theme::text_width(&text, NUMBER_SIZE) / 2.0 + 2.0;
    let ground = Area {
        left: x - half,
        top: y - 7.5,
        right: x + half,
        bottom: y + 7.5,
    };
    canvas.rect(ground, CARD, 0.92);
    canvas.text((x, y), &text, Lettering::new(NUMBER_SIZE, INK, Anchor::Middle));
}

const SWATCH: f64 = 26.0;
const BESIDE_SWATCH: f64 = 7.0;
const BETWEEN: f64 = 18.0;
const ENTRIES: [(Option<Color>, &str); 3] = [
    (Some(POSITIVE), "positive weight"),
    (Some(NEGATIVE), "negative weight"),
    (None, "thicker: larger"),
];

/// How wide the [`legend`] is.
pub(super) fn legend_width() -> f64 {
    let width = |(color, text): &(Option<Color>, &str)| {
        let swatch = color.map_or(0.0, |_| SWATCH + BESIDE_SWATCH);
        swatch + theme::text_width(text, LEGEND_SIZE) + BETWEEN
    };
    ENTRIES.iter().map(width).sum()
}

/// What colours and widths of lines mean.
pub(super) fn legend(canvas: &mut Canvas<'_>, area: Area) {
    let mut x = area.left;
    for (color, text) in ENTRIES {
        if let Some(color) = color {
            canvas.line((x, area.top), (x + SWATCH, area.top), color, THIN + THICK * 0.5);
            x += SWATCH + BESIDE_SWATCH;
        }
        canvas.text(
            (x, area.top),
            text,
            Lettering::new(LEGEND_SIZE, SOFT_INK, Anchor::Left),
        );
        x += theme::text_width(text, LEGEND_SIZE) + BETWEEN;
    }
}
