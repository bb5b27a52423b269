//! The made data sets follow their formulas, and say which arguments they cannot take.

use course_lib::data::datasets::{self, Dataset, LogicGate, Sequences};
use course_lib::notebook::Show;
use course_lib::random::Seed;
use course_lib::tensor::Tensor;
use serde_json::Value;

/// The points of a set with their classes, in an order that does not depend on the shuffling.
fn sorted(points: &[f32], classes: &[f32]) -> Vec<(f32, f32, f32)> {
    let mut rows: Vec<(f32, f32, f32)> = points
        .chunks_exact(2)
        .zip(classes)
        .map(|(point, class)| (*class, point[0], point[1]))
        .collect();
    rows.sort_by(|a, b| a.partial_cmp(b).unwrap());
    rows
}

fn assert_like_scikit_learn(data: &Dataset, name: &str) {
    let reference: Value = serde_json::from_str(include_str!("reference/data.json")).unwrap();
    let numbers = |part: &str| -> Vec<f32> {
        let list = reference[name][part].as_array().unwrap();
        list.iter()
            .map(|number| number.as_f64().unwrap() as f32)
            .collect()
    };
    // Values that are 0 but for rounding would change places.
    let rounded = |values: Vec<f32>| -> Vec<f32> {
        values
            .iter()
            .map(|value| (value * 1e5).round() / 1e5 + 0.0)
            .collect()
    };
    let found = sorted(&rounded(data.x.to_vec()), &data.y.to_vec());
    let expected = sorted(&rounded(numbers("points")), &numbers("classes"));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.0, expected.0);
        assert!(
            (found.1 - expected.1).abs() < 2e-5 && (found.2 - expected.2).abs() < 2e-5,
            "{found:?} is not {expected:?}"
        );
    }
}

#[test]
fn moons_and_circles_without_noise_are_those_of_scikit_learn() {
    assert_like_scikit_learn(&datasets::moons(101, 0.0, Seed(0)).unwrap(), "moons");
    assert_like_scikit_learn(&datasets::circles(101, 0.0, Seed(0)).unwrap(), "circles");
}

type Make = fn(f32, Seed) -> course_lib::error::Result<Dataset>;

/// Sets of points in the plane, 120 rows each: class names beside a function of noise and seed.
fn planes() -> [(&'static [&'static str], Make); 4] {
    [
        (&["upper", "lower"], |noise, seed| {
            datasets::moons(120, noise, seed)
        }),
        (&["outer", "inner"], |noise, seed| {
            datasets::circles(120, noise, seed)
        }),
        (&["A", "B", "C"], |noise, seed| {
            datasets::blobs(120, 3, noise, seed)
        }),
        (&["A", "B", "C"], |noise, seed| {
            datasets::spirals(120, 3, noise, seed)
        }),
    ]
}

#[test]
fn the_same_seed_gives_the_same_points_and_another_seed_others() {
    for (_, make) in planes() {
        let points = |seed| make(0.1, Seed(seed)).unwrap().x.to_vec();
        assert_eq!(points(1), points(1));
        assert_ne!(points(1), points(2));
    }
}

#[test]
fn each_class_has_its_share_of_the_points_and_the_rows_are_mixed() {
    for (names, make) in planes() {
        let data = make(0.1, Seed(0)).unwrap();
        assert_eq!(data.class_names, names);
        assert_eq!((data.x.shape(), data.y.shape()), (&[120, 2][..], &[120, 1][..]));
        let labels = data.y.to_vec();
        for (class, name) in names.iter().enumerate() {
            let of_class = labels.iter().filter(|label| **label == class as f32).count();
            assert_eq!(of_class, 120 / names.len(), "{name}");
        }
        // Row by row, the table says the same.
        let words = data.frame.words("class").unwrap();
        assert!(
            words
                .iter()
                .zip(&labels)
                .all(|(word, label)| word == names[*label as usize])
        );
        assert_eq!(
            data.frame.to_tensor(&["x1", "x2"]).unwrap().to_vec(),
            data.x.to_vec()
        );
        assert!(
            labels[..20].iter().any(|label| *label != labels[0]),
            "the first rows are of one class"
        );
        assert!(data.rich().forms()[0].1.contains("120"), "{data}");
    }
}

