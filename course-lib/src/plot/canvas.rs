//! The sheet that plots draw on: plotters' SVG backend, in fractions of a pixel.
//!
//! plotters places everything on whole pixels, which makes curves jagged. The sheet is therefore ten times as
//! large inside as it is shown, and its `viewBox` brings it back to size.

use plotters::backend::SVGBackend;
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::document::{IMAGE, allowed, document, with_images};
use super::theme::{self, Color, FONT};
use super::tidy::tidy;
use crate::error::{Error, Result};

pub(super) const FINE: f64 = 10.0;
// In plotters a font's size is its full height; SVG counts the em square.
const FONT_HEIGHT: f64 = 1.24;
// plotters' "top" is 0.76 em above the baseline, the middle of a digit 0.36 em.
const TOP_TO_MIDDLE: f64 = 0.40;

/// A point on the sheet, in pixels from its top left corner.
pub(crate) type Point = (f64, f64);

/// Where a text lies relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Middle,
    Right,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lettering {
    pub size: f64,
    pub color: Color,
    pub bold: bool,
    pub anchor: Anchor,
    /// Written upwards, as beside a y axis.
    pub upwards: bool,
}

impl Lettering {
    pub fn new(size: f64, color: Color, anchor: Anchor) -> Self {
        Self {
            size,
            color,
            bold: false,
            anchor,
            upwards: false,
        }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn upwards(self) -> Self {
        Self {
            upwards: true,
            ..self
        }
    }
}

/// A part of the sheet, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Its corners, the first one again at the end.
    pub fn outline(&self) -> [Point; 5] {
        let Self {
            left,
            top,
            right,
            bottom,
        } = *self;
        [
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
            (left, top),
        ]
    }

    /// The same area with so much less on each side.
    pub fn shrunk(&self, by: f64) -> Self {
        Self {
            left: self.left + by,
            top: self.top + by,
            right: self.right - by,
            bottom: self.bottom - by,
        }
    }
}

/// The sheet while it is being drawn on.
pub(crate) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    /// The elements that show images, in the order in which they were placed.
    images: Vec<String>,
    failure: Option<String>,
}

