//! How values look as the last line of a cell: in words everywhere, and the most usual ones as a table too.

use course_lib::data::datasets;
use course_lib::error::Kind;
use course_lib::gan::Watched;
use course_lib::gan::quality::SyntheticScore;
use course_lib::layers::config::Setting;
use course_lib::lectures::{LearningStep, Tape};
use course_lib::model::callbacks::Best;
use course_lib::optimizers::OptimizerState;
use course_lib::plot::{Density, GraphEdge, GraphNode};
use course_lib::prelude::*;
use roxmltree::Document;

/// The text of a value, which has no other form.
fn words(value: &impl Show) -> String {
    let rich = value.rich();
    let [("text/plain", text)] = rich.forms() else {
        panic!("words alone: {rich:?}");
    };
    assert!(!text.is_empty());
    text.clone()
}

/// The cells of a value's table, headings first, and the line below it.
fn table(value: &(impl Show + ToString)) -> (Vec<Vec<String>>, String) {
    let rich = value.rich();
    let [("text/plain", text), ("text/html", html)] = rich.forms() else {
        panic!("words and a table: {rich:?}");
    };
    assert_eq!(*text, value.to_string());
    // JupyterLab's style sheet colours the table, in its light theme and in its dark one.
    assert!(!html.contains("color") && !html.contains("background"), "{html}");
    let page = format!("<div>{html}</div>");
    let document = Document::parse(&page).expect("every element is closed");
    let inside = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
    assert_eq!(
        inside("table").next().and_then(|table| table.attribute("class")),
        Some("dataframe")
    );
    let text = |node: roxmltree::Node<'_, '_>| node.text().unwrap_or_default().to_owned();
    let rows = inside("tr")
        .map(|row| row.children().map(text).collect())
        .collect();
    (rows, inside("p").map(text).collect())
}

#[test]
fn a_score_is_a_line_of_its_metrics() -> Result<()> {
    let mut model = Sequential::new(Input(1), layers![Dense::new(1)], Seed(1))?;
    model.compile(
        SGD::default(),
        Loss::MeanSquaredError,
        &[Metric::MeanAbsoluteError],
    )?;
    model.set_weights("dense.weights", &Tensor::full([1, 1], 0.0)?)?;
    let score = model.evaluate(&Tensor::ones([4, 1])?, &Tensor::full([4, 1], 0.5)?)?;
    let (rows, below) = table(&score);
    assert_eq!(rows, [["loss", "mae"], ["0.2500", "0.5000"]]);
    assert_eq!(below, "");
    Ok(())
}

#[test]
fn a_small_tensor_is_a_table_with_its_shape_below() -> Result<()> {
    let (rows, below) = table(&Tensor::from_rows(&[[0.5, 2.0], [0.25, -1.0]])?);
    assert_eq!(
        rows,
        [["", "0", "1"], ["0", "0.50", "2.00"], ["1", "0.25", "-1.00"]]
    );
    assert_eq!(below, "shape [2, 2]");
    let (rows, below) = table(&Tensor::vector(&[1.0, 2.0, 3.0])?);
    assert_eq!(rows, [["0", "1", "2"], ["1.", "2.", "3."]]);
    assert_eq!(below, "shape [3]");
    // A number needs no table, and a page has two axes.
    assert_eq!(words(&Tensor::scalar(7.0)), "7.");
    assert!(words(&Tensor::ones([2, 2, 2])?).contains("shape [2, 2, 2]"));
    Ok(())
}

#[test]
fn a_large_tensor_is_cut_in_both_directions() -> Result<()> {
    let (rows, below) = table(&Tensor::linspace(0.0, 9999.0, 10_000)?.reshape([100, 100])?);
    assert_eq!((rows.len(), rows[0].len()), (1 + 11, 1 + 12));
    assert_eq!(
        rows[0],
        [
            "", "0", "1", "2", "3", "4", "5", "…", "95", "96", "97", "98", "99"
        ]
    );
    assert_eq!(rows[1][1..3], ["0.", "1."]);
    assert!(rows[6].iter().all(|cell| cell == "…"));
    assert_eq!(rows[11][12], "9999.");
    assert_eq!(below, "shape [100, 100]");
    let broken = Tensor::from_rows(&[[f32::NAN, f32::INFINITY], [1.5, 0.0]])?;
    assert_eq!(table(&broken).0[1], ["0", "NaN", "inf"]);
    Ok(())
}

