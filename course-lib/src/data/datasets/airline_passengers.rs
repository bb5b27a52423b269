//! Airline passengers: 144 monthly values with a trend and a season.

use std::fmt;

use super::files;
use crate::data::DataFrame;
use crate::data::table::{Column, Table, cut};
use crate::error::Result;
use crate::tensor::Tensor;

const FILE: &str = "airline-passengers/airline-passengers.csv";

/// Values measured one after the other, at equal steps of time.
#[derive(Clone)]
pub struct TimeSeries {
    /// The table as it stands in the file.
    pub frame: DataFrame,
    /// The values in the order of time, `[rows, 1]`: as a scaler takes them.
    pub values: Tensor,
    /// What each row is called on a time axis: `1949-01`.
    pub times: Vec<String>,
    /// What it is, in which unit, and where it comes from, in a sentence.
    pub about: String,
}

/// How many passengers flew on international routes, in thousands: each month from January 1949 to December
/// 1960.
///
/// `values` is `[144, 1]`; `times` are the months, `1949-01` to `1960-12`. No value is missing.
///
/// Source: G. E. P. Box, G. M. Jenkins, G. C. Reinsel, Time Series Analysis: Forecasting and Control, series G, by
/// way of sktime; published figures, no licence is stated. Lesson 10 reads it.
///
/// ```
/// use course_lib::data::datasets;
///
/// let passengers = datasets::airline_passengers()?;
/// assert_eq!(passengers.values.shape(), [144, 1]);
/// assert_eq!(passengers.values.row(0)?.item()?, 112.0); // thousands, in 1949-01
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// If the file is missing or is not, byte for byte, the one that belongs to the course.
pub fn airline_passengers() -> Result<TimeSeries> {
    let bytes = files::read("airline_passengers", FILE)?;
    let frame = DataFrame::parse("airline_passengers", FILE, bytes)?;
    Ok(TimeSeries {
        values: frame.to_tensor(&["Passengers"])?,
        times: frame.words("Date")?,
        about: "Airline passengers on international routes, in thousands a month, 1949 to 1960".to_owned(),
        frame,
    })
}

impl fmt::Display for TimeSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nvalues {:?}", self.about, self.values.shape())?;
        match (self.times.first(), self.times.last()) {
            (Some(first), Some(last)) => write!(f, "   times {first} to {last}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for TimeSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A longer series shows its ends only.
const MOST_ROWS: usize = 7;

impl TimeSeries {
    fn table(&self) -> Table {
        let times = cut(self.times.len(), MOST_ROWS).into_iter();
        let times = times.map(|row| row.map_or("…", |row| &self.times[row]));
        let values: Vec<f64> = self.values.values().iter().copied().map(f64::from).collect();
        Table {
            columns: vec![
                Column::words("time", times),
                Column::numbers("value", &values, MOST_ROWS),
            ],
            caption: format!("{}; values {:?}", self.about, self.values.shape()),
        }
    }
}

crate::notebook::shows_with_table!(TimeSeries);