/// Draws a sheet of `width` × `height` pixels and returns it as an SVG document that carries its alternative
/// text.
pub(crate) fn sheet(
    (width, height): (f64, f64),
    alt: &str,
    draw: impl FnOnce(&mut Canvas<'_>, Area) -> Result<()>,
) -> Result<String> {
    let (width, height) = (width.round(), height.round());
    let mut svg = String::new();
    let (failure, images) = {
        let size = ((width * FINE) as u32, (height * FINE) as u32);
        let mut canvas = Canvas {
            backend: SVGBackend::with_string(&mut svg, size),
            images: Vec::new(),
            failure: None,
        };
        draw(
            &mut canvas,
            Area {
                left: 0.0,
                top: 0.0,
                right: width,
                bottom: height,
            },
        )?;
        let presented = canvas.backend.present();
        canvas.keep(presented);
        (canvas.failure.take(), canvas.images)
    };
    if let Some(failure) = failure {
        return Err(Error::new("plot")
            .expected("to draw the picture")
            .got(failure)
            .hint("report this as a bug"));
    }
    // plotters' opening tag gives way to one that has the right size, a card and a description.
    let drawn = tidy(svg.split_once('\n').map_or("", |(_, drawn)| drawn));
    // All letters are of one font: it is named once.
    let drawn = drawn.replace(&format!(" font-family=\"{FONT}\""), "");
    let drawn = with_images(&drawn, &images);
    Ok(document((width, height), alt, &drawn))
}

impl Canvas<'_> {
    /// A straight line.
    pub fn line(&mut self, from: Point, to: Point, color: Color, width: f64) {
        let drawn = self
            .backend
            .draw_line(fine(from), fine(to), &stroke(color, 1.0, width));
        self.keep(drawn);
    }

    /// A line through all points.
    pub fn path(&mut self, points: &[Point], color: Color, width: f64) {
        let drawn = self
            .backend
            .draw_path(points.iter().copied().map(fine), &stroke(color, 1.0, width));
        self.keep(drawn);
    }

    /// A line through all points in dashes.
    pub fn dashed(&mut self, points: &[Point], color: Color, width: f64) {
        const DASH: f64 = 7.0;
        const GAP: f64 = 5.0;
        let (mut left, mut on) = (DASH, true);
        let mut dash: Vec<Point> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            loop {
                let length = (to.0 - from.0).hypot(to.1 - from.1);
                if length < left {
                    left -= length;
                    if on {
                        dash.push(to);
                    }
                    break;
                }
                let share = left / length;
                from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
                if on {
                    dash.push(from);
                    self.path(&std::mem::take(&mut dash), color, width);
                } else {
                    dash = vec![from];
                }
                on = !on;
                left = if on { DASH } else { GAP };
            }
        }
        if on && dash.len() > 1 {
            self.path(&dash, color, width);
        }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, area: Area, color: Color, opacity: f64) {
        let (from, to) = (fine((area.left, area.top)), fine((area.right, area.bottom)));
        let drawn = self.backend.draw_rect(from, to, &fill(color, opacity), true);
        self.keep(drawn);
    }

    /// A filled shape.
    pub fn polygon(&mut self, points: &[Point], color: Color, opacity: f64) {
        let drawn = self
            .backend
            .fill_polygon(points.iter().copied().map(fine), &fill(color, opacity));
        self.keep(drawn);
    }

    /// A filled disc.
    pub fn disc(&mut self, center: Point, radius: f64, color: Color, opacity: f64) {
        let radius = (radius * FINE).round() as u32;
        let drawn = self
            .backend
            .draw_circle(fine(center), radius, &fill(color, opacity), true);
        self.keep(drawn);
    }

    /// An image, given by its address, stretched over an area; its pixels stay squares, however large.
    pub fn image(&mut self, area: Area, address: &str) {
        // plotters' SVG backend shows images only through a crate for all image formats there are. So a text
        // keeps the image's place among what is drawn.
        let place = format!("{IMAGE}{}", self.images.len());
        let (x, y) = fine((area.left, area.top));
        let (right, bottom) = fine((area.right, area.bottom));
        self.images.push(format!(
            "<image x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
             image-rendering=\"pixelated\" href=\"{address}\"/>\n",
            right - x,
            bottom - y
        ));
        let style = TextStyle::from(FontDesc::new(FontFamily::Name(FONT), 1.0, FontStyle::Normal));
        let drawn = self.backend.draw_text(&place, &style, (x, y));
        self.keep(drawn);
    }

    /// A line of text, centred on the height of its point.
    pub fn text(&mut self, (x, y): Point, text: &str, lettering: Lettering) {
        if text.is_empty() {
            return;
        }
        let style = if lettering.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let font = FontDesc::new(FontFamily::Name(FONT), lettering.size * FINE * FONT_HEIGHT, style);
        let font = font.transform(if lettering.upwards {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        });
        let across = match lettering.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        // plotters can centre a text itself, but in units of the font's x-height, which a font that is
        // missing a letter does not have. Half the height of a digit above the point is the middle of every
        // Latin text.
        let rise = TOP_TO_MIDDLE * lettering.size;
        let at = if lettering.upwards {
            (x - rise, y)
        } else {
            (x, y - rise)
        };
        let color = rgb(lettering.color);
        let style = TextStyle::from(font)
            .color(&color)
            .pos(Pos::new(across, VPos::Top));
        let drawn = self.backend.draw_text(&allowed(text), &style, fine(at));
        self.keep(drawn);
    }

    /// A text in lines below each other, each centred on its height; returns the height used.
    pub fn lines(&mut self, (x, top): Point, lines: &[String], lettering: Lettering) -> f64 {
        let step = lettering.size * 1.3;
        for (number, line) in lines.iter().enumerate() {
            self.text((x, top + step * (number as f64 + 0.5)), line, lettering);
        }
        step * lines.len() as f64
    }

    fn keep<E: std::fmt::Debug>(&mut self, result: std::result::Result<(), E>) {
        if let Err(problem) = result {
            self.failure.get_or_insert_with(|| format!("{problem:?}"));
        }
    }
}

fn fine((x, y): Point) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

fn rgb(Color(red, green, blue): theme::Color) -> RGBColor {
    RGBColor(red, green, blue)
}

fn fill(color: Color, opacity: f64) -> ShapeStyle {
    use plotters::style::Color as _;
    rgb(color).mix(opacity).filled()
}

fn stroke(color: Color, opacity: f64, width: f64) -> ShapeStyle {
    use plotters::style::Color as _;
    rgb(color)
        .mix(opacity)
        .stroke_width((width * FINE).round() as u32)
}
