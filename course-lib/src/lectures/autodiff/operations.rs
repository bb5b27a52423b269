//! What can be done with variables. Each operation says its value, and beside each operand the derivative by
//! it: the number, and the rule.

use super::{Operand, Var};

pub(super) fn add(a: Var, b: Var) -> Var {
    let y = a.value() + b.value();
    call("{a} + {b}", y, [(a, 1.0, "1"), (b, 1.0, "1")])
}

pub(super) fn sub(a: Var, b: Var) -> Var {
    let y = a.value() - b.value();
    call("{a} - {b}", y, [(a, 1.0, "1"), (b, -1.0, "-1")])
}

pub(super) fn mul(a: Var, b: Var) -> Var {
    let y = a.value() * b.value();
    call("{a} * {b}", y, [(a, b.value(), "{b}"), (b, a.value(), "{a}")])
}

pub(super) fn div(a: Var, b: Var) -> Var {
    let (y, by_a) = (a.value() / b.value(), 1.0 / b.value());
    call(
        "{a} / {b}",
        y,
        [(a, by_a, "1 / {b}"), (b, -y * by_a, "-{a} / {b}²")],
    )
}

impl Var {
    /// Itself to the power of a whole number.
    pub fn powi(self, n: i32) -> Var {
        let (x, exponent) = (self.value(), self.tape.number(f64::from(n)));
        let by_x = match n {
            0 => 0.0,
            _ => f64::from(n) * x.powi(n.saturating_sub(1)),
        };
        let operands = [(self, by_x, "{b} · {a}^({b} - 1)"), (exponent, 0.0, "")];
        call("{a} ^ {b}", x.powi(n), operands)
    }

    /// e to the power of itself.
    pub fn exp(self) -> Var {
        let y = self.value().exp();
        call("exp({a})", y, [(self, y, "{y}")])
    }

    /// The natural logarithm; NaN below 0.
    pub fn ln(self) -> Var {
        let x = self.value();
        call("ln({a})", x.ln(), [(self, 1.0 / x, "1 / {a}")])
    }

    /// The hyperbolic tangent.
    pub fn tanh(self) -> Var {
        let y = self.value().tanh();
        call("tanh({a})", y, [(self, 1.0 - y * y, "1 - {y}²")])
    }

    /// 1 / (1 + e⁻ˣ).
    pub fn sigmoid(self) -> Var {
        let y = 1.0 / (1.0 + (-self.value()).exp());
        call("sigmoid({a})", y, [(self, y * (1.0 - y), "{y} · (1 - {y})")])
    }

    /// max(0, x); its derivative at 0 is taken as 0.
    pub fn relu(self) -> Var {
        let x = self.value();
        let (y, slope) = if x <= 0.0 { (0.0, 0.0) } else { (x, 1.0) };
        call("relu({a})", y, [(self, slope, "1 if {a} > 0, else 0")])
    }

    /// The sine, in radians.
    pub fn sin(self) -> Var {
        let x = self.value();
        call("sin({a})", x.sin(), [(self, x.cos(), "cos({a})")])
    }
}

/// Puts a call on the tape of its operands.
fn call<const N: usize>(text: &'static str, value: f64, operands: [(Var, f64, &'static str); N]) -> Var {
    let tape = operands[0].0.tape;
    let mut own = [None, None];
    for (place, (var, derivative, rule)) in own.iter_mut().zip(operands) {
        if !std::ptr::eq(var.tape.calls, tape.calls) {
            // No gradient finds its way to another tape: such a formula has no value.
            return tape.push("two tapes in one formula", f64::NAN, [None, None]);
        }
        *place = Some(Operand {
            index: var.index,
            derivative,
            rule,
        });
    }
    tape.push(text, value, own)
}
