//! The networks, a function each, as the lessons write them.

mod adversarial;
mod recurrent;
mod supervised;

use course_lib::prelude::*;

use crate::Outcome;
use crate::task::Task;
use crate::trainee::{Measure, Trainee};

type Network = fn(&Task) -> Outcome<Box<dyn Trainee>>;

/// The network that `benches/networks.py` calls so, if this side has it.
pub fn by_name(name: &str) -> Option<Network> {
    Some(match name {
        "breast-cancer" => supervised::breast_cancer,
        "auto-mpg" => supervised::auto_mpg,
        "mnist-mlp" => supervised::mnist_mlp,
        "mnist-cnn" => supervised::mnist_cnn,
        "airline-lstm" => |task| recurrent::next_value(task, Box::new(LSTM::new(4))),
        "airline-improved" => recurrent::airline_improved,
        "sequence-lstm" => |task| recurrent::next_value(task, Box::new(LSTM::new(64))),
        "adding-rnn" | "series-rnn" => |task| recurrent::next_value(task, Box::new(SimpleRNN::new(16))),
        "adding-lstm" | "series-lstm" => |task| recurrent::next_value(task, Box::new(LSTM::new(16))),
        "adding-gru" | "series-gru" => |task| recurrent::next_value(task, Box::new(GRU::new(16))),
        "thrower-rnn" => |task| recurrent::thrower(task, Box::new(SimpleRNN::new(24).return_sequences(true))),
        "thrower-lstm" => |task| recurrent::thrower(task, Box::new(LSTM::new(24).return_sequences(true))),
        "thrower-gru" => |task| recurrent::thrower(task, Box::new(GRU::new(24).return_sequences(true))),
        "adder" => recurrent::adder,
        "gan-normal" => adversarial::normal_vectors,
        "gan-line" => adversarial::line_points,
        "gan-mnist" => adversarial::digits,
        "dcgan" => adversarial::dcgan,
        "gan-conditional" => adversarial::digits_as_asked,
        "gan-table" => adversarial::table,
        _ => return None,
    })
}

/// A metric in another unit: `scale` of it are one of the network's.
fn metric(metric: Metric, scale: f32) -> Measure {
    Box::new(move |output, y| Ok(scale * metric.calculate(output, y)?))
}
