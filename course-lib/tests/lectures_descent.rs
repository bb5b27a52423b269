//! Paths of the library's optimisers beside those of `torch.optim`, `reference/make_lectures.py`.

use course_lib::lectures::Path;
use course_lib::lectures::surfaces::{ALL, BEALE, BOWL, HIMMELBLAU, RASTRIGIN, RAVINE, ROSENBROCK, SADDLE};
use course_lib::prelude::*;
use serde_json::Value;
use std::f32::consts::TAU;

fn reference(part: &str) -> Value {
    let all: Value =
        serde_json::from_str(include_str!("reference/lectures.json")).expect("lectures.json is JSON");
    all[part].clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list").iter();
    list.map(|v| v.as_f64().expect("a number")).collect()
}

fn pair(value: &Value) -> [f32; 2] {
    let both = numbers(value);
    [both[0] as f32, both[1] as f32]
}

#[test]
fn heights_and_gradients_are_pytorchs() -> Result<()> {
    let cases = reference("surfaces");
    for surface in ALL {
        let case = &cases[surface.name];
        let heights = numbers(&case["heights"]);
        for (place, expected) in heights.into_iter().enumerate() {
            let point = Tensor::vector(&pair(&case["points"][place]))?.with_gradient();
            let loss = surface.loss(&point)?;
            let height = f64::from(loss.item()?);
            assert!(
                (height - expected).abs() <= 1e-5 * (1.0 + expected.abs()),
                "{} at {point}: {height}, PyTorch has {expected}",
                surface.name
            );
            let gradient = loss.backward()?.get(&point)?.to_vec();
            let expected = numbers(&case["gradients"][place]);
            for (own, theirs) in gradient.iter().zip(&expected) {
                assert!(
                    (f64::from(*own) - theirs).abs() <= 1e-5 * (1.0 + theirs.abs()),
                    "{} at {point}: gradient {gradient:?}, PyTorch has {expected:?}",
                    surface.name
                );
            }
        }
    }
    Ok(())
}

/// The formula of each surface once more, in tensors, for the library's own autodiff.
fn in_tensors(name: &str, x: &Tensor, y: &Tensor) -> Result<Tensor> {
    let to = |x: &Tensor, n: i32| (1..n).try_fold(x.clone(), |power, _| &power * x);
    match name {
        "bowl" => x.square() * 0.1 + y.square() * 2.0,
        "ravine" => (x - y)?.square() * 5.0 + (x + y)?.square() * 0.05,
        "saddle" => x.square() * 0.5 - y.square() * 0.5 + &(to(y, 4)? * 0.25),
        "Rosenbrock" => (1.0 - x).square() + (y - x.square())?.square() * 100.0,
        "Beale" => {
            let error = |c: f32, n: i32| -> Result<Tensor> { &(c - x) + x * &to(y, n)? };
            let part = |c: f32, n: i32| Ok::<_, Error>(error(c, n)?.square());
            part(1.5, 1)? + part(2.25, 2)? + &part(2.625, 3)?
        }
        "Himmelblau" => {
            (x.square() + y - &Tensor::scalar(11.0))?.square()
                + (x + y.square() - &Tensor::scalar(7.0))?.square()
        }
        _ => {
            let pit = |x: &Tensor| x.square() - (x * TAU).cos() * 10.0;
            Ok((pit(x)? + pit(y)?)? + 20.0)
        }
    }
}

#[test]
fn analytical_gradients_are_those_of_the_tensor_autodiff() -> Result<()> {
    for surface in ALL {
        let mut stream = Seed(5).stream();
        for _ in 0..20 {
            let at = stream.uniform([2], -2.0, 2.0)?;
            let point = at.with_gradient();
            let analytical = surface.loss(&point)?.backward()?.get(&point)?.to_vec();
            let (x, y) = (
                Tensor::scalar(at.to_vec()[0]).with_gradient(),
                Tensor::scalar(at.to_vec()[1]).with_gradient(),
            );
            let loss = in_tensors(surface.name, &x, &y)?;
            let height = surface.z(x.item()?, y.item()?);
            assert!(
                (loss.item()? - height).abs() <= 1e-4 * (1.0 + height.abs()),
                "{}",
                surface.name
            );
            let gradients = loss.backward()?;
            for (own, var) in analytical.iter().zip([&x, &y]) {
                let recorded = gradients.get(var)?.item()?;
                assert!(
                    (own - recorded).abs() <= 1e-4 * (1.0 + recorded.abs() + 0.1 * height.abs()),
                    "{} at {at}: {own} by hand, {recorded} recorded",
                    surface.name
                );
            }
        }
    }
    Ok(())
}

