//! Where the images of a grid stand, and how they are drawn.
//!
//! All images are one PNG, with whole pixels of the images between them: a hundred digits are one element of the
//! SVG, and every pixel of every image is the same square.

use super::axis::{Axis, AxisOptions, brief};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::images::ImageGrid;
use super::picture::Plot;
use super::pixels::{self, Pixels, Raster, Shades};
use super::stack::Stack;
use super::theme::{self, AXIS, INK, LABEL_SIZE, MARGIN, SOFT_INK, TICK_SIZE};
use super::title::Title;
use crate::error::{Error, Result};

/// The width that a grid is made for, in pixels.
const WIDTH: f64 = 640.0;
/// An image is not magnified beyond this by itself.
const IMAGE: usize = 112;
const TEXT_SIZE: f64 = 12.0;
/// Between the label of a row and its first image.
const LABEL_GAP: f64 = 12.0;
/// The colour bar with its numbers.
const BAR: f64 = 70.0;

/// The places of images of one size.
#[derive(Debug, Clone)]
pub(super) struct Tiles {
    options: ImageGrid,
    range: (f64, f64),
    count: usize,
    columns: usize,
    rows: usize,
    /// Pixels of the screen for a pixel of an image.
    scale: usize,
    /// Free pixels of an image between two images.
    gap: (usize, usize),
    /// The titles broken into lines, and how many lines the longest has.
    titles: Vec<Vec<String>>,
    title_lines: usize,
    labels: f64,
    inner: (f64, f64),
}

impl Tiles {
    pub fn new(operation: &str, stack: &Stack, options: ImageGrid, natural: (f64, f64)) -> Result<Self> {
        let range = options
            .range
            .map_or(natural, |(low, high)| (f64::from(low), f64::from(high)));
        check(operation, stack, &options, range)?;
        let labels = widest(&options.row_labels, LABEL_SIZE).min(160.0);
        let labels = if labels > 0.0 { labels + LABEL_GAP } else { 0.0 };
        let bar = if options.color_bar && stack.channels == 1 {
            BAR
        } else {
            0.0
        };
        let room = WIDTH - labels - bar;

        let titled = !options.titles.is_empty();
        let columns = match options.columns {
            0 => suitable(stack, room, titled),
            columns => columns,
        }
        .min(stack.count);
        let rows = stack.count.div_ceil(columns);
        let least_gap = 3.0;
        let scale = match options.scale {
            0 => {
                let for_one = room / columns as f64 - least_gap;
                let size = (for_one as usize).min(IMAGE);
                (size / stack.width).min(IMAGE / stack.height).max(1)
            }
            scale => scale,
        };
        // A title may be wider than its image; the images then stand further apart.
        let image = (stack.width * scale) as f64;
        let wanted = widest(&options.titles, TEXT_SIZE) + 8.0;
        let pitch = match titled {
            true => (image + least_gap).max(wanted.min((room / columns as f64).max(60.0))),
            false => image + least_gap,
        };
        let titles: Vec<Vec<String>> = options
            .titles
            .iter()
            .map(|title| theme::wrap(title, TEXT_SIZE, pitch - 6.0, 2))
            .collect();
        let title_lines = titles.iter().map(Vec::len).max().unwrap_or(0);
        let pixels = |size: f64| (size / scale as f64).ceil() as usize;
        let gap = (
            pixels(pitch - image).max(1),
            pixels(least_gap + titles_height(title_lines) + if titled { 4.0 } else { 0.0 }).max(1),
        );
        // Titles need half a gap at both ends of a row, and one row's room above all.
        let outer = if titled { 0 } else { gap.0 };
        let grid_width = ((columns * (stack.width + gap.0) - outer) * scale) as f64;
        let grid_height =
            ((rows * (stack.height + gap.1) - gap.1) * scale) as f64 + titles_height(title_lines);
        if !check_size(grid_width, grid_height) {
            return Err(Error::new(operation)
                .expected("a picture of at most 4000 × 4000 pixels")
                .got(format!("{grid_width} × {grid_height}"))
                .hint("draw fewer images, more columns, or a smaller scale"));
        }
        let words = theme::text_width(&options.title, theme::TITLE_SIZE);
        let width = (labels + grid_width + bar).max(words.min(WIDTH));
        let heading = Title::new(&options.title, width).height();
        let least = if bar > 0.0 { 90.0 } else { 0.0 };
        Ok(Self {
            range,
            count: stack.count,
            columns,
            rows,
            scale,
            gap,
            titles,
            title_lines,
            labels,
            inner: (width, heading + grid_height.max(least)),
            options,
        })
    }

