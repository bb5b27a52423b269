//! Densities: how likely values are, as a smooth curve estimated from a sample.
//!
//! Every value of the sample carries a small bell curve of the same width h, and the density is their mean:
//!
//! p(x) = 1 / n · Σᵢ N(x; xᵢ, h)
//!
//! h is Silverman's rule for one dimension, h = s · (3 n / 4)^(-1/5), with the standard deviation s of the sample
//! (divided by n - 1): what `scipy.stats.gaussian_kde(values, "silverman")` uses. Source: Silverman, "Density
//! Estimation for Statistics and Data Analysis", 1986, section 3.4.
//!
//! | | shape |
//! | --- | --- |
//! | sample | any; its values are taken one by one |
//! | density | as many values as places asked for, in 1 / unit of the values; its area is 1 |

use std::f64::consts::TAU;
use std::fmt;

use super::figure::Figure;
use super::series::{Mark, Series};
use super::values::{Values, drawable, span};
use crate::error::{Error, Result};

/// How far the curve reaches beyond the sample, in bell widths.
const REACH: f64 = 4.0;

/// A density estimated from a sample; see the [module](self).
///
/// ```
/// use course_lib::plot::Density;
///
/// let density = Density::new(&[1.0, 2.0, 2.5, 4.0])?;
/// assert!((density.bandwidth() - 1.0034).abs() < 1e-4);
/// assert!(density.at(2.2) > density.at(5.0));
/// # Ok::<(), course_lib::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    sample: Vec<f64>,
    bandwidth: f64,
}

impl Density {
    /// The density of the population from which a sample was drawn.
    ///
    /// Values that are all equal have a spike at their place: a thousandth of the value wide.
    ///
    /// # Errors
    /// An empty sample, or values that are not finite or too far apart for their squares.
    pub fn new(sample: &(impl Values + ?Sized)) -> Result<Self> {
        let sample = drawable("Density", "the sample", sample.values())?;
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let squares: f64 = sample.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
        let silverman = deviation * (0.75 * count).powf(-0.2);
        let spike = if mean == 0.0 { 1e-3 } else { mean.abs() * 1e-3 };
        let bandwidth = if silverman > spike * 1e-6 {
            silverman
        } else {
            spike
        };
        if !bandwidth.is_finite() {
            return Err(Error::new("Density")
                .expected("values whose squares can be added up")
                .got("values as far apart as double precision reaches")
                .hint("leave out values that are no measurements"));
        }
        Ok(Self { sample, bandwidth })
    }

    /// h: how wide the bell round each value is, in the unit of the values.
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// The density at one place.
    pub fn at(&self, x: f64) -> f64 {
        let bell = |value: &f64| (-0.5 * ((x - value) / self.bandwidth).powi(2)).exp();
        self.sample.iter().map(bell).sum::<f64>() / (self.sample.len() as f64 * self.bandwidth * TAU.sqrt())
    }

    /// The places and heights of a curve on which no bell is missed.
    fn curve(&self) -> (Vec<f64>, Vec<f64>) {
        let (low, high) = span(self.sample.iter().copied());
        let (low, high) = (low - REACH * self.bandwidth, high + REACH * self.bandwidth);
        let steps = ((high - low) / self.bandwidth * 4.0).clamp(240.0, 2000.0) as usize;
        let x: Vec<f64> = (0..=steps)
            .map(|step| low + (high - low) * step as f64 / steps as f64)
            .collect();
        let y = x.iter().map(|x| self.at(*x)).collect();
        (x, y)
    }
}

impl fmt::Display for Density {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = span(self.sample.iter().copied());
        let count = self.sample.len();
        write!(
            f,
            "density of {count} values from {low} to {high}, bandwidth {:.4}",
            self.bandwidth
        )
    }
}

crate::notebook::shows_in_words!(Density);

/// The densities of several named groups over each other: what is real beside what a network generates. Finish
/// it with labels and `.draw()?`.
///
/// ```
/// use course_lib::prelude::*;
///
/// let real = Tensor::normal([300], 4.0, 0.2, Seed(1))?;
/// let generated = Tensor::normal([300], 3.9, 0.3, Seed(2))?;
/// let plot = plot::densities(&[("real", &real), ("generated", &generated)]).x_label("value").draw()?;
/// # Ok::<(), Error>(())
/// ```
///
/// With histograms behind them, which then are densities too:
/// `Figure::new().histogram("real", &real).density("real", &real)`.
pub fn densities<V: Values>(groups: &[(&str, V)]) -> Figure {
    let figure = Figure::new().y_label("density");
    groups
        .iter()
        .fold(figure, |figure, (name, values)| figure.density(*name, values))
}

impl Figure {
    /// The [density](Density) of the population from which the values were drawn, as a curve whose area is 1.
    /// The histograms of the figure then have areas of 1 too.
    pub fn density(mut self, name: impl Into<String>, values: &(impl Values + ?Sized)) -> Self {
        self.shares = true;
        match Density::new(values) {
            Ok(density) => {
                let (x, y) = density.curve();
                let name = name.into();
                // Over its own histogram the curve alone is enough.
                let is_histogram = |other: &Series| other.mark == Mark::Histogram && other.name == name;
                let mark = if self.series.iter().any(is_histogram) {
                    Mark::Line
                } else {
                    Mark::Area
                };
                self.series.push(Series { name, mark, x, y });
            }
            Err(problem) => self.keep(problem),
        }
        self
    }
}
