//! The steps between data and a network give the numbers of scikit-learn, pandas and NumPy, and undo themselves.

use course_lib::data::{
    BatchOptions, MinMaxScaler, SplitOptions, batches, chronological_split, datasets, difference,
    from_one_hot, log, one_hot, shift_images, shift_images_at_random, train_test_split, undo_difference,
    undo_log, windows,
};
use course_lib::random::Seed;
use course_lib::tensor::Tensor;
use proptest::prelude::*;
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

fn assert_close(got: &Tensor, expected: &[f32], bound: f32, what: &str) {
    let got = got.to_vec();
    assert_eq!(got.len(), expected.len(), "{what}");
    for (place, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= bound * expected.abs().max(0.1),
            "{what}: {got} at place {place}, expected {expected}"
        );
    }
}

fn column(values: &[f32]) -> Tensor {
    Tensor::from_vec(values.to_vec(), [values.len(), 1]).unwrap()
}

/// The numbers from 0, a row each.
fn rows(count: usize) -> Tensor {
    column(&(0..count).map(|row| row as f32).collect::<Vec<_>>())
}

#[test]
fn one_hot_rows_are_those_of_scikit_learn_and_lead_back() {
    let reference = &reference()["one-hot"];
    let labels = column(&numbers(&reference["labels"]));
    let hot = one_hot(&labels, 5).unwrap();
    assert_eq!(hot.shape(), [5, 5]);
    assert_eq!(hot.to_vec(), numbers(&reference["rows"]));
    assert_eq!(from_one_hot(&hot).unwrap(), labels);
    let vector = labels.reshape([5]).unwrap();
    assert_eq!(one_hot(&vector, 5).unwrap(), hot);
}

#[test]
fn sequences_of_symbols_become_one_hot_step_by_step() {
    let symbols = Tensor::from_rows(&[[0.0, 2.0, 1.0], [1.0, 1.0, 0.0]]).unwrap();
    let hot = one_hot(&symbols, 3).unwrap();
    assert_eq!(hot.shape(), [2, 3, 3]);
    assert_eq!(hot.at(&[0, 1, 2]).unwrap(), 1.0);
    assert_eq!(from_one_hot(&hot).unwrap(), symbols);
}

#[test]
fn labels_that_are_no_class_are_refused_with_their_place() {
    for label in [-1.0, 0.5, 3.0, f32::NAN, f32::INFINITY, 1e30] {
        let text = one_hot(&column(&[0.0, label]), 3).unwrap_err().to_string();
        assert!(text.contains("0 to 2") && text.contains("place 1"), "{text}");
    }
    assert!(one_hot(&rows(2), 0).is_err());
    assert!(one_hot(&Tensor::scalar(1.0), 2).is_err());
    let text = from_one_hot(&rows(2).reshape([2]).unwrap())
        .unwrap_err()
        .to_string();
    assert!(text.contains("[rows, classes]"), "{text}");
    let hole = Tensor::from_rows(&[[f32::NAN, 1.0]]).unwrap();
    assert!(from_one_hot(&hole).unwrap_err().to_string().contains("NaN"));
}

#[test]
fn windows_are_those_of_numpy() {
    let reference = &reference()["airline"];
    let series = datasets::airline_passengers().unwrap().values;
    let (x, y) = windows(&series, 12, 3).unwrap();
    let count = reference["windows"].as_u64().unwrap() as usize;
    assert_eq!((x.shape(), y.shape()), (&[count, 12, 1][..], &[count, 3][..]));
    let tenth = [x.row(9).unwrap().to_vec(), y.row(9).unwrap().to_vec()].concat();
    assert_eq!(tenth, numbers(&reference["tenth window"]));
    // The last window ends where the series does.
    assert_eq!(y.row(count - 1).unwrap().to_vec(), [461.0, 390.0, 432.0]);
}

#[test]
fn windows_that_do_not_fit_are_refused_with_the_length() {
    let series = rows(5);
    assert_eq!(windows(&series, 4, 1).unwrap().0.shape(), [1, 4, 1]);
    for (look_back, horizon) in [(5, 1), (0, 1), (1, 0), (usize::MAX, 1)] {
        let text = windows(&series, look_back, horizon).unwrap_err().to_string();
        assert!(
            text.contains("at most 5") && text.contains(&look_back.to_string()),
            "{text}"
        );
    }
    let table = Tensor::zeros([5, 2]).unwrap();
    let text = windows(&table, 2, 1).unwrap_err().to_string();
    assert!(text.contains("[rows, 1]") && text.contains("[5, 2]"), "{text}");
}

