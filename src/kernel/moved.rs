//! Which cell has moved a variable away, for the learner who wonders where it is.
//!
//! evcxr drops a variable that a cell has moved; to the next cell it is a name that nobody knows.

use evcxr::CompilationError;
use std::collections::BTreeMap;

/// What rustc says of a name that is not there.
const UNKNOWN_VALUE: &str = "E0425";

/// Variables that are gone, and the number of the cell that has moved them.
#[derive(Debug, Default)]
pub struct Moved(BTreeMap<String, usize>);

impl Moved {
    /// Compares the names before and after a cell that has run.
    pub fn note(&mut self, cell: usize, before: &[String], after: &[String]) {
        for name in before.iter().filter(|name| !after.contains(name)) {
            self.0.insert(name.clone(), cell);
        }
        self.0.retain(|name, _| !after.contains(name));
    }

    /// A line for each error about a variable that was moved.
    pub fn hints(&self, errors: &[CompilationError]) -> Vec<String> {
        let unknown = errors.iter().filter(|error| error.code() == Some(UNKNOWN_VALUE));
        let mut hints: Vec<String> = unknown.filter_map(|error| self.hint(&error.message())).collect();
        hints.dedup();
        hints
    }

    fn hint(&self, message: &str) -> Option<String> {
        let name = message.split('`').nth(1)?;
        let cell = self.0.get(name)?;
        Some(format!(
            "`{name}` was moved by cell {cell}, which used it up. Run the cell that makes it again; to keep it, hand \
             over `&{name}` or `{name}.clone()` in cell {cell}."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_name_that_is_gone_is_told_with_its_cell_until_it_is_there_again() {
        let mut moved = Moved::default();
        moved.note(3, &names(&["model", "data"]), &names(&["data"]));
        let unknown = "cannot find value `model` in this scope";
        assert!(
            moved
                .hint(unknown)
                .unwrap()
                .contains("`model` was moved by cell 3")
        );
        assert_eq!(moved.hint("cannot find value `data` in this scope"), None);
        moved.note(4, &names(&["data"]), &names(&["data", "model"]));
        assert_eq!(moved.hint(unknown), None);
    }
}
