//! Asking for gradients, and holding them.

use std::fmt;

use super::Tensor;
use super::device::Flat;
use super::device::change;
use super::dims::Dims;
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
        Tensor::new(self.flat.anew(), self.dims, Recorder::leaf(self.count()))
    }

    /// The same values without how they were calculated: gradients stop here.
    #[must_use]
    pub fn detach(&self) -> Tensor {
        // A copy: dfdx keeps gradients by the identity of the numbers, and these shall have none.
        Tensor::new(self.flat.anew(), self.dims, Recorder::default())
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

    /// Changes the values of a weight in place.
    pub(crate) fn change(&mut self, by: impl FnOnce(&mut [f32])) {
        change(&mut self.flat, by);
    }

    /// self = keep · self + share · other in place, for values on the device: how an optimiser moves a weight there.
    pub(crate) fn blend(&mut self, keep: f32, other: &Tensor, share: f32) {
        self.flat.blend(keep, &other.flat, share);
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
        self.flat.replace(&values.flat);
        Ok(())
    }
}

/// The gradient of one tensor, where its numbers lie.
#[derive(Clone)]
pub(crate) enum OfLeaf {
    /// The CPU's numbers, row-major.
    Values(Vec<f32>),
    /// The device's, in one row.
    Tensor(Tensor),
}

/// What [`Tensor::backward`] found: for each tensor with gradient, in which direction the loss grows.
#[derive(Clone)]
pub struct Gradients {
    /// Ordered by the tensors' numbers.
    by_leaf: Vec<(u64, OfLeaf)>,
}

impl Gradients {
    /// The gradient of one tensor, in its shape.
    ///
    /// # Errors
    /// A tensor that is not made with gradient, or that the loss was not calculated from.
    pub fn get(&self, tensor: &Tensor) -> Result<Tensor> {
        let gradient = self.of(tensor).ok_or_else(|| {
            Error::new("gradient")
                .expected("a tensor with gradient that the loss was calculated from")
                .got(format!(
                    "a tensor of shape {:?} that the loss does not depend on",
                    tensor.shape()
                ))
                .hint("make it with_gradient() before the calculation, and ask for that same tensor")
        })?;
        Ok(match gradient {
            OfLeaf::Values(values) => Tensor::from_parts(values.clone(), tensor.dims),
            OfLeaf::Tensor(row) => Tensor::new(row.flat.anew(), tensor.dims, Recorder::default()),
        })
    }

    /// For how many tensors there is a gradient.
    pub fn count(&self) -> usize {
        self.by_leaf.len()
    }

    /// The length of all gradients seen as one vector (2-norm), by which gradients are clipped.
    pub fn norm(&self) -> f32 {
        let on_host = self.by_leaf.iter().filter_map(|(_, gradient)| match gradient {
            OfLeaf::Values(values) => Some(values),
            OfLeaf::Tensor(_) => None,
        });
        let squares = on_host.flatten().map(|value| f64::from(*value).powi(2));
        let rows = self.by_leaf.iter().filter_map(|(_, gradient)| match gradient {
            OfLeaf::Tensor(row) => Some(row.square().sum()),
            OfLeaf::Values(_) => None,
        });
        // One number is read from the device for all of them.
        let on_device = rows
            .reduce(|total, own| total.plus(&own))
            .map_or(0.0, |total| total.values()[0]);
        (squares.sum::<f64>() + f64::from(on_device)).sqrt() as f32
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
            self.change(|value| value * factor, |row| row.mul_scalar(factor));
        }
        Ok(self)
    }

    /// Each value held between `-most` and `most`. As PyTorch's `clip_grad_value_`.
    ///
    /// # Errors
    /// A bound that is not above 0.
    pub fn clipped_by_value(mut self, most: f32) -> Result<Gradients> {
        check_clip("clipped_by_value", most)?;
        self.change(|value| value.clamp(-most, most), |row| row.clamp(-most, most));
        Ok(self)
    }

    /// Changes each value; both functions do the same.
    fn change(&mut self, to: impl Fn(f32) -> f32, on_device: impl Fn(&Tensor) -> Tensor) {
        for (_, gradient) in &mut self.by_leaf {
            match gradient {
                OfLeaf::Values(values) => vectorised(
                    #[inline(always)]
                    || values.iter_mut().for_each(|value| *value = to(*value)),
                ),
                OfLeaf::Tensor(row) => *row = on_device(row),
            }
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
        for (number, gradient) in other.by_leaf {
            match self.by_leaf.binary_search_by_key(&number, |(known, _)| *known) {
                Ok(at) => self.by_leaf[at].1.add(&gradient),
                Err(at) => self.by_leaf.insert(at, (number, gradient)),
            }
        }
        self
    }

    /// The gradient of one tensor.
    pub(crate) fn of(&self, tensor: &Tensor) -> Option<&OfLeaf> {
        let number = tensor.leaf_number()?;
        let at = self
            .by_leaf
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok()?;
        Some(&self.by_leaf[at].1)
    }
}

impl OfLeaf {
    /// Numbers that lie on the device, in one row.
    pub(crate) fn on_device(flat: Flat, count: usize) -> Self {
        Self::Tensor(Tensor::new(flat, Dims::of(&[count]), Recorder::default()))
    }

    fn count(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Tensor(row) => row.count(),
        }
    }

    fn norm(&self) -> f64 {
        match self {
            Self::Values(values) => {
                let squares = values.iter().map(|value| f64::from(*value).powi(2));
                squares.sum::<f64>().sqrt()
            }
            Self::Tensor(row) => f64::from(row.square().sum().values()[0]).sqrt(),
        }
    }

    fn add(&mut self, other: &Self) {
        match (self, other) {
            (Self::Values(own), Self::Values(other)) => add_to(own, other),
            (Self::Tensor(own), Self::Tensor(other)) => *own = own.plus(other),
            _ => unreachable!("the tensors of a thread lie in one place"),
        }
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
            .map(|(_, gradient)| gradient.count() as f64)
            .collect();
        let norms: Vec<f64> = self.by_leaf.iter().map(|(_, gradient)| gradient.norm()).collect();
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
