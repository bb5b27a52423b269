//! Precision, recall and F1 of each class, and their means, as scikit-learn's `classification_report` shows them.
//!
//! The macro average counts every class as much, the weighted average every row. Source: Manning, Raghavan, Schütze,
//! *Introduction to Information Retrieval*, 13.6.

use std::fmt;

use super::{ClassReport, ConfusionMatrix};
use crate::data::table::{Column, Table};
use crate::error::Result;
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

/// The table of a classifier's classes; see the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationReport {
    names: Vec<String>,
    classes: Vec<ClassReport>,
    accuracy: f32,
}

/// Precision, recall, F1 and support of each class; the names are those of class 0, class 1, and so on.
///
/// ```
/// use course_lib::metrics::classification_report;
/// use course_lib::tensor::Tensor;
///
/// let predictions = Tensor::vector(&[0.9, 0.2, 0.6, 0.4])?;
/// let targets = Tensor::vector(&[1.0, 0.0, 0.0, 0.0])?;
/// let report = classification_report(&predictions, &targets, &["benign", "malignant"])?;
/// assert_eq!(report.classes()[1].recall, 1.0);
/// assert_eq!(report.macro_average().precision, 0.75);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// Predictions and targets that do not fit each other, or another number of names than of classes.
pub fn classification_report(
    predictions: &Tensor,
    targets: &Tensor,
    class_names: &[&str],
) -> Result<ClassificationReport> {
    let matrix = ConfusionMatrix::new(predictions, targets, class_names)?;
    Ok(ClassificationReport {
        names: matrix.class_names().to_vec(),
        classes: (0..class_names.len()).map(|class| matrix.report(class)).collect(),
        accuracy: matrix.accuracy(),
    })
}

impl ClassificationReport {
    /// The line of each class, class 0 first.
    pub fn classes(&self) -> &[ClassReport] {
        &self.classes
    }

    /// The share of all rows whose class is predicted right.
    pub fn accuracy(&self) -> f32 {
        self.accuracy
    }

    /// The mean over the classes.
    pub fn macro_average(&self) -> ClassReport {
        self.average(|_| 1.0)
    }

    /// The mean over the rows: each class counts as much as it has rows.
    pub fn weighted_average(&self) -> ClassReport {
        self.average(|class| class.support as f64)
    }

    fn average(&self, weight: impl Fn(&ClassReport) -> f64) -> ClassReport {
        let whole: f64 = self.classes.iter().map(&weight).sum();
        let mean = |value: fn(&ClassReport) -> f32| {
            let each = self.classes.iter();
            let sum: f64 = each.map(|class| weight(class) * f64::from(value(class))).sum();
            (sum / whole) as f32
        };
        ClassReport {
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
            support: self.classes.iter().map(|class| class.support).sum(),
        }
    }

    fn table(&self) -> Table {
        let averages = [
            ("macro avg".to_owned(), self.macro_average()),
            ("weighted avg".to_owned(), self.weighted_average()),
        ];
        let lines: Vec<(String, ClassReport)> = self
            .names
            .iter()
            .cloned()
            .zip(self.classes.iter().copied())
            .chain(averages)
            .collect();
        let column = |heading: &str, cell: &dyn Fn(&ClassReport) -> String| Column {
            heading: heading.to_owned(),
            cells: lines.iter().map(|(_, line)| cell(line)).collect(),
            number: true,
        };
        let names = Column {
            heading: "class".to_owned(),
            cells: lines.iter().map(|(name, _)| name.clone()).collect(),
            number: false,
        };
        Table {
            columns: vec![
                names,
                column("precision", &|line| format!("{:.4}", line.precision)),
                column("recall", &|line| format!("{:.4}", line.recall)),
                column("F1", &|line| format!("{:.4}", line.f1)),
                column("support", &|line| line.support.to_string()),
            ],
            caption: format!("accuracy {:.4}", self.accuracy),
        }
    }
}

impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

impl Show for ClassificationReport {
    fn rich(&self) -> Rich {
        let table = self.table();
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(ClassificationReport);
