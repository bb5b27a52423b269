//! Training: epochs of shuffled batches, each a forward pass, a loss, its gradients and a step.

use std::time::Instant;

use super::evaluate::not_compiled;
use super::progress::Progress;
use super::rows::{Rows, check_data};
use super::{Compiled, History, Score, Sequential};
use crate::error::{Error, Kind, Result};
use crate::layers::Mode;
use crate::notebook::interrupted;
use crate::random::Seed;
use crate::tensor::Tensor;

/// How to train; every option has a default.
///
/// ```
/// use course_lib::model::Fit;
///
/// let options = Fit { epochs: 60, batch_size: 16, ..Fit::default() };
/// assert!(options.shuffle);
/// ```
#[derive(Debug, Clone)]
pub struct Fit<'a> {
    /// How often the network sees all rows. Default: 1, as in Keras.
    pub epochs: usize,
    /// Rows a step; the last batch of an epoch may be smaller. Default: 32.
    pub batch_size: usize,
    /// Inputs and targets to look at after each epoch, never to learn from. Default: none.
    pub validation_data: Option<(&'a Tensor, &'a Tensor)>,
    /// The share of rows, taken from the end, that are kept for validation: 0 to below 1. Default: 0.
    pub validation_split: f32,
    /// Whether each epoch sees the rows in another order. Default: yes.
    pub shuffle: bool,
    /// The seed of the shuffling. Default: the model's.
    pub seed: Option<Seed>,
    /// Whether progress is shown. Default: yes.
    pub verbose: bool,
}

impl Default for Fit<'_> {
    fn default() -> Self {
        Self {
            epochs: 1,
            batch_size: 32,
            validation_data: None,
            validation_split: 0.0,
            shuffle: true,
            seed: None,
            verbose: true,
        }
    }
}

/// Rows that were checked.
struct Data {
    x: Rows,
    y: Rows,
    validation: Option<(Rows, Rows)>,
}

impl Sequential {
    /// Trains the network on inputs x `[rows, ..]` and targets y, and returns what happened in each epoch.
    /// Called again, it goes on from where it is. When it is interrupted, the weights learned so far are kept.
    ///
    /// # Errors
    /// A model that is not compiled; x and y that do not fit the model or each other, or hold values that are
    /// not numbers; targets that the loss cannot take; options out of range; a loss that grows beyond all
    /// numbers; an interrupt.
    pub fn fit(&mut self, x: &Tensor, y: &Tensor, options: Fit<'_>) -> Result<History> {
        let Some(mut compiled) = self.compiled.take() else {
            return Err(not_compiled("fit"));
        };
        let result = self
            .prepared(&compiled, x, y, &options)
            .and_then(|data| self.train(&mut compiled, &data, &options));
        self.compiled = Some(compiled);
        result
    }

    /// Everything that can be wrong is found before the first weight changes.
    fn prepared(&self, compiled: &Compiled, x: &Tensor, y: &Tensor, options: &Fit<'_>) -> Result<Data> {
        check_options(options)?;
        self.check_pair(compiled, x, y)?;
        let rows = x.shape()[0];
        if let Some((x_val, y_val)) = options.validation_data {
            self.check_pair(compiled, x_val, y_val)?;
            let validation = Some((Rows::of(x_val), Rows::of(y_val)));
            return Ok(Data {
                x: Rows::of(x),
                y: Rows::of(y),
                validation,
            });
        }
        if options.validation_split == 0.0 {
            return Ok(Data {
                x: Rows::of(x),
                y: Rows::of(y),
                validation: None,
            });
        }
        // The nearest `f32` to 0.2 is a hair above it: 0.8 of 455 rows must stay 364, as in Keras.
        let share = 1.0 - f64::from(options.validation_split) + f64::from(f32::EPSILON);
        let kept = (rows as f64 * share).floor() as usize;
        if kept == 0 || kept == rows {
            return Err(Error::new("fit")
                .expected("at least one row to learn from and one for validation")
                .got(format!(
                    "{rows} rows and a validation_split of {}",
                    options.validation_split
                ))
                .hint("give more rows, or validation_data of its own"));
        }
        let part =
            |tensor: &Tensor, from: usize, to: usize| tensor.rows(from..to).map(|part| Rows::of(&part));
        Ok(Data {
            x: part(x, 0, kept)?,
            y: part(y, 0, kept)?,
            validation: Some((part(x, kept, rows)?, part(y, kept, rows)?)),
        })
    }

    fn check_pair(&self, compiled: &Compiled, x: &Tensor, y: &Tensor) -> Result<()> {
        self.check_input("fit", x)?;
        check_data("fit", x, y)?;
        // Whether the loss takes these targets does not depend on the outputs: ½ is a probability and a number.
        let mut shape = vec![x.shape()[0]];
        shape.extend_from_slice(self.output_shape());
        compiled.loss.calculate(&Tensor::full(shape, 0.5)?, y).map(|_| ())
    }