#[test]
fn logarithms_and_differences_are_those_of_pandas() {
    let reference = &reference()["airline"];
    let series = datasets::airline_passengers().unwrap().values;
    let logarithms = log(&series).unwrap();
    assert_close(&logarithms, &numbers(&reference["log"]), 1e-6, "log");
    assert_eq!(
        difference(&series, 1).unwrap().to_vec(),
        numbers(&reference["difference 1"])
    );
    let level = difference(&logarithms, 12).unwrap();
    assert_eq!(level.shape(), [132, 1]);
    assert_close(
        &level,
        &numbers(&reference["difference 12 of log"]),
        1e-5,
        "difference at lag 12",
    );
}

#[test]
fn a_year_ahead_comes_back_from_differences_of_logarithms_to_the_passenger() {
    let series = datasets::airline_passengers().unwrap().values;
    let logarithms = log(&series).unwrap();
    let level = difference(&logarithms, 12).unwrap();
    // The last three years, from their differences and from the year before them only.
    let again = undo_difference(&level.rows(96..132).unwrap(), &logarithms.rows(96..108).unwrap()).unwrap();
    let passengers = undo_log(&again).unwrap().to_vec();
    let rounded: Vec<f32> = passengers.iter().map(|value| value.round()).collect();
    assert_eq!(rounded, series.to_vec()[108..]);
}

#[test]
fn what_is_no_series_is_refused_where_it_is_wrong() {
    let text = log(&column(&[1.0, 0.0])).unwrap_err().to_string();
    assert!(text.contains("above 0") && text.contains("row 1"), "{text}");
    let text = undo_log(&column(&[1.0, 100.0])).unwrap_err().to_string();
    assert!(text.contains("100 in row 1"), "{text}");
    for lag in [0, 3, 4] {
        let text = difference(&rows(3), lag).unwrap_err().to_string();
        assert!(text.contains("from 1 to 2"), "{text}");
    }
    let hole = column(&[1.0, f32::NAN]);
    assert!(
        difference(&hole, 1)
            .unwrap_err()
            .to_string()
            .contains("NaN in row 1")
    );
    assert!(undo_difference(&rows(3), &Tensor::scalar(1.0)).is_err());
    assert!(log(&Tensor::ones([2, 2]).unwrap()).is_err());
}

#[test]
fn a_series_of_one_row_has_no_difference() {
    assert!(difference(&rows(1), 1).is_err());
}

#[test]
fn a_chronological_split_is_scikit_learns_without_shuffling() {
    let reference = &reference()["airline"];
    let series = datasets::airline_passengers().unwrap().values;
    let (train, test) = chronological_split(&series, 0.2).unwrap();
    assert_eq!(train.shape()[0] as u64, reference["train"].as_u64().unwrap());
    assert_eq!([train.to_vec(), test.to_vec()].concat(), series.to_vec());
    // A scaler that has seen the earlier part only, on a series of one column.
    let scaler = MinMaxScaler::fit(&train).unwrap();
    let scaled = scaler.transform(&test).unwrap();
    assert_close(&scaled, &numbers(&reference["scaled test"]), 1e-6, "scaled test");
    assert!(
        scaled.to_vec().iter().any(|value| *value > 1.0),
        "the later part grows beyond it"
    );
    assert_close(
        &scaler.inverse_transform(&scaled).unwrap(),
        &test.to_vec(),
        1e-6,
        "back",
    );

    let (x, y) = windows(&series, 3, 1).unwrap();
    let parts = train_test_split(
        &x,
        &y,
        SplitOptions {
            shuffle: false,
            ..Default::default()
        },
    )
    .unwrap();
    assert_eq!((parts.x_train.shape()[0], parts.x_test.shape()[0]), (112, 29));
    assert_eq!(parts.y_test.to_vec(), test.to_vec());
}

