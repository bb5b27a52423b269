//! A variable that cannot be kept for the next cell, and how to write it so that it can.
//!
//! evcxr keeps variables by their types, so each has to have one that can be named. What evcxr says where that fails
//! is about evcxr; the learner is told with the line of the cell, and an example.

use super::event::CellError;
use super::failure;
use super::lines::Cell;
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

const BRACES: &str =
    "Or put it and all that uses it into braces, `{ … }`: what is made there need not be kept.";

/// evcxr's message about a variable, if it is one, in the learner's terms.
pub fn told(said: &str, cell: &Cell) -> Option<CellError> {
    let name = said.split('`').nth(1)?;
    let (title, label, help) = if said.contains("is a closure") {
        (
            format!("the variable `{name}` is a closure, which cannot be kept for the next cell"),
            "its type has no name",
            format!(
                "give it one by a box, or make it a function:\n\nlet {name}: Box<dyn Fn(f32) -> f32> = Box::new(|x| 2.0 * \
                 x);\nfn {name}(x: f32) -> f32 {{ 2.0 * x }}"
            ),
        )
    } else if said.contains("cannot be persisted") {
        let type_name = said.split('`').nth(3)?;
        (
            format!("the variable `{name}` has a type that cannot be kept for the next cell: {type_name}"),
            "its type has no name, or not all of it",
            named(name, type_name),
        )
    } else if said.contains("determine type of variable") {
        (
            format!("the type of the variable `{name}` is not known, so it cannot be kept for the next cell"),
            "what is its type?",
            format!("write it, as in\n\nlet {name}: Vec<f32> = …;"),
        )
    } else {
        return None;
    };
    let note = format!("help: {help}\n\n{BRACES}");
    Some(failure::at(&title, cell, place(name, &cell.source), label, note))
}

/// How a value is written whose type cannot be.
fn named(name: &str, type_name: &str) -> String {
    if type_name.contains("iter::") {
        return format!("an iterator is best collected:\n\nlet {name}: Vec<f32> = ….collect();");
    }
    // `impl Debug + Send` is whatever has these traits: a box of it has a type, and so has a pointer to a function.
    let Some((before, rest)) = type_name.split_once("impl ") else {
        return format!("put it into a box:\n\nlet {name}: Box<dyn std::fmt::Debug> = Box::new(…);");
    };
    let (traits, after) = rest.split_at(end_of_type(rest));
    if before.is_empty() && after.is_empty() {
        return format!("put it into a box:\n\nlet {name}: Box<dyn {traits}> = Box::new(…);");
    }
    let part = match traits.split_once('(') {
        Some(("Fn" | "FnMut" | "FnOnce", signature)) => format!("fn({signature}"),
        _ => format!("Box<dyn {traits}>"),
    };
    format!("name every part of it, as in\n\nlet {name}: {before}{part}{after} = …;")
}

/// Where a type ends that may stand between others: before the bracket or comma that is not its own.
fn end_of_type(text: &str) -> usize {
    let (mut open, mut last) = (0_u32, ' ');
    for (at, character) in text.char_indices() {
        match character {
            '<' | '(' | '[' => open += 1,
            '>' if last == '-' => {}
            '>' | ')' | ']' | ',' if open == 0 => return at,
            '>' | ')' | ']' => open -= 1,
            _ => {}
        }
        last = character;
    }
    text.len()
}

/// Where the variable is made: the characters of its name behind a `let`.
pub fn place(name: &str, source: &str) -> Option<std::ops::Range<usize>> {
    let (mut at, mut in_pattern, mut found) = (0, false, None);
    for token in tokenize(source, FrontmatterAllowed::No) {
        let end = at + token.len as usize;
        match token.kind {
            TokenKind::Ident if &source[at..end] == "let" => in_pattern = true,
            TokenKind::Ident if in_pattern && &source[at..end] == name => found = Some(at),
            TokenKind::Eq | TokenKind::Semi => in_pattern = false,
            _ => {}
        }
        at = end;
    }
    let start = source[..found?].chars().count();
    Some(start..start + name.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_of(said: &str, source: &str) -> String {
        let cell = Cell {
            number: 3,
            source: source.to_owned(),
            ..Cell::default()
        };
        let error = told(said, &cell).expect("it is about a variable");
        assert!(!error.value.contains('\n'), "{}", error.value);
        let text = error.traceback.join("\n");
        let pieces = text.split('\u{1b}').enumerate();
        pieces
            .map(|(index, piece)| match (index, piece.split_once('m')) {
                (0, _) => piece,
                (_, split) => split.map_or("", |(_, rest)| rest),
            })
            .collect()
    }

    #[test]
    fn a_closure_is_told_with_its_line_and_how_to_keep_it() {
        let said =
            "The variable `f` is a closure, which cannot be persisted.\nYou can however persist closures";
        let told = told_of(said, "let ä = 1;\nlet f = |x: i32| x + ä;");
        assert!(
            told.contains("cell 3:2:5") && told.contains("let f = |x: i32|"),
            "{told}"
        );
        assert!(
            told.contains("let f: Box<dyn Fn(f32) -> f32> = Box::new("),
            "{told}"
        );
        assert!(!told.contains("persist"), "{told}");
    }

    #[test]
    fn a_type_without_a_name_is_told_with_one_that_has() {
        let said =
            |type_name: &str| format!("The variable `v` has type `{type_name}` which cannot be persisted.");
        let iterator = told_of(
            &said("std::iter::Map<std::vec::IntoIter<i32>, impl FnMut(i32)>"),
            "let v = a.map(f);",
        );
        assert!(iterator.contains("collect()"), "{iterator}");
        let any = told_of(&said("impl Display + Send"), "let v = f();");
        assert!(any.contains("Box<dyn Display + Send>"), "{any}");
        let inside = told_of(&said("Option<impl Debug>"), "let (v, w) = f();");
        assert!(
            inside.contains("Box<dyn Debug>") && inside.contains("cell 3:1:6"),
            "{inside}"
        );
    }

    #[test]
    fn an_unknown_type_is_asked_for_with_an_example() {
        let said = "Couldn't automatically determine type of variable `v`.\nPlease give it an explicit type.";
        let told = told_of(said, "let v = f();");
        assert!(told.contains("let v: Vec<f32> = …;"), "{told}");
    }

    #[test]
    fn other_messages_are_left_alone() {
        let cell = Cell {
            number: 1,
            ..Cell::default()
        };
        assert!(told("Unrecognised command `:x`", &cell).is_none());
    }
}
