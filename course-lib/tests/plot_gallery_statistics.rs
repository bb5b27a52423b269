//! One picture of each kind for functions, decisions, forecasts, densities and comparisons, as a lesson would
//! draw it and as bad luck would. The files are left in cargo's folder for test output, to be looked at.

use course_lib::data::datasets;
use course_lib::lectures::{Race, surfaces};
use course_lib::plot::{self, Figure};
use course_lib::prelude::*;

mod gallery;
use gallery::{keep, noise};

fn gate(targets: [f32; 4]) -> (Tensor, Tensor) {
    let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).unwrap();
    (x, Tensor::vector(&targets).unwrap())
}

/// A neuron with two weights, a bias and a step.
fn neuron(w1: f32, w2: f32, b: f32) -> impl Fn(&Tensor) -> Result<Tensor> {
    move |points| {
        let w = Tensor::from_rows(&[[w1], [w2]])?;
        Ok(Step.apply(&(points.matmul(&w)? + b)))
    }
}

/// Points on `arms` arms of a spiral.
fn spiral(arms: usize, each: usize) -> (Tensor, Tensor) {
    let mut noise = noise(11);
    let (mut rows, mut classes) = (Vec::new(), Vec::new());
    for row in 0..arms * each {
        let (arm, along) = (row % arms, 0.15 + (row / arms) as f32 / each as f32);
        let angle = 4.2 * along + arm as f32 * std::f32::consts::TAU / arms as f32 + 0.25 * noise();
        rows.push([along * angle.cos(), along * angle.sin()]);
        classes.push(arm as f32);
    }
    (
        Tensor::from_rows(&rows).unwrap(),
        Tensor::vector(&classes).unwrap(),
    )
}

fn moons(count: usize) -> (Tensor, Tensor) {
    let mut noise = noise(5);
    let (mut rows, mut classes) = (Vec::new(), Vec::new());
    for row in 0..count {
        let angle = std::f32::consts::PI * (row / 2) as f32 / (count / 2) as f32;
        let (x, y) = if row % 2 == 0 {
            (angle.cos(), angle.sin())
        } else {
            (1.0 - angle.cos(), 0.5 - angle.sin())
        };
        rows.push([x + 0.3 * noise(), y + 0.3 * noise()]);
        classes.push((row % 2) as f32);
    }
    (
        Tensor::from_rows(&rows).unwrap(),
        Tensor::vector(&classes).unwrap(),
    )
}

fn trained(x: &Tensor, y: &Tensor, classes: usize, epochs: usize) -> Sequential {
    let (units, loss) = if classes == 2 {
        (Dense::new(1).activation(Sigmoid), Loss::BinaryCrossentropy)
    } else {
        (
            Dense::new(classes).activation(Softmax),
            Loss::SparseCategoricalCrossentropy,
        )
    };
    let layers = layers![
        Dense::new(16).activation(Tanh),
        Dense::new(16).activation(Tanh),
        units
    ];
    let mut model = Sequential::new(Input(2), layers, Seed(3)).unwrap();
    let adam = Adam {
        learning_rate: 0.01,
        ..Adam::default()
    };
    model.compile(adam, loss, &[Metric::Accuracy]).unwrap();
    let y = if classes == 2 {
        y.reshape([y.count(), 1]).unwrap()
    } else {
        y.clone()
    };
    let fit = Fit {
        epochs,
        verbose: false,
        ..Fit::default()
    };
    model.fit(x, &y, fit).unwrap();
    model
}

#[test]
fn one_neuron_cuts_the_plane_in_two() {
    let (x, or) = gate([0.0, 1.0, 1.0, 1.0]);
    let plot = plot::decision_regions(&x, &or, neuron(1.0, 1.0, -0.5))
        .title("Logic OR by one neuron")
        .names(&["false", "true"])
        .draw()
        .unwrap();
    assert!(plot.alt().contains("4 of 4 points"), "{}", plot.alt());
    keep("regions-or", &plot);

    let (_, and) = gate([0.0, 0.0, 0.0, 1.0]);
    let (_, xor) = gate([0.0, 1.0, 1.0, 0.0]);
    let panels = [
        plot::decision_regions(&x, &or, neuron(1.0, 1.0, -0.5)).title("OR"),
        plot::decision_regions(&x, &and, neuron(1.0, 1.0, -1.5)).title("AND"),
        plot::decision_regions(&x, &xor, neuron(1.0, 1.0, -0.5)).title("XOR: out of reach"),
    ];
    let plot = plot::beside(&panels).unwrap();
    assert!(plot.alt().contains("3 of 4 points"), "{}", plot.alt());
    keep("regions-gates", &plot);
}

