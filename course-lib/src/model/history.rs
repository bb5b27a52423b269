//! What happened in a training: a list of values for each metric, one an epoch.

use std::fmt;

use crate::data::table::{Column, Table, cut};
use crate::kept::{Kept, dropped_here};
use crate::notebook::{Rich, Show};

/// More rows than this are cut in the middle.
const MOST_ROWS: usize = 11;

/// Loss and metrics of each epoch; those on validation data start with `val_`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    curves: Kept<Vec<(String, Vec<f32>)>>,
    seconds: Vec<f32>,
}

dropped_here!(Vec<(String, Vec<f32>)>);

impl History {
    /// The values of one metric, one an epoch: `loss`, `accuracy`, `val_loss`, ...
    pub fn get(&self, name: &str) -> Option<&[f32]> {
        self.curves
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, values)| values.as_slice())
    }

    /// The value of one metric after the last epoch.
    pub fn last(&self, name: &str) -> Option<f32> {
        self.get(name)?.last().copied()
    }

    /// The names of the metrics, the loss first.
    pub fn names(&self) -> Vec<&str> {
        self.curves.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// How many epochs were trained.
    pub fn epochs(&self) -> usize {
        self.seconds.len()
    }

    /// How long each epoch took, in seconds.
    pub fn seconds(&self) -> &[f32] {
        &self.seconds
    }

    pub(crate) fn push(&mut self, seconds: f32, entries: Vec<(String, f32)>) {
        self.seconds.push(seconds);
        for (name, value) in entries {
            match self.curves.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => self.curves.push((name, vec![value])),
            }
        }
    }

    /// The epochs as rows of a table, with the given line below it.
    pub(super) fn table(&self, caption: String) -> Table {
        let shown = cut(self.epochs(), MOST_ROWS);
        let column = |heading: &str, cell: &dyn Fn(usize) -> String| Column {
            heading: heading.to_owned(),
            cells: shown
                .iter()
                .map(|epoch| epoch.map_or_else(|| "…".to_owned(), cell))
                .collect(),
            number: true,
        };
        let mut columns = vec![column("epoch", &|epoch| (epoch + 1).to_string())];
        for (name, values) in self.curves.iter() {
            columns.push(column(name, &|epoch| written(values[epoch])));
        }
        Table { columns, caption }
    }

    fn caption(&self) -> String {
        let seconds: f32 = self.seconds.iter().sum();
        let epochs = self.epochs();
        format!(
            "{epochs} {} in {seconds:.1} s",
            if epochs == 1 { "epoch" } else { "epochs" }
        )
    }
}

/// A metric with four digits that say something.
pub(super) fn written(value: f32) -> String {
    if value != 0.0 && value.abs() < 1e-3 {
        format!("{value:.2e}")
    } else {
        format!("{value:.4}")
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(self.caption()).text())
    }
}

impl Show for History {
    fn rich(&self) -> Rich {
        let table = self.table(self.caption());
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(History);
