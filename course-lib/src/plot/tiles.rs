//! Where the images of a grid stand, and how they are drawn.
//!
//! All images are one PNG, with whole pixels of the images between them: a hundred digits are one element of
//! the SVG, and every pixel of every image is the same square.

use super::axis::{Axis, AxisOptions, brief};
use super::canvas::{Anchor, Area, Canvas, Lettering};
use super::colorbar::ColorBar;
use super::images::ImageGrid;
use super::palette::Palette;
use super::picture::Plot;
use super::pixels::{Pixels, Raster, Shades};
use super::png_file::{data_address, png};
use super::stack::Stack;
use super::theme::{self, AXIS, INK, LABEL_SIZE, MARGIN, TICK_SIZE};
use super::tile_checks::{check, check_size};
use super::title::Title;
use crate::error::Result;

/// The width that a grid is made for, in pixels.
const WIDTH: f64 = 640.0;
/// An image is not magnified beyond this by itself.
const IMAGE: usize = 112;
const TEXT_SIZE: f64 = 12.0;
/// Between the label of a row and its first image.
const LABEL_GAP: f64 = 12.0;
/// The colour bar is not made higher, or the picture lower than it needs.
const BAR: std::ops::Range<f64> = 90.0..220.0;
const BAR_COLORS: u32 = 64;

/// The places of images of one size.
#[derive(Debug, Clone)]
pub(super) struct Tiles {
    options: ImageGrid,
    range: (f64, f64),
    bar: Option<ColorBar>,
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
        let bar = (options.color_bar && stack.channels == 1).then(|| color_bar(options.palette, range));
        let bar_width = bar.as_ref().map_or(0.0, ColorBar::width);
        let room = WIDTH - labels - bar_width;

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
        check_size(operation, grid_width, grid_height)?;
        let words = theme::text_width(&options.title, theme::TITLE_SIZE);
        let width = (labels + grid_width + bar_width).max(words.min(WIDTH));
        let heading = Title::new(&options.title, width).height();
        let least = if bar.is_some() { BAR.start } else { 0.0 };
        Ok(Self {
            range,
            bar,
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
        let address = data_address(&png(&raster)?);
        let size = (self.inner.0 + 2.0 * MARGIN, self.inner.1 + 2.0 * MARGIN);
        let plot = Plot::drawn(size, self.words(stack), |canvas, area| {
            let area = Title::new(&self.options.title, self.inner.0).draw(canvas, area.shrunk(MARGIN));
            self.draw(canvas, area, stack, &address);
            if let Some(bar) = &self.bar {
                bar.draw(canvas, beside(area, bar));
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

fn color_bar(palette: Palette, (low, high): (f64, f64)) -> ColorBar {
    let options = AxisOptions {
        range: Some((low, high)),
        marks: 5,
        ..AxisOptions::default()
    };
    let axis = Axis::new(low, high, options);
    ColorBar {
        colors: (0..BAR_COLORS)
            .map(|color| palette.color(f64::from(color) / f64::from(BAR_COLORS - 1)))
            .collect(),
        marks: axis
            .ticks
            .iter()
            .map(|(value, label)| (axis.share(*value), label.clone()))
            .collect(),
        label: String::new(),
    }
}

/// What the bar stands beside, so that it ends where the picture does, with room for its outer numbers.
fn beside(area: Area, bar: &ColorBar) -> Area {
    let top = area.top + TICK_SIZE * 0.5;
    Area {
        top,
        right: area.right - bar.width(),
        bottom: (area.bottom - TICK_SIZE * 0.5).min(top + BAR.end),
        ..area
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

fn widest(texts: &[String], size: f64) -> f64 {
    texts
        .iter()
        .map(|text| theme::text_width(text, size))
        .fold(0.0, f64::max)
}