#[test]
fn a_network_bends_its_decision_line() {
    let (x, y) = moons(240);
    let model = trained(&x, &y, 2, 60);
    let plot = plot::decision_regions(&x, &y, |points| model.predict(points))
        .title("Two moons")
        .names(&["upper moon", "lower moon"]);
    keep("regions-moons", &plot.draw().unwrap());
    // A closer look at a part of it.
    let part = plot.x_range(0.0, 0.8).y_range(-0.2, 0.4).draw().unwrap();
    keep("regions-moons-part", &part);
}

#[test]
fn several_classes_have_a_region_each() {
    for classes in [3, 5] {
        let (x, y) = spiral(classes, 90);
        let model = trained(&x, &y, classes, 120);
        let plot = plot::decision_regions(&x, &y, |points| model.predict(points))
            .title(format!("A spiral of {classes} arms"));
        keep(&format!("regions-spiral-{classes}"), &plot.draw().unwrap());
    }
}

#[test]
fn awkward_decisions_are_drawn_all_the_same() {
    let (x, y) = gate([0.0, 1.0, 1.0, 0.0]);
    // The same answer everywhere: no line.
    let never = plot::decision_regions(&x, &y, |points| Tensor::zeros([points.shape()[0], 1]));
    keep("regions-never", &never.draw().unwrap());
    let undecided = plot::decision_regions(&x, &y, |points| Tensor::full([points.shape()[0], 1], 0.5));
    keep("regions-undecided", &undecided.draw().unwrap());
    // A chess board: more crossings than any network has.
    let chess = plot::decision_regions(&x, &y, |points| {
        let dark = |row: &[f32]| ((row[0] * 9.0).floor() + (row[1] * 9.0).floor()).rem_euclid(2.0);
        Tensor::vector(&points.to_vec().chunks(2).map(dark).collect::<Vec<_>>())
    });
    keep("regions-chess", &chess.draw().unwrap());
    // One point.
    let one = Tensor::from_rows(&[[3.0, -2.0]]).unwrap();
    let plot = plot::decision_regions(&one, &Tensor::vector(&[1.0]).unwrap(), neuron(1.0, 1.0, -1.0));
    keep("regions-one-point", &plot.draw().unwrap());
}

#[test]
fn activations_with_their_derivatives() {
    keep("activation", &plot::activation(Sigmoid).draw().unwrap());
    let all = [
        Step,
        Linear,
        Sigmoid,
        Tanh,
        ReLU,
        LeakyReLU(0.1),
        ELU(1.0),
        SELU,
        GELU,
        Softplus,
        Swish,
    ];
    keep("activations", &plot::activations(&all).unwrap());
    keep("activations-two", &plot::activations(&[Sigmoid, Tanh]).unwrap());
}

