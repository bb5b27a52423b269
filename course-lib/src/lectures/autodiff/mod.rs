//! Auto-differentiation on one page: a stack of calls, and the way back down (slide "Fifth step:
//! Backpropagation", lesson 04).
//!
//! "We only need to keep a stack of the function calls during the forward pass and their parameters": that is
//! [`Tape`]. Every operation on a [`Var`] puts one call on it, with its value and its derivative by each operand.
//! [`Var::backward`] takes the calls off again, from the top down, and each adds to the gradient of its
//! operands:
//!
//! ∂L/∂operand ← ∂L/∂operand + ∂L/∂call · ∂call/∂operand
//!
//! | type | what |
//! | --- | --- |
//! | [`Var`] | one number (`f64`) on the tape; it is `Copy`, so formulas read as on paper |
//! | [`Tape`] | the stack of calls, as a table, and as [`nodes`](Tape::nodes) and [`edges`](Tape::edges) to draw |
//! | [`Unstacking`] | who added what to whom on the way back |
//!
//! Sources: Wengert 1964 (the list); Karpathy's micrograd (the form). The library's [tensors](crate::tensor)
//! do the same with whole arrays.
//!
//! ```
//! use course_lib::lectures::Tape;
//!
//! let tape = Tape::new();
//! let w = tape.var("W", 3.0);
//! let loss = (w * 4.0 - 8.0).powi(2);
//! assert_eq!(loss.value(), 16.0);
//! loss.backward()?;
//! assert_eq!(w.grad(), 32.0); // 2 · (4 W - 8) · 4
//! # Ok::<(), course_lib::error::Error>(())
//! ```

mod graph;
mod operations;
mod operators;
mod show;

use std::cell::RefCell;

use crate::error::{Error, Result};

pub use graph::{Edge, Node};

/// The stack of calls; see the [module](self).
///
/// A tape stays in memory until the program ends, so that its variables are plain copies in every cell.
#[derive(Clone, Copy)]
pub struct Tape {
    calls: &'static RefCell<Vec<Call>>,
}

/// A number on a [`Tape`]: an input, or the result of a call.
#[derive(Clone, Copy)]
pub struct Var {
    tape: Tape,
    index: usize,
}

/// One entry of the stack. Inputs and plain numbers are calls of nothing, without text.
struct Call {
    name: Option<String>,
    /// `{a} * {b}`, where `{a}` and `{b}` stand for the operands.
    text: &'static str,
    operands: [Option<Operand>; 2],
    value: f64,
    gradient: f64,
}

impl Call {
    fn is_number(&self) -> bool {
        self.name.is_none() && self.text.is_empty()
    }
}

/// What a call was made with, and the derivative of the call by it: as a number, and as a rule in which `{y}`
/// stands for the result.
#[derive(Clone, Copy)]
struct Operand {
    index: usize,
    derivative: f64,
    rule: &'static str,
}

/// One addition on the way back.
#[derive(Clone, Copy)]
struct Addition {
    from: usize,
    to: Operand,
    gradient: f64,
    /// The gradient of the operand after it.
    total: f64,
}

/// The way back: who added what to whom, the top of the stack first. From [`Var::backward`].
#[derive(Clone)]
pub struct Unstacking {
    loss: Var,
    additions: Vec<Addition>,
}

impl Tape {
    /// An empty tape.
    pub fn new() -> Self {
        Self {
            calls: Box::leak(Box::default()),
        }
    }

    /// Puts an input on the tape, under the name that it has in the formula.
    pub fn var(self, name: &str, value: f64) -> Var {
        self.push("", value, [None, None]).named(name)
    }

    fn push(self, text: &'static str, value: f64, operands: [Option<Operand>; 2]) -> Var {
        let index = self.calls.borrow().len();
        self.calls.borrow_mut().push(Call {
            name: None,
            text,
            operands,
            value,
            gradient: 0.0,
        });
        Var { tape: self, index }
    }
}

impl Default for Tape {
    fn default() -> Self {
        Self::new()
    }
}

impl Var {
    /// The number.
    pub fn value(self) -> f64 {
        self.tape.calls.borrow()[self.index].value
    }

    /// ∂L/∂self, for the L on which [`Var::backward`] was called last; 0 before that.
    pub fn grad(self) -> f64 {
        self.tape.calls.borrow()[self.index].gradient
    }

    /// Gives a result the name that it has in the formula: `h1` instead of `v3`.
    pub fn named(self, name: &str) -> Self {
        self.tape.calls.borrow_mut()[self.index].name = Some(name.to_owned());
        self
    }

    /// Un-stacks the calls from this one, the loss L, down to the inputs. Every variable then has its
    /// [`Var::grad`]; those of an earlier backward are forgotten. The result tells how it went.
    ///
    /// # Errors
    /// A value that is not a number: ln or a quotient outside its domain, or variables of two tapes in one
    /// formula.
    pub fn backward(self) -> Result<Unstacking> {
        if self.value().is_nan() {
            return Err(Error::new("backward")
                .expected("a value that is a number")
                .got("NaN")
                .hint("put all variables of a formula on one tape, and find on it where NaN begins"));
        }
        let mut calls = self.tape.calls.borrow_mut();
        calls.iter_mut().for_each(|call| call.gradient = 0.0);
        calls[self.index].gradient = 1.0;
        let mut reached = vec![false; calls.len()];
        reached[self.index] = true;
        let mut additions = Vec::new();
        for from in (0..=self.index).rev() {
            if !reached[from] {
                continue;
            }
            let Call {
                gradient, operands, ..
            } = calls[from];
            for to in operands.into_iter().flatten() {
                calls[to.index].gradient += gradient * to.derivative;
                reached[to.index] = true;
                let total = calls[to.index].gradient;
                additions.push(Addition {
                    from,
                    to,
                    gradient,
                    total,
                });
            }
        }
        Ok(Unstacking {
            loss: self,
            additions,
        })
    }
}
