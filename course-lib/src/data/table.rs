//! A table on its way to the screen: text and HTML, escaped, aligned, cut to a readable size.

use std::borrow::Cow;

/// One column as it will be shown: a heading and a cell for every row.
pub(crate) struct Column {
    pub heading: String,
    pub cells: Vec<String>,
    /// Numbers stand on the right, so that their digits line up; words on the left.
    pub number: bool,
}

/// Columns beside each other, with a line of words below them.
pub(crate) struct Table {
    pub columns: Vec<Column>,
    pub caption: String,
}

impl Table {
    /// The table as an HTML `<table>` that takes its colours from JupyterLab's own style sheet, so that it is
    /// right in its light and its dark theme.
    pub fn html(&self) -> String {
        let mut html = String::from("<table class=\"dataframe\"><thead><tr>");
        for column in &self.columns {
            html.push_str(&format!(
                "<th{}>{}</th>",
                column.html_style(),
                escape(&column.heading)
            ));
        }
        html.push_str("</tr></thead><tbody>");
        for row in 0..self.height() {
            html.push_str("<tr>");
            for column in &self.columns {
                html.push_str(&format!(
                    "<td{}>{}</td>",
                    column.html_style(),
                    escape(&in_one_line(&column.cells[row]))
                ));
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table>");
        if !self.caption.is_empty() {
            html.push_str(&format!("<p>{}</p>", escape(&self.caption)));
        }
        html
    }

    /// The table as plain text, for terminals and for front ends that show no HTML.
    pub fn text(&self) -> String {
        let widths: Vec<usize> = self.columns.iter().map(Column::width).collect();
        let line = |cells: Vec<&str>| {
            let padded = cells
                .iter()
                .zip(&self.columns)
                .zip(&widths)
                .map(|((cell, column), width)| {
                    let gap = " ".repeat(width - cell.chars().count());
                    if column.number {
                        format!("{gap}{cell}")
                    } else {
                        format!("{cell}{gap}")
                    }
                });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let mut lines = vec![line(
            self.columns
                .iter()
                .map(|column| column.heading.as_str())
                .collect(),
        )];
        lines.push(
            widths
                .iter()
                .map(|width| "-".repeat(*width))
                .collect::<Vec<_>>()
                .join("  "),
        );
        for row in 0..self.height() {
            lines.push(line(
                self.columns
                    .iter()
                    .map(|column| column.cells[row].as_str())
                    .collect(),
            ));
        }
        lines.push(self.caption.clone());
        lines.join("\n")
    }

    fn height(&self) -> usize {
        self.columns
            .iter()
            .map(|column| column.cells.len())
            .min()
            .unwrap_or(0)
    }
}

impl Column {
    /// A column of words.
    pub fn words<Word: Into<String>>(heading: &str, cells: impl IntoIterator<Item = Word>) -> Self {
        Self {
            heading: heading.to_owned(),
            cells: cells.into_iter().map(Into::into).collect(),
            number: false,
        }
    }

    /// A column of numbers that are already written.
    pub fn written(heading: &str, cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            number: true,
            ..Self::words(heading, cells)
        }
    }

    /// A column of numbers with shared decimals, where a long one loses its middle.
    pub fn numbers(heading: &str, values: &[f64], most: usize) -> Self {
        let shown = cut(values.len(), most);
        let values: Vec<Option<f64>> = shown.iter().flatten().map(|row| Some(values[*row])).collect();
        let mut written = format_numbers(&values).into_iter();
        let cell = |row: &Option<usize>| match row {
            Some(_) => written.next().unwrap_or_default(),
            None => "…".to_owned(),
        };
        Self::written(heading, shown.iter().map(cell).collect::<Vec<_>>())
    }

    fn html_style(&self) -> &'static str {
        if self.number {
            " style=\"text-align: right\""
        } else {
            " style=\"text-align: left\""
        }
    }

    fn width(&self) -> usize {
        self.cells
            .iter()
            .chain([&self.heading])
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    }
}

/// Which of `count` items to show when at most `most` fit: the first ones, then `None` for "…", then the
/// last.
pub(crate) fn cut(count: usize, most: usize) -> Vec<Option<usize>> {
    if count <= most {
        return (0..count).map(Some).collect();
    }
    let first = most / 2;
    let last = most - first - 1;
    (0..first)
        .map(Some)
        .chain([None])
        .chain((count - last..count).map(Some))
        .collect()
}

/// Makes text from data harmless inside HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A control character means nothing in a table and is not allowed in XHTML.
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Writes the numbers of one column alike: about five significant digits, no more decimals than they need.
///
/// A column whose values differ a thousandfold and more (a mean of 655 below a mean of 0.05) gets its
/// decimals cell by cell instead.
pub(crate) fn format_numbers(values: &[Option<f64>]) -> Vec<String> {
    let sizes = || {
        values
            .iter()
            .flatten()
            .map(|value| value.abs())
            .filter(|size| size.is_finite() && *size > 0.0)
    };
    let largest = sizes().fold(0.0, f64::max);
    let smallest = sizes().fold(f64::INFINITY, f64::min);
    let whole = values
        .iter()
        .flatten()
        .all(|value| value.fract() == 0.0 && value.abs() < 1e15);
    let mixed = !whole && largest > 1000.0 * smallest;
    let needed = |most: usize| {
        let printed = values
            .iter()
            .flatten()
            .filter(|value| value.is_finite())
            .map(|value| decimals(*value, most));
        printed.max().unwrap_or(0)
    };
    let shared = if whole { 0 } else { needed(significant(largest, 5)) };

    let one = |value: f64| match value {
        value if !value.is_finite() => value.to_string(),
        value if value.abs() >= 1e9 || (value != 0.0 && value.abs() < 1e-4 && !whole) => {
            format!("{value:.3e}")
        }
        value if mixed && value.fract() != 0.0 => format!("{value:.0$}", significant(value, 4)),
        value if mixed => value.to_string(),
        value => format!("{value:.shared$}"),
    };
    values
        .iter()
        .map(|value| value.map_or_else(|| MISSING.to_owned(), one))
        .collect()
}

/// How a cell without a value is shown.
pub(crate) const MISSING: &str = "—";

/// Decimals that leave `digits` significant digits of a number of this size.
fn significant(size: f64, digits: i32) -> usize {
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    (digits - 1 - size.abs().log10().floor() as i32).clamp(0, 9) as usize
}

/// Decimals that `value` needs, rounded to at most `most`.
fn decimals(value: f64, most: usize) -> usize {
    let text = format!("{value:.most$}");
    text.trim_end_matches('0')
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}

/// A shape such as `[569, 30]` with spaces at which a narrow column is not broken.
fn in_one_line(cell: &str) -> Cow<'_, str> {
    let is_of_shape = |letter: char| letter.is_ascii_digit() || "[, ]".contains(letter);
    match cell.starts_with('[') && cell.chars().all(is_of_shape) {
        true => Cow::Owned(cell.replace(' ', "\u{a0}")),
        false => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_numbers_shares_its_decimals() {
        let written = format_numbers(&[Some(17.99), Some(20.5), None, Some(7.0)]);
        assert_eq!(written, ["17.99", "20.50", "—", "7.00"]);
        assert_eq!(format_numbers(&[Some(3.0), Some(1000.0)]), ["3", "1000"]);
        assert_eq!(format_numbers(&[Some(0.0064), Some(0.03)]), ["0.0064", "0.0300"]);
        assert_eq!(format_numbers(&[Some(1.0 / 3.0)]), ["0.33333"]);
    }

    #[test]
    fn numbers_of_very_different_size_each_keep_their_digits() {
        assert_eq!(
            format_numbers(&[Some(654.889_104), Some(0.096_360_28)]),
            ["654.9", "0.09636"]
        );
        assert_eq!(
            format_numbers(&[Some(2501.0), Some(24.3), Some(0.0), Some(0.008)]),
            ["2501", "24.30", "0", "0.008000"]
        );
        assert_eq!(
            format_numbers(&[Some(f64::NAN), Some(1e300), Some(2.5e-7)]),
            ["NaN", "1.000e300", "2.500e-7"]
        );
    }

    #[test]
    fn a_shape_stays_in_one_line_and_all_else_may_be_broken() {
        assert_eq!(in_one_line("[569, 30]"), "[569,\u{a0}30]");
        assert_eq!(in_one_line("[0.25, -1.5]"), "[0.25, -1.5]");
        assert_eq!(
            in_one_line("0 = benign, 1 = malignant"),
            "0 = benign, 1 = malignant"
        );
    }

    #[test]
    fn a_long_list_is_cut_in_its_middle() {
        assert_eq!(cut(3, 5), [Some(0), Some(1), Some(2)]);
        assert_eq!(cut(9, 5), [Some(0), Some(1), None, Some(7), Some(8)]);
    }
}
