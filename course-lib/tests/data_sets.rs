//! The data sets are what their descriptions say, number for number as NumPy and pandas read them.

use course_lib::data::datasets::{self, Mnist};
use course_lib::data::shift_images;
use course_lib::notebook::Show;
use course_lib::tensor::Tensor;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/data.json")).unwrap()
}

fn numbers(list: &Value) -> Vec<f32> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap() as f32)
        .collect()
}

fn assert_close(got: f64, expected: &Value, relative: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!(
        (got - expected).abs() <= relative * expected.abs(),
        "{what}: expected {expected}, got {got}"
    );
}

fn mean_and_std(values: &[f32]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let squares: f64 = values
        .iter()
        .map(|value| (f64::from(*value) - mean).powi(2))
        .sum();
    (mean, (squares / count).sqrt())
}

#[test]
fn mnist_is_the_70_000_digits_that_numpy_reads() {
    let (reference, digits) = (reference(), datasets::mnist().unwrap());
    let parts = [
        ("train", &digits.x_train, &digits.y_train, 60_000),
        ("test", &digits.x_test, &digits.y_test, 10_000),
    ];
    for (part, x, y, rows) in parts {
        let expected = &reference["mnist"][part];
        assert_eq!(
            (x.shape(), y.shape()),
            (&[rows, 784][..], &[rows, 1][..]),
            "{part}"
        );
        let (mean, std) = mean_and_std(&x.to_vec());
        assert_close(mean, &expected["mean"], 1e-6, part);
        assert_close(std, &expected["std"], 1e-6, part);
        let labels = y.to_vec();
        assert_eq!(labels[..20], numbers(&expected["first labels"]), "{part}");
        for (digit, count) in numbers(&expected["counts"]).into_iter().enumerate() {
            let found = labels.iter().filter(|label| **label == digit as f32).count();
            assert_eq!(found as f32, count, "{part}: digit {digit}");
        }
        for (row, line) in numbers(&expected["rows"])
            .into_iter()
            .zip(expected["middle lines"].as_array().unwrap())
        {
            let image = x.row(row as usize).unwrap().to_vec();
            assert_eq!(
                image[14 * 28..15 * 28],
                numbers(line),
                "{part}: line 14 of image {row}"
            );
        }
    }
    let shown = digits.rich().forms()[0].1.clone();
    assert!(
        shown.contains("[60000, 784]") && shown.contains("0 to 9"),
        "{shown}"
    );
}

#[test]
fn mnist_comes_as_images_and_in_small_too() {
    let few = datasets::mnist().unwrap().first(100, 20).unwrap();
    let images: Mnist = few.images().unwrap();
    assert_eq!(images.x_train.shape(), [100, 1, 28, 28]);
    assert_eq!(images.x_test.shape(), [20, 1, 28, 28]);
    assert_eq!(images.y_test.shape(), [20, 1]);
    assert_eq!(images.x_test.to_vec(), few.x_test.to_vec());
    for (train, test) in [(0, 20), (100, 21)] {
        let text = few.first(train, test).unwrap_err().to_string();
        assert!(text.contains("0..100") || text.contains("0..20"), "{text}");
    }
}

#[test]
fn a_moved_digit_is_the_one_that_scipy_moves() {
    let first = datasets::mnist().unwrap().first(1, 1).unwrap().x_test;
    let image = first.reshape([1, 1, 28, 28]).unwrap();
    for moved in reference()["mnist"]["moved"].as_array().unwrap() {
        let by = |name: &str| moved[name].as_i64().unwrap() as i32;
        let expected = numbers(&moved["image"]);
        for form in [&first, &image] {
            let found = shift_images(form, by("dx"), by("dy")).unwrap();
            assert_eq!(found.shape(), form.shape());
            assert_eq!(found.to_vec(), expected, "{} {}", by("dx"), by("dy"));
        }
    }
}

#[test]
fn auto_mpg_is_the_table_that_pandas_reads() {
    let (reference, cars) = (reference(), datasets::auto_mpg().unwrap());
    let expected = &reference["auto mpg"];
    assert_eq!((cars.x.shape(), cars.y.shape()), (&[392, 9][..], &[392, 1][..]));
    assert_eq!(cars.frame.shape(), (392, 9));
    assert!(cars.class_names.is_empty(), "mpg is measured");
    let description = cars.frame.describe().unwrap();
    let names = description.words("column").unwrap();
    assert_eq!(names.len(), expected["columns"].as_object().unwrap().len());
    for (row, name) in names.iter().enumerate() {
        for statistic in ["mean", "std"] {
            let found = description.column(statistic).unwrap()[row];
            assert_close(
                f64::from(found),
                &expected["columns"][name][statistic],
                1e-6,
                name,
            );
        }
    }
    let third = cars.x.row(2).unwrap().to_vec();
    for (name, value) in cars.feature_names.iter().zip(&third).take(6) {
        assert_close(f64::from(*value), &expected["third car"][name], 1e-6, name);
    }
    assert_eq!(cars.y.to_vec()[2], 18.0);
}

#[test]
fn a_car_has_one_origin_and_each_origin_its_cars() {
    let (reference, cars) = (reference(), datasets::auto_mpg().unwrap());
    let rows = cars.x.to_rows().unwrap();
    assert!(rows.iter().all(|row| row[6..].iter().sum::<f32>() == 1.0));
    for (column, origin) in [(6, "USA"), (7, "Europe"), (8, "Japan")] {
        assert_eq!(cars.feature_names[column], format!("origin {origin}"));
        let found: f32 = rows.iter().map(|row| row[column]).sum();
        assert_eq!(
            f64::from(found),
            reference["auto mpg"]["origins"][origin].as_f64().unwrap(),
            "{origin}"
        );
    }
}

#[test]
fn the_airline_passengers_are_144_months_with_a_growing_summer() {
    let passengers = datasets::airline_passengers().unwrap();
    assert_eq!(passengers.values.shape(), [144, 1]);
    let values = passengers.values.to_vec();
    assert_close(
        f64::from(values.iter().sum::<f32>()),
        &reference()["airline"]["total"],
        0.0,
        "total",
    );
    assert_eq!((values[0], values[143]), (112.0, 432.0));
    assert_eq!(
        (passengers.times[0].as_str(), passengers.times[143].as_str()),
        ("1949-01", "1960-12")
    );
    let shown = passengers.to_string();
    assert!(
        shown.contains("thousands") && shown.contains("1949-01 to 1960-12"),
        "{shown}"
    );
}

#[test]
fn a_table_made_of_a_tensor_has_its_columns_and_refuses_other_names() {
    let rows = Tensor::from_rows(&[[1.0, 2.0], [3.0, 4.0]]).unwrap();
    let table = course_lib::data::DataFrame::from_tensor(&rows, &["a", "b"]).unwrap();
    assert_eq!(table.column("b").unwrap(), [2.0, 4.0]);
    assert_eq!(table.to_tensor(&["a", "b"]).unwrap(), rows);
    let refused = |x: &Tensor, names: &[&str]| {
        course_lib::data::DataFrame::from_tensor(x, names)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(&rows, &["a"]).contains("[2, 2] and 1 names"));
    assert!(refused(&rows, &["a", "a"]).contains("`a`"));
    let vector = Tensor::vector(&[1.0, 2.0]).unwrap();
    assert!(refused(&vector, &["a", "b"]).contains("[2]"));
}
