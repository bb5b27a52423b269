//! Metrics beside their definitions, counted the slow way.

use course_lib::prelude::*;

#[test]
fn the_area_under_the_curve_is_the_share_of_pairs_in_order() -> Result<()> {
    for seed in 0..20 {
        // Few distinct scores, so that many are tied.
        let scores: Vec<f32> = Tensor::uniform([60], 0.0, 8.0, Seed(seed))?
            .to_vec()
            .iter()
            .map(|score| score.floor())
            .collect();
        let draws = Tensor::uniform([60], 0.0, 8.0, Seed(seed + 100))?.to_vec();
        let targets: Vec<f32> = scores
            .iter()
            .zip(&draws)
            .map(|(score, draw)| f32::from(score > draw))
            .collect();
        let (mut ordered, mut pairs) = (0.0, 0.0);
        for (score, target) in scores.iter().zip(&targets) {
            for (other, other_target) in scores.iter().zip(&targets) {
                if *target == 1.0 && *other_target == 0.0 {
                    pairs += 1.0;
                    ordered += if score > other {
                        1.0
                    } else if score == other {
                        0.5
                    } else {
                        0.0
                    };
                }
            }
        }
        let curve = RocCurve::new(&Tensor::vector(&scores)?, &Tensor::vector(&targets)?)?;
        assert!((curve.auc() - ordered / pairs).abs() < 1e-6);
        assert_eq!(curve.true_positive_rates().first(), Some(&0.0));
        assert_eq!(curve.true_positive_rates().last(), Some(&1.0));
        assert_eq!(curve.false_positive_rates().last(), Some(&1.0));
        assert!(curve.thresholds().windows(2).all(|pair| pair[0] > pair[1]));
    }
    Ok(())
}

#[test]
fn a_confusion_matrix_counts_and_reports_each_class() -> Result<()> {
    let predictions =
        Tensor::from_rows(&[[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.4, 0.3], [0.0, 0.1, 0.9]])?;
    let targets = Tensor::vector(&[0.0, 1.0, 2.0, 2.0])?;
    let matrix = ConfusionMatrix::new(&predictions, &targets, &["cat", "dog", "<bird>"])?;
    assert_eq!(matrix.counts(), [[1, 0, 0], [0, 1, 0], [0, 1, 1]]);
    assert_eq!(matrix.accuracy(), 0.75);
    let dog = matrix.class("dog")?;
    assert_eq!((dog.precision, dog.recall, dog.support), (0.5, 1.0, 1));
    assert_eq!(dog.f1, 2.0 / 3.0);
    assert!(matrix.class("fish").is_err());
    let forms = matrix.rich();
    let html = &forms
        .forms()
        .iter()
        .find(|(mime, _)| *mime == "text/html")
        .expect("HTML")
        .1;
    assert!(html.contains("&lt;bird&gt;") && !html.contains("<bird>"));
    assert!(matrix.to_string().contains("accuracy 0.7500"));
    Ok(())
}

#[test]
fn metrics_of_two_classes_follow_their_formulas() -> Result<()> {
    let predictions = Tensor::from_rows(&[[0.9], [0.8], [0.3], [0.6], [0.1]])?;
    let targets = Tensor::vector(&[1.0, 0.0, 1.0, 1.0, 0.0])?;
    let value = |metric: Metric| metric.calculate(&predictions, &targets);
    assert_eq!(value(Metric::Accuracy)?, 0.6);
    assert_eq!(value(Metric::Precision)?, 2.0 / 3.0);
    assert_eq!(value(Metric::Recall)?, 2.0 / 3.0);
    assert!((value(Metric::F1)? - 2.0 / 3.0).abs() < 1e-6);
    let nobody = Tensor::zeros([5, 1])?;
    assert_eq!(Metric::Precision.calculate(&nobody, &targets)?, 0.0);
    Ok(())
}

#[test]
fn errors_of_predicted_numbers_follow_their_formulas() -> Result<()> {
    let predictions = Tensor::vector(&[1.0, 2.0, 5.0])?;
    let targets = Tensor::from_rows(&[[1.0], [4.0], [4.0]])?;
    let value = |metric: Metric| metric.calculate(&predictions, &targets);
    assert_eq!(value(Metric::MeanAbsoluteError)?, 1.0);
    assert_eq!(value(Metric::MeanSquaredError)?, 5.0 / 3.0);
    assert!((value(Metric::RootMeanSquaredError)? - (5.0_f32 / 3.0).sqrt()).abs() < 1e-6);
    assert!((value(Metric::RSquared)? - (1.0 - 5.0 / 6.0)).abs() < 1e-6);
    Ok(())
}

#[test]
fn what_does_not_fit_is_explained() -> Result<()> {
    let two = Tensor::vector(&[0.2, 0.8])?;
    let message = |result: Result<f32>| result.expect_err("an error").to_string();
    assert!(message(metrics::accuracy(&two, &Tensor::vector(&[0.0])?)).contains("2 class numbers"));
    assert!(
        message(metrics::accuracy(&two, &Tensor::vector(&[0.0, 2.0])?)).contains("a label of 2 in row 1")
    );
    assert!(message(metrics::accuracy(&Tensor::vector(&[f32::NAN, 0.1])?, &two)).contains("NaN"));
    assert!(message(Metric::Auc.calculate(&two, &Tensor::ones([2])?)).contains("0 of class 0"));
    let three = Tensor::from_rows(&[[0.2, 0.3, 0.5]])?;
    assert!(message(Metric::Recall.calculate(&three, &Tensor::vector(&[1.0])?)).contains("3 classes"));
    assert!(ConfusionMatrix::new(&two, &Tensor::vector(&[0.0, 1.0])?, &["only one"]).is_err());
    Ok(())
}
