//! Pictures: SVG drawn by plotters, with axis labels, legends, words for who cannot see them, and colours
//! that a colour-blind reader can tell apart.
//!
//! What results have a picture of their own is drawn by one call and is the last line of a cell:
//! `plot::history(&history)?`, `plot::confusion_matrix(&matrix)?`, `plot::roc(&curve)?`. Everything else is
//! built up and ends in `.draw()?`:
//!
//! ```
//! use course_lib::plot::{self, Figure};
//!
//! let x = [0.0, 1.0, 2.0];
//! let plot = Figure::new().x_label("x").y_label("x²").line("parabola", &x, &[0.0, 1.0, 4.0]).draw()?;
//! let plot = plot::bars(&["benign", "malignant"], &[357, 212]).x_label("tumours").draw()?;
//! # Ok::<(), course_lib::error::Error>(())
//! ```
//!
//! A picture is a file of this folder; how pictures look is in `theme`, what they are drawn on in `canvas`.

mod axis;
mod bars;
mod beside;
mod by_class;
mod canvas;
mod chart;
mod confusion;
mod figure;
mod history;
mod marks;
mod picture;
mod roc;
mod theme;
mod values;

pub use bars::{Bars, bars};
pub use beside::beside;
pub use by_class::{histogram, scatter};
pub use confusion::confusion_matrix;
pub use figure::Figure;
pub use history::history;
pub use picture::Plot;
pub use roc::roc;
pub use values::Values;
