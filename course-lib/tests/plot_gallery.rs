//! One picture of each kind, as a lesson would draw it and as bad luck would: well-formed SVG with words,
//! nothing outside the card. The files are left in cargo's folder for test output, to be looked at.

use course_lib::data::{SplitOptions, StandardScaler, datasets, train_test_split};
use course_lib::plot::{self, Figure};
use course_lib::prelude::*;

mod gallery;
use gallery::{keep, noise};

/// Scores of a good, not perfect classifier, and the truth.
fn scores() -> (Tensor, Tensor) {
    let mut noise = noise(7);
    let truth: Vec<f32> = (0..114).map(|row| if row % 8 < 3 { 1.0 } else { 0.0 }).collect();
    let score = |y: &f32| (0.5 + 0.28 * (y * 2.0 - 1.0) + 0.75 * noise()).clamp(0.0, 1.0);
    let scores: Vec<f32> = truth.iter().map(score).collect();
    (Tensor::vector(&scores).unwrap(), Tensor::vector(&truth).unwrap())
}

#[test]
fn lines() {
    let x: Vec<f32> = (0..=200).map(|step| step as f32 / 20.0 - 5.0).collect();
    let of = |rule: fn(f32) -> f32| x.iter().map(|x| rule(*x)).collect::<Vec<f32>>();
    let plot = Figure::new()
        .title("Activation functions")
        .x_label("weighted sum")
        .y_label("output")
        .line("sigmoid", &x, &of(|x| 1.0 / (1.0 + (-x).exp())))
        .line("tanh", &x, &of(f32::tanh))
        .line("softsign", &x, &of(|x| x / (1.0 + x.abs())))
        .line("ReLU", &x, &of(|x| x.max(0.0)))
        .line("ELU", &x, &of(|x| if x > 0.0 { x } else { x.exp() - 1.0 }))
        .line("sine", &x, &of(f32::sin))
        .y_range(-1.2, 2.0)
        .draw()
        .unwrap();
    keep("lines", &plot);
}

#[test]
fn a_scatter_plot_of_two_features_by_class() {
    let data = datasets::breast_cancer().unwrap();
    let column = |name| data.frame.column(name).unwrap();
    let plot = plot::scatter(
        &column("mean radius"),
        &column("mean texture"),
        &data.frame.words("diagnosis").unwrap(),
    )
    .title("Two of the thirty features")
    .x_label("mean radius")
    .y_label("mean texture")
    .draw()
    .unwrap();
    keep("scatter", &plot);
}

#[test]
fn histograms_of_a_feature_by_class() {
    let data = datasets::breast_cancer().unwrap();
    let values = data.frame.column("worst concave points").unwrap();
    let plot = plot::histogram(&values, &data.frame.words("diagnosis").unwrap())
        .title("Worst concave points of 569 tumours")
        .x_label("worst concave points")
        .draw()
        .unwrap();
    keep("histogram", &plot);
}

#[test]
fn bars_for_class_balance_and_for_weights_of_both_signs() {
    let plot = plot::bars(&["benign", "malignant"], &[357, 212])
        .title("Class balance")
        .x_label("tumours")
        .draw();
    keep("bars-balance", &plot.unwrap());
    let names = [
        "worst area",
        "mean concavity",
        "a name so long that it cannot be written out beside its bar",
        "bias",
        "x & <y>",
    ];
    let plot = plot::bars(&names, &[1.82, 0.41, -0.95, -0.002, 0.0])
        .title("Weights of the neuron")
        .x_label("weight");
    keep("bars-weights", &plot.draw().unwrap());
    keep("bars-one", &plot::bars(&["only"], &[0.0]).draw().unwrap());
    let names: Vec<String> = (0..30).map(|feature| format!("feature {feature}")).collect();
    let values: Vec<f32> = (0..30).map(|feature| 1.0 / (1.0 + feature as f32)).collect();
    keep(
        "bars-thirty",
        &plot::bars(&names, &values)
            .title("Importance")
            .x_label("share")
            .draw()
            .unwrap(),
    );
}

