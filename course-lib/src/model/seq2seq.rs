//! Sequence to sequence: an encoder reads a sequence into its last state, a decoder writes another from there.
//!
//! state = encoder(x); y(t), state = head(decoder(y(t-1), state)), with y(0) = 0.
//!
//! In training the decoder is fed the true y(t-1) ("teacher forcing": Williams, Zipser 1989); in use it is fed what it
//! said itself: where the head ends in a softmax, 1 for the most probable class and 0 for the others.
//!
//! | | shape |
//! | --- | --- |
//! | x | `[batch, steps in, features]` |
//! | y | `[batch, steps out, targets]`; for classes, 1 at the right one and 0 at the others |
//!
//! Source: Sutskever, Vinyals, Le 2014; Cho and others 2014. Without teacher forcing a [`Sequential`] does, with
//! [`RepeatVector`](crate::layers::RepeatVector) between two recurrent layers.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! // Says the two numbers that it heard the other way round.
//! let x = Tensor::uniform([64, 2, 1], 0.0, 1.0, Seed(1))?;
//! let y = x.to_vec().chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
//! let y = Tensor::from_vec(y, [64, 2, 1])?;
//!
//! let (encoder, decoder) = (GRU::new(12), GRU::new(12));
//! let mut model = Seq2Seq::new(Input([2, 1]), encoder, decoder, 2, Dense::new(1), Seed(7))?;
//! model.compile(Adam { learning_rate: 0.01, ..Adam::default() }, Loss::MeanSquaredError, &[])?;
//! model.fit(&x, &y, Fit { epochs: 30, verbose: false, ..Fit::default() })?;
//! assert_eq!(model.predict(&x)?.shape(), [64, 2, 1]);
//! # Ok::<(), Error>(())
//! ```

mod save;

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use super::{Fit, History, Input, Score, Sequential, Summary};
use crate::error::{Error, Result};
use crate::layers::{Config, Dense, Layer, Mode, Recurrent};
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::notebook::{Rich, Show};
use crate::optimizers::{Optimizer, Parameters};
use crate::random::Seed;
use crate::tensor::Tensor;

/// An encoder and a decoder; see the [module](self).
pub struct Seq2Seq {
    /// One layer, so that training is that of any network. Its input is a row of x and, after it, what the decoder is
    /// fed.
    pub(super) model: Sequential,
    pub(super) x: [usize; 2],
    pub(super) y: [usize; 2],
    free_running: Rc<Cell<bool>>,
    /// Type and options of encoder, decoder and head, from which a saved model is built again.
    pub(super) parts: [(String, Option<Config>); 3],
}

impl Seq2Seq {
    /// A model with fresh weights for sequences of the shape `[steps in, features]`, which writes `steps` steps. The
    /// head makes each output of a state of the decoder; it has as many units as a step of y has values.
    ///
    /// # Errors
    /// An input that is not a sequence, no steps to write, encoder and decoder of different size or kind, stateful
    /// ones, or options that one of them cannot work with.
    pub fn new(
        input: Input,
        encoder: impl Recurrent + 'static,
        decoder: impl Recurrent + 'static,
        steps: usize,
        head: Dense,
        seed: Seed,
    ) -> Result<Self> {
        Self::of(input, Box::new(encoder), Box::new(decoder), steps, head, seed)
    }

    /// The same for layers whose type is known at run time only.
    pub(super) fn of(
        input: Input,
        encoder: Box<dyn Recurrent>,
        decoder: Box<dyn Recurrent>,
        steps: usize,
        head: Dense,
        seed: Seed,
    ) -> Result<Self> {
        let problem = |expected: &str, got: String, hint: &str| {
            Err(Error::new("Seq2Seq").expected(expected).got(got).hint(hint))
        };
        let &[steps_in, features] = input.shape.as_slice() else {
            let got = format!("Input({:?})", input.shape);
            return problem(
                "an input of shape [steps, features]",
                got,
                "write Input([steps, 1]) for one number a step",
            );
        };
        if steps == 0 {
            return problem(
                "at least 1 step to write",
                "0 steps".to_owned(),
                "give the number of steps of y",
            );
        }
        if (encoder.name(), encoder.units()) != (decoder.name(), decoder.units()) {
            let kinds = [
                (encoder.name(), encoder.units()),
                (decoder.name(), decoder.units()),
            ];
            let [own, other] = kinds.map(|(name, units)| format!("{name}::new({units})"));
            return problem(
                "an encoder and a decoder of the same kind and size, since the decoder goes on from the encoder's state",
                format!("{own} and {other}"),
                "write the same layer twice",
            );
        }
        for layer in [&encoder, &decoder] {
            if layer.carried_rows().is_some() {
                return problem(
                    "an encoder and a decoder that begin each sequence afresh",
                    format!("{} with stateful(true)", layer.name()),
                    "leave stateful(true) out; a stateful layer works in a Sequential",
                );
            }
        }
        let free_running = Rc::new(Cell::new(false));
        let (x, y) = ([steps_in, features], [steps, head.units()]);
        let part = |layer: &dyn Layer| (layer.name().to_owned(), layer.config());
        let parts = [part(&*encoder), part(&*decoder), part(&head)];
        let layer = EncoderDecoder {
            encoder,
            decoder,
            head,
            x,
            y,
            free_running: Rc::clone(&free_running),
        };
        let width = steps_in * features + y[0] * y[1];
        let model = Sequential::new(Input(width), vec![Box::new(layer)], seed)?;
        Ok(Self {
            model,
            x,
            y,
            free_running,
            parts,
        })
    }

