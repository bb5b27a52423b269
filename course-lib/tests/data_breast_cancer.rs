//! The breast-cancer table and what is computed from it agree with pandas and scikit-learn.

use course_lib::data::{DataFrame, MinMaxScaler, SplitOptions, StandardScaler, datasets, train_test_split};
use course_lib::notebook::Show;
use course_lib::tensor::Tensor;

/// Numbers of pandas and scikit-learn; `reference/data_reference.py` wrote them.
struct Reference(Vec<(String, String, f64)>);

impl Reference {
    fn read() -> Self {
        let lines = include_str!("reference/data_reference.csv").lines().skip(1);
        let number = |line: &str| {
            let mut parts = line.split(',');
            let mut next = || parts.next().unwrap().to_owned();
            (next(), next(), next().parse().unwrap())
        };
        Self(lines.map(number).collect())
    }

    fn of(&self, what: &str) -> Vec<(&str, f64)> {
        let found: Vec<_> = self
            .0
            .iter()
            .filter(|(kind, ..)| kind == what)
            .map(|(_, c, v)| (c.as_str(), *v))
            .collect();
        assert!(!found.is_empty(), "{what}");
        found
    }
}

fn assert_close(got: f64, expected: f64, relative: f64, what: &str) {
    let allowed = relative * expected.abs().max(1e-3);
    assert!(
        (got - expected).abs() <= allowed,
        "{what}: expected {expected}, got {got}"
    );
}

/// The same cut as in the script that made the reference: no random generator has to agree.
fn first_and_last_rows(x: &Tensor) -> (Tensor, Tensor) {
    (
        x.select_rows(&(0..455).collect::<Vec<_>>()).unwrap(),
        x.select_rows(&(455..569).collect::<Vec<_>>()).unwrap(),
    )
}

#[test]
fn the_table_has_569_tumours_of_which_212_are_malignant() {
    let data = datasets::breast_cancer().unwrap();
    assert_eq!(data.frame.shape(), (569, 31));
    assert_eq!(data.x.shape(), [569, 30]);
    assert_eq!(data.y.shape(), [569, 1]);
    assert_eq!(data.feature_names.len(), 30);
    assert_eq!(data.class_names, ["benign", "malignant"]);
    assert_eq!(data.y.to_vec().iter().sum::<f32>(), 212.0);
    // The first row of scikit-learn's file: radius 17.99, malignant.
    assert_eq!(data.x.to_vec()[0], 17.99);
    assert_eq!(data.y.to_vec()[0], 1.0);
    let shown = data.rich().forms()[0].1.clone();
    assert!(
        shown.contains("569") && shown.contains("1 = malignant"),
        "{shown}"
    );
}

#[test]
fn the_description_is_that_of_pandas() {
    let (reference, data) = (Reference::read(), datasets::breast_cancer().unwrap());
    let description = data.frame.describe().unwrap();
    let names = description.words("column").unwrap();
    let pairs = [
        ("count", "count"),
        ("mean", "mean"),
        ("std", "std"),
        ("min", "min"),
        ("max", "max"),
    ];
    let quartiles = [("25%", "25 %"), ("50%", "50 %"), ("75%", "75 %")];
    for (theirs, ours) in pairs.into_iter().chain(quartiles) {
        let column = description.column(ours).unwrap();
        for (name, expected) in reference.of(&format!("describe {theirs}")) {
            let row = names.iter().position(|found| found == name).unwrap();
            assert_close(
                f64::from(column[row]),
                expected,
                1e-6,
                &format!("{theirs} of {name}"),
            );
        }
    }
}

#[test]
fn scalers_give_the_numbers_of_scikit_learn() {
    let (reference, data) = (Reference::read(), datasets::breast_cancer().unwrap());
    let (train, test) = first_and_last_rows(&data.x);
    let standard = StandardScaler::fit(&train).unwrap();
    let low_high = MinMaxScaler::fit(&train).unwrap();
    let standardised = standard.transform(&test).unwrap().to_vec();
    let squeezed = low_high.transform(&test).unwrap().to_vec();
    let last = standardised.len() - 30;
    let checks: [(&str, &[f32], f64); 6] = [
        ("standard mean", &standard.mean(), 1e-6),
        ("standard std", &standard.std(), 1e-6),
        ("standard first test row", &standardised[..30], 1e-5),
        ("standard last test row", &standardised[last..], 1e-5),
        ("minmax first test row", &squeezed[..30], 1e-5),
        ("minmax last test row", &squeezed[last..], 1e-5),
    ];
    for (what, ours, relative) in checks {
        for (got, (name, expected)) in ours.iter().zip(reference.of(what)) {
            assert_close(f64::from(*got), expected, relative, &format!("{what}, {name}"));
        }
    }
    let back = standard
        .inverse_transform(&standard.transform(&test).unwrap())
        .unwrap()
        .to_vec();
    for (got, expected) in back.iter().zip(test.to_vec()) {
        assert_close(f64::from(*got), f64::from(expected), 1e-5, "there and back");
    }
}

#[test]
fn a_stratified_split_has_the_class_counts_of_scikit_learn() {
    let (reference, data) = (Reference::read(), datasets::breast_cancer().unwrap());
    let options = SplitOptions {
        stratify: true,
        ..Default::default()
    };
    let parts = train_test_split(&data.x, &data.y, options).unwrap();
    let malignant = |y: &Tensor| f64::from(y.to_vec().iter().sum::<f32>());
    let rows = |y: &Tensor| y.shape()[0] as f64;
    for (what, y) in [
        ("stratified train rows", &parts.y_train),
        ("stratified test rows", &parts.y_test),
    ] {
        let expected = reference.of(what);
        assert_eq!(
            (malignant(y), rows(y) - malignant(y)),
            (expected[0].1, expected[1].1),
            "{what}"
        );
    }
}

#[test]
fn the_table_shows_ten_of_its_rows_and_all_of_its_description() {
    let data = datasets::breast_cancer().unwrap();
    let text = data.frame.to_string();
    assert!(text.ends_with("569 rows × 31 columns"), "{text}");
    let description = data.frame.describe().unwrap().to_string();
    assert!(
        description.contains("worst fractal dimension") && !description.contains('…'),
        "{description}"
    );
    let counts: DataFrame = data.frame.value_counts("diagnosis").unwrap();
    assert_eq!(counts.column("count").unwrap(), [357.0, 212.0]);
}
