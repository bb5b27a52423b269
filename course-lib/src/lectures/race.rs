//! Several optimisers down the same surface, from the same start, at the same time (lesson 05).
//!
//! ```
//! use course_lib::lectures::Race;
//! use course_lib::lectures::surfaces::RAVINE;
//! use course_lib::optimizers::{Adam, SGD};
//!
//! let sgd = SGD { learning_rate: 0.05, ..SGD::default() };
//! let race = Race::on(&RAVINE, 200)
//!     .enter("SGD", sgd.clone())?
//!     .enter("momentum", SGD { momentum: 0.9, ..sgd })?
//!     .enter("Adam", Adam { learning_rate: 0.3, ..Adam::default() })?;
//! assert_eq!(race.steps_of("SGD")?, None); // still on its way along the ravine
//! assert!(race.steps_of("momentum")?.is_some());
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::descent::{Path, descend};
use super::surfaces::Surface;
use super::tables::{count, number, rounded, shows_as_table, words, written};
use crate::data::table::{MISSING, Table};
use crate::error::{Error, Result};
use crate::optimizers::Optimizer;
use crate::plot::Figure;

/// Paths of several optimisers; see the [module](self) for an example.
#[derive(Debug, Clone)]
pub struct Race {
    surface: Surface,
    start: [f32; 2],
    steps: usize,
    tolerance: f32,
    paths: Vec<(String, Path)>,
}

impl Race {
    /// A race of so many steps, from the surface's own start, with nobody in it yet. Whoever is less than
    /// 0.01 above the lowest place for the first time has arrived.
    pub fn on(surface: &Surface, steps: usize) -> Self {
        Self {
            surface: *surface,
            start: surface.start,
            steps,
            tolerance: 0.01,
            paths: Vec::new(),
        }
    }

    /// Another start, `[x, y]`; before anybody enters.
    #[must_use]
    pub fn start(self, start: [f32; 2]) -> Self {
        Self { start, ..self }
    }

    /// Another height above the lowest place below which an optimiser has arrived.
    #[must_use]
    pub fn tolerance(self, tolerance: f32) -> Self {
        Self { tolerance, ..self }
    }

    /// Lets an optimiser run, under a name of its own.
    ///
    /// # Errors
    /// A name that is taken, a start that is not finite, or options that the optimiser cannot take.
    pub fn enter(mut self, name: &str, optimizer: impl Optimizer) -> Result<Self> {
        if self.paths.iter().any(|(known, _)| known == name) {
            return Err(Error::new("enter")
                .expected("a name for each optimiser")
                .got(format!("{name} a second time"))
                .hint("say what is different: \"Adam 0.1\", \"Adam 0.01\""));
        }
        let path = descend(&self.surface, optimizer, self.start, self.steps)?;
        self.paths.push((name.to_owned(), path));
        Ok(self)
    }

    /// Names and paths, in the order of entering.
    pub fn paths(&self) -> &[(String, Path)] {
        &self.paths
    }

    /// The surface from above with everybody's path. Finish it with `.draw()?`.
    ///
    /// # Errors
    /// None of its own.
    pub fn contour(&self) -> Result<Figure> {
        let mut figure = self.surface.contour();
        for (name, path) in &self.paths {
            figure = figure.path(name, &path.points()?);
        }
        Ok(figure)
    }

    /// The surface.
    pub fn surface(&self) -> &Surface {
        &self.surface
    }

    /// After how many steps an optimiser arrived, at no matter which of the lowest places; `None` if it did
    /// not.
    ///
    /// # Errors
    /// A name that nobody entered under.
    pub fn steps_of(&self, name: &str) -> Result<Option<usize>> {
        let path = self.paths.iter().find(|(known, _)| known == name);
        let (_, path) = path.ok_or_else(|| {
            let names: Vec<&str> = self.paths.iter().map(|(name, _)| name.as_str()).collect();
            Error::new("steps_of")
                .expected(format!("one of {}", names.join(", ")))
                .got(name)
                .hint("write the name as in enter")
        })?;
        Ok(self.arrived(path))
    }

    fn arrived(&self, path: &Path) -> Option<usize> {
        path.steps_to(self.surface.lowest(), self.tolerance)
    }

    fn table(&self) -> Table {
        let paths = || self.paths.iter().map(|(_, path)| path);
        let steps = |path: &Path| {
            self.arrived(path)
                .map_or(MISSING.to_owned(), |steps| steps.to_string())
        };
        let height = |path: &Path| match path.diverged() {
            true => MISSING.to_owned(),
            false => number(path.last_height()),
        };
        let place = |path: &Path| match path.diverged() {
            true => format!("ran away after {}", count(path.steps(), "step")),
            false => path.last().map(|x| rounded(x, 4)).join(", "),
        };
        Table {
            columns: vec![
                words("optimizer", self.paths.iter().map(|(name, _)| name.as_str())),
                written("steps to arrive", paths().map(steps)),
                written("z at the end", paths().map(height)),
                words("place at the end", paths().map(place)),
            ],
            caption: format!(
                "{} down the {} surface from ({}); arrived: less than {} above the lowest place for the first time",
                count(self.steps, "step"),
                self.surface.name,
                self.start.map(number).join(", "),
                number(self.tolerance)
            ),
        }
    }
}

shows_as_table!(Race);
