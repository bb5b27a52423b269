//! The races of lesson 05 as pictures that move.
//!
//! ```
//! use course_lib::lectures::{Race, surfaces::RAVINE};
//! use course_lib::prelude::*;
//!
//! let race = Race::on(&RAVINE, 100).enter("SGD", SGD { learning_rate: 0.05, ..SGD::default() })?;
//! let animation = race.animation(Motion::default())?;
//! # Ok::<(), Error>(())
//! ```

use super::Race;
use crate::error::Result;
use crate::plot::{self, Animation, Figure, Motion};

/// A race is shown in so many frames at most.
const FRAMES: usize = 60;

impl Race {
    /// The race as a picture that moves: the surface from above, and everybody's path as it grows.
    ///
    /// # Errors
    /// As [`plot::animation()`].
    pub fn animation(&self, motion: Motion) -> Result<Animation> {
        let longest = self
            .paths()
            .iter()
            .map(|(_, path)| path.steps())
            .max()
            .unwrap_or(0);
        let frames = longest.clamp(1, FRAMES);
        // The surface is the same in all frames, and calculated once.
        let ground = self.surface().contour();
        let frame = |frame: usize| -> Result<Figure> {
            let steps = longest * frame / frames;
            let mut figure = ground
                .clone()
                .title(format!("{}, step {steps}", self.surface().name));
            for (name, path) in self.paths() {
                let shown = path.points()?.rows(0..(steps + 1).min(path.steps() + 1))?;
                figure = figure.path(name.as_str(), &shown);
            }
            Ok(figure)
        };
        let figures: Vec<Figure> = (0..=frames).map(frame).collect::<Result<_>>()?;
        plot::animation(&figures, motion)
    }
}
