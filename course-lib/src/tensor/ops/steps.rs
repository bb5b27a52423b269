//! Sequences `[batch, steps, features]` cut and turned round.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// A range of the steps: `[batch, steps in the range, features]`.
    pub(crate) fn steps(&self, range: Range<usize>) -> Result<Tensor> {
        let [rows, steps, features] = sequence(self)?;
        if range.is_empty() || range.end > steps {
            return Err(Error::new("steps")
                .expected(format!("a range within {steps} steps"))
                .got(format!("{range:?}"))
                .hint("steps count from 0"));
        }
        let kept = range.len();
        if !self.is_at_hand() {
            return Ok(self.cut([rows, steps, features], range, &[rows, kept, features]));
        }
        let part =
            move |row: usize| (row * steps + range.start) * features..(row * steps + range.end) * features;
        let whole = self.values();
        let values = (0..rows)
            .flat_map(|row| whole[part(row)].iter().copied())
            .collect();
        Ok(Tensor::custom(
            &[self],
            values,
            &[rows, kept, features],
            move |gradient, slots| {
                let own = slots[0].values();
                for (row, gradient) in gradient.chunks_exact(kept * features).enumerate() {
                    own[part(row)]
                        .iter_mut()
                        .zip(gradient)
                        .for_each(|(own, g)| *own += g);
                }
            },
        ))
    }

    /// The last step first.
    pub(crate) fn reversed_steps(&self) -> Result<Tensor> {
        let [rows, steps, features] = sequence(self)?;
        let map = (0..rows).flat_map(|row| {
            let turned = (0..steps).rev();
            turned.flat_map(move |step| {
                (0..features).map(move |feature| (row * steps + step) * features + feature)
            })
        });
        Ok(self.rearrange(map.collect(), self.shape()))
    }
}

fn sequence(x: &Tensor) -> Result<[usize; 3]> {
    x.shape().try_into().map_err(|_| {
        Error::new("steps")
            .expected("a sequence of shape [batch, steps, features]")
            .got(format!("shape {:?}", x.shape()))
            .hint("reshape it")
    })
}
