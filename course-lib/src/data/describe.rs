//! A table in a few numbers: count, mean, spread and quartiles of columns, and how often each word occurs.

use std::collections::HashMap;

use polars::prelude as pl;

use super::DataFrame;
use super::frame::from_polars;
use crate::error::{Error, Result};

impl DataFrame {
    /// One row for every column of numbers: how many values, their mean, standard deviation (of a sample:
    /// divided by n - 1), smallest, quartiles, largest. Missing values are left out.
    ///
    /// These are the numbers of pandas' `frame.describe().T`.
    ///
    /// # Errors
    /// If no column holds numbers.
    pub fn describe(&self) -> Result<Self> {
        let numeric = |name: &String| {
            self.find("describe", name)
                .is_ok_and(|c| c.dtype().is_primitive_numeric())
        };
        let names: Vec<String> = self.columns().into_iter().filter(numeric).collect();
        if names.is_empty() {
            return Err(Error::new("describe")
                .expected("at least one column of numbers")
                .got("columns of text only")
                .hint("count the words of a column with `frame.value_counts(column)`"));
        }
        let mut statistics: [Vec<f64>; 7] = Default::default();
        let mut counts = Vec::new();
        for name in &names {
            let mut values: Vec<f64> = self
                .numbers("describe", name)?
                .into_iter()
                .flatten()
                .filter(|value| !value.is_nan())
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            counts.push(values.len() as i64);
            for (all, one) in statistics.iter_mut().zip(summary(&values)) {
                all.push(one);
            }
        }
        let headings = ["mean", "std", "min", "25 %", "50 %", "75 %", "max"];
        let rows = names.len();
        let mut columns = vec![
            pl::Column::new("column".into(), names),
            pl::Column::new("count".into(), counts),
        ];
        columns.extend(
            headings
                .iter()
                .zip(statistics)
                .map(|(name, of)| pl::Column::new((*name).into(), of)),
        );
        pl::DataFrame::new(rows, columns)
            .map(Self::from_polars)
            .map_err(|problem| from_polars("describe", &problem))
    }

    /// How often each value of a column occurs, the most frequent first, and its share in percent.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn value_counts(&self, name: &str) -> Result<Self> {
        let column = self.find("value_counts", name)?;
        let mut order: Vec<String> = Vec::new();
        let mut counts: HashMap<String, i64> = HashMap::new();
        for row in 0..column.len() {
            let value = column
                .get(row)
                .map_err(|problem| from_polars("value_counts", &problem))?;
            let word = if value.is_null() {
                "(missing)".to_owned()
            } else {
                value.str_value().into_owned()
            };
            let count = counts.entry(word.clone()).or_insert_with(|| {
                order.push(word);
                0
            });
            *count += 1;
        }
        // A stable sort: values that occur equally often stay in the order of the table.
        order.sort_by_key(|word| -counts[word]);
        let how_often: Vec<i64> = order.iter().map(|word| counts[word]).collect();
        let shares: Vec<f64> = how_often
            .iter()
            .map(|n| 100.0 * *n as f64 / column.len() as f64)
            .collect();
        let rows = order.len();
        let columns = vec![
            pl::Column::new(name.into(), order),
            pl::Column::new(if name == "count" { "number" } else { "count" }.into(), how_often),
            pl::Column::new(if name == "%" { "percent" } else { "%" }.into(), shares),
        ];
        pl::DataFrame::new(rows, columns)
            .map(Self::from_polars)
            .map_err(|problem| from_polars("value_counts", &problem))
    }
}

/// Mean, standard deviation, smallest, quartiles and largest of sorted values; NaN where there are too few.
fn summary(sorted: &[f64]) -> [f64; 7] {
    let count = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
    let std = if sorted.len() > 1 {
        (squares / (count - 1.0)).sqrt()
    } else {
        f64::NAN
    };
    let at = |share| quantile(sorted, share);
    [mean, std, at(0.0), at(0.25), at(0.5), at(0.75), at(1.0)]
}

/// The value below which `share` of the sorted values lie, on the straight line between the two nearest.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = share * last as f64;
    let (below, above) = (
        sorted[position.floor() as usize],
        sorted[position.ceil() as usize],
    );
    below + (above - below) * position.fract()
}
