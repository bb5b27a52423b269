//! The curve of a function: of what the slides write as y = f(x), of a learning rate over the epochs.

use super::canvas::Point;
use super::figure::Figure;
use super::interval::{Interval, drawable_ends};
use super::series::{Mark, Series};
use super::values::span;
use crate::error::Error;

/// How many values of a function are drawn: more than one for every two pixels.
const PLACES: usize = 401;

/// The curve of a function between two ends. Finish it with labels and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let plot = plot::function(-3.0..=3.0, |x| x * x).x_label("w").y_label("error").draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// More curves follow with [`Figure::function`], each with its name:
///
/// ```
/// use course_lib::plot::Figure;
///
/// let constant = |_| 0.01;
/// let decay = |epoch: f32| 0.01 * 0.9_f32.powf(epoch);
/// let plot = Figure::new()
///     .x_label("epoch")
///     .y_label("learning rate")
///     .function("constant", 0..=50, constant)
///     .function("decay", 0..=50, decay)
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn function(range: impl Interval, function: impl Fn(f32) -> f32) -> Figure {
    Figure::new()
        .x_label("x")
        .y_label("f(x)")
        .function("", range, function)
}

impl Figure {
    /// The curve of a function between two ends. Where the function has no finite value (1/x at 0, the
    /// logarithm below it), the curve has a gap.
    pub fn function(
        mut self,
        name: impl Into<String>,
        range: impl Interval,
        function: impl Fn(f32) -> f32,
    ) -> Self {
        let (low, high) = match drawable_ends("function", &range) {
            Ok(ends) => ends,
            Err(problem) => {
                self.keep(problem);
                return self;
            }
        };
        let place = |number: usize| low + (high - low) * number as f64 / (PLACES - 1) as f64;
        let x: Vec<f64> = (0..PLACES).map(place).collect();
        let value = |x: &f64| {
            let y = f64::from(function(*x as f32));
            if y.is_finite() { y } else { f64::NAN }
        };
        let y: Vec<f64> = x.iter().map(value).collect();
        let (x, y) = with_jumps(&x, &y, value);
        if y.iter().all(|y| y.is_nan()) {
            self.keep(
                Error::new("function")
                    .expected(format!("a function with values between {low} and {high}"))
                    .got("NaN or infinity everywhere")
                    .hint("try the function by hand at one place of the range"),
            );
            return self;
        }
        let name = name.into();
        let mark = Mark::Line;
        self.series.push(Series { name, mark, x, y });
        self
    }
}

/// The same curve with upright steps where the function jumps, and gaps where it has a pole.
fn with_jumps(x: &[f64], y: &[f64], value: impl Fn(&f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    let (low, high) = span(y.iter().copied().filter(|y| y.is_finite()));
    let curve: Vec<Point> = x.iter().copied().zip(y.iter().copied()).collect();
    let mut drawn: Vec<Point> = curve.first().copied().into_iter().collect();
    for pair in curve.windows(2) {
        drawn.extend(jump(pair[0], pair[1], (high - low) * 0.02, &value));
        drawn.push(pair[1]);
    }
    drawn.into_iter().unzip()
}

/// What is to be drawn between two neighbours of a curve: nothing, the two ends of a jump, or a gap. The curve
/// of a smooth function halves its rise with its run; a jump stays, and a pole grows.
fn jump(mut from: Point, mut to: Point, least: f64, value: &impl Fn(&f64) -> f64) -> Vec<Point> {
    const HALVINGS: usize = 8;
    let rise = |from: Point, to: Point| (to.1 - from.1).abs();
    let whole = rise(from, to);
    let stays = |rise: f64| rise > least && rise >= 0.7 * whole;
    for _ in 0..HALVINGS {
        if !stays(rise(from, to)) {
            return Vec::new();
        }
        let x = (from.0 + to.0) / 2.0;
        let middle = (x, value(&x));
        if rise(from, middle) > rise(middle, to) {
            to = middle;
        } else {
            from = middle;
        }
    }
    match rise(from, to) {
        rise if !stays(rise) => Vec::new(),
        rise if rise > 1.5 * whole => vec![from, (from.0, f64::NAN), to],
        _ => vec![from, to],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(function: impl Fn(f32) -> f32) -> Series {
        super::function(-1.0..=2.0, function).series.remove(0)
    }

    #[test]
    fn a_step_stands_upright() {
        let series = drawn(|x| if x >= 0.123 { 1.0 } else { 0.0 });
        let at = series.y.iter().position(|y| *y == 1.0).unwrap();
        assert!((series.x[at] - series.x[at - 1]) < 1e-4 && (series.x[at] - 0.123).abs() < 1e-4);
    }

    #[test]
    fn a_pole_is_a_gap() {
        let series = drawn(|x| 1.0 / (x - 0.1234));
        assert!(series.y.iter().any(|y| y.is_nan()));
        let smooth = drawn(|x| (5.0 * x).sin());
        assert_eq!(
            (smooth.x.len(), smooth.y.iter().any(|y| y.is_nan())),
            (PLACES, false)
        );
    }
}
