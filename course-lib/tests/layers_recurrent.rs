//! Recurrent layers: beside PyTorch's (`reference/make_recurrent.py`), beside finite differences, and as a learner uses them.

mod portable;
mod pytorch;
mod slopes;

use course_lib::layers::{Config, Layer};
use course_lib::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pytorch::{FORWARD, GRADIENT, assert_close, assert_like, numbers, tensor, tensors, weighted};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/recurrent.json")).expect("recurrent.json is JSON")
}

/// A layer of a kind known by name only when the test runs.
fn layer(kind: &str, units: usize, sequences: bool, activation: Activation) -> Box<dyn Recurrent> {
    match kind {
        "SimpleRNN" => Box::new(
            SimpleRNN::new(units)
                .return_sequences(sequences)
                .activation(activation),
        ),
        "LSTM" => Box::new(
            LSTM::new(units)
                .return_sequences(sequences)
                .activation(activation),
        ),
        "GRU" => Box::new(GRU::new(units).return_sequences(sequences).activation(activation)),
        other => panic!("no layer {other}"),
    }
}

fn give_weights(layer: &mut dyn Layer, weights: &[Tensor]) {
    for (own, values) in layer.parameters_mut().into_iter().zip(weights) {
        own.assign(values).expect("weights of the layer's shapes");
    }
}

const KINDS: [&str; 3] = ["SimpleRNN", "LSTM", "GRU"];

#[test]
fn outputs_and_gradients_are_pytorchs() {
    for case in reference()["layers"].as_array().expect("cases") {
        let (kind, units) = (
            case["kind"].as_str().expect("a kind"),
            case["units"].as_u64().expect("units"),
        );
        let activation = if case["activation"] == "relu" { ReLU } else { Tanh };
        let x = tensor(&case["x"]).with_gradient();
        let mut layer = layer(kind, units as usize, case["sequences"] == true, activation);
        layer.build(&x.shape()[1..], Seed(1)).expect("a layer");
        give_weights(&mut *layer, &tensors(&case["weights"]));
        let what = format!("{kind} of {units} units on {:?}", x.shape());

        let result = layer.forward(&x, Mode::Training).expect("outputs");
        assert_like(&what, &result, &case["result"], FORWARD);
        let gradients = weighted(&result)
            .and_then(|sum| sum.backward())
            .expect("gradients");
        let weights = layer.parameters();
        let names = [("x", x)].into_iter().chain(weights);
        for (place, (name, tensor)) in names.enumerate() {
            let gradient = gradients.get(&tensor).expect("a gradient");
            assert_like(
                &format!("{what}, gradient of {name}"),
                &gradient,
                &case["gradients"][place],
                GRADIENT,
            );
        }
    }
}

#[test]
fn states_that_go_in_and_come_out_are_pytorchs_and_so_are_their_gradients() {
    for case in reference()["states"].as_array().expect("cases") {
        let (kind, units) = (
            case["kind"].as_str().expect("a kind"),
            case["units"].as_u64().expect("units"),
        );
        let x = tensor(&case["x"]).with_gradient();
        let mut layer = layer(kind, units as usize, false, Tanh);
        layer.build(&x.shape()[1..], Seed(1)).expect("a layer");
        give_weights(&mut *layer, &tensors(&case["weights"]));
        let states: Vec<Tensor> = tensors(&case["states"])
            .iter()
            .map(Tensor::with_gradient)
            .collect();
        let state = State {
            hidden: states[0].clone(),
            cell: states.get(1).cloned(),
        };

        let (outputs, last) = layer.forward_with_state(&x, Some(&state)).expect("outputs");
        assert_like(kind, &outputs, &case["result"], FORWARD);
        let mut sum = weighted(&outputs).expect("a sum");
        for (place, state) in [Some(&last.hidden), last.cell.as_ref()]
            .into_iter()
            .flatten()
            .enumerate()
        {
            assert_like(
                &format!("{kind}, last state"),
                state,
                &case["last"][place],
                FORWARD,
            );
            sum = (sum + &(weighted(state).expect("a sum") * 2.0)).expect("a sum");
        }
        assert_eq!(last.cell.is_some(), kind == "LSTM");
        let gradients = sum.backward().expect("gradients");
        let weights = layer.parameters().into_iter().map(|(_, weights)| weights);
        let operands = [x].into_iter().chain(states).chain(weights);
        for (place, operand) in operands.enumerate() {
            let gradient = gradients.get(&operand).expect("a gradient");
            let what = format!("{kind}, gradient {place}");
            assert_like(&what, &gradient, &case["gradients"][place], GRADIENT);
        }
    }
}