#[test]
fn every_minimum_is_flat_and_nothing_around_it_is_lower() -> Result<()> {
    for surface in ALL {
        assert!(!surface.minima.is_empty());
        for [x, y] in surface.minima {
            let slope = (surface.slope)(f64::from(*x), f64::from(*y));
            assert!(
                slope.iter().all(|part| part.abs() < 1e-4),
                "{}: {slope:?}",
                surface.name
            );
            let lowest = surface.z(*x, *y);
            assert!((lowest - surface.lowest()).abs() < 1e-6, "{}", surface.name);
            for turn in 0..8 {
                let (sin, cos) = (turn as f32 * TAU / 8.0).sin_cos();
                assert!(
                    surface.z(x + 0.05 * cos, y + 0.05 * sin) > lowest,
                    "{}",
                    surface.name
                );
            }
            let [(left, right), (bottom, top)] = surface.range;
            assert!(
                (left..=right).contains(x) && (bottom..=top).contains(y),
                "{}",
                surface.name
            );
        }
    }
    Ok(())
}

fn run(surface: &Surface, name: &str, start: [f32; 2], rates: &[f64]) -> Result<Path> {
    let sgd = |momentum, nesterov, rate: f64| SGD {
        learning_rate: rate as f32,
        momentum,
        nesterov,
        ..SGD::default()
    };
    let rate = rates[2] as f32;
    match name {
        "SGD" => descend(surface, sgd(0.0, false, rates[0]), start, 100),
        "momentum" => descend(surface, sgd(0.9, false, rates[1]), start, 100),
        "Nesterov" => descend(surface, sgd(0.9, true, rates[1]), start, 100),
        "Adam" => descend(
            surface,
            Adam {
                learning_rate: rate,
                ..Adam::default()
            },
            start,
            100,
        ),
        "AdamW" => {
            let adamw = AdamW {
                learning_rate: rate,
                weight_decay: 0.01,
                ..AdamW::default()
            };
            descend(surface, adamw, start, 100)
        }
        "RMSprop" => {
            // At larger rates its zigzag is chaotic, in PyTorch too (see the script).
            let rmsprop = RMSprop {
                learning_rate: 0.005,
                ..RMSprop::default()
            };
            descend(surface, rmsprop, start, 100)
        }
        _ => {
            let from_0 = Adagrad {
                learning_rate: rate,
                initial_accumulator_value: 0.0,
                ..Adagrad::default()
            };
            descend(surface, from_0, start, 100)
        }
    }
}

#[test]
fn a_hundred_steps_of_each_optimizer_follow_those_of_pytorch() -> Result<()> {
    let cases = reference("paths");
    for surface in ALL {
        let case = &cases[surface.name];
        assert_eq!(pair(&case["start"]), surface.start, "{}", surface.name);
        for name in [
            "SGD", "momentum", "Nesterov", "Adam", "AdamW", "RMSprop", "Adagrad",
        ] {
            let path = run(&surface, name, surface.start, &numbers(&case["rates"]))?;
            let points = path.points()?;
            assert_eq!(points.shape(), [101, 2]);
            let expected = case["optimizers"][name].as_array().expect("places");
            assert_eq!(expected.len(), 10);
            for (tenth, place) in expected.iter().enumerate() {
                for (axis, theirs) in numbers(place).into_iter().enumerate() {
                    let own = f64::from(points.at(&[(tenth + 1) * 10, axis])?);
                    assert!(
                        (own - theirs).abs() <= 1e-4 * (1.0 + theirs.abs()),
                        "{name} on {}, step {}, axis {axis}: {own}, PyTorch has {theirs}",
                        surface.name,
                        (tenth + 1) * 10
                    );
                }
            }
        }
    }
    Ok(())
}

#[test]
fn the_surfaces_show_what_they_are_for() -> Result<()> {
    let sgd = SGD {
        learning_rate: 0.02,
        ..SGD::default()
    };
    let momentum = SGD {
        momentum: 0.9,
        ..sgd.clone()
    };
    // Momentum makes way along a ravine where plain descent crawls.
    let race = Race::on(&RAVINE, 300)
        .enter("SGD", sgd.clone())?
        .enter("momentum", momentum)?;
    assert!(race.steps_of("momentum")?.is_some());
    assert_eq!(race.steps_of("SGD")?, None);
    // Adam leaves the saddle long before plain descent.
    let adam = Adam {
        learning_rate: 0.02,
        ..Adam::default()
    };
    let race = Race::on(&SADDLE, 600)
        .enter("SGD", sgd.clone())?
        .enter("Adam", adam)?;
    let steps = |name: &str| race.steps_of(name).map(|steps| steps.expect("arrived"));
    assert!(steps("Adam")? * 2 < steps("SGD")?, "{race}");
    // Where you end depends on the start.
    let slow = || SGD {
        learning_rate: 0.005,
        ..SGD::default()
    };
    let ends = [[4.0, 4.0], [-4.0, 4.0], [-4.0, -4.0], [4.0, -4.0]]
        .map(|start| descend(&HIMMELBLAU, slow(), start, 300).map(|path| path.last()));
    for (end, minimum) in ends.into_iter().zip(HIMMELBLAU.minima) {
        let [x, y] = end?;
        assert!(
            (x - minimum[0]).abs() < 1e-3 && (y - minimum[1]).abs() < 1e-3,
            "{x}, {y}"
        );
    }
    // And there are pits that hold a walker.
    let path = descend(
        &RASTRIGIN,
        SGD {
            learning_rate: 0.001,
            ..SGD::default()
        },
        RASTRIGIN.start,
        300,
    )?;
    assert!(path.last_height() > 5.0, "{path}");
    Ok(())
}