#[test]
fn noise_moves_points_by_its_standard_deviation() {
    // Without noise every point of a circle is at its radius.
    let radii = |noise| -> Vec<f32> {
        let data = datasets::circles(4000, noise, Seed(3)).unwrap();
        let rows = data.x.to_rows().unwrap();
        rows.iter()
            .zip(data.y.to_vec())
            .map(|(row, class)| row[0].hypot(row[1]) - if class == 0.0 { 1.0 } else { 0.5 })
            .collect()
    };
    assert!(radii(0.0).iter().all(|radius| radius.abs() < 1e-6));
    let spread = (radii(0.05).iter().map(|radius| radius.powi(2)).sum::<f32>() / 4000.0).sqrt();
    assert!((spread - 0.05).abs() < 0.005, "{spread}");
}

#[test]
fn blobs_lie_around_centres_that_are_far_apart() {
    let data = datasets::blobs(3000, 4, 0.5, Seed(0)).unwrap();
    let rows = data.x.to_rows().unwrap();
    let labels = data.y.to_vec();
    for (class, centre) in [(0.0, [4.0, 0.0]), (1.0, [0.0, 4.0]), (2.0, [-4.0, 0.0])] {
        let own: Vec<&Vec<f32>> = rows
            .iter()
            .zip(&labels)
            .filter(|(_, label)| **label == class)
            .map(|(row, _)| row)
            .collect();
        for axis in [0, 1] {
            let mean = own.iter().map(|row| row[axis]).sum::<f32>() / own.len() as f32;
            assert!((mean - centre[axis]).abs() < 0.1, "{mean} {centre:?}");
        }
    }
}

