//! Breast Cancer Wisconsin (Diagnostic): 569 tumours, 30 measurements each, malignant or benign.

use super::{Dataset, files};
use crate::data::DataFrame;
use crate::error::Result;

const FILE: &str = "breast-cancer/breast-cancer.csv";
const TARGET: &str = "diagnosis";

/// 569 tumours, each with 30 features of its cell nuclei, and whether it was malignant.
///
/// The nuclei were outlined on digitised microscope images of a fine-needle aspirate. Of ten measurements
/// (radius, texture, perimeter, area, smoothness, compactness, concavity, concave points, symmetry, fractal
/// dimension) the table has the mean over the nuclei of an image, its standard error, and the mean of the
/// three largest ("worst"). The source gives no unit of length; the columns without one are ratios.
///
/// `x` is `[569, 30]`. `y` is `[569, 1]`: **1 is malignant** (212 rows), what the test looks for, and 0 is
/// benign (357 rows). scikit-learn has it the other way round: there 0 is malignant. No value is missing.
///
/// Source: W. H. Wolberg, W. N. Street and O. L. Mangasarian, UCI Machine Learning Repository,
/// <https://doi.org/10.24432/C5DW2B>, CC BY 4.0, by way of scikit-learn. The lecture's page on it is lesson
/// 07.
///
/// ```
/// use course_lib::data::datasets;
///
/// let data = datasets::breast_cancer()?;
/// data.frame.value_counts("diagnosis")?;
/// assert_eq!(data.x.shape(), [569, 30]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// If the file is missing or is not, byte for byte, the one that belongs to the course.
pub fn breast_cancer() -> Result<Dataset> {
    let bytes = files::read("breast_cancer", FILE)?;
    let frame = DataFrame::parse("breast_cancer", FILE, bytes)?;
    let feature_names: Vec<String> = frame
        .columns()
        .into_iter()
        .filter(|name| name != TARGET)
        .collect();
    let x = frame.to_tensor(&feature_names)?;
    let malignant = frame.is(TARGET, "malignant")?;
    let y = crate::tensor::Tensor::from_vec(malignant, [frame.shape().0, 1])?;
    Ok(Dataset {
        frame,
        x,
        y,
        feature_names,
        class_names: vec!["benign", "malignant"],
        about: "Breast Cancer Wisconsin (Diagnostic): 569 tumours, 30 features of their cell nuclei"
            .to_owned(),
    })
}
