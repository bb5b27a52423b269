//! Pictures of statistics: their numbers beside SciPy's and NumPy's (`reference/make_plots.py`), what they say
//! in words, and how they refuse what cannot be drawn.

use course_lib::data::datasets;
use course_lib::plot::{self, Density, Figure, HeatMap, Plot};
use course_lib::prelude::*;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/plots.json")).expect("plots.json is JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn refused(plot: Result<Plot>, parts: &[&str]) {
    let text = plot.expect_err("a refusal").to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

fn rows(rows: &[[f32; 2]]) -> Tensor {
    Tensor::from_rows(rows).unwrap()
}

/// The points of the dark line in a picture, in pixels.
fn decision_lines(plot: &Plot) -> Vec<Vec<(f64, f64)>> {
    let document = roxmltree::Document::parse(plot.svg()).unwrap();
    let is_line = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name("polyline") && node.attribute("stroke") == Some("#1F2328")
    };
    let point = |text: &str| {
        let (x, y) = text.split_once(',').unwrap();
        (x.parse::<f64>().unwrap() / 10.0, y.parse::<f64>().unwrap() / 10.0)
    };
    let lines = document.descendants().filter(is_line);
    lines
        .map(|line| {
            line.attribute("points")
                .unwrap()
                .split_whitespace()
                .map(point)
                .collect()
        })
        .collect()
}

#[test]
fn densities_are_those_of_scipy() {
    let reference = reference();
    for (name, case) in reference["densities"].as_object().unwrap() {
        let sample: Vec<f32> = numbers(&case["sample"])
            .into_iter()
            .map(|value| value as f32)
            .collect();
        let density = Density::new(&sample).unwrap();
        let bandwidth = case["bandwidth"].as_f64().unwrap();
        assert!(
            (density.bandwidth() - bandwidth).abs() <= 1e-12 * bandwidth,
            "{name}: {} and {bandwidth}",
            density.bandwidth()
        );
        let places = numbers(&case["at"]);
        let expected = numbers(&case["density"]);
        assert!(!places.is_empty());
        for (x, expected) in places.iter().zip(expected) {
            let got = density.at(*x);
            assert!(
                (got - expected).abs() <= 1e-10 * expected + 1e-280,
                "{name} at {x}: {got} and {expected}"
            );
        }
    }
}

#[test]
fn the_area_below_a_density_is_one() {
    let density = Density::new(&[3.0, 3.1, 4.5, 9.0]).unwrap();
    let step = 0.01;
    let area: f64 = (-2000..4000)
        .map(|at| density.at(f64::from(at) * step) * step)
        .sum();
    assert!((area - 1.0).abs() < 1e-9, "{area}");
}

#[test]
fn equal_values_have_a_narrow_density_instead_of_none() {
    for value in [0.0, 4.1, -1e6] {
        let density = Density::new(&[value; 5]).unwrap();
        assert!(density.bandwidth() > 0.0 && density.at(value).is_finite() && density.at(value) > 0.0);
    }
    assert!(Density::new(&[2.0]).unwrap().at(2.0) > 0.0);
}

