//! What a dense layer calculates: y = f(x · w + b), with the bias added to every row and f applied to each value.
//!
//! With G the gradient of y, scaled by f', the gradients are G · wᵀ for x, xᵀ · G for w, and the sum of G's rows
//! for b. All in one operation: the sums are still in the processor's cache when f is applied to them.

use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::kernels::parallel::for_rows;
use crate::tensor::kernels::product::{Matrix, multiply};
use crate::tensor::kernels::simd::vectorised;
use crate::tensor::slot::{Slot, add_to};

/// A function of each value, in place.
pub(crate) trait Elementwise: Copy + Send + Sync + 'static {
    /// values = f(values).
    fn apply(self, values: &mut [f32]);
    /// gradient = gradient · f'(x), given f(x).
    fn scale_gradient(self, gradient: &mut [f32], results: &[f32]);
    /// f(x) as an operation by itself, on any device.
    fn of(self, x: &Tensor) -> Tensor;
}

impl Tensor {
    /// `[.., inputs]` · `[inputs, units]` + `[units]`, then `function`, gives `[.., units]`.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub(crate) fn dense(
        &self,
        weights: &Tensor,
        bias: Option<&Tensor>,
        function: impl Elementwise,
    ) -> Result<Tensor> {
        let (inputs, units) = sizes(self, weights, bias)?;
        let rows = self.count() / inputs;
        let mut shape = self.shape().to_vec();
        if let Some(last) = shape.last_mut() {
            *last = units;
        }
        if !self.is_on_host() {
            let result = self.dense_portable(weights, bias, [rows, inputs, units], function);
            return result.reshape(shape);
        }
        let (x, w) = (self.values(), weights.values());
        let mut values = multiply(Matrix::new(&x, rows, inputs), Matrix::new(&w, inputs, units));
        let b = bias.map(Tensor::values);
        for_rows(&mut values, units, 2, |_, part| {
            if let Some(b) = &b {
                part.chunks_exact_mut(units).for_each(|row| add_to(row, b));
            }
            function.apply(part);
        });
        let operands: Vec<&Tensor> = [self, weights].into_iter().chain(bias).collect();
        Ok(Tensor::custom_with_result(
            &operands,
            values,
            &shape,
            move |mut gradient, y, slots| {
                for_rows(&mut gradient, units, 2, |first, part| {
                    function.scale_gradient(part, &y[first * units..][..part.len()]);
                });
                let g = Matrix::new(&gradient, rows, units);
                if let [of_x, of_w, rest @ ..] = slots {
                    of_w.give_product(Matrix::new(&x, rows, inputs).transposed(), g);
                    of_x.give_product(g, Matrix::new(&w, inputs, units).transposed());
                    rest.iter_mut().for_each(|of_b| add_rows(of_b, &gradient, units));
                }
            },
        ))
    }
}

/// Adds each row to the gradient of a bias.
pub(crate) fn add_rows(of_bias: &mut Slot, gradient: &[f32], units: usize) {
    if of_bias.is_wanted() {
        let own = of_bias.values();
        vectorised(
            #[inline(always)]
            || {
                for row in gradient.chunks_exact(units) {
                    own.iter_mut().zip(row).for_each(|(own, g)| *own += g);
                }
            },
        );
    }
}

fn sizes(x: &Tensor, weights: &Tensor, bias: Option<&Tensor>) -> Result<(usize, usize)> {
    let (&[inputs, units], Some(last)) = (weights.shape(), x.shape().last()) else {
        return Err(Error::new("dense")
            .expected("inputs [rows, inputs] and weights [inputs, units]")
            .got(format!("shapes {:?} and {:?}", x.shape(), weights.shape()))
            .hint("reshape them"));
    };
    if inputs != *last {
        return Err(Error::new("dense")
            .expected(format!(
                "inputs whose last axis has {inputs} values, one for each row of the weights"
            ))
            .got(format!("shape {:?}", x.shape()))
            .hint("check which axis holds the features"));
    }
    match bias {
        Some(bias) if bias.shape() != [units] => Err(Error::new("dense")
            .expected(format!("a bias of shape [{units}], one for each unit"))
            .got(format!("shape {:?}", bias.shape()))
            .hint("there is one bias for each unit")),
        _ => Ok((inputs, units)),
    }
}
