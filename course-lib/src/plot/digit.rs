//! How sure a network was: images, each beside the probabilities that it was given.

use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::palette::Palette;
use super::picture::Plot;
use super::pixels::{Pixels, Raster, Shades};
use super::png_file::{data_address, png};
use super::stack::{self, Stack};
use super::theme::{self, AXIS, Color, GRID, INK, MARGIN, SOFT_INK, TICK_SIZE};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// More images than this do not fit beside each other.
const MOST: usize = 24;
const CLASSES: std::ops::RangeInclusive<usize> = 2..=26;
const PANEL: f64 = 308.0;
const IMAGE: f64 = 112.0;
const BAR: f64 = 13.0;
const HEAD: f64 = 26.0;
const GAP: f64 = 18.0;

/// The bar of what the network read, of what it should have read, and of the other classes.
const READ: Color = theme::PALETTE[1];
const TRUE: Color = theme::PALETTE[0];
const OTHER: Color = Color(176, 184, 193);

/// Draws images, each beside a bar for the probability of each class: what a network read, and how sure it
/// was.
///
/// `images` is one image or several, as [`images`](super::images()) takes them, of one channel;
/// `probabilities` has shape `[classes]` or `[n, classes]`; `truth` has the number of the true class of each
/// image. What was read right is blue; what was read wrong is vermilion, beside the truth in blue.
///
/// ```
/// use course_lib::prelude::*;
///
/// let images = Tensor::uniform([2, 28, 28], 0.0, 1.0, Seed(7))?;
/// let probabilities = Tensor::from_rows(&[[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]])?;
/// let plot = plot::digit_with_probabilities(&images, &probabilities, &[1, 2])?;
/// assert!(plot.alt().contains("is 2, read as 0 (50 %)"));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// More than 24 images; images of several channels; probabilities or true classes of another number than
/// images; probabilities that are not finite.
pub fn digit_with_probabilities(images: &Tensor, probabilities: &Tensor, truth: &[usize]) -> Result<Plot> {
    let stack = Stack::of("digit_with_probabilities", images)?;
    let readings = readings(&stack, probabilities, truth)?;
    let range = stack::range(std::slice::from_ref(&stack), Palette::Gray);
    let addresses = (0..stack.count).map(|number| address(&stack, number, range));
    let addresses: Vec<String> = addresses.collect::<Result<_>>()?;

    let columns = stack.count.min(2);
    let classes = readings[0].probabilities.len();
    let panel = HEAD + (BAR * classes as f64).max(IMAGE);
    let rows = stack.count.div_ceil(columns) as f64;
    let size = (
        columns as f64 * (PANEL + GAP) - GAP + 2.0 * MARGIN,
        rows * (panel + GAP) - GAP + 2.0 * MARGIN,
    );
    let sentences: Vec<String> = readings.iter().map(|reading| reading.words() + ".").collect();
    let words = format!(
        "Images with the probability of each class. {}",
        sentences.join(" ")
    );
    Plot::drawn(size, words, |canvas, area| {
        for (number, (reading, address)) in readings.iter().zip(&addresses).enumerate() {
            let left = area.left + MARGIN + (number % columns) as f64 * (PANEL + GAP);
            let top = area.top + MARGIN + (number / columns) as f64 * (panel + GAP);
            let area = Area {
                left,
                top,
                right: left + PANEL,
                bottom: top + panel,
            };
            reading.draw(canvas, area, (stack.width, stack.height), address);
        }
        Ok(())
    })
}

/// What a network made of one image.
struct Reading {
    probabilities: Vec<f64>,
    read: usize,
    truth: usize,
}

fn readings(stack: &Stack, probabilities: &Tensor, truth: &[usize]) -> Result<Vec<Reading>> {
    let error = || Error::new("digit_with_probabilities");
    if stack.channels != 1 || stack.count > MOST {
        return Err(error()
            .expected(format!("at most {MOST} images of one channel"))
            .got(format!("{} images of {} channels", stack.count, stack.channels))
            .hint("take some of them with rows(0..12)?"));
    }
    let classes = probabilities.shape().last().copied().unwrap_or(0);
    if probabilities.count() != stack.count * classes || !CLASSES.contains(&classes) {
        return Err(error()
            .expected(format!(
                "the probabilities of 2 to 26 classes for {} images",
                stack.count
            ))
            .got(format!("shape {:?}", probabilities.shape()))
            .hint("model.predict(&images)? returns them, a row for each image"));
    }
    if truth.len() != stack.count {
        return Err(error()
            .expected(format!("{} true classes, one for each image", stack.count))
            .got(truth.len().to_string())
            .hint("take the labels of the same rows as the images"));
    }
    if let Some(beyond) = truth.iter().find(|class| **class >= classes) {
        return Err(error()
            .expected(format!("true classes below {classes}"))
            .got(beyond.to_string())
            .hint("classes count from 0"));
    }
    let values = probabilities.to_vec();
    if let Some(bad) = values.iter().find(|value| !(-1e-4..=1.0001).contains(*value)) {
        return Err(error()
            .expected("probabilities from 0 to 1")
            .got(bad.to_string())
            .hint("scores become probabilities by softmax()"));
    }
    let reading = |(probabilities, truth): (&[f32], &usize)| {
        let read = (0..classes).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]).then(b.cmp(a)));
        Reading {
            probabilities: probabilities
                .iter()
                .map(|value| f64::from(*value).clamp(0.0, 1.0))
                .collect(),
            read: read.unwrap_or(0),
            truth: *truth,
        }
    };
    Ok(values.chunks(classes).zip(truth).map(reading).collect())
}

