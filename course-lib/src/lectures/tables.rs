//! How the by-hand types show: as a table in HTML and in text, with numbers written alike.

use crate::data::table::{Column, cut, format_numbers};

/// Gives types with a method `table()` their look: `Display`, `Show`, and the last line of a cell.
macro_rules! shows_as_table {
    ($($type:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.table().text())
            }
        }

        impl $crate::notebook::Show for $type {
            fn rich(&self) -> $crate::notebook::Rich {
                let table = self.table();
                $crate::notebook::Rich::text(table.text()).html(table.html())
            }
        }

        $crate::shows_itself!($type);
    )+};
}
pub(super) use shows_as_table;

/// A column of words or formulas.
pub(super) fn words<Word: Into<String>>(heading: &str, cells: impl IntoIterator<Item = Word>) -> Column {
    Column {
        heading: heading.to_owned(),
        cells: cells.into_iter().map(Into::into).collect(),
        number: false,
    }
}

/// A column of numbers with shared decimals.
pub(super) fn numbers(heading: &str, values: impl IntoIterator<Item = impl Into<f64>>) -> Column {
    written(heading, alike(values))
}

/// Numbers as one column writes them.
pub(super) fn alike(values: impl IntoIterator<Item = impl Into<f64>>) -> Vec<String> {
    // Adding 0 makes -0, as 0 · -1 gives it, a plain 0.
    let values: Vec<Option<f64>> = values.into_iter().map(|value| Some(value.into() + 0.0)).collect();
    format_numbers(&values)
}

/// A column of cells that are already written, on the right as numbers are.
pub(super) fn written(heading: &str, cells: impl IntoIterator<Item = String>) -> Column {
    Column {
        number: true,
        ..words(heading, cells)
    }
}

/// The same columns with at most `most` rows: the middle is cut out, after all cells were written alike.
pub(super) fn shortened(mut columns: Vec<Column>, most: usize) -> Vec<Column> {
    for column in &mut columns {
        let cells = std::mem::take(&mut column.cells);
        let shown = cut(cells.len(), most).into_iter();
        column.cells = shown
            .map(|row| row.map_or_else(|| "…".to_owned(), |row| cells[row].clone()))
            .collect();
    }
    columns
}

/// A number with at most so many decimals, and without zeros at its end.
pub(super) fn rounded(value: impl Into<f64>, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.into());
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// One number within a formula: about five significant digits.
pub(super) fn number(value: impl Into<f64>) -> String {
    alike([value]).concat()
}

/// One number as a factor or summand: a negative one in brackets.
pub(super) fn factor(value: impl Into<f64>) -> String {
    let value = value.into();
    let text = number(value);
    if value < 0.0 { format!("({text})") } else { text }
}

/// `1 epoch`, `2 epochs`.
pub(super) fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_single_precision_do_not_show_their_rounding() {
        assert_eq!(number(0.1_f32), "0.1");
        assert_eq!(number(30.006_000_3), "30.006");
        assert_eq!(factor(-1.5_f32), "(-1.5)");
        assert_eq!(number(-0.0), "0");
    }

    #[test]
    fn rounded_numbers_have_no_zeros_at_their_end() {
        assert_eq!(rounded(30.006_000_3, 6), "30.006");
        assert_eq!(rounded(-1e-9, 4), "0");
        assert_eq!(rounded(100.0, 0), "100");
        assert_eq!(rounded(f64::INFINITY, 2), "inf");
    }

    #[test]
    fn a_long_table_loses_its_middle() {
        let columns = shortened(vec![numbers("step", (0..100).map(f64::from))], 5);
        assert_eq!(columns[0].cells, ["0", "1", "…", "98", "99"]);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1, "epoch"), "1 epoch");
        assert_eq!(count(0, "epoch"), "0 epochs");
    }
}
