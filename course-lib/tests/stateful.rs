//! Networks that carry states from batch to batch.

use std::cell::RefCell;
use std::rc::Rc;

use course_lib::prelude::*;

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

/// So many series side by side.
const LANES: usize = 8;

/// Bits, one a row, in batches of a row for each series; the answer is the bit that the series had in the batch before.
fn bits(batches: usize, seed: Seed) -> Result<(Tensor, Tensor)> {
    let noise = Tensor::uniform([batches * LANES, 1, 1], -1.0, 1.0, seed)?;
    let x: Vec<f32> = noise.to_vec().iter().map(|value| value.signum()).collect();
    // Nothing was before the first batch.
    let before = [0.0; LANES]
        .into_iter()
        .chain(x.iter().map(|bit| f32::from(*bit > 0.0)));
    let y = before.take(x.len()).collect();
    Ok((
        Tensor::from_vec(x, [batches * LANES, 1, 1])?,
        Tensor::from_vec(y, [batches * LANES, 1])?,
    ))
}

fn network(stateful: bool) -> Result<Sequential> {
    let layers = layers![
        SimpleRNN::new(16).stateful(stateful),
        Dense::new(1).activation(Sigmoid)
    ];
    let mut model = Sequential::new(Input([1, 1]), layers, Seed(7))?;
    let adam = Adam {
        learning_rate: 0.005,
        ..Adam::default()
    };
    model.compile(adam, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
    Ok(model)
}

fn in_order(epochs: usize) -> Fit<'static> {
    Fit {
        epochs,
        batch_size: LANES,
        shuffle: false,
        verbose: false,
        ..Fit::default()
    }
}

fn values(model: &Sequential) -> Vec<Vec<f32>> {
    model
        .weights()
        .iter()
        .map(|(_, weights)| weights.to_vec())
        .collect()
}

#[test]
fn a_stateful_network_learns_what_only_the_batch_before_tells() -> Result<()> {
    let (x, y) = bits(60, Seed(1))?;
    let (x_test, y_test) = bits(30, Seed(2))?;
    let accuracy = |stateful: bool| {
        let mut model = network(stateful)?;
        model.fit(&x, &y, in_order(20))?;
        model.evaluate(&x_test, &y_test)?.accuracy()
    };
    let (with, without) = (accuracy(true)?, accuracy(false)?);
    assert!(with > 0.95, "{with} of the bits are remembered");
    assert!(
        without < 0.65,
        "{without} of the bits are guessed without a state"
    );
    Ok(())
}

#[test]
fn an_epoch_is_the_loop_by_hand_over_batches_that_begins_afresh() -> Result<()> {
    let (x, y) = bits(12, Seed(1))?;
    let mut by_fit = network(true)?;
    by_fit.fit(&x, &y, in_order(2))?;

    let mut by_hand = network(true)?;
    let mut adam = Adam {
        learning_rate: 0.005,
        ..Adam::default()
    };
    for _ in 0..2 {
        by_hand.reset_states();
        for batch in 0..12 {
            let rows = batch * LANES..(batch + 1) * LANES;
            let output = by_hand.forward(&x.rows(rows.clone())?)?;
            let loss = losses::binary_crossentropy(&output, &y.rows(rows)?)?;
            adam.step(&mut by_hand, &loss.backward()?)?;
        }
    }
    assert_eq!(values(&by_fit), values(&by_hand));
    Ok(())
}

#[test]
fn validation_and_callbacks_neither_see_nor_disturb_the_states_of_training() -> Result<()> {
    let (x, y) = bits(20, Seed(1))?;
    let (x_new, y_new) = bits(5, Seed(2))?;
    let mut undisturbed = network(true)?;
    let plain = undisturbed.fit(&x, &y, in_order(3))?;

    let mut model = network(true)?;
    let mut seen = Vec::new();
    let looks = on_epoch_end(|training| {
        // As a learner would, who looks at what the network has come to.
        let afresh = training.model().evaluate(&x_new, &y_new)?.loss;
        seen.push((training.get("val_loss")?, afresh));
        Ok(())
    });
    let options = Fit {
        validation_data: Some((&x_new, &y_new)),
        callbacks: callbacks![looks],
        ..in_order(3)
    };
    let history = model.fit(&x, &y, options)?;
    assert_eq!(values(&model), values(&undisturbed));
    assert_eq!(history.last("loss"), plain.last("loss"));
    assert!(
        seen.iter().all(|(validation, afresh)| validation == afresh),
        "{seen:?}"
    );
    // After `fit` the network begins afresh.
    assert_eq!(
        Some(model.evaluate(&x_new, &y_new)?.loss),
        history.last("val_loss")
    );
    Ok(())
}

