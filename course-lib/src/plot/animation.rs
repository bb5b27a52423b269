//! Pictures that move: how something changes as training goes on.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use super::canvas::FINE;
use super::document::document;
use super::file;
use super::film::{Times, film};
use super::frames::Frames;
use super::gif_file::gif;
use super::images::ImageGrid;
use super::picture::Plot;
use super::pixels::{Raster, Shades};
use super::png_file::apng;
use super::saving::Saving;
use super::stack::{self, Stack};
use super::tiles::Tiles;
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show, interrupted};
use crate::tensor::Tensor;

const MOST_FRAMES: usize = 300;
/// Beyond this, notebooks open slowly and Jupyter drops output.
const LARGEST: usize = 2_000_000;
/// Up to this, image frames have all their shades.
const SMALL: usize = 600_000;

/// How an [`animation`] goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// How long a frame is shown, in seconds, from 0.02 to 10. Default: 0.25.
    pub seconds: f64,
    /// How much longer the last one is shown, in seconds, up to 60. Default: 2.
    pub hold: f64,
    /// Whether it starts again. Default: yes.
    pub repeat: bool,
}

impl Default for Motion {
    fn default() -> Self {
        Self {
            seconds: 0.25,
            hold: 2.0,
            repeat: true,
        }
    }
}

/// A picture that moves. Left as the last line of a cell, it shows itself; where nothing can move (on paper,
/// or for readers who asked their system for less motion), its last frame is seen.
#[derive(Clone, PartialEq)]
pub struct Animation {
    svg: String,
    alt: String,
    frames: Vec<Plot>,
    times: Times,
}

/// Shows pictures of one size one after the other.
///
/// [`Figure`](super::Figure)s get the same axes, those of all their data, unless they have ranges of their own. What all
/// frames have in common is kept once, so that also a hundred frames make a small file.
///
/// ```
/// use course_lib::plot::{self, Figure, Motion};
///
/// let x = [0.0, 1.0, 2.0];
/// let frame = |epoch: i32| {
///     let y = x.map(|x| x * epoch as f64 / 10.0);
///     Figure::new().title(format!("epoch {epoch}")).line("prediction", &x, &y)
/// };
/// let frames: Vec<Figure> = (1..=10).map(frame).collect();
/// let animation = plot::animation(&frames, Motion::default())?;
/// assert_eq!(animation.count(), 10);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
///
/// # Errors
/// No frames or more than 300; a frame that cannot be drawn, or has another size; times out of their bounds;
/// more than 2 MB in all.
pub fn animation(frames: &(impl Frames + ?Sized), motion: Motion) -> Result<Animation> {
    Animation::new("animation", frames.frames()?, motion)
}

/// Shows images as they change: the same latent points as a generator learns. Each frame has a title and the
/// images, in one of the shapes that [`images`](super::images()) takes, the same in all frames.
///
/// All frames have one scale of values. Many frames are drawn in 15 shades of grey instead of 255, so that
/// they stay small. [`Animation::save`] also writes the images alone as a GIF or an animated PNG file.
///
/// ```
/// use course_lib::prelude::*;
/// use course_lib::plot::{ImageGrid, Motion};
///
/// let frame = |epoch: u64| Ok((format!("epoch {epoch}"), Tensor::uniform([20, 28, 28], -1.0, 1.0, Seed(epoch))?));
/// let frames = (1..=3).map(frame).collect::<Result<Vec<_>>>()?;
/// let animation = plot::image_animation(&frames, ImageGrid::default(), Motion::default())?;
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// As [`images`](super::images()) and [`animation`].
pub fn image_animation(
    frames: &[(impl AsRef<str>, Tensor)],
    grid: ImageGrid,
    motion: Motion,
) -> Result<Animation> {
    const OPERATION: &str = "image_animation";
    let stacks = frames.iter().map(|(_, images)| Stack::of(OPERATION, images));
    let stacks: Vec<Stack> = stacks.collect::<Result<_>>()?;
    let shape = frames
        .first()
        .map(|(_, images)| images.shape())
        .unwrap_or_default();
    if let Some((_, other)) = frames.iter().find(|(_, images)| images.shape() != shape) {
        return Err(Error::new(OPERATION)
            .expected(format!("images of shape {shape:?} in all frames"))
            .got(format!("shape {:?}", other.shape()))
            .hint("draw the same latent points in every frame"));
    }
    let range = stack::range(&stacks, grid.palette);
    let draw = |shades: Shades| -> Result<Vec<Plot>> {
        let frame = |((title, _), stack): (&(_, Tensor), &Stack)| {
            let title: &str = AsRef::<str>::as_ref(title);
            let title = [grid.title.as_str(), title]
                .into_iter()
                .filter(|part| !part.is_empty());
            let grid = ImageGrid {
                title: title.collect::<Vec<_>>().join(": "),
                ..grid.clone()
            };
            Tiles::new(OPERATION, stack, grid, range)?.plot(stack, shades)
        };
        frames.iter().zip(&stacks).map(frame).collect()
    };
    let fine = draw(Shades::Fine)?;
    let size: usize = fine.iter().map(|frame| frame.svg().len()).sum();
    let frames = if size > SMALL { draw(Shades::Coarse)? } else { fine };
    Animation::new(OPERATION, frames, motion)
}

