//! Data made by a formula and a seed: small enough to see through, and the same in every run.
//!
//! | set | lesson | what it is good for |
//! | --- | --- | --- |
//! | [`logic_gate()`] | 01, 03 | truth tables for a neuron |
//! | [`linear_regression()`] | 04, 06 | weights that are known |
//! | [`moons()`], [`circles()`], [`spirals()`], [`blobs()`] | 03, 05 | points in the plane with a border to draw |
//! | [`sine_waves()`] | 11 | a series to forecast |
//! | [`count_up`], [`sum_of_sequence`], [`echo_sequence`], [`reverse_sequence`] | 11 | one-to-many, many-to-one, many-to-many |
//! | [`normal_vectors()`] | 12 | what the first GAN learns |
//! | [`line_points()`] | 13 | what the second GAN learns |

pub mod blobs;
pub mod circles;
pub mod line_points;
pub mod linear_regression;
pub mod logic_gate;
pub mod moons;
pub mod normal_vectors;
pub mod sequences;
pub mod sine_waves;
pub mod spirals;

pub use blobs::blobs;
pub use circles::circles;
pub use line_points::line_points;
pub use linear_regression::linear_regression;
pub use logic_gate::{LogicGate, logic_gate};
pub use moons::moons;
pub use normal_vectors::normal_vectors;
pub use sequences::{Sequences, count_up, echo_sequence, reverse_sequence, sum_of_sequence};
pub use sine_waves::sine_waves;
pub use spirals::spirals;

use super::Dataset;
use crate::data::DataFrame;
use crate::error::{Error, Result};
use crate::random::RandomStream;
use crate::tensor::Tensor;

/// What classes without a meaning are called; as many as a picture can tell apart.
const CLASS_NAMES: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

/// Points in the plane, each of a class: as a table of `x1`, `x2` and `class`, and as tensors.
///
/// The points come class after class and are given out in random order, since batches are taken from the front.
fn plane(
    about: String,
    points: &[[f32; 2]],
    classes: &[usize],
    class_names: Vec<&'static str>,
    stream: &mut RandomStream,
) -> Result<Dataset> {
    let order = stream.permutation(points.len());
    let points: Vec<[f32; 2]> = order.iter().map(|row| points[*row]).collect();
    let classes: Vec<usize> = order.iter().map(|row| classes[*row]).collect();
    let names: Vec<&str> = classes.iter().map(|class| class_names[*class]).collect();
    let x = Tensor::from_rows(&points)?;
    let labels = classes.iter().map(|class| *class as f32).collect();
    Ok(Dataset {
        frame: DataFrame::from_tensor(&x, &["x1", "x2"])?.with_words("class", &names)?,
        y: Tensor::from_vec(labels, [points.len(), 1])?,
        x,
        feature_names: vec!["x1".to_owned(), "x2".to_owned()],
        class_names,
        about,
    })
}

/// How many of the rows each class gets: as evenly as can be, the first classes one more.
fn shares(rows: usize, classes: usize) -> impl Iterator<Item = usize> {
    (0..classes).map(move |class| rows / classes + usize::from(class < rows % classes))
}

fn check_rows(operation: &str, rows: usize, least: usize) -> Result<()> {
    if rows >= least {
        return Ok(());
    }
    Err(Error::new(operation)
        .expected(format!("at least {least} rows"))
        .got(rows.to_string())
        .hint("200 rows make a picture"))
}

fn check_classes(operation: &str, classes: usize) -> Result<()> {
    if (2..=CLASS_NAMES.len()).contains(&classes) {
        return Ok(());
    }
    Err(Error::new(operation)
        .expected(format!("2 to {} classes", CLASS_NAMES.len()))
        .got(classes.to_string())
        .hint("more classes cannot be told apart in a picture"))
}

/// Random deviations from the formula, `count` of them with standard deviation `noise`.
fn noises(operation: &str, stream: &mut RandomStream, count: usize, noise: f32) -> Result<Vec<f32>> {
    if !(noise.is_finite() && noise >= 0.0) {
        return Err(Error::new(operation)
            .expected("a noise of at least 0")
            .got(noise.to_string())
            .hint("it is a standard deviation; 0 gives the formula itself"));
    }
    Ok(stream.normal([count], 0.0, noise)?.to_vec())
}
