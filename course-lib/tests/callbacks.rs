//! What `fit` does beside learning: callbacks, row weights, clipping.

use course_lib::prelude::*;

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

fn file(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("course-callbacks-{}-{name}", std::process::id()))
}

/// A line with noise, and a linear network that learns it.
fn task() -> Result<(Tensor, Tensor, Sequential)> {
    let x = Tensor::uniform([60, 1], -1.0, 1.0, Seed(1))?;
    let y = ((&x * 3.0) + Tensor::normal([60, 1], 0.0, 0.3, Seed(2))?)?;
    let mut model = Sequential::new(Input(1), layers![Dense::new(1)], Seed(7))?;
    let sgd = SGD {
        learning_rate: 0.1,
        ..SGD::default()
    };
    model.compile(sgd, Loss::MeanSquaredError, &[Metric::RSquared])?;
    Ok((x, y, model))
}

fn quiet(epochs: usize) -> Fit<'static> {
    Fit {
        epochs,
        verbose: false,
        ..Fit::default()
    }
}

/// Sets the weight after each epoch, so that the course of the loss is known.
struct Weights(Vec<f32>);

impl Callback for Weights {
    fn on_epoch_begin(&mut self, training: &mut Training<'_>) -> Result<()> {
        let weight = self.0[training.epoch() - 1];
        let model = training.model_mut();
        model.set_weights("dense.weights", &Tensor::full([1, 1], weight)?)
    }
}

/// Steps too small to change anything, so that only `Weights` does.
fn still() -> Result<(Tensor, Tensor, Sequential)> {
    let x = Tensor::ones([4, 1])?;
    let y = Tensor::zeros([4, 1])?;
    let mut model = Sequential::new(Input(1), layers![Dense::new(1).use_bias(false)], Seed(7))?;
    let sgd = SGD {
        learning_rate: 1e-20,
        ..SGD::default()
    };
    model.compile(sgd, Loss::MeanSquaredError, &[])?;
    Ok((x, y, model))
}

#[test]
fn a_training_stops_when_it_gets_no_better_and_keeps_its_best_weights() -> Result<()> {
    let (x, y, mut model) = still()?;
    let mut early = EarlyStopping {
        patience: 2,
        restore_best_weights: true,
        ..EarlyStopping::default()
    };
    let options = Fit {
        validation_data: Some((&x, &y)),
        callbacks: callbacks![Weights(vec![5.0, 3.0, 2.0, 4.0, 6.0, 1.0]), &mut early],
        ..quiet(6)
    };
    let history = model.fit(&x, &y, options)?;
    assert_eq!(history.get("val_loss"), Some(&[25.0, 9.0, 4.0, 16.0, 36.0][..]));
    assert_eq!(early.best.value(), Some(4.0));
    assert_eq!(model.predict(&x)?.at(&[0, 0])?, 2.0);
    // Without that wish, the last weights stay; and a difference that is too small is none.
    let early = EarlyStopping {
        monitor: "loss",
        min_delta: 6.0,
        patience: 1,
        ..EarlyStopping::default()
    };
    let options = Fit {
        callbacks: callbacks![Weights(vec![5.0, 3.0, 2.0, 4.0, 6.0, 1.0]), early],
        ..quiet(6)
    };
    assert_eq!(model.fit(&x, &y, options)?.epochs(), 3);
    assert_eq!(model.predict(&x)?.at(&[0, 0])?, 2.0);
    Ok(())
}

#[test]
fn higher_is_better_where_the_name_says_so() -> Result<()> {
    let (x, y, mut model) = task()?;
    let early = EarlyStopping {
        monitor: "r_squared",
        patience: 3,
        ..EarlyStopping::default()
    };
    let options = Fit {
        callbacks: callbacks![early],
        ..quiet(5)
    };
    assert_eq!(model.fit(&x, &y, options)?.epochs(), 5);
    let early = EarlyStopping {
        monitor: "r_squared",
        mode: MonitorMode::Min,
        patience: 3,
        ..EarlyStopping::default()
    };
    let (x, y, mut model) = task()?;
    let options = Fit {
        callbacks: callbacks![early],
        ..quiet(9)
    };
    assert_eq!(model.fit(&x, &y, options)?.epochs(), 4);
    Ok(())
}

