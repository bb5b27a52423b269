//! Surfaces to roll down: losses of two weights, x and y, on which optimisers show their character (slide
//! "The importance of the optimization method applied", lesson 05).
//!
//! | surface | z | lowest at | what is hard about it |
//! | --- | --- | --- | --- |
//! | [`BOWL`] | 0.1 x² + 2 y² | (0, 0) | twenty times as steep one way as the other |
//! | [`RAVINE`] | 5 (x - y)² + 0.05 (x + y)² | (0, 0) | the same, a hundred times, and aslant |
//! | [`SADDLE`] | ½ x² - ½ y² + ¼ y⁴ | (0, -1), (0, 1) | hardly any slope near the saddle (0, 0) |
//! | [`ROSENBROCK`] | (1 - x)² + 100 (y - x²)² | (1, 1) | a curved valley, almost flat along its floor |
//! | [`BEALE`] | (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)² | (3, 0.5) | a plain between steep walls |
//! | [`HIMMELBLAU`] | (x² + y - 11)² + (x + y² - 7)² | four places | where you end depends on the start |
//! | [`RASTRIGIN`] | 20 + x² - 10 cos 2πx + y² - 10 cos 2πy | (0, 0) | a pit of its own in every square |
//!
//! Sources: Rosenbrock 1960; Beale 1958; Himmelblau 1972; Rastrigin 1974; the bowl is that of *Dive into Deep
//! Learning*, 12.6.
//!
//! ```
//! use course_lib::lectures::surfaces::{BOWL, Surface};
//!
//! assert_eq!(BOWL.z(5.0, 1.0), 4.5);
//! // A surface of your own: change what is different.
//! let mine = Surface {
//!     name: "mine",
//!     formula: "x² + y²",
//!     height: |x, y| x * x + y * y,
//!     slope: |x, y| [2.0 * x, 2.0 * y],
//!     ..BOWL
//! };
//! assert_eq!(mine.z(3.0, 4.0), 25.0);
//! ```

use std::f64::consts::TAU;

use super::tables::{number, shows_as_table, words};
use crate::data::table::Table;
use crate::error::{Error, Result};
use crate::plot::{self, Figure};
use crate::tensor::Tensor;

/// A loss of two weights; see the table in the [module](self).
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    /// What it is called.
    pub name: &'static str,
    /// The formula of z, as text.
    pub formula: &'static str,
    /// The part worth looking at: x from and to, y from and to.
    pub range: [(f32, f32); 2],
    /// Where it is lowest, `[x, y]`.
    pub minima: &'static [[f32; 2]],
    /// Where a run starts by default, `[x, y]`.
    pub start: [f32; 2],
    /// z of x and y.
    pub height: fn(f64, f64) -> f64,
    /// The gradient, `[∂z/∂x, ∂z/∂y]`.
    pub slope: fn(f64, f64) -> [f64; 2],
}

impl Surface {
    /// The height at one place.
    pub fn z(&self, x: f32, y: f32) -> f32 {
        (self.height)(f64::from(x), f64::from(y)) as f32
    }

    /// The surface from above. Finish it with the paths of optimisers and `.draw()?`.
    ///
    /// ```
    /// # use course_lib::lectures::{descend, surfaces::BOWL};
    /// # use course_lib::optimizers::SGD;
    /// let path = descend(&BOWL, SGD { learning_rate: 0.4, ..SGD::default() }, BOWL.start, 20)?;
    /// let plot = BOWL.contour().path("SGD", &path.points()?).draw()?;
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn contour(&self) -> Figure {
        let [x, y] = self.range;
        let title = format!("{}: {}", self.name, self.formula);
        plot::contour(|x, y| self.z(x, y), x, y).title(title)
    }

    /// The height of the lowest place; NaN where there is none.
    pub fn lowest(&self) -> f32 {
        let heights = self.minima.iter().map(|[x, y]| self.z(*x, *y));
        heights.fold(f32::NAN, f32::min)
    }

    /// The loss at `point`, a tensor `[x, y]`, recorded for gradients as any loss is.
    ///
    /// # Errors
    /// A tensor of another shape than `[2]`.
    pub fn loss(&self, point: &Tensor) -> Result<Tensor> {
        let [x, y] = point.to_vec()[..] else {
            return Err(Error::new(self.name)
                .expected("a point [x, y], shape [2]")
                .got(format!("shape {:?}", point.shape()))
                .hint("make it with Tensor::vector(&[x, y])"));
        };
        let (x, y, slope) = (f64::from(x), f64::from(y), self.slope);
        let z = (self.height)(x, y) as f32;
        Ok(Tensor::custom(&[point], vec![z], &[], move |of_loss, slots| {
            slots[0].give(slope(x, y).map(|slope| of_loss[0] * slope as f32).to_vec());
        }))
    }

    fn table(&self) -> Table {
        let place = |[x, y]: [f32; 2]| format!("({}, {})", number(x), number(y));
        let minima: Vec<String> = self.minima.iter().map(|at| place(*at)).collect();
        let [(x0, x1), (y0, y1)] = self.range.map(|(low, high)| (number(low), number(high)));
        Table {
            columns: vec![
                words("", ["z", "lowest at", "start", "range"]),
                words(
                    self.name,
                    [
                        self.formula.to_owned(),
                        minima.join(", "),
                        place(self.start),
                        format!("x {x0} to {x1}, y {y0} to {y1}"),
                    ],
                ),
            ],
            caption: format!("z is {} at the lowest place", number(self.lowest())),
        }
    }
}

