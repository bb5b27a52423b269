//! Ten steps of optimisers through networks of each kind of layer, beside PyTorch's, which `reference/make_ten_steps.py`
//! made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{FORWARD, GRADIENT, assert_close, assert_like, assert_within, numbers, tensor, tensors};
use serde_json::Value;

/// The networks of the script, as a learner would build them.
fn network(name: &str) -> Result<(Sequential, Loss)> {
    let (input, layers, loss) = match name {
        "images" => (
            Input([2, 6, 6]),
            layers![
                ZeroPadding2D::new(1),
                Conv2D::new(4, 3).use_bias(false),
                BatchNormalization::new().momentum(0.7),
                LeakyReLU(0.2),
                MaxPooling2D::new(2),
                Conv2D::new(5, 2).activation(Tanh),
                AveragePooling2D::new([1, 2]),
                Flatten::new(),
                Dense::new(3).activation(Softmax)
            ],
            Loss::SparseCategoricalCrossentropy,
        ),
        "critic" => (
            Input([1, 8, 7]),
            layers![
                Conv2D::new(4, 3)
                    .stride(2)
                    .padding(Padding::Pixels(1))
                    .activation(ELU(0.7)),
                Conv2D::new(3, [3, 2])
                    .dilation(2)
                    .padding(Padding::Pixels(2))
                    .activation(SELU),
                GlobalAveragePooling2D::new(),
                Dense::new(1).activation(Sigmoid)
            ],
            Loss::BinaryCrossentropy,
        ),
        "generator" => (
            Input(5),
            layers![
                Dense::new(12).activation(LeakyReLU(0.2)),
                BatchNormalization::new().momentum(0.7),
                Reshape::new([3, 2, 2]),
                Conv2DTranspose::new(4, 4)
                    .stride(2)
                    .padding(Padding::Pixels(1))
                    .use_bias(false),
                BatchNormalization::new().momentum(0.7),
                ReLU,
                UpSampling2D::new(2),
                Conv2DTranspose::new(2, 3)
                    .padding(Padding::Pixels(1))
                    .activation(ReLU),
                Conv2DTranspose::new(1, 3)
                    .padding(Padding::Pixels(1))
                    .activation(Tanh)
            ],
            Loss::MeanSquaredError,
        ),
        "words, SimpleRNN" => (
            Input(6),
            layers![
                Embedding::new(9, 4),
                Bidirectional::new(SimpleRNN::new(3).return_sequences(true)),
                LayerNormalization::new(),
                Bidirectional::new(SimpleRNN::new(3)),
                Dense::new(1)
            ],
            Loss::MeanSquaredError,
        ),
        "words, LSTM" => (
            Input(6),
            layers![
                Embedding::new(9, 4),
                Bidirectional::new(LSTM::new(3).return_sequences(true)),
                LayerNormalization::new(),
                Bidirectional::new(LSTM::new(3)),
                Dense::new(1)
            ],
            Loss::MeanSquaredError,
        ),
        "words, GRU" => (
            Input(6),
            layers![
                Embedding::new(9, 4),
                Bidirectional::new(GRU::new(3).return_sequences(true)),
                LayerNormalization::new(),
                Bidirectional::new(GRU::new(3)),
                Dense::new(1)
            ],
            Loss::MeanSquaredError,
        ),
        "echo" => (
            Input([4, 2]),
            layers![
                GRU::new(4),
                RepeatVector::new(3),
                SimpleRNN::new(4).return_sequences(true),
                Dense::new(1)
            ],
            Loss::MeanSquaredError,
        ),
        other => panic!("no network {other}"),
    };
    Ok((Sequential::new(input, layers, Seed(1))?, loss))
}

fn optimizer(name: &str) -> Box<dyn Optimizer> {
    let learning_rate = 0.01;
    match name {
        "SGD" => Box::new(SGD {
            learning_rate: 0.05,
            momentum: 0.9,
            nesterov: true,
            ..SGD::default()
        }),
        "RMSprop" => Box::new(RMSprop {
            learning_rate,
            ..RMSprop::default()
        }),
        "Adam" => Box::new(Adam {
            learning_rate,
            ..Adam::default()
        }),
        "AdamW" => Box::new(AdamW {
            learning_rate,
            ..AdamW::default()
        }),
        "Adagrad" => Box::new(Adagrad {
            learning_rate: 0.05,
            ..Adagrad::default()
        }),
        other => panic!("no optimiser {other}"),
    }
}

fn ten_steps(network_name: &str) -> Result<()> {
    let cases: Value = serde_json::from_str(include_str!("reference/ten_steps.json")).expect("JSON");
    let case = &cases[network_name];
    let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
    let runs = case["runs"].as_object().expect("runs");
    assert_eq!(runs.len(), 5);
    for (name, run) in runs {
        let what = format!("{network_name}, {name}");
        let (mut model, loss) = network(network_name)?;
        let start = tensors(&case["weights"]);
        assert_eq!(model.weights().len(), start.len(), "{what}");
        for (own, values) in model.parameters_mut().into_iter().zip(&start) {
            own.assign(values)?;
        }
        let mut optimizer = optimizer(name);
        let mut losses = Vec::new();
        for _ in 0..10 {
            let loss = loss.calculate(&model.forward(&x)?, &y)?;
            optimizer.step(&mut model, &loss.backward()?)?;
            losses.push(loss.item()?);
        }
        assert_close(
            &format!("{what}, losses"),
            &losses,
            &numbers(&run["losses"]),
            GRADIENT,
        );
        for (place, (weight, own)) in model.weights().iter().enumerate() {
            assert_like(
                &format!("{what}, {weight}"),
                own,
                &run["weights"][place],
                GRADIENT,
            );
        }
        let expected = tensor(&run["scores"]);
        let expected = match loss {
            Loss::SparseCategoricalCrossentropy => expected.softmax(),
            Loss::BinaryCrossentropy => expected.sigmoid(),
            _ => expected,
        };
        let expected: Vec<f64> = expected.to_vec().into_iter().map(f64::from).collect();
        let what = format!("{what}, output of the trained network in use");
        // Weights that are a little off make sums that are as much off where their terms cancel. All outputs are about
        // as large as 1.
        assert_within(&what, &model.predict(&x)?.to_vec(), &expected, GRADIENT, FORWARD);
    }
    Ok(())
}

#[test]
fn a_classifier_of_images_learns_as_pytorchs_does() -> Result<()> {
    ten_steps("images")
}

#[test]
fn a_discriminator_learns_as_pytorchs_does() -> Result<()> {
    ten_steps("critic")
}

#[test]
fn a_generator_of_images_learns_as_pytorchs_does() -> Result<()> {
    ten_steps("generator")
}

#[test]
fn networks_that_read_words_both_ways_learn_as_pytorchs_do() -> Result<()> {
    ten_steps("words, SimpleRNN")?;
    ten_steps("words, LSTM")?;
    ten_steps("words, GRU")
}

#[test]
fn a_network_that_repeats_what_it_read_learns_as_pytorchs_does() -> Result<()> {
    ten_steps("echo")
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
