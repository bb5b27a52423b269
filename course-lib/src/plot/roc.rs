//! The ROC curve: how many malignant tumours are found, against how many benign ones are called malignant.

use super::figure::Figure;
use super::picture::Plot;
use crate::error::Result;
use crate::metrics::RocCurve;

/// Draws a ROC curve, with its area (AUC) in the legend and the diagonal of pure chance.
///
/// Every threshold of the network's output is a point: to the right the share of false alarms, upwards the
/// share of hits. A perfect classifier reaches the top left corner; its AUC is 1.
///
/// # Errors
/// If the curve holds no point or a NaN.
pub fn roc(curve: &RocCurve) -> Result<Plot> {
    draw(
        curve.false_positive_rates(),
        curve.true_positive_rates(),
        curve.auc(),
    )
}

fn draw(false_alarms: &[f32], hits: &[f32], auc: f32) -> Result<Plot> {
    Figure::new()
        .title("ROC curve")
        .size(470, 500)
        .x_label("false positive rate (false alarms)")
        .y_label("true positive rate (hits)")
        .x_range(-0.012, 1.0)
        .y_range(0.0, 1.02)
        .area(format!("network, AUC = {auc:.3}"), false_alarms, hits)
        .reference("chance, AUC = 0.5", &[0.0, 1.0], &[0.0, 1.0])
        .alt(format!(
            "ROC curve: true positive rate against false positive rate; area under the curve {auc:.3}, chance 0.5."
        ))
        .draw()
}