    fn train(&mut self, compiled: &mut Compiled, data: &Data, options: &Fit<'_>) -> Result<History> {
        let batches = data.x.count().div_ceil(options.batch_size);
        let mut progress = Progress::new(options.verbose, options.epochs, batches);
        let mut history = History::default();
        for _ in 0..options.epochs {
            let started = Instant::now();
            let order = self.order(data.x.count(), options);
            let trained = match self.epoch(compiled, data, &order, options, &history, &mut progress) {
                Ok(trained) => trained,
                Err(error) => {
                    progress.finish(&history, error.kind() == Kind::Interrupted);
                    return Err(error);
                }
            };
            let mut entries: Vec<(String, f32)> = trained
                .entries()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            if let Some((x, y)) = &data.validation {
                let score = self.score(compiled, x, y)?;
                entries.extend(
                    score
                        .entries()
                        .into_iter()
                        .map(|(name, value)| (format!("val_{name}"), value)),
                );
            }
            history.push(started.elapsed().as_secs_f32(), entries);
            self.epochs_trained += 1;
        }
        progress.finish(&history, false);
        Ok(history)
    }

    fn order(&self, rows: usize, options: &Fit<'_>) -> Vec<usize> {
        if options.shuffle {
            // Apart from the seeds of the layers' weights.
            let seed = options
                .seed
                .unwrap_or(self.seed)
                .part(u64::MAX)
                .part(self.epochs_trained);
            seed.stream().permutation(rows)
        } else {
            (0..rows).collect()
        }
    }

    /// One pass over all rows: the mean loss and the metrics of the outputs as they were while learning.
    fn epoch(
        &mut self,
        compiled: &mut Compiled,
        data: &Data,
        order: &[usize],
        options: &Fit<'_>,
        history: &History,
        progress: &mut Progress,
    ) -> Result<Score> {
        let mut total = 0.0;
        let mut seen = 0;
        let mut outputs = Vec::new();
        for (number, rows) in order.chunks(options.batch_size).enumerate() {
            if interrupted() {
                return Err(Error::interrupted("fit"));
            }
            let (x, y) = (data.x.pick(rows)?, data.y.pick(rows)?);
            let output = self.pass(&x, Mode::Training)?;
            let loss = compiled.loss.calculate(&output, &y)?;
            let value = loss.item()?;
            if !value.is_finite() {
                return Err(diverged(value, history.epochs() + 1, number + 1));
            }
            let gradients = loss.backward()?;
            compiled.optimizer.step(self, &gradients)?;
            total += f64::from(value) * rows.len() as f64;
            seen += rows.len();
            if !compiled.metrics.is_empty() {
                outputs.extend(output.to_vec());
            }
            progress.batch(history, number + 1, || (total / seen as f64) as f32);
        }
        let loss = (total / order.len() as f64) as f32;
        if compiled.metrics.is_empty() {
            return Ok(Score::new(loss, Vec::new()));
        }
        let (outputs, targets) = (self.shaped_as_outputs(outputs)?, data.y.pick(order)?);
        let metrics = compiled.metrics.iter();
        let metrics = metrics.map(|metric| Ok((metric.name(), metric.calculate(&outputs, &targets)?)));
        Ok(Score::new(loss, metrics.collect::<Result<_>>()?))
    }
}

fn check_options(options: &Fit<'_>) -> Result<()> {
    let problem = |expected: &str, got: String, hint: &str| {
        Err(Error::new("fit").expected(expected).got(got).hint(hint))
    };
    if options.epochs == 0 {
        return problem(
            "at least 1 epoch",
            "epochs: 0".to_owned(),
            "10 to 100 are usual for small data",
        );
    }
    if options.batch_size == 0 {
        return problem(
            "at least 1 row a batch",
            "batch_size: 0".to_owned(),
            "32 is usual",
        );
    }
    let split = options.validation_split;
    if !(0.0..1.0).contains(&split) {
        let got = format!("validation_split: {split}");
        return problem(
            "a share from 0 to below 1",
            got,
            "0.2 keeps one row in five for validation",
        );
    }
    if split > 0.0 && options.validation_data.is_some() {
        let got = "validation_data and validation_split".to_owned();
        return problem("one kind of validation", got, "leave out one of the two");
    }
    Ok(())
}

fn diverged(loss: f32, epoch: usize, batch: usize) -> Error {
    Error::new("fit")
        .expected("a loss that stays a number")
        .got(format!("{loss} in epoch {epoch}, batch {batch}"))
        .hint("lower the learning rate, or scale the inputs to mean 0 and standard deviation 1")
}
