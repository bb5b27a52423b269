//! What all pictures of the course have in common: colours, sizes, fonts.
//!
//! A picture stands on a white card with round corners. JupyterLab draws an SVG as an image of its own, which
//! knows nothing of the page: neither its style sheet nor whether its theme is dark. On a card of its own a
//! picture reads the same on both, in a printed notebook, and on a projector.

use std::borrow::Cow;

/// A colour: red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// The colour so far (0 to 1) on the way to another one.
    pub fn towards(self, other: Self, share: f64) -> Self {
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let mix =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// The colour with so much (0 to 1) of its light taken away.
    pub fn darker(self, share: f64) -> Self {
        self.towards(Self(0, 0, 0), share)
    }

    /// Whether white letters on it are read better than dark ones.
    pub fn is_dark(self) -> bool {
        0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2) < 140.0
    }
}

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
    Color(247, 250, 253).towards(Color(8, 81, 156), share)
}

/// From the vermilion to the blue of the palette, each darkened at its end.
const VERMILION_TO_BLUE: [Color; 7] = [
    Color(140, 45, 0),
    Color(213, 94, 0),
    Color(243, 178, 128),
    Color(247, 247, 247),
    Color(133, 186, 219),
    Color(0, 114, 178),
    Color(0, 66, 122),
];

/// The colour of a value of either sign: vermilion below zero (-1), nearly white at zero, blue above (1), as
/// bars have them.
pub(crate) fn diverging(share: f64) -> Color {
    let way = (share.clamp(-1.0, 1.0) + 1.0) / 2.0 * (VERMILION_TO_BLUE.len() - 1) as f64;
    let from = (way as usize).min(VERMILION_TO_BLUE.len() - 2);
    VERMILION_TO_BLUE[from].towards(VERMILION_TO_BLUE[from + 1], way - from as f64)
}

/// A colour on the way from a pale (0) to a dull (1) grey, for ground on which coloured lines are seen.
pub(crate) fn terrain(share: f64) -> Color {
    Color(252, 251, 246).towards(Color(158, 166, 180), share)
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
