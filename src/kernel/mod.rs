//! `course kernel`: Rust cells for Jupyter.
//!
//! What happens when a cell runs, room by room:
//!
//! - `server` owns the sockets, `requests` reads what comes, `worker` answers it; `guardian` hears signals;
//! - `session` gives the cell to evcxr, which compiles it and has it run by another process (`child`); `analysis` finds the
//!   types of its variables, `last_value` sees to what it ends with;
//! - `channel` hears what that process says, `output` tells text from messages, `event` is what they become, and
//!   `messages` has that in Jupyter's words;
//! - `failure` tells what went wrong, with the help of `lines`, `made`, `moved`, `unkept`, `explain` and `backtrace`;
//!   `interrupt` stops what runs too long, `anew` is for what begins the session anew;
//! - `completeness`, `inspect`, `history` and `about` answer what front ends ask besides.

mod about;
mod analysis;
mod anew;
mod backtrace;
pub mod channel;
pub mod child;
mod completeness;
pub mod event;
mod explain;
pub mod failure;
mod guardian;
mod history;
mod inspect;
pub mod interrupt;
pub mod last_value;
pub mod lines;
mod made;
mod messages;
mod moved;
pub mod output;
pub mod preamble;
mod requests;
mod server;
pub mod session;
mod unkept;
mod worker;

pub use server::Kernel;
