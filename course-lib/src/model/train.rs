//! The loop of a training: epochs of shuffled batches, each a forward pass, a loss, its gradients and a step.

use std::time::Instant;

use super::callbacks::{Callback, Training};
use super::evaluate::{check_interrupt, metrics_of};
use super::fit::{Data, Fit};
use super::progress::Progress;
use super::{Compiled, History, Score, Sequential};
use crate::error::{Error, Kind, Result};
use crate::layers::Mode;

/// Something that all callbacks are told of.
type Event = fn(&mut (dyn Callback + '_), &mut Training<'_>) -> Result<()>;

/// What a training has come to.
#[derive(Default)]
struct Course {
    history: History,
    /// The names of the values of an epoch.
    names: Vec<String>,
    /// The values of the epoch that has just ended.
    entries: Vec<(String, f32)>,
    /// Why a callback ended the training.
    stop: Option<String>,
}

impl Sequential {
    pub(super) fn train(
        &mut self,
        compiled: &mut Compiled,
        data: &Data,
        options: &mut Fit<'_>,
    ) -> Result<History> {
        let batches = data.x.count().div_ceil(options.batch_size);
        let mut progress = Progress::new(options.verbose, options.epochs, batches);
        let mut course = Course::default();
        let metrics = compiled.goal.metrics.iter().map(|metric| metric.name());
        let names: Vec<&str> = ["loss"].into_iter().chain(metrics).collect();
        course.names = names.iter().map(|name| (*name).to_owned()).collect();
        if data.validation.is_some() {
            course
                .names
                .extend(names.iter().map(|name| format!("val_{name}")));
        }
        let ended = self.epochs(compiled, data, options, &mut course, &mut progress);
        let (history, stop) = (course.history, course.stop);
        match ended {
            Ok(()) => progress.finish(&history, stop.map(|reason| format!("stopped: {reason}"))),
            Err(error) => {
                let interrupted = error.kind() == Kind::Interrupted;
                progress.finish(&history, interrupted.then(|| "interrupted".to_owned()));
                return Err(error);
            }
        }
        Ok(history)
    }

    fn epochs(
        &mut self,
        compiled: &mut Compiled,
        data: &Data,
        options: &mut Fit<'_>,
        course: &mut Course,
        progress: &mut Progress,
    ) -> Result<()> {
        self.tell(compiled, options, course, |callback, training| {
            callback.on_train_begin(training)
        })?;
        for _ in 0..options.epochs {
            let started = Instant::now();
            course.entries.clear();
            self.tell(compiled, options, course, |callback, training| {
                callback.on_epoch_begin(training)
            })?;
            let order = self.order(data.x.count(), options);
            // A stateful network begins each pass over rows with their first ones.
            self.reset_states();
            let trained = self.epoch(compiled, data, &order, options, &course.history, progress)?;
            self.reset_states();
            let validated = match &data.validation {
                Some((x, y)) => Some(self.score("fit", &compiled.goal, x, y)?),
                None => None,
            };
            self.reset_states();
            let values = [Some(trained), validated].into_iter().flatten();
            let values = values.flat_map(|score| score.into_values());
            course.entries = course.names.iter().cloned().zip(values).collect();
            self.tell(compiled, options, course, |callback, training| {
                callback.on_epoch_end(training)
            })?;
            let entries = std::mem::take(&mut course.entries);
            course.history.push(started.elapsed().as_secs_f32(), entries);
            self.epochs_trained += 1;
            if course.stop.is_some() {
                break;
            }
        }
        self.tell(compiled, options, course, |callback, training| {
            callback.on_train_end(training)
        })
    }

    fn tell(
        &mut self,
        compiled: &mut Compiled,
        options: &mut Fit<'_>,
        course: &mut Course,
        event: Event,
    ) -> Result<()> {
        let mut training = Training {
            model: self,
            optimizer: &mut *compiled.optimizer,
            history: &course.history,
            names: &course.names,
            entries: &mut course.entries,
            epochs: options.epochs,
            stop: &mut course.stop,
        };
        let mut callbacks = options.callbacks.iter_mut();
        callbacks.try_for_each(|callback| event(&mut **callback, &mut training))
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
            check_interrupt("fit")?;
            let (x, y) = (data.x.pick(rows)?, data.y.pick(rows)?);
            let output = self.pass(&x, Mode::Training)?;
            let loss = match &data.weights {
                Some(weights) => compiled
                    .goal
                    .loss
                    .calculate_weighted(&output, &y, &weights.pick(rows)?)?,
                None => compiled.goal.loss.calculate(&output, &y)?,
            };
            let value = loss.item()?;
            if !value.is_finite() {
                return Err(diverged(value, history.epochs() + 1, number + 1));
            }
            let mut gradients = loss.backward()?;
            if let Some(most) = options.clip_value {
                gradients = gradients.clipped_by_value(most)?;
            }
            if let Some(most) = options.clip_norm {
                gradients = gradients.clipped_by_norm(most)?;
            }
            compiled.optimizer.step(self, &gradients)?;
            total += f64::from(value) * rows.len() as f64;
            seen += rows.len();
            if !compiled.goal.metrics.is_empty() {
                outputs.extend_from_slice(&output.values());
            }
            progress.batch(history, number + 1, || (total / seen as f64) as f32);
        }
        let loss = (total / order.len() as f64) as f32;
        if compiled.goal.metrics.is_empty() {
            return Ok(Score::new(loss, Vec::new()));
        }
        let (outputs, targets) = (self.shaped_as_outputs(outputs)?, data.y.pick(order)?);
        Ok(Score::new(
            loss,
            metrics_of("fit", &compiled.goal, &outputs, &targets)?,
        ))
    }
}

fn diverged(loss: f32, epoch: usize, batch: usize) -> Error {
    Error::new("fit")
        .expected("a loss that stays a number")
        .got(format!("{loss} in epoch {epoch}, batch {batch}"))
        .hint("lower the learning rate, or scale the inputs to mean 0 and standard deviation 1")
}
