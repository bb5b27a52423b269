//! Types written into a cell, where evcxr reads them and rustc does not.
//!
//! evcxr takes the type of a variable from the statement that makes it, if it stands there. So a statement that makes it
//! once more, with its type, is put behind the cell's last `let`; its attribute has rustc leave it out, so that errors
//! are still about what the learner has written, and a type that is not quite right does no harm.

use super::Variable;
use ra_ap_syntax::ast::{self, AstNode};
use ra_ap_syntax::{Edition, SourceFile};
use std::fmt::Write;
use std::ops::Range;

const BEFORE: &str = "fn cell() {\n";

/// Where a cell makes variables that outlive it: the start of its first `let`, and the end of its last, in bytes. `None`
/// where it makes none.
pub fn place_of_variables(code: &str) -> Option<Range<usize>> {
    if !code.contains("let") {
        return None;
    }
    let parse = SourceFile::parse(
        &format!("{BEFORE}{}\n}}", without_commands(code)),
        Edition::Edition2024,
    );
    let function = parse.tree().syntax().children().find_map(ast::Fn::cast)?;
    let body = function.body()?;
    let mut lets = body.statements().filter_map(|statement| match statement {
        // One without its end could not be followed by another statement.
        ast::Stmt::LetStmt(statement) if statement.semicolon_token().is_some() => {
            let range = statement.syntax().text_range();
            let pattern = statement.pat()?.syntax().text_range().start();
            Some((
                usize::from(pattern) - BEFORE.len(),
                usize::from(range.end()) - BEFORE.len(),
            ))
        }
        _ => None,
    });
    let (start, first_end) = lets.next()?;
    Some(start..lets.last().map_or(first_end, |(_, end)| end))
}

/// The cell with evcxr's commands, which stand before all Rust, made blank. Bytes keep their places.
fn without_commands(code: &str) -> String {
    without(code, |_| true)
}

/// The cell without commands but for those that say which crates there are.
pub fn to_be_analysed(code: &str) -> String {
    without(code, |command| ![":dep", ":offline"].contains(&command))
}

fn without(code: &str, is_out: impl Fn(&str) -> bool) -> String {
    let mut text = String::with_capacity(code.len());
    let mut is_rust = false;
    for line in code.split_inclusive('\n') {
        let command = line
            .trim_start_matches(' ')
            .split_whitespace()
            .next()
            .unwrap_or_default();
        let is_command = command.starts_with(':') || line.starts_with('!');
        is_rust |= !is_command && !command.is_empty() && !line.starts_with("//");
        if is_command && !is_rust && is_out(command) {
            text.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        } else {
            text.push_str(line);
        }
    }
    text
}

/// What was written into a cell, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    text: String,
    /// In characters, from 1.
    line: usize,
    column: usize,
}

impl Hidden {
    /// Writes the variables' types into the cell, behind the byte `at`.
    pub fn write(code: &mut String, at: usize, variables: &[Variable]) -> Self {
        let mut text = String::new();
        for Variable {
            name,
            type_name,
            is_mutable,
        } in variables
        {
            let mutable = if *is_mutable { "mut " } else { "" };
            let _ = write!(text, " #[cfg(false)] let {mutable}{name}: {type_name} = {name};");
        }
        // Of one line, so that all lines of the cell keep their numbers.
        let text = text.replace(['\n', '\r'], " ");
        let before = &code[..at];
        let start_of_line = before.rfind('\n').map_or(0, |end| end + 1);
        let (line, column) = (
            before.matches('\n').count() + 1,
            before[start_of_line..].chars().count() + 1,
        );
        code.insert_str(at, &text);
        Self { text, line, column }
    }

    /// `text`, of which this may be a part, as the learner wrote it.
    pub fn taken_from(&self, text: &str) -> String {
        if self.text.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.text, "")
        }
    }

    /// Where in the learner's cell a line and column are; or the variable that is made there once more.
    pub fn column(&self, line: usize, column: usize) -> Result<usize, &str> {
        let length = self.text.chars().count();
        if line != self.line || column < self.column || length == 0 {
            return Ok(column);
        }
        if column >= self.column + length {
            return Ok(column - length);
        }
        let rest = self
            .text
            .char_indices()
            .nth(column - self.column)
            .map_or("", |(byte, _)| &self.text[byte..]);
        let rest = rest.trim_start();
        let end = rest
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(rest.len());
        Err(&rest[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, type_name: &str, is_mutable: bool) -> Variable {
        Variable {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            is_mutable,
        }
    }

    fn written(code: &str) -> (String, Hidden) {
        let mut text = code.to_owned();
        let at = place_of_variables(code).unwrap().end;
        let hidden = Hidden::write(&mut text, at, &[variable("a", "Vec<f32>", true)]);
        (text, hidden)
    }

    #[test]
    fn types_stand_behind_the_last_variable_that_outlives_the_cell() {
        let (text, hidden) = written("let b = 1;\nlet mut a = f(b); // of b\n{ let c = 1; }\na");
        assert_eq!(
            text,
            "let b = 1;\nlet mut a = f(b); #[cfg(false)] let mut a: Vec<f32> = a; // of b\n{ let c = 1; }\na"
        );
        assert_eq!(
            hidden.taken_from(&text),
            "let b = 1;\nlet mut a = f(b); // of b\n{ let c = 1; }\na"
        );
    }

    #[test]
    fn a_cell_that_makes_no_variable_is_left_alone() {
        for code in [
            "f();",
            "",
            "{ let a = 1; }",
            "fn f() { let a = 1; }",
            "let a = 1",
            "letter();",
            ":vars",
        ] {
            assert_eq!(place_of_variables(code), None, "{code}");
        }
    }

    #[test]
    fn commands_before_the_code_are_no_part_of_it() {
        let code = ":dep rand = \"1\"\n!ls\n// all of it\n\nlet a = 1;\n";
        let place = place_of_variables(code).unwrap();
        assert_eq!(&code[place], "a = 1;");
        assert_eq!(without_commands("f();\n:no command"), "f();\n:no command");
        assert_eq!(
            to_be_analysed(":timing\n:dep a = \"1\"\nf();"),
            "       \n:dep a = \"1\"\nf();"
        );
    }

    #[test]
    fn what_is_said_about_the_rest_of_the_line_keeps_its_place_in_the_learners_cell() {
        let code = "f();\nlet a = 1; a.g()";
        let (text, hidden) = written(code);
        let second = text.lines().nth(1).unwrap();
        let place = |piece: &str| second.find(piece).unwrap() + 1;
        assert_eq!(hidden.column(1, 3), Ok(3));
        assert_eq!(hidden.column(2, place("let a")), Ok(1));
        assert_eq!(
            hidden.column(2, place("g()")),
            Ok(code.lines().nth(1).unwrap().find("g()").unwrap() + 1)
        );
        assert_eq!(hidden.column(2, place("a: Vec")), Err("a"));
        assert_eq!(Hidden::default().column(2, 7), Ok(7));
    }
}
