//! Class numbers as one-hot rows, and back.
//!
//! $$ \text{one\_hot}(c)_j = \begin{cases} 1 & j = c \\ 0 & \text{else} \end{cases} $$
//!
//! | class numbers | one-hot |
//! | --- | --- |
//! | `[rows]` or `[rows, 1]` | `[rows, classes]` |
//! | `[rows, steps]` | `[rows, steps, classes]` |
//!
//! ```
//! use course_lib::data::{from_one_hot, one_hot};
//! use course_lib::tensor::Tensor;
//!
//! let digits = Tensor::from_rows(&[[2.0], [0.0]])?;
//! let targets = one_hot(&digits, 3)?;
//! assert_eq!(targets, Tensor::from_rows(&[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])?);
//! assert_eq!(from_one_hot(&targets)?, digits);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A 1 in the column of each row's class, 0 elsewhere. See the [module](self) for the shapes.
///
/// # Errors
/// No class, a tensor of other than one or two axes, or a label that is not a whole number from 0 to
/// `classes` - 1.
pub fn one_hot(labels: &Tensor, classes: usize) -> Result<Tensor> {
    let mut shape = match labels.shape() {
        &[rows] | &[rows, 1] => vec![rows],
        &[rows, steps] => vec![rows, steps],
        other => {
            return Err(Error::new("one_hot")
                .expected("class numbers of shape [rows], [rows, 1] or [rows, steps]")
                .got(format!("shape {other:?}"))
                .hint("give one class number a row"));
        }
    };
    if classes == 0 {
        return Err(Error::new("one_hot")
            .expected("at least one class")
            .got("0 classes")
            .hint("count the classes: MNIST has 10"));
    }
    let labels = labels.values();
    let mut values = vec![0.0; labels.len() * classes];
    for (place, (label, row)) in labels.iter().zip(values.chunks_exact_mut(classes)).enumerate() {
        // NaN and numbers below 0 become 0 in this cast, and then differ from the label.
        let class = *label as usize;
        match row.get_mut(class) {
            Some(value) if class as f32 == *label => *value = 1.0,
            _ => {
                return Err(Error::new("one_hot")
                    .expected(format!("class numbers from 0 to {}", classes - 1))
                    .got(format!("a label of {label} at place {place} (the first is 0)"))
                    .hint("number the classes from 0, and count them all"));
            }
        }
    }
    shape.push(classes);
    Tensor::from_vec(values, shape)
}

/// The class numbers that one-hot rows stand for: the place of each row's largest value. Of probabilities, the
/// most likely class.
///
/// `[rows, classes]` gives `[rows, 1]`; `[rows, steps, classes]` gives `[rows, steps]`.
///
/// # Errors
/// A tensor of other than two or three axes, or NaN.
pub fn from_one_hot(rows: &Tensor) -> Result<Tensor> {
    let shape = match rows.shape() {
        &[rows, _] => [rows, 1],
        &[rows, steps, _] => [rows, steps],
        other => {
            return Err(Error::new("from_one_hot")
                .expected("shape [rows, classes] or [rows, steps, classes]")
                .got(format!("shape {other:?}"))
                .hint("the classes are the last axis; one example is a tensor with one row"));
        }
    };
    if rows.values().iter().any(|value| value.is_nan()) {
        return Err(Error::new("from_one_hot")
            .expected("numbers to compare")
            .got("NaN")
            .hint("look at what the network gives: did its loss become NaN?"));
    }
    let classes = rows.shape().last().copied().unwrap_or(1);
    let flat = rows.reshape([shape[0] * shape[1], classes])?;
    let numbers = flat.argmax()?.into_iter().map(|class| class as f32).collect();
    Tensor::from_vec(numbers, shape)
}
