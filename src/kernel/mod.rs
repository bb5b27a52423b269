//! `course kernel`: Rust cells for Jupyter.
//!
//! What happens when a cell runs, room by room:
//!
//! - `server` owns the sockets, `requests` reads what comes, `worker` answers it;
//! - `session` gives the cell to evcxr, which compiles it and has it run by another process (`child`);
//! - `channel` hears what that process says, `output` tells text from messages, `event` is what they become;
//! - `failure` tells what went wrong, with the help of `lines`; `interrupt` stops what runs too long.

pub mod channel;
pub mod child;
pub mod event;
pub mod failure;
pub mod interrupt;
pub mod lines;
pub mod output;
pub mod preamble;
mod requests;
mod server;
pub mod session;
mod worker;

pub use server::serve;
