//! Losses, optimisers, clipping and schedules beside PyTorch's, which `reference/make_training.py` made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{FORWARD, GRADIENT, assert_close, assert_each, numbers, tensor};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/training.json")).expect("training.json is JSON")
}

fn check_loss(name: &str, loss: impl Fn(&Tensor, &Tensor) -> Result<Tensor>) -> Result<()> {
    let case = &reference()["losses"][name];
    let x = tensor(&case["inputs"][0]).with_gradient();
    let loss = loss(&x, &tensor(&case["target"]))?;
    assert_close(name, &loss.to_vec(), &numbers(&case["result"]["values"]), FORWARD);
    let gradient = loss.backward()?.get(&x)?;
    let what = format!("{name}, gradient");
    assert_close(
        &what,
        &gradient.to_vec(),
        &numbers(&case["gradients"][0]["values"]),
        GRADIENT,
    );
    Ok(())
}

#[test]
fn huber_and_hinge_losses_are_pytorchs() -> Result<()> {
    check_loss("huber", |x, t| losses::huber(x, t, 1.0))?;
    check_loss("huber_half", |x, t| Loss::Huber(0.5).calculate(x, t))?;
    check_loss("hinge", losses::hinge)?;
    // The same classes as 0 and 1.
    check_loss("hinge", |x, t| {
        losses::hinge(x, &((t + &Tensor::scalar(1.0))? * 0.5))
    })
}

#[test]
fn rows_count_as_much_as_their_weights_say() -> Result<()> {
    let weighted = |name: &str, loss: Loss, activation: Activation| {
        let weights = tensor(&reference()["losses"][name]["row_weights"]);
        check_loss(name, |x, t| {
            loss.calculate_weighted(&activation.apply(x), t, &weights)
        })
    };
    weighted("weighted_mse", Loss::MeanSquaredError, Linear)?;
    weighted("weighted_mae", Loss::MeanAbsoluteError, Linear)?;
    weighted("weighted_huber", Loss::Huber(1.0), Linear)?;
    weighted("weighted_hinge", Loss::Hinge, Linear)?;
    weighted("weighted_bce", Loss::BinaryCrossentropy, Sigmoid)?;
    weighted("weighted_bce_probabilities", Loss::BinaryCrossentropy, Linear)?;
    weighted("weighted_cce", Loss::CategoricalCrossentropy, Softmax)?;
    weighted(
        "weighted_cce_probabilities",
        Loss::CategoricalCrossentropy,
        Linear,
    )?;
    weighted("weighted_scce", Loss::SparseCategoricalCrossentropy, Softmax)?;
    weighted(
        "weighted_scce_probabilities",
        Loss::SparseCategoricalCrossentropy,
        Linear,
    )
}

#[test]
fn a_target_that_is_learned_gets_the_negative_gradient_also_where_it_is_the_output_itself() -> Result<()> {
    let (a, b) = (
        Tensor::vector(&[1.0, 4.0])?.with_gradient(),
        Tensor::vector(&[2.0, 2.0])?.with_gradient(),
    );
    let gradients = losses::mse(&a, &b)?.backward()?;
    assert_eq!(gradients.get(&a)?.to_vec(), [-1.0, 2.0]);
    assert_eq!(gradients.get(&b)?.to_vec(), [1.0, -2.0]);
    let itself = losses::mae(&a, &a)?;
    assert_eq!(itself.item()?, 0.0);
    assert_eq!(itself.backward()?.get(&a)?.to_vec(), [0.0, 0.0]);
    Ok(())
}

#[test]
fn losses_refuse_what_they_cannot_take() -> Result<()> {
    let x = Tensor::vector(&[0.5, 0.5, 0.5])?;
    let refused = |result: Result<Tensor>| result.expect_err("an error").to_string();
    assert!(refused(losses::huber(&x, &x, 0.0)).contains("delta"));
    assert!(refused(losses::hinge(&x, &Tensor::vector(&[1.0, -1.0, 0.0])?)).contains("a target of 0"));
    assert!(refused(losses::hinge(&x, &Tensor::ones([2])?)).contains("[2]"));
    let loss =
        |weights: &[f32]| Loss::Hinge.calculate_weighted(&x, &Tensor::ones([3])?, &Tensor::vector(weights)?);
    assert!(refused(loss(&[1.0, 1.0])).contains("3 row weights"));
    assert!(refused(loss(&[1.0, -1.0, 1.0])).contains("-1"));
    assert!(refused(loss(&[1.0, f32::NAN, 1.0])).contains("NaN"));
    Ok(())
}

