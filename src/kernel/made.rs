//! Which cell made each variable, for the learner who has lost them all.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use std::collections::BTreeMap;

/// More cells than these are named without their variables.
const FEW: usize = 6;

/// Variables that are there, and the number of the cell that made each.
#[derive(Debug, Default)]
pub struct Made(BTreeMap<String, usize>);

impl Made {
    /// A cell has run, and these variables are there now.
    pub fn note(&mut self, cell: usize, source: &str, names: &[String]) {
        let bound = bound(source);
        self.0.retain(|name, _| names.contains(name));
        for name in names {
            if bound.contains(&name.as_str()) || !self.0.contains_key(name) {
                self.0.insert(name.clone(), cell);
            }
        }
    }

    /// All variables are gone. Returns what to run again to have them back.
    pub fn lost(&mut self) -> String {
        let mut cells: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (name, cell) in std::mem::take(&mut self.0) {
            cells.entry(cell).or_default().push(format!("`{name}`"));
        }
        if cells.is_empty() {
            return "There were no variables to lose; functions and imports are kept.".to_owned();
        }
        let cells = if cells.len() > FEW {
            let numbers: Vec<String> = cells.keys().map(usize::to_string).collect();
            format!("cells {}", listed(&numbers))
        } else {
            let cells: Vec<String> = cells
                .iter()
                .map(|(number, names)| format!("cell {number} ({})", names.join(", ")))
                .collect();
            listed(&cells)
        };
        format!(
            "All variables are gone; functions and imports are kept. To have them back, run again: {cells}, and the \
             cells that changed them."
        )
    }
}

fn listed(texts: &[String]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => texts.concat(),
    }
}

/// All names that stand between a `let` and what follows its pattern. May be too many, which does no harm.
fn bound(source: &str) -> Vec<&str> {
    let (mut names, mut at, mut in_pattern) = (Vec::new(), 0, false);
    for token in tokenize(source, FrontmatterAllowed::No) {
        let text = &source[at..at + token.len as usize];
        at += token.len as usize;
        match token.kind {
            TokenKind::Ident if text == "let" => in_pattern = true,
            TokenKind::Ident if in_pattern => names.push(text),
            TokenKind::Eq | TokenKind::Semi => in_pattern = false,
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn lost_variables_are_told_with_the_cells_that_make_them() {
        let mut made = Made::default();
        made.note(2, "let (x, y) = data();\nlet n = 1;", &names(&["x", "y", "n"]));
        made.note(4, "let mut n: usize = 2;", &names(&["x", "y", "n"]));
        made.note(5, "println!(\"{x}\"); drop(y);", &names(&["x", "n"]));
        let told = made.lost();
        assert!(
            told.contains("run again: cell 2 (`x`) and cell 4 (`n`)"),
            "{told}"
        );
        assert!(made.lost().contains("no variables to lose"), "they are lost once");
    }

    #[test]
    fn many_cells_are_told_by_number_alone() {
        let mut made = Made::default();
        let all: Vec<String> = (0..8).map(|n| format!("v{n}")).collect();
        for n in 0..8 {
            made.note(n + 1, &format!("let v{n} = 0;"), &all[..=n]);
        }
        let told = made.lost();
        assert!(told.contains("cells 1, 2, 3, 4, 5, 6, 7 and 8"), "{told}");
    }

    #[test]
    fn names_are_bound_by_let_in_whatever_pattern() {
        assert_eq!(
            bound("let a = b; let mut c: D = e; f = g;"),
            ["a", "mut", "c", "D"]
        );
        assert_eq!(
            bound("let Point { x, y: (z, _) } = p;"),
            ["Point", "x", "y", "z", "_"]
        );
        assert_eq!(bound("// let a = 1;\n\"let b = 2;\""), [""; 0]);
    }
}
