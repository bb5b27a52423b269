//! What a session tells whoever shows it: the Jupyter sockets, or `course run`.

use serde_json::{Map, Value};
use std::sync::Arc;

/// A thing to look at: MIME type to content.
pub type Bundle = Map<String, Value>;

/// Something that a cell put out, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Text on standard output.
    Stdout(String),
    /// Text on standard error.
    Stderr(String),
    /// Something shown on the way; with a name where it may change later.
    Display(Bundle, Option<String>),
    /// A new look for what was shown under that name.
    Update(Bundle, String),
    /// What the cell has put out so far is to go: at once, or when something new comes.
    Clear { wait: bool },
    /// The value of the cell.
    Result(Bundle),
}

/// Why a cell failed, as Jupyter names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// The kind of error: `CompileError`, `Panic`, the type of an `Err`, `KeyboardInterrupt`, `ProcessDied`.
    pub name: String,
    /// One sentence.
    pub value: String,
    /// What to show, with colours, one string a line.
    pub traceback: Vec<String>,
}

/// Where events go; called in order, and before the cell that caused them is over.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;