fn model(case: &Value) -> Result<Sequential> {
    let layers = layers![Dense::new(6).activation(Tanh), Dense::new(2)];
    let mut model = Sequential::new(Input(4), layers, Seed(1))?;
    let names: Vec<String> = model.weights().into_iter().map(|(name, _)| name).collect();
    let start = case["parameters"].as_array().expect("a list");
    for (name, values) in names.iter().zip(start) {
        model.set_weights(name, &tensor(values))?;
    }
    Ok(model)
}

fn optimizer(name: &str) -> Box<dyn Optimizer> {
    let adagrad = Adagrad {
        learning_rate: 0.05,
        ..Adagrad::default()
    };
    match name {
        "RMSprop" => Box::new(RMSprop {
            learning_rate: 0.01,
            ..RMSprop::default()
        }),
        "RMSprop_momentum" => Box::new(RMSprop {
            learning_rate: 0.005,
            rho: 0.99,
            momentum: 0.9,
            ..RMSprop::default()
        }),
        "AdamW" => Box::new(AdamW {
            learning_rate: 0.01,
            ..AdamW::default()
        }),
        "AdamW_strong" => Box::new(AdamW {
            learning_rate: 0.02,
            beta_1: 0.8,
            beta_2: 0.99,
            weight_decay: 0.3,
            ..AdamW::default()
        }),
        "Adagrad" => Box::new(adagrad),
        "Adagrad_from_zero" => Box::new(Adagrad {
            initial_accumulator_value: 0.0,
            ..adagrad
        }),
        _ => Box::new(SGD {
            learning_rate: 0.1,
            momentum: 0.5,
            ..SGD::default()
        }),
    }
}

/// Ten steps by hand, with something done to the gradients before each.
fn ten_steps(name: &str, clip: impl Fn(Gradients) -> Result<Gradients>) -> Result<()> {
    let case = &reference()["optimizers"];
    let run = &case["runs"][name];
    let (x, y) = (tensor(&case["x"]), tensor(&case["y"]));
    let mut model = model(case)?;
    let mut optimizer = optimizer(name);
    let mut course = Vec::new();
    for _ in 0..10 {
        let output = model.forward(&x)?;
        let loss = losses::mse(&output, &y)?;
        let gradients = clip(loss.backward()?)?;
        optimizer.step(&mut model, &gradients)?;
        course.push(loss.item()?);
    }
    let what = format!("{name}, losses");
    assert_close(&what, &course, &numbers(&run["losses"]), GRADIENT);
    for (place, (weight, tensor)) in model.weights().iter().enumerate() {
        let expected = numbers(&run["parameters"][place]["values"]);
        assert_close(
            &format!("{name}, {weight}"),
            &tensor.to_vec(),
            &expected,
            GRADIENT,
        );
    }
    Ok(())
}

#[test]
fn ten_steps_of_each_optimizer_end_where_pytorchs_end() -> Result<()> {
    for name in [
        "RMSprop",
        "RMSprop_momentum",
        "AdamW",
        "AdamW_strong",
        "Adagrad",
        "Adagrad_from_zero",
    ] {
        ten_steps(name, Ok)?;
    }
    Ok(())
}

#[test]
fn gradients_are_clipped_as_pytorch_clips_them() -> Result<()> {
    ten_steps("SGD_clipped_by_norm", |gradients| gradients.clipped_by_norm(0.7))?;
    ten_steps("SGD_clipped_by_value", |gradients| {
        gradients.clipped_by_value(0.2)
    })
}

#[test]
fn clipping_leaves_short_gradients_alone_and_refuses_bounds_that_are_none() -> Result<()> {
    let w = Tensor::vector(&[0.3, 0.4])?.with_gradient();
    let gradients = (w.square().sum() * 0.5).backward()?;
    let same = gradients.clone().clipped_by_norm(1.0)?;
    assert_eq!(same.get(&w)?, w.detach());
    assert!(gradients.clone().clipped_by_norm(0.0).is_err());
    assert!(gradients.clipped_by_value(f32::NAN).is_err());
    Ok(())
}

#[test]
fn schedules_follow_pytorchs() {
    let schedules = [
        (
            "exponential",
            Schedule::Exponential {
                start: 0.1,
                factor: 0.95,
            },
        ),
        (
            "step",
            Schedule::Step {
                start: 0.1,
                factor: 0.5,
                every: 7,
            },
        ),
        (
            "cosine",
            Schedule::Cosine {
                start: 0.1,
                end: 0.001,
                over: 39,
            },
        ),
        (
            "piecewise",
            Schedule::Piecewise {
                rates: vec![(0, 0.1), (10, 0.01), (25, 0.001)],
            },
        ),
        (
            "warm_up",
            Schedule::Step {
                start: 0.1,
                factor: 0.5,
                every: 10,
            }
            .warm_up(5),
        ),
    ];
    for (name, schedule) in schedules {
        let rates: Vec<f32> = (0..40).map(|t| schedule.at(t)).collect();
        assert_each(name, &rates, &numbers(&reference()["schedules"][name]), FORWARD);
    }
}