#[test]
fn truth_tables_are_those_of_the_gates() {
    let outputs = |gate| datasets::logic_gate(gate).unwrap().y.to_vec();
    assert_eq!(outputs(LogicGate::And), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(outputs(LogicGate::Or), [0.0, 1.0, 1.0, 1.0]);
    assert_eq!(outputs(LogicGate::Not), [1.0, 0.0]);
    assert_eq!(outputs(LogicGate::Xor), [0.0, 1.0, 1.0, 0.0]);
    assert_eq!(outputs(LogicGate::Nand), [1.0, 1.0, 1.0, 0.0]);
    assert_eq!(outputs(LogicGate::Nor), [1.0, 0.0, 0.0, 0.0]);
    let not = datasets::logic_gate(LogicGate::Not).unwrap();
    assert_eq!(not.x, Tensor::from_rows(&[[0.0], [1.0]]).unwrap());
    let xor = datasets::logic_gate(LogicGate::Xor).unwrap();
    assert_eq!(xor.frame.columns(), ["x1", "x2", "y"]);
    assert!(xor.about.contains("XOR"), "{}", xor.about);
}

#[test]
fn a_weighted_sum_has_its_weights_and_its_noise() {
    let weights = [1.5, -2.0];
    let exact = datasets::linear_regression(300, &weights, 0.5, 0.0, Seed(1)).unwrap();
    let noisy = datasets::linear_regression(300, &weights, 0.5, 0.2, Seed(1)).unwrap();
    assert_eq!(exact.x, noisy.x, "noise changes the target only");
    let (mut squares, mut largest) = (0.0, 0.0_f32);
    for ((row, y), noisy) in exact
        .x
        .to_rows()
        .unwrap()
        .iter()
        .zip(exact.y.to_vec())
        .zip(noisy.y.to_vec())
    {
        assert!(row.iter().all(|x| (-1.0..1.0).contains(x)));
        largest = largest.max((y - (1.5 * row[0] - 2.0 * row[1] + 0.5)).abs());
        squares += (noisy - y).powi(2);
    }
    assert!(largest < 1e-6, "{largest}");
    let noise = (squares / 300.0).sqrt();
    assert!((noise - 0.2).abs() < 0.03, "{noise}");
}

#[test]
fn sine_waves_repeat_after_their_common_period() {
    let series = datasets::sine_waves(121, &[20.0, 30.0], 0.0, Seed(0))
        .unwrap()
        .to_vec();
    for row in 0..61 {
        assert!((series[row] - series[row + 60]).abs() < 1e-6, "{row}");
    }
    assert!((series[5] - (1.0 + 3.0_f32.sqrt() / 2.0)).abs() < 1e-6);
}

#[test]
fn the_real_samples_of_the_gans_have_the_lecturers_distributions() {
    let vectors = datasets::normal_vectors(2000, Seed(5)).unwrap();
    assert_eq!(vectors.shape(), [2000, 10]);
    let values = vectors.to_vec();
    let mean = values.iter().sum::<f32>() / 20_000.0;
    let std = (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 20_000.0).sqrt();
    assert!(
        (mean - 4.0).abs() < 0.005 && (std - 0.2).abs() < 0.005,
        "{mean} {std}"
    );

    let points = datasets::line_points(2000, Seed(5)).unwrap().to_rows().unwrap();
    assert!(
        points
            .iter()
            .all(|point| point[0] == point[1] && (2.5..=7.5).contains(&point[0]))
    );
    let mean = points.iter().map(|point| point[0]).sum::<f32>() / 2000.0;
    assert!((mean - 5.0).abs() < 0.1, "{mean}");
    let ends = points
        .iter()
        .filter(|point| point[0] < 3.0 || point[0] > 7.0)
        .count();
    assert!((340..460).contains(&ends), "{ends} of 2000 in the outer fifth");
}

#[test]
fn each_sequence_has_the_answer_that_its_task_asks_for() {
    let rows = |tensor: &Tensor| tensor.to_rows().unwrap();
    let counted: Sequences = datasets::count_up(50, 4, Seed(2)).unwrap();
    assert_eq!(
        (counted.x.shape(), counted.y.shape()),
        (&[50, 1][..], &[50, 4, 1][..])
    );
    for (x, y) in rows(&counted.x).iter().zip(rows(&counted.y)) {
        assert_eq!(y, [1.0, 2.0, 3.0, 4.0].map(|step| x[0] + step));
    }
    let summed = datasets::sum_of_sequence(50, 6, Seed(2)).unwrap();
    assert_eq!(summed.x.shape(), [50, 6, 1]);
    for (x, y) in rows(&summed.x).iter().zip(rows(&summed.y)) {
        assert_eq!(y, [x.iter().sum::<f32>()]);
        assert!(
            x.iter()
                .all(|digit| digit.fract() == 0.0 && (0.0..10.0).contains(digit))
        );
    }
    let echoed = datasets::echo_sequence(50, 5, 3, 2, Seed(2)).unwrap();
    for (x, y) in rows(&echoed.x).iter().zip(rows(&echoed.y)) {
        assert_eq!(y, [0.0, 0.0, x[0], x[1], x[2]]);
    }
    let reversed = datasets::reverse_sequence(50, 5, 3, Seed(2)).unwrap();
    for (x, y) in rows(&reversed.x).iter().zip(rows(&reversed.y)) {
        assert_eq!(y.iter().rev().collect::<Vec<_>>(), x.iter().collect::<Vec<_>>());
    }
    let all = reversed.x.to_vec();
    assert!([0.0, 1.0, 2.0].iter().all(|symbol| all.contains(symbol)) && !all.contains(&3.0));
    assert!(
        reversed.to_string().contains("backwards"),
        "{}",
        reversed.rich().forms()[0].1
    );
}

#[test]
fn what_cannot_be_made_is_refused_by_name() {
    let seed = Seed(0);
    let refusals = [
        ("moons", datasets::moons(3, 0.1, seed).map(|_| ())),
        ("moons", datasets::moons(10, -0.1, seed).map(|_| ())),
        ("circles", datasets::circles(10, f32::NAN, seed).map(|_| ())),
        ("blobs", datasets::blobs(10, 1, 0.1, seed).map(|_| ())),
        ("blobs", datasets::blobs(10, 11, 0.1, seed).map(|_| ())),
        ("blobs", datasets::blobs(2, 3, 0.1, seed).map(|_| ())),
        ("spirals", datasets::spirals(5, 3, 0.1, seed).map(|_| ())),
        (
            "linear_regression",
            datasets::linear_regression(5, &[], 0.0, 0.1, seed).map(|_| ()),
        ),
        (
            "linear_regression",
            datasets::linear_regression(5, &[f32::INFINITY], 0.0, 0.1, seed).map(|_| ()),
        ),
        (
            "sine_waves",
            datasets::sine_waves(0, &[5.0], 0.1, seed).map(|_| ()),
        ),
        (
            "sine_waves",
            datasets::sine_waves(5, &[0.0], 0.1, seed).map(|_| ()),
        ),
        ("normal_vectors", datasets::normal_vectors(0, seed).map(|_| ())),
        ("line_points", datasets::line_points(0, seed).map(|_| ())),
        ("count_up", datasets::count_up(5, 0, seed).map(|_| ())),
        (
            "sum_of_sequence",
            datasets::sum_of_sequence(0, 5, seed).map(|_| ()),
        ),
        (
            "echo_sequence",
            datasets::echo_sequence(5, 4, 3, 4, seed).map(|_| ()),
        ),
        (
            "reverse_sequence",
            datasets::reverse_sequence(5, 4, 1, seed).map(|_| ()),
        ),
    ];
    for (name, result) in refusals {
        let text = result.unwrap_err().to_string();
        assert!(
            text.starts_with(&format!("{name}: expected")) && text.contains("What to do"),
            "{text}"
        );
    }
}
