//! `:explain E0382`: the compiler's own explanation of a kind of error, with examples.

use super::event::{Bundle, CellError};
use super::failure;
use evcxr::CompilationError;
use std::process::Command;

const COMMAND: &str = ":explain";

/// The code that a cell asks about, if that is all it does. Without a code, evcxr explains the last error.
pub fn asked(cell: &str) -> Option<&str> {
    let code = cell.trim().strip_prefix(COMMAND)?.trim();
    (!code.is_empty()).then_some(code)
}

/// A line that says how to ask about the first error that has a code.
pub fn hint(errors: &[CompilationError]) -> Option<String> {
    let code = errors
        .iter()
        .find_map(CompilationError::code)
        .filter(|code| is_code(code))?;
    Some(format!(
        "More about this error, with examples: run `{COMMAND} {code}` in a cell."
    ))
}

/// rustc's explanation.
///
/// # Errors
/// A code that is none, or that rustc does not know; rustc itself missing.
pub fn explanation(code: &str) -> Result<Bundle, CellError> {
    let code = code.to_uppercase();
    if !is_code(&code) {
        let text = format!("expected the code of an error, such as `{COMMAND} E0382`, got `{code}`");
        return Err(failure::message(&text));
    }
    let output = Command::new("rustc").args(["--explain", &code]).output();
    let output = output.map_err(|error| failure::message(&format!("rustc cannot be started: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failure::message(said.trim().trim_start_matches("error: ")));
    }
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let markdown = format!("### {code}\n\n{}", for_readers(&text));
    Ok([("text/plain", text), ("text/markdown", markdown)]
        .map(|(mime, text)| (mime.to_owned(), text.into()))
        .into_iter()
        .collect())
}

/// The compiler's team tests its examples; notes for those tests stand behind the fences.
fn for_readers(text: &str) -> String {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
            lines.push(if inside { "```rust" } else { "```" });
        } else if !(inside && (line == "#" || line.starts_with("# "))) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn is_code(text: &str) -> bool {
    text.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cell_with_a_code_asks() {
        assert_eq!(asked(":explain E0382\n"), Some("E0382"));
        assert_eq!(asked(":explain"), None);
        assert_eq!(asked("explain(E0382)"), None);
    }

    #[test]
    fn rustc_explains_and_its_notes_for_tests_are_left_out() {
        let bundle = explanation("e0382").unwrap();
        let markdown = bundle["text/markdown"].as_str().unwrap();
        assert!(
            markdown.contains("moved") && !markdown.contains("compile_fail"),
            "{markdown}"
        );
    }

    #[test]
    fn what_is_no_code_is_told_with_an_example() {
        for (code, said) in [("borrow", "expected the code"), ("E9999", "E9999")] {
            let error = explanation(code).unwrap_err();
            assert!(error.value.contains(said), "{}", error.value);
        }
    }
}