#[test]
fn each_optimizer_refuses_options_out_of_range_and_shows_those_it_has() -> Result<()> {
    let mut w = Tensor::scalar(1.0).with_gradient();
    let gradients = w.square().backward()?;
    let mut refused = |optimizer: &mut dyn Optimizer, option: &str| {
        let error = optimizer
            .step(&mut w, &gradients)
            .expect_err("an error")
            .to_string();
        assert!(error.contains(option), "{error}");
    };
    let rho = 1.0;
    refused(
        &mut RMSprop {
            rho,
            ..RMSprop::default()
        },
        "rho",
    );
    let momentum = -0.1;
    refused(
        &mut RMSprop {
            momentum,
            ..RMSprop::default()
        },
        "momentum",
    );
    let weight_decay = -1.0;
    refused(
        &mut AdamW {
            weight_decay,
            ..AdamW::default()
        },
        "weight_decay",
    );
    let epsilon = 0.0;
    refused(
        &mut Adagrad {
            epsilon,
            ..Adagrad::default()
        },
        "epsilon",
    );
    let initial_accumulator_value = f32::NAN;
    let adagrad = Adagrad {
        initial_accumulator_value,
        ..Adagrad::default()
    };
    refused(&mut { adagrad }, "initial_accumulator_value");
    assert_eq!(w.item()?, 1.0, "nothing has changed");
    assert!(AdamW::default().to_string().contains("weight_decay = 0.004"));
    assert!(RMSprop::default().to_string().contains("rho = 0.9"));
    assert!(
        Schedule::Cosine {
            start: 0.1,
            end: 0.0,
            over: 9
        }
        .to_string()
        .contains("cosine")
    );
    Ok(())
}

#[test]
fn a_frozen_network_passes_gradients_on_and_gets_none() -> Result<()> {
    let layers = || layers![Dense::new(3).activation(Tanh), Dense::new(1).activation(Sigmoid)];
    let model = Sequential::new(Input(2), layers(), Seed(3))?;
    let x = Tensor::from_rows(&[[0.5, -1.0], [2.0, 0.1]])?.with_gradient();
    let y = Tensor::ones([2, 1])?;
    let open = losses::binary_crossentropy(&model.forward(&x)?, &y)?.backward()?;
    let frozen = losses::binary_crossentropy(&model.forward_frozen(&x)?, &y)?.backward()?;
    assert_eq!(frozen.count(), 1);
    assert_eq!(frozen.get(&x)?, open.get(&x)?);
    // Also where x is a result, and where the frozen part is not the last.
    let before = Sequential::new(Input(2), layers![Dense::new(2)], Seed(4))?;
    let after = Sequential::new(Input(1), layers![Dense::new(1)], Seed(5))?;
    let output =
        after.forward(&model.forward_frozen(&before.forward(&y.matmul(&Tensor::ones([1, 2])?)?)?)?)?;
    let gradients = output.sum().backward()?;
    assert_eq!(gradients.count(), 4);
    for (_, weight) in before.weights().iter().chain(&after.weights()) {
        gradients.get(weight)?;
    }
    // Everything is as before the call.
    assert_eq!(model.forward(&x)?.sum().backward()?.count(), 5);
    assert!(model.forward_frozen(&y).is_err());
    assert_eq!(model.forward(&x)?.sum().backward()?.count(), 5);
    Ok(())
}

#[test]
fn a_panic_in_a_frozen_network_does_not_leave_other_weights_frozen() -> Result<()> {
    #[derive(Debug)]
    struct Panics;
    impl Layer for Panics {
        fn name(&self) -> &str {
            "Panics"
        }
        fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
            Ok(input.to_vec())
        }
        fn forward(&self, _: &Tensor, _: Mode) -> Result<Tensor> {
            panic!("a layer's mistake")
        }
    }
    let x = Tensor::ones([1, 2])?;
    let broken = Sequential::new(Input(2), layers![Panics], Seed(1))?;
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| broken.forward_frozen(&x).is_ok()));
    assert!(caught.is_err());
    let whole = Sequential::new(Input(2), layers![Dense::new(1)], Seed(1))?;
    assert!(whole.forward(&x)?.has_gradient());
    assert!(!whole.forward_frozen(&x)?.has_gradient());
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
