//! Splitting and scaling keep the test part out of sight, give the same rows for the same seed, and say what
//! is wrong.

use course_lib::data::{MinMaxScaler, SplitOptions, StandardScaler, TrainTest, train_test_split};
use course_lib::random::Seed;
use course_lib::tensor::Tensor;

/// `rows` examples whose single feature is the number of the row, of two classes, 1 in every fourth row.
fn examples(rows: usize) -> (Tensor, Tensor) {
    let x = Tensor::from_vec((0..rows).map(|row| row as f32).collect(), [rows, 1]).unwrap();
    let y = (0..rows)
        .map(|row| if row % 4 == 0 { 1.0 } else { 0.0 })
        .collect();
    (x, Tensor::from_vec(y, [rows, 1]).unwrap())
}

fn split(rows: usize, options: SplitOptions) -> TrainTest {
    let (x, y) = examples(rows);
    train_test_split(&x, &y, options).unwrap()
}

fn refused(rows: usize, options: SplitOptions) -> String {
    let (x, y) = examples(rows);
    train_test_split(&x, &y, options).unwrap_err().to_string()
}

#[test]
fn every_row_lands_in_exactly_one_part_together_with_its_target() {
    for stratify in [false, true] {
        let parts = split(
            100,
            SplitOptions {
                stratify,
                ..Default::default()
            },
        );
        assert_eq!(
            (parts.x_train.shape(), parts.x_test.shape()),
            (&[80, 1][..], &[20, 1][..])
        );
        let mut all = parts.x_train.to_vec();
        all.extend(parts.x_test.to_vec());
        all.sort_unstable_by(f32::total_cmp);
        assert_eq!(all, (0..100).map(|row| row as f32).collect::<Vec<_>>());
        for (x, y) in parts.x_test.to_vec().into_iter().zip(parts.y_test.to_vec()) {
            assert_eq!(y, if x % 4.0 == 0.0 { 1.0 } else { 0.0 });
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_seed_others() {
    let rows = |seed| {
        split(
            100,
            SplitOptions {
                seed: Seed(seed),
                ..Default::default()
            },
        )
        .x_test
        .to_vec()
    };
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
    assert_ne!(
        rows(1),
        (0..20).map(|row| row as f32).collect::<Vec<_>>(),
        "rows are shuffled"
    );
}

#[test]
fn a_stratified_split_keeps_the_share_of_each_class() {
    for seed in 0..20 {
        let parts = split(
            100,
            SplitOptions {
                stratify: true,
                seed: Seed(seed),
                ..Default::default()
            },
        );
        assert_eq!(parts.y_test.to_vec().iter().sum::<f32>(), 5.0);
        assert_eq!(parts.y_train.to_vec().iter().sum::<f32>(), 20.0);
    }
}

#[test]
fn the_test_part_is_rounded_up_as_in_scikit_learn() {
    let test_rows = |rows, test_fraction| {
        split(
            rows,
            SplitOptions {
                test_fraction,
                ..Default::default()
            },
        )
        .x_test
        .shape()[0]
    };
    assert_eq!(test_rows(569, 0.2), 114);
    assert_eq!(test_rows(10, 0.25), 3);
    assert_eq!(test_rows(10, 0.3), 3);
    assert_eq!(test_rows(2, 0.01), 1);
}

#[test]
fn a_split_that_cannot_be_is_refused_in_words() {
    for test_fraction in [0.0, 1.0, -0.5, 20.0, f64::NAN] {
        let text = refused(
            100,
            SplitOptions {
                test_fraction,
                ..Default::default()
            },
        );
        assert!(text.contains("between 0 and 1"), "{text}");
    }
    let text = refused(1, SplitOptions::default());
    assert!(text.contains("at least one row for each part"), "{text}");
    // Four rows have a single row of class 1.
    let text = refused(
        4,
        SplitOptions {
            stratify: true,
            test_fraction: 0.5,
            ..Default::default()
        },
    );
    assert!(text.contains("stratify"), "{text}");
    let (x, _) = examples(5);
    let (_, y) = examples(4);
    let text = train_test_split(&x, &y, SplitOptions::default())
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("as many rows in `x` as in `y`") && text.contains("[5, 1]"),
        "{text}"
    );
}

#[test]
fn a_scaler_measures_the_part_it_is_fitted_on_and_no_other() {
    let train = Tensor::from_vec(vec![0.0, 2.0, 4.0], [3, 1]).unwrap();
    let scaler = StandardScaler::fit(&train).unwrap();
    assert_eq!(scaler.mean(), [2.0]);
    let far_away = Tensor::from_vec(vec![1000.0], [1, 1]).unwrap();
    let before = scaler.clone();
    scaler.transform(&far_away).unwrap();
    assert!(before == scaler, "transforming changed the scaler");
    let train = scaler.transform(&train).unwrap().to_vec();
    assert!(train.iter().sum::<f32>().abs() < 1e-6);
}

#[test]
fn a_feature_that_never_changes_becomes_zero_not_nan() {
    for value in [0.0, 5.0, 0.1, 16_777_217.3] {
        let x = Tensor::from_vec(vec![value; 7], [7, 1]).unwrap();
        assert_eq!(
            StandardScaler::fit(&x).unwrap().transform(&x).unwrap().to_vec(),
            [0.0; 7]
        );
        assert_eq!(
            MinMaxScaler::fit(&x).unwrap().transform(&x).unwrap().to_vec(),
            [0.0; 7]
        );
    }
}

#[test]
fn a_scaler_refuses_other_features_and_numbers_that_are_none() {
    let x = Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0], [2, 2]).unwrap();
    let scaler = StandardScaler::fit(&x).unwrap();
    let narrow = Tensor::from_vec(vec![1.0], [1, 1]).unwrap();
    let text = scaler.transform(&narrow).unwrap_err().to_string();
    assert!(text.contains("2 features") && text.contains("[1, 1]"), "{text}");
    let hole = Tensor::from_vec(vec![1.0, 2.0, 3.0, f32::NAN], [2, 2]).unwrap();
    let text = StandardScaler::fit(&hole).unwrap_err().to_string();
    assert!(text.contains("NaN in row 1, feature 1"), "{text}");
    let flat = Tensor::from_vec(vec![1.0, 2.0], [2]).unwrap();
    let text = MinMaxScaler::fit(&flat).unwrap_err().to_string();
    assert!(text.contains("[rows, features]"), "{text}");
}
