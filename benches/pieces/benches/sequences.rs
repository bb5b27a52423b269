//! Recurrent layers: lesson 10's four units on three months, and 64 units on fifty values.

use course_lib::prelude::*;
use course_pieces::layer;
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

criterion_group!(benches, recurrent);
criterion_main!(benches);
