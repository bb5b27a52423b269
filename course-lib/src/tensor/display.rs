//! How a tensor prints: as NumPy does, columns aligned, long axes cut in the middle, the shape beside it. A vector or a
//! matrix has the same numbers as an HTML table.

use std::fmt;

use super::Tensor;
use crate::data::table::{Column, Table, cut};
use crate::notebook::{Rich, Show};

/// Above this many values, each axis shows only its ends.
const SHOWN_IN_FULL: usize = 200;
/// Longer tables show only their ends, in both directions.
const MOST_ROWS: usize = 11;
const MOST_COLUMNS: usize = 12;
/// How many entries each end of a cut axis shows.
const EDGE: usize = 3;

impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.to_vec();
        let cut = values.len() > SHOWN_IN_FULL;
        let mut shown = Vec::new();
        collect(&values, self.shape(), cut, &mut shown);
        let style = Style::of(&shown);
        let width = shown
            .iter()
            .map(|value| style.write(*value).len())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        write_axis(&values, self.shape(), cut, 1, &mut text, &|value| {
            format!("{:>width$}", style.write(value))
        });
        f.write_str(&text)?;
        if self.rank() > 0 {
            write!(f, "  shape {:?}", self.shape())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How all the numbers of one tensor are written.
enum Style {
    Whole,
    Decimals(usize),
    Scientific,
}

impl Style {
    fn of(values: &[f32]) -> Self {
        let finite = || values.iter().filter(|value| value.is_finite());
        let largest = finite().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let smallest = finite()
            .filter(|value| **value != 0.0)
            .fold(f32::INFINITY, |smallest, value| smallest.min(value.abs()));
        if finite().all(|value| value.fract() == 0.0) && largest < 1e7 {
            Self::Whole
        } else if largest >= 1e6 || smallest < 1e-4 && largest < 1e-2 {
            Self::Scientific
        } else {
            let decimals = |value: &f32| {
                let text = format!("{value:.4}");
                text.trim_end_matches('0').rsplit('.').next().map_or(0, str::len)
            };
            Self::Decimals(finite().map(decimals).max().unwrap_or(1).max(1))
        }
    }

    fn write(&self, value: f32) -> String {
        match self {
            _ if !value.is_finite() => value.to_string(),
            Self::Whole => format!("{value:.0}."),
            Self::Decimals(decimals) => format!("{value:.decimals$}"),
            Self::Scientific => format!("{value:.3e}"),
        }
    }
}

/// The entries of an axis that are shown; `None` marks the cut.
fn entries(size: usize, cut: bool) -> Vec<Option<usize>> {
    if cut && size > 2 * EDGE {
        let ends = (0..EDGE).map(Some).chain([None]);
        ends.chain((size - EDGE..size).map(Some)).collect()
    } else {
        (0..size).map(Some).collect()
    }
}

fn collect(values: &[f32], shape: &[usize], cut: bool, shown: &mut Vec<f32>) {
    let Some((size, inner)) = shape.split_first() else {
        shown.push(values[0]);
        return;
    };
    let step = values.len() / size;
    for entry in entries(*size, cut).into_iter().flatten() {
        collect(&values[entry * step..(entry + 1) * step], inner, cut, shown);
    }
}

fn write_axis(
    values: &[f32],
    shape: &[usize],
    cut: bool,
    indent: usize,
    text: &mut String,
    write: &dyn Fn(f32) -> String,
) {
    let Some((size, inner)) = shape.split_first() else {
        text.push_str(&write(values[0]));
        return;
    };
    let step = values.len() / size;
    text.push('[');
    for (place, entry) in entries(*size, cut).into_iter().enumerate() {
        if place > 0 && inner.is_empty() {
            text.push_str(", ");
        } else if place > 0 {
            text.push(',');
            text.push_str(&"\n".repeat(inner.len()));
            text.push_str(&" ".repeat(indent));
        }
        match entry {
            Some(entry) => {
                let part = &values[entry * step..(entry + 1) * step];
                write_axis(part, inner, cut, indent + 1, text, write);
            }
            None => text.push('…'),
        }
    }
    text.push(']');
}

impl Tensor {
    /// Rows and columns with their numbers; a vector is one row. `None` for a single number, and for more axes than a
    /// page has.
    fn table(&self) -> Option<Table> {
        let (rows, columns) = match *self.shape() {
            [columns] => (1, columns),
            [rows, columns] => (rows, columns),
            _ => return None,
        };
        let values = self.values();
        let (shown_rows, shown_columns) = (cut(rows, MOST_ROWS), cut(columns, MOST_COLUMNS));
        let mut shown = Vec::new();
        for row in shown_rows.iter().flatten() {
            shown.extend(
                shown_columns
                    .iter()
                    .flatten()
                    .map(|column| values[row * columns + column]),
            );
        }
        let style = Style::of(&shown);
        let gap = || "…".to_owned();
        let number = |entry: &Option<usize>| entry.map_or_else(gap, |entry| entry.to_string());
        let written = |column: &Option<usize>| {
            let cells = shown_rows.iter().map(|row| match (row, column) {
                (Some(row), Some(column)) => style.write(values[row * columns + column]),
                _ => gap(),
            });
            Column::written(&number(column), cells.collect::<Vec<_>>())
        };
        let mut of_table: Vec<Column> = shown_columns.iter().map(written).collect();
        if self.rank() == 2 {
            let numbers: Vec<String> = shown_rows.iter().map(number).collect();
            of_table.insert(0, Column::written("", numbers));
        }
        Some(Table {
            columns: of_table,
            caption: format!("shape {:?}", self.shape()),
        })
    }
}

impl Show for Tensor {
    fn rich(&self) -> Rich {
        let rich = Rich::text(self.to_string());
        match self.table() {
            Some(table) => rich.html(table.html()),
            None => rich,
        }
    }
}

crate::shows_itself!(Tensor);