#[test]
fn curves_of_functions() {
    let plot = plot::function(-3.0..=3.0, |w| (2.0 * w - 1.0).powi(2))
        .title("Error of one weight")
        .x_label("w")
        .y_label("squared error");
    keep("function", &plot.draw().unwrap());
    let rates = Figure::new()
        .title("Learning-rate schedules")
        .x_label("epoch")
        .y_label("learning rate")
        .function("constant", 0..=100, |_| 0.01)
        .function("exponential decay", 0..=100, |epoch| 0.01 * 0.96_f32.powf(epoch))
        .function("step", 0..=100, |epoch| {
            0.01 * 0.5_f32.powf((epoch / 25.0).floor())
        })
        .function("cosine", 0..=100, |epoch| {
            0.005 * (1.0 + (std::f32::consts::PI * epoch / 100.0).cos())
        });
    keep("function-rates", &rates.draw().unwrap());
    let gaps = Figure::new()
        .x_label("x")
        .y_label("y")
        .function("1 / x", -2.0..=2.0, |x| 1.0 / x)
        .function("ln x", -2.0..=2.0, f32::ln)
        .y_range(-4.0, 4.0);
    keep("function-gaps", &gaps.draw().unwrap());
    let eight = (1..=8).fold(Figure::new().title("Eight curves"), |figure, n| {
        figure.function(format!("{n} waves"), 0.0..=1.0, move |x| {
            n as f32 + (x * n as f32 * std::f32::consts::TAU).sin() * 0.4
        })
    });
    keep("function-eight", &eight.draw().unwrap());
}

#[test]
fn a_surface_with_the_ways_of_optimisers() {
    let descend =
        |gradient: fn(f32, f32) -> (f32, f32), start: (f32, f32), rate: f32, momentum: f32, steps: usize| {
            let ((mut x, mut y), mut speed) = (start, (0.0, 0.0));
            let mut path = vec![[x, y]];
            for _ in 0..steps {
                let (dx, dy) = gradient(x, y);
                speed = (momentum * speed.0 - rate * dx, momentum * speed.1 - rate * dy);
                (x, y) = (x + speed.0, y + speed.1);
                path.push([x, y]);
            }
            Tensor::from_rows(&path).unwrap()
        };
    let bowl = |x: f32, y: f32| (2.0 * x, 16.0 * y);
    let paths = [
        ("SGD", descend(bowl, (-4.0, 1.5), 0.11, 0.0, 30)),
        ("momentum", descend(bowl, (-4.0, 1.5), 0.02, 0.8, 40)),
        ("small steps", descend(bowl, (-4.0, 1.5), 0.02, 0.0, 40)),
    ];
    let plot = plot::contour(|x, y| x * x + 8.0 * y * y, -5.0..=3.0, -2.5..=2.5)
        .title("A long bowl")
        .paths(&paths)
        .cross("minimum", 0.0, 0.0);
    keep("contour-bowl", &plot.draw().unwrap());

    let rosenbrock = |x: f32, y: f32| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
    let slope = |x: f32, y: f32| (-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x));
    let plot = plot::contour(rosenbrock, -2.0..=2.0, -1.0..=3.0)
        .title("Rosenbrock's valley")
        .path("SGD", &descend(slope, (-1.5, 2.0), 0.0008, 0.0, 400))
        .path("momentum", &descend(slope, (-1.5, 2.0), 0.0002, 0.9, 400));
    keep("contour-rosenbrock", &plot.draw().unwrap());

    let himmelblau = |x: f32, y: f32| (x * x + y - 11.0).powi(2) + (x + y * y - 7.0).powi(2);
    keep(
        "contour-himmelblau",
        &plot::contour(himmelblau, -5..=5, -5..=5).draw().unwrap(),
    );
    let rastrigin = |x: f32, y: f32| {
        let wave = |x: f32| x * x - 10.0 * (std::f32::consts::TAU * x).cos();
        20.0 + wave(x) + wave(y)
    };
    keep(
        "contour-rastrigin",
        &plot::contour(rastrigin, -5.12..=5.12, -5.12..=5.12)
            .draw()
            .unwrap(),
    );
    let saddle = plot::contour(|x, y| x * x - y * y, -1.0..=1.0, -1.0..=1.0).title("A saddle");
    keep("contour-saddle", &saddle.draw().unwrap());
    keep(
        "contour-flat",
        &plot::contour(|_, _| 3.0, 0..=1, 0..=1).draw().unwrap(),
    );
    let pole = plot::contour(|x, y| 1.0 / x.hypot(y), -1.0..=1.0, -1.0..=1.0);
    keep("contour-pole", &pole.draw().unwrap());
}

