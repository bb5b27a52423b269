//! Recurrent layers: lesson 10's four units on three months, and 64 units on fifty values; in both directions; and what
//! comes before them, embedding and repetition.

use course_lib::prelude::*;
use course_pieces::{good, layer, layer_on};
use criterion::{Criterion, criterion_group, criterion_main};

fn recurrent(criterion: &mut Criterion) {
    for (batch, steps, units) in [(1, 3, 4), (64, 50, 64)] {
        let name = |layer: &str| format!("{layer} {units} units, {steps} steps, batch {batch}");
        // A gate is a product of the state with its weights; the inputs are single values.
        let operations = |gates: usize| gates * 2 * batch * steps * units * (units + 1);
        let input = [steps, 1];
        layer(
            criterion,
            &name("LSTM"),
            input,
            batch,
            operations(4),
            layers![LSTM::new(units)],
        );
        layer(
            criterion,
            &name("GRU"),
            input,
            batch,
            operations(3),
            layers![GRU::new(units)],
        );
        layer(
            criterion,
            &name("SimpleRNN"),
            input,
            batch,
            operations(1),
            layers![SimpleRNN::new(units)],
        );
    }
}

fn both_directions(criterion: &mut Criterion) {
    let (batch, steps, units) = (64, 50, 64);
    let operations = 2 * 4 * 2 * batch * steps * units * (units + 1);
    let layers = layers![Bidirectional::new(LSTM::new(units))];
    layer(
        criterion,
        "bidirectional LSTM 64 units, 50 steps, batch 64",
        [steps, 1],
        batch,
        operations,
        layers,
    );
}

fn embedding(criterion: &mut Criterion) {
    let (words, mut random) = (10_000, Seed(1).stream());
    let numbers = (0..64 * 50).map(|_| random.below(words) as f32).collect();
    let numbers = good(Tensor::from_vec(numbers, [64, 50]));
    layer_on(
        criterion,
        "embedding of 10,000 words in 64, 50 steps, batch 64",
        [50],
        &numbers,
        0,
        layers![Embedding::new(words, 64)],
    );
}

fn repetition(criterion: &mut Criterion) {
    layer(
        criterion,
        "repeat vector 64, 20 times, batch 64",
        [64],
        64,
        0,
        layers![RepeatVector::new(20)],
    );
}

criterion_group!(benches, recurrent, both_directions, embedding, repetition);
criterion_main!(benches);
