//! A class at each step of a sequence, and encoders with their decoders, and layers that read both ways, beside PyTorch's
//! numbers, which `reference/make_sequences.py` made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{FORWARD, GRADIENT, assert_close, assert_like, numbers, tensor, tensors, weighted};
use serde_json::Value;

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/sequences.json")).expect("JSON")
}

#[test]
fn losses_over_the_classes_of_each_step_are_pytorchs() -> Result<()> {
    let cases = reference();
    let (labels, soft, weights) = (
        tensor(&cases["labels"]),
        tensor(&cases["soft"]),
        tensor(&cases["weights"]),
    );
    let check = |name: &str, loss: &dyn Fn(&Tensor) -> Result<Tensor>| -> Result<()> {
        let x = tensor(&cases[name]["output"]).with_gradient();
        let value = loss(&x)?;
        assert_like(name, &value, &cases[name]["result"], FORWARD);
        let gradient = value.backward()?.get(&x)?;
        assert_like(
            &format!("{name}, gradient"),
            &gradient,
            &cases[name]["gradient"],
            GRADIENT,
        );
        Ok(())
    };
    let sparse = Loss::SparseCategoricalCrossentropy;
    check("sparse", &|x| sparse.calculate(&x.softmax(), &labels))?;
    check("sparse", &|x| {
        losses::sparse_categorical_crossentropy_from_logits(x, &labels.reshape([4, 3, 1])?)
    })?;
    check("sparse_weighted", &|x| {
        sparse.calculate_weighted(&x.softmax(), &labels, &weights)
    })?;
    check("sparse_of_probabilities", &|p| sparse.calculate(p, &labels))?;
    let categorical = Loss::CategoricalCrossentropy;
    check("soft_targets", &|x| categorical.calculate(&x.softmax(), &soft))?;
    check("soft_targets_of_probabilities", &|p| {
        categorical.calculate(p, &soft)
    })
}

#[test]
fn every_step_counts_in_the_accuracy() -> Result<()> {
    let cases = reference();
    let (scores, labels) = (tensor(&cases["sparse"]["output"]), tensor(&cases["labels"]));
    let one_hot = one_hot(&labels.reshape([12])?, 5)?.reshape([4, 3, 5])?;
    for targets in [&labels, &labels.reshape([4, 3, 1])?, &one_hot] {
        for (metric, name) in [
            (Metric::Accuracy, "accuracy"),
            (Metric::TopKAccuracy(2), "top_2_accuracy"),
        ] {
            let actual = f64::from(metric.calculate(&scores, targets)?);
            let expected = cases[name].as_f64().expect("a number");
            assert!(
                (actual - expected).abs() < 1e-6,
                "{name}: {actual}, PyTorch has {expected}"
            );
        }
    }
    Ok(())
}

#[test]
fn targets_that_are_not_one_class_a_step_are_errors() -> Result<()> {
    let output = Tensor::zeros([2, 3, 4])?.softmax();
    let sparse = |target: Tensor| message(Loss::SparseCategoricalCrossentropy.calculate(&output, &target));
    assert!(sparse(Tensor::zeros([2])?).contains("[2, 3]"));
    assert!(sparse(Tensor::zeros([3, 2])?).contains("[2, 3]"));
    assert!(sparse(Tensor::full([2, 3], 4.0)?).contains("0 to 3"));
    assert!(sparse(Tensor::full([2, 3], 0.5)?).contains("0.5"));
    message(Metric::Accuracy.calculate(&output, &Tensor::zeros([2])?));
    message(Metric::TopKAccuracy(5).calculate(&output, &Tensor::zeros([2, 3])?));
    Ok(())
}

#[test]
fn a_network_learns_a_class_for_each_step() -> Result<()> {
    let x = Tensor::uniform([40, 6, 1], -1.0, 1.0, Seed(5))?;
    // 1 where the number is larger than the one before it (the first: than 0).
    let values = x.to_vec();
    let classes = values.chunks(6).flat_map(|row| {
        (0..6).map(|step| {
            let before = if step == 0 { 0.0 } else { row[step - 1] };
            if row[step] > before { 1.0 } else { 0.0 }
        })
    });
    let y = Tensor::from_vec(classes.collect(), [40, 6])?;
    let layers = layers![
        LSTM::new(8).return_sequences(true),
        Dense::new(2).activation(Softmax)
    ];
    let mut model = Sequential::new(Input([6, 1]), layers, Seed(7))?;
    let adam = Adam {
        learning_rate: 0.03,
        ..Adam::default()
    };
    model.compile(adam, Loss::SparseCategoricalCrossentropy, &[Metric::Accuracy])?;
    let options = Fit {
        epochs: 40,
        verbose: false,
        ..Fit::default()
    };
    model.fit(&x, &y, options)?;
    let accuracy = model.evaluate(&x, &y)?.accuracy()?;
    assert!(accuracy > 0.9, "{accuracy}");
    Ok(())
}