#[test]
fn what_a_classifier_is_judged_by_is_a_table() -> Result<()> {
    let (scores, targets) = (
        Tensor::vector(&[0.1, 0.4, 0.35, 0.8])?,
        Tensor::vector(&[0.0, 0.0, 1.0, 1.0])?,
    );
    let (rows, below) = table(&RocCurve::new(&scores, &targets)?);
    assert_eq!(
        rows[0],
        ["score from", "false positive rate", "true positive rate"]
    );
    assert_eq!(rows[1], ["inf", "0.0000", "0.0000"]);
    assert_eq!(rows[2], ["0.8000", "0.0000", "0.5000"]);
    assert_eq!(rows[5], ["0.1000", "1.0000", "1.0000"]);
    assert_eq!(below, "ROC curve of 4 thresholds, AUC 0.7500");
    let many = Tensor::linspace(0.0, 1.0, 100)?;
    let halves = Tensor::from_vec((0..100).map(|row| f32::from(row >= 50)).collect(), [100])?;
    assert_eq!(table(&RocCurve::new(&many, &halves)?).0.len(), 1 + 9);

    let matrix = ConfusionMatrix::new(&scores, &targets, &["no", "yes"])?;
    let report = matrix.class("yes")?;
    assert_eq!(
        table(&report).0,
        [
            ["precision", "recall", "F1", "support"],
            ["1.0000", "0.5000", "0.6667", "2"]
        ]
    );
    let score = SyntheticScore {
        real: 0.991,
        synthetic: 0.98,
    };
    assert_eq!(
        table(&score).0,
        [
            ["trained on", "test accuracy"],
            ["real rows", "99.1 %"],
            ["generated rows", "98.0 %"]
        ]
    );
    Ok(())
}

#[test]
fn data_shows_its_parts() -> Result<()> {
    let (rows, below) = table(&datasets::breast_cancer()?);
    assert_eq!(rows[0], ["", "shape", "what"]);
    assert_eq!(rows[1][1], "[569,\u{a0}30]");
    assert!(
        rows[1][2].starts_with("mean radius, mean texture, ") && rows[1][2].contains(", …, "),
        "{rows:?}"
    );
    assert!(
        rows[2][2].contains("0 = ") && rows[2][2].contains("1 = "),
        "{rows:?}"
    );
    assert!(below.starts_with("Breast Cancer"), "{below}");
    assert_eq!(
        table(&datasets::auto_mpg()?).0[2],
        ["y", "[392,\u{a0}1]", "measured"]
    );

    let (rows, below) = table(&datasets::airline_passengers()?);
    assert_eq!(rows[..2], [["time", "value"], ["1949-01", "112"]]);
    assert_eq!(rows[4], ["…", "…"]);
    assert_eq!(rows.last().map(|row| row[0].as_str()), Some("1960-12"));
    assert!(below.ends_with("values [144, 1]"), "{below}");

    let (rows, _) = table(&datasets::mnist()?);
    assert_eq!(rows[2], ["test", "[10000,\u{a0}784]", "[10000,\u{a0}1]"]);

    let (rows, below) = table(&datasets::count_up(100, 3, Seed(0))?);
    assert_eq!(rows.len(), 1 + 5);
    let start: u32 = rows[1][0].parse().expect("a number");
    assert_eq!(rows[1][1], format!("{}, {}, {}", start + 1, start + 2, start + 3));
    assert!(below.contains("x [100, 1], y [100, 3, 1]"), "{below}");

    let x = Tensor::from_rows(&[[1.0, 10.0], [3.0, 30.0], [5.0, 20.0], [3.0, 20.0], [3.0, 20.0]])?;
    let parts = train_test_split(&x, &Tensor::ones([5, 1])?, SplitOptions::default())?;
    assert_eq!(
        table(&parts).0,
        [
            ["part", "x", "y"],
            ["train", "[4,\u{a0}2]", "[4,\u{a0}1]"],
            ["test", "[1,\u{a0}2]", "[1,\u{a0}1]"]
        ]
    );
    let (rows, below) = table(&MinMaxScaler::fit(&x)?);
    assert_eq!(
        rows,
        [
            ["feature", "smallest", "largest - smallest"],
            ["0", "1", "4"],
            ["1", "10", "20"]
        ]
    );
    assert_eq!(below, "MinMaxScaler: 2 features, each from 0 to 1");
    let (rows, _) = table(&StandardScaler::fit(&Tensor::normal(
        [50, 40],
        0.0,
        1.0,
        Seed(1),
    )?)?);
    assert_eq!(rows[0], ["feature", "mean", "standard deviation"]);
    assert_eq!(rows.len(), 1 + 11);
    Ok(())
}

#[test]
fn gradients_show_one_line_a_tensor() -> Result<()> {
    let (w, b) = (
        Tensor::vector(&[3.0, 4.0])?.with_gradient(),
        Tensor::scalar(1.0).with_gradient(),
    );
    let gradients = (w.square().sum() * 0.5 + b.clone())?.backward()?;
    let (rows, below) = table(&gradients);
    assert_eq!(
        rows,
        [["gradient", "values", "norm"], ["1", "2", "5"], ["2", "1", "1"]]
    );
    assert_eq!(below, gradients.to_string());

    let tape = Tape::new();
    let weight = tape.var("W", 3.0);
    (weight * 4.0).named("L").backward()?;
    assert_eq!(table(&weight).0, [["name", "value", "∂L/∂W"], ["W", "3", "4"]]);
    let nodes = tape.nodes();
    let said: Vec<String> = nodes.iter().map(words).collect();
    assert!(said.contains(&"W = 3, ∂L/∂W = 4".to_owned()), "{said:?}");
    assert!(said.contains(&"L = W * 4 = 12, ∂L/∂L = 1".to_owned()), "{said:?}");
    assert!(said.iter().any(|said| said.starts_with("4, ")), "{said:?}");
    assert!(
        words(&tape.edges()[0]).ends_with("derivative 4"),
        "{}",
        tape.edges()[0]
    );
    Ok(())
}

