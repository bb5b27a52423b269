//! Networks as a learner uses them: built, trained, tested, and what they say when something does not fit.

mod portable;

use course_lib::prelude::*;

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

/// Two clouds of points, of class 0 and 1.
fn clouds(rows: usize) -> Result<(Tensor, Tensor)> {
    let noise = Tensor::normal([rows, 2], 0.0, 1.0, Seed(11))?;
    let classes: Vec<f32> = (0..rows).map(|row| (row % 2) as f32).collect();
    let y = Tensor::from_vec(classes, [rows, 1])?;
    let x = (&noise + &(&y * 3.0))?;
    Ok((x, y))
}

fn classifier(seed: u64) -> Result<Sequential> {
    let layers = layers![
        Dense::new(8).activation(ReLU),
        Dropout::new(0.1),
        Dense::new(1).activation(Sigmoid)
    ];
    let mut model = Sequential::new(Input(2), layers, Seed(seed))?;
    let adam = Adam {
        learning_rate: 0.01,
        ..Adam::default()
    };
    model.compile(adam, Loss::BinaryCrossentropy, &[Metric::Accuracy, Metric::Auc])?;
    Ok(model)
}

fn quiet(epochs: usize) -> Fit<'static> {
    Fit {
        epochs,
        verbose: false,
        ..Fit::default()
    }
}

#[test]
fn a_classifier_learns_and_its_history_shows_it() -> Result<()> {
    let (x, y) = clouds(200)?;
    let (x_val, y_val) = (x.rows(0..40)?, y.rows(0..40)?);
    let mut model = classifier(7)?;
    let history = model.fit(
        &x,
        &y,
        Fit {
            validation_data: Some((&x_val, &y_val)),
            ..quiet(30)
        },
    )?;
    let names = ["loss", "accuracy", "auc", "val_loss", "val_accuracy", "val_auc"];
    assert_eq!(history.names(), names);
    assert_eq!(history.epochs(), 30);
    let loss = history.get("loss").expect("a loss");
    assert!(loss[29] < loss[0] / 2.0, "{loss:?}");
    let score = model.evaluate(&x, &y)?;
    assert!(score.accuracy()? > 0.95, "{score}");
    assert!(score.get("auc")? > 0.98, "{score}");
    assert_eq!(score, model.evaluate(&x, &y)?);
    Ok(())
}

#[test]
fn equal_seeds_give_bit_identical_trainings() -> Result<()> {
    let (x, y) = clouds(100)?;
    let run = |seed| -> Result<(History, Tensor)> {
        let mut model = classifier(seed)?;
        let history = model.fit(&x, &y, quiet(5))?;
        Ok((history, model.predict(&x)?))
    };
    let ((first, first_output), (second, second_output)) = (run(3)?, run(3)?);
    assert_eq!(first.get("loss"), second.get("loss"));
    assert_eq!(first_output, second_output);
    assert_ne!(first_output, run(4)?.1);
    Ok(())
}

#[test]
fn training_goes_on_where_it_was() -> Result<()> {
    let (x, y) = clouds(100)?;
    let mut at_once = classifier(3)?;
    let whole = at_once.fit(&x, &y, quiet(6))?;
    let mut in_parts = classifier(3)?;
    in_parts.fit(&x, &y, quiet(2))?;
    let rest = in_parts.fit(&x, &y, quiet(4))?;
    assert_eq!(rest.get("loss"), whole.get("loss").map(|loss| &loss[2..]));
    Ok(())
}

#[test]
fn a_part_of_the_rows_is_kept_for_validation() -> Result<()> {
    let (x, y) = clouds(100)?;
    let (mut split, mut given) = (classifier(3)?, classifier(3)?);
    let first = split.fit(
        &x,
        &y,
        Fit {
            validation_split: 0.25,
            ..quiet(3)
        },
    )?;
    let (x_val, y_val) = (x.rows(75..100)?, y.rows(75..100)?);
    let options = Fit {
        validation_data: Some((&x_val, &y_val)),
        ..quiet(3)
    };
    let second = given.fit(&x.rows(0..75)?, &y.rows(0..75)?, options)?;
    assert_eq!(first.get("val_loss"), second.get("val_loss"));
    assert_eq!(first.get("loss"), second.get("loss"));
    Ok(())
}

