//! Networks: put together from layers, trained, tested and used.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])?;
//! let y = Tensor::from_rows(&[[0.0], [1.0], [1.0], [0.0]])?;
//!
//! let mut model = Sequential::new(
//!     Input(2),
//!     layers![Dense::new(8).activation(Tanh), Dense::new(1).activation(Sigmoid)],
//!     Seed(7),
//! )?;
//! model.compile(Adam { learning_rate: 0.05, ..Adam::default() }, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
//! let history = model.fit(&x, &y, Fit { epochs: 200, batch_size: 4, verbose: false, ..Fit::default() })?;
//! let score = model.evaluate(&x, &y)?;
//! assert_eq!(score.accuracy()?, 1.0);
//! assert_eq!(history.epochs(), 200);
//! # Ok::<(), Error>(())
//! ```

mod architecture;
pub mod callbacks;
mod evaluate;
mod fit;
mod history;
mod outline;
mod progress;
mod rows;
mod save;
mod score;
pub mod seq2seq;
pub mod stateful;
mod summary;
mod train;

use std::fmt;

use crate::error::{Error, Result};
use crate::kept::{Kept, dropped_here};
use crate::layers::{Layer, Mode};
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::notebook::{Rich, Show};
use crate::optimizers::{Optimizer, Parameters};
use crate::random::Seed;
use crate::tensor::Tensor;

pub use callbacks::{
    CSVLogger, Callback, EarlyStopping, LearningRateSchedule, ModelCheckpoint, MonitorMode,
    ReduceLROnPlateau, Training, on_epoch_end,
};
pub use fit::Fit;
pub use history::History;
pub(crate) use outline::LayerOutline;
pub use score::Score;
pub use seq2seq::Seq2Seq;
pub use summary::Summary;

/// The shape of one sample, without the batch axis: `Input(30)` features, `Input([28, 28])` pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    shape: Vec<usize>,
}

/// The shape of one sample, written as in Keras: `Input(30)` or `Input([28, 28])`.
#[allow(
    non_snake_case,
    reason = "it reads as the type that it makes, and as in Keras"
)]
pub fn Input(shape: impl Into<Input>) -> Input {
    shape.into()
}

impl From<usize> for Input {
    fn from(features: usize) -> Self {
        Self {
            shape: vec![features],
        }
    }
}

impl<const N: usize> From<[usize; N]> for Input {
    fn from(shape: [usize; N]) -> Self {
        Self {
            shape: shape.to_vec(),
        }
    }
}

/// Layers one after the other; see the [module](self) for an example.
pub struct Sequential {
    input: Vec<usize>,
    layers: Kept<Vec<Placed>>,
    seed: Seed,
    /// Away while `fit` has it.
    optimizer: Kept<Option<Box<dyn Optimizer>>>,
    goal: Kept<Option<Goal>>,
    /// Epochs trained so far, so that a second `fit` shuffles anew.
    epochs_trained: u64,
    /// How many rows the batches have between which a stateful network carries its states; none before its first
    /// training.
    carries_between: Option<usize>,
}

dropped_here!(Vec<Placed>, Option<Box<dyn Optimizer>>, Option<Goal>);

/// A layer with its place in the network.
struct Placed {
    layer: Box<dyn Layer>,
    /// `dense`, `dense_1`, as in Keras.
    name: String,
    /// The shape of its outputs, without the batch axis.
    output: Vec<usize>,
}

/// What a training works with.
struct Compiled {
    optimizer: Box<dyn Optimizer>,
    goal: Goal,
}

/// What a network shall learn, and by what it is judged.
#[derive(Clone)]
struct Goal {
    loss: Loss,
    metrics: Vec<Metric>,
}

impl Sequential {
    /// A network of the given layers with fresh weights; the same seed gives the same weights.
    ///
    /// # Errors
    /// No layers, an input with a size of 0, or a layer that does not fit the one before it.
    pub fn new(input: Input, layers: Vec<Box<dyn Layer>>, seed: Seed) -> Result<Self> {
        let problem = |expected: &str, got: String, hint: &str| {
            Error::new("Sequential").expected(expected).got(got).hint(hint)
        };
        if input.shape.is_empty() || input.shape.contains(&0) {
            return Err(problem(
                "an input with at least one feature",
                format!("Input({:?})", input.shape),
                "write the number of columns of your data: Input(30)",
            ));
        }
        if layers.is_empty() {
            return Err(problem(
                "at least one layer",
                "none".to_owned(),
                "layers![Dense::new(1)] is the smallest",
            ));
        }
        let mut model = Self {
            input: input.shape,
            layers: Kept::default(),
            seed,
            optimizer: Kept::default(),
            goal: Kept::default(),
            epochs_trained: 0,
            carries_between: None,
        };
        for (number, mut layer) in layers.into_iter().enumerate() {
            let output = layer.build(model.output_shape(), seed.part(number as u64))?;
            let name = model.free_name(layer.name());
            model.layers.push(Placed { layer, name, output });
        }
        Ok(model)
    }

    fn free_name(&self, of_type: &str) -> String {
        let base = of_type.to_lowercase();
        let used = self
            .layers
            .iter()
            .filter(|placed| placed.layer.name() == of_type)
            .count();
        if used == 0 { base } else { format!("{base}_{used}") }
    }

    /// The shape of one sample, without the batch axis.
    pub fn input_shape(&self) -> &[usize] {
        &self.input
    }

