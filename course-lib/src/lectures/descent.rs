//! The path of an optimiser down a [`Surface`] (lesson 05).
//!
//! The two weights are a tensor of shape `[2]`, and it is the library's own optimisers that change it, in the
//! four lines of every training: loss, backward, step, again.
//!
//! | | shape |
//! | --- | --- |
//! | [`Path::points`], the places `[x, y]` | `[steps + 1, 2]` |
//! | [`Path::heights`], the losses there | `[steps + 1]` |
//!
//! ```
//! use course_lib::lectures::surfaces::BOWL;
//! use course_lib::lectures::descend;
//! use course_lib::optimizers::SGD;
//!
//! let path = descend(&BOWL, SGD { learning_rate: 0.4, ..SGD::default() }, BOWL.start, 20)?;
//! assert_eq!(path.points()?.shape(), [21, 2]);
//! assert!(path.last_height() < 0.2);
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use super::surfaces::Surface;
use super::tables::{count, number, numbers, shortened, shows_as_table};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::notebook::interrupted;
use crate::optimizers::Optimizer;
use crate::tensor::Tensor;

/// More steps than this are cut in the middle.
const MOST_ROWS: usize = 15;

/// Where an optimiser was after each step. From [`descend`].
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    name: String,
    points: Vec<[f32; 2]>,
    heights: Vec<f32>,
    diverged: bool,
}

/// Lets an optimiser go `steps` steps down a surface, from `start` = `[x, y]`.
///
/// The path ends early where the optimiser leaves all bounds (see [`Path::diverged`]).
///
/// # Errors
/// A start that is not finite, or options that the optimiser cannot take.
pub fn descend(
    surface: &Surface,
    mut optimizer: impl Optimizer,
    start: [f32; 2],
    steps: usize,
) -> Result<Path> {
    let mut point = Tensor::vector(&start)?.with_gradient();
    let mut path = Path {
        name: format!("{} on the {} surface", optimizer.name(), surface.name),
        points: vec![start],
        heights: vec![surface.z(start[0], start[1])],
        diverged: false,
    };
    if !path.last_height().is_finite() {
        return Err(Error::new("descend")
            .expected("a start where the surface has a height")
            .got(format!("{start:?}"))
            .hint("start from surface.start"));
    }
    for _ in 0..steps {
        if interrupted() {
            return Err(Error::interrupted("descend"));
        }
        let loss = surface.loss(&point)?;
        let gradients = loss.backward()?;
        optimizer.step(&mut point, &gradients)?;
        let [x, y] = point.to_vec()[..] else { break };
        let z = surface.z(x, y);
        if !(x.is_finite() && y.is_finite() && z.is_finite()) {
            path.diverged = true;
            break;
        }
        path.points.push([x, y]);
        path.heights.push(z);
    }
    Ok(path)
}

impl Path {
    /// The places, the start first: shape `[steps + 1, 2]`.
    ///
    /// # Errors
    /// None: a path has at least its start.
    pub fn points(&self) -> Result<Tensor> {
        Tensor::from_rows(&self.points)
    }

    /// The height at each of them.
    pub fn heights(&self) -> &[f32] {
        &self.heights
    }

    /// How many steps were made.
    pub fn steps(&self) -> usize {
        self.points.len() - 1
    }

    /// The last place, `[x, y]`.
    pub fn last(&self) -> [f32; 2] {
        self.points.last().copied().unwrap_or_default()
    }

    /// The height at the last place.
    pub fn last_height(&self) -> f32 {
        self.heights.last().copied().unwrap_or(f32::NAN)
    }

    /// Whether the optimiser ran away, to places that are no numbers any more: its learning rate is too large.
    pub fn diverged(&self) -> bool {
        self.diverged
    }

    /// After how many steps the path first was less than `tolerance` above `height`; `None` if never.
    pub fn steps_to(&self, height: f32, tolerance: f32) -> Option<usize> {
        self.heights.iter().position(|z| z - height < tolerance)
    }

    fn table(&self) -> Table {
        let end = if self.diverged {
            "then it ran away from"
        } else {
            "at the end"
        };
        let columns = vec![
            numbers("step", (0..self.points.len()).map(|step| step as f64)),
            numbers("x", self.points.iter().map(|point| point[0])),
            numbers("y", self.points.iter().map(|point| point[1])),
            numbers("z", self.heights.iter().copied()),
        ];
        let (steps, z) = (count(self.steps(), "step"), number(self.last_height()));
        Table {
            columns: shortened(columns, MOST_ROWS),
            caption: format!("{}: {steps}, {end} z = {z}", self.name),
        }
    }
}

shows_as_table!(Path);