#[test]
fn predictions_go_on_from_call_to_call_in_the_batches_of_the_training() -> Result<()> {
    let (x, y) = bits(10, Seed(1))?;
    let mut model = network(true)?;
    model.fit(&x, &y, in_order(1))?;
    let whole = model.predict(&x)?.to_vec();

    let again = model.predict(&x)?.to_vec();
    assert_ne!(
        whole[0], again[0],
        "the second pass goes on from the end of the first"
    );
    model.reset_states();
    let mut parts = Vec::new();
    for (from, to) in [(0, 1), (1, 4), (4, 10)] {
        parts.extend(model.predict(&x.rows(from * LANES..to * LANES)?)?.to_vec());
    }
    assert_eq!(parts, whole);

    model.reset_states();
    let score = model.evaluate(&x, &y)?;
    assert_ne!(model.evaluate(&x, &y)?.loss, score.loss);
    model.reset_states();
    assert_eq!(model.evaluate(&x, &y)?, score);
    Ok(())
}

#[test]
fn a_saved_network_still_knows_its_batches() -> Result<()> {
    let (x, y) = bits(10, Seed(1))?;
    let mut model = network(true)?;
    model.fit(&x, &y, in_order(1))?;
    let path = std::env::temp_dir().join(format!("course-stateful-{}.safetensors", std::process::id()));
    model.save(&path)?;
    let again = Sequential::load(&path)?;
    std::fs::remove_file(&path).ok();
    assert_eq!(again.predict(&x)?, model.predict(&x)?);
    Ok(())
}

#[test]
fn an_untrained_network_takes_what_it_is_given_as_one_batch_and_keeps_to_it() -> Result<()> {
    let (x, _) = bits(2, Seed(1))?;
    let model = network(true)?;
    let four = x.rows(0..4)?;
    let first = model.predict(&four)?;
    let second = model.predict(&four)?;
    model.reset_states();
    // Batches of four now, since the states have four rows.
    assert_eq!(model.predict(&four)?, first);
    let twice = Tensor::concatenate(&[&four, &four], 0)?;
    model.reset_states();
    model.predict(&four)?;
    assert_eq!(model.predict(&twice)?.rows(0..4)?, second);
    Ok(())
}

#[test]
fn a_layer_written_by_hand_is_reset_too() -> Result<()> {
    /// Counts the batches since its last reset.
    #[derive(Debug, Default)]
    struct Counter(Rc<RefCell<Vec<usize>>>);

    impl Layer for Counter {
        fn name(&self) -> &str {
            "Counter"
        }

        fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
            Ok(input.to_vec())
        }

        fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
            if let Some(batches) = self.0.borrow_mut().last_mut() {
                *batches += 1;
            }
            Ok(input.clone())
        }

        fn reset_state(&self) {
            self.0.borrow_mut().push(0);
        }
    }

    let counts = Rc::new(RefCell::new(Vec::new()));
    let layers = layers![Counter(Rc::clone(&counts)), Dense::new(1)];
    let mut model = Sequential::new(Input(1), layers, Seed(1))?;
    model.compile(SGD::default(), Loss::MeanSquaredError, &[])?;
    let x = Tensor::ones([6, 1])?;
    let options = Fit {
        epochs: 2,
        batch_size: 2,
        validation_data: Some((&x, &x)),
        verbose: false,
        ..Fit::default()
    };
    model.fit(&x, &x, options)?;
    // Each epoch three batches to learn from and all rows at once for validation; then afresh.
    let counts: Vec<usize> = counts
        .borrow()
        .iter()
        .copied()
        .filter(|count| *count > 0)
        .collect();
    assert_eq!(counts, [3, 1, 3, 1]);
    Ok(())
}