#[test]
fn a_fifth_of_455_rows_is_91_rows_although_a_single_precision_fifth_is_a_hair_more() -> Result<()> {
    let (x, y) = clouds(455)?;
    let (mut split, mut given) = (classifier(3)?, classifier(3)?);
    let options = Fit {
        validation_split: 0.2,
        ..quiet(1)
    };
    let first = split.fit(&x, &y, options)?;
    let second = given.fit(&x.rows(0..364)?, &y.rows(0..364)?, quiet(1))?;
    assert_eq!(first.get("loss"), second.get("loss"));
    Ok(())
}

#[test]
fn several_classes_are_learned_from_numbers_and_from_one_hot_rows() -> Result<()> {
    let x = Tensor::uniform([120, 2], -1.0, 1.0, Seed(5))?;
    let classes: Vec<f32> = x
        .to_rows()?
        .iter()
        .map(|row| {
            if row[0] > 0.2 {
                2.0
            } else {
                f32::from(row[1] > 0.0)
            }
        })
        .collect();
    let rows: Vec<[f32; 3]> = classes
        .iter()
        .map(|class| [0.0, 1.0, 2.0].map(|other| f32::from(other == *class)))
        .collect();
    let (numbers, one_hot) = (Tensor::vector(&classes)?, Tensor::from_rows(&rows)?);
    let run = |loss, y: &Tensor| -> Result<(History, Score)> {
        let layers = layers![Dense::new(16).activation(Tanh), Dense::new(3).activation(Softmax)];
        let mut model = Sequential::new(Input(2), layers, Seed(2))?;
        model.compile(
            Adam {
                learning_rate: 0.03,
                ..Adam::default()
            },
            loss,
            &[Metric::Accuracy],
        )?;
        Ok((model.fit(&x, y, quiet(60))?, model.evaluate(&x, y)?))
    };
    let (first, score) = run(Loss::SparseCategoricalCrossentropy, &numbers)?;
    let (second, _) = run(Loss::CategoricalCrossentropy, &one_hot)?;
    assert!(score.accuracy()? > 0.95, "{score}");
    let pairs = first
        .get("loss")
        .into_iter()
        .flatten()
        .zip(second.get("loss").into_iter().flatten());
    assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4));
    Ok(())
}

#[test]
fn a_loop_by_hand_does_what_fit_does() -> Result<()> {
    let (x, y) = clouds(64)?;
    let network = || {
        let layers = layers![Dense::new(4).activation(Tanh), Dense::new(1).activation(Sigmoid)];
        Sequential::new(Input(2), layers, Seed(9))
    };
    let mut fitted = network()?;
    fitted.compile(SGD::default(), Loss::BinaryCrossentropy, &[])?;
    fitted.fit(
        &x,
        &y,
        Fit {
            batch_size: 64,
            shuffle: false,
            ..quiet(5)
        },
    )?;
    let mut model = network()?;
    let mut optimizer = SGD::default();
    for _ in 0..5 {
        let output = model.forward(&x)?;
        let loss = losses::binary_crossentropy(&output, &y)?;
        let gradients = loss.backward()?;
        optimizer.step(&mut model, &gradients)?;
    }
    assert_eq!(model.predict(&x)?, fitted.predict(&x)?);
    Ok(())
}