shows_as_table!(Surface);

/// All surfaces of this module.
pub const ALL: [Surface; 7] = [BOWL, RAVINE, SADDLE, ROSENBROCK, BEALE, HIMMELBLAU, RASTRIGIN];

/// 0.1 x² + 2 y²: a long bowl.
pub const BOWL: Surface = Surface {
    name: "bowl",
    formula: "0.1 x² + 2 y²",
    range: [(-6.0, 6.0), (-3.0, 3.0)],
    minima: &[[0.0, 0.0]],
    start: [-5.0, -2.0],
    height: |x, y| 0.1 * x * x + 2.0 * y * y,
    slope: |x, y| [0.2 * x, 4.0 * y],
};

/// 5 (x - y)² + 0.05 (x + y)²: a bowl much longer still, and aslant.
pub const RAVINE: Surface = Surface {
    name: "ravine",
    formula: "5 (x - y)² + 0.05 (x + y)²",
    range: [(-5.0, 5.0), (-5.0, 5.0)],
    minima: &[[0.0, 0.0]],
    start: [-4.0, -3.0],
    height: |x, y| 5.0 * (x - y).powi(2) + 0.05 * (x + y).powi(2),
    slope: |x, y| {
        let (across, along) = (10.0 * (x - y), 0.1 * (x + y));
        [across + along, along - across]
    },
};

/// ½ x² - ½ y² + ¼ y⁴: a saddle at (0, 0) between two minima.
pub const SADDLE: Surface = Surface {
    name: "saddle",
    formula: "½ x² - ½ y² + ¼ y⁴",
    range: [(-2.0, 2.0), (-1.6, 1.6)],
    minima: &[[0.0, -1.0], [0.0, 1.0]],
    start: [-1.5, 0.001],
    height: |x, y| 0.5 * x * x - 0.5 * y * y + 0.25 * y.powi(4),
    slope: |x, y| [x, y.powi(3) - y],
};

/// (1 - x)² + 100 (y - x²)²: Rosenbrock's banana valley.
pub const ROSENBROCK: Surface = Surface {
    name: "Rosenbrock",
    formula: "(1 - x)² + 100 (y - x²)²",
    range: [(-2.0, 2.0), (-1.0, 3.0)],
    minima: &[[1.0, 1.0]],
    start: [-1.2, 1.0],
    height: |x, y| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2),
    slope: |x, y| {
        let off = y - x * x;
        [-2.0 * (1.0 - x) - 400.0 * x * off, 200.0 * off]
    },
};

/// (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)²: Beale's plain.
pub const BEALE: Surface = Surface {
    name: "Beale",
    formula: "(1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)²",
    range: [(-4.5, 4.5), (-4.5, 4.5)],
    minima: &[[3.0, 0.5]],
    start: [1.0, 1.5],
    height: |x, y| beale(x, y).map(|(error, _, _)| error * error).iter().sum(),
    slope: |x, y| {
        let parts = beale(x, y);
        [
            parts.map(|(error, by_x, _)| 2.0 * error * by_x).iter().sum(),
            parts.map(|(error, _, by_y)| 2.0 * error * by_y).iter().sum(),
        ]
    },
};

/// The three errors of Beale's function, c - x + x yⁿ, each with its derivatives by x and y.
fn beale(x: f64, y: f64) -> [(f64, f64, f64); 3] {
    [(1, 1.5), (2, 2.25), (3, 2.625)].map(|(n, c)| {
        let by_y = x * f64::from(n) * y.powi(n - 1);
        (c - x + x * y.powi(n), y.powi(n) - 1.0, by_y)
    })
}

/// (x² + y - 11)² + (x + y² - 7)²: four valleys, one deep.
pub const HIMMELBLAU: Surface = Surface {
    name: "Himmelblau",
    formula: "(x² + y - 11)² + (x + y² - 7)²",
    range: [(-5.0, 5.0), (-5.0, 5.0)],
    minima: &[
        [3.0, 2.0],
        [-2.805_118, 3.131_313],
        [-3.779_31, -3.283_186],
        [3.584_428, -1.848_127],
    ],
    start: [0.0, 0.0],
    height: |x, y| (x * x + y - 11.0).powi(2) + (x + y * y - 7.0).powi(2),
    slope: |x, y| {
        let (first, second) = (x * x + y - 11.0, x + y * y - 7.0);
        [4.0 * x * first + 2.0 * second, 2.0 * first + 4.0 * y * second]
    },
};

/// 20 + x² - 10 cos 2πx + y² - 10 cos 2πy: pits everywhere.
pub const RASTRIGIN: Surface = Surface {
    name: "Rastrigin",
    formula: "20 + x² - 10 cos 2πx + y² - 10 cos 2πy",
    range: [(-5.12, 5.12), (-5.12, 5.12)],
    minima: &[[0.0, 0.0]],
    start: [-3.3, 2.2],
    height: |x, y| 20.0 + [x, y].map(|x| x * x - 10.0 * (TAU * x).cos()).iter().sum::<f64>(),
    slope: |x, y| [x, y].map(|x| 2.0 * x + 10.0 * TAU * (TAU * x).sin()),
};
