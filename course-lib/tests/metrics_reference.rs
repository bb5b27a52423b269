//! Metrics beside scikit-learn's, which `reference/make_metrics.py` made.

use course_lib::prelude::*;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/metrics.json")).expect("metrics.json is JSON")
}

fn tensor(value: &Value) -> Tensor {
    let numbers = |value: &Value| -> Vec<f64> {
        let list = value.as_array().expect("a list");
        list.iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    let shape: Vec<usize> = numbers(&value["shape"])
        .into_iter()
        .map(|size| size as usize)
        .collect();
    let values = numbers(&value["values"]).into_iter().map(|v| v as f32).collect();
    Tensor::from_vec(values, shape).expect("a tensor")
}

fn assert_is(what: &str, actual: f32, expected: &Value) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what} is missing"));
    let difference = (f64::from(actual) - expected).abs();
    assert!(
        difference <= 1e-5 * expected.abs(),
        "{what}: {actual}, scikit-learn has {expected}"
    );
}

#[test]
fn metrics_are_scikit_learns() -> Result<()> {
    let cases = reference();
    let check = |case: &str, names: &[&str]| -> Result<()> {
        let (p, t) = (
            tensor(&cases[case]["predictions"]),
            tensor(&cases[case]["targets"]),
        );
        for name in names {
            let metric: Metric = name.parse()?;
            assert_is(
                &format!("{case}, {name}"),
                metric.calculate(&p, &t)?,
                &cases[case][name],
            );
        }
        Ok(())
    };
    check("binary", &["accuracy", "precision", "recall", "f1", "auc"])?;
    check("one", &["mae", "mse", "rmse", "r_squared"])?;
    check("three", &["mae", "mse", "rmse", "r_squared"])
}

#[test]
fn the_report_and_the_most_probable_classes_are_scikit_learns() -> Result<()> {
    let case = &reference()["classes"];
    let (p, t) = (tensor(&case["predictions"]), tensor(&case["targets"]));
    for k in [1, 2, 3] {
        assert_is(
            &format!("top {k}"),
            Metric::TopKAccuracy(k).calculate(&p, &t)?,
            &case["top_k"][k - 1],
        );
    }
    let report = metrics::classification_report(&p, &t, &["a", "b", "c", "d"])?;
    let check = |name: &str, line: &metrics::ClassReport| {
        let expected = &case["report"][name];
        assert_is(name, line.precision, &expected["precision"]);
        assert_is(name, line.recall, &expected["recall"]);
        assert_is(name, line.f1, &expected["f1-score"]);
        assert_is(name, line.support as f32, &expected["support"]);
    };
    for (class, line) in report.classes().iter().enumerate() {
        check(&class.to_string(), line);
    }
    check("macro avg", &report.macro_average());
    check("weighted avg", &report.weighted_average());
    assert_is("accuracy", report.accuracy(), &case["report"]["accuracy"]);
    let text = report.to_string();
    for part in ["precision", "support", "macro avg", "weighted avg"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    Ok(())
}

#[test]
fn a_metric_of_ones_own_and_one_that_does_not_fit() -> Result<()> {
    fn within_one(predictions: &Tensor, targets: &Tensor) -> Result<f32> {
        let errors = (predictions - targets)?.abs().to_vec();
        Ok(errors.iter().filter(|error| **error < 1.0).count() as f32 / errors.len() as f32)
    }
    let own = Metric::Function("within_one", within_one);
    let (p, t) = (Tensor::vector(&[0.0, 3.0])?, Tensor::vector(&[0.5, 1.0])?);
    assert_eq!(own.calculate(&p, &t)?, 0.5);
    assert_eq!(own, Metric::Function("within_one", within_one));
    assert_ne!(Metric::TopKAccuracy(1), Metric::TopKAccuracy(2));
    let three = Tensor::from_rows(&[[0.2, 0.3, 0.5]])?;
    let error = Metric::TopKAccuracy(4).calculate(&three, &Tensor::vector(&[1.0])?);
    assert!(error.expect_err("an error").to_string().contains("from 1 to 3"));
    // Nothing to explain: as scikit-learn has it.
    let level = Tensor::full([2], 4.0)?;
    assert_eq!(Metric::RSquared.calculate(&level, &level)?, 1.0);
    assert_eq!(Metric::RSquared.calculate(&p, &level)?, 0.0);
    Ok(())
}
