//! Auto MPG: 392 cars of 1970 to 1982, and how far each drives on a gallon of fuel.

use super::{Dataset, files};
use crate::data::DataFrame;
use crate::error::Result;

const FILE: &str = "auto-mpg/auto-mpg.csv";
const TARGET: &str = "mpg";
const MEASURED: [&str; 6] = [
    "cylinders",
    "displacement",
    "horsepower",
    "weight",
    "acceleration",
    "model year",
];
/// Where a maker is at home is no number on a scale: each origin gets a column of 0 and 1.
const ORIGINS: [&str; 3] = ["USA", "Europe", "Japan"];

/// 392 cars, each with what was measured on it and where it was made, and its miles per gallon.
///
/// | columns of `x` | unit |
/// | --- | --- |
/// | cylinders | count |
/// | displacement | cubic inches |
/// | horsepower | horsepower |
/// | weight | pounds |
/// | acceleration | seconds from 0 to 60 miles an hour |
/// | model year | years after 1900 |
/// | origin USA, origin Europe, origin Japan | 1 for the car's origin, else 0 |
///
/// `x` is `[392, 9]`. `y` is `[392, 1]`, in miles per US gallon. No value is missing: the six cars of UCI's table
/// whose horsepower is not known are left out. `frame` also has the cars' names.
///
/// Source: R. Quinlan, UCI Machine Learning Repository, <https://doi.org/10.24432/C5859H>, CC BY 4.0, by way of
/// mlxtend. Lesson 06 reads it.
///
/// ```
/// use course_lib::data::datasets;
///
/// let cars = datasets::auto_mpg()?;
/// assert_eq!(cars.x.shape(), [392, 9]);
/// assert_eq!(cars.feature_names[3], "weight");
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// If the file is missing or is not, byte for byte, the one that belongs to the course.
pub fn auto_mpg() -> Result<Dataset> {
    let bytes = files::read("auto_mpg", FILE)?;
    let frame = DataFrame::parse("auto_mpg", FILE, bytes)?;
    let mut features = frame.select(&MEASURED)?;
    for origin in ORIGINS {
        features = features.with(&format!("origin {origin}"), &frame.is("origin", origin)?)?;
    }
    let feature_names = features.columns();
    Ok(Dataset {
        x: features.to_tensor(&feature_names)?,
        y: frame.to_tensor(&[TARGET])?,
        feature_names,
        class_names: Vec::new(),
        about: "Auto MPG: 392 cars of 1970 to 1982, 9 features, and the miles each drives on a gallon"
            .to_owned(),
        frame,
    })
}
