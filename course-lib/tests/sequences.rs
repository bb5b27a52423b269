//! A class at each step of a sequence, and an encoder with its decoder, and a layer that reads both ways, beside PyTorch's numbers, which
//! `reference/make_sequences.py` made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{FORWARD, GRADIENT, assert_like, numbers, tensor};
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

#[test]
fn an_encoder_and_its_decoder_say_and_learn_what_pytorchs_do() -> Result<()> {
    let case = &reference()["encoder_decoder"];
    let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
    let mut model = Seq2Seq::new(
        Input([4, 2]),
        LSTM::new(4),
        LSTM::new(4),
        3,
        Dense::new(1),
        Seed(1),
    )?;
    let weights = case["weights"].as_array().expect("weights");
    for (own, theirs) in model.parameters_mut().into_iter().zip(weights) {
        own.assign(&tensor(theirs))?;
    }
    assert_like("what it says", &model.predict(&x)?, &case["said"], FORWARD);
    let sgd = SGD {
        learning_rate: 0.5,
        ..SGD::default()
    };
    model.compile(sgd, Loss::MeanSquaredError, &[])?;
    let options = Fit {
        epochs: 3,
        batch_size: 6,
        verbose: false,
        ..Fit::default()
    };
    let history = model.fit(&x, &y, options)?;
    let losses = history.get("loss").expect("the losses").iter();
    for (own, theirs) in losses.zip(numbers(&case["losses"])) {
        assert!(
            (f64::from(*own) - theirs).abs() < 1e-5 * theirs,
            "{own}, PyTorch has {theirs}"
        );
    }
    let trained = case["trained"].as_array().expect("weights");
    for ((name, own), theirs) in model.weights().iter().zip(trained) {
        assert_like(name, own, theirs, GRADIENT);
    }
    Ok(())
}

#[test]
fn a_layer_that_reads_both_ways_is_pytorchs_with_its_gradients() -> Result<()> {
    let case = &reference()["bidirectional"];
    let mut layer = Bidirectional::new(LSTM::new(2).return_sequences(true));
    layer.build(&[4, 3], Seed(1))?;
    let weights = case["weights"].as_array().expect("weights");
    for (own, theirs) in layer.parameters_mut().into_iter().zip(weights) {
        own.assign(&tensor(theirs))?;
    }
    let x = tensor(&case["x"]).with_gradient();
    let result = layer.forward(&x, Mode::Training)?;
    assert_like("bidirectional", &result, &case["result"], FORWARD);
    let weighted = (0..result.count())
        .map(|place| (place % 3) as f32 + 1.0)
        .collect();
    let number = (&result * &Tensor::from_vec(weighted, result.shape())?)?.sum();
    let gradients = number.backward()?;
    let leaves = [x]
        .into_iter()
        .chain(layer.parameters().into_iter().map(|(_, weights)| weights));
    for (place, leaf) in leaves.enumerate() {
        let what = format!("bidirectional, gradient {place}");
        assert_like(&what, &gradients.get(&leaf)?, &case["gradients"][place], GRADIENT);
    }
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
