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

mod build;
pub mod datasets;
mod describe;
mod frame;
mod nearest;
mod scale;
mod show;
mod split;
pub(crate) mod table;

pub use datasets::Dataset;
pub use frame::DataFrame;
pub use scale::{MinMaxScaler, StandardScaler};
pub use split::{SplitOptions, TrainTest, train_test_split};
