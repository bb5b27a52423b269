//! What all pictures of the course have in common: colours, sizes, fonts.
//!
//! A picture stands on a white card with round corners. JupyterLab draws an SVG as an image of its own, which
//! knows nothing of the page: neither its style sheet nor whether its theme is dark. On a card of its own a
//! picture reads the same on both, in a printed notebook, and on a projector.

use std::borrow::Cow;

/// A colour: red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Color(pub u8, pub u8, pub u8);

pub(crate) const CARD: Color = Color(255, 255, 255);
pub(crate) const INK: Color = Color(31, 35, 40);
pub(crate) const SOFT_INK: Color = Color(75, 83, 92);
pub(crate) const AXIS: Color = Color(140, 149, 159);
pub(crate) const GRID: Color = Color(228, 232, 237);
/// For a line that is there to compare with: chance, a threshold, zero.
pub(crate) const REFERENCE: Color = Color(120, 128, 138);

/// The colours of Okabe and Ito (2008), which people with any common form of colour blindness can tell apart,
/// without their yellow and black: the one is lost on a white card, the other looks like an axis.
pub(crate) const PALETTE: [Color; 6] = [
    Color(0, 114, 178),   // blue
    Color(213, 94, 0),    // vermilion
    Color(0, 158, 115),   // bluish green
    Color(204, 121, 167), // reddish purple
    Color(230, 159, 0),   // orange
    Color(86, 180, 233),  // sky blue
];

/// The colour of series number `index`; after the last one it starts again.
pub(crate) fn color(index: usize) -> Color {
    PALETTE[index % PALETTE.len()]
}

pub(crate) const TITLE_SIZE: f64 = 17.0;
pub(crate) const LABEL_SIZE: f64 = 14.0;
pub(crate) const LEGEND_SIZE: f64 = 13.5;
pub(crate) const TICK_SIZE: f64 = 13.0;

/// Width of a line of data, in pixels.
pub(crate) const LINE: f64 = 2.2;
/// Free space round everything on the card, in pixels.
pub(crate) const MARGIN: f64 = 16.0;
/// How round the corners of the card are, in pixels.
pub(crate) const CORNER: f64 = 8.0;

pub(crate) const FONT: &str = "Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif";

/// A colour on the way from white (0) to the deep blue of the palette (1), for heat maps.
pub(crate) fn heat(share: f64) -> Color {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let towards = |white: f64, deep: f64| (white + (deep - white) * share).round() as u8;
    Color(towards(247.0, 8.0), towards(250.0, 81.0), towards(253.0, 156.0))
}

/// How wide a text will be, in pixels: a guess on the safe side, since the reader's fonts are not known here.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let width = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')'
        | ' ' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        '0'..='9' | '-' | '+' | '−' => 0.60,
        letter if letter.is_uppercase() => 0.70,
        letter if (letter as u32) >= 0x1100 && !letter.is_ascii_punctuation() && letter != '…' => 1.0,
        _ => 0.57,
    };
    text.chars().map(width).sum::<f64>() * size
}

/// Cuts a text that is wider than `room` pixels, and ends it with "…".
pub(crate) fn fit(text: &str, size: f64, room: f64) -> Cow<'_, str> {
    if text_width(text, size) <= room {
        return Cow::Borrowed(text);
    }
    let mut short = String::new();
    for letter in text.chars() {
        short.push(letter);
        if text_width(&short, size) + text_width("…", size) > room {
            short.pop();
            break;
        }
    }
    Cow::Owned(format!("{}…", short.trim_end()))
}

/// Breaks a text between words into at most `most` lines of `room` pixels; what does not fit ends with "…".
pub(crate) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        // The last line allowed takes all the rest, and is cut.
        if line.is_empty() || lines.len() + 1 == most || text_width(&longer, size) <= room {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
        .into_iter()
        .map(|line| fit(&line, size, room).into_owned())
        .collect()
}