#[test]
fn a_split_in_the_order_of_time_refuses_classes_and_empty_parts() {
    let options = SplitOptions {
        shuffle: false,
        stratify: true,
        ..Default::default()
    };
    let text = train_test_split(&rows(10), &rows(10), options)
        .unwrap_err()
        .to_string();
    assert!(text.contains("stratify"), "{text}");
    for fraction in [0.0, 1.0, f64::NAN] {
        let text = chronological_split(&rows(10), fraction).unwrap_err().to_string();
        assert!(text.starts_with("chronological_split: expected"), "{text}");
    }
    assert!(chronological_split(&rows(1), 0.5).is_err());
    assert!(chronological_split(&Tensor::scalar(1.0), 0.5).is_err());
    // 100 × 0.07 is a little above 7 in binary.
    assert_eq!(chronological_split(&rows(100), 0.07).unwrap().1.shape(), [7, 1]);
}

#[test]
fn a_scaler_takes_sequences_whose_last_axis_are_its_features() {
    let train = Tensor::from_rows(&[[0.0, 0.0], [10.0, 100.0]]).unwrap();
    let scaler = MinMaxScaler::fit(&train).unwrap();
    let sequences = Tensor::from_vec(vec![5.0, 50.0, 10.0, 25.0], [1, 2, 2]).unwrap();
    let scaled = scaler.transform(&sequences).unwrap();
    assert_eq!(scaled.shape(), [1, 2, 2]);
    assert_eq!(scaled.to_vec(), [0.5, 0.5, 1.0, 0.25]);
    assert_eq!(scaler.inverse_transform(&scaled).unwrap(), sequences);
    let text = scaler
        .transform(&Tensor::zeros([1, 2, 3]).unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("2 features") && text.contains("[1, 2, 3]"),
        "{text}"
    );
    assert!(scaler.transform(&Tensor::zeros([2]).unwrap()).is_err());
}

#[test]
fn an_epoch_shows_each_row_once_with_its_target() {
    let x = rows(10);
    let y = &x * 10.0;
    let options = BatchOptions {
        batch_size: 4,
        ..Default::default()
    };
    let data = batches(&x, &y, options).unwrap();
    assert_eq!(data.count(), 3);
    assert_eq!(data.epoch(0).len(), 3);
    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    for (x, y) in data.epoch(0) {
        assert_eq!(y, &x * 10.0);
        sizes.push(x.shape()[0]);
        seen.extend(x.to_vec());
    }
    assert_eq!(sizes, [4, 4, 2]);
    assert_ne!(seen, x.to_vec(), "rows are shuffled");
    seen.sort_by(f32::total_cmp);
    assert_eq!(seen, x.to_vec());
    assert!(
        data.to_string().contains("3 batches of 4 rows   x [10, 1]"),
        "{data}"
    );
}

#[test]
fn each_epoch_has_an_order_of_its_own_that_the_seed_repeats() {
    let order = |seed, epoch| -> Vec<f32> {
        let options = BatchOptions {
            batch_size: 7,
            seed: Seed(seed),
            ..Default::default()
        };
        let data = batches(&rows(50), &rows(50), options).unwrap();
        data.epoch(epoch).flat_map(|(x, _)| x.to_vec()).collect()
    };
    assert_eq!(order(1, 3), order(1, 3));
    assert_ne!(order(1, 3), order(1, 4));
    assert_ne!(order(1, 3), order(2, 3));
}

