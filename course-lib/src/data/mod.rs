//! Tables, the course's data sets, and the steps between a table and a network.
//!
//! The road from a file to a network, in the order in which a lesson walks it:
//!
//! ```
//! use course_lib::data::{SplitOptions, StandardScaler, datasets, train_test_split};
//!
//! let data = datasets::breast_cancer()?;
//! let options = SplitOptions { stratify: true, ..Default::default() };
//! let parts = train_test_split(&data.x, &data.y, options)?;
//! let scaler = StandardScaler::fit(&parts.x_train)?; // sees the training part only
//! let x_train = scaler.transform(&parts.x_train)?;
//! let x_test = scaler.transform(&parts.x_test)?;
//! # Ok::<(), course_lib::error::Error>(())
//! ```
//!
//! The order is the point: the table is cut in two before anything is measured on it, and a scaler can only
//! be made by measuring. Nothing of the test part can reach the training.
//!
//! | step | by |
//! | --- | --- |
//! | class numbers as targets of a softmax | [`one_hot()`], [`from_one_hot`] |
//! | a series as inputs and targets | [`windows()`], cut by [`chronological_split`] or `SplitOptions { shuffle: false, .. }` |
//! | a series made level, and back | [`log()`], [`difference`], [`undo_difference`], [`undo_log`] |
//! | rows for a training loop by hand | [`batches()`] |
//! | images moved about | [`shift_images`], [`shift_images_at_random`] |

pub mod augment;
pub mod batches;
mod build;
pub mod datasets;
mod describe;
mod frame;
mod nearest;
pub mod one_hot;
mod scale;
pub mod series;
mod show;
mod split;
pub(crate) mod table;
pub mod windows;

pub use augment::{shift_images, shift_images_at_random};
pub use batches::{BatchOptions, Batches, batches};
pub use datasets::Dataset;
pub use frame::DataFrame;
pub use one_hot::{from_one_hot, one_hot};
pub use scale::{MinMaxScaler, StandardScaler};
pub use series::{difference, log, undo_difference, undo_log};
pub use split::{SplitOptions, TrainTest, chronological_split, train_test_split};
pub use windows::windows;
