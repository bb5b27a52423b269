//! Asking for gradients, and holding them.

use std::fmt;

use super::Tensor;
use super::device::{change, overwrite, upload};
use super::kernels::simd::vectorised;
use super::record::{Recorder, frozen_except};
use super::slot::add_to;
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};

impl Tensor {
    /// This tensor as one that gradients are wanted for, as PyTorch's `requires_grad`. Everything calculated
    /// from it is recorded until [`Tensor::backward`].
    ///
    /// ```
    /// use course_lib::tensor::Tensor;
    ///
    /// let w = Tensor::scalar(3.0).with_gradient();
    /// let error = ((&w * 2.0) - 4.0).square();
    /// let gradients = error.backward()?;
    /// // d/dw (2w - 4)² = 4 (2w - 4)
    /// assert_eq!(gradients.get(&w)?.item()?, 8.0);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    #[must_use]
    pub fn with_gradient(&self) -> Tensor {
        // A new identity, so that this tensor's gradient is its own.
        let flat = upload(self.to_vec());
        Tensor::new(flat, self.dims, Recorder::leaf())
    }

    /// The same values without how they were calculated: gradients stop here.
    #[must_use]
    pub fn detach(&self) -> Tensor {
        // A copy: dfdx keeps gradients by the identity of the numbers, and these shall have none.
        Tensor::from_parts(self.to_vec(), self.dims)
    }

    /// Whether gradients are recorded for this tensor or for something it was calculated from.
    pub fn has_gradient(&self) -> bool {
        self.recorder.is_recording()
    }

    /// Walks the calculation backwards, from this one number to every tensor made
    /// [with gradient](Tensor::with_gradient): d(self) / d(tensor). What was recorded is freed.
    ///
    /// # Errors
    /// More than one value, nothing recorded, or a calculation that was walked back before.
    pub fn backward(&self) -> Result<Gradients> {
        if self.count() != 1 {
            return Err(Error::new("backward")
                .expected("a single number, such as a loss")
                .got(format!("shape {:?}", self.shape()))
                .hint("reduce it with mean() or sum() first"));
        }
        if !self.has_gradient() {
            return Err(Error::new("backward")
                .expected("a value calculated from a tensor with gradient")
                .got("one for which nothing was recorded")
                .hint("calculate it from a model's forward() or from a tensor made with_gradient()"));
        }
        let by_leaf = (*self.recorder).clone().walk_back()?;
        Ok(Gradients { by_leaf })
    }

    /// Calculates with this tensor while all others made with gradient, such as the weights of a model, count as
    /// constants.
    pub(crate) fn through_constants<T>(&self, calculation: impl FnOnce() -> T) -> T {
        frozen_except(&self.recorder, calculation)
    }

    /// The number under which gradients know this tensor.
    pub(crate) fn leaf_number(&self) -> Option<u64> {
        self.recorder.leaf_number()
    }

    /// Replaces the values of a weight in place; it stays the same tensor for gradients and optimisers.
    pub(crate) fn overwrite(&mut self, values: &[f32]) {
        debug_assert_eq!(values.len(), self.count());
        overwrite(&mut self.flat, values);
    }

    /// Changes the values of a weight in place.
    pub(crate) fn change(&mut self, by: impl FnOnce(&mut [f32])) {
        change(&mut self.flat, by);
    }

    /// Replaces the values of a tensor made [with gradient](Tensor::with_gradient), which stays the same one for gradients and optimisers.
    ///
    /// # Errors
    /// Another shape.
    pub fn assign(&mut self, values: &Tensor) -> Result<()> {
        if values.shape() != self.shape() {
            return Err(Error::new("assign")
                .expected(format!("shape {:?}", self.shape()))
                .got(format!("shape {:?}", values.shape()))
                .hint("give as many values as there are"));
        }
        self.overwrite(&values.values());
        Ok(())
    }
}

/// What [`Tensor::backward`] found: for each tensor with gradient, in which direction the loss grows.
#[derive(Clone)]
pub struct Gradients {
    /// Ordered by the tensors' numbers.
    by_leaf: Vec<(u64, Vec<f32>)>,
}

impl Gradients {
    /// The gradient of one tensor, in its shape.
    ///
    /// # Errors
    /// A tensor that is not made with gradient, or that the loss was not calculated from.
    pub fn get(&self, tensor: &Tensor) -> Result<Tensor> {
        let values = self.values(tensor).ok_or_else(|| {
            Error::new("gradient")
                .expected("a tensor with gradient that the loss was calculated from")
                .got(format!(
                    "a tensor of shape {:?} that the loss does not depend on",
                    tensor.shape()
                ))
                .hint("make it with_gradient() before the calculation, and ask for that same tensor")
        })?;
        Ok(Tensor::from_parts(values.to_vec(), tensor.dims))
    }

