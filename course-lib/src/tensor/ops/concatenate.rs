//! Tensors side by side.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// Tensors one after the other along an axis; all other axes have the same size. The gradient of each is its
    /// part of the result's.
    ///
    /// # Errors
    /// No tensors, an axis that they do not have, or other sizes that differ.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let latent = Tensor::from_rows(&[[0.1, 0.2]])?;
    /// let digit = Tensor::from_rows(&[[0.0, 1.0, 0.0]])?;
    /// assert_eq!(Tensor::concatenate(&[&latent, &digit], 1)?.to_vec(), [0.1, 0.2, 0.0, 1.0, 0.0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn concatenate(tensors: &[&Tensor], axis: usize) -> Result<Tensor> {
        let Some((first, rest)) = tensors.split_first() else {
            return Err(Error::new("concatenate")
                .expected("at least one tensor")
                .got("none")
                .hint("write Tensor::concatenate(&[&a, &b], axis)"));
        };
        if axis >= first.rank() {
            return Err(Error::new("concatenate")
                .expected(format!("an axis below {}", first.rank()))
                .got(format!("axis {axis} of shape {:?}", first.shape()))
                .hint("axes count from 0, outermost first"));
        }
        let others = |tensor: &Tensor| {
            let mut shape = tensor.shape().to_vec();
            (axis < shape.len()).then(|| shape.remove(axis));
            (tensor.rank(), shape)
        };
        if let Some(odd) = rest.iter().find(|tensor| others(tensor) != others(first)) {
            return Err(Error::new("concatenate")
                .expected(format!("shapes like {:?} but for axis {axis}", first.shape()))
                .got(format!("shape {:?}", odd.shape()))
                .hint("only the axis along which they are joined may differ"));
        }
        // Of each tensor, what belongs to one index of the axes before the joined one lies in one piece.
        let pieces: Vec<usize> = tensors
            .iter()
            .map(|tensor| tensor.shape()[axis..].iter().product())
            .collect();
        let outer: usize = first.shape()[..axis].iter().product();
        let mut shape = first.shape().to_vec();
        shape[axis] = tensors.iter().map(|tensor| tensor.shape()[axis]).sum();
        if !tensors.iter().all(|tensor| tensor.is_at_hand()) {
            return Ok(Tensor::joined(tensors, outer).in_shape(&shape));
        }
        let sources: Vec<_> = tensors.iter().map(|tensor| tensor.values()).collect();
        let mut values = Vec::with_capacity(outer * pieces.iter().sum::<usize>());
        for index in 0..outer {
            for (source, piece) in sources.iter().zip(&pieces) {
                values.extend_from_slice(&source[index * piece..][..*piece]);
            }
        }
        Ok(Tensor::custom(tensors, values, &shape, move |gradient, slots| {
            let whole: usize = pieces.iter().sum();
            let mut start = 0;
            for (slot, piece) in slots.iter_mut().zip(&pieces) {
                let rows = gradient.chunks_exact(whole);
                if slot.is_wanted() {
                    slot.give(rows.flat_map(|row| &row[start..start + piece]).copied().collect());
                }
                start += piece;
            }
        }))
    }
}