#[test]
fn correlations_are_those_of_numpy() {
    let data = datasets::breast_cancer().unwrap();
    let matrix = plot::correlation_matrix(&data.x).unwrap();
    let reference = reference();
    let expected: Vec<f64> = reference["correlations"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(numbers)
        .collect();
    assert_eq!(matrix.shape(), [30, 30]);
    for (at, (got, expected)) in matrix.to_vec().iter().zip(&expected).enumerate() {
        assert!(
            (f64::from(*got) - expected).abs() < 2e-7,
            "{at}: {got} and {expected}"
        );
    }
}

#[test]
fn a_constant_column_correlates_with_nothing() {
    let table = rows(&[[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]);
    let matrix = plot::correlation_matrix(&table).unwrap();
    assert_eq!(matrix.to_vec(), [1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn the_decision_line_of_a_step_is_straight_and_where_it_belongs() {
    let x = rows(&[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
    let y = Tensor::vector(&[0.0, 1.0, 1.0, 1.0]).unwrap();
    let neuron = |points: &Tensor| Ok(Step.apply(&(points.matmul(&rows_of_weights())? - 0.37)));
    let figure =
        plot::decision_regions(&x, &y, neuron).reference("x1 + x2 = 0.37", &[-0.14, 0.51], &[0.51, -0.14]);
    let plot = figure.draw().unwrap();
    let lines = decision_lines(&plot);
    // The swatch of the legend, and the line: straight, so two points are enough.
    assert_eq!(lines.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    // The picture spans -0.14 to 1.14 in both directions; its frame is the largest rectangle.
    let (from, to) = (lines[1][0], lines[1][1]);
    let frame = frame(&plot);
    let value = |point: (f64, f64)| {
        let across = -0.14 + 1.28 * (point.0 - frame[0]) / frame[2];
        let up = 1.14 - 1.28 * (point.1 - frame[1]) / frame[3];
        across + up
    };
    for end in [from, to] {
        assert!((value(end) - 0.37).abs() < 2e-3, "{end:?} is at {}", value(end));
    }
}

fn rows_of_weights() -> Tensor {
    Tensor::from_rows(&[[1.0], [1.0]]).unwrap()
}

/// Left, top, width and height of what lies behind the data, in pixels.
fn frame(plot: &Plot) -> [f64; 4] {
    let document = roxmltree::Document::parse(plot.svg()).unwrap();
    let rects = document
        .descendants()
        .filter(|node| node.has_tag_name("rect") && node.attribute("x").is_some());
    let sizes = rects.map(|node| {
        ["x", "y", "width", "height"].map(|name| node.attribute(name).unwrap().parse::<f64>().unwrap() / 10.0)
    });
    sizes
        .max_by(|a, b| (a[2] * a[3]).total_cmp(&(b[2] * b[3])))
        .unwrap()
}

#[test]
fn one_hot_targets_and_class_numbers_give_the_same_picture() {
    let x = rows(&[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
    let hot = Tensor::from_rows(&[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]).unwrap();
    let numbers = Tensor::vector(&[0.0, 1.0, 2.0]).unwrap();
    let scores = Tensor::from_rows(&[[-1.0, 2.0, 0.1], [-1.0, 0.1, 2.0]]).unwrap();
    let model = |points: &Tensor| points.matmul(&scores);
    let plot = plot::decision_regions(&x, &hot, model).draw().unwrap();
    assert_eq!(plot, plot::decision_regions(&x, &numbers, model).draw().unwrap());
    assert!(plot.alt().starts_with("Decision regions"), "{}", plot.alt());
    assert!(
        plot.alt()
            .contains("3 of 3 points lie in the region of their class."),
        "{}",
        plot.alt()
    );
}

#[test]
fn a_single_output_may_count_classes() {
    let x = rows(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]);
    let y = Tensor::vector(&[0.0, 1.0, 2.0]).unwrap();
    let first = |points: &Tensor| {
        let numbers: Vec<f32> = points.to_vec().chunks(2).map(|point| point[0].round()).collect();
        Tensor::vector(&numbers)
    };
    let plot = plot::decision_regions(&x, &y, first).draw().unwrap();
    assert!(plot.alt().contains("3 of 3"), "{}", plot.alt());
    assert_eq!(
        decision_lines(&plot).len(),
        1 + 2,
        "the legend's, and one between every two classes"
    );
}

#[test]
fn decisions_that_cannot_be_drawn_are_refused() {
    let x = rows(&[[0.0, 0.0], [1.0, 1.0]]);
    let y = Tensor::vector(&[0.0, 1.0]).unwrap();
    let zeros = |points: &Tensor| Tensor::zeros([points.shape()[0], 1]);
    let three = Tensor::zeros([2, 3]).unwrap();
    refused(
        plot::decision_regions(&three, &y, zeros).draw(),
        &["decision_regions", "[rows, 2]", "[2, 3]"],
    );
    let labels = Tensor::vector(&[0.0, 0.5]).unwrap();
    refused(
        plot::decision_regions(&x, &labels, zeros).draw(),
        &["class numbers", "0.5"],
    );
    let labels = Tensor::vector(&[0.0, 6.0]).unwrap();
    refused(
        plot::decision_regions(&x, &labels, zeros).draw(),
        &["from 0 to 5", "6"],
    );
    let labels = Tensor::vector(&[0.0, 1.0, 1.0]).unwrap();
    refused(
        plot::decision_regions(&x, &labels, zeros).draw(),
        &["2 class numbers"],
    );
    let one_row = |_: &Tensor| Tensor::zeros([1, 1]);
    refused(
        plot::decision_regions(&x, &y, one_row).draw(),
        &["rows of outputs", "|points|"],
    );
    let nan = |points: &Tensor| Tensor::full([points.shape()[0], 1], f32::NAN);
    refused(
        plot::decision_regions(&x, &y, nan).draw(),
        &["the model's outputs", "NaN"],
    );
    let labels = Tensor::vector(&[0.0, 2.0]).unwrap();
    let two = |points: &Tensor| Tensor::zeros([points.shape()[0], 2]);
    refused(
        plot::decision_regions(&x, &labels, two).draw(),
        &["as many classes as the data (3)", "outputs for 2"],
    );
    let moody = |points: &Tensor| Tensor::zeros([points.shape()[0], 2 + points.shape()[0] % 2]);
    refused(plot::decision_regions(&x, &y, moody).draw(), &["rows of outputs"]);
    let failing = |_: &Tensor| Err(Error::new("my model").expected("luck").got("none"));
    refused(plot::decision_regions(&x, &y, failing).draw(), &["my model"]);
}

#[test]
fn a_surface_needs_values_and_ranges() {
    let root = |x: f32, y: f32| (x + y).sqrt();
    refused(
        plot::contour(root, -1.0..=1.0, -1.0..=1.0).draw(),
        &["contour", "NaN at (−1, −1)"],
    );
    let sum = |x: f32, y: f32| x + y;
    refused(
        plot::contour(sum, 1.0..=-1.0, 0.0..=1.0).draw(),
        &["contour", "1 and -1"],
    );
    refused(
        plot::contour(sum, 0.0..=f32::NAN, 0.0..=1.0).draw(),
        &["two finite ends"],
    );
    refused(
        plot::contour(sum, 0..=1, 0..=1)
            .path("SGD", &Tensor::zeros([5, 3]).unwrap())
            .draw(),
        &["path", "[5, 3]"],
    );
    let plot = plot::contour(sum, 0..=1, 0..=1).path("SGD", &rows(&[[0.2, 0.3], [5.0, 5.0]]));
    let plot = plot.cross("minimum", 0.0, 0.0).draw().unwrap();
    assert_eq!(
        plot.alt(),
        "Contour map: y against x. Heights from 0 to 2. SGD: 1 steps from (0.2, 0.3) to (5, 5). \
         minimum at (0, 0)."
    );
}

#[test]
fn curves_without_values_are_refused() {
    refused(
        plot::function(-2.0..=-1.0, f32::ln).draw(),
        &["function", "NaN or infinity everywhere"],
    );
    refused(plot::function(1.0..=1.0, |x| x).draw(), &["function", "1 and 1"]);
    refused(plot::activation(Softmax).draw(), &["activation", "softmax"]);
    refused(plot::activations(&[Sigmoid, Softmax]), &["softmax"]);
    refused(plot::activations(&[]), &["one to 24 figures"]);
}

#[test]
fn a_logarithmic_axis_needs_positive_values() {
    let falling = Figure::new().line("loss", &[1, 2], &[0.0, -1.0]).log_y();
    refused(falling.draw(), &["Figure::log_y", "above zero"]);
    assert!(
        Figure::new()
            .line("loss", &[1, 2], &[0.0, 1.0])
            .log_y()
            .draw()
            .is_ok()
    );
}

#[test]
fn a_forecast_says_in_words_where_it_was_cut() {
    let plot = plot::forecast("passengers", &[1.0, 2.0, 3.0, 4.0], 3)
        .draw()
        .unwrap();
    assert!(
        plot.alt()
            .contains("Up to 2.5: learned from; from there on: never seen."),
        "{}",
        plot.alt()
    );
    refused(
        plot::forecast("a", &[1.0], 0).months(1949, 13).draw(),
        &["Figure::months", "1949 and 13"],
    );
    refused(
        Figure::new()
            .line("", &[1], &[1.0])
            .split_at(f64::NAN, "a", "b")
            .draw(),
        &["Figure::split_at"],
    );
}

#[test]
fn tables_that_are_none_are_refused() {
    let draw = |map: HeatMap| map.draw();
    refused(
        draw(plot::heat_map(&Tensor::zeros([4]).unwrap())),
        &["heat_map", "shape [4]"],
    );
    refused(
        draw(plot::heat_map(&Tensor::zeros([61, 2]).unwrap())),
        &["at most 60"],
    );
    let two = || plot::heat_map(&Tensor::zeros([2, 2]).unwrap());
    refused(draw(two().rows(&["a"])), &["2 row names", "1"]);
    refused(draw(two().columns(&["a", "b", "c"])), &["2 column names", "3"]);
    refused(draw(two().range(1.0, 1.0)), &["the lower one first"]);
    refused(
        draw(plot::heat_map(&Tensor::full([1, 2], f32::NAN).unwrap())),
        &["the cells", "NaN"],
    );
    refused(plot::beside(&[two(), two().rows(&["a"])]), &["2 row names"]);
    let table = rows(&[[1.0, 2.0], [2.0, 1.0]]);
    assert!(plot::correlations(&table, &["one"]).is_err());
    assert!(plot::correlation_matrix(&rows(&[[1.0, 2.0]])).is_err());
    assert!(plot::correlation_matrix(&rows(&[[1.0, f32::NAN], [1.0, 2.0]])).is_err());
    let words = two().rows(&["a", "b"]).columns(&["c", "d"]).draw().unwrap();
    assert_eq!(
        words.alt(),
        "Heat map of 2 rows and 2 columns. Largest: 0 (a, c); smallest: 0 (a, c)."
    );
}

#[test]
fn groups_that_are_empty_or_differ_in_length_are_refused() {
    refused(
        plot::spread::<Vec<f32>>(&[]).draw(),
        &["spread", "1 to 40 groups"],
    );
    refused(
        plot::spread(&[("a", vec![]), ("b", vec![1.0])]).draw(),
        &["group `a`"],
    );
    refused(
        plot::densities(&[("real", [1e300, -1e300])]).draw(),
        &["Density", "as far apart"],
    );
    refused(
        plot::densities(&[("real", Vec::<f32>::new())]).draw(),
        &["Density", "the sample"],
    );
    refused(
        plot::predicted_against_true(&[1.0], &[1.0, 2.0]).draw(),
        &["1 and 2"],
    );
    refused(plot::residuals(&[f32::NAN], &[1.0]).draw(), &["the predictions"]);
    refused(
        plot::lines(&[1, 2], &[("a", [1.0])]).draw(),
        &["marked_line", "2 and 1"],
    );
    refused(
        plot::clouds(&[("real", Tensor::zeros([3, 1]).unwrap())]).draw(),
        &["points", "[3, 1]"],
    );
    refused(
        Figure::new().line("a", &[1], &[1.0]).names(&["x", "y"]).draw(),
        &["Figure::names", "at most 1"],
    );
    let one = || Figure::new().line("", &[1], &[1.0]);
    refused(plot::grid(&[one()], 0), &["grid", "one to four columns"]);
    refused(plot::grid(&vec![one(); 25], 4), &["25 in 4"]);
}

#[test]
fn histories_are_compared_by_a_metric_that_all_have() {
    let x = Tensor::from_rows(&[[0.0], [1.0], [2.0]]).unwrap();
    let y = Tensor::from_rows(&[[0.0], [2.0], [4.0]]).unwrap();
    let train = |learning_rate: f32| {
        let mut model = Sequential::new(Input(1), layers![Dense::new(1)], Seed(2)).unwrap();
        let sgd = SGD {
            learning_rate,
            ..SGD::default()
        };
        model.compile(sgd, Loss::MeanSquaredError, &[]).unwrap();
        let fit = Fit {
            epochs: 4,
            verbose: false,
            ..Fit::default()
        };
        model.fit(&x, &y, fit).unwrap()
    };
    let (slow, fast) = (train(0.001), train(0.1));
    let plot = plot::histories(&[("slow", &slow), ("fast", &fast)], "loss")
        .draw()
        .unwrap();
    assert!(
        plot.alt().contains("loss against epoch. slow: from"),
        "{}",
        plot.alt()
    );
    refused(
        plot::histories(&[("slow", &slow)], "accuracy").draw(),
        &["histories", "`slow` has: loss", "`accuracy`"],
    );
}

#[test]
fn series_of_one_name_share_a_colour_and_an_entry() {
    let plot = Figure::new()
        .line("LSTM", &[1, 2], &[1.0, 2.0])
        .line("LSTM", &[4, 5], &[2.0, 3.0])
        .line("GRU", &[1, 5], &[3.0, 1.0])
        .draw()
        .unwrap();
    assert_eq!(plot.svg().matches("LSTM\n").count(), 1, "in the legend");
    assert!(plot.svg().contains("#D55E00"), "the second colour");
    assert!(!plot.svg().contains("#009E73"), "no third colour");
}

#[test]
fn the_same_data_gives_the_same_picture() {
    let draw = || {
        plot::contour(|x, y| (3.0 * x).sin() * y, -2.0..=2.0, -1.0..=1.0)
            .draw()
            .unwrap()
    };
    assert_eq!(draw(), draw());
}
