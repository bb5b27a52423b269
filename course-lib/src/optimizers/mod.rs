//! How weights change, an optimiser a file.
//!
//! An optimiser is a struct of its options with a [`Default`]; [`compile`](crate::model::Sequential::compile)
//! takes one, and so does a loop that a lesson writes by hand:
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])?;
//! let y = Tensor::from_rows(&[[0.0], [1.0], [1.0], [1.0]])?;
//! let mut model = Sequential::new(Input(2), layers![Dense::new(1).activation(Sigmoid)], Seed(7))?;
//! let mut optimizer = SGD { learning_rate: 0.5, ..SGD::default() };
//!
//! for _ in 0..100 {
//!     let output = model.forward(&x)?;
//!     let loss = losses::binary_crossentropy(&output, &y)?;
//!     let gradients = loss.backward()?;
//!     optimizer.step(&mut model, &gradients)?;
//! }
//! assert!(losses::binary_crossentropy(&model.predict(&x)?, &y)?.item()? < 0.3);
//! # Ok::<(), Error>(())
//! ```

pub mod adagrad;
pub mod adam;
pub mod adamw;
pub mod rmsprop;
pub mod schedule;
pub mod sgd;

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Result};
use crate::kept::{Kept, dropped_here};
use crate::tensor::dims::Dims;
use crate::tensor::gradient::OfLeaf;
use crate::tensor::{Gradients, Tensor};

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub use rmsprop::RMSprop;
pub use schedule::Schedule;
pub use sgd::SGD;

/// Something with weights that an optimiser can change: a model, a tensor, or several
/// (`&mut [&mut w, &mut b]`).
pub trait Parameters {
    /// The weights, always in the same order.
    fn parameters_mut(&mut self) -> Vec<&mut Tensor>;
}

impl Parameters for Tensor {
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        vec![self]
    }
}

impl<const N: usize> Parameters for [&mut Tensor; N] {
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.iter_mut().map(|tensor| &mut **tensor).collect()
    }
}

impl Parameters for Vec<Tensor> {
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.iter_mut().collect()
    }
}

/// A rule by which weights change, given the gradients of the loss.
pub trait Optimizer: fmt::Debug {
    /// Changes each weight that there is a gradient for.
    ///
    /// # Errors
    /// Options out of range, or gradients that belong to none of the weights.
    fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()>;

    /// The optimiser's name, as in its paper.
    fn name(&self) -> &'static str;

    /// How large a step is.
    fn learning_rate(&self) -> f32;

    /// Changes how large a step is, as schedules do.
    fn set_learning_rate(&mut self, learning_rate: f32);
}

/// What an optimiser remembers of each weight between its steps. It starts empty.
#[derive(Clone, Default)]
pub struct OptimizerState {
    of_weight: Kept<BTreeMap<u64, Memory>>,
}

dropped_here!(BTreeMap<u64, Memory>);

/// What is remembered of one weight: two rows of values, where the weight lies.
#[derive(Clone, Default)]
struct Memory {
    steps: i32,
    first: Vec<f32>,
    second: Vec<f32>,
    on_device: [Option<Tensor>; 2],
}

impl Memory {
    /// The first row of values that is remembered, one a weight, zeros at the start.
    fn first(&mut self, count: usize) -> &mut [f32] {
        self.first_from(count, 0.0)
    }

    /// The first row, starting with the given value.
    fn first_from(&mut self, count: usize, start: f32) -> &mut [f32] {
        self.first.resize(count, start);
        &mut self.first
    }

    /// Both rows on the device, the first one starting with the given value.
    fn on_device(&mut self, count: usize, start: f32) -> [&mut Tensor; 2] {
        let [first, second] = &mut self.on_device;
        let row = |start: f32| Tensor::from_parts(vec![start; count], Dims::of(&[count]));
        [
            first.get_or_insert_with(|| row(start)),
            second.get_or_insert_with(|| row(0.0)),
        ]
    }

    /// Both rows.
    fn both(&mut self, count: usize) -> [&mut [f32]; 2] {
        self.first.resize(count, 0.0);
        self.second.resize(count, 0.0);
        [&mut self.first, &mut self.second]
    }
}

impl fmt::Debug for OptimizerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OptimizerState({} weights)", self.of_weight.len())
    }
}

impl fmt::Display for OptimizerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

crate::notebook::shows_in_words!(OptimizerState);

impl OptimizerState {
    /// Calls `change(weights, gradient, memory)` for each tensor of weights with a gradient. Where they lie on a device it
    /// is `on_device`, which does the same with dfdx's operations, and nothing is copied to the CPU.
    fn update(
        &mut self,
        name: &str,
        model: &mut dyn Parameters,
        gradients: &Gradients,
        change: impl Fn(&mut [f32], &[f32], &mut Memory),
        on_device: impl Fn(&mut Tensor, &Tensor, &mut Memory),
    ) -> Result<()> {
        let mut changed = false;
        for weight in model.parameters_mut() {
            let (Some(number), Some(gradient)) = (weight.leaf_number(), gradients.of(weight)) else {
                continue;
            };
            let memory = self.of_weight.entry(number).or_default();
            memory.steps = memory.steps.saturating_add(1);
            match gradient {
                OfLeaf::Values(gradient) => weight.change(|values| change(values, gradient, memory)),
                OfLeaf::Tensor(gradient) => on_device(weight, gradient, memory),
            }
            changed = true;
        }
        if changed {
            return Ok(());
        }
        Err(Error::new(name)
            .expected("gradients of the model's weights")
            .got(gradients.to_string())
            .hint("calculate the loss from this model's forward(), and call backward() on it"))
    }
}

/// Checks an option that is a share.
fn check_share(name: &str, option: &str, value: f32) -> Result<()> {
    check(
        name,
        option,
        value,
        (0.0..1.0).contains(&value),
        "from 0 to below 1",
    )
}

/// Checks an option on behalf of an optimiser.
fn check(name: &str, option: &str, value: f32, fits: bool, expected: &str) -> Result<()> {
    if fits && value.is_finite() {
        return Ok(());
    }
    Err(Error::new(name)
        .expected(format!("{option} {expected}"))
        .got(format!("{option} = {value}"))
        .hint("start from the default and change it by factors of 3 to 10"))
}
