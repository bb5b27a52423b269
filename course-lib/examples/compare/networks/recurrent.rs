//! Networks for sequences: lessons 10 and 11.

use course_lib::prelude::*;

use super::metric;
use crate::Outcome;
use crate::task::Task;
use crate::trainee::{Measure, Supervised, Trainee, Translator};

/// A sequence gives the value after it, or one that is hidden in it; the error is in the unit of the series.
pub fn next_value(task: &Task, recurrent: Box<dyn Layer>) -> Outcome<Box<dyn Trainee>> {
    let of = metric(Metric::RootMeanSquaredError, task.array("scale")?.item()?);
    one_value(task, recurrent, of)
}

/// The forecast is a scaled change of the logarithm; the error is in thousands of passengers.
pub fn airline_improved(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let (mean, scale) = (task.array("mean")?.item()?, task.array("scale")?.item()?);
    let (before, truth) = (task.array("before")?, task.array("truth")?);
    let of: Measure = Box::new(move |output, _| {
        let passengers = undo_log(&(&before + (output * scale + mean))?)?;
        Ok(Metric::RootMeanSquaredError.calculate(&passengers, &truth)?)
    });
    one_value(task, Box::new(LSTM::new(16)), of)
}

/// One value, repeated at each step, gives a sequence; the error is in metres.
pub fn thrower(task: &Task, recurrent: Box<dyn Layer>) -> Outcome<Box<dyn Trainee>> {
    let layers: Vec<Box<dyn Layer>> = vec![
        Box::new(RepeatVector::new(20)),
        recurrent,
        Box::new(Dense::new(1)),
    ];
    let model = Sequential::new(Input([1]), layers, task.seed)?;
    let of = metric(Metric::MeanAbsoluteError, task.array("scale")?.item()?);
    Supervised::boxed(task, model, Loss::MeanSquaredError, of)
}

/// Reads a sum and writes the answer.
pub fn adder(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let head = Dense::new(12).activation(Softmax);
    let (encoder, decoder) = (LSTM::new(64), LSTM::new(64));
    let model = Seq2Seq::new(Input([5, 12]), encoder, decoder, 3, head, task.seed)?;
    Ok(Box::new(Translator::new(task, model)?))
}

fn one_value(task: &Task, recurrent: Box<dyn Layer>, of: Measure) -> Outcome<Box<dyn Trainee>> {
    let x = task.array("x_train")?;
    let input = Input([x.shape()[1], x.shape()[2]]);
    let model = Sequential::new(input, vec![recurrent, Box::new(Dense::new(1))], task.seed)?;
    Supervised::boxed(task, model, Loss::MeanSquaredError, of)
}