    /// Says how the model shall learn, as [`Sequential::compile`].
    ///
    /// # Errors
    /// As there.
    pub fn compile(
        &mut self,
        optimizer: impl Optimizer + 'static,
        loss: Loss,
        metrics: &[Metric],
    ) -> Result<()> {
        self.model.compile(optimizer, loss, metrics)
    }

    /// Trains with teacher forcing, as [`Sequential::fit`]; so validation has the true steps before each one as well.
    ///
    /// # Errors
    /// As there, and x or y of another shape than the model's.
    pub fn fit(&mut self, x: &Tensor, y: &Tensor, options: Fit<'_>) -> Result<History> {
        let fed = self.fed(x, y)?;
        let validation = match options.validation_data {
            Some((x, y)) => Some((self.fed(x, y)?, y)),
            None => None,
        };
        let validation_data = validation.as_ref().map(|(x, y)| (x, *y));
        self.model.fit(
            &fed,
            y,
            Fit {
                validation_data,
                ..options
            },
        )
    }

    /// What the model says of each sequence of x, `[rows, steps, targets]`, each step after what it said before.
    ///
    /// # Errors
    /// An x of another shape than the model's, or with values that are not numbers.
    pub fn predict(&self, x: &Tensor) -> Result<Tensor> {
        let fed = self.unfed(x)?;
        self.free(|| self.model.predict(&fed))
    }

    /// The loss and the metrics on data, with the model in use: it is fed what it said itself.
    ///
    /// # Errors
    /// As [`Seq2Seq::predict`], and as [`Sequential::evaluate`].
    pub fn evaluate(&self, x: &Tensor, y: &Tensor) -> Result<Score> {
        check_sequences("y", y, self.y)?;
        let fed = self.unfed(x)?;
        self.free(|| self.model.evaluate(&fed, y))
    }

    /// The table of the model's layer with its output shape and number of parameters.
    pub fn summary(&self) -> Summary {
        self.model.summary()
    }

    fn free<T>(&self, work: impl FnOnce() -> T) -> T {
        self.free_running.set(true);
        let result = work();
        self.free_running.set(false);
        result
    }

    /// Rows of x beside the steps of y but the last, behind a first one of zeros.
    fn fed(&self, x: &Tensor, y: &Tensor) -> Result<Tensor> {
        check_sequences("x", x, self.x)?;
        check_sequences("y", y, self.y)?;
        if x.shape().first() != y.shape().first() {
            return Err(Error::new("Seq2Seq")
                .expected(format!("as many sequences in y as in x, {}", x.shape()[0]))
                .got(format!("y of shape {:?}", y.shape()))
                .hint("split x and y together, so that their rows stay together"));
        }
        let [steps, targets] = self.y;
        self.beside(
            x,
            |row, fed| {
                fed.extend(std::iter::repeat_n(0.0, targets));
                fed.extend_from_slice(&row[..(steps - 1) * targets]);
            },
            &y.values(),
        )
    }

    /// Rows of x beside zeros.
    fn unfed(&self, x: &Tensor) -> Result<Tensor> {
        check_sequences("x", x, self.x)?;
        let zeros = Tensor::zeros([x.shape()[0], self.y[0], self.y[1]])?;
        self.fed(x, &zeros)
    }

    fn beside(&self, x: &Tensor, write: impl Fn(&[f32], &mut Vec<f32>), y: &[f32]) -> Result<Tensor> {
        let [own, other] = [self.x, self.y].map(|[steps, values]| steps * values);
        let x = x.values();
        let mut rows = Vec::with_capacity(x.len() + y.len());
        for (x, y) in x.chunks_exact(own).zip(y.chunks_exact(other)) {
            rows.extend_from_slice(x);
            write(y, &mut rows);
        }
        let count = rows.len() / (own + other);
        Tensor::from_vec(rows, [count, own + other])
    }
}