#[test]
fn the_best_network_is_saved_and_comes_back() -> Result<()> {
    let (x, y, mut model) = still()?;
    let (best, each) = (file("best.safetensors"), file("{epoch}.safetensors"));
    let options = Fit {
        callbacks: callbacks![
            Weights(vec![5.0, 2.0, 4.0]),
            ModelCheckpoint {
                monitor: "loss",
                save_best_only: true,
                ..ModelCheckpoint::new(&best)
            },
            ModelCheckpoint::new(each)
        ],
        ..quiet(3)
    };
    model.fit(&x, &y, options)?;
    let weight = |path| Sequential::load(path)?.predict(&x)?.at(&[0, 0]);
    assert_eq!(weight(best)?, 2.0);
    for (epoch, expected) in [(1, 5.0), (2, 2.0), (3, 4.0)] {
        assert_eq!(weight(file(&format!("{epoch}.safetensors")))?, expected);
    }
    Ok(())
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_an_error_before_anything_is_learned() -> Result<()> {
    /// A layer that says nothing of its options.
    #[derive(Debug)]
    struct Own;

    impl Layer for Own {
        fn name(&self) -> &str {
            "Own"
        }

        fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
            Ok(input.to_vec())
        }

        fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
            Ok(input.clone())
        }
    }

    let (x, y, mut known) = task()?;
    let mut own = Sequential::new(Input(1), layers![Own, Dense::new(1)], Seed(7))?;
    own.compile(SGD::default(), Loss::MeanSquaredError, &[])?;
    let refused = |model: &mut Sequential, path: std::path::PathBuf| -> Result<String> {
        let before = model.weights();
        let options = Fit {
            callbacks: callbacks![ModelCheckpoint::new(path)],
            ..quiet(3)
        };
        let error = message(model.fit(&x, &y, options));
        for ((name, before), (_, after)) in before.iter().zip(model.weights()) {
            assert_eq!(*before, after, "{name}");
        }
        Ok(error)
    };
    let error = refused(&mut own, file("own.safetensors"))?;
    assert!(error.contains("Own, which has no config()"), "{error}");
    assert!(!file("own.safetensors").exists());
    let error = refused(&mut known, file("no-such-folder").join("best.safetensors"))?;
    assert!(
        error.contains("no-such-folder") && error.contains("create_dir_all"),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_second_training_has_a_best_network_of_its_own() -> Result<()> {
    let (x, y, mut model) = still()?;
    let path = file("second.safetensors");
    let mut best = ModelCheckpoint {
        monitor: "loss",
        save_best_only: true,
        ..ModelCheckpoint::new(&path)
    };
    for (weights, kept) in [(vec![1.0, 2.0], 1.0), (vec![5.0, 4.0], 4.0)] {
        let options = Fit {
            callbacks: callbacks![Weights(weights), &mut best],
            ..quiet(2)
        };
        model.fit(&x, &y, options)?;
        assert_eq!(Sequential::load(&path)?.predict(&x)?.at(&[0, 0])?, kept);
    }
    std::fs::remove_file(&path).ok();
    Ok(())
}

#[test]
fn the_learning_rate_follows_a_schedule_or_falls_on_a_plateau() -> Result<()> {
    let (x, y, mut model) = task()?;
    let schedule = Schedule::Step {
        start: 0.1,
        factor: 0.5,
        every: 2,
    };
    let options = Fit {
        callbacks: callbacks![LearningRateSchedule(schedule)],
        ..quiet(5)
    };
    let history = model.fit(&x, &y, options)?;
    let rates = history.get("learning_rate").expect("rates");
    assert_eq!(rates, [0.1, 0.1, 0.05, 0.05, 0.025]);

    let (x, y, mut model) = still()?;
    let plateau = ReduceLROnPlateau {
        monitor: "loss",
        factor: 0.5,
        patience: 2,
        cooldown: 1,
        min_lr: 3e-21,
        ..ReduceLROnPlateau::default()
    };
    let options = Fit {
        callbacks: callbacks![Weights(vec![2.0; 10]), plateau],
        ..quiet(10)
    };
    let history = model.fit(&x, &y, options)?;
    // Epochs 2 and 3 wait, 4 cools down and waits, 5 waits; then the rate is as low as it may be.
    let rates = history.get("learning_rate").expect("rates");
    let halves: Vec<f32> = rates.iter().map(|rate| (rate / 1e-20 * 100.0).round()).collect();
    assert_eq!(
        halves,
        [100.0, 100.0, 100.0, 50.0, 50.0, 30.0, 30.0, 30.0, 30.0, 30.0]
    );
    Ok(())
}

#[test]
fn a_log_holds_every_epoch() -> Result<()> {
    let (x, y, mut model) = task()?;
    let path = file("log.csv");
    let mut seen = Vec::new();
    let options = Fit {
        validation_split: 0.2,
        callbacks: callbacks![
            CSVLogger::new(&path),
            on_epoch_end(|training| {
                seen.push((training.epoch(), training.get("val_loss")?, training.epochs()));
                Ok(())
            })
        ],
        ..quiet(3)
    };
    let history = model.fit(&x, &y, options)?;
    let text = std::fs::read_to_string(path).expect("a log");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "epoch,loss,r_squared,val_loss,val_r_squared");
    assert_eq!(lines.len(), 4);
    let loss = history.get("loss").expect("losses");
    let last: Vec<&str> = lines[3].split(',').collect();
    assert_eq!((last[0], last[1]), ("3", loss[2].to_string().as_str()));
    let val_loss = history.get("val_loss").expect("losses");
    assert_eq!(
        seen,
        [(1, val_loss[0], 3), (2, val_loss[1], 3), (3, val_loss[2], 3)]
    );
    Ok(())
}