#[test]
fn a_race_down_every_surface_of_the_lectures() {
    let sgd = |learning_rate, momentum| SGD {
        learning_rate,
        momentum,
        ..SGD::default()
    };
    let adam = Adam {
        learning_rate: 0.1,
        ..Adam::default()
    };
    for surface in surfaces::ALL {
        let race = Race::on(&surface, 120)
            .enter("SGD", sgd(0.002, 0.0))
            .and_then(|race| race.enter("momentum", sgd(0.002, 0.9)))
            .and_then(|race| race.enter("Adam", adam.clone()))
            .and_then(|race| race.enter("too fast", sgd(1.5, 0.0)))
            .unwrap();
        let [x, y] = surface.range;
        let figure = plot::contour(|x, y| surface.z(x, y), x, y).title(surface.name);
        let figure = race.paths().iter().fold(figure, |figure, (name, path)| {
            figure.path(name, &path.points().unwrap())
        });
        let minima = surface.minima.iter();
        let figure = minima.fold(figure, |figure, [x, y]| {
            figure.cross("minimum", f64::from(*x), f64::from(*y))
        });
        keep(&format!("race-{}", surface.name), &figure.draw().unwrap());
    }
}

/// A series with a yearly wave that grows, as the airline passengers.
fn passengers() -> Vec<f32> {
    let mut noise = noise(2);
    let value = |month: usize| {
        let trend = 120.0 + 2.2 * month as f32;
        trend * (1.0 + 0.18 * (std::f32::consts::TAU * (month as f32 - 3.5) / 12.0).sin()) + 16.0 * noise()
    };
    (0..144).map(value).collect()
}

#[test]
fn a_series_with_forecasts() {
    let series = passengers();
    let mut noise = noise(9);
    let predicted: Vec<f32> = series[3..].iter().map(|y| y * (1.0 + 0.08 * noise())).collect();
    let plot = plot::forecast("passengers", &series, 115)
        .line("LSTM", &(3..144), &predicted)
        .dashed("same month last year", &(12..144), &series[..132])
        .months(1949, 1)
        .x_label("month")
        .y_label("passengers (thousands)")
        .title("Airline passengers, one step ahead");
    keep("forecast", &plot.draw().unwrap());
    let plot = plot::forecast("truth", &series[..20], 15)
        .line("LSTM", &(15..20), &predicted[12..17])
        .months(1949, 10);
    keep("forecast-short", &plot.draw().unwrap());
    let plot = plot::forecast("a series of which all was learned from", &series, 144);
    keep("forecast-none", &plot.draw().unwrap());
}

#[test]
fn densities_of_what_is_real_and_what_is_generated() {
    let real = Tensor::normal([3000], 4.0, 0.2, Seed(1)).unwrap();
    let generated = Tensor::normal([600], 3.9, 0.28, Seed(2)).unwrap();
    let plot = plot::densities(&[("real: N(4.0, 0.2)", &real), ("generated", &generated)])
        .title("Epoch 12")
        .x_label("value")
        .draw();
    keep("densities", &plot.unwrap());
    let plot = Figure::new()
        .histogram("real", &real)
        .histogram("generated", &generated)
        .density("real", &real)
        .density("generated", &generated)
        .x_label("value")
        .y_label("density")
        .draw();
    keep("densities-histograms", &plot.unwrap());
    let shares = Figure::new()
        .histogram("real", &real)
        .histogram("generated", &generated)
        .shares();
    keep("histogram-shares", &shares.y_label("density").draw().unwrap());
    // A generator that gives one value only.
    let collapsed = [4.1_f32; 50];
    let plot = Figure::new()
        .density("real", &real)
        .density("generated", &collapsed);
    keep("densities-collapsed", &plot.y_range(0.0, 4.0).draw().unwrap());
}

