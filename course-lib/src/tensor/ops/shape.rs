//! Moving values about: reshape, transpose, stretch.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::dims::Dims;
use crate::tensor::slot::add_to;

impl Tensor {
    /// The same values in another shape; nothing is copied.
    ///
    /// # Errors
    /// A shape that holds another number of values.
    pub fn reshape(&self, shape: impl AsRef<[usize]>) -> Result<Tensor> {
        self.reshaped(shape.as_ref())
    }

    fn reshaped(&self, shape: &[usize]) -> Result<Tensor> {
        let dims = Dims::new("reshape", shape)?;
        if dims.count() != self.count() {
            return Err(Error::new("reshape")
                .expected(format!(
                    "a shape with {} values, as {:?} has",
                    self.count(),
                    self.shape()
                ))
                .got(format!("shape {:?} with {}", dims.as_slice(), dims.count()))
                .hint("the sizes of the shape multiply to the number of values"));
        }
        Ok(Tensor::new((*self.flat).clone(), dims, (*self.recorder).clone()))
    }

    /// Rows and columns exchanged: `[rows, columns]` gives `[columns, rows]`.
    ///
    /// # Errors
    /// A tensor that is not a matrix.
    pub fn transpose(&self) -> Result<Tensor> {
        if self.rank() != 2 {
            return Err(Error::new("transpose")
                .expected("a matrix, shape [rows, columns]")
                .got(format!("shape {:?}", self.shape()))
                .hint("use permute to reorder the axes of other tensors"));
        }
        self.permute(&[1, 0])
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
    ///
    /// # Errors
    /// An order that does not name each axis once.
    pub fn permute(&self, order: &[usize]) -> Result<Tensor> {
        let mut named = order.to_vec();
        named.sort_unstable();
        if !named.iter().copied().eq(0..self.rank()) {
            return Err(Error::new("permute")
                .expected(format!(
                    "each axis from 0 to {} once",
                    self.rank().saturating_sub(1)
                ))
                .got(format!("{order:?}"))
                .hint("axes count from 0, outermost first"));
        }
        if order == [1, 0] && !self.is_at_hand() {
            let [rows, columns] = [self.shape()[0], self.shape()[1]];
            return Ok(self.exchanged([rows, columns, 1]).in_shape(&[columns, rows]));
        }
        let strides = self.dims.strides();
        let shape: Vec<usize> = order.iter().map(|axis| self.shape()[*axis]).collect();
        let steps: Vec<usize> = order.iter().map(|axis| strides[*axis]).collect();
        Ok(self.rearrange(walk(&shape, &steps), &shape))
    }

    /// Values repeated along axes of size 1 (and new outer axes), so that the shape becomes `shape`.
    /// The shapes are known to fit.
    pub(crate) fn stretched(&self, shape: &[usize]) -> Tensor {
        if shape == self.shape() {
            return self.clone();
        }
        let strides = self.dims.strides();
        let new = shape.len() - self.rank();
        let steps: Vec<usize> = (0..shape.len())
            .map(|axis| match axis.checked_sub(new) {
                Some(own) if self.shape()[own] != 1 => strides[own],
                _ => 0,
            })
            .collect();
        self.rearrange(walk(shape, &steps), shape)
    }

    /// The values of a range, in the given shape; only they are copied.
    pub(crate) fn slice(&self, range: Range<usize>, shape: &[usize]) -> Tensor {
        if !self.is_at_hand() {
            return self.cut([1, self.count(), 1], range, shape);
        }
        let values = self.values()[range.clone()].to_vec();
        Tensor::custom(&[self], values, shape, move |gradient, slots| {
            add_to(&mut slots[0].values()[range], &gradient);
        })
    }

    /// The tensor whose value number i is value number `map[i]` of this one. A gradient goes back the
    /// same way; where a value was used more than once, its gradients add up.
    pub(crate) fn rearrange(&self, map: Vec<usize>, shape: &[usize]) -> Tensor {
        if !self.is_at_hand() {
            return self.rearrange_portable(map, shape);
        }
        let source = self.to_vec();
        let values = map.iter().map(|place| source[*place]).collect();
        Tensor::custom(&[self], values, shape, move |of_result, slots| {
            let own = slots[0].values();
            for (place, gradient) in map.iter().zip(of_result) {
                own[*place] += gradient;
            }
        })
    }
}

/// The offsets met when walking a shape in row-major order with the given step along each axis.
fn walk(shape: &[usize], steps: &[usize]) -> Vec<usize> {
    let mut offsets = vec![0];
    for (size, step) in shape.iter().zip(steps) {
        offsets = offsets
            .iter()
            .flat_map(|start| (0..*size).map(move |i| start + i * step))
            .collect();
    }
    offsets
}