#[test]
fn a_callback_that_cannot_work_is_an_error_before_anything_is_learned() -> Result<()> {
    let (x, y, mut model) = task()?;
    let before = model.predict(&x)?;
    let mut refused = |callbacks: Vec<Box<dyn Callback>>, because: &str| {
        let options = Fit {
            callbacks,
            ..quiet(2)
        };
        let error = message(model.fit(&x, &y, options));
        assert!(error.contains(because), "{error}");
    };
    refused(callbacks![EarlyStopping::default()], "validation_split");
    let monitor = "acuracy";
    refused(
        callbacks![ReduceLROnPlateau {
            monitor,
            ..ReduceLROnPlateau::default()
        }],
        "acuracy",
    );
    refused(
        callbacks![ReduceLROnPlateau {
            factor: 1.0,
            ..ReduceLROnPlateau::default()
        }],
        "factor",
    );
    refused(
        callbacks![CSVLogger::new(file("no folder").join("log.csv"))],
        "no folder",
    );
    let schedule = Schedule::Piecewise {
        rates: vec![(3, 0.1)],
    };
    refused(callbacks![LearningRateSchedule(schedule)], "start at 0");
    assert_eq!(model.predict(&x)?, before);
    // An error in the middle of it ends the training, and the model can be used on.
    let failing = on_epoch_end(|training| match training.epoch() {
        2 => training.get("nothing").map(|_| ()),
        _ => Ok(()),
    });
    let error = message(model.fit(
        &x,
        &y,
        Fit {
            callbacks: callbacks![failing],
            ..quiet(5)
        },
    ));
    assert!(error.contains("nothing"), "{error}");
    model.fit(&x, &y, quiet(1))?;
    Ok(())
}

