//! What `evaluate` found.

use std::fmt;

use crate::data::table::{Column, Table};
use crate::error::{Error, Result};

/// The loss and the metrics of a network on one data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The mean loss over all rows.
    pub loss: f32,
    metrics: Vec<(&'static str, f32)>,
}

impl Score {
    pub(super) fn new(loss: f32, metrics: Vec<(&'static str, f32)>) -> Self {
        Self { loss, metrics }
    }

    /// A metric by its name in the history, such as `accuracy`; also `loss`.
    ///
    /// # Errors
    /// A metric that the model was not compiled with.
    pub fn get(&self, name: &str) -> Result<f32> {
        let found = self.entries().into_iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value).ok_or_else(|| {
            let names: Vec<&str> = self.entries().into_iter().map(|(name, _)| name).collect();
            Error::new("score")
                .expected(format!("one of {}", names.join(", ")))
                .got(name)
                .hint("name the metric in compile")
        })
    }

    /// The share of rows whose class is predicted right, from 0 to 1.
    ///
    /// # Errors
    /// A model that was compiled without `Metric::Accuracy`.
    pub fn accuracy(&self) -> Result<f32> {
        self.get("accuracy")
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = f32> {
        [self.loss]
            .into_iter()
            .chain(self.metrics.into_iter().map(|(_, value)| value))
    }

    /// Names and values, the loss first.
    pub fn entries(&self) -> Vec<(&str, f32)> {
        [("loss", self.loss)]
            .into_iter()
            .chain(self.metrics.iter().copied())
            .collect()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self
            .entries()
            .into_iter()
            .map(|(name, value)| format!("{name} {value:.4}"));
        f.write_str(&entries.collect::<Vec<_>>().join(" · "))
    }
}

impl Score {
    fn table(&self) -> Table {
        let column = |(name, value): (&str, f32)| Column::written(name, [format!("{value:.4}")]);
        Table {
            columns: self.entries().into_iter().map(column).collect(),
            caption: String::new(),
        }
    }
}

crate::notebook::shows_with_table!(Score);