    /// For how many tensors there is a gradient.
    pub fn count(&self) -> usize {
        self.by_leaf.len()
    }

    /// The length of all gradients seen as one vector (2-norm), by which gradients are clipped.
    pub fn norm(&self) -> f32 {
        let squares = self.by_leaf.iter().flat_map(|(_, values)| values);
        squares.map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32
    }

    /// The same direction with a [norm](Gradients::norm) of at most `most`: all gradients are made shorter by the
    /// same factor. As PyTorch's `clip_grad_norm_`; source: Pascanu, Mikolov, Bengio 2013.
    ///
    /// ```
    /// use course_lib::prelude::*;
    ///
    /// let w = Tensor::vector(&[3.0, 4.0])?.with_gradient();
    /// let gradients = (w.square().sum() * 0.5).backward()?.clipped_by_norm(1.0)?;
    /// assert!((gradients.norm() - 1.0).abs() < 1e-5);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A norm that is not above 0.
    pub fn clipped_by_norm(mut self, most: f32) -> Result<Gradients> {
        check_clip("clipped_by_norm", most)?;
        let norm = self.norm();
        if norm > most {
            // PyTorch adds the same millionth.
            let factor = most / (norm + 1e-6);
            self.change(|value| value * factor);
        }
        Ok(self)
    }

    /// Each value held between `-most` and `most`. As PyTorch's `clip_grad_value_`.
    ///
    /// # Errors
    /// A bound that is not above 0.
    pub fn clipped_by_value(mut self, most: f32) -> Result<Gradients> {
        check_clip("clipped_by_value", most)?;
        self.change(|value| value.clamp(-most, most));
        Ok(self)
    }

    fn change(&mut self, to: impl Fn(f32) -> f32) {
        for (_, values) in &mut self.by_leaf {
            vectorised(
                #[inline(always)]
                || values.iter_mut().for_each(|value| *value = to(*value)),
            );
        }
    }

    /// The sum with the gradients of another loss, as when a discriminator adds those of a real and of a
    /// generated batch before its step.
    #[must_use]
    pub fn plus(&self, other: &Gradients) -> Gradients {
        self.clone().merged(other.clone())
    }

    /// The same without copies.
    pub(crate) fn merged(mut self, other: Gradients) -> Gradients {
        for (number, values) in other.by_leaf {
            match self.by_leaf.binary_search_by_key(&number, |(known, _)| *known) {
                Ok(at) => add_to(&mut self.by_leaf[at].1, &values),
                Err(at) => self.by_leaf.insert(at, (number, values)),
            }
        }
        self
    }

    /// The values for one tensor, row-major.
    pub(crate) fn values(&self, tensor: &Tensor) -> Option<&[f32]> {
        let number = tensor.leaf_number()?;
        let at = self
            .by_leaf
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok()?;
        Some(&self.by_leaf[at].1)
    }
}

fn check_clip(operation: &str, most: f32) -> Result<()> {
    if most > 0.0 && most.is_finite() {
        return Ok(());
    }
    Err(Error::new(operation)
        .expected("a bound above 0")
        .got(most.to_string())
        .hint("1.0 is usual for a norm, 0.5 for values"))
}

impl fmt::Display for Gradients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tensors = if self.count() == 1 { "tensor" } else { "tensors" };
        write!(
            f,
            "gradients of {} {tensors}, norm {:.4}",
            self.count(),
            self.norm()
        )
    }
}

impl fmt::Debug for Gradients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// More gradients than this are cut in the middle.
const MOST_ROWS: usize = 11;

impl Gradients {
    fn table(&self) -> Table {
        let numbers: Vec<f64> = (1..=self.count()).map(|number| number as f64).collect();
        let counts: Vec<f64> = self
            .by_leaf
            .iter()
            .map(|(_, values)| values.len() as f64)
            .collect();
        let norm = |(_, values): &(u64, Vec<f32>)| {
            let squares = values.iter().map(|value| f64::from(*value).powi(2));
            squares.sum::<f64>().sqrt()
        };
        let norms: Vec<f64> = self.by_leaf.iter().map(norm).collect();
        Table {
            columns: vec![
                Column::numbers("gradient", &numbers, MOST_ROWS),
                Column::numbers("values", &counts, MOST_ROWS),
                Column::numbers("norm", &norms, MOST_ROWS),
            ],
            caption: self.to_string(),
        }
    }
}

crate::notebook::shows_with_table!(Gradients);
