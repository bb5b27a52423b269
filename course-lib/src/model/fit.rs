//! Training: its options, and what must be right before it starts.

use super::callbacks::Callback;
use super::evaluate::not_compiled;
use super::rows::{Rows, check_data};
use super::{Compiled, Goal, History, Sequential};
use crate::error::{Error, Result};
use crate::losses::class_numbers;
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
#[derive(Debug)]
pub struct Fit<'a> {
    /// How often the network sees all rows. Default: 1, as in Keras.
    pub epochs: usize,
    /// Rows a step; the last batch of an epoch may be smaller. Default: 32.
    pub batch_size: usize,
    /// Inputs and targets to look at after each epoch, never to learn from. Default: none.
    pub validation_data: Option<(&'a Tensor, &'a Tensor)>,
    /// The share of rows, taken from the end, that are kept for validation: 0 to below 1. Default: 0.
    pub validation_split: f32,
    /// Whether each epoch sees the rows in another order. Default: yes. A network with a
    /// [stateful](super::stateful) layer needs them as they are, and says so.
    pub shuffle: bool,
    /// The seed of the shuffling. Default: the model's.
    pub seed: Option<Seed>,
    /// How much a row counts for each class: the weight of class 0, of class 1, .. Default: all 1. Targets are
    /// class numbers or one-hot rows. The loss of a row is multiplied by it, as with Keras' `class_weight`.
    pub class_weights: Option<&'a [f32]>,
    /// How much each row counts: shape `[rows]`. Default: all 1. Together with class weights both are multiplied.
    pub sample_weights: Option<&'a Tensor>,
    /// The longest that all gradients together may be (2-norm); longer ones are made shorter. Default: any.
    pub clip_norm: Option<f32>,
    /// The largest that each gradient may be, in either direction. Default: any.
    pub clip_value: Option<f32>,
    /// What happens beside the learning; see [`callbacks`](super::callbacks). Default: nothing.
    pub callbacks: Vec<Box<dyn Callback + 'a>>,
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
            class_weights: None,
            sample_weights: None,
            clip_norm: None,
            clip_value: None,
            callbacks: Vec::new(),
            verbose: true,
        }
    }
}

/// Rows that were checked.
pub(super) struct Data {
    pub(super) x: Rows,
    pub(super) y: Rows,
    /// How much each row counts.
    pub(super) weights: Option<Rows>,
    pub(super) validation: Option<(Rows, Rows)>,
}

impl Sequential {
    /// Trains the network on inputs x `[rows, ..]` and targets y, and returns what happened in each epoch.
    /// Called again, it goes on from where it is. When it is interrupted, the weights learned so far are kept.
    /// [Stateful](super::stateful) layers carry their states from batch to batch within an epoch.
    ///
    /// # Errors
    /// A model that is not compiled; x and y that do not fit the model or each other, or hold values that are
    /// not numbers; targets that the loss cannot take; options out of range; shuffling or a rest of rows with a
    /// stateful layer; a loss that grows beyond all numbers; an error from a callback; an interrupt.
    pub fn fit(&mut self, x: &Tensor, y: &Tensor, mut options: Fit<'_>) -> Result<History> {
        let (Some(optimizer), Some(goal)) = (self.optimizer.take(), (*self.goal).clone()) else {
            return Err(not_compiled("fit"));
        };
        let mut compiled = Compiled { optimizer, goal };
        let result = self.prepared(&compiled.goal, x, y, &options).and_then(|data| {
            if self.is_stateful() {
                self.carries_between = Some(options.batch_size.min(data.x.count()));
            }
            let trained = self.train(&mut compiled, &data, &mut options);
            // Also after an error in the middle of an epoch.
            self.reset_states();
            trained
        });
        // A callback may have compiled the network anew.
        self.optimizer.get_or_insert(compiled.optimizer);
        result
    }