    /// The shape of one output, without the batch axis.
    pub fn output_shape(&self) -> &[usize] {
        self.layers.last().map_or(&self.input, |placed| &placed.output)
    }

    /// Says how the network shall learn: with which optimiser, to make which loss small, and what to report
    /// beside it. The loss is always reported.
    ///
    /// # Errors
    /// A loss over classes on a network with fewer than two outputs.
    pub fn compile(
        &mut self,
        optimizer: impl Optimizer + 'static,
        loss: Loss,
        metrics: &[Metric],
    ) -> Result<()> {
        self.compile_with(Box::new(optimizer), loss, metrics)
    }

    fn compile_with(&mut self, optimizer: Box<dyn Optimizer>, loss: Loss, metrics: &[Metric]) -> Result<()> {
        let units = self.output_shape().last().copied().unwrap_or(1);
        let of_classes = matches!(
            loss,
            Loss::CategoricalCrossentropy | Loss::SparseCategoricalCrossentropy
        );
        if of_classes && units < 2 {
            return Err(Error::new("compile")
                .expected(format!("a last layer with a unit for each class, for {loss}"))
                .got(format!("{units} unit"))
                .hint("give the last layer more units, or use Loss::BinaryCrossentropy for one"));
        }
        *self.optimizer = Some(optimizer);
        *self.goal = Some(Goal {
            loss,
            metrics: metrics.to_vec(),
        });
        Ok(())
    }

    /// The outputs for a batch, as in training: recorded for gradients, with dropout at work.
    ///
    /// # Errors
    /// A batch whose samples do not have the network's input shape.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.check_input("forward", x)?;
        self.check_carried("forward", x.shape()[0])?;
        self.pass(x, Mode::Training)
    }

    /// The same with the network's weights as constants: the loss gets gradients for what x was calculated from, and
    /// none are calculated for the weights. As in the step of a generator, which learns through a discriminator
    /// that stays as it is.
    ///
    /// ```
    /// use course_lib::prelude::*;
    ///
    /// let generator = Sequential::new(Input(2), layers![Dense::new(3)], Seed(1))?;
    /// let discriminator = Sequential::new(Input(3), layers![Dense::new(1).activation(Sigmoid)], Seed(2))?;
    /// let fake = generator.forward(&Tensor::ones([4, 2])?)?;
    /// let gradients = discriminator.forward_frozen(&fake)?.mean().backward()?;
    /// // The weights and the bias of the generator, and nothing else.
    /// assert_eq!(gradients.count(), 2);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Sequential::forward`].
    pub fn forward_frozen(&self, x: &Tensor) -> Result<Tensor> {
        self.check_input("forward_frozen", x)?;
        self.check_carried("forward_frozen", x.shape()[0])?;
        x.through_constants(|| self.pass(x, Mode::Training))
    }

    /// The table of layers, output shapes and numbers of parameters that Keras users know.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// The weights under their names, such as `dense.weights` (shape `[inputs, units]`) and `dense.bias`.
    pub fn weights(&self) -> Vec<(String, Tensor)> {
        let named = self.layers.iter().flat_map(|placed| {
            let of_layer = placed.layer.parameters().into_iter();
            of_layer.map(|(name, tensor)| (format!("{}.{name}", placed.name), tensor))
        });
        named.collect()
    }

    /// Replaces one of the [weights](Sequential::weights).
    ///
    /// # Errors
    /// A name that there is not, or values of another shape.
    pub fn set_weights(&mut self, name: &str, values: &Tensor) -> Result<()> {
        let names: Vec<String> = self.weights().into_iter().map(|(name, _)| name).collect();
        let place = names.iter().position(|known| known == name).ok_or_else(|| {
            Error::new("set_weights")
                .expected(format!("one of {}", names.join(", ")))
                .got(name)
                .hint("weights() lists them with their shapes")
        })?;
        let mut weights: Vec<&mut Tensor> = self
            .layers
            .iter_mut()
            .flat_map(|placed| placed.layer.parameters_mut())
            .collect();
        weights[place].assign(values)
    }

    fn pass(&self, x: &Tensor, mode: Mode) -> Result<Tensor> {
        let mut values = x.clone();
        for placed in self.layers.iter() {
            values = placed.layer.forward(&values, mode)?;
        }
        Ok(values)
    }

    fn check_input(&self, operation: &str, x: &Tensor) -> Result<()> {
        if x.rank() > 0 && x.shape()[1..] == self.input {
            return Ok(());
        }
        let mut expected: Vec<String> = self.input.iter().map(usize::to_string).collect();
        expected.insert(0, "rows".to_owned());
        let hint = if x.shape() == self.input {
            "a batch of one row is reshape([1, ..])"
        } else {
            "the model's Input(..) is the number of columns of x"
        };
        Err(Error::new(operation)
            .expected(format!("x of shape [{}]", expected.join(", ")))
            .got(format!("shape {:?}", x.shape()))
            .hint(hint))
    }
}

impl Parameters for Sequential {
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.layers
            .iter_mut()
            .flat_map(|placed| placed.layer.parameters_mut())
            .collect()
    }
}

impl fmt::Display for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.summary(), f)
    }
}

impl fmt::Debug for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for Sequential {
    fn rich(&self) -> Rich {
        self.summary().rich()
    }
}

crate::shows_itself!(Sequential);

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({:?})", self.shape)
    }
}

crate::notebook::shows_in_words!(Input);
