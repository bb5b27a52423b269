//! A finished picture: an SVG document and the words that stand in for it.

use std::fmt;
use std::path::Path;

use super::canvas::{Area, Canvas, sheet};
use super::document::{allowed, inside};
use super::file;
use super::pixels::Raster;
use super::png_file::png;
use super::rasterise::rasterise;
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};

/// A finished picture. Left as the last line of a cell, it shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Plot {
    svg: String,
    alt: String,
    /// Width and height in pixels.
    size: (u32, u32),
    /// What images are made of, and how often each of their pixels is magnified; nothing for charts.
    pixels: Option<(Raster, usize)>,
}

impl Plot {
    /// Draws a sheet of so many pixels.
    pub(crate) fn drawn(
        size: (f64, f64),
        alt: String,
        draw: impl FnOnce(&mut Canvas<'_>, Area) -> Result<()>,
    ) -> Result<Self> {
        let alt = allowed(&alt);
        Ok(Self {
            svg: sheet(size, &alt, draw)?,
            alt,
            size: (size.0.round() as u32, size.1.round() as u32),
            pixels: None,
        })
    }

    /// The same picture with the pixels that it shows, for PNG files.
    pub(super) fn with_pixels(self, raster: Raster, scale: usize) -> Self {
        Self {
            pixels: Some((raster, scale)),
            ..self
        }
    }

    /// The whole picture in pixels.
    pub(super) fn rasterised(&self) -> Result<Raster> {
        rasterise(&self.svg)
    }

    /// The pixels of images as they are saved.
    pub(super) fn magnified(&self) -> Option<Raster> {
        self.pixels
            .as_ref()
            .map(|(raster, scale)| raster.magnified(*scale))
    }

    /// Width and height in pixels.
    pub(super) fn size(&self) -> (f64, f64) {
        (f64::from(self.size.0), f64::from(self.size.1))
    }

    /// What is drawn, without the card.
    pub(super) fn drawing(&self) -> &str {
        inside(&self.svg)
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The picture in words, for readers who do not see it.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Writes the picture to a file, whose name ends in `.svg` (lines, sharp at any size) or `.png` (pixels, two for each
    /// of the picture). Of [images](super::images) a `.png` file has the images alone, without title and labels. The
    /// file appears whole or not at all.
    ///
    /// # Errors
    /// If the path ends in something else, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        const OPERATION: &str = "Plot::save";
        let path = path.as_ref();
        match file::ending(path).as_deref() {
            Some("svg") => file::write(OPERATION, path, self.svg.as_bytes()),
            Some("png") => {
                let raster = self.magnified().map_or_else(|| self.rasterised(), Ok)?;
                file::write(OPERATION, path, &png(&raster)?)
            }
            _ => Err(Error::new(OPERATION)
                .expected("a path that can be written and ends in .svg or .png")
                .got(path.display().to_string())
                .hint("`plot.save(\"loss.svg\")?` writes lines, `plot.save(\"loss.png\")?` pixels")),
        }
    }
}

impl fmt::Display for Plot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.alt)
    }
}

impl fmt::Debug for Plot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plot: {}", self.alt)
    }
}

impl Show for Plot {
    fn rich(&self) -> Rich {
        Rich::text(self.alt.as_str()).svg(self.svg.as_str())
    }
}

crate::shows_itself!(Plot);
