//! Logic functions as tables of examples (slide "Artificial Neuron. What can we do?", lesson 01).
//!
//! | x₁ | x₂ | x₁ OR x₂ | x₁ AND x₂ | x₁ XOR x₂ |
//! | --- | --- | --- | --- | --- |
//! | 0 | 0 | 0 | 0 | 0 |
//! | 0 | 1 | 1 | 0 | 1 |
//! | 1 | 0 | 1 | 0 | 1 |
//! | 1 | 1 | 1 | 1 | 0 |
//!
//! Shapes: [`x`](TruthTable::x) is `[rows, inputs]`, [`y`](TruthTable::y) is `[rows, 1]`.
//!
//! ```
//! use course_lib::lectures::{Neuron, TruthTable};
//! use course_lib::layers::Activation::Step;
//!
//! let and = Neuron::new(&[1.0, 1.0], -1.5, Step);
//! assert_eq!(and.answers(&TruthTable::and())?.wrong(), 0);
//! assert_eq!(and.answers(&TruthTable::xor())?.wrong(), 3);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::neuron::Neuron;
use super::tables::{count, numbers, shows_as_table, words};
use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// Inputs, and the output wanted for each; see the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct TruthTable {
    name: String,
    rows: Vec<(Vec<f32>, f32)>,
}

impl TruthTable {
    /// A table of your own: a row of inputs and an output for each example.
    ///
    /// # Errors
    /// No rows, rows of different lengths, or another number of outputs than of rows.
    ///
    /// ```
    /// # use course_lib::lectures::TruthTable;
    /// let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    /// let implies = TruthTable::new("x1 → x2", &inputs, &[1.0, 1.0, 0.0, 1.0])?;
    /// assert_eq!(implies.y()?.shape(), [4, 1]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn new<Row: AsRef<[f32]>>(name: &str, inputs: &[Row], outputs: &[f32]) -> Result<Self> {
        Tensor::from_rows(inputs)?;
        if inputs.len() != outputs.len() {
            return Err(Error::new("TruthTable")
                .expected(format!("{}, one for each row", count(inputs.len(), "output")))
                .got(count(outputs.len(), "output"))
                .hint("write one output for each row of inputs"));
        }
        let inputs = inputs.iter().map(|row| row.as_ref().to_vec());
        Ok(Self {
            name: name.to_owned(),
            rows: inputs.zip(outputs.iter().copied()).collect(),
        })
    }

    /// x₁ OR x₂: 1 where at least one input is.
    pub fn or() -> Self {
        Self::of_two("x1 OR x2", [0.0, 1.0, 1.0, 1.0])
    }

    /// x₁ AND x₂: 1 where both inputs are.
    pub fn and() -> Self {
        Self::of_two("x1 AND x2", [0.0, 0.0, 0.0, 1.0])
    }

    /// NOT x₁: 1 where the one input is 0.
    pub fn not() -> Self {
        Self {
            name: "NOT x1".to_owned(),
            rows: vec![(vec![0.0], 1.0), (vec![1.0], 0.0)],
        }
    }

    /// x₁ XOR x₂: 1 where the inputs differ. No single neuron can do it (Minsky, Papert 1969).
    pub fn xor() -> Self {
        Self::of_two("x1 XOR x2", [0.0, 1.0, 1.0, 0.0])
    }

    fn of_two(name: &str, outputs: [f32; 4]) -> Self {
        let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        Self {
            name: name.to_owned(),
            rows: inputs.map(Vec::from).into_iter().zip(outputs).collect(),
        }
    }

    /// What the output is called: `x1 OR x2`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Each row: the inputs, and the output wanted for them.
    pub fn rows(&self) -> &[(Vec<f32>, f32)] {
        &self.rows
    }

    /// The inputs as the library's networks take them: shape `[rows, inputs]`.
    ///
    /// # Errors
    /// None: a truth table has rows of one length.
    pub fn x(&self) -> Result<Tensor> {
        let inputs: Vec<&[f32]> = self.rows.iter().map(|(x, _)| x.as_slice()).collect();
        Tensor::from_rows(&inputs)
    }

    /// The outputs wanted: shape `[rows, 1]`.
    ///
    /// # Errors
    /// None: a truth table has rows.
    pub fn y(&self) -> Result<Tensor> {
        let outputs: Vec<[f32; 1]> = self.rows.iter().map(|(_, y)| [*y]).collect();
        Tensor::from_rows(&outputs)
    }

    fn columns(&self) -> Vec<Column> {
        let inputs = self.rows.first().map_or(0, |(x, _)| x.len());
        let of_input = |i: usize| self.rows.iter().filter_map(move |(x, _)| x.get(i).copied());
        (0..inputs)
            .map(|i| numbers(&format!("x{}", i + 1), of_input(i)))
            .chain([numbers(&self.name, self.rows.iter().map(|(_, y)| *y))])
            .collect()
    }

    fn table(&self) -> Table {
        Table {
            columns: self.columns(),
            caption: count(self.rows.len(), "row"),
        }
    }
}

/// What a neuron or network says to each row of a truth table, beside what it should say.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    table: TruthTable,
    outputs: Vec<f32>,
}

impl Answers {
    /// Asks for each row.
    pub(super) fn of(table: &TruthTable, output: impl Fn(&[f32]) -> Result<f32>) -> Result<Self> {
        let outputs = table.rows.iter().map(|(x, _)| output(x)).collect::<Result<_>>()?;
        Ok(Self {
            table: table.clone(),
            outputs,
        })
    }

    /// The output for each row.
    pub fn outputs(&self) -> &[f32] {
        &self.outputs
    }

    /// For each row whether the output is nearer to what is wanted than 0.5.
    pub fn right(&self) -> Vec<bool> {
        let pairs = self.table.rows.iter().zip(&self.outputs);
        pairs.map(|((_, wanted), y)| (wanted - y).abs() < 0.5).collect()
    }

    /// How many rows are wrong.
    pub fn wrong(&self) -> usize {
        self.right().iter().filter(|right| !**right).count()
    }

    fn table(&self) -> Table {
        let mut columns = self.table.columns();
        columns.push(numbers("output y", self.outputs.iter().copied()));
        let marks = self.right().into_iter();
        columns.push(words("", marks.map(|right| if right { "✓" } else { "✗ wrong" })));
        Table {
            columns,
            caption: format!("{} of {} wrong", self.wrong(), count(self.outputs.len(), "row")),
        }
    }
}

impl Neuron {
    /// The neuron's output for each row of a truth table, and whether it is right.
    ///
    /// # Errors
    /// Another number of inputs than of weights.
    pub fn answers(&self, table: &TruthTable) -> Result<Answers> {
        Answers::of(table, |x| self.output(x))
    }
}

shows_as_table!(TruthTable, Answers);
