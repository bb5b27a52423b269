//! What a dense layer calculates: x · w + b, with the bias added to every row.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// `[rows, inputs]` · `[inputs, units]` + `[units]` gives `[rows, units]`.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub(crate) fn affine(&self, weights: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
        let product = self.matmul(weights)?;
        match bias {
            Some(bias) => product.add_to_rows(bias),
            None => Ok(product),
        }
    }

    /// Adds a vector to every row. d/dx = G, d/db = the sum of G over the rows.
    fn add_to_rows(&self, bias: &Tensor) -> Result<Tensor> {
        let width = bias.count();
        if self.shape().last() != Some(&width) || bias.rank() != 1 {
            return Err(Error::new("bias")
                .expected(format!("a vector as long as the last axis of {:?}", self.shape()))
                .got(format!("shape {:?}", bias.shape()))
                .hint("there is one bias for each unit"));
        }
        let mut values = self.to_vec();
        let offsets = bias.to_vec();
        for row in values.chunks_exact_mut(width) {
            row.iter_mut()
                .zip(&offsets)
                .for_each(|(value, offset)| *value += offset);
        }
        let shape = self.shape();
        Ok(Tensor::custom(
            &[self, bias],
            values,
            shape,
            move |of_result, of_operands| {
                if let [of_x, of_bias] = of_operands {
                    of_x.iter_mut()
                        .zip(of_result)
                        .for_each(|(own, gradient)| *own += gradient);
                    for row in of_result.chunks_exact(width) {
                        of_bias
                            .iter_mut()
                            .zip(row)
                            .for_each(|(own, gradient)| *own += gradient);
                    }
                }
            },
        ))
    }
}