impl Animation {
    fn new(operation: &str, frames: Vec<Plot>, motion: Motion) -> Result<Self> {
        let error = || Error::new(operation);
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            return Err(error()
                .expected("at least one frame")
                .got("none")
                .hint("keep a picture every few epochs, and animate them at the end"));
        };
        if frames.len() > MOST_FRAMES {
            return Err(error()
                .expected(format!("at most {MOST_FRAMES} frames"))
                .got(frames.len().to_string())
                .hint("keep every tenth one: frames.into_iter().step_by(10)"));
        }
        if !(0.02..=10.0).contains(&motion.seconds) || !(0.0..=60.0).contains(&motion.hold) {
            return Err(error()
                .expected("0.02 to 10 seconds a frame, and 0 to 60 more for the last one")
                .got(format!("{} and {}", motion.seconds, motion.hold))
                .hint("Motion::default() has 0.25 and 2"));
        }
        if let Some(other) = frames.iter().find(|frame| frame.size() != first.size()) {
            let ((width, height), (other_width, other_height)) = (first.size(), other.size());
            return Err(error()
                .expected(format!("frames of {width} × {height} pixels, as the first one"))
                .got(format!("one of {other_width} × {other_height}"))
                .hint(
                    "draw all frames in the same way; a title that needs another line makes a picture higher",
                ));
        }
        let mut starts: Vec<f64> = (0..=frames.len())
            .map(|frame| frame as f64 * motion.seconds)
            .collect();
        starts
            .iter_mut()
            .skip(frames.len())
            .for_each(|end| *end += motion.hold);
        let times = Times {
            starts,
            repeat: motion.repeat,
        };
        let alt = match frames.len() {
            1 => first.alt().to_owned(),
            count => format!(
                "Animation of {count} frames. First: {} Last: {}",
                first.alt(),
                last.alt()
            ),
        };
        let svg = match frames.len() {
            1 => first.svg().to_owned(),
            _ => moving(&frames, &times, &alt),
        };
        if svg.len() > LARGEST {
            return Err(error()
                .expected("at most 2 MB for all frames")
                .got(format!("{:.1} MB", svg.len() as f64 / 1e6))
                .hint("keep fewer frames, fewer images, or fewer points"));
        }
        Ok(Self {
            svg,
            alt,
            frames,
            times,
        })
    }

    /// How many frames there are.
    pub fn count(&self) -> usize {
        self.frames.len()
    }

    /// One frame as a picture; the first is 0.
    ///
    /// # Errors
    /// A frame that there is not.
    pub fn frame(&self, number: usize) -> Result<Plot> {
        self.frames.get(number).cloned().ok_or_else(|| {
            Error::new("Animation::frame")
                .expected(format!("a frame from 0 to {}", self.frames.len() - 1))
                .got(number.to_string())
                .hint("count() says how many there are")
        })
    }

    /// The animation as an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The animation in words, for readers who do not see it.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Writes the animation to a file, whose name says what it is:
    ///
    /// | ends in | what it is | plays in |
    /// | --- | --- | --- |
    /// | `.svg` | lines, sharp at any size | browsers, JupyterLab |
    /// | `.gif` | pixels, 256 colours a frame | slides, chats, browsers: nearly everywhere |
    /// | `.png` | pixels, all colours (APNG) | browsers |
    ///
    /// Files of pixels have two for each of the picture; of [images](image_animation) they have the images alone,
    /// without title and labels. The file appears whole or not at all.
    ///
    /// # Errors
    /// If the path ends in something else, or the file cannot be written; an interrupt.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        const OPERATION: &str = "Animation::save";
        let path = path.as_ref();
        let content = match file::ending(path).as_deref() {
            Some("svg") => Cow::Borrowed(self.svg.as_bytes()),
            Some("png") => {
                let milliseconds = self.lasting(1000.0);
                Cow::Owned(apng(
                    self.rasters(path),
                    &milliseconds,
                    u32::from(!self.times.repeat),
                )?)
            }
            Some("gif") => Cow::Owned(gif(self.rasters(path), &self.lasting(100.0), self.times.repeat)?),
            _ => {
                return Err(Error::new(OPERATION)
                    .expected("a path that can be written and ends in .svg, .gif or .png")
                    .got(path.display().to_string())
                    .hint(
                        "browsers play all of them, slides and chats a GIF: `animation.save(\"race.gif\")?`",
                    ));
            }
        };
        file::write(OPERATION, path, &content)
    }

    /// How long each frame is shown, in parts of a second.
    fn lasting(&self, parts: f64) -> Vec<u16> {
        let lasting = |pair: &[f64]| ((pair[1] - pair[0]) * parts).round() as u16;
        self.times.starts.windows(2).map(lasting).collect()
    }

    /// The frames in pixels, one by one, all of one size: the images alone where every frame has the same, else the
    /// pictures.
    fn rasters(&self, path: &Path) -> impl Iterator<Item = Result<Raster>> {
        let images: Option<Vec<Raster>> = self.frames.iter().map(Plot::magnified).collect();
        let images = images.filter(|images| images.iter().all(|image| image.is_like(&images[0])));
        let mut saving = Saving::new(path, self.frames.len());
        (0..self.frames.len()).map(move |number| {
            if interrupted() {
                return Err(Error::interrupted("Animation::save"));
            }
            saving.frame(number);
            match &images {
                Some(images) => Ok(images[number].clone()),
                None => self.frames[number].rasterised(),
            }
        })
    }
}

/// All frames as one document.
fn moving(frames: &[Plot], times: &Times, alt: &str) -> String {
    let drawings: Vec<&str> = frames.iter().map(Plot::drawing).collect();
    let (width, height) = frames[0].size();
    let moving = film(&drawings, times, (width * FINE, height * FINE));
    document((width, height), alt, &(moving + "</svg>\n"))
}

impl fmt::Display for Animation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.alt)
    }
}

impl fmt::Debug for Animation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.alt)
    }
}

impl Show for Animation {
    fn rich(&self) -> Rich {
        Rich::text(self.alt.as_str()).svg(self.svg.as_str())
    }
}

crate::shows_itself!(Animation);

crate::notebook::shows_options!(Motion {
    seconds,
    hold,
    repeat
});
