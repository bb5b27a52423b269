//! Dense layers of the lessons, and dropout between them.

use course_lib::prelude::*;
use course_pieces::layer;
use criterion::{Criterion, criterion_group, criterion_main};

fn dense(criterion: &mut Criterion) {
    // Lesson 07's first layer, lesson 08's, and lesson 14's widest.
    for (batch, inputs, units) in [(32, 30, 16), (128, 784, 512), (64, 1024, 784)] {
        let name = format!("dense {inputs}-{units}, batch {batch}");
        let operations = 2 * batch * inputs * units;
        let layers = layers![Dense::new(units).activation(ReLU)];
        layer(criterion, &name, [inputs], batch, operations, layers);
    }
}

fn dropout(criterion: &mut Criterion) {
    layer(
        criterion,
        "dropout 512, batch 128",
        [512],
        128,
        0,
        layers![Dropout::new(0.2)],
    );
}

fn activations(criterion: &mut Criterion) {
    for activation in [ReLU, Sigmoid, Tanh, SELU, GELU] {
        layer(
            criterion,
            &format!("{activation} 512, batch 128"),
            [512],
            128,
            0,
            layers![activation],
        );
    }
}

criterion_group!(benches, dense, dropout, activations);
criterion_main!(benches);
