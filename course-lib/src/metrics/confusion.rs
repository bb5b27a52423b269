//! The confusion matrix: which class was taken for which.
//!
//! Source: Kohavi, Provost, "Glossary of terms", 1998; rows are the truth, as in scikit-learn's `confusion_matrix`.

use std::fmt;

use super::classes::Classes;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

/// How often each true class (row) was predicted as each class (column).
///
/// ```
/// use course_lib::metrics::ConfusionMatrix;
/// use course_lib::tensor::Tensor;
///
/// let predictions = Tensor::vector(&[0.9, 0.2, 0.6, 0.4])?;
/// let targets = Tensor::vector(&[1.0, 0.0, 0.0, 0.0])?;
/// let matrix = ConfusionMatrix::new(&predictions, &targets, &["benign", "malignant"])?;
/// assert_eq!(matrix.counts(), [[2, 1], [0, 1]]);
/// assert_eq!(matrix.class("malignant")?.precision, 0.5);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    counts: Vec<Vec<usize>>,
    class_names: Vec<String>,
}

/// How well one class is told from the others; all from 0 to 1, and 0 where there is nothing to divide by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassReport {
    /// Of the rows predicted as this class, the share that is.
    pub precision: f32,
    /// Of the rows that are this class, the share that is found.
    pub recall: f32,
    /// The harmonic mean of precision and recall.
    pub f1: f32,
    /// How many rows are this class.
    pub support: usize,
}

impl ConfusionMatrix {
    /// Counts predictions against targets; the names are those of class 0, class 1, and so on.
    ///
    /// # Errors
    /// Predictions and targets that do not fit each other, or another number of names than of classes.
    pub fn new(predictions: &Tensor, targets: &Tensor, class_names: &[&str]) -> Result<Self> {
        let classes = Classes::of("ConfusionMatrix", predictions, targets)?;
        if class_names.len() != classes.count {
            return Err(Error::new("ConfusionMatrix")
                .expected(format!("{} class names", classes.count))
                .got(format!("{}", class_names.len()))
                .hint("name each class once, class 0 first"));
        }
        let class_names = class_names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Self {
            counts: classes.counts(),
            class_names,
        })
    }

    /// The counts: a row for each true class, a column for each predicted one.
    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// The names of the classes, in the order of rows and columns.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// The share of all rows on the diagonal.
    pub fn accuracy(&self) -> f32 {
        let right: usize = (0..self.counts.len())
            .map(|class| self.counts[class][class])
            .sum();
        ratio(right, self.counts.iter().flatten().sum())
    }

    /// Precision, recall and F1 of one class.
    ///
    /// # Errors
    /// A name that none of the classes has.
    pub fn class(&self, name: &str) -> Result<ClassReport> {
        let class = self
            .class_names
            .iter()
            .position(|known| known == name)
            .ok_or_else(|| {
                Error::new("ConfusionMatrix")
                    .expected(format!("one of the classes {}", self.class_names.join(", ")))
                    .got(name)
                    .hint("use a name that the matrix was made with")
            })?;
        Ok(self.report(class))
    }

    pub(super) fn report(&self, class: usize) -> ClassReport {
        let hits = self.counts[class][class];
        let predicted = self.counts.iter().map(|row| row[class]).sum();
        let support = self.counts[class].iter().sum();
        let (precision, recall) = (ratio(hits, predicted), ratio(hits, support));
        let f1 = ratio(2 * hits, predicted + support);
        ClassReport {
            precision,
            recall,
            f1,
            support,
        }
    }
}

fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

impl ConfusionMatrix {
    fn table(&self) -> Table {
        let column = |heading: &str, cell: &dyn Fn(usize) -> String| Column {
            heading: heading.to_owned(),
            cells: (0..self.counts.len()).map(cell).collect(),
            number: true,
        };
        let reports: Vec<ClassReport> = (0..self.counts.len()).map(|class| self.report(class)).collect();
        let names = Column {
            heading: "actual \\ predicted".to_owned(),
            cells: self.class_names.clone(),
            number: false,
        };
        let mut columns = vec![names];
        for (class, name) in self.class_names.iter().enumerate() {
            columns.push(column(name, &|row| self.counts[row][class].to_string()));
        }
        columns.push(column("precision", &|row| {
            format!("{:.4}", reports[row].precision)
        }));
        columns.push(column("recall", &|row| format!("{:.4}", reports[row].recall)));
        columns.push(column("F1", &|row| format!("{:.4}", reports[row].f1)));
        Table {
            columns,
            caption: format!("accuracy {:.4}", self.accuracy()),
        }
    }
}

impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

impl Show for ConfusionMatrix {
    fn rich(&self) -> Rich {
        let table = self.table();
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(ConfusionMatrix);

impl ClassReport {
    fn table(&self) -> Table {
        let share = |heading: &str, value: f32| Column::written(heading, [format!("{value:.4}")]);
        Table {
            columns: vec![
                share("precision", self.precision),
                share("recall", self.recall),
                share("F1", self.f1),
                Column::written("support", [self.support.to_string()]),
            ],
            caption: String::new(),
        }
    }
}

impl fmt::Display for ClassReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ClassReport(precision = {:?}, recall = {:?}, f1 = {:?}, support = {:?})",
            self.precision, self.recall, self.f1, self.support
        )
    }
}

crate::notebook::shows_with_table!(ClassReport);
