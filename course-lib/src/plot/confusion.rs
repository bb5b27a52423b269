//! The confusion matrix as a heat map: which class was taken for which.

use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::chart::heading;
use super::picture::Plot;
use super::theme::{self, CARD, INK, LABEL_SIZE, MARGIN, SOFT_INK};
use crate::error::{Error, Result};
use crate::metrics::ConfusionMatrix;

const MOST_CLASSES: usize = 30;

/// Draws a confusion matrix: a row for each actual class, a column for each predicted one.
///
/// Each cell has its count and its share of the row in percent: of all examples that are malignant, how many
/// were called so. The colour follows the share, so that a rare class weighs as much as a frequent one.
///
/// # Errors
/// If the matrix is empty or has more than thirty classes.
pub fn confusion_matrix(matrix: &ConfusionMatrix) -> Result<Plot> {
    heat_map(matrix.counts(), matrix.class_names())
}

fn heat_map(counts: &[Vec<usize>], names: &[String]) -> Result<Plot> {
    let classes = names.len();
    if classes == 0 || classes > MOST_CLASSES || counts.iter().flatten().sum::<usize>() == 0 {
        return Err(Error::new("confusion_matrix")
            .expected(format!("1 to {MOST_CLASSES} classes and at least one example"))
            .got(format!(
                "{classes} classes and {} examples",
                counts.iter().flatten().sum::<usize>()
            ))
            .hint("make the matrix from the labels and predictions of a test part"));
    }
    let map = HeatMap {
        counts,
        names,
        cell: (440.0 / classes as f64).clamp(34.0, 132.0),
    };
    let side = map.cell * classes as f64;
    let size = (
        map.left() + side + 8.0 + 2.0 * MARGIN,
        34.0 + side + map.below() + 2.0 * MARGIN,
    );
    Plot::drawn((size.0.max(300.0), size.1), map.words(), |canvas, area| {
        map.place(canvas, area.shrunk(MARGIN));
        Ok(())
    })
}

struct HeatMap<'a> {
    counts: &'a [Vec<usize>],
    names: &'a [String],
    cell: f64,
}

impl HeatMap<'_> {
    fn name_size(&self) -> f64 {
        if self.cell < 50.0 { 12.0 } else { LABEL_SIZE }
    }

    fn widest_name(&self) -> f64 {
        let size = self.name_size();
        self.names
            .iter()
            .map(|name| theme::text_width(name, size))
            .fold(0.0, f64::max)
            .min(130.0)
    }

    fn left(&self) -> f64 {
        LABEL_SIZE * 1.6 + self.widest_name() + 12.0
    }

    /// Names that are wider than their column are written upwards.
    fn names_stand(&self) -> bool {
        self.widest_name() > self.cell - 6.0
    }

    fn below(&self) -> f64 {
        LABEL_SIZE * 1.8
            + if self.names_stand() {
                self.widest_name() + 12.0
            } else {
                26.0
            }
    }

    fn place(&self, canvas: &mut Canvas<'_>, area: Area) {
        let top = area.top + heading(canvas, area, "Confusion matrix");
        let left = area.left + self.left();
        let side = self.cell * self.names.len() as f64;
        for (row, counts) in self.counts.iter().enumerate() {
            let total = counts.iter().sum::<usize>();
            for (column, count) in counts.iter().enumerate() {
                let corner = (left + column as f64 * self.cell, top + row as f64 * self.cell);
                self.cell(canvas, corner, *count, total);
            }
        }
        let plain = Lettering::new(self.name_size(), SOFT_INK, Anchor::Right);
        for (number, name) in self.names.iter().enumerate() {
            let name = theme::fit(name, plain.size, 130.0);
            let middle = (number as f64 + 0.5) * self.cell;
            canvas.text((left - 8.0, top + middle), &name, plain);
            if self.names_stand() {
                canvas.text((left + middle, top + side + 8.0), &name, plain.upwards());
            } else {
                let centred = Lettering {
                    anchor: Anchor::Middle,
                    ..plain
                };
                canvas.text((left + middle, top + side + 15.0), &name, centred);
            }
        }
        let bold = Lettering::new(LABEL_SIZE, INK, Anchor::Middle);
        canvas.text(
            (left + side / 2.0, area.bottom - LABEL_SIZE * 0.5),
            "predicted class",
            bold,
        );
        canvas.text(
            (area.left + LABEL_SIZE * 0.5, top + side / 2.0),
            "actual class",
            bold.upwards(),
        );
    }

    fn cell(&self, canvas: &mut Canvas<'_>, (left, top): (f64, f64), count: usize, total: usize) {
        const GAP: f64 = 1.0;
        let share = if total == 0 {
            0.0
        } else {
            count as f64 / total as f64
        };
        let area = Area {
            left,
            top,
            right: left + self.cell,
            bottom: top + self.cell,
        }
        .shrunk(GAP);
        canvas.rect(area, theme::heat(share), 1.0);
        let ink = if share > 0.5 { CARD } else { INK };
        let (x, y) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
        let roomy = self.cell >= 60.0;
        let size = (self.cell * 0.22).clamp(11.0, 26.0);
        // In a large matrix the many zeros would hide the few mistakes.
        if !roomy && count == 0 {
            return;
        }
        let number = Lettering::new(size, ink, Anchor::Middle);
        if !roomy {
            return canvas.text((x, y), &count.to_string(), number);
        }
        canvas.text((x, y - size * 0.45), &count.to_string(), number.bold());
        let percent = format!("{:.1} %", 100.0 * share);
        canvas.text(
            (x, y + size * 0.65),
            &percent,
            Lettering {
                size: (size * 0.56).max(11.0),
                ..number
            },
        );
    }

    fn words(&self) -> String {
        let rows = self.names.iter().zip(self.counts).map(|(name, counts)| {
            let of_row = self.names.iter().zip(counts).filter(|(_, count)| **count > 0);
            let taken: Vec<String> = of_row
                .map(|(other, count)| format!("{count} predicted {other}"))
                .collect();
            format!(
                "actual {name}: {}",
                if taken.is_empty() {
                    "none".to_owned()
                } else {
                    taken.join(", ")
                }
            )
        });
        format!("Confusion matrix. {}.", rows.collect::<Vec<_>>().join("; "))
    }
}