#[test]
fn a_confusion_matrix_of_two_and_of_ten_classes() {
    let (scores, truth) = scores();
    let matrix = ConfusionMatrix::new(&scores, &truth, &["benign", "malignant"]).unwrap();
    keep("confusion", &plot::confusion_matrix(&matrix).unwrap());

    let mut noise = noise(3);
    let digits: Vec<usize> = (0..2000).map(|row| row % 10).collect();
    let truth = Tensor::vector(&digits.iter().map(|digit| *digit as f32).collect::<Vec<_>>()).unwrap();
    let row = |digit: &usize| {
        let missed = noise() > 0.42;
        let seen = if missed { (digit * 7 + 3) % 10 } else { *digit };
        (0..10)
            .map(|column| if column == seen { 1.0 } else { 0.0 })
            .collect::<Vec<f32>>()
    };
    let predictions = Tensor::from_vec(digits.iter().flat_map(row).collect(), [2000, 10]).unwrap();
    let names = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let matrix = ConfusionMatrix::new(&predictions, &truth, &names).unwrap();
    keep("confusion-digits", &plot::confusion_matrix(&matrix).unwrap());
    let clothes = [
        "T-shirt & <top>",
        "trousers",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot of leather",
    ];
    let matrix = ConfusionMatrix::new(&predictions, &truth, &clothes).unwrap();
    keep("confusion-long-names", &plot::confusion_matrix(&matrix).unwrap());
}

#[test]
fn a_roc_curve() {
    let (scores, truth) = scores();
    keep(
        "roc",
        &plot::roc(&RocCurve::new(&scores, &truth).unwrap()).unwrap(),
    );
    keep(
        "roc-perfect",
        &plot::roc(&RocCurve::new(&truth, &truth).unwrap()).unwrap(),
    );
}

#[test]
fn the_history_of_a_training() {
    let data = datasets::breast_cancer().unwrap();
    let options = SplitOptions {
        stratify: true,
        ..Default::default()
    };
    let parts = train_test_split(&data.x, &data.y, options).unwrap();
    let scaler = StandardScaler::fit(&parts.x_train).unwrap();
    let (x_train, x_test) = (
        scaler.transform(&parts.x_train).unwrap(),
        scaler.transform(&parts.x_test).unwrap(),
    );
    let layers = layers![Dense::new(16).activation(ReLU), Dense::new(1).activation(Sigmoid)];
    let mut model = Sequential::new(Input(30), layers, Seed(1)).unwrap();
    model
        .compile(Adam::default(), Loss::BinaryCrossentropy, &[Metric::Accuracy])
        .unwrap();
    let fit = |epochs| Fit {
        epochs,
        batch_size: 32,
        verbose: false,
        validation_data: Some((&x_test, &parts.y_test)),
        ..Fit::default()
    };
    let history = model.fit(&x_train, &parts.y_train, fit(30)).unwrap();
    let plot = plot::history(&history).unwrap();
    keep("history", &plot);
    for word in ["Loss", "Accuracy", "epoch", "training", "validation"] {
        assert!(plot.svg().contains(word), "{word}");
    }
    let history = model.fit(&x_train, &parts.y_train, fit(1)).unwrap();
    keep("history-one-epoch", &plot::history(&history).unwrap());

    let predictions = model.predict(&x_test).unwrap();
    let matrix = ConfusionMatrix::new(&predictions, &parts.y_test, &data.class_names).unwrap();
    assert!(matrix.accuracy() > 0.9, "{matrix}");
    keep("confusion-lesson", &plot::confusion_matrix(&matrix).unwrap());
    keep(
        "roc-lesson",
        &plot::roc(&RocCurve::new(&predictions, &parts.y_test).unwrap()).unwrap(),
    );
}