#[test]
fn confident_mistakes_give_a_finite_loss() -> Result<()> {
    let mut model = Sequential::new(Input(1), layers![Dense::new(1).activation(Sigmoid)], Seed(1))?;
    model.set_weights("dense.weights", &Tensor::full([1, 1], 1000.0)?)?;
    model.compile(SGD::default(), Loss::BinaryCrossentropy, &[])?;
    let (x, y) = (Tensor::from_rows(&[[1.0]])?, Tensor::vector(&[0.0])?);
    assert_eq!(model.predict(&x)?.item()?, 1.0);
    assert_eq!(model.evaluate(&x, &y)?.loss, 1000.0);
    Ok(())
}

#[test]
fn the_summary_is_the_table_that_everyone_knows() -> Result<()> {
    let layers = layers![
        Flatten::new(),
        Dense::new(512).activation(ReLU),
        Dropout::new(0.2),
        Dense::new(10),
        Softmax
    ];
    let model = Sequential::new(Input([28, 28]), layers, Seed(1))?;
    let summary = model.summary();
    assert_eq!(summary.parameters(), 407_050);
    assert_eq!(summary.trainable_parameters(), 407_050);
    let text = summary.to_string();
    for part in [
        "Layer (type)",
        "Output Shape",
        "Param #",
        "dense_1 (Dense)",
        "(None, 512)",
        "401,920",
        "1.55 MB",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(
        summary
            .rich()
            .forms()
            .iter()
            .any(|(mime, _)| *mime == "text/html")
    );
    Ok(())
}

#[test]
fn what_does_not_fit_is_explained_before_anything_is_learned() -> Result<()> {
    let (x, y) = clouds(20)?;
    let mut model = classifier(7)?;
    let before = model.predict(&x)?;
    let bad = Tensor::from_rows(&[[1.0, f32::NAN]])?;
    let label = Tensor::full([20, 1], 2.0)?;
    assert!(message(model.fit(&x.reshape([10, 4])?, &y, quiet(1))).contains("[rows, 2]"));
    assert!(message(model.fit(&x.rows(0..10)?, &y, quiet(1))).contains("10 rows"));
    assert!(message(model.fit(&bad, &y.rows(0..1)?, quiet(1))).contains("row 0, column 1"));
    assert!(message(model.fit(&x, &label, quiet(1))).contains("a target of 2"));
    assert!(message(model.fit(&x, &Tensor::zeros([20, 3])?, quiet(1))).contains("[20, 3]"));
    assert!(message(model.fit(&x, &y, quiet(0))).contains("epochs: 0"));
    assert!(
        message(model.fit(
            &x,
            &y,
            Fit {
                batch_size: 0,
                ..quiet(1)
            }
        ))
        .contains("batch_size: 0")
    );
    assert!(
        message(model.fit(
            &x,
            &y,
            Fit {
                validation_split: 1.0,
                ..quiet(1)
            }
        ))
        .contains("validation_split")
    );
    assert!(
        message(model.fit(
            &x,
            &y,
            Fit {
                validation_data: Some((&bad, &y)),
                ..quiet(1)
            }
        ))
        .contains("1 rows")
    );
    assert!(message(model.predict(&x.row(0)?)).contains("reshape"));
    assert!(message(model.predict(&bad)).contains("NaN"));
    assert!(message(model.evaluate(&x, &y.rows(0..3)?)).contains("20 rows"));
    assert!(message(model.set_weights("dense_9.bias", &y)).contains("dense_1.bias"));
    assert!(message(model.set_weights("dense.bias", &y)).contains("[8]"));
    assert_eq!(
        model.predict(&x)?,
        before,
        "a failed fit leaves the weights alone"
    );
    model.fit(&x, &y, quiet(1))?;
    Ok(())
}

#[test]
fn a_network_that_cannot_work_is_not_built() -> Result<()> {
    assert!(message(Sequential::new(Input(0), layers![Dense::new(1)], Seed(1))).contains("Input([0])"));
    assert!(message(Sequential::new(Input(2), layers![], Seed(1))).contains("at least one layer"));
    assert!(message(Sequential::new(Input(2), layers![Dense::new(0)], Seed(1))).contains("0 units"));
    assert!(message(Sequential::new(Input(2), layers![Dropout::new(1.0)], Seed(1))).contains("0.2"));
    assert!(message(Sequential::new(Input([8, 8, 3]), layers![Dense::new(1)], Seed(1))).contains("Flatten"));
    let mut one = Sequential::new(Input(2), layers![Dense::new(1)], Seed(1))?;
    let (x, y) = clouds(4)?;
    assert!(message(one.fit(&x, &y, quiet(1))).contains("compile"));
    assert!(message(one.evaluate(&x, &y)).contains("compile"));
    let error = message(one.compile(SGD::default(), Loss::CategoricalCrossentropy, &[]));
    assert!(error.contains("BinaryCrossentropy"));
    Ok(())
}

#[test]
fn a_training_that_diverges_says_so() -> Result<()> {
    let x = Tensor::full([8, 1], 1e10)?;
    let y = Tensor::zeros([8, 1])?;
    let mut model = Sequential::new(Input(1), layers![Dense::new(1)], Seed(1))?;
    model.compile(
        SGD {
            learning_rate: 10.0,
            ..SGD::default()
        },
        Loss::MeanSquaredError,
        &[],
    )?;
    assert!(message(model.fit(&x, &y, quiet(50))).contains("learning rate"));
    Ok(())
}

#[test]
fn an_optimizer_refuses_options_and_gradients_that_make_no_sense() -> Result<()> {
    let mut w = Tensor::scalar(1.0).with_gradient();
    let mut other = Tensor::scalar(1.0).with_gradient();
    let gradients = w.square().backward()?;
    let step = |mut optimizer: Box<dyn Optimizer>, w: &mut Tensor| optimizer.step(w, &gradients);
    let adam = |change: fn(&mut Adam)| {
        let mut adam = Adam::default();
        change(&mut adam);
        Box::new(adam)
    };
    assert!(message(step(adam(|a| a.learning_rate = 0.0), &mut w)).contains("learning_rate"));
    assert!(message(step(adam(|a| a.beta_1 = 1.0), &mut w)).contains("beta_1"));
    assert!(message(step(adam(|a| a.epsilon = f32::NAN), &mut w)).contains("epsilon"));
    let sgd = SGD {
        momentum: 1.5,
        ..SGD::default()
    };
    assert!(message(step(Box::new(sgd), &mut w)).contains("momentum"));
    assert!(message(step(Box::<SGD>::default(), &mut other)).contains("this model"));
    step(Box::<SGD>::default(), &mut w)
}

#[test]
fn dropout_keeps_the_mean_and_rests_outside_training() -> Result<()> {
    let model = Sequential::new(Input(1000), layers![Dropout::new(0.25)], Seed(4))?;
    let x = Tensor::ones([10, 1000])?;
    let dropped = model.forward(&x)?;
    assert!((dropped.mean().item()? - 1.0).abs() < 0.02);
    let zeros = dropped.to_vec().iter().filter(|value| **value == 0.0).count();
    assert!((2_300..2_700).contains(&zeros), "{zeros} of 10,000 left out");
    assert_ne!(model.forward(&x)?, dropped);
    assert_eq!(model.predict(&x)?, x);
    Ok(())
}

#[test]
fn initial_weights_are_glorots_and_biases_are_zero() -> Result<()> {
    let model = Sequential::new(Input(100), layers![Dense::new(200)], Seed(1))?;
    let weights = model.weights();
    let names: Vec<&str> = weights.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dense.weights", "dense.bias"]);
    let bound = (6.0_f32 / 300.0).sqrt();
    let values = weights[0].1.to_vec();
    assert!(values.iter().all(|value| value.abs() <= bound));
    assert!(values.iter().any(|value| value.abs() > 0.99 * bound));
    assert_eq!(weights[1].1, Tensor::zeros([200])?);
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
