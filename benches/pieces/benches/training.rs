//! What a training step does beside the layers: the loss, and the optimiser's change of the weights.

use std::hint::black_box;

use course_lib::prelude::*;
use course_pieces::good;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn softmax_crossentropy(criterion: &mut Criterion) {
    let scores = good(Tensor::uniform([128, 10], -3.0, 3.0, Seed(1))).with_gradient();
    let mut random = Seed(2).stream();
    let classes = (0..128).map(|_| random.below(10) as f32).collect();
    let classes = good(Tensor::from_vec(classes, [128, 1]));
    criterion.bench_function("softmax cross-entropy 10, batch 128", |bencher| {
        bencher.iter(|| {
            let loss = losses::sparse_categorical_crossentropy(&scores.softmax(), &classes);
            black_box(loss.and_then(|loss| loss.backward()))
        });
    });
}

fn step(criterion: &mut Criterion, name: &str, mut optimizer: impl Optimizer) {
    let mut weights = good(Tensor::normal([784, 512], 0.0, 0.05, Seed(1))).with_gradient();
    let gradients = good((&weights * 0.5).square().sum().backward());
    let mut group = criterion.benchmark_group("step of 784 x 512 weights");
    group.throughput(Throughput::Elements(weights.count() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| black_box(optimizer.step(&mut weights, &gradients)));
    });
    group.finish();
}

fn optimizers(criterion: &mut Criterion) {
    step(criterion, "Adam", Adam::default());
    step(criterion, "SGD", SGD::default());
    step(
        criterion,
        "SGD with momentum",
        SGD {
            momentum: 0.9,
            ..SGD::default()
        },
    );
}

criterion_group!(benches, softmax_crossentropy, optimizers);
criterion_main!(benches);