#[test]
fn what_would_mix_up_the_states_is_an_error_before_anything_is_learned() -> Result<()> {
    let (x, y) = bits(5, Seed(1))?;
    let mut model = network(true)?;
    let before = values(&model);

    let shuffled = Fit {
        shuffle: true,
        ..in_order(1)
    };
    let error = message(model.fit(&x, &y, shuffled));
    assert!(
        error.contains("simplernn, which is stateful") && error.contains("shuffle: false"),
        "{error}"
    );

    let uneven = Fit {
        batch_size: 16,
        ..in_order(1)
    };
    let error = message(model.fit(&x, &y, uneven));
    assert!(
        error.contains("40 rows to learn from")
            && error.contains("such as 10")
            && error.contains("last 8 rows"),
        "{error}"
    );
    let (x_new, y_new) = (x.rows(0..12)?, y.rows(0..12)?);
    let validated = Fit {
        validation_data: Some((&x_new, &y_new)),
        ..in_order(1)
    };
    let error = message(model.fit(&x, &y, validated));
    assert!(
        error.contains("12 rows for validation") && error.contains("such as 4"),
        "{error}"
    );
    let split = Fit {
        validation_split: 0.25,
        ..in_order(1)
    };
    assert!(message(model.fit(&x, &y, split)).contains("30 rows to learn from"));
    assert_eq!(values(&model), before);

    // What the errors advise works; fewer rows than a batch are one batch.
    let advised = Fit {
        batch_size: 10,
        ..in_order(1)
    };
    model.fit(&x, &y, advised)?;
    let few = Fit {
        batch_size: 64,
        ..in_order(1)
    };
    model.fit(&x, &y, few)?;
    Ok(())
}

#[test]
fn rows_that_do_not_fit_the_states_are_an_error_that_says_the_way_out() -> Result<()> {
    let (x, y) = bits(5, Seed(1))?;
    let mut model = network(true)?;
    model.fit(&x, &y, in_order(1))?;
    let error = message(model.predict(&x.rows(0..20)?));
    assert!(
        error.contains("batches of 8 rows")
            && error.contains("give 16 or 24 rows")
            && error.contains("last 4"),
        "{error}"
    );
    assert!(message(model.evaluate(&x.rows(0..20)?, &y.rows(0..20)?)).contains("give 16 or 24 rows"));
    // The way out:
    model.predict(&x.rows(0..16)?)?;
    let error = message(model.predict(&x.rows(16..20)?));
    assert!(
        error.contains("batches of 8 rows") && error.contains("reset_states()"),
        "{error}"
    );
    assert!(message(model.forward(&x.rows(16..20)?)).contains("reset_states()"));
    model.reset_states();
    assert_eq!(model.predict(&x.rows(16..20)?)?.shape(), [4, 1]);
    model.predict(&x.rows(20..24)?)?;
    // Also after batches by hand that are larger than those of the training.
    model.reset_states();
    model.forward(&x.rows(0..20)?)?;
    let error = message(model.predict(&x.rows(20..36)?));
    assert!(error.contains("batches of 20 rows"), "{error}");
    assert_eq!(model.predict(&x.rows(20..40)?)?.shape(), [20, 1]);
    Ok(())
}

#[test]
fn where_each_sample_stands_for_itself_a_stateful_layer_is_refused() -> Result<()> {
    let encoder = LSTM::new(3).stateful(true);
    let model = Seq2Seq::new(Input([4, 1]), encoder, LSTM::new(3), 2, Dense::new(1), Seed(7));
    assert!(message(model).contains("LSTM with stateful(true)"));

    let generator = layers![
        RepeatVector::new(2),
        Bidirectional::new(GRU::new(1).stateful(true))
    ];
    let generator = Sequential::new(Input(3), generator, Seed(1))?;
    let discriminator = Sequential::new(Input(2), layers![Dense::new(1).activation(Sigmoid)], Seed(2))?;
    let gan = Gan::new(gan::Latent::uniform(3), generator, discriminator);
    assert!(message(gan).contains("the stateful layer bidirectional"));
    Ok(())
}
