//! Many pictures as one that moves: an SVG whose parts come and go.
//!
//! What all frames have in common (axes, labels, a surface) is there once; what changes is in groups, each
//! shown for its time by SMIL, which every browser plays also where the SVG is an image of its own, as in
//! JupyterLab. Where nothing moves (print, some viewers, readers who asked their system for less motion), the
//! last frame is seen.

use super::alike::alike;
use super::theme::{AXIS, Color};
use super::tidy::tidy;

/// When the frames are shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Times {
    /// When each frame starts, in seconds; at the end, when the last one ends.
    pub starts: Vec<f64>,
    pub repeat: bool,
}

impl Times {
    fn length(&self) -> f64 {
        self.starts.last().copied().unwrap_or(0.0)
    }

    fn share(&self, frame: usize) -> String {
        shortest(self.starts[frame] / self.length())
    }

    /// An animation of an attribute over the whole film.
    fn animate(&self, attribute: &str, discrete: bool, values: &str, times: &str) -> String {
        let mode = if discrete { " calcMode=\"discrete\"" } else { "" };
        let end = if self.repeat {
            "repeatCount=\"indefinite\""
        } else {
            "fill=\"freeze\""
        };
        format!(
            "<animate attributeName=\"{attribute}\"{mode} values=\"{values}\" keyTimes=\"{times}\" dur=\"{}s\" {end}/>\n",
            shortest(self.length())
        )
    }
}

/// Puts frames of one size together. Each is what stands inside its `<svg>` element, without background.
pub(super) fn film(frames: &[&str], times: &Times, (width, height): (f64, f64)) -> String {
    let last = frames.len().saturating_sub(1);
    // Whoever asked for less motion sees the last frame. Both rules are the same in all films of a page.
    let mut whole = "<style>@media (prefers-reduced-motion:reduce){[data-frame]{display:none!important}\
                     [data-frame=last]{display:inline!important}}</style>\n"
        .to_owned();
    for group in merged(frames).chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        let elements: String = group.iter().map(|shown| shown.element.as_str()).collect();
        let elements = tidy(&elements);
        let (from, to) = (group[0].from, group[0].to);
        if (from, to) == (0, last) {
            whole.push_str(&elements);
            continue;
        }
        let (hidden, mark) = if to == last {
            ("", "last")
        } else {
            (" display=\"none\"", "passing")
        };
        let animate = visible(from, to, last, times);
        whole.push_str(&format!(
            "<g data-frame=\"{mark}\"{hidden}>\n{animate}{elements}</g>\n"
        ));
    }
    whole.push_str(&progress(times, width, height));
    whole
}

/// An element with the first and the last frame that shows it.
struct Shown {
    element: String,
    from: usize,
    to: usize,
}

/// The elements of all frames in one list, in which those of each frame stand in its order. One that stays
/// from a frame to the next is there once.
fn merged(frames: &[&str]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for (number, frame) in frames.iter().enumerate() {
        let elements = elements(frame);
        let known: Vec<(usize, &str)> = all
            .iter()
            .enumerate()
            .filter(|(_, shown)| number > 0 && shown.to == number - 1)
            .map(|(place, shown)| (place, shown.element.as_str()))
            .collect();
        let before: Vec<&str> = known.iter().map(|(_, element)| *element).collect();
        let now: Vec<&str> = elements.iter().map(String::as_str).collect();
        let stay: Vec<(usize, usize)> = alike(&before, &now)
            .into_iter()
            .map(|(a, b)| (known[a].0, b))
            .collect();

        let mut stay = stay.into_iter().peekable();
        let mut elements = elements.into_iter().enumerate().peekable();
        let mut next = Vec::with_capacity(all.len() + elements.len());
        let new = |element| Shown {
            element,
            from: number,
            to: number,
        };
        for (place, mut shown) in all.into_iter().enumerate() {
            if let Some((_, same)) = stay.next_if(|(known, _)| *known == place) {
                while let Some((_, element)) = elements.next_if(|(at, _)| *at < same) {
                    next.push(new(element));
                }
                elements.next();
                shown.to = number;
            }
            next.push(shown);
        }
        next.extend(elements.map(|(_, element)| new(element)));
        all = next;
    }
    all
}

/// The elements of a frame one by one, each with its own look; long lines in pieces, so that one that grows
/// from frame to frame is the same up to its last piece.
fn elements(frame: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut look = "";
    let mut open: Option<String> = None;
    for line in frame.split_inclusive('\n') {
        let text = line.trim_end();
        if let Some(element) = &mut open {
            element.push_str(line);
            if text == "</text>" {
                found.extend(open.take());
            }
        } else if text.starts_with("<text") {
            open = Some(line.to_owned());
        } else if let Some(group) = text.strip_prefix("<g").and_then(|rest| rest.strip_suffix('>')) {
            look = group;
        } else if text == "</g>" {
            look = "";
        } else if let Some(element) = text.strip_suffix("/>") {
            found.extend(pieces(&format!("{element}{look}/>\n")));
        }
    }
    found
}

/// A line of many points as lines of a few; everything else as it is.
fn pieces(element: &str) -> Vec<String> {
    const POINTS: usize = 16;
    let line = element.starts_with("<polyline")
        && element.contains("fill=\"none\"")
        && !element.contains("opacity=\"0.");
    let points = element.split_once(" points=\"").and_then(|(start, rest)| {
        let (points, end) = rest.split_once('"')?;
        Some((start, points.split_whitespace().collect::<Vec<_>>(), end))
    });
    match points {
        Some((start, points, end)) if line && points.len() > POINTS => (0..points.len() - 1)
            .step_by(POINTS)
            .map(|first| &points[first..(first + POINTS + 1).min(points.len())])
            .map(|piece| format!("{start} points=\"{}\"{end}", piece.join(" ")))
            .collect(),
        _ => vec![element.to_owned()],
    }
}