#[test]
fn a_class_of_double_weight_counts_as_if_its_rows_were_there_twice() -> Result<()> {
    let x = Tensor::from_rows(&[[0.1, 0.9], [0.4, -0.2], [-0.7, 0.3]])?;
    let y = Tensor::vector(&[1.0, 0.0, 0.0])?;
    let twice = x.select_rows(&[0, 0, 1, 2])?;
    let y_twice = Tensor::vector(&[1.0, 1.0, 0.0, 0.0])?;
    let run = |x: &Tensor, y: &Tensor, rate: f32, options: Fit<'_>| -> Result<Vec<f32>> {
        let layers = layers![Dense::new(1).activation(Sigmoid)];
        let mut model = Sequential::new(Input(2), layers, Seed(3))?;
        let sgd = SGD {
            learning_rate: rate,
            ..SGD::default()
        };
        model.compile(sgd, Loss::BinaryCrossentropy, &[])?;
        model.fit(x, y, options)?;
        Ok(model.predict(&twice)?.to_vec())
    };
    // The mean is over 3 rows instead of 4.
    let expected = run(&twice, &y_twice, 0.4, quiet(20))?;
    let class_weights = Some(&[1.0, 2.0][..]);
    let actual = run(
        &x,
        &y,
        0.3,
        Fit {
            class_weights,
            ..quiet(20)
        },
    )?;
    let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(close(&actual, &expected), "{actual:?} {expected:?}");
    let of_rows = Tensor::vector(&[2.0, 1.0, 1.0])?;
    let sample_weights = Some(&of_rows);
    let actual = run(
        &x,
        &y,
        0.3,
        Fit {
            sample_weights,
            ..quiet(20)
        },
    )?;
    assert!(close(&actual, &expected), "{actual:?} {expected:?}");

    let refused = |options: Fit<'_>, because: &str| {
        let error = message(run(&x, &y, 0.3, options));
        assert!(error.contains(because), "{error}");
    };
    refused(
        Fit {
            class_weights: Some(&[1.0]),
            ..quiet(1)
        },
        "a label of 1",
    );
    refused(
        Fit {
            class_weights: Some(&[1.0, -2.0]),
            ..quiet(1)
        },
        "-2",
    );
    refused(
        Fit {
            sample_weights: Some(&x),
            ..quiet(1)
        },
        "3 sample_weights",
    );
    Ok(())
}

#[test]
fn clipped_gradients_make_small_steps() -> Result<()> {
    let run = |options: Fit<'_>| -> Result<f32> {
        let x = Tensor::full([4, 1], 100.0)?;
        let mut model = Sequential::new(Input(1), layers![Dense::new(1).use_bias(false)], Seed(3))?;
        let sgd = SGD {
            learning_rate: 1.0,
            ..SGD::default()
        };
        model.compile(sgd, Loss::MeanSquaredError, &[])?;
        model.set_weights("dense.weights", &Tensor::full([1, 1], 2.0)?)?;
        model.fit(&x, &Tensor::zeros([4, 1])?, options)?;
        model.weights()[0].1.item()
    };
    let norm = run(Fit {
        clip_norm: Some(0.25),
        ..quiet(1)
    })?;
    assert!((norm - 1.75).abs() < 1e-5, "{norm}");
    assert_eq!(
        run(Fit {
            clip_value: Some(0.5),
            ..quiet(1)
        })?,
        1.5
    );
    assert!(
        message(run(Fit {
            clip_norm: Some(0.0),
            ..quiet(1)
        }))
        .contains("clip_norm")
    );
    Ok(())
}

#[test]
fn a_callback_can_evaluate_the_network_on_other_data() -> Result<()> {
    let (x, y, mut model) = still()?;
    let mut losses = Vec::new();
    let other = Tensor::full([4, 1], 2.0)?;
    let watch = on_epoch_end(|training| {
        losses.push(training.model().evaluate(&other, &y)?.loss);
        Ok(())
    });
    let options = Fit {
        callbacks: callbacks![Weights(vec![5.0, 3.0]), watch],
        ..quiet(2)
    };
    model.fit(&x, &y, options)?;
    assert_eq!(losses, [100.0, 36.0]);
    // Its optimiser is at work meanwhile: a training within a training is an error.
    let mut inner = None;
    let options = Fit {
        callbacks: callbacks![on_epoch_end(|training| {
            inner = Some(training.model_mut().fit(&x, &y, quiet(1)));
            Ok(())
        })],
        ..quiet(1)
    };
    model.fit(&x, &y, options)?;
    assert!(message(inner.expect("it was tried")).contains("compile"));
    model.fit(&x, &y, quiet(1)).map(|_| ())
}