/// An encoder and a decoder of a kind known by name only when the test runs.
fn encoder_decoder(kind: &str) -> Result<Seq2Seq> {
    let (input, head, seed) = (Input([4, 2]), Dense::new(1), Seed(1));
    match kind {
        "SimpleRNN" => Seq2Seq::new(input, SimpleRNN::new(4), SimpleRNN::new(4), 3, head, seed),
        "LSTM" => Seq2Seq::new(input, LSTM::new(4), LSTM::new(4), 3, head, seed),
        "GRU" => Seq2Seq::new(input, GRU::new(4), GRU::new(4), 3, head, seed),
        other => panic!("no layer {other}"),
    }
}

#[test]
fn encoders_and_their_decoders_say_and_learn_what_pytorchs_do() -> Result<()> {
    let cases = reference();
    let cases = cases["encoder_decoder"].as_array().expect("cases");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let kind = case["kind"].as_str().expect("a kind");
        let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
        let mut model = encoder_decoder(kind)?;
        for (own, theirs) in model.parameters_mut().into_iter().zip(tensors(&case["weights"])) {
            own.assign(&theirs)?;
        }
        let what = format!("what an untrained {kind} says");
        assert_like(&what, &model.predict(&x)?, &case["said"], FORWARD);
        let sgd = SGD {
            learning_rate: 0.5,
            ..SGD::default()
        };
        model.compile(sgd, Loss::MeanSquaredError, &[])?;
        let options = Fit {
            epochs: 10,
            batch_size: 6,
            verbose: false,
            ..Fit::default()
        };
        let history = model.fit(&x, &y, options)?;
        let losses = history.get("loss").expect("the losses");
        assert_close(
            &format!("{kind}, losses"),
            losses,
            &numbers(&case["losses"]),
            FORWARD,
        );
        let trained = case["trained"].as_array().expect("weights");
        let weights = model.parameters_mut();
        assert_eq!(weights.len(), trained.len());
        for (place, (own, theirs)) in weights.into_iter().zip(trained).enumerate() {
            assert_like(&format!("{kind}, weights {place}"), own, theirs, GRADIENT);
        }
        let what = format!("what a trained {kind} says");
        assert_like(&what, &model.predict(&x)?, &case["then_said"], GRADIENT);
    }
    Ok(())
}

#[test]
fn layers_that_read_both_ways_are_pytorchs_with_their_gradients() -> Result<()> {
    let cases = reference();
    let cases = cases["bidirectional"].as_array().expect("cases");
    assert_eq!(cases.len(), 6);
    for case in cases {
        let sequences = case["sequences"] == true;
        let kind = case["kind"].as_str().expect("a kind");
        let mut layer = match kind {
            "SimpleRNN" => Bidirectional::new(SimpleRNN::new(2).return_sequences(sequences)),
            "LSTM" => Bidirectional::new(LSTM::new(2).return_sequences(sequences)),
            "GRU" => Bidirectional::new(GRU::new(2).return_sequences(sequences)),
            other => panic!("no layer {other}"),
        };
        layer.build(&[4, 3], Seed(1))?;
        for (own, theirs) in layer.parameters_mut().into_iter().zip(tensors(&case["weights"])) {
            own.assign(&theirs)?;
        }
        let what = format!("{kind} both ways, sequences: {sequences}");
        let x = tensor(&case["x"]).with_gradient();
        let result = layer.forward(&x, Mode::Training)?;
        assert_like(&what, &result, &case["result"], FORWARD);
        let gradients = weighted(&result)?.backward()?;
        let learned = layer.parameters().into_iter().map(|(_, weights)| weights);
        let leaves: Vec<Tensor> = [x].into_iter().chain(learned).collect();
        assert_eq!(
            leaves.len(),
            case["gradients"].as_array().expect("gradients").len()
        );
        for (place, leaf) in leaves.iter().enumerate() {
            let gradient = gradients.get(leaf)?;
            let what = format!("{what}, gradient {place}");
            assert_like(&what, &gradient, &case["gradients"][place], GRADIENT);
        }
    }
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
