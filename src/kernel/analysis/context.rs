//! The cell among all that came before: functions, imports, variables.
//!
//! evcxr keeps those, and puts them around a cell for its own rust-analyzer. It writes what it has made for that into a
//! file, from which it is taken here. Where the cursor stands in it is told by a mark.

use evcxr::CommandContext;

/// No learner's name.
const MARK: &str = "course_cursor_here";

/// A cell with its context, and where the cursor stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub text: String,
    pub cursor: usize,
}

/// What evcxr knows of earlier cells.
pub trait Context {
    /// `code` among them; `at` is a byte of it that belongs to a statement. `None` where evcxr cannot say.
    fn around(&mut self, code: &str, at: usize) -> Option<String>;

    /// The same, with the cursor.
    fn place(&mut self, code: &str, cursor: usize) -> Option<Place> {
        let marked = format!("{}{MARK}{}", code.get(..cursor)?, code.get(cursor..)?);
        let text = self.around(&marked, cursor)?;
        let cursor = text.find(MARK)?;
        Some(Place {
            text: text.replacen(MARK, "", 1),
            cursor,
        })
    }
}

impl Context for CommandContext {
    fn around(&mut self, code: &str, at: usize) -> Option<String> {
        // Whatever it finds to stand there, it writes the file.
        self.completions(code, at).ok()?;
        self.last_source().ok()
    }
}
