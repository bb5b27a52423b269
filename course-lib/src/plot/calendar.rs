//! Months on the x axis: 0 is the first month of a series, 1 the next one.

use super::figure::Figure;
use super::theme::{TICK_SIZE, text_width};
use crate::error::Error;

const NAMES: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The month that is number 0 of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Calendar {
    year: i64,
    /// 0 for January.
    month: i64,
}

impl Figure {
    /// Counts x in months from the given one on, and writes years (or, for a short series, months) on the
    /// axis: `.months(1949, 1)` for a series whose value number 0 is of January 1949.
    pub fn months(mut self, year: i32, month: u32) -> Self {
        if (1..=12).contains(&month) && (0..=9999).contains(&year) {
            self.x.calendar = Some(Calendar {
                year: year.into(),
                month: i64::from(month) - 1,
            });
        } else {
            self.keep(
                Error::new("Figure::months")
                    .expected("a year from 0 to 9999 and a month from 1 to 12")
                    .got(format!("{year} and {month}"))
                    .hint("the first month of the series: `.months(1949, 1)` is January 1949"),
            );
        }
        self
    }
}

impl Calendar {
    /// Marks between two ends of an axis that is so many pixels wide; none for ends that are no months of the
    /// next or last ten thousand years.
    pub fn marks(self, low: f64, high: f64, width: f64) -> Option<Vec<(f64, String)>> {
        const MOST: f64 = 120_000.0;
        if low.abs() > MOST || high.abs() > MOST {
            return None;
        }
        // Steps in months: months, quarters, halves, years, and more years.
        const STEPS: [i64; 11] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
        let between = |step: i64| {
            let first = ((low.ceil() as i64 + self.month).div_euclid(step)) * step - self.month;
            (0..)
                .map(move |number| first + number * step)
                .skip_while(move |at| (*at as f64) < low)
                .take_while(move |at| *at as f64 <= high)
        };
        let room = |step: i64| {
            let label = if step < 12 { "Mmm 0000" } else { "0000" };
            (text_width(label, TICK_SIZE) + 14.0) * ((high - low) / step as f64) <= width
        };
        let last = STEPS[STEPS.len() - 1];
        let step = STEPS.into_iter().find(|step| room(*step)).unwrap_or(last);
        let marks = between(step).map(|at| (at as f64, self.label(at, step)));
        Some(marks.collect())
    }

    fn label(self, at: i64, step: i64) -> String {
        let months = self.month + at;
        let (year, month) = (self.year + months.div_euclid(12), months.rem_euclid(12));
        if step >= 12 {
            year.to_string()
        } else {
            format!("{} {year}", NAMES[month as usize])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(year: i64, month: i64, low: f64, high: f64) -> Vec<(f64, String)> {
        Calendar { year, month }.marks(low, high, 560.0).unwrap()
    }

    #[test]
    fn years_stand_at_their_januaries() {
        let marks = labels(1949, 0, -1.0, 145.0);
        assert_eq!(marks[0], (0.0, "1949".to_owned()));
        assert_eq!(marks.last(), Some(&(144.0, "1961".to_owned())));
        assert_eq!(marks.len(), 13);
        assert_eq!(labels(1949, 9, 0.0, 100.0)[0], (3.0, "1950".to_owned()));
    }

    #[test]
    fn a_short_series_is_counted_in_months() {
        let marks = labels(2020, 10, 0.0, 5.0);
        let words: Vec<&str> = marks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(
            words,
            [
                "Nov 2020", "Dec 2020", "Jan 2021", "Feb 2021", "Mar 2021", "Apr 2021"
            ]
        );
    }

    #[test]
    fn a_long_series_has_few_marks() {
        let marks = labels(0, 0, 0.0, 12.0 * 2000.0);
        assert!((10..=25).contains(&marks.len()), "{}", marks.len());
        assert_eq!(Calendar { year: 0, month: 0 }.marks(0.0, 1e18, 560.0), None);
    }
}
