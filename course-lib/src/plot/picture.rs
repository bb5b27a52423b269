//! A finished picture: an SVG document and the words that stand in for it.

use std::fmt;
use std::io::Write;
use std::path::Path;

use super::canvas::{Area, Canvas, allowed, sheet};
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};

/// A finished picture. Left as the last line of a cell, it shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Plot {
    svg: String,
    alt: String,
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
        })
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The picture in words, for readers who do not see it.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Writes the picture to an SVG file. The file appears whole or not at all.
    ///
    /// # Errors
    /// If the path does not end in `.svg`, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let error = || Error::new("Plot::save").expected("a path that can be written and ends in .svg");
        let is_svg = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
        let Some(name) = path.file_name().filter(|_| is_svg) else {
            return Err(error()
                .got(path.display().to_string())
                .hint("pictures are SVG: `plot.save(\"loss.svg\")?`"));
        };
        let mut unfinished = name.to_owned();
        unfinished.push(format!(".{}.part", std::process::id()));
        let unfinished = path.with_file_name(unfinished);
        let written = std::fs::File::create(&unfinished)
            .and_then(|mut file| file.write_all(self.svg.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&unfinished, path));
        written.map_err(|problem| {
            // Best effort: the error that is reported is the one that matters.
            let _ = std::fs::remove_file(&unfinished);
            error()
                .got(format!("{} ({problem})", path.display()))
                .hint("check that the folder exists, may be written to, and has room")
        })
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
