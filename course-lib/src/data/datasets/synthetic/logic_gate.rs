//! Truth tables: what a single neuron can learn, and what it cannot.
//!
//! | x1 | x2 | AND | OR | XOR | NAND | NOR |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | 0 | 0 | 0 | 0 | 0 | 1 | 1 |
//! | 0 | 1 | 0 | 1 | 1 | 1 | 0 |
//! | 1 | 0 | 0 | 1 | 1 | 1 | 0 |
//! | 1 | 1 | 1 | 1 | 0 | 0 | 0 |
//!
//! NOT has one input: 0 becomes 1, and 1 becomes 0.

use std::fmt;

use crate::data::datasets::Dataset;
use crate::error::Result;
use crate::tensor::Tensor;

/// A logical function of one or two inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogicGate {
    /// 1 if both inputs are 1.
    And,
    /// 1 if at least one input is 1.
    Or,
    /// 1 if its one input is 0.
    Not,
    /// 1 if exactly one input is 1: no line separates its ones from its zeros.
    Xor,
    /// 0 if both inputs are 1.
    Nand,
    /// 1 if both inputs are 0.
    Nor,
}

impl LogicGate {
    fn inputs(self) -> &'static [&'static [f32]] {
        match self {
            Self::Not => &[&[0.0], &[1.0]],
            _ => &[&[0.0, 0.0], &[0.0, 1.0], &[1.0, 0.0], &[1.0, 1.0]],
        }
    }

    fn output(self, inputs: &[f32]) -> bool {
        let ones = inputs.iter().filter(|input| **input == 1.0).count();
        match self {
            Self::And => ones == 2,
            Self::Or => ones > 0,
            Self::Not | Self::Nor => ones == 0,
            Self::Xor => ones == 1,
            Self::Nand => ones < 2,
        }
    }
}

/// The truth table of a gate: `x` is `[4, 2]` (NOT: `[2, 1]`), `y` is `[4, 1]` (NOT: `[2, 1]`), all 0 or 1.
///
/// ```
/// use course_lib::data::datasets::{self, LogicGate};
///
/// let xor = datasets::logic_gate(LogicGate::Xor)?;
/// assert_eq!(xor.x.to_rows()?, [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// assert_eq!(xor.y.to_vec(), [0.0, 1.0, 1.0, 0.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// None that its input could cause.
pub fn logic_gate(gate: LogicGate) -> Result<Dataset> {
    let x = Tensor::from_rows(gate.inputs())?;
    let outputs: Vec<f32> = gate
        .inputs()
        .iter()
        .map(|row| f32::from(u8::from(gate.output(row))))
        .collect();
    let feature_names: Vec<String> = (1..=x.shape()[1]).map(|input| format!("x{input}")).collect();
    Ok(Dataset {
        frame: crate::data::DataFrame::from_tensor(&x, &feature_names)?.with("y", &outputs)?,
        y: Tensor::from_vec(outputs, [x.shape()[0], 1])?,
        x,
        feature_names,
        class_names: vec!["false", "true"],
        about: format!("The truth table of {gate}"),
    })
}

impl fmt::Display for LogicGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
            Self::Xor => "XOR",
            Self::Nand => "NAND",
            Self::Nor => "NOR",
        })
    }
}

crate::notebook::shows_in_words!(LogicGate);