fn check_sequences(name: &str, tensor: &Tensor, [steps, values]: [usize; 2]) -> Result<()> {
    if matches!(*tensor.shape(), [_, own_steps, own] if [own_steps, own] == [steps, values]) {
        return Ok(());
    }
    Err(Error::new("Seq2Seq")
        .expected(format!("{name} of shape [rows, {steps}, {values}]"))
        .got(format!("shape {:?}", tensor.shape()))
        .hint("give the model the shapes of your data, or reshape them"))
}

impl Parameters for Seq2Seq {
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.model.parameters_mut()
    }
}

impl fmt::Display for Seq2Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.model, f)
    }
}

impl fmt::Debug for Seq2Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for Seq2Seq {
    fn rich(&self) -> Rich {
        self.model.rich()
    }
}

crate::shows_itself!(Seq2Seq);

/// Both networks as one layer of a [`Sequential`].
#[derive(Debug)]
struct EncoderDecoder {
    encoder: Box<dyn Recurrent>,
    decoder: Box<dyn Recurrent>,
    head: Dense,
    x: [usize; 2],
    y: [usize; 2],
    free_running: Rc<Cell<bool>>,
}

impl EncoderDecoder {
    /// Each step is fed what the one before said.
    fn speak(&self, encoded: &Tensor, mode: Mode) -> Result<Tensor> {
        let (rows, [steps, targets]) = (encoded.shape()[0], self.y);
        let (_, mut state) = self.encoder.forward_with_state(encoded, None)?;
        let mut before = Tensor::zeros([rows, 1, targets])?;
        let mut said = Vec::with_capacity(steps);
        for _ in 0..steps {
            let (hidden, next) = self.decoder.forward_with_state(&before, Some(&state))?;
            let output = self.head.forward(&hidden, mode)?;
            before = match self.head.ends_in_softmax() {
                true => most_probable(&output, targets)?,
                false => output.clone(),
            };
            said.push(output);
            state = next;
        }
        Tensor::concatenate(&said.iter().collect::<Vec<_>>(), 1)
    }
}

/// 1 for the most probable class of each row, 0 for the others.
fn most_probable(output: &Tensor, classes: usize) -> Result<Tensor> {
    let mut values = output.to_vec();
    for row in values.chunks_exact_mut(classes) {
        let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let best = row.iter().position(|value| *value == highest);
        for (class, value) in row.iter_mut().enumerate() {
            *value = if Some(class) == best { 1.0 } else { 0.0 };
        }
    }
    Tensor::from_vec(values, output.shape())
}

impl Layer for EncoderDecoder {
    fn name(&self) -> &str {
        "EncoderDecoder"
    }

    fn build(&mut self, _: &[usize], seed: Seed) -> Result<Vec<usize>> {
        let [steps, targets] = self.y;
        self.encoder.build(&self.x, seed.part(0))?;
        self.decoder.build(&[steps, targets], seed.part(1))?;
        self.head.build(&[steps, self.decoder.units()], seed.part(2))
    }

    fn forward(&self, input: &Tensor, mode: Mode) -> Result<Tensor> {
        let [own, other] = [self.x, self.y].map(|[steps, values]| steps * values);
        let values = input.values();
        let rows = values.len() / (own + other);
        // What belongs to x, or to what the decoder is fed.
        let part = |start: usize, [steps, width]: [usize; 2]| {
            let rows_of = values.chunks_exact(own + other);
            let part = rows_of.flat_map(|row| row[start..start + steps * width].iter().copied());
            Tensor::from_vec(part.collect(), [rows, steps, width])
        };
        let encoded = part(0, self.x)?;
        if self.free_running.get() {
            return self.speak(&encoded, mode);
        }
        let (_, state) = self.encoder.forward_with_state(&encoded, None)?;
        let (hidden, _) = self
            .decoder
            .forward_with_state(&part(own, self.y)?, Some(&state))?;
        self.head.forward(&hidden, mode)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        const NAMES: [&str; 8] = [
            "encoder_kernel",
            "encoder_recurrent_kernel",
            "encoder_bias",
            "decoder_kernel",
            "decoder_recurrent_kernel",
            "decoder_bias",
            "head_weights",
            "head_bias",
        ];
        let recurrent = [&self.encoder, &self.decoder]
            .into_iter()
            .flat_map(|layer| layer.parameters());
        let all = recurrent.chain(self.head.parameters());
        NAMES.into_iter().zip(all.map(|(_, weights)| weights)).collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        let mut weights = self.encoder.parameters_mut();
        weights.extend(self.decoder.parameters_mut());
        weights.extend(self.head.parameters_mut());
        weights
    }
}