#[test]
fn batches_keep_the_order_and_drop_the_rest_if_asked() {
    let options = BatchOptions {
        batch_size: 4,
        shuffle: false,
        drop_last: true,
        ..Default::default()
    };
    let images = Tensor::zeros([10, 1, 2, 2]).unwrap();
    let data = batches(&images, &rows(10), options).unwrap();
    assert_eq!(data.count(), 2);
    let y: Vec<f32> = data.epoch(0).flat_map(|(_, y)| y.to_vec()).collect();
    assert_eq!(y, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    for (x, _) in data.epoch(1) {
        assert_eq!(x.shape(), [4, 1, 2, 2]);
    }
}

#[test]
fn batches_that_cannot_be_are_refused() {
    let options = |batch_size, drop_last| BatchOptions {
        batch_size,
        drop_last,
        ..Default::default()
    };
    let refused = |x: &Tensor, y: &Tensor, options| batches(x, y, options).unwrap_err().to_string();
    assert!(refused(&rows(10), &rows(9), options(4, false)).contains("[10, 1] and y of shape [9, 1]"));
    assert!(refused(&rows(10), &rows(10), options(0, false)).contains("from 1 to 10"));
    assert!(refused(&rows(10), &rows(10), options(11, true)).contains("from 1 to 10"));
    assert!(refused(&Tensor::scalar(1.0), &rows(1), options(1, false)).contains("with rows"));
    assert_eq!(
        batches(&rows(10), &rows(10), options(11, false)).unwrap().count(),
        1
    );
}

#[test]
fn a_digit_moved_out_of_its_image_is_gone_and_one_moved_by_nothing_stays() {
    let images = Tensor::ones([2, 3, 4, 5]).unwrap();
    assert_eq!(shift_images(&images, 0, 0).unwrap(), images);
    for (dx, dy) in [(5, 0), (0, -4), (i32::MAX, 0), (0, i32::MIN)] {
        let gone = shift_images(&images, dx, dy).unwrap();
        assert_eq!(gone, Tensor::zeros([2, 3, 4, 5]).unwrap(), "{dx} {dy}");
    }
    let left = shift_images(&images, -1, 0).unwrap();
    assert_eq!(left.to_vec().iter().sum::<f32>(), 2.0 * 3.0 * 4.0 * 4.0);
    for shape in [&[2, 5][..], &[5], &[1, 2, 2]] {
        let text = shift_images(&Tensor::ones(shape).unwrap(), 1, 0)
            .unwrap_err()
            .to_string();
        assert!(text.contains("[rows, channels, height, width]"), "{text}");
    }
}

#[test]
fn random_moves_differ_from_image_to_image_and_repeat_with_the_seed() {
    let mut values = vec![0.0; 200 * 25];
    values
        .iter_mut()
        .skip(12)
        .step_by(25)
        .for_each(|middle| *middle = 1.0);
    let images = Tensor::from_vec(values, [200, 25]).unwrap();
    let moved = shift_images_at_random(&images, 2, Seed(4)).unwrap();
    assert_eq!(moved, shift_images_at_random(&images, 2, Seed(4)).unwrap());
    assert_ne!(moved, shift_images_at_random(&images, 2, Seed(5)).unwrap());
    let mut places: Vec<usize> = moved.argmax().unwrap();
    assert!(
        moved
            .to_rows()
            .unwrap()
            .iter()
            .all(|row| row.iter().sum::<f32>() == 1.0)
    );
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 25, "each place within 2 pixels is reached");
    assert_eq!(shift_images_at_random(&images, 0, Seed(4)).unwrap(), images);
    assert!(shift_images_at_random(&images, usize::MAX, Seed(4)).is_ok());
}

proptest! {
    #[test]
    fn differences_of_whole_numbers_come_back_exactly(
        values in prop::collection::vec(-1000_i32..1000, 2..60),
        lag in 1_usize..20,
    ) {
        prop_assume!(lag < values.len());
        let series = column(&values.iter().map(|value| *value as f32).collect::<Vec<_>>());
        let differences = difference(&series, lag).unwrap();
        let again = undo_difference(&differences, &series.rows(0..lag).unwrap()).unwrap();
        prop_assert_eq!(again.to_vec(), series.to_vec()[lag..].to_vec());
    }

    #[test]
    fn logarithms_come_back_to_single_precision(values in prop::collection::vec(1e-3_f32..1e6, 1..40)) {
        let again = undo_log(&log(&column(&values)).unwrap()).unwrap().to_vec();
        for (again, value) in again.iter().zip(&values) {
            prop_assert!((again - value).abs() <= 2e-6 * value, "{} {}", again, value);
        }
    }

    #[test]
    fn class_numbers_come_back_from_one_hot(labels in prop::collection::vec(0_u8..7, 1..40)) {
        let labels = column(&labels.iter().map(|label| f32::from(*label)).collect::<Vec<_>>());
        let hot = one_hot(&labels, 7).unwrap();
        prop_assert_eq!(hot.to_vec().iter().sum::<f32>(), labels.count() as f32);
        prop_assert_eq!(from_one_hot(&hot).unwrap(), labels);
    }

    #[test]
    fn every_window_is_a_piece_of_the_series(length in 2_usize..40, look_back in 1_usize..10, horizon in 1_usize..5) {
        prop_assume!(look_back + horizon <= length);
        let (x, y) = windows(&rows(length), look_back, horizon).unwrap();
        prop_assert_eq!(x.shape()[0], length - look_back - horizon + 1);
        for (row, (x, y)) in x.to_rows().unwrap().into_iter().zip(y.to_rows().unwrap()).enumerate() {
            let piece: Vec<f32> = (row..row + look_back + horizon).map(|value| value as f32).collect();
            prop_assert_eq!([x, y].concat(), piece);
        }
    }
}
