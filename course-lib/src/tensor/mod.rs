//! Numbers in rows and columns, and how gradients are recorded.
//!
//! A [`Tensor`] is a block of `f32` numbers with a shape, as in NumPy or PyTorch. Its shape is a run-time
//! value, so that one compiled library serves every model. Cloning one is cheap: the numbers are shared
//! until somebody changes them.
//!
//! ```
//! use course_lib::tensor::Tensor;
//!
//! let x = Tensor::from_rows(&[[1.0, 2.0], [3.0, 4.0]])?;
//! let w = Tensor::from_rows(&[[0.5], [-1.0]])?.with_gradient();
//! let b = Tensor::scalar(0.1).with_gradient();
//!
//! let output = (x.matmul(&w) ? + &b)?.sigmoid();
//! let loss = output.mean();
//! let gradients = loss.backward()?;
//! assert_eq!(gradients.get(&w)?.shape(), [2, 1]);
//! # Ok::<(), course_lib::error::Error>(())
//! ```
//!
//! # Operators
//! `&a + &b` can fail (the shapes may not fit), so `+ - * /` between tensors give a `Result`; a `Result` can
//! be calculated on with a tensor, so a whole formula needs one `?`: `(&w * &x + &b)?`. With a plain number
//! nothing can go wrong, and `&a * 2.0` is a tensor. Shapes that differ are stretched by NumPy's rule.

mod create;
pub(crate) mod device;
pub(crate) mod dims;
mod display;
pub(crate) mod gradient;
pub(crate) mod kernels;
mod memory;
pub(crate) mod ops;
mod read;
mod record;
pub(crate) mod slot;
mod view;

use std::rc::Rc;

use device::Flat;
use dims::Dims;
use record::Recorder;

use crate::kept::{Kept, dropped_here};

pub use gradient::Gradients;
pub use record::without_gradients;

/// A block of `f32` numbers with a shape of up to six axes.
///
/// See the [module](self) for an example.
#[derive(Clone)]
pub struct Tensor {
    flat: Kept<Flat>,
    dims: Dims,
    recorder: Kept<Recorder>,
    /// What a sigmoid or softmax was applied to, for losses that are exact only from there.
    logits: Kept<Option<Rc<Logits>>>,
}

dropped_here!(Flat, Recorder, Option<Rc<Logits>>);

/// The scores that probabilities were made from, and how.
pub(crate) enum Logits {
    /// One probability a score.
    Sigmoid(Tensor),
    /// The scores of a row share a total of 1.
    Softmax(Tensor),
}

impl Tensor {
    pub(crate) fn new(flat: Flat, dims: Dims, recorder: Recorder) -> Self {
        Self {
            flat: Kept::new(flat),
            dims,
            recorder: Kept::new(recorder),
            logits: Kept::default(),
        }
    }

    /// The size along each axis, outermost first; `[]` for a single number.
    pub fn shape(&self) -> &[usize] {
        self.dims.as_slice()
    }

    /// How many axes there are: 0 for a number, 1 for a vector, 2 for a matrix.
    pub fn rank(&self) -> usize {
        self.shape().len()
    }

    /// How many numbers there are in all: at least 1.
    pub fn count(&self) -> usize {
        self.dims.count()
    }

    /// The scores behind these probabilities, where they came straight from a sigmoid or softmax.
    pub(crate) fn logits(&self) -> Option<&Logits> {
        self.logits.as_deref()
    }

    pub(crate) fn with_logits(mut self, logits: Logits) -> Self {
        *self.logits = Some(Rc::new(logits));
        self
    }
}
