//! Dense layers of the lessons and the product of matrices in them, and what stands between them: dropout, noise,
//! activations, layer normalisation.

use std::hint::black_box;

use course_lib::prelude::*;
use course_pieces::{good, layer};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn products(criterion: &mut Criterion) {
    for (rows, inner, columns) in [(128, 784, 512), (512, 512, 512)] {
        let left = good(Tensor::uniform([rows, inner], -1.0, 1.0, Seed(1)));
        let right = good(Tensor::uniform([inner, columns], -1.0, 1.0, Seed(2)));
        let mut group = criterion.benchmark_group("product of matrices");
        group.throughput(Throughput::Elements(2 * (rows * inner * columns) as u64));
        group.bench_function(format!("{rows} x {inner} x {columns}"), |bencher| {
            bencher.iter(|| black_box(left.matmul(&right)));
        });
        group.finish();
    }
}

fn dense(criterion: &mut Criterion) {
    // Lesson 07's first layer, lesson 08's, and lesson 14's widest.
    for (batch, inputs, units) in [(32, 30, 16), (128, 784, 512), (64, 1024, 784)] {
        let name = format!("dense {inputs}-{units}, batch {batch}");
        let operations = 2 * batch * inputs * units;
        let layers = layers![Dense::new(units).activation(ReLU)];
        layer(criterion, &name, [inputs], batch, operations, layers);
    }
}

/// Layers that take as many values as they give.
fn between(criterion: &mut Criterion) {
    let mut of_512 = |name: &str, layers| {
        layer(
            criterion,
            &format!("{name} 512, batch 128"),
            [512],
            128,
            0,
            layers,
        )
    };
    of_512("dropout", layers![Dropout::new(0.2)]);
    of_512("Gaussian noise", layers![GaussianNoise::new(0.1)]);
    of_512("layer normalisation", layers![LayerNormalization::new()]);
    let activations = [
        Step,
        Linear,
        Sigmoid,
        Tanh,
        ReLU,
        LeakyReLU(0.2),
        ELU(1.0),
        SELU,
        GELU,
        Softplus,
        Swish,
        Softmax,
    ];
    for activation in activations {
        of_512(&activation.to_string(), layers![activation]);
    }
}

criterion_group!(benches, products, dense, between);
criterion_main!(benches);
