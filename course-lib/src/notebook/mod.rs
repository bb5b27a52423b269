//! What a value looks like in a notebook, and how it gets there.
//!
//! A cell's value is shown as a [`Rich`] bundle: the same thing as plain text, as HTML and as a picture;
//! the front end picks the best it can draw. Types of the library implement [`Show`]; the last expression
//! of a cell is then shown by itself, and [`Show::show`] shows one in the middle of a cell.
//!
//! Below `course kernel` the bundle travels over the channel in [`wire`], in order with everything the
//! cell prints; on the stock `evcxr_jupyter` kernel in evcxr's own text form; elsewhere
//! (`cargo run`, a test) the plain text is printed.

mod ask;
mod errors;
pub(crate) mod how_far;
pub mod live;
mod rich;
mod session;
#[doc(hidden)]
pub mod store;
pub mod wire;
mod words;

pub use ask::input;
pub use errors::print_error_line;
pub use live::LiveDisplay;
pub use rich::{Rich, Show};
pub use session::{connect, interrupted};
pub use wire::clear_output;
pub(crate) use words::{shows_in_words, shows_its_name, shows_options, shows_with_table};
