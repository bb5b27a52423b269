//! A series over time, cut where a network stops learning from it.

use super::figure::Figure;
use super::values::Values;

/// A series over time with the boundary between the part that a network learned from and the rest. Finish it
/// with forecasts (`.line(..)`, `.dashed(..)`), labels and `.draw()?`.
///
/// Time is the number of a value, from 0 on; [`Figure::months`] writes months and years instead. A forecast of
/// the values from number 3 on is drawn over `3..3 + count`.
///
/// ```
/// use course_lib::plot;
///
/// let passengers = [112.0, 118.0, 132.0, 129.0, 121.0, 135.0, 148.0, 148.0];
/// let (predicted, as_last_month) = ([130.0, 124.0, 119.0, 137.0, 146.0], &passengers[..7]);
/// let plot = plot::forecast("passengers", &passengers, 6)
///     .line("LSTM", &(3..8), &predicted)
///     .dashed("same as last month", &(1..8), as_last_month)
///     .months(1949, 1)
///     .y_label("passengers (thousands)")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// `learned` is how many values the network learned from; the boundary lies half a step before the next one.
pub fn forecast(name: impl Into<String>, series: &(impl Values + ?Sized), learned: usize) -> Figure {
    let values = series.values();
    let figure = Figure::new().size(760, 400).x_label("time").whole_x();
    let figure = figure.line(name, &(0..values.len()), &values);
    if (1..values.len()).contains(&learned) {
        figure.split_at(learned as f64 - 0.5, "learned from", "never seen")
    } else {
        figure
    }
}