/// One image as PNG.
fn address(stack: &Stack, number: usize, (low, high): (f64, f64)) -> Result<String> {
    let step = |value: &f32| Shades::Fine.step((f64::from(*value) - low) / (high - low));
    let raster = Raster {
        width: stack.width,
        height: stack.height,
        pixels: Pixels::Shades {
            palette: Palette::Gray,
            shades: Shades::Fine,
            steps: stack.image(number).iter().map(step).collect(),
        },
    };
    Ok(data_address(&png(&raster)?))
}

impl Reading {
    fn words(&self) -> String {
        let percent = percent(self.probabilities[self.read]);
        match self.read == self.truth {
            true => format!("is {}, read as {} ({percent}): right", self.truth, self.read),
            false => format!("is {}, read as {} ({percent})", self.truth, self.read),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Area, (width, height): (usize, usize), address: &str) {
        let right = self.read == self.truth;
        let head = (area.left, area.top + 9.0);
        let text = format!("is {}, read as {}", self.truth, self.read);
        let color = if right { INK } else { READ };
        canvas.text(head, &text, Lettering::new(14.0, color, Anchor::Left).bold());

        let body = Area {
            top: area.top + HEAD,
            ..area
        };
        let scale = (IMAGE / width.max(height) as f64).max(1.0).floor().min(IMAGE);
        let shown = |pixels: usize| (pixels as f64 * scale).min(IMAGE);
        let image = Area {
            left: body.left,
            top: body.top,
            right: body.left + shown(width),
            bottom: body.top + shown(height),
        };
        canvas.image(image, address);

        let ground = body.left + IMAGE + 26.0;
        let full = body.right - 42.0 - ground;
        canvas.line(
            (ground + full, body.top),
            (ground + full, body.top + BAR * self.probabilities.len() as f64),
            GRID,
            1.0,
        );
        for (class, share) in self.probabilities.iter().enumerate() {
            let middle = body.top + (class as f64 + 0.5) * BAR;
            let color = match class {
                class if class == self.truth => TRUE,
                class if class == self.read => READ,
                _ => OTHER,
            };
            let marked = class == self.truth || class == self.read;
            let ink = if marked { INK } else { SOFT_INK };
            let lettering = |anchor| match marked {
                true => Lettering::new(TICK_SIZE - 1.0, ink, anchor).bold(),
                false => Lettering::new(TICK_SIZE - 1.0, ink, anchor),
            };
            canvas.text(
                (ground - 6.0, middle),
                &class.to_string(),
                lettering(Anchor::Right),
            );
            let bar = Area {
                left: ground,
                top: middle - BAR * 0.38,
                right: ground + share * full,
                bottom: middle + BAR * 0.38,
            };
            if share * full >= 0.3 {
                canvas.rect(bar, color, 1.0);
            }
            // The many small numbers would hide the few that count.
            if marked || *share >= 0.05 {
                canvas.text(
                    (bar.right + 6.0, middle),
                    &percent(*share),
                    lettering(Anchor::Left),
                );
            }
        }
        canvas.line(
            (ground, body.top),
            (ground, body.top + BAR * self.probabilities.len() as f64),
            AXIS,
            1.2,
        );
    }
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent > 0.0 && percent < 0.1 => "< 0.1 %".to_owned(),
        percent if (0.1..0.95).contains(&percent) => format!("{percent:.1} %"),
        // Rounding must not turn "nearly sure" into "sure".
        percent if (99.5..100.0).contains(&percent) => format!("{:.1} %", (percent * 10.0).floor() / 10.0),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_sure_and_nearly_impossible_are_not_rounded_away() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.9996), "99.9 %");
        assert_eq!(percent(0.634), "63 %");
        assert_eq!(percent(0.004), "0.4 %");
        assert_eq!(percent(0.0004), "< 0.1 %");
        assert_eq!(percent(0.0), "0 %");
    }
}
