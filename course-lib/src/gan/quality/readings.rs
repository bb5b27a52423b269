//! What a classifier reads in generated images.

use std::fmt;

use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::model::Sequential;
use crate::notebook::{Rich, Show};
use crate::tensor::Tensor;

/// What a classifier says of images: which class each one is, and how sure it is.
#[derive(Debug, Clone)]
pub struct Readings {
    classes: Vec<usize>,
    confidences: Vec<f32>,
    score: f32,
    count: usize,
}

/// Lets a classifier, whose last layer is a softmax, read generated images. Images that look like digits are
/// read with high confidence; a generator that draws everything uses all classes.
///
/// Shapes: `[images, ..]` with the classifier's input shape behind it; what is read has an entry for each image.
/// The [inception score](Readings::inception_score) is from Salimans and others 2016; there the classifier is
/// Inception, here one of the course's digits.
///
/// ```
/// use course_lib::gan::quality::read_by;
/// use course_lib::prelude::*;
///
/// // Class 0 where the only pixel is dark, class 1 where it is bright.
/// let mut classifier = Sequential::new(Input(1), layers![Dense::new(2).activation(Softmax)], Seed(1))?;
/// classifier.set_weights("dense.weights", &Tensor::from_rows(&[[-9.0, 9.0]])?)?;
/// let readings = read_by(&classifier, &Tensor::from_rows(&[[-1.0], [1.0], [0.5]])?)?;
/// assert_eq!(readings.classes(), [0, 1, 1]);
/// assert!(readings.confidence() > 0.99);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Images of another shape than the classifier's input, or a classifier that does not end in probabilities.
pub fn read_by(classifier: &Sequential, images: &Tensor) -> Result<Readings> {
    let probabilities = classifier.predict(images)?;
    let (&[rows, count], true) = (
        probabilities.shape(),
        probabilities.values().iter().all(|p| (0.0..=1.0).contains(p)),
    ) else {
        return Err(Error::new("read_by")
            .expected("a classifier that gives a probability for each class")
            .got(format!("outputs of shape {:?}", probabilities.shape()))
            .hint("end it with Dense::new(classes).activation(Softmax)"));
    };
    let values = probabilities.values();
    let of_rows = || values.chunks_exact(count);
    let classes = probabilities.argmax()?;
    let confidences = of_rows().zip(&classes).map(|(row, class)| row[*class]).collect();

    let mean: Vec<f64> = (0..count)
        .map(|class| of_rows().map(|row| f64::from(row[class])).sum::<f64>() / rows as f64)
        .collect();
    let divergence = |row: &[f32]| {
        let terms = row.iter().zip(&mean).filter(|(p, _)| **p > 0.0);
        terms
            .map(|(p, mean)| f64::from(*p) * (f64::from(*p) / mean).ln())
            .sum::<f64>()
    };
    let score = (of_rows().map(divergence).sum::<f64>() / rows as f64).exp();
    Ok(Readings {
        classes,
        confidences,
        score: score as f32,
        count,
    })
}

impl Readings {
    /// The class read in each image.
    pub fn classes(&self) -> &[usize] {
        &self.classes
    }

    /// The probability of the class read, of each image.
    pub fn confidences(&self) -> &[f32] {
        &self.confidences
    }

    /// The mean of the confidences: from 1 / classes (guessing) to 1.
    pub fn confidence(&self) -> f32 {
        self.confidences.iter().sum::<f32>() / self.confidences.len() as f32
    }

    /// How often each class was read.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.count];
        self.classes.iter().for_each(|class| counts[*class] += 1);
        counts
    }

    /// The inception score, exp(mean KL(p(class | image) ‖ p(class))): from 1 (all alike, or unreadable) to the
    /// number of classes (each image sure, all classes alike often). Source: Salimans and others 2016.
    pub fn inception_score(&self) -> f32 {
        self.score
    }

    /// The share of images in which the class asked for is read.
    ///
    /// # Errors
    /// Another number of classes than there are images.
    pub fn agreement(&self, asked: &[usize]) -> Result<f32> {
        if asked.len() != self.classes.len() {
            return Err(Error::new("agreement")
                .expected(format!("a class for each of the {} images", self.classes.len()))
                .got(format!("{} classes", asked.len()))
                .hint("give the classes in the order in which the images were asked for"));
        }
        let same = self
            .classes
            .iter()
            .zip(asked)
            .filter(|(read, asked)| read == asked);
        Ok(same.count() as f32 / asked.len() as f32)
    }

    fn table(&self) -> Table {
        let counts = self.counts();
        let mean = |class: usize| {
            let of_class = self.classes.iter().zip(&self.confidences);
            let sum: f32 = of_class.filter(|(read, _)| **read == class).map(|(_, p)| p).sum();
            if counts[class] == 0 {
                "–".to_owned()
            } else {
                format!("{:.3}", sum / counts[class] as f32)
            }
        };
        let column = |heading: &str, cells: Vec<String>| Column {
            heading: heading.to_owned(),
            cells,
            number: true,
        };
        Table {
            columns: vec![
                column(
                    "read as",
                    (0..self.count).map(|class| class.to_string()).collect(),
                ),
                column("images", counts.iter().map(usize::to_string).collect()),
                column("mean confidence", (0..self.count).map(mean).collect()),
            ],
            caption: format!(
                "{} images, mean confidence {:.3}, inception score {:.2} of {}",
                self.classes.len(),
                self.confidence(),
                self.score,
                self.count
            ),
        }
    }
}

impl fmt::Display for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

impl Show for Readings {
    fn rich(&self) -> Rich {
        let table = self.table();
        Rich::text(table.text()).html(table.html())
    }
}

crate::shows_itself!(Readings);
