//! MNIST: 70,000 handwritten digits.
//!
//! $$ x_{ij} = \frac{\text{pixel}_{ij}}{255} $$
//!
//! | part | for an MLP | for a CNN ([`Mnist::images`]) | labels |
//! | --- | --- | --- | --- |
//! | train | `[60000, 784]` | `[60000, 1, 28, 28]` | `[60000, 1]` |
//! | test | `[10000, 784]` | `[10000, 1, 28, 28]` | `[10000, 1]` |

use std::fmt;
use std::thread;

use super::files;
use super::idx::Idx;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Rows and columns of an image.
const SIDE: usize = 28;
const CLASSES: u8 = 10;

/// Handwritten digits in two parts, by different writers: one to learn from, one to be tested on.
///
/// A pixel is 0 where the paper is and 1 where the ink is. Cloning is cheap: the numbers are shared.
#[derive(Clone)]
pub struct Mnist {
    /// Images to learn from, `[60000, 784]`, row by row from the top left, 0 to 1.
    pub x_train: Tensor,
    /// The digit on each of [`Mnist::x_train`], `[60000, 1]`, 0 to 9. One-hot targets:
    /// [`one_hot(&digits.y_train, 10)`](crate::data::one_hot()).
    pub y_train: Tensor,
    /// Images that the network must not see before it is tested, `[10000, 784]`.
    pub x_test: Tensor,
    /// The digit on each of [`Mnist::x_test`], `[10000, 1]`.
    pub y_test: Tensor,
}

/// The 70,000 digits of MNIST, as rows of 784 pixels from 0 to 1 and class numbers from 0 to 9.
///
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, <http://yann.lecun.com/exdb/mnist/>, made from digits that NIST
/// collected; commonly stated to be under CC BY-SA 3.0. Lessons 08, 09, 14 and 15 read it.
///
/// ```
/// use course_lib::data::datasets;
///
/// let digits = datasets::mnist()?; // for an MLP
/// assert_eq!(digits.x_train.shape(), [60000, 784]);
/// let digits = datasets::mnist()?.images()?; // for a CNN
/// assert_eq!(digits.x_test.shape(), [10000, 1, 28, 28]);
/// assert_eq!(digits.y_test.row(0)?.item()?, 7.0); // the first test image is a seven
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// For a GAN whose generator ends in tanh, `&digits.x_train * 2.0 - 1.0` are the pixels from -1 to 1.
///
/// # Errors
/// If a file is missing or is not, byte for byte, the one that belongs to the course.
pub fn mnist() -> Result<Mnist> {
    // The two parts are unpacked side by side.
    let (train, test) = thread::scope(|threads| {
        let train = threads.spawn(|| Part::read("train"));
        let test = Part::read("t10k");
        (train.join(), test)
    });
    let train = train.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let test = test?;
    let (x_train, y_train) = train.tensors()?;
    let (x_test, y_test) = test.tensors()?;
    Ok(Mnist {
        x_train,
        y_train,
        x_test,
        y_test,
    })
}

impl Mnist {
    /// The same digits as images of one channel, `[rows, 1, 28, 28]`: what a convolution takes. Nothing is copied.
    ///
    /// # Errors
    /// Rows of other than 784 pixels, if somebody has put them there.
    pub fn images(&self) -> Result<Mnist> {
        let as_images = |x: &Tensor| x.reshape([x.shape().first().copied().unwrap_or(0), 1, SIDE, SIDE]);
        Ok(Mnist {
            x_train: as_images(&self.x_train)?,
            x_test: as_images(&self.x_test)?,
            ..self.clone()
        })
    }

    /// Only the first rows of each part, for a quick try. The digits of MNIST are in no order, so the first ones
    /// are as good as any.
    ///
    /// # Errors
    /// No rows, or more than there are.
    ///
    /// ```
    /// # use course_lib::data::datasets;
    /// let few = datasets::mnist()?.first(1000, 200)?;
    /// assert_eq!(few.x_train.shape(), [1000, 784]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn first(&self, train: usize, test: usize) -> Result<Mnist> {
        Ok(Mnist {
            x_train: self.x_train.rows(0..train)?,
            y_train: self.y_train.rows(0..train)?,
            x_test: self.x_test.rows(0..test)?,
            y_test: self.y_test.rows(0..test)?,
        })
    }
}