#[test]
fn a_learning_rate_that_is_too_large_ends_the_path_and_is_told() -> Result<()> {
    let wild = SGD {
        learning_rate: 0.1,
        ..SGD::default()
    };
    let path = descend(&ROSENBROCK, wild.clone(), ROSENBROCK.start, 100)?;
    assert!(path.diverged());
    assert!(path.steps() < 100);
    assert!(path.points()?.is_finite() && path.heights().iter().all(|z| z.is_finite()));
    assert_eq!(path.heights().len(), path.steps() + 1);
    let race = Race::on(&ROSENBROCK, 100).enter("wild", wild)?;
    assert!(race.to_string().contains("ran away"), "{race}");
    assert_eq!(race.steps_of("wild")?, None);
    Ok(())
}

#[test]
fn an_optimizer_of_ones_own_can_run() -> Result<()> {
    /// Goes a fixed way against the sign of each slope.
    #[derive(Debug)]
    struct Signs;
    impl Optimizer for Signs {
        fn step(&mut self, model: &mut dyn Parameters, gradients: &Gradients) -> Result<()> {
            for weight in model.parameters_mut() {
                let signs = gradients.get(weight)?.to_vec().into_iter().map(f32::signum);
                let step = Tensor::from_vec(signs.collect(), weight.shape())? * 0.1;
                let moved = (&weight.detach() - &step)?;
                weight.assign(&moved)?;
            }
            Ok(())
        }
        fn name(&self) -> &'static str {
            "Signs"
        }
        fn learning_rate(&self) -> f32 {
            0.1
        }
        fn set_learning_rate(&mut self, _: f32) {}
    }
    let path = descend(&BOWL, Signs, BOWL.start, 50)?;
    let [x, y] = path.last();
    assert!(x.abs() < 0.11 && y.abs() < 0.11, "{x}, {y}");
    assert!(
        path.to_string().contains("Signs on the bowl surface: 50 steps"),
        "{path}"
    );
    Ok(())
}

#[test]
fn what_cannot_run_says_why() -> Result<()> {
    let sgd = SGD::default;
    let error = descend(&BOWL, sgd(), [f32::NAN, 0.0], 10)
        .expect_err("no start")
        .to_string();
    assert!(error.contains("surface.start"), "{error}");
    let bad = SGD {
        learning_rate: -1.0,
        ..SGD::default()
    };
    assert!(descend(&BOWL, bad, BOWL.start, 10).is_err());
    assert!(BOWL.loss(&Tensor::scalar(1.0)).is_err());
    let race = Race::on(&BEALE, 10).enter("SGD", sgd())?;
    let error = race.steps_of("Adam").expect_err("nobody").to_string();
    assert!(error.contains("one of SGD"), "{error}");
    let error = race.enter("SGD", sgd()).expect_err("twice").to_string();
    assert!(error.contains("a second time"), "{error}");
    Ok(())
}

#[test]
fn a_race_shows_a_line_for_each_optimizer() -> Result<()> {
    let race = Race::on(&BOWL, 40)
        .start([5.0, 1.0])
        .tolerance(0.5)
        .enter(
            "fast",
            SGD {
                learning_rate: 0.25,
                ..SGD::default()
            },
        )?
        .enter(
            "slow",
            SGD {
                learning_rate: 0.0001,
                ..SGD::default()
            },
        )?;
    let text = race.to_string();
    // x shrinks by 0.95 a step, y is 0 after one: 0.1 · 25 · 0.95²ⁿ < 0.5 first for n = 16.
    assert!(
        text.lines()
            .any(|line| line.starts_with("fast") && line.contains(" 16 ")),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|line| line.starts_with("slow") && line.contains("—")),
        "{text}"
    );
    assert!(text.ends_with(
        "40 steps down the bowl surface from (5, 1); arrived: less than 0.5 above the lowest place for the first time"
    ));
    assert_eq!(race.paths().len(), 2);
    assert_eq!(race.surface().name, "bowl");
    let plot = race.contour()?.draw()?;
    assert!(plot.alt().contains("fast: 40 steps"), "{}", plot.alt());
    Ok(())
}
