//! What the measurements of the library's pieces share. `python benches/pieces.py` runs them.

use std::hint::black_box;

use course_lib::prelude::*;
use criterion::{Criterion, Throughput};

/// Measures a layer on a batch of random values: its forward pass in training, and both passes.
///
/// `operations` is how many multiplications and additions the forward pass needs, so that criterion's "elem/s" are
/// operations a second; 0 where the number of values says more.
pub fn layer<const N: usize>(
    criterion: &mut Criterion,
    name: &str,
    input: [usize; N],
    batch: usize,
    operations: usize,
    layers: Vec<Box<dyn Layer>>,
) {
    let shape: Vec<usize> = [batch].iter().chain(&input).copied().collect();
    let x = good(Tensor::uniform(&shape, -1.0, 1.0, Seed(1))).with_gradient();
    layer_on(criterion, name, input, &x, operations, layers);
}

/// Measures a layer as [`layer`] does, on a batch `[rows, ..]` of the caller's.
pub fn layer_on<const N: usize>(
    criterion: &mut Criterion,
    name: &str,
    input: [usize; N],
    x: &Tensor,
    operations: usize,
    layers: Vec<Box<dyn Layer>>,
) {
    let model = good(Sequential::new(Input(input), layers, Seed(7)));
    let operations = if operations == 0 { x.count() } else { operations } as u64;

    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(operations));
    group.bench_function("forward", |bencher| bencher.iter(|| black_box(model.forward(x))));
    // The backward pass of a product of matrices is two of them.
    group.throughput(Throughput::Elements(3 * operations));
    group.bench_function("forward and backward", |bencher| {
        bencher.iter(|| black_box(model.forward(x).and_then(|output| output.sum().backward())));
    });
    group.finish();
}

/// The value, where anything else is a mistake in the measurement itself.
pub fn good<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