/// One of the two parts, on its way from its files to tensors. (A tensor cannot go from thread to thread.)
#[derive(Debug)]
struct Part {
    pixels: Vec<f32>,
    labels: Vec<f32>,
}

impl Part {
    fn read(name: &str) -> Result<Self> {
        let unpack = |file: &str, axes| Idx::unpack("mnist", file, &files::read("mnist", file)?, axes);
        Self::new(
            name,
            &unpack(&format!("mnist/{name}-images-idx3-ubyte.gz"), 3)?,
            &unpack(&format!("mnist/{name}-labels-idx1-ubyte.gz"), 1)?,
        )
    }

    fn new(name: &str, images: &Idx, labels: &Idx) -> Result<Self> {
        let bad = |expected: String, got: String| {
            Error::new("mnist")
                .expected(format!("{expected} in the {name} files"))
                .got(got)
                .hint("bring them back with `git checkout -- datasets/mnist`")
        };
        let rows = labels.values().len();
        if images.shape != [rows, SIDE, SIDE] {
            return Err(bad(
                format!("{rows} images of {SIDE} × {SIDE} pixels, one for each label,"),
                format!("shape {:?}", images.shape),
            ));
        }
        if let Some(row) = labels.values().iter().position(|label| *label >= CLASSES) {
            return Err(bad(
                "labels from 0 to 9".to_owned(),
                format!("{} in row {row}", labels.values()[row]),
            ));
        }
        Ok(Self {
            pixels: images
                .values()
                .iter()
                .map(|pixel| f32::from(*pixel) / 255.0)
                .collect(),
            labels: labels.values().iter().map(|label| f32::from(*label)).collect(),
        })
    }

    fn tensors(self) -> Result<(Tensor, Tensor)> {
        let rows = self.labels.len();
        Ok((
            Tensor::from_vec(self.pixels, [rows, SIDE * SIDE])?,
            Tensor::from_vec(self.labels, [rows, 1])?,
        ))
    }
}

impl fmt::Display for Mnist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "MNIST: handwritten digits, 28 × 28 pixels from 0 (paper) to 1 (ink)"
        )?;
        for (part, x, y) in [
            ("train", &self.x_train, &self.y_train),
            ("test ", &self.x_test, &self.y_test),
        ] {
            writeln!(f, "x_{part} {:?}   y_{part} {:?}", x.shape(), y.shape())?;
        }
        write!(f, "y is the digit: 0 to 9")
    }
}

impl fmt::Debug for Mnist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Mnist {
    fn table(&self) -> Table {
        let shapes = |train: &Tensor, test: &Tensor| [train, test].map(|part| format!("{:?}", part.shape()));
        Table {
            columns: vec![
                Column::words("part", ["train", "test"]),
                Column::words("x, the images", shapes(&self.x_train, &self.x_test)),
                Column::words("y, the digits", shapes(&self.y_train, &self.y_test)),
            ],
            caption: "MNIST: handwritten digits, 28 × 28 pixels from 0 (paper) to 1 (ink)".to_owned(),
        }
    }
}

crate::notebook::shows_with_table!(Mnist);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_labels_that_disagree_are_refused_with_both_counts() {
        let images = Idx::of(&[2, 28, 28], &[0; 2 * 784]);
        let text = Part::new("train", &images, &Idx::of(&[3], &[1, 2, 3]))
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("3 images") && text.contains("[2, 28, 28]") && text.contains("train"),
            "{text}"
        );
        let small = Idx::of(&[1, 14, 14], &[0; 196]);
        let text = Part::new("t10k", &small, &Idx::of(&[1], &[1]))
            .unwrap_err()
            .to_string();
        assert!(text.contains("[1, 14, 14]"), "{text}");
    }

    #[test]
    fn a_label_that_is_no_digit_is_refused() {
        let images = Idx::of(&[2, 28, 28], &[0; 2 * 784]);
        let text = Part::new("train", &images, &Idx::of(&[2], &[9, 10]))
            .unwrap_err()
            .to_string();
        assert!(text.contains("10 in row 1"), "{text}");
    }

    #[test]
    fn ink_is_one_and_paper_is_zero() {
        let mut pixels = [0; 784];
        pixels[783] = 255;
        let part = Part::new("train", &Idx::of(&[1, 28, 28], &pixels), &Idx::of(&[1], &[5])).unwrap();
        assert_eq!((part.pixels[0], part.pixels[783]), (0.0, 1.0));
        assert_eq!(part.labels, [5.0]);
    }
}
