//! Networks of dense and convolutional layers: lessons 06 to 09.

use course_lib::prelude::*;

use super::metric;
use crate::Outcome;
use crate::task::Task;
use crate::trainee::{Supervised, Trainee};

pub fn breast_cancer(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(16).activation(ReLU),
        Dense::new(8).activation(ReLU),
        Dense::new(1).activation(Sigmoid),
    ];
    let model = Sequential::new(Input(30), layers, task.seed)?;
    let of = metric(Metric::Accuracy, 1.0);
    Supervised::boxed(task, model, Loss::BinaryCrossentropy, of)
}

pub fn auto_mpg(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(64).activation(ReLU),
        Dense::new(64).activation(ReLU),
        Dense::new(1),
    ];
    let model = Sequential::new(Input(9), layers, task.seed)?;
    let of = metric(Metric::MeanAbsoluteError, 1.0);
    Supervised::boxed(task, model, Loss::MeanSquaredError, of)
}

pub fn mnist_mlp(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Dense::new(512).activation(ReLU),
        Dropout::new(0.2),
        Dense::new(512).activation(ReLU),
        Dropout::new(0.2),
        Dense::new(10).activation(Softmax),
    ];
    classifier(task, Sequential::new(Input(784), layers, task.seed)?)
}

pub fn mnist_cnn(task: &Task) -> Outcome<Box<dyn Trainee>> {
    let layers = layers![
        Conv2D::new(32, 3).activation(ReLU),
        MaxPooling2D::new(2),
        Conv2D::new(64, 3).activation(ReLU),
        MaxPooling2D::new(2),
        Flatten::new(),
        Dropout::new(0.4),
        Dense::new(10).activation(Softmax),
    ];
    classifier(task, Sequential::new(Input([1, 28, 28]), layers, task.seed)?)
}

/// A classifier of ten digits.
fn classifier(task: &Task, model: Sequential) -> Outcome<Box<dyn Trainee>> {
    let of = metric(Metric::Accuracy, 1.0);
    Supervised::boxed(task, model, Loss::SparseCategoricalCrossentropy, of)
}
