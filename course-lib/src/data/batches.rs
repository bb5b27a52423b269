//! Examples in small portions, for training loops written by hand.
//!
//! ```
//! use course_lib::data::{BatchOptions, batches};
//! use course_lib::tensor::Tensor;
//!
//! let x = Tensor::linspace(0.0, 9.0, 10)?.reshape([10, 1])?;
//! let y = &x * 2.0;
//! let data = batches(&x, &y, BatchOptions { batch_size: 4, ..Default::default() })?;
//! for epoch in 0..2 {
//!     for (x, y) in data.epoch(epoch) {
//!         assert!(y == &x * 2.0); // forward, loss, backward, step
//!     }
//! }
//! assert_eq!(data.count(), 3); // of 4, 4 and 2 rows
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use std::fmt;

use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use crate::random::Seed;
use crate::tensor::Tensor;

/// How [`batches`] portions the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchOptions {
    /// Rows a batch. Default: 32, as in Keras.
    pub batch_size: usize,
    /// Whether each epoch sees the rows in another order. Default: yes.
    pub shuffle: bool,
    /// The seed of the shuffling; the same seed gives each epoch the same order again. Default: `Seed(0)`.
    pub seed: Seed,
    /// Whether a last batch that is not full is left out. Default: no, it is given as it is.
    pub drop_last: bool,
}

impl Default for BatchOptions {
    fn default() -> Self {
        Self {
            batch_size: 32,
            shuffle: true,
            seed: Seed(0),
            drop_last: false,
        }
    }
}

/// Inputs and targets, ready to be given out in batches; made by [`batches`]. The numbers are shared with the
/// tensors that it was made of, and cloning is cheap.
#[derive(Clone)]
pub struct Batches {
    x: Tensor,
    y: Tensor,
    options: BatchOptions,
}

/// Portions the rows of `x` `[rows, ..]` and `y` `[rows, ..]`; each row stays with its target.
///
/// # Errors
/// Different numbers of rows, a batch size of 0, or options that leave no batch.
pub fn batches(x: &Tensor, y: &Tensor, options: BatchOptions) -> Result<Batches> {
    let ([x_rows, ..], [y_rows, ..]) = (x.shape(), y.shape()) else {
        return Err(Error::new("batches")
            .expected("tensors with rows")
            .got(format!(
                "x of shape {:?} and y of shape {:?}",
                x.shape(),
                y.shape()
            ))
            .hint("give inputs of shape [rows, features] and targets of shape [rows, 1]"));
    };
    if x_rows != y_rows {
        return Err(Error::new("batches")
            .expected("as many rows in `x` as in `y`")
            .got(format!(
                "x of shape {:?} and y of shape {:?}",
                x.shape(),
                y.shape()
            ))
            .hint("take both from the same split"));
    }
    let size = options.batch_size;
    if size == 0 || (options.drop_last && size > *x_rows) {
        return Err(Error::new("batches")
            .expected(format!("a batch size from 1 to {x_rows}, the number of rows"))
            .got(size.to_string())
            .hint("32 is a good start; keep the last batch if there are few rows"));
    }
    Ok(Batches {
        x: x.clone(),
        y: y.clone(),
        options,
    })
}

impl Batches {
    /// The batches of one epoch: pairs of inputs `[batch, ..]` and targets `[batch, ..]`. Each number has an order
    /// of its own, so count the epochs.
    pub fn epoch(&self, number: usize) -> Epoch {
        let rows = self.rows();
        let order = if self.options.shuffle {
            self.options.seed.part(number as u64).stream().permutation(rows)
        } else {
            (0..rows).collect()
        };
        Epoch {
            data: self.clone(),
            order,
            next: 0,
        }
    }

    /// How many batches an epoch has.
    pub fn count(&self) -> usize {
        let (rows, size) = (self.rows(), self.options.batch_size);
        if self.options.drop_last {
            rows / size
        } else {
            rows.div_ceil(size)
        }
    }

    fn rows(&self) -> usize {
        self.x.shape().first().copied().unwrap_or(0)
    }
}

/// The batches of one epoch, one after the other; made by [`Batches::epoch`].
pub struct Epoch {
    data: Batches,
    order: Vec<usize>,
    /// The number of the batch that comes next.
    next: usize,
}

impl Iterator for Epoch {
    type Item = (Tensor, Tensor);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.data.count() {
            return None;
        }
        let rows = self.order.chunks(self.data.options.batch_size).nth(self.next)?;
        self.next += 1;
        Some((pick(&self.data.x, rows)?, pick(&self.data.y, rows)?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.data.count() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Epoch {}

/// The rows with the given numbers, without a recording: data is not learned.
fn pick(tensor: &Tensor, rows: &[usize]) -> Option<Tensor> {
    let values = tensor.values();
    let mut shape = tensor.shape().to_vec();
    let width = values.len() / shape.first()?;
    *shape.first_mut()? = rows.len();
    let mut picked = Vec::with_capacity(rows.len() * width);
    for row in rows {
        picked.extend_from_slice(&values[row * width..(row + 1) * width]);
    }
    Tensor::from_vec(picked, shape).ok()
}

impl fmt::Display for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} batches of {} rows   x {:?}   y {:?}",
            self.count(),
            self.options.batch_size,
            self.x.shape(),
            self.y.shape()
        )
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for Batches {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(Batches);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.data.count() - self.next;
        write!(f, "an epoch with {left} left of {}", self.data)
    }
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::notebook::shows_in_words!(Epoch);

crate::notebook::shows_options!(BatchOptions {
    batch_size,
    shuffle,
    seed,
    drop_last
});
