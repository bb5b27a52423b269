//! Many pictures as one that moves: an SVG whose parts come and go.
//!
//! What all frames have in common (axes, labels, a surface) is there once; what changes is in groups, each shown for its
//! time by SMIL, which every browser plays also where the SVG is an image of its own, as in JupyterLab. Where
//! nothing moves (print, some viewers, readers who asked their system for less motion), the last frame is seen.

use std::collections::HashMap;

use super::theme::{AXIS, Color};

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
    let frames: Vec<Vec<&str>> = frames.iter().map(|frame| elements(frame)).collect();
    // Whoever asked for less motion sees the last frame. Both rules are the same in all films of a page.
    let mut whole = "<style>@media (prefers-reduced-motion:reduce){[data-frame]{display:none!important}\
                     [data-frame=last]{display:inline!important}}</style>\n"
        .to_owned();
    let mut places = vec![0; frames.len()];
    for shared in shared(&frames) {
        passing(&mut whole, &frames, &places, &shared, times);
        if let Some(element) = frames[0].get(shared[0]) {
            whole.push_str(element);
        }
        places = shared.iter().map(|place| place + 1).collect();
    }
    whole.push_str(&progress(times, width, height));
    whole
}

/// The elements of a frame, each with all that is inside it.
fn elements(frame: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut place, mut depth) = (0, 0, 0_i32);
    for line in frame.split_inclusive('\n') {
        place += line.len();
        let text = line.trim_end();
        if text.starts_with("</") {
            depth -= 1;
        } else if text.starts_with('<') && !text.ends_with("/>") && !text.contains("</") {
            depth += 1;
        }
        if depth <= 0 {
            found.push(&frame[start..place]);
            (start, depth) = (place, 0);
        }
    }
    found
}

/// Where elements that all frames share stand in each frame, in their order; at the end, behind the last elements.
fn shared(frames: &[Vec<&str>]) -> Vec<Vec<usize>> {
    let mut where_: Vec<HashMap<&str, Vec<usize>>> = Vec::new();
    for frame in frames {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        frame
            .iter()
            .enumerate()
            .for_each(|(place, element)| places.entry(element).or_default().push(place));
        where_.push(places);
    }
    let mut next = vec![0; frames.len()];
    let mut found = Vec::new();
    for element in &frames[0] {
        let places = where_
            .iter()
            .zip(&next)
            .map(|(places, next)| places.get(element)?.iter().find(|place| *place >= next).copied());
        if let Some(places) = places.collect::<Option<Vec<usize>>>() {
            next = places.iter().map(|place| place + 1).collect();
            found.push(places);
        }
    }
    found.push(frames.iter().map(Vec::len).collect());
    found
}

/// Writes what stands between two shared elements: a group for each run of frames that look alike there.
fn passing(whole: &mut String, frames: &[Vec<&str>], from: &[usize], to: &[usize], times: &Times) {
    let parts: Vec<&[&str]> = frames
        .iter()
        .zip(from.iter().zip(to))
        .map(|(frame, (from, to))| &frame[*from..*to])
        .collect();
    let last = parts.len() - 1;
    let mut start = 0;
    for run in parts.chunk_by(|a, b| a == b) {
        let end = start + run.len() - 1;
        if !run[0].is_empty() {
            let (hidden, mark) = if end == last {
                ("", "last")
            } else {
                (" display=\"none\"", "passing")
            };
            whole.push_str(&format!("<g data-frame=\"{mark}\"{hidden}>\n"));
            whole.push_str(&visible(start, end, last, times));
            run[0].iter().for_each(|element| whole.push_str(element));
            whole.push_str("</g>\n");
        }
        start = end + 1;
    }
}

/// Shows a group from the start of one frame to the end of another.
fn visible(start: usize, end: usize, last: usize, times: &Times) -> String {
    let (begin, stop) = (times.share(start), times.share(end + 1));
    match (start, end) {
        (0, end) if end == last => String::new(),
        (0, _) => times.animate("display", true, "inline;none", &format!("0;{stop}")),
        (_, end) if end == last => times.animate("display", true, "none;inline", &format!("0;{begin}")),
        _ => times.animate("display", true, "none;inline;none", &format!("0;{begin};{stop}")),
    }
}

/// A thin bar at the bottom that grows as the film goes on, full while the last frame is shown; nothing where nothing
/// moves.
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

    fn times(frames: usize) -> Times {
        Times {
            starts: (0..=frames).map(|frame| frame as f64).collect(),
            repeat: true,
        }
    }

    const TEXT: &str = "<text x=\"1\">\nloss\n</text>\n";

    #[test]
    fn an_element_is_taken_with_all_that_is_inside() {
        let frame = format!("<line/>\n{TEXT}<g fill=\"a\">\n<rect/>\n<rect/>\n</g>\n<line/>\n");
        assert_eq!(
            elements(&frame),
            [
                "<line/>\n",
                TEXT,
                "<g fill=\"a\">\n<rect/>\n<rect/>\n</g>\n",
                "<line/>\n"
            ]
        );
    }

    #[test]
    fn what_all_frames_share_is_there_once() {
        let frame = |number: u32| {
            format!("<text>\nepoch {number}\n</text>\n<line/>\n{TEXT}<circle r=\"{number}\"/>\n<rect/>\n")
        };
        let frames: Vec<String> = (0..5).map(frame).collect();
        let frames: Vec<&str> = frames.iter().map(String::as_str).collect();
        let whole = film(&frames, &times(5), (100.0, 100.0));
        for once in ["<line/>", "loss", "<rect/>", "epoch 3", "<circle r=\"4\"/>"] {
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
    fn frames_that_share_nothing_and_empty_ones_are_kept_apart() {
        let whole = film(&["<a/>\n", "", "<a/>\n<a/>\n"], &times(3), (100.0, 100.0));
        assert_eq!(whole.matches("<a/>").count(), 3, "{whole}");
    }
}
