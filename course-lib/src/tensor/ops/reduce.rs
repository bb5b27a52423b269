//! Many values made one: sums, means, the largest.
//!
//! Sums are kept in double precision, so that a mean over a whole data set is as exact as a small one.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

impl Tensor {
    /// The sum of all values, as a single number.
    #[must_use]
    pub fn sum(&self) -> Tensor {
        self.scaled_sum(1.0)
    }

    /// The mean of all values, as a single number.
    #[must_use]
    pub fn mean(&self) -> Tensor {
        self.scaled_sum(1.0 / self.count() as f64)
    }

    fn scaled_sum(&self, scale: f64) -> Tensor {
        if !self.is_on_host() {
            return self.sum_portable().mul_scalar(scale as f32);
        }
        let sum: f64 = self.to_vec().iter().map(|value| f64::from(*value)).sum();
        let values = vec![(sum * scale) as f32];
        Tensor::custom(&[self], values, &[], move |of_result, slots| {
            let gradient = of_result[0] * scale as f32;
            slots[0].values().iter_mut().for_each(|own| *own += gradient);
        })
    }

    /// Sums along one axis, which is gone from the result: axis 0 of `[rows, columns]` gives `[columns]`.
    ///
    /// # Errors
    /// An axis that is not there.
    ///
    /// ```
    /// # use course_lib::tensor::Tensor;
    /// let x = Tensor::from_rows(&[[1.0, 2.0], [3.0, 4.0]])?;
    /// assert_eq!(x.sum_axis(0)?.to_vec(), [4.0, 6.0]);
    /// assert_eq!(x.sum_axis(1)?.to_vec(), [3.0, 7.0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn sum_axis(&self, axis: usize) -> Result<Tensor> {
        self.scaled_sum_axis("sum_axis", axis, |_| 1.0)
    }

    /// Means along one axis, which is gone from the result.
    ///
    /// # Errors
    /// An axis that is not there.
    pub fn mean_axis(&self, axis: usize) -> Result<Tensor> {
        self.scaled_sum_axis("mean_axis", axis, |size| 1.0 / size as f64)
    }

    /// The largest values along one axis, which is gone from the result; the gradient goes to the first of
    /// several equal ones.
    ///
    /// # Errors
    /// An axis that is not there.
    pub fn max_axis(&self, axis: usize) -> Result<Tensor> {
        let lines = Lines::of(self, "max_axis", axis)?;
        if !self.is_on_host() {
            return Ok(self.max_axis_portable(lines.sizes(), &lines.shape));
        }
        let values = self.to_vec();
        let places = (0..lines.count()).map(|line| {
            let mut best = lines.place(line, 0);
            for index in 1..lines.size {
                let place = lines.place(line, index);
                if values[place] > values[best] {
                    best = place;
                }
            }
            best
        });
        Ok(self.rearrange(places.collect(), &lines.shape))
    }

    fn scaled_sum_axis(&self, operation: &str, axis: usize, scale: impl Fn(usize) -> f64) -> Result<Tensor> {
        let lines = Lines::of(self, operation, axis)?;
        let scale = scale(lines.size);
        if !self.is_on_host() {
            let sums = self.sum_axis_portable(lines.sizes(), &lines.shape);
            return Ok(sums.mul_scalar(scale as f32));
        }
        let source = self.to_vec();
        let values = (0..lines.count())
            .map(|line| {
                let along = (0..lines.size).map(|i| f64::from(source[lines.place(line, i)]));
                (along.sum::<f64>() * scale) as f32
            })
            .collect();
        let shape = lines.shape.clone();
        Ok(Tensor::custom(
            &[self],
            values,
            &shape,
            move |of_result, slots| {
                let own = slots[0].values();
                for (line, gradient) in of_result.iter().enumerate() {
                    for index in 0..lines.size {
                        own[lines.place(line, index)] += gradient * scale as f32;
                    }
                }
            },
        ))
    }
}

/// The lines of values that run along one axis.
struct Lines {
    /// How many values a line has.
    size: usize,
    /// How far apart they lie.
    step: usize,
    /// The shape without the axis.
    shape: Vec<usize>,
}

impl Lines {
    fn of(tensor: &Tensor, operation: &str, axis: usize) -> Result<Self> {
        if axis >= tensor.rank() {
            return Err(Error::new(operation)
                .expected(format!("an axis below {}", tensor.rank()))
                .got(format!("axis {axis} of shape {:?}", tensor.shape()))
                .hint("axes count from 0, outermost first"));
        }
        let mut shape = tensor.shape().to_vec();
        let size = shape.remove(axis);
        let step = shape[axis..].iter().product();
        Ok(Self { size, step, shape })
    }

    fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many values lie before the axis, along it, and behind it.
    fn sizes(&self) -> [usize; 3] {
        [self.count() / self.step, self.size, self.step]
    }

    fn place(&self, line: usize, index: usize) -> usize {
        let (outer, inner) = (line / self.step, line % self.step);
        (outer * self.size + index) * self.step + inner
    }
}