#[test]
fn clouds_of_points_round_a_segment() {
    let (mut random, mut noise) = (noise(4), noise(8));
    let real: Vec<[f32; 2]> = (0..400).map(|_| [5.0 + 5.0 * random(); 2]).collect();
    let generated: Vec<[f32; 2]> = (0..400)
        .map(|_| {
            let along = 5.2 + 3.6 * random();
            [along + noise(), along + 0.8 * noise()]
        })
        .collect();
    let (real, generated) = (
        Tensor::from_rows(&real).unwrap(),
        Tensor::from_rows(&generated).unwrap(),
    );
    let plot = plot::clouds(&[("real", &real), ("generated", &generated)])
        .reference("true segment", &[2.5, 7.5], &[2.5, 7.5])
        .title("Epoch 12");
    keep("clouds", &plot.draw().unwrap());
    let many = Tensor::normal([2000, 2], 0.0, 1.0, Seed(5)).unwrap();
    let others = Tensor::normal([2000, 2], 1.0, 1.0, Seed(6)).unwrap();
    keep(
        "clouds-many",
        &plot::clouds(&[("real", &many), ("generated", &others)])
            .draw()
            .unwrap(),
    );
}

#[test]
fn correlations_of_a_table() {
    let data = datasets::breast_cancer().unwrap();
    let all = plot::correlations(&data.x, &data.feature_names).unwrap();
    keep(
        "correlations",
        &all.title("Correlations of thirty features").draw().unwrap(),
    );
    let names = [
        "mean radius",
        "mean texture",
        "mean smoothness",
        "worst area",
        "worst concavity",
    ];
    let real = data.frame.to_tensor(&names).unwrap();
    let noise = Tensor::normal(real.shape(), 0.0, 1.0, Seed(3)).unwrap();
    let plot = plot::correlations(&real, &names).unwrap().title("Real");
    keep("correlations-five", &plot.draw().unwrap());
    let generated = plot::correlations(&noise, &names).unwrap().title("Generated");
    keep("correlations-beside", &plot::beside(&[plot, generated]).unwrap());
    let plot = plot::correlations(&data.x, &data.feature_names)
        .unwrap()
        .title("Real");
    let again = plot::correlations(&data.x, &data.feature_names)
        .unwrap()
        .title("Generated");
    keep(
        "correlations-beside-thirty",
        &plot::beside(&[plot, again]).unwrap(),
    );
}

#[test]
fn tables_as_colours() {
    let weights = Tensor::normal([4, 7], 0.0, 1.0, Seed(2)).unwrap();
    let plot = plot::heat_map(&weights)
        .title("Weights of the hidden layer")
        .x_label("hidden unit")
        .y_label("input")
        .bar_label("weight");
    keep("heat-map", &plot.draw().unwrap());
    let counts = Tensor::from_rows(&[[0.0, 12000.0, 35.0], [8.0, 120.0, 99999.0]]).unwrap();
    let plot = plot::heat_map(&counts)
        .rows(&["a", "a longer name of a row"])
        .columns(&["first", "second column", "x < 1 & y"]);
    keep("heat-map-counts", &plot.draw().unwrap());
    let constant = plot::heat_map(&Tensor::full([2, 2], -3.0).unwrap());
    keep("heat-map-constant", &constant.draw().unwrap());
    keep(
        "heat-map-one",
        &plot::heat_map(&Tensor::zeros([1, 1]).unwrap()).draw().unwrap(),
    );
    let large = Tensor::uniform([60, 60], 0.0, 1.0, Seed(1)).unwrap();
    keep("heat-map-large", &plot::heat_map(&large).draw().unwrap());
}

#[test]
fn predictions_of_a_regression() {
    let mut noise = noise(12);
    let truth: Vec<f32> = (0..120).map(|row| 10.0 + 35.0 * (row as f32 / 120.0)).collect();
    let predicted: Vec<f32> = truth
        .iter()
        .map(|y| y * 0.96 + 1.2 + 6.0 * noise() * (y / 30.0))
        .collect();
    let plot = plot::predicted_against_true(&predicted, &truth)
        .title("Fuel economy of 120 cars")
        .x_label("true (mpg)")
        .y_label("predicted (mpg)");
    keep("predicted", &plot.draw().unwrap());
    keep(
        "residuals",
        &plot::residuals(&predicted, &truth)
            .x_label("error (mpg)")
            .draw()
            .unwrap(),
    );
}

