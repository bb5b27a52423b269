//! `+ - * /`, between tensors and with plain numbers.
//!
//! Between two tensors the shapes must be equal, or stretch to a common one by NumPy's rule: compared from
//! the last axis, sizes are equal or one of them is 1. The result is a `Result`, and formulas go on
//! calculating with it: `(&w * &x + &b)?`.

use std::ops::{Add, Div, Mul, Neg, Sub};

use dfdx::prelude::{TryAdd, TryDiv, TryMul, TrySub};

use super::by_dfdx;
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::device::{Flat, in_memory};

impl Tensor {
    /// The sum, value by value; also written `&a + &b`.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub fn add(&self, other: &Tensor) -> Result<Tensor> {
        let (left, right) = self.matched(other, "add")?;
        Ok(by_dfdx!(left.shape(), (x of left, y of right) => x.try_add(y)))
    }

    /// The difference, value by value; also written `&a - &b`.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub fn sub(&self, other: &Tensor) -> Result<Tensor> {
        let (left, right) = self.matched(other, "sub")?;
        Ok(by_dfdx!(left.shape(), (x of left, y of right) => x.try_sub(y)))
    }

    /// The product, value by value (not [`Tensor::matmul`]); also written `&a * &b`.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub fn mul(&self, other: &Tensor) -> Result<Tensor> {
        let (left, right) = self.matched(other, "mul")?;
        Ok(by_dfdx!(left.shape(), (x of left, y of right) => x.try_mul(y)))
    }

    /// The quotient, value by value; also written `&a / &b`. Division by 0 gives ±infinity or NaN.
    ///
    /// # Errors
    /// Shapes that do not fit each other.
    pub fn div(&self, other: &Tensor) -> Result<Tensor> {
        let (left, right) = self.matched(other, "div")?;
        Ok(by_dfdx!(left.shape(), (x of left, y of right) => x.try_div(y)))
    }

    /// Both stretched to their common shape.
    fn matched(&self, other: &Tensor, operation: &str) -> Result<(Tensor, Tensor)> {
        let shape = common_shape(self.shape(), other.shape()).ok_or_else(|| {
            Error::new(operation)
                .expected(format!("a second tensor whose shape fits {:?}", self.shape()))
                .got(format!("shape {:?}", other.shape()))
                .hint("from the last axis on, sizes must be equal or 1; see reshape and transpose")
        })?;
        let right = other.stretched(&shape);
        // A new identity, should both sides be the same tensor.
        let right = match self.recorder.is_same(&other.recorder) {
            true => right.distinct(),
            false => right,
        };
        Ok((self.stretched(&shape), right))
    }
}

/// The shape both stretch to, by NumPy's rule.
fn common_shape(left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let rank = left.len().max(right.len());
    let size = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(rank)
            .map_or(1, |axis| shape[axis])
    };
    (0..rank)
        .map(|axis| match (size(left, axis), size(right, axis)) {
            (left, right) if left == right => Some(left),
            (1, size) | (size, 1) => Some(size),
            _ => None,
        })
        .collect()
}

macro_rules! operator {
    ($trait:ident, $method:ident, $checked:ident, |$x:ident, $number:ident| $scalar:expr, $reversed:expr) => {
        impl $trait<&Tensor> for &Tensor {
            type Output = Result<Tensor>;
            fn $method(self, other: &Tensor) -> Result<Tensor> {
                Tensor::$checked(self, other)
            }
        }
        impl $trait<Tensor> for &Tensor {
            type Output = Result<Tensor>;
            fn $method(self, other: Tensor) -> Result<Tensor> {
                Tensor::$checked(self, &other)
            }
        }
        impl $trait<&Tensor> for Tensor {
            type Output = Result<Tensor>;
            fn $method(self, other: &Tensor) -> Result<Tensor> {
                Tensor::$checked(&self, other)
            }
        }
        impl $trait<Tensor> for Tensor {
            type Output = Result<Tensor>;
            fn $method(self, other: Tensor) -> Result<Tensor> {
                Tensor::$checked(&self, &other)
            }
        }
        impl $trait<&Tensor> for Result<Tensor> {
            type Output = Result<Tensor>;
            fn $method(self, other: &Tensor) -> Result<Tensor> {
                Tensor::$checked(&self?, other)
            }
        }
        impl $trait<Result<Tensor>> for &Tensor {
            type Output = Result<Tensor>;
            fn $method(self, other: Result<Tensor>) -> Result<Tensor> {
                Tensor::$checked(self, &other?)
            }
        }
        impl $trait<f32> for &Tensor {
            type Output = Tensor;
            fn $method(self, $number: f32) -> Tensor {
                let $x = self;
                $scalar
            }
        }
        impl $trait<f32> for Tensor {
            type Output = Tensor;
            fn $method(self, $number: f32) -> Tensor {
                $trait::$method(&self, $number)
            }
        }
        impl $trait<&Tensor> for f32 {
            type Output = Tensor;
            fn $method(self, other: &Tensor) -> Tensor {
                let reversed: fn(f32, &Tensor) -> Tensor = $reversed;
                reversed(self, other)
            }
        }
        impl $trait<Tensor> for f32 {
            type Output = Tensor;
            fn $method(self, other: Tensor) -> Tensor {
                $trait::$method(self, &other)
            }
        }
    };
}

operator!(Add, add, add, |x, number| x.add_scalar(number), |number, x| x
    .add_scalar(number));
operator!(Sub, sub, sub, |x, number| x.add_scalar(-number), |number, x| {
    x.mul_scalar(-1.0).add_scalar(number)
});
operator!(Mul, mul, mul, |x, number| x.mul_scalar(number), |number, x| x
    .mul_scalar(number));
operator!(
    Div,
    div,
    div,
    |x, number| x.mul_scalar(1.0 / number),
    |number, x| { x.powf(-1.0).mul_scalar(number) }
);

impl Neg for &Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.mul_scalar(-1.0)
    }
}

impl Neg for Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        self.mul_scalar(-1.0)
    }
}
