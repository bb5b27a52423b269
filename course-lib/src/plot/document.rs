//! The SVG document around what is drawn: its card, its words, its images.

use super::canvas::FINE;
use super::theme::{CARD, CORNER, Color, FONT};

/// Stands for an image until the sheet is finished. XML allows it nowhere, so no text that is drawn holds it.
pub(super) const IMAGE: char = '\u{FFFE}';

/// What fits beside JupyterLab's list of files on the screen of a laptop, in pixels. A wider picture is shown
/// smaller, since its right end would be out of sight.
const WIDEST: f64 = 820.0;

/// An SVG document of so many pixels with a card, its alternative text, and what is drawn on it, up to the
/// end.
pub(super) fn document((width, height): (f64, f64), alt: &str, drawn: &str) -> String {
    let (wide, high, corner) = (width * FINE, height * FINE, CORNER * FINE);
    let (width, height) = if width > WIDEST {
        (WIDEST, (height * WIDEST / width).round())
    } else {
        (width, height)
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_wider_than_a_laptop_has_room_for_is_shown_smaller() {
        let shown = |width| document((width, 400.0), "words", "");
        let narrow = "width=\"640\" height=\"400\" viewBox=\"0 0 6400 4000\"";
        assert!(shown(640.0).contains(narrow), "{}", shown(640.0));
        let wide = "width=\"820\" height=\"200\" viewBox=\"0 0 16400 4000\"";
        assert!(shown(1640.0).contains(wide), "{}", shown(1640.0));
    }
}