#[test]
fn the_spread_of_several_seeds() {
    let plot = plot::spread(&[
        ("linear baseline", vec![3.41, 3.41, 3.41, 3.41, 3.41]),
        ("16 units", vec![2.91, 3.02, 2.88, 2.97, 3.11]),
        ("64-64 units", vec![2.62, 2.71, 2.55, 2.66, 2.58]),
        (
            "64-64 units, twice the epochs",
            vec![2.51, 2.92, 2.45, 2.49, 2.53],
        ),
    ])
    .title("Error on the test set, five seeds each")
    .x_label("mean absolute error (mpg)");
    keep("spread", &plot.draw().unwrap());
    let many: Vec<f64> = (0..60).map(|at| f64::from(at % 13) * 0.01 + 0.9).collect();
    keep(
        "spread-one",
        &plot::spread(&[("sixty seeds", many)]).draw().unwrap(),
    );
}

#[test]
fn lines_with_few_and_with_many_values() {
    let rows = [50, 100, 200, 400];
    let plot = plot::lines(
        &rows,
        &[
            ("linear baseline", [3.9, 3.6, 3.5, 3.4]),
            ("small network", [4.1, 3.3, 3.0, 2.9]),
            ("large network", [4.5, 3.2, 2.7, 2.4]),
        ],
    )
    .title("More data helps, and more so a larger network")
    .x_label("cars to learn from")
    .y_label("mean error (mpg)");
    keep("lines-marked", &plot.draw().unwrap());
    let x: Vec<usize> = (0..500).collect();
    let wave = |n: usize| {
        x.iter()
            .map(|at| (*at as f64 / (10.0 * n as f64)).sin())
            .collect::<Vec<f64>>()
    };
    keep(
        "lines-many",
        &plot::lines(&x, &[("a", wave(2)), ("b", wave(5))]).draw().unwrap(),
    );
}

#[test]
fn histories_of_several_optimisers() {
    let (x, y) = moons(200);
    let y = y.reshape([200, 1]).unwrap();
    let train = |optimizer: Box<dyn Fn(&mut Sequential)>| {
        let layers = layers![Dense::new(8).activation(Tanh), Dense::new(1).activation(Sigmoid)];
        let mut model = Sequential::new(Input(2), layers, Seed(1)).unwrap();
        optimizer(&mut model);
        let fit = Fit {
            epochs: 40,
            verbose: false,
            ..Fit::default()
        };
        model.fit(&x, &y, fit).unwrap()
    };
    let metrics = [Metric::Accuracy];
    let sgd = train(Box::new(move |model| {
        model
            .compile(SGD::default(), Loss::BinaryCrossentropy, &metrics)
            .unwrap();
    }));
    let adam = train(Box::new(move |model| {
        let adam = Adam {
            learning_rate: 0.03,
            ..Adam::default()
        };
        model
            .compile(adam, Loss::BinaryCrossentropy, &[Metric::Accuracy])
            .unwrap();
    }));
    let histories = [("SGD", &sgd), ("Adam", &adam)];
    let plot = plot::histories(&histories, "loss")
        .title("Two optimisers")
        .log_y();
    keep("histories", &plot.draw().unwrap());
    let panels = ["loss", "accuracy"].map(|metric| plot::histories(&histories, metric));
    keep("histories-beside", &plot::beside(&panels).unwrap());
}

#[test]
fn powers_of_ten_on_the_axis() {
    let steps: Vec<usize> = (0..100).collect();
    let fall = |rate: f64| {
        steps
            .iter()
            .map(|step| 3.0 * (-rate * *step as f64).exp())
            .collect::<Vec<f64>>()
    };
    let plot = Figure::new()
        .x_label("step")
        .y_label("loss")
        .line("fast", &steps, &fall(0.3))
        .line("slow", &steps, &fall(0.05))
        .horizontal("good enough", 1e-4)
        .log_y();
    keep("log", &plot.draw().unwrap());
    let zeros = Figure::new()
        .line("reaches zero", &[1, 2, 3, 4], &[1.0, 0.1, 0.0, 0.01])
        .log_y();
    keep("log-zero", &zeros.draw().unwrap());
}
