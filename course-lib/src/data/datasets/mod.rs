//! The data sets that travel with the course.
//!
//! Each is a file in the `datasets` folder of the repository, whose README names source, licence and columns.
//! A file is checked against its SHA-256 before it is used, so that a lesson's numbers mean what they say.
//! The folder is found by itself; the environment variable `COURSE_DATASETS` names another one.
//!
//! | set | lessons | what it is |
//! | --- | --- | --- |
//! | [`breast_cancer`] | 07, 16 | 569 tumours, 30 features, malignant or benign |
//! | [`auto_mpg`] | 06 | 392 cars, 9 features, miles per gallon |
//! | [`mnist`] | 08, 09, 14, 15 | 70,000 handwritten digits |
//! | [`airline_passengers`] | 10 | 144 monthly values |
//! | [`synthetic`] | 01, 03 to 06, 11 to 13 | made by a formula and a seed; each is also here, as in `datasets::moons` |

mod airline_passengers;
mod auto_mpg;
mod breast_cancer;
mod files;
mod idx;
mod manifest;
mod mnist;
pub mod synthetic;

pub use airline_passengers::{TimeSeries, airline_passengers};
pub use auto_mpg::auto_mpg;
pub use breast_cancer::breast_cancer;
pub use mnist::{Mnist, mnist};
pub use synthetic::{
    LogicGate, Sequences, blobs, circles, count_up, echo_sequence, line_points, linear_regression,
    logic_gate, moons, normal_vectors, reverse_sequence, sine_waves, spirals, sum_of_sequence,
};

use std::fmt;

use super::DataFrame;
use crate::data::table::{Column, Table, cut};
use crate::tensor::Tensor;

/// Examples to learn from: the table as it is, and the same as inputs and targets for a network.
#[derive(Clone)]
pub struct Dataset {
    /// The table as it stands in the file, target included.
    pub frame: DataFrame,
    /// The inputs, `[rows, features]`.
    pub x: Tensor,
    /// The targets, `[rows, 1]`.
    pub y: Tensor,
    /// What each column of [`Dataset::x`] is.
    pub feature_names: Vec<String>,
    /// What the numbers in [`Dataset::y`] stand for: `class_names[1]` is the meaning of 1. Empty for a
    /// measured target.
    pub class_names: Vec<&'static str>,
    /// What it is and where it comes from, in a sentence.
    pub about: String,
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\nx {:?}   y {:?}",
            self.about,
            self.x.shape(),
            self.y.shape()
        )?;
        for (number, name) in self.class_names.iter().enumerate() {
            write!(f, "{}{number} = {name}", if number == 0 { "   " } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// More names than this are cut in the middle.
const MOST_NAMES: usize = 9;

impl Dataset {
    fn table(&self) -> Table {
        let names = cut(self.feature_names.len(), MOST_NAMES).into_iter();
        let names = names.map(|name| name.map_or("…", |name| &self.feature_names[name]));
        let classes = self.class_names.iter().enumerate();
        let classes: Vec<String> = classes
            .map(|(number, name)| format!("{number} = {name}"))
            .collect();
        let meaning = match classes.is_empty() {
            true => "measured".to_owned(),
            false => classes.join(", "),
        };
        Table {
            columns: vec![
                Column::words("", ["x", "y"]),
                Column::words(
                    "shape",
                    [&self.x, &self.y].map(|part| format!("{:?}", part.shape())),
                ),
                Column::words("what", [names.collect::<Vec<_>>().join(", "), meaning]),
            ],
            caption: self.about.clone(),
        }
    }
}

crate::notebook::shows_with_table!(Dataset);
