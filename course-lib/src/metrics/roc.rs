//! The ROC curve: what a classifier finds, against what it wrongly reports, for every threshold.
//!
//! Rows count as positive from a threshold on; lowering it from above the largest score to the smallest, the
//! curve goes from (0, 0) to (1, 1). The area under it is the probability that a random positive row has a
//! higher score than a random negative one. Source: Fawcett, "An introduction to ROC analysis", 2006.

use std::fmt;

use super::check_pair;
use crate::data::table::{Column, Table, cut};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A longer list of thresholds shows its ends only.
const MOST_ROWS: usize = 9;

/// False and true positive rates for every threshold; see the [module](self).
///
/// ```
/// use course_lib::metrics::RocCurve;
/// use course_lib::tensor::Tensor;
///
/// let scores = Tensor::vector(&[0.1, 0.4, 0.35, 0.8])?;
/// let targets = Tensor::vector(&[0.0, 0.0, 1.0, 1.0])?;
/// assert_eq!(RocCurve::new(&scores, &targets)?.auc(), 0.75);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RocCurve {
    false_positive_rates: Vec<f32>,
    true_positive_rates: Vec<f32>,
    thresholds: Vec<f32>,
    auc: f32,
}

impl RocCurve {
    /// The curve of scores (one a row) against targets of 0 and 1.
    ///
    /// # Errors
    /// Shapes that do not fit, targets other than 0 and 1, scores that are not numbers, or only one class.
    pub fn new(scores: &Tensor, targets: &Tensor) -> Result<Self> {
        let (scores, targets) = check_pair("RocCurve", scores, targets)?;
        let problem = |got: String| {
            Error::new("RocCurve")
                .expected("a score and a target of 0 or 1 in each row, and both kinds of targets")
                .got(got)
                .hint("use it for two classes, with rows of both")
        };
        if let Some(target) = targets.iter().find(|target| **target != 0.0 && **target != 1.0) {
            return Err(problem(format!("a target of {target}")));
        }
        if scores.iter().any(|score| score.is_nan()) {
            return Err(problem("a score of NaN".to_owned()));
        }
        let positives = targets.iter().filter(|target| **target == 1.0).count();
        let negatives = targets.len() - positives;
        if positives == 0 || negatives == 0 {
            return Err(problem(format!(
                "{positives} rows of class 1 and {negatives} of class 0"
            )));
        }
        let mut ranked: Vec<(f32, f32)> = scores.into_iter().zip(targets).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(Self::walk(&ranked, positives, negatives))
    }

    /// Lowers the threshold along rows ranked by score, a step for each distinct score.
    fn walk(ranked: &[(f32, f32)], positives: usize, negatives: usize) -> Self {
        let mut curve = Self {
            false_positive_rates: vec![0.0],
            true_positive_rates: vec![0.0],
            thresholds: vec![f32::INFINITY],
            auc: 0.0,
        };
        let (mut hits, mut alarms, mut area) = (0_usize, 0_usize, 0.0_f64);
        for group in ranked.chunk_by(|a, b| a.0 == b.0) {
            let found = group.iter().filter(|(_, target)| *target == 1.0).count();
            let wrong = group.len() - found;
            area += wrong as f64 * (hits as f64 + found as f64 / 2.0);
            hits += found;
            alarms += wrong;
            curve.false_positive_rates.push(alarms as f32 / negatives as f32);
            curve.true_positive_rates.push(hits as f32 / positives as f32);
            curve.thresholds.push(group[0].0);
        }
        curve.auc = (area / (positives as f64 * negatives as f64)) as f32;
        curve
    }

    /// The share of negative rows reported as positive, for each threshold: from 0 to 1.
    pub fn false_positive_rates(&self) -> &[f32] {
        &self.false_positive_rates
    }

    /// The share of positive rows found, for each threshold: from 0 to 1.
    pub fn true_positive_rates(&self) -> &[f32] {
        &self.true_positive_rates
    }

    /// The thresholds, from infinity downwards: rows with at least this score count as positive.
    pub fn thresholds(&self) -> &[f32] {
        &self.thresholds
    }

    /// The area under the curve: 0.5 is guessing, 1 perfect.
    pub fn auc(&self) -> f32 {
        self.auc
    }
}

impl fmt::Display for RocCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ROC curve of {} thresholds, AUC {:.4}",
            self.thresholds.len() - 1,
            self.auc
        )
    }
}

impl RocCurve {
    fn table(&self) -> Table {
        let column = |heading: &str, values: &[f32]| {
            let shown = cut(values.len(), MOST_ROWS).into_iter();
            let cell = |row: Option<usize>| row.map_or("…".to_owned(), |row| format!("{:.4}", values[row]));
            Column::written(heading, shown.map(cell))
        };
        Table {
            columns: vec![
                column("score from", &self.thresholds),
                column("false positive rate", &self.false_positive_rates),
                column("true positive rate", &self.true_positive_rates),
            ],
            caption: self.to_string(),
        }
    }
}

crate::notebook::shows_with_table!(RocCurve);
