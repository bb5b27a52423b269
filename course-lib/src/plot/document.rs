//! The SVG document around what is drawn: its card, its words, its images.

use super::canvas::FINE;
use super::theme::{CARD, CORNER, Color, FONT};

/// Stands for an image until the sheet is finished. XML allows it nowhere, so no text that is drawn holds it.
pub(super) const IMAGE: char = '\u{FFFE}';

/// An SVG document of so many pixels with a card, its alternative text, and what is drawn on it, up to the
/// end.
pub(super) fn document((width, height): (f64, f64), alt: &str, drawn: &str) -> String {
    let (wide, high, corner) = (width * FINE, height * FINE, CORNER * FINE);
    let Color(red, green, blue) = CARD;
    let alt = escape(alt);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {wide} {high}\" \
         role=\"img\" aria-label=\"{alt}\" stroke-linejoin=\"round\" stroke-linecap=\"round\" \
         font-family=\"{FONT}\">\n\
         <desc>{alt}</desc>\n\
         <rect width=\"{wide}\" height=\"{high}\" rx=\"{corner}\" fill=\"#{red:02X}{green:02X}{blue:02X}\"/>\n\
         {drawn}"
    )
}

/// What is drawn in a document, without the card and the end.
pub(super) fn inside(document: &str) -> &str {
    let drawn = document.splitn(4, '\n').nth(3).unwrap_or_default();
    drawn.strip_suffix("</svg>\n").unwrap_or(drawn)
}

/// Puts the images in the places that were kept for them.
pub(super) fn with_images(drawn: &str, images: &[String]) -> String {
    let mut parts = drawn.split("<text ");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let kept = part.split_once(IMAGE).and_then(|(_, rest)| {
            let (number, rest) = rest.split_once("\n</text>\n")?;
            Some((images.get(number.parse::<usize>().ok()?)?, rest))
        });
        match kept {
            Some((image, rest)) => whole.extend([image, rest]),
            None => whole.extend(["<text ", part]),
        }
    }
    whole
}

/// The text without the characters that XML does not allow.
pub(super) fn allowed(text: &str) -> String {
    let harmless = |letter: char| {
        if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') {
            ' '
        } else {
            letter
        }
    };
    text.chars().map(harmless).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