#[test]
fn figures_beside_each_other() {
    let epochs: Vec<usize> = (1..=40).collect();
    let mut noise = noise(5);
    let mut fall = |from: f32, to: f32| {
        epochs
            .iter()
            .map(|epoch| to + (from - to) * (-(*epoch as f32) / 8.0).exp() + 0.02 * noise())
            .collect::<Vec<f32>>()
    };
    let panel = |title: &str, y: &str, training: &[f32], validation: &[f32]| {
        let figure = Figure::new().title(title).x_label("epoch").y_label(y).whole_x();
        figure
            .line("training", &epochs, training)
            .line("validation", &epochs, validation)
    };
    let left = panel("Loss", "binary cross-entropy", &fall(0.7, 0.05), &fall(0.7, 0.1));
    let right = panel("Accuracy", "share of tumours", &fall(0.6, 0.99), &fall(0.6, 0.96));
    keep("beside", &plot::beside(&[left, right]).unwrap());
}

#[test]
fn awkward_data_is_drawn_all_the_same() {
    let one = Figure::new()
        .title("One point")
        .x_label("x")
        .y_label("y")
        .line("a", &[3.0], &[7.0]);
    keep("one-point", &one.draw().unwrap());
    let equal =
        Figure::new()
            .line("equal", &[1, 2, 3], &[0.5, 0.5, 0.5])
            .scatter("same place", &[2, 2], &[0.5, 0.5]);
    keep("all-equal", &equal.draw().unwrap());
    let huge =
        Figure::new()
            .x_label("x")
            .y_label("y")
            .line("huge", &[-1e30, 0.0, 3e30], &[-2e12, 5e12, 1e13]);
    keep("huge", &huge.draw().unwrap());
    let tiny = Figure::new().line("tiny", &[1e-9, 2e-9, 3e-9], &[1e-30, 5e-30, 2e-30]);
    keep("tiny", &tiny.draw().unwrap());
    let constant = Figure::new()
        .histogram("constant", &[4.0; 20])
        .histogram("one", &[4.5]);
    keep("histogram-constant", &constant.draw().unwrap());
    let steep = Figure::new().x_range(0.0, 1.0).y_range(0.0, 1.0);
    let steep = steep
        .line("leaves the frame", &[-1.0, 0.5, 2.0], &[2.5, -0.5, 3.0])
        .area("area", &[-1.0, 2.0], &[-1.0, 2.0]);
    keep("clipped", &steep.draw().unwrap());
    let many: Vec<f32> = (0..200_000).map(|step| (step as f32 / 9_000.0).sin()).collect();
    let long = Figure::new()
        .line("200 000 points", &(0..200_000), &many)
        .draw()
        .unwrap();
    assert!(long.svg().len() < 100_000, "{}", long.svg().len());
    keep("many-points", &long);
}

#[test]
fn long_and_foreign_words_stay_on_the_card() {
    let long = "a label that goes on and on ".repeat(12);
    let plot = Figure::new()
        .title(&long)
        .x_label(&long)
        .y_label(&long)
        .line(long.as_str(), &[1, 2, 3], &[1.0, 4.0, 9.0])
        .line("größe <b>&amp;</b> \"q\" 'a'", &[1, 2, 3], &[2.0, 3.0, 5.0])
        .line("損失 · потери · ∂L/∂w", &[1, 2, 3], &[3.0, 3.0, 4.0])
        .line("control \u{1b}[31m\u{0} letters", &[1, 2, 3], &[5.0, 5.0, 5.0])
        .draw()
        .unwrap();
    keep("long-words", &plot);
    assert!(plot.svg().contains("&lt;b&gt;"), "text from data is escaped");
}

#[test]
fn the_smallest_figure_with_the_longest_title_still_shows_its_data() {
    let long = "words and words ".repeat(20);
    let figure = Figure::new()
        .size(200, 200)
        .title(&long)
        .x_label(&long)
        .y_label(&long);
    let figure = figure.line(long.as_str(), &[1, 2, 3], &[1e9, 4e9, 9e9]);
    keep("smallest", &figure.draw().unwrap());
    keep(
        "smallest-beside",
        &plot::beside(&[figure.clone(), figure]).unwrap(),
    );
}
