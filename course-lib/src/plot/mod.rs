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
//! | to show | call |
//! | --- | --- |
//! | how trainings went | [`history`], [`histories`], [`spread`] over seeds |
//! | how good a classifier is | [`confusion_matrix`], [`roc`], [`decision_regions`] |
//! | how good a regression is | [`predicted_against_true`], [`residuals`] |
//! | functions | [`function()`], [`activation`], [`activations`] |
//! | a loss seen as a surface, and ways down it | [`contour`] with [`Figure::path`] |
//! | a series over time | [`forecast`] |
//! | what is real beside what is generated | [`densities`], [`clouds`], [`correlations`] |
//! | tables | [`heat_map`], [`bars`], [`scatter`], [`histogram`], [`lines`] |
//! | networks | [`network()`], [`network_of`], [`blocks()`] |
//! | calculations, as boxes and arrows | [`graph()`] |
//! | images, and what a network read in them | [`images()`], [`digit_with_probabilities`] |
//! | what a convolution has learned | [`kernels()`], [`feature_maps`] |
//! | how something changes | [`animation()`], [`image_animation`] |
//! | several of them in one picture | [`beside()`], [`grid()`] |
//!
//! [`Plot::save`] and [`Animation::save`] write files: SVG, PNG, GIF.
//!
//! A picture is a file of this folder; how pictures look is in `theme`, what they are drawn on in `canvas`.

mod activations;
mod alike;
mod animation;
mod axis;
mod backdrop;
mod bars;
mod beside;
mod bins;
mod blocks;
mod boxes;
mod by_class;
mod calendar;
mod canvas;
mod chart;
mod clouds;
mod colorbar;
mod confusion;
mod contour;
pub(crate) mod correlations;
pub mod density;
mod digit;
mod document;
mod field;
mod figure;
pub(crate) mod file;
mod film;
mod forecast;
mod frame;
mod frames;
mod function;
mod gif_file;
mod glyph;
mod graph;
mod graph_drawing;
mod grid;
mod heat_cells;
mod heat_map;
mod history;
mod images;
mod interval;
mod kernels;
mod layering;
mod lines;
mod looks;
mod marks;
mod network;
mod network_drawing;
mod network_marks;
mod network_model;
mod network_words;
mod palette;
mod picture;
mod pixels;
mod png_file;
mod powers;
mod rasterise;
mod region_map;
mod regions;
mod regression;
mod roc;
mod saving;
mod series;
mod shapes;
mod simplify;
mod split;
mod spread;
mod stack;
mod theme;
mod tidy;
mod tile_checks;
mod tiles;
mod title;
mod undrawn;
mod values;
mod words;

pub use activations::{activation, activations};
pub use animation::{Animation, Motion, animation, image_animation};
pub use bars::{Bars, bars};
pub use beside::beside;
pub use blocks::blocks;
pub use by_class::{histogram, scatter};
pub use clouds::clouds;
pub use confusion::confusion_matrix;
pub use contour::contour;
pub use correlations::{correlation_matrix, correlations};
pub use density::{Density, densities};
pub use digit::digit_with_probabilities;
pub use figure::Figure;
pub use forecast::forecast;
pub use frames::Frames;
pub use function::function;
pub use graph::{Graph, GraphEdge, GraphNode, graph};
pub use grid::{Panel, grid};
pub use heat_map::{HeatMap, heat_map};
pub use history::{histories, history};
pub use images::{ImageGrid, images};
pub use interval::Interval;
pub use kernels::{feature_maps, kernels};
pub use lines::lines;
pub use network::{Network, network, network_of};
pub use palette::Palette;
pub use picture::Plot;
pub use regions::decision_regions;
pub use regression::{predicted_against_true, residuals};
pub use roc::roc;
pub use spread::{Spread, spread};
pub use values::Values;
