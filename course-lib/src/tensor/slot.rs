//! Where a backward step of ours puts the gradient of an operand.

use super::kernels::parallel::for_rows;
use super::kernels::product::{Matrix, multiply, multiply_add};
use super::kernels::simd::vectorised;

/// The gradient of one operand while a backward step adds to it.
pub(crate) struct Slot {
    /// Empty as long as nothing has arrived.
    gradient: Vec<f32>,
    /// How many values the operand has; 0 if its gradient is not wanted.
    count: usize,
}

impl Slot {
    /// A slot with what other steps have brought.
    pub(crate) fn wanted(gradient: Vec<f32>, count: usize) -> Self {
        Self { gradient, count }
    }

    /// A slot of an operand that needs no gradient: all that is put in is lost.
    pub(crate) fn unwanted() -> Self {
        Self::wanted(Vec::new(), 0)
    }

    /// Whether the operand needs a gradient; if not, it need not be calculated.
    pub(crate) fn is_wanted(&self) -> bool {
        self.count > 0
    }

    /// Adds a whole gradient; the first one is taken over as it is.
    pub(crate) fn give(&mut self, gradient: Vec<f32>) {
        if !self.is_wanted() {
            return;
        }
        debug_assert_eq!(gradient.len(), self.count);
        if self.gradient.is_empty() {
            self.gradient = gradient;
        } else {
            add_to(&mut self.gradient, &gradient);
        }
    }

    /// The values to add to: zeros at first, and none where no gradient is wanted.
    pub(crate) fn values(&mut self) -> &mut [f32] {
        if self.gradient.is_empty() {
            self.gradient.resize(self.count, 0.0);
        }
        &mut self.gradient
    }

    /// Adds a product of matrices.
    pub(crate) fn give_product(&mut self, left: Matrix<'_>, right: Matrix<'_>) {
        if !self.is_wanted() {
            return;
        }
        if self.gradient.is_empty() {
            self.gradient = multiply(left, right);
        } else {
            multiply_add(&mut self.gradient, left, right);
        }
    }

    pub(crate) fn into_gradient(self) -> Vec<f32> {
        self.gradient
    }
}

/// own = own + other.
pub(crate) fn add_to(own: &mut [f32], other: &[f32]) {
    for_rows(own, 1, 2, |first, own| {
        vectorised(
            #[inline(always)]
            || {
                let other = &other[first..];
                own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
            },
        );
    });
}
