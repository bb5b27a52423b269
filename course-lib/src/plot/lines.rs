//! Several named series over the same x.

use super::figure::Figure;
use super::values::Values;

/// More values than this are drawn without a mark at each.
const MOST_MARKS: usize = 40;

/// Several named series over the same x, with a mark at each value where there are few. Finish it with labels
/// and `.draw()?`.
///
/// ```
/// use course_lib::plot;
///
/// let rows = [50, 100, 200, 400];
/// let plot = plot::lines(&rows, &[("small network", [4.1, 3.2, 2.9, 2.8]), ("large network", [4.5, 3.1, 2.5, 2.2])])
///     .x_label("rows to learn from")
///     .y_label("mean error (mpg)")
///     .draw()?;
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn lines<V: Values>(x: &(impl Values + ?Sized), series: &[(&str, V)]) -> Figure {
    let x = x.values();
    let few = x.len() <= MOST_MARKS;
    series.iter().fold(Figure::new(), |figure, (name, values)| {
        if few {
            figure.marked_line(*name, &x, values)
        } else {
            figure.line(*name, &x, values)
        }
    })
}
