//! What a training step does beside the layers, the loss and the optimiser's change of the weights; and whole steps of
//! the models that are trained in a way of their own.

use std::hint::black_box;

use course_lib::prelude::*;
use course_pieces::good;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A loss with its gradient, as `fit` calculates it: those of classes from scores, which is where a network's last
/// activation is taken into the loss.
fn loss(criterion: &mut Criterion, loss: Loss, activation: Activation, values: usize, target: &Tensor) {
    let scores = good(Tensor::uniform([128, values], -3.0, 3.0, Seed(1))).with_gradient();
    let name = format!("{loss}, {activation} of {values}, batch 128");
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| {
            let loss = loss.calculate(&activation.apply(&scores), target);
            black_box(loss.and_then(|loss| loss.backward()))
        });
    });
}

fn losses(criterion: &mut Criterion) {
    let mut random = Seed(2).stream();
    let mut whole = |shape: [usize; 2], below: usize| {
        let numbers = (0..shape[0] * shape[1]).map(|_| random.below(below) as f32);
        good(Tensor::from_vec(numbers.collect(), shape))
    };
    let (classes, yes_or_no) = (whole([128, 1], 10), whole([128, 1], 2));
    let values = good(Tensor::uniform([128, 10], -3.0, 3.0, Seed(3)));
    for of_values in [Loss::MeanSquaredError, Loss::MeanAbsoluteError, Loss::Huber(1.0)] {
        loss(criterion, of_values, Linear, 10, &values);
    }
    loss(
        criterion,
        Loss::SparseCategoricalCrossentropy,
        Softmax,
        10,
        &classes,
    );
    loss(
        criterion,
        Loss::CategoricalCrossentropy,
        Softmax,
        10,
        &good(one_hot(&classes, 10)),
    );
    loss(criterion, Loss::BinaryCrossentropy, Sigmoid, 1, &yes_or_no);
    loss(criterion, Loss::Hinge, Linear, 1, &(&yes_or_no * 2.0 - 1.0));
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
    let momentum = SGD {
        momentum: 0.9,
        ..SGD::default()
    };
    step(criterion, "SGD", SGD::default());
    step(criterion, "SGD with momentum", momentum.clone());
    step(
        criterion,
        "SGD with Nesterov's momentum",
        SGD {
            nesterov: true,
            ..momentum
        },
    );
    step(criterion, "RMSprop", RMSprop::default());
    step(criterion, "Adam", Adam::default());
    step(criterion, "AdamW", AdamW::default());
    step(criterion, "Adagrad", Adagrad::default());
}

/// A training of one step: lesson 11's translator of sums on a batch.
fn translator(criterion: &mut Criterion) {
    let (encoder, decoder) = (LSTM::new(64), LSTM::new(64));
    let head = Dense::new(12).activation(Softmax);
    let mut model = good(Seq2Seq::new(Input([5, 12]), encoder, decoder, 3, head, Seed(7)));
    good(model.compile(Adam::default(), Loss::CategoricalCrossentropy, &[]));
    let mut random = Seed(1).stream();
    let mut said = |steps: usize| {
        let letters = (0..64 * steps).map(|_| random.below(12) as f32).collect();
        good(Tensor::from_vec(letters, [64, steps]).and_then(|letters| one_hot(&letters, 12)))
    };
    let (x, y) = (said(5), said(3));
    criterion.bench_function("Seq2Seq of LSTMs of 64, a step of 64 rows", |bencher| {
        bencher.iter(|| {
            let options = Fit {
                epochs: 1,
                batch_size: 64,
                verbose: false,
                ..Fit::default()
            };
            black_box(model.fit(&x, &y, options).is_ok())
        });
    });
}

/// A step of both networks of lesson 13.
fn game(criterion: &mut Criterion) {
    let (hidden, judge) = (
        || Dense::new(75).activation(SELU),
        || Dense::new(75).activation(ELU(1.0)),
    );
    let generator = layers![hidden(), hidden(), Dense::new(2).activation(SELU)];
    let discriminator = layers![judge(), judge(), Dense::new(1).activation(Sigmoid)];
    let generator = good(Sequential::new(Input(30), generator, Seed(1)));
    let discriminator = good(Sequential::new(Input(2), discriminator, Seed(2)));
    let mut gan = good(Gan::new(Latent::uniform(30), generator, discriminator));
    let rate = || SGD {
        learning_rate: 0.001,
        momentum: 0.9,
        ..SGD::default()
    };
    gan.compile(rate(), rate());
    let real = good(Tensor::uniform([30, 2], -1.0, 1.0, Seed(3)));
    criterion.bench_function("GAN of lesson 13, a step of 30 rows", |bencher| {
        bencher.iter(|| {
            let options = GanFit {
                epochs: 1,
                batch_size: 30,
                verbose: false,
                ..GanFit::default()
            };
            black_box(gan.fit(&real, options).is_ok())
        });
    });
}

criterion_group!(benches, losses, optimizers, translator, game);
criterion_main!(benches);