    /// The picture of a stack of the size that the grid was made for.
    pub fn plot(&self, stack: &Stack, shades: Shades) -> Result<Plot> {
        let raster = self.raster(stack, shades);
        let address = pixels::data_address(&raster.png()?);
        let bar = match self.options.color_bar && stack.channels == 1 {
            true => Some(pixels::data_address(&self.bar().png()?)),
            false => None,
        };
        let size = (self.inner.0 + 2.0 * MARGIN, self.inner.1 + 2.0 * MARGIN);
        let plot = Plot::drawn(size, self.words(stack), |canvas, area| {
            let area = Title::new(&self.options.title, self.inner.0).draw(canvas, area.shrunk(MARGIN));
            self.draw(canvas, area, stack, &address);
            if let Some(bar) = bar {
                self.draw_bar(canvas, area, &bar);
            }
            Ok(())
        })?;
        Ok(plot.with_pixels(raster, self.scale))
    }

    /// All images with the gaps between them.
    fn raster(&self, stack: &Stack, shades: Shades) -> Raster {
        let (across, down) = (stack.width + self.gap.0, stack.height + self.gap.1);
        let width = self.columns * across - self.gap.0;
        let height = self.rows * down - self.gap.1;
        let share = |value: f32| (f64::from(value) - self.range.0) / (self.range.1 - self.range.0);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        // Which image a place of the picture shows, and which of its pixels; none in the gaps.
        let found = places.map(|(x, y)| {
            let (image, column, row) = (y / down * self.columns + x / across, x % across, y % down);
            let inside = column < stack.width && row < stack.height && image < stack.count;
            inside.then_some((image, row, column))
        });
        let pixels = if stack.channels == 1 {
            let step = |place: Option<_>| match place {
                Some((image, row, column)) => shades.step(share(stack.value(image, 0, row, column))),
                None => shades.gap(),
            };
            Pixels::Shades {
                palette: self.options.palette,
                shades,
                steps: found.map(step).collect(),
            }
        } else {
            let color = |place: Option<_>| match place {
                Some((image, row, column)) => {
                    let part = |channel| {
                        let share = share(stack.value(image, channel, row, column));
                        (share.clamp(0.0, 1.0) * 255.0).round() as u8
                    };
                    [part(0), part(1), part(2), 255]
                }
                None => [255, 255, 255, 0],
            };
            Pixels::Colors(found.flat_map(color).collect())
        };
        Raster {
            width,
            height,
            pixels,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Area, stack: &Stack, address: &str) {
        let scaled = |pixels: usize| (pixels * self.scale) as f64;
        let top = area.top + titles_height(self.title_lines);
        // Room that titles need beyond their images lies to both sides of them.
        let left = area.left
            + self.labels
            + if self.titles.is_empty() {
                0.0
            } else {
                scaled(self.gap.0) / 2.0
            };
        let (across, down) = (stack.width + self.gap.0, stack.height + self.gap.1);
        let image = |number: usize| {
            let (x, y) = (
                left + scaled(number % self.columns * across),
                top + scaled(number / self.columns * down),
            );
            Area {
                left: x,
                top: y,
                right: x + scaled(stack.width),
                bottom: y + scaled(stack.height),
            }
        };
        if self.options.palette.is_light() && stack.channels == 1 {
            (0..self.count).for_each(|number| canvas.rect(image(number).shrunk(-1.0), AXIS, 0.6));
        }
        let whole = Area {
            left,
            top,
            right: left + scaled(self.columns * across - self.gap.0),
            bottom: top + scaled(self.rows * down - self.gap.1),
        };
        canvas.image(whole, address);
        let lettering = Lettering::new(TEXT_SIZE, INK, Anchor::Middle);
        for (number, lines) in self.titles.iter().enumerate() {
            let place = image(number);
            let height = lines.len() as f64 * TEXT_SIZE * 1.3;
            canvas.lines(
                ((place.left + place.right) / 2.0, place.top - 4.0 - height),
                lines,
                lettering,
            );
        }
        let lettering = Lettering::new(LABEL_SIZE, INK, Anchor::Right);
        for (row, label) in self.options.row_labels.iter().enumerate() {
            let place = image(row * self.columns);
            let label = theme::fit(label, LABEL_SIZE, self.labels - 2.0);
            let middle = (place.top + place.bottom) / 2.0;
            canvas.text(
                (area.left + self.labels - LABEL_GAP + 2.0, middle),
                &label,
                lettering,
            );
        }
    }

    /// The palette from its high end down.
    fn bar(&self) -> Raster {
        let fine = Shades::Fine;
        Raster {
            width: 1,
            height: usize::from(fine.gap()),
            pixels: Pixels::Shades {
                palette: self.options.palette,
                shades: fine,
                steps: (0..fine.gap()).rev().collect(),
            },
        }
    }

    fn draw_bar(&self, canvas: &mut Canvas<'_>, area: Area, address: &str) {
        let height = area.height().min(220.0) - 2.0 * TICK_SIZE * 0.5;
        let left = area.right - BAR + 16.0;
        let top = area.top + TICK_SIZE * 0.5;
        let bar = Area {
            left,
            top,
            right: left + 12.0,
            bottom: top + height,
        };
        canvas.rect(bar.shrunk(-1.0), AXIS, 0.6);
        canvas.image(bar, address);
        let options = AxisOptions {
            range: Some(self.range),
            marks: ((height / 34.0) as usize).clamp(2, 6),
            ..AxisOptions::default()
        };
        let axis = Axis::new(self.range.0, self.range.1, options);
        for (value, label) in &axis.ticks {
            let y = bar.bottom - axis.share(*value) * height;
            canvas.line((bar.right + 1.0, y), (bar.right + 5.0, y), AXIS, 1.0);
            let label = theme::fit(label, TICK_SIZE, area.right - bar.right - 8.0);
            canvas.text(
                (bar.right + 8.0, y),
                &label,
                Lettering::new(TICK_SIZE, SOFT_INK, Anchor::Left),
            );
        }
    }

    fn words(&self, stack: &Stack) -> String {
        let ImageGrid {
            title,
            titles,
            row_labels,
            ..
        } = &self.options;
        let mut words = match stack.count {
            1 => "An image".to_owned(),
            count => format!(
                "A grid of {count} images in {} rows of {}",
                self.rows, self.columns
            ),
        };
        if !title.is_empty() {
            words.push_str(&format!(" \"{title}\""));
        }
        words.push_str(&format!(
            ": {} × {} pixels each, values from {} to {}.",
            stack.width,
            stack.height,
            brief(self.range.0),
            brief(self.range.1)
        ));
        // Beyond this nobody listens.
        for (what, texts) in [("Rows", row_labels), ("Titles", titles)] {
            if !texts.is_empty() {
                let more = if texts.len() > 40 { ", …" } else { "" };
                let texts: Vec<&str> = texts.iter().take(40).map(String::as_str).collect();
                words.push_str(&format!(" {what}: {}{more}.", texts.join(", ")));
            }
        }
        words
    }
}

/// As many columns as suit: ten of a hundred digits, five where titles need room.
fn suitable(stack: &Stack, room: f64, titled: bool) -> usize {
    let most = if titled { 5 } else { 10 };
    let fit = (room / (stack.width as f64 + 3.0)) as usize;
    let columns = most.min(fit.max(1));
    // The same number of rows, filled more evenly.
    stack.count.div_ceil(stack.count.div_ceil(columns))
}

/// The room that titles of so many lines need above each image.
fn titles_height(lines: usize) -> f64 {
    match lines {
        0 => 0.0,
        lines => lines as f64 * TEXT_SIZE * 1.3 + 4.0,
    }
}

fn check_size(width: f64, height: f64) -> bool {
    width <= 4000.0 && height <= 4000.0
}

fn widest(texts: &[String], size: f64) -> f64 {
    texts
        .iter()
        .map(|text| theme::text_width(text, size))
        .fold(0.0, f64::max)
}

fn check(operation: &str, stack: &Stack, options: &ImageGrid, (low, high): (f64, f64)) -> Result<()> {
    let error = || Error::new(operation);
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(error()
            .expected("a range of two finite values, the lower one first")
            .got(format!("{low} and {high}"))
            .hint("leave the range out to have it found"));
    }
    if options.scale > 64 {
        return Err(error()
            .expected("a scale of at most 64")
            .got(options.scale.to_string())
            .hint("leave it out to have one found"));
    }
    if !options.titles.is_empty() && options.titles.len() != stack.count {
        return Err(error()
            .expected(format!("{} titles, one for each image, or none", stack.count))
            .got(options.titles.len().to_string())
            .hint("make them from the same rows as the images"));
    }
    let labels = options.row_labels.len();
    if labels == 0 {
        return Ok(());
    }
    if options.columns == 0 {
        return Err(error()
            .expected("a number of columns where rows have labels")
            .got("none")
            .hint("ImageGrid { columns: 10, .. }"));
    }
    let rows = stack.count.div_ceil(options.columns);
    if labels != rows {
        return Err(error()
            .expected(format!(
                "{rows} row labels, one for each row of {} images",
                options.columns
            ))
            .got(labels.to_string())
            .hint("check the number of columns"));
    }
    Ok(())
}