/// Shows a group from the start of one frame to the end of another.
fn visible(from: usize, to: usize, last: usize, times: &Times) -> String {
    let (begin, end) = (times.share(from), times.share(to + 1));
    match (from, to) {
        (0, _) => times.animate("display", true, "inline;none", &format!("0;{end}")),
        (_, to) if to == last => times.animate("display", true, "none;inline", &format!("0;{begin}")),
        _ => times.animate("display", true, "none;inline;none", &format!("0;{begin};{end}")),
    }
}

/// A thin bar at the bottom that grows as the film goes on, full while the last frame is shown; nothing where
/// nothing moves.
fn progress(times: &Times, width: f64, height: f64) -> String {
    let Color(red, green, blue) = AXIS;
    let last = times.starts.len().saturating_sub(2);
    let (left, thick) = (width * 0.03, 18.0);
    let full = width - 2.0 * left;
    let grow = times.animate(
        "width",
        false,
        &format!("0;{full};{full}"),
        &format!("0;{};1", times.share(last)),
    );
    format!(
        "<g data-frame=\"passing\">\n<rect x=\"{left}\" y=\"{}\" width=\"0\" height=\"{thick}\" \
         fill=\"#{red:02X}{green:02X}{blue:02X}\">\n{grow}</rect>\n</g>\n",
        height - 2.5 * thick,
    )
}

/// A number with at most four decimals.
fn shortest(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times(frames: usize) -> Times {
        Times {
            starts: (0..=frames).map(|frame| frame as f64).collect(),
            repeat: true,
        }
    }

    const TEXT: &str = "<text x=\"1\">\nloss\n</text>\n";

    #[test]
    fn elements_are_taken_one_by_one_each_with_its_look() {
        let frame = format!(
            "<line x1=\"1\"/>\n{TEXT}<g fill=\"a\">\n<rect x=\"1\"/>\n<rect x=\"2\"/>\n</g>\n<line/>\n"
        );
        let found = elements(&frame);
        let rects = ["<rect x=\"1\" fill=\"a\"/>\n", "<rect x=\"2\" fill=\"a\"/>\n"];
        assert_eq!(
            found,
            ["<line x1=\"1\"/>\n", TEXT, rects[0], rects[1], "<line/>\n"]
        );
    }

    #[test]
    fn what_all_frames_share_is_there_once() {
        let frame = |number: u32| {
            format!("<text>\nepoch {number}\n</text>\n<line/>\n{TEXT}<circle r=\"{number}\"/>\n<image/>\n")
        };
        let frames: Vec<String> = (0..5).map(frame).collect();
        let frames: Vec<&str> = frames.iter().map(String::as_str).collect();
        let whole = film(&frames, &times(5), (100.0, 100.0));
        for once in ["<line/>", "loss", "<image/>", "epoch 3", "<circle r=\"4\"/>"] {
            assert_eq!(whole.matches(once).count(), 1, "{once} in {whole}");
        }
        assert_eq!(
            whole
                .matches("<g data-frame=\"passing\" display=\"none\">")
                .count(),
            8,
            "{whole}"
        );
        assert_eq!(whole.matches("<g data-frame=\"last\">").count(), 2, "{whole}");
    }

    #[test]
    fn a_part_that_stays_for_some_frames_is_one_group() {
        let frames = ["<a/>\n", "<b/>\n", "<b/>\n", "<b/>\n", "<c/>\n"];
        let whole = film(&frames, &times(5), (100.0, 100.0));
        assert_eq!(whole.matches("<b/>").count(), 1);
        assert!(
            whole.contains("values=\"none;inline;none\" keyTimes=\"0;0.2;0.8\" dur=\"5s\""),
            "{whole}"
        );
    }

    #[test]
    fn a_line_that_grows_is_kept_once_but_for_its_end() {
        let point = |at: usize| format!("{at},{} ", at * at);
        let frame = |points: usize| {
            format!(
                "<polyline fill=\"none\" points=\"{}\"/>\n",
                (0..points).map(point).collect::<String>()
            )
        };
        let frames: Vec<String> = (2..100).map(frame).collect();
        let whole = film(
            &frames.iter().map(String::as_str).collect::<Vec<_>>(),
            &times(98),
            (100.0, 100.0),
        );
        // The second point is in the pieces of 2 to 17 points.
        assert_eq!(
            whole.matches("1,1 ").count() + whole.matches("1,1\"").count(),
            16,
            "{whole}"
        );
        assert!(whole.contains("96,9216 97,9409 98,9604\""), "{whole}");
    }

    /// The elements that a film shows in a frame, in their order.
    fn seen(frames: &[&str], number: usize) -> String {
        let shown = merged(frames)
            .into_iter()
            .filter(|shown| (shown.from..=shown.to).contains(&number));
        shown.map(|shown| shown.element).collect()
    }

    proptest! {
        #[test]
        fn every_frame_is_seen_as_it_was(frames in prop::collection::vec(prop::collection::vec(0_u8..6, 0..12), 1..8)) {
            let draw = |frame: &Vec<u8>| frame.iter().map(|mark| format!("<m{mark}/>\n")).collect::<String>();
            let frames: Vec<String> = frames.iter().map(draw).collect();
            let frames: Vec<&str> = frames.iter().map(String::as_str).collect();
            for (number, frame) in frames.iter().enumerate() {
                prop_assert_eq!(&seen(&frames, number), frame);
            }
        }
    }
}
