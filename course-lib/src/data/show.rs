//! How a data frame looks at the end of a cell.

use std::fmt;

use polars::prelude::{AnyValue, DataType};

use super::DataFrame;
use super::table::{Column, MISSING, Table, cut, format_numbers};
use crate::notebook::{Rich, Show};

// The table that `describe` makes of the 30 breast-cancer features has 30 rows and 9 columns, and is read
// whole.
const MOST_ROWS: usize = 30;
const ROWS_OF_A_LONG_TABLE: usize = 11;
const MOST_COLUMNS: usize = 12;
const LONGEST_CELL: usize = 60;

impl DataFrame {
    fn table(&self) -> Table {
        let (rows, columns) = self.shape();
        let shown_rows = cut(
            rows,
            if rows > MOST_ROWS {
                ROWS_OF_A_LONG_TABLE
            } else {
                MOST_ROWS
            },
        );
        let shown_columns = cut(columns, MOST_COLUMNS);
        let names = self.columns();
        let columns_as_text = shown_columns.into_iter().map(|column| match column {
            Some(column) => self.column_as_text(column, &names[column], &shown_rows),
            None => Column {
                heading: "…".to_owned(),
                cells: vec!["…".to_owned(); shown_rows.len()],
                number: false,
            },
        });
        let plural =
            |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        Table {
            columns: columns_as_text.collect(),
            caption: format!("{} × {}", plural(rows, "row"), plural(columns, "column")),
        }
    }

    fn column_as_text(&self, index: usize, name: &str, rows: &[Option<usize>]) -> Column {
        let column = &polars::prelude::DataFrame::columns(self)[index];
        let value = |row: usize| column.get(row).unwrap_or(AnyValue::Null);
        let number = column.dtype().is_primitive_numeric();
        let cells = if number {
            let shown: Vec<Option<f64>> = rows
                .iter()
                .flatten()
                .map(|row| value(*row).extract::<f64>())
                .collect();
            let mut written = format_numbers(&shown).into_iter();
            rows.iter()
                .map(|row| row.and_then(|_| written.next()).unwrap_or_else(|| "…".to_owned()))
                .collect()
        } else {
            rows.iter()
                .map(|row| row.map_or_else(|| "…".to_owned(), |row| in_words(&value(row))))
                .collect()
        };
        Column {
            heading: shortened(name),
            cells,
            number: number || *column.dtype() == DataType::Null,
        }
    }
}

fn in_words(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => MISSING.to_owned(),
        value => shortened(&value.str_value()),
    }
}

fn shortened(text: &str) -> String {
    let one_line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if one_line.chars().count() <= LONGEST_CELL {
        return one_line;
    }
    one_line.chars().take(LONGEST_CELL - 1).chain(['…']).collect()
}

impl Show for DataFrame {
    fn rich(&self) -> Rich {
        let table = self.table();
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(DataFrame);

impl fmt::Display for DataFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

impl fmt::Debug for DataFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
