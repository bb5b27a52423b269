//! Makes plotters' SVG smaller: what many elements in a row have in common is said once, for a group of them.
//!
//! A picture travels inside its notebook; four thousand points are 380 kB as plotters writes them, 150 kB here.

/// Attributes that say where an element is. All others say what it looks like.
const PLACES: [&str; 12] = [
    "cx", "cy", "r", "points", "x", "y", "width", "height", "x1", "y1", "x2", "y2",
];
/// Fewer elements than this are left as they are.
const FEWEST: usize = 3;

/// The elements of a drawing, one a line, with runs of elements that look alike gathered in groups.
pub(super) fn tidy(drawn: &str) -> String {
    let mut tidied = String::with_capacity(drawn.len());
    let elements: Vec<Element<'_>> = drawn.lines().map(Element::read).collect();
    for run in elements.chunk_by(|a, b| a.look.is_some() && a.look == b.look) {
        match &run[0].look {
            Some(look) if run.len() >= FEWEST => {
                tidied.push_str(&format!("<g{look}>\n"));
                for element in run {
                    tidied.push_str(&element.place);
                    tidied.push_str("/>\n");
                }
                tidied.push_str("</g>\n");
            }
            _ => {
                for element in run {
                    match &element.look {
                        Some(look) => tidied.extend([&element.place, look, "/>\n"]),
                        None => tidied.extend([element.line, "\n"]),
                    }
                }
            }
        }
    }
    tidied
}

struct Element<'a> {
    line: &'a str,
    /// The element without its end and with only what says where it is.
    place: String,
    /// What it looks like, if it can be in a group.
    look: Option<String>,
}

impl<'a> Element<'a> {
    fn read(line: &'a str) -> Self {
        Self::split(line).unwrap_or(Self {
            line,
            place: String::new(),
            look: None,
        })
    }

    fn split(line: &'a str) -> Option<Self> {
        let (tag, mut rest) = line.strip_suffix("/>")?.split_once(' ')?;
        let filled = matches!(tag, "<circle" | "<polygon" | "<rect");
        if !filled && !matches!(tag, "<line" | "<polyline") {
            return None;
        }
        let (mut place, mut look) = (tag.to_owned(), String::new());
        // The opacity of a group would be that of all elements together, as if none lay over another.
        let opacity = if filled { "fill-opacity" } else { "stroke-opacity" };
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"')?;
            let (name, value) = (name.trim_start(), value.trim_end());
            match name {
                _ if PLACES.contains(&name) => place.push_str(&format!(" {name}=\"{value}\"")),
                "opacity" if value == "1" => {}
                "opacity" => look.push_str(&format!(" {opacity}=\"{value}\"")),
                "stroke" if filled && value == "none" => {}
                "stroke-width" if filled => {}
                // A filled element with an outline has two opacities.
                "stroke" if filled => return None,
                _ => look.push_str(&format!(" {name}=\"{value}\"")),
            }
            rest = after;
        }
        Some(Self {
            line,
            place,
            look: Some(look),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISC: &str = "<circle cx=\"1\" cy=\"2\" r=\"28\" opacity=\"0.72\" fill=\"#0072B2\" stroke=\"none\" stroke-width=\"1\"/>\n";

    #[test]
    fn what_looks_alike_is_said_once() {
        assert_eq!(
            tidy(&DISC.repeat(3)),
            format!(
                "<g fill-opacity=\"0.72\" fill=\"#0072B2\">\n{}</g>\n",
                "<circle cx=\"1\" cy=\"2\" r=\"28\"/>\n".repeat(3)
            )
        );
    }

    #[test]
    fn what_looks_different_stays_apart() {
        let other = DISC.replace("0072B2", "D55E00");
        let text = "<text x=\"1\" y=\"2\" fill=\"#000000\">\n/>circle\n</text>\n";
        let tidied = tidy(&[DISC, &other, DISC, text, text, text].concat());
        assert!(
            !tidied.contains("<g") && tidied.ends_with(&text.repeat(3)),
            "{tidied}"
        );
        assert_eq!(
            tidied
                .matches("<circle cx=\"1\" cy=\"2\" r=\"28\" fill-opacity=\"0.72\"")
                .count(),
            3
        );
    }
}
