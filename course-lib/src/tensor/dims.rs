//! The sizes of a tensor's axes, kept inline: an operation on a small tensor allocates nothing for them.

use crate::error::{Error, Result};

/// The most axes a tensor may have.
pub(crate) const MAX_RANK: usize = 6;

/// Axis sizes, outermost first; every size is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dims {
    rank: usize,
    sizes: [usize; MAX_RANK],
}

impl Dims {
    /// Checks the sizes on behalf of the named operation.
    pub(crate) fn new(operation: &str, sizes: &[usize]) -> Result<Self> {
        if sizes.len() > MAX_RANK {
            return Err(Error::new(operation)
                .expected(format!("at most {MAX_RANK} axes"))
                .got(format!("shape {sizes:?}"))
                .hint("join some of the axes with reshape"));
        }
        if sizes.contains(&0) {
            return Err(Error::new(operation)
                .expected("at least one value along every axis")
                .got(format!("shape {sizes:?}"))
                .hint("check that the data is not empty"));
        }
        Ok(Self::of(sizes))
    }

    /// Sizes that come from tensors that exist, and so are known to be good.
    pub(crate) fn of(sizes: &[usize]) -> Self {
        let mut inline = [1; MAX_RANK];
        inline[..sizes.len()].copy_from_slice(sizes);
        Self {
            rank: sizes.len(),
            sizes: inline,
        }
    }

    pub(crate) fn as_slice(&self) -> &[usize] {
        &self.sizes[..self.rank]
    }

    pub(crate) fn count(&self) -> usize {
        self.as_slice().iter().product()
    }

    /// How far apart two neighbours along each axis lie in memory.
    pub(crate) fn strides(&self) -> Vec<usize> {
        let sizes = self.as_slice();
        let mut strides = vec![1; sizes.len()];
        for axis in (1..sizes.len()).rev() {
            strides[axis - 1] = strides[axis] * sizes[axis];
        }
        strides
    }
}
