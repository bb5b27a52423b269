//! The way back through the two-layer network of example 1: the chain rule, factor by factor.

use super::{BasicForward, BasicNetwork};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::lectures::function::derivative;
use crate::lectures::tables::{factor, number, numbers, shows_as_table, words};

impl BasicNetwork {
    /// The way back from the squared error L = (t - o1)² of one example to every weight and bias: each
    /// derivative as the chain rule gives it, a product of what lies on the way.
    ///
    /// # Errors
    /// None of its own.
    pub fn backward(&self, x1: f32, x2: f32, target: f32) -> Result<BasicBackward> {
        let slope = |s| derivative(self.activation, s);
        let BasicForward {
            s_h1,
            s_h2,
            h1,
            h2,
            s_o1,
            o1,
            ..
        } = self.forward(x1, x2);
        let (slope_h1, slope_h2, slope_o1) = (slope(s_h1)?, slope(s_h2)?, slope(s_o1)?);
        // δ is the derivative of L by a neuron's sum: what a neuron passes back.
        let d_o1 = 2.0 * (o1 - target);
        let delta_o1 = d_o1 * slope_o1;
        let (d_h1, d_h2) = (delta_o1 * self.w5, delta_o1 * self.w6);
        let (delta_h1, delta_h2) = (d_h1 * slope_h1, d_h2 * slope_h2);
        let row = |of, rule, factors: &[f32]| Derivative {
            of,
            rule,
            factors: factors.to_vec(),
        };
        Ok(BasicBackward {
            loss: (target - o1).powi(2),
            rows: vec![
                row("o1", "2 · (o1 - t)", &[2.0, o1 - target]),
                row("δo1", "∂L/∂o1 · f'(s_o1)", &[d_o1, slope_o1]),
                row("w5", "δo1 · h1", &[delta_o1, h1]),
                row("w6", "δo1 · h2", &[delta_o1, h2]),
                row("b3", "δo1", &[delta_o1]),
                row("h1", "δo1 · w5", &[delta_o1, self.w5]),
                row("δh1", "∂L/∂h1 · f'(s_h1)", &[d_h1, slope_h1]),
                row("w1", "δh1 · x1", &[delta_h1, x1]),
                row("w2", "δh1 · x2", &[delta_h1, x2]),
                row("b1", "δh1", &[delta_h1]),
                row("h2", "δo1 · w6", &[delta_o1, self.w6]),
                row("δh2", "∂L/∂h2 · f'(s_h2)", &[d_h2, slope_h2]),
                row("w3", "δh2 · x1", &[delta_h2, x1]),
                row("w4", "δh2 · x2", &[delta_h2, x2]),
                row("b2", "δh2", &[delta_h2]),
            ],
        })
    }
}

/// Every derivative on the way back. From [`BasicNetwork::backward`].
#[derive(Debug, Clone, PartialEq)]
pub struct BasicBackward {
    loss: f32,
    rows: Vec<Derivative>,
}

/// A derivative of L, and the factors whose product it is.
#[derive(Debug, Clone, PartialEq)]
struct Derivative {
    of: &'static str,
    rule: &'static str,
    factors: Vec<f32>,
}

impl Derivative {
    fn value(&self) -> f32 {
        self.factors.iter().product()
    }
}

impl BasicBackward {
    /// L = (t - o1)².
    pub fn loss(&self) -> f32 {
        self.loss
    }

    /// ∂L by one of w1 to w6, b1 to b3, h1, h2, o1, or by a neuron's sum: δh1, δh2, δo1.
    ///
    /// # Errors
    /// Another name.
    pub fn get(&self, name: &str) -> Result<f32> {
        let row = self.rows.iter().find(|row| row.of == name).ok_or_else(|| {
            let known: Vec<&str> = self.rows.iter().map(|row| row.of).collect();
            Error::new("backward")
                .expected(format!("one of {}", known.join(", ")))
                .got(name)
                .hint("write the name as in the table")
        })?;
        Ok(row.value())
    }

    fn table(&self) -> Table {
        let rows = || self.rows.iter();
        let name = |of: &str| match of.strip_prefix('δ') {
            Some(neuron) => format!("δ{neuron} = ∂L/∂s_{neuron}"),
            None => format!("∂L/∂{of}"),
        };
        let product = |row: &Derivative| row.factors.iter().map(|x| factor(*x)).collect::<Vec<_>>();
        Table {
            columns: vec![
                words("derivative", rows().map(|row| name(row.of))),
                words("chain rule", rows().map(|row| row.rule)),
                words("in numbers", rows().map(|row| product(row).join(" · "))),
                numbers("value", rows().map(Derivative::value)),
            ],
            caption: format!("L = (t - o1)² = {}", number(self.loss)),
        }
    }
}

shows_as_table!(BasicBackward);