    /// Everything that can be wrong is found before the first weight changes.
    fn prepared(&self, goal: &Goal, x: &Tensor, y: &Tensor, options: &Fit<'_>) -> Result<Data> {
        let data = self.checked(goal, x, y, options)?;
        let validation = data.validation.as_ref().map(|(x, _)| x.count());
        self.check_stateful(data.x.count(), validation, options)?;
        Ok(data)
    }

    fn checked(&self, goal: &Goal, x: &Tensor, y: &Tensor, options: &Fit<'_>) -> Result<Data> {
        check_options(options)?;
        self.check_pair(goal, x, y)?;
        let weights = row_weights(y, options)?;
        if options.validation_split == 0.0 {
            let validation = match options.validation_data {
                Some((x, y)) => {
                    self.check_pair(goal, x, y)?;
                    Some((Rows::of(x), Rows::of(y)))
                }
                None => None,
            };
            return Ok(Data {
                x: Rows::of(x),
                y: Rows::of(y),
                weights: weights.map(|weights| Rows::of(&weights)),
                validation,
            });
        }
        let rows = x.shape()[0];
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
            weights: weights.map(|weights| part(&weights, 0, kept)).transpose()?,
            validation: Some((part(x, kept, rows)?, part(y, kept, rows)?)),
        })
    }

    fn check_pair(&self, goal: &Goal, x: &Tensor, y: &Tensor) -> Result<()> {
        self.check_input("fit", x)?;
        check_data("fit", x, y)?;
        // Whether the loss takes these targets does not depend on the outputs: ½ is a probability and a number.
        let mut shape = vec![x.shape()[0]];
        shape.extend_from_slice(self.output_shape());
        goal.loss.calculate(&Tensor::full(shape, 0.5)?, y).map(|_| ())
    }
}

/// The weight of each row, by its class and by itself.
fn row_weights(y: &Tensor, options: &Fit<'_>) -> Result<Option<Tensor>> {
    let rows = y.shape()[0];
    let mut weights = match options.class_weights {
        None if options.sample_weights.is_none() => return Ok(None),
        None => vec![1.0; rows],
        Some(of_class) => {
            let classes = match y.shape() {
                [_, classes] if *classes > 1 && *classes == of_class.len() => y.argmax()?,
                _ => class_numbers("class_weights", y, &[rows], of_class.len())?,
            };
            classes.into_iter().map(|class| of_class[class]).collect()
        }
    };
    if let Some(of_row) = options.sample_weights {
        if of_row.count() != rows {
            return Err(Error::new("fit")
                .expected(format!("{rows} sample_weights, one for each row"))
                .got(format!("shape {:?}", of_row.shape()))
                .hint("make them from the same rows as x and y"));
        }
        for (weight, other) in weights.iter_mut().zip(of_row.values().iter()) {
            *weight *= other;
        }
    }
    if let Some(weight) = weights
        .iter()
        .find(|weight| !(**weight >= 0.0 && weight.is_finite()))
    {
        return Err(Error::new("fit")
            .expected("weights from 0 on")
            .got(format!("a weight of {weight}"))
            .hint("1 is the weight of a row that counts as usual"));
    }
    Tensor::from_vec(weights, [rows]).map(Some)
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
    for (name, most) in [
        ("clip_norm", options.clip_norm),
        ("clip_value", options.clip_value),
    ] {
        if let Some(most) = most.filter(|most| !(*most > 0.0 && most.is_finite())) {
            let got = format!("{name}: Some({most})");
            return problem("a bound above 0", got, "1.0 is usual for a norm, 0.5 for values");
        }
    }
    if split > 0.0 && options.validation_data.is_some() {
        let got = "validation_data and validation_split".to_owned();
        return problem("one kind of validation", got, "leave out one of the two");
    }
    Ok(())
}

crate::notebook::shows_options!(Fit<'_> {
    epochs, batch_size, validation_split, shuffle, seed, clip_norm, clip_value, verbose
});