#[test]
fn ten_steps_of_adam_end_in_pytorchs_weights() {
    for case in reference()["adam"].as_array().expect("cases") {
        let (kind, units) = (
            case["kind"].as_str().expect("a kind"),
            case["units"].as_u64().expect("units") as usize,
        );
        let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
        let layers = match kind {
            "SimpleRNN" => layers![
                SimpleRNN::new(units).return_sequences(true),
                SimpleRNN::new(units),
                Dense::new(1)
            ],
            "LSTM" => layers![
                LSTM::new(units).return_sequences(true),
                LSTM::new(units),
                Dense::new(1)
            ],
            _ => layers![
                GRU::new(units).return_sequences(true),
                GRU::new(units),
                Dense::new(1)
            ],
        };
        let mut model = Sequential::new(Input([5, 2]), layers, Seed(1)).expect("a model");
        for (own, values) in model.parameters_mut().into_iter().zip(tensors(&case["start"])) {
            own.assign(&values).expect("weights");
        }
        let adam = Adam {
            learning_rate: 0.01,
            ..Adam::default()
        };
        model
            .compile(adam, Loss::MeanSquaredError, &[])
            .expect("compiled");
        let options = Fit {
            epochs: 10,
            shuffle: false,
            verbose: false,
            ..Fit::default()
        };
        let history = model.fit(&x, &y, options).expect("trained");
        let losses = history.get("loss").expect("losses");
        assert_close(
            &format!("{kind}, losses"),
            losses,
            &numbers(&case["losses"]),
            FORWARD,
        );
        for (place, (name, weights)) in model.weights().into_iter().enumerate() {
            assert_like(
                &format!("{kind}, {name}"),
                &weights,
                &case["end"][place],
                GRADIENT,
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, rng_seed: RngSeed::Fixed(20), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_are_those_of_finite_differences(
        kind in 0..3_usize, batch in 1..4_usize, steps in 1..5_usize, features in 1..4_usize, units in 1..6_usize,
        sequences: bool, own_activation in 0..3_usize, seed: u64,
    ) {
        let activation = [Tanh, Sigmoid, Linear][own_activation];
        let mut layer = layer(KINDS[kind], units, sequences, activation);
        layer.build(&[steps, features], Seed(seed)).expect("a layer");
        let x = Tensor::uniform([batch, steps, features], -1.0, 1.0, Seed(seed ^ 1)).expect("inputs");
        slopes::of_layer(&mut *layer, &x, slopes::CURVED)?;
    }

    #[test]
    fn a_row_in_a_large_batch_gets_what_it_gets_alone(kind in 0..3_usize, batch in 2..40_usize, seed: u64) {
        let mut layer = layer(KINDS[kind], 32, true, Tanh);
        layer.build(&[20, 3], Seed(seed)).expect("a layer");
        let x = Tensor::uniform([batch, 20, 3], -1.0, 1.0, Seed(seed ^ 1)).expect("inputs");
        let together = layer.forward(&x, Mode::Inference).expect("outputs");
        for row in [0, batch / 2, batch - 1] {
            let alone = layer.forward(&x.rows(row..row + 1).expect("a row"), Mode::Inference).expect("outputs");
            let same = together.rows(row..row + 1).expect("a row");
            for (alone, together) in alone.to_vec().iter().zip(same.to_vec()) {
                prop_assert!((alone - together).abs() < 1e-5);
            }
        }
    }
}

/// The steps of a sequence in two pieces.
fn halves(x: &Tensor, at: usize) -> [Tensor; 2] {
    let [rows, steps, features]: [usize; 3] = x.shape().try_into().expect("a sequence");
    let values = x.to_vec();
    let part = |range: std::ops::Range<usize>| {
        let length = range.len();
        let kept = (0..rows).flat_map(|row| {
            values[(row * steps + range.start) * features..(row * steps + range.end) * features].to_vec()
        });
        Tensor::from_vec(kept.collect(), [rows, length, features]).expect("a part")
    };
    [part(0..at), part(at..steps)]
}

#[test]
fn a_stateful_layer_goes_on_where_the_batch_before_ended() -> Result<()> {
    let x = Tensor::uniform([3, 6, 2], -1.0, 1.0, Seed(4))?;
    let stateful: [(Box<dyn Layer>, Box<dyn Layer>); 3] = [
        (
            Box::new(SimpleRNN::new(5)),
            Box::new(SimpleRNN::new(5).stateful(true)),
        ),
        (Box::new(LSTM::new(5)), Box::new(LSTM::new(5).stateful(true))),
        (Box::new(GRU::new(5)), Box::new(GRU::new(5).stateful(true))),
    ];
    for (mut whole, mut stateful) in stateful {
        whole.build(&[6, 2], Seed(9))?;
        stateful.build(&[6, 2], Seed(9))?;
        let expected = whole.forward(&x, Mode::Training)?;
        for _ in 0..2 {
            let [first, second] = halves(&x, 4);
            stateful.forward(&first, Mode::Training)?;
            let output = stateful.forward(&second, Mode::Training)?;
            for (actual, expected) in output.to_vec().iter().zip(expected.to_vec()) {
                assert!((actual - expected).abs() < 1e-6, "{}", stateful.name());
            }
            let on = stateful.forward(&second, Mode::Training)?;
            assert_ne!(on.to_vec(), output.to_vec(), "the state is carried on");
            stateful.reset_state();
        }
    }
    Ok(())
}

#[test]
fn gradients_do_not_flow_into_the_batch_before() -> Result<()> {
    let mut layer = LSTM::new(3).stateful(true);
    layer.build(&[2, 1], Seed(9))?;
    let first = Tensor::ones([1, 2, 1])?.with_gradient();
    layer.forward(&first, Mode::Training)?;
    let gradients = layer
        .forward(&Tensor::ones([1, 2, 1])?, Mode::Training)?
        .sum()
        .backward()?;
    assert!(gradients.get(&first).is_err());
    Ok(())
}

#[test]
fn a_stateful_layer_says_that_the_batch_has_another_size() -> Result<()> {
    let mut layer = GRU::new(3).stateful(true);
    layer.build(&[2, 1], Seed(9))?;
    layer.forward(&Tensor::ones([4, 2, 1])?, Mode::Training)?;
    let error = layer
        .forward(&Tensor::ones([3, 2, 1])?, Mode::Training)
        .expect_err("another size");
    assert_eq!(
        error.to_string(),
        "GRU: expected batches of 4 rows, as the state that is carried on, got a batch of 3. What to do: choose a \
         batch size that divides the number of rows, or call reset_state() before."
    );
    layer.reset_state();
    layer.forward(&Tensor::ones([3, 2, 1])?, Mode::Training)?;
    Ok(())
}

#[test]
fn what_does_not_fit_is_an_error_that_says_so() {
    let build = |layers, input: Input| {
        Sequential::new(input, layers, Seed(1))
            .expect_err("a problem")
            .to_string()
    };
    let one_axis = build(layers![LSTM::new(4)], Input(7));
    assert!(one_axis.contains("LSTM: expected inputs of shape [steps, features], got shape [7]"));
    let stacked = build(layers![GRU::new(4), GRU::new(4)], Input([3, 1]));
    assert!(stacked.contains("return_sequences(true)"), "{stacked}");
    assert!(build(layers![SimpleRNN::new(0)], Input([3, 1])).contains("at least 1 unit"));
    assert!(build(layers![LSTM::new(2).activation(Softmax)], Input([3, 1])).contains("got Softmax"));
    assert!(build(layers![LSTM::new(2)], Input([0, 1])).contains("at least one feature"));
    assert!(build(layers![RepeatVector::new(0)], Input(3)).contains("at least 1 step"));
    assert!(build(layers![RepeatVector::new(2)], Input([3, 1])).contains("got shape [3, 1]"));
}

#[test]
fn a_layer_that_is_fed_wrongly_says_so() -> Result<()> {
    let mut lstm = LSTM::new(2);
    let unbuilt = lstm.forward(&Tensor::ones([1, 2, 1])?, Mode::Training);
    assert!(unbuilt.expect_err("no weights").to_string().contains("was built"));
    lstm.build(&[2, 1], Seed(1))?;
    for shape in [&[1, 2, 3][..], &[1, 2], &[2], &[1, 2, 1, 1]] {
        let error = lstm
            .forward(&Tensor::ones(shape)?, Mode::Training)
            .expect_err("another shape");
        assert!(
            error
                .to_string()
                .contains("expected inputs of shape [batch, steps, 1]"),
            "{error}"
        );
    }
    let x = Tensor::ones([2, 2, 1])?;
    let (_, last) = lstm.forward_with_state(&x, None)?;
    let without_cell = State {
        cell: None,
        ..last.clone()
    };
    assert!(lstm.forward_with_state(&x, Some(&without_cell)).is_err());
    assert!(
        lstm.forward_with_state(&Tensor::ones([3, 2, 1])?, Some(&last))
            .is_err()
    );
    let mut gru = GRU::new(2);
    gru.build(&[2, 1], Seed(1))?;
    let error = gru
        .forward_with_state(&x, Some(&last))
        .expect_err("a state of an LSTM");
    assert!(error.to_string().contains("hidden state alone"), "{error}");
    Ok(())
}

#[test]
fn weights_start_as_in_keras() -> Result<()> {
    let model = Sequential::new(Input([3, 2]), layers![LSTM::new(5)], Seed(3))?;
    let weights = model.weights();
    let names: Vec<&str> = weights.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["lstm.kernel", "lstm.recurrent_kernel", "lstm.bias"]);
    let bias: Vec<f32> = [0.0, 1.0, 0.0, 0.0].into_iter().flat_map(|b| [b; 5]).collect();
    assert_eq!(weights[2].1.to_vec(), bias);
    // Rows of the recurrent kernel: of length 1, at right angles.
    let recurrent = &weights[1].1;
    let products = recurrent.matmul(&recurrent.transpose()?)?;
    for row in 0..5 {
        for column in 0..5 {
            let expected = if row == column { 1.0 } else { 0.0 };
            assert!((products.at(&[row, column])? - expected).abs() < 1e-5);
        }
    }
    let bound = (6.0_f32 / (2.0 + 20.0)).sqrt();
    assert!(weights[0].1.to_vec().iter().all(|w| w.abs() <= bound));
    let gru = Sequential::new(Input([3, 2]), layers![GRU::new(5)], Seed(3))?;
    assert_eq!(gru.weights()[2].1.shape(), [2, 15]);
    Ok(())
}

#[test]
fn a_tall_orthogonal_matrix_has_columns_at_right_angles() -> Result<()> {
    let dense = layers![Dense::new(3).initializer(Initializer::Orthogonal)];
    let model = Sequential::new(Input(20), dense, Seed(5))?;
    let weights = &model.weights()[0].1;
    let products = weights.transpose()?.matmul(weights)?;
    for (place, product) in products.to_vec().into_iter().enumerate() {
        let expected = if place % 4 == 0 { 1.0 } else { 0.0 };
        assert!((product - expected).abs() < 1e-5, "{products}");
    }
    Ok(())
}

#[test]
fn the_configuration_names_every_option_that_a_saved_model_needs() {
    let config = LSTM::new(3)
        .return_sequences(true)
        .activation(ReLU)
        .config()
        .expect("options");
    let expected = Config::new()
        .with("units", 3)
        .with("activation", "ReLU")
        .with("return_sequences", true)
        .with("stateful", false);
    assert_eq!(config, expected);
    let bidirectional = Bidirectional::new(GRU::new(2)).config().expect("options");
    assert_eq!(bidirectional.text("layer").expect("a name"), "GRU");
    assert_eq!(
        RepeatVector::new(4).config(),
        Some(Config::new().with("steps", 4))
    );
}

#[test]
fn a_bidirectional_layer_reads_both_ways() -> Result<()> {
    let x = Tensor::uniform([2, 4, 3], -1.0, 1.0, Seed(2))?;
    let turned: Vec<f32> = x
        .to_vec()
        .chunks(12)
        .flat_map(|row| row.chunks(3).rev().flatten().copied().collect::<Vec<_>>())
        .collect();
    let turned = Tensor::from_vec(turned, [2, 4, 3])?;
    for sequences in [false, true] {
        let mut both = Bidirectional::new(LSTM::new(5).return_sequences(sequences));
        both.build(&[4, 3], Seed(6))?;
        let weights: Vec<Tensor> = both.parameters().into_iter().map(|(_, w)| w).collect();
        let mut one = LSTM::new(5).return_sequences(sequences);
        one.build(&[4, 3], Seed(7))?;
        give_weights(&mut one, &weights[..3]);
        let there = one.forward(&x, Mode::Inference)?.to_vec();
        give_weights(&mut one, &weights[3..]);
        let back = one.forward(&turned, Mode::Inference)?.to_vec();

        let output = both.forward(&x, Mode::Inference)?;
        let steps = if sequences { 4 } else { 1 };
        for (place, row) in output.to_vec().chunks(10).enumerate() {
            let mirrored = place / steps * steps + (steps - 1 - place % steps);
            assert_eq!(row[..5], there[place * 5..][..5]);
            assert_eq!(row[5..], back[mirrored * 5..][..5]);
        }
        // The sum of all outputs does not depend on weights in vain.
        let gradients = both.forward(&x, Mode::Training)?.sum().backward()?;
        assert_eq!(gradients.count(), 6);
    }
    Ok(())
}

#[test]
fn a_repeated_vector_gets_the_gradients_of_all_its_steps() -> Result<()> {
    let layer = RepeatVector::new(3);
    let x = Tensor::from_rows(&[[1.0, 2.0], [3.0, 4.0]])?.with_gradient();
    let output = layer.forward(&x, Mode::Training)?;
    assert_eq!(output.shape(), [2, 3, 2]);
    assert_eq!(output.to_vec()[..8], [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 3.0, 4.0]);
    let gradient = weighted(&output)?.backward()?.get(&x)?;
    assert_eq!(gradient.to_vec(), [6.0, 6.0, 6.0, 6.0]);
    Ok(())
}

#[test]
fn each_kind_learns_which_number_came_first() -> Result<()> {
    // Eight steps of noise, the first of which is to be remembered.
    let x = Tensor::uniform([200, 8, 1], -1.0, 1.0, Seed(11))?;
    let y: Vec<f32> = x.to_vec().chunks(8).map(|row| row[0]).collect();
    let y = Tensor::from_vec(y, [200, 1])?;
    for recurrent in [
        layers![SimpleRNN::new(12), Dense::new(1)],
        layers![LSTM::new(12), Dense::new(1)],
        layers![GRU::new(12), Dense::new(1)],
        layers![LSTM::new(12).return_sequences(true), GRU::new(12), Dense::new(1)],
        layers![Bidirectional::new(GRU::new(8)), Dense::new(1)],
    ] {
        let mut model = Sequential::new(Input([8, 1]), recurrent, Seed(3))?;
        let adam = Adam {
            learning_rate: 0.01,
            ..Adam::default()
        };
        model.compile(adam, Loss::MeanSquaredError, &[])?;
        let options = Fit {
            epochs: 60,
            verbose: false,
            ..Fit::default()
        };
        model.fit(&x, &y, options)?;
        // A third is what guessing 0 costs.
        let loss = model.evaluate(&x, &y)?.loss;
        assert!(loss < 0.02, "{model}: {loss}");
    }
    Ok(())
}

/// Four digits below 5 as classes, and the same digits the other way round.
fn digits(count: usize, seed: Seed) -> Result<(Tensor, Tensor)> {
    let mut random = seed.stream();
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let digits = [(); 4].map(|()| random.below(5));
        let as_classes = |digit: usize| (0..5).map(move |class| if class == digit { 1.0 } else { 0.0 });
        x.extend(digits.into_iter().flat_map(as_classes));
        y.extend(digits.into_iter().rev().flat_map(as_classes));
    }
    Ok((
        Tensor::from_vec(x, [count, 4, 5])?,
        Tensor::from_vec(y, [count, 4, 5])?,
    ))
}

#[test]
fn an_encoder_and_a_decoder_learn_to_say_digits_the_other_way_round() -> Result<()> {
    let (x, y) = digits(500, Seed(1))?;
    let (x_test, y_test) = digits(100, Seed(2))?;
    let head = Dense::new(5).activation(Softmax);
    let mut model = Seq2Seq::new(Input([4, 5]), LSTM::new(32), LSTM::new(32), 4, head, Seed(3))?;
    let adam = Adam {
        learning_rate: 0.01,
        ..Adam::default()
    };
    model.compile(adam, Loss::CategoricalCrossentropy, &[Metric::Accuracy])?;
    let before = model.evaluate(&x_test, &y_test)?.loss;
    let options = Fit {
        epochs: 40,
        validation_data: Some((&x_test, &y_test)),
        verbose: false,
        ..Fit::default()
    };
    let history = model.fit(&x, &y, options)?;
    assert!(history.last("val_loss").is_some_and(|loss| loss < 0.2));
    assert!(model.evaluate(&x_test, &y_test)?.loss < 0.2 * before);

    let said = model.predict(&x_test)?;
    assert_eq!(said.shape(), [100, 4, 5]);
    // Nine of ten digits in sequences never seen.
    assert!(model.evaluate(&x_test, &y_test)?.accuracy()? > 0.9);
    Ok(())
}

#[test]
fn a_sequence_model_says_what_does_not_fit() -> Result<()> {
    let model = |input: Input, decoder: LSTM, steps| {
        Seq2Seq::new(input, LSTM::new(3), decoder, steps, Dense::new(1), Seed(1))
    };
    let message =
        |input: Input, decoder: LSTM, steps| model(input, decoder, steps).expect_err("a problem").to_string();
    assert!(message(Input(4), LSTM::new(3), 2).contains("[steps, features]"));
    assert!(message(Input([4, 1]), LSTM::new(3), 0).contains("at least 1 step"));
    assert!(message(Input([4, 1]), LSTM::new(2), 2).contains("got LSTM::new(3) and LSTM::new(2)"));
    let model = model(Input([4, 1]), LSTM::new(3), 2)?;
    let error = model
        .predict(&Tensor::ones([2, 3, 1])?)
        .expect_err("another length");
    assert!(
        error.to_string().contains("expected x of shape [rows, 4, 1]"),
        "{error}"
    );
    let mut model = model;
    model.compile(Adam::default(), Loss::MeanSquaredError, &[])?;
    let (x, y) = (Tensor::ones([2, 4, 1])?, Tensor::ones([3, 2, 1])?);
    assert!(model.fit(&x, &y, Fit::default()).is_err());
    assert!(model.fit(&x, &Tensor::ones([2, 4, 1])?, Fit::default()).is_err());
    Ok(())
}

#[test]
fn the_loss_of_classes_at_each_step_is_that_of_as_many_rows() -> Result<()> {
    let scores = Tensor::uniform([2, 3, 4], -1.0, 1.0, Seed(1))?.with_gradient();
    let classes: Vec<f32> = (0..24)
        .map(|place| if place % 5 == 0 { 1.0 } else { 0.0 })
        .collect();
    let target = Tensor::from_vec(classes, [2, 3, 4])?;
    let from_scores = |scores: &Tensor| scores.softmax();
    let from_numbers = |scores: &Tensor| scores.exp() * 0.1;
    for probabilities in [&from_scores as &dyn Fn(&Tensor) -> Tensor, &from_numbers] {
        let whole = losses::categorical_crossentropy(&probabilities(&scores), &target)?;
        let rows = probabilities(&scores.reshape([6, 4])?);
        let of_rows = losses::categorical_crossentropy(&rows, &target.reshape([6, 4])?)?;
        assert!((whole.item()? - of_rows.item()?).abs() < 1e-6);
        let [whole, of_rows] = [whole, of_rows].map(|loss| loss.backward()?.get(&scores));
        for (own, other) in whole?.to_vec().iter().zip(of_rows?.to_vec()) {
            assert!((own - other).abs() < 1e-6);
        }
    }
    // A weight belongs to a sequence.
    let p = scores.softmax();
    let first =
        Loss::CategoricalCrossentropy.calculate_weighted(&p, &target, &Tensor::vector(&[2.0, 0.0])?)?;
    let [p, target] = [p.detach(), target].map(|all| all.rows(0..1));
    let alone = losses::categorical_crossentropy(&p?, &target?)?;
    assert!((first.item()? - alone.item()?).abs() < 1e-6);
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again_but(&[
        "an_encoder_and_a_decoder_learn",
        "each_kind_learns_which_number_came_first",
    ]);
}
