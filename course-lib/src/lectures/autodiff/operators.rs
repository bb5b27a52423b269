//! Rust's operators for variables and plain numbers, by value and by reference.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::operations::{add, div, mul, sub};
use super::{Tape, Var};

impl Tape {
    /// A plain number within a formula: on the tape, but no input of it.
    pub(super) fn number(self, value: f64) -> Var {
        self.push("", value, [None, None])
    }
}

macro_rules! operator {
    ($trait:ident $method:ident) => {
        operator!($trait $method, Var, Var, |a, b| (a, b));
        operator!($trait $method, Var, &Var, |a, b| (a, *b));
        operator!($trait $method, &Var, Var, |a, b| (*a, b));
        operator!($trait $method, &Var, &Var, |a, b| (*a, *b));
        operator!($trait $method, Var, f64, |a, b| (a, a.tape.number(b)));
        operator!($trait $method, &Var, f64, |a, b| (*a, a.tape.number(b)));
        operator!($trait $method, f64, Var, |a, b| (b.tape.number(a), b));
        operator!($trait $method, f64, &Var, |a, b| (b.tape.number(a), *b));
    };
    ($trait:ident $method:ident, $left:ty, $right:ty, |$a:ident, $b:ident| $vars:expr) => {
        impl $trait<$right> for $left {
            type Output = Var;
            fn $method(self, $b: $right) -> Var {
                let $a = self;
                let (a, b) = $vars;
                $method(a, b)
            }
        }
    };
}

operator!(Add add);
operator!(Sub sub);
operator!(Mul mul);
operator!(Div div);

impl Neg for Var {
    type Output = Var;
    fn neg(self) -> Var {
        -1.0 * self
    }
}

/// The losses of several examples added up; of none, 0 on a tape of its own.
impl Sum for Var {
    fn sum<I: Iterator<Item = Var>>(vars: I) -> Var {
        let sum = vars.reduce(|sum, var| sum + var);
        sum.unwrap_or_else(|| Tape::new().var("0", 0.0))
    }
}