#[test]
fn everything_else_says_in_words_what_it_is() -> Result<()> {
    let mut lstm = LSTM::new(2);
    lstm.build(&[3, 1], Seed(7))?;
    let (_, state) = lstm.forward_with_state(&Tensor::ones([1, 3, 1])?, None)?;
    let said = words(&state);
    assert!(
        said.starts_with("hidden state [[") && said.contains("\ncell state [["),
        "{said}"
    );

    assert_eq!(
        words(&DeepStack::default()),
        "DeepStack(depth = 10, width = 16, activation = Sigmoid, initializer = GlorotUniform, seed = Seed(1))"
    );
    assert_eq!(
        words(&Learn::default()),
        "Learn(learning_rate = 0.5, epochs = 20)"
    );
    let step = LearningStep {
        epoch: 1,
        x: vec![0.0, 1.0],
        target: 1.0,
        output: 0.5,
        delta: 0.125,
        weights: vec![0.25, 0.5],
        bias: -1.0,
    };
    assert_eq!(
        words(&step),
        "epoch 1: x = (0, 1), t = 1, y = 0.5, δ = 0.125; after the step w = (0.25, 0.5), b = -1"
    );

    let density = Density::new(&[1.0, 2.0, 2.5, 4.0])?;
    assert_eq!(
        words(&density),
        "density of 4 values from 1 to 4, bandwidth 1.0034"
    );
    assert_eq!(
        words(&GraphNode::new("W").line("value 6").highlight("∂L/∂W = 8")),
        "W, value 6, ∂L/∂W = 8"
    );
    assert_eq!(words(&GraphEdge::new(0, 2)), "node 0 → node 2");
    assert_eq!(words(&GraphEdge::new(0, 2).label("2")), "node 0 → node 2, 2");

    assert_eq!(words(&Best::default()), "no value yet");
    assert_eq!(words(&OptimizerState::default()), "OptimizerState(0 weights)");
    assert_eq!(words(&Seed(1).stream()), "RandomStream(ChaCha8)");
    assert_eq!(words(&Setting::Sizes(vec![3, 3])), "[3, 3]");
    assert_eq!(
        words(&NoiseSchedule::Exponential { end: 0.01 }),
        "Exponential { end: 0.01 }"
    );
    let error = Error::new("fit").expected("rows").got("none").hint("give some");
    assert_eq!(
        words(&error),
        "fit: expected rows, got none. What to do: give some."
    );
    assert_eq!(words(&Kind::Interrupted), "Interrupted");

    let (samples, curves) = (Tensor::ones([5, 2])?, History::default());
    let watched = Watched {
        epoch: 3,
        samples: &samples,
        curves: &curves,
    };
    assert!(words(&watched).starts_with("after 3 epochs: samples [5, 2]"));
    Ok(())
}

#[test]
fn the_batches_of_an_epoch_say_how_many_are_left() -> Result<()> {
    let x = Tensor::ones([10, 3])?;
    let options = BatchOptions {
        batch_size: 4,
        ..BatchOptions::default()
    };
    let mut epoch = batches(&x, &Tensor::ones([10, 1])?, options)?.epoch(0);
    epoch.next();
    assert_eq!(
        words(&epoch),
        "an epoch with 2 left of 3 batches of 4 rows   x [10, 3]   y [10, 1]"
    );
    assert_eq!(format!("{epoch:?}"), words(&epoch));
    Ok(())
}

#[test]
fn a_training_says_how_far_it_is() -> Result<()> {
    let x = Tensor::ones([4, 1])?;
    let mut model = Sequential::new(Input(1), layers![Dense::new(1).use_bias(false)], Seed(1))?;
    model.compile(
        SGD {
            learning_rate: 1e-20,
            ..SGD::default()
        },
        Loss::MeanSquaredError,
        &[],
    )?;
    model.set_weights("dense.weights", &Tensor::full([1, 1], 1.5)?)?;
    let mut best = EarlyStopping {
        monitor: "loss",
        patience: 5,
        ..EarlyStopping::default()
    };
    let mut said = Vec::new();
    let listens = on_epoch_end(|training| {
        said.push((words(training), format!("{training:?}")));
        Ok(())
    });
    assert_eq!(format!("{listens:?}"), "on_epoch_end(function)");
    let options = Fit {
        epochs: 2,
        verbose: false,
        callbacks: callbacks![listens, &mut best],
        ..Fit::default()
    };
    model.fit(&x, &x, options)?;
    let expected = ["epoch 1 of 2 · loss 0.2500", "epoch 2 of 2 · loss 0.2500"];
    assert_eq!(said, expected.map(|said| (said.to_owned(), said.to_owned())));
    assert_eq!(words(&best.best), "best value 0.25, no better one for 1 epochs");
    Ok(())
}
