//! A figure in words, for readers who do not see it.

use super::axis::brief;
use super::figure::Figure;
use super::series::{Mark, Series};
use super::split::Split;
use super::values::span;

impl Figure {
    /// The picture in words: the caller's, or a sentence made from the labels and the data.
    pub(super) fn words(&self) -> String {
        if let Some(alt) = &self.alt {
            return alt.clone();
        }
        let title = if self.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", self.title)
        };
        let kind = self.kind();
        let y_label = if kind == "Histogram" { "count" } else { "y" };
        let mut words = format!(
            "{kind}{title}: {} against {}.",
            or(&self.y_label, y_label),
            or(&self.x_label, "x")
        );
        let notes = self
            .notes
            .iter()
            .cloned()
            .chain(self.split.as_ref().map(Split::words));
        for sentence in notes.chain(self.series.iter().filter_map(in_words)) {
            words.push(' ');
            words.push_str(&sentence);
        }
        words
    }

    fn kind(&self) -> &'static str {
        self.kind
            .unwrap_or_else(|| match self.series.first().map(|series| series.mark) {
                Some(Mark::Points) => "Scatter plot",
                Some(Mark::Histogram) => "Histogram",
                _ => "Line chart",
            })
    }
}

fn in_words(series: &Series) -> Option<String> {
    let name = or(&series.name, "data");
    let ends = || {
        let first = series.y.iter().find(|y| y.is_finite())?;
        let last = series.y.iter().rfind(|y| y.is_finite())?;
        Some((*first, *last))
    };
    match series.mark {
        Mark::Reference | Mark::Edge => None,
        Mark::Vertical => Some(format!("{name} at x = {}.", brief(series.x[0]))),
        Mark::Horizontal => Some(format!("{name} at y = {}.", brief(series.y[0]))),
        Mark::Histogram => {
            let (low, high) = span(series.x.iter().copied());
            let count = series.x.len();
            Some(format!(
                "{name}: {count} values from {} to {}.",
                brief(low),
                brief(high)
            ))
        }
        Mark::Cross => Some(format!(
            "{name} at ({}, {}).",
            brief(series.x[0]),
            brief(series.y[0])
        )),
        Mark::Points => Some(format!("{name}: {} points.", series.x.len())),
        Mark::Trail => {
            let place = |at: usize| format!("({}, {})", brief(series.x[at]), brief(series.y[at]));
            let last = series.x.len() - 1;
            Some(format!(
                "{name}: {last} steps from {} to {}.",
                place(0),
                place(last)
            ))
        }
        // A hill, such as a density: its ends say nothing.
        Mark::Area => {
            let points = series.x.iter().zip(&series.y).filter(|(_, y)| y.is_finite());
            let (x, y) = points.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
            Some(format!("{name}: highest at {}, with {}.", brief(*x), brief(*y)))
        }
        _ => {
            let (first, last) = ends()?;
            Some(format!("{name}: from {} to {}.", brief(first), brief(last)))
        }
    }
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() { other } else { text }.to_owned()
}
