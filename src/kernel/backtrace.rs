//! `:backtrace`: from here on, a panic shows which calls led to it.
//!
//! Off by default: the place in the cell and the message are what helps first, and a trace is long. The library records
//! it, since only the process of the cells has one. Cells are compiled without debug information, so their own frames
//! have no lines, and may have no names; the panic itself is told with its line all the same.

use super::event::CellError;
use super::failure;

const COMMAND: &str = ":backtrace";

/// What a cell asks for, if that is all it does: traces or none.
pub fn asked(cell: &str) -> Option<Result<bool, CellError>> {
    let word = cell.trim().strip_prefix(COMMAND)?;
    match word.trim() {
        _ if word.starts_with(|letter: char| !letter.is_whitespace()) => None,
        "" | "on" => Some(Ok(true)),
        "off" => Some(Ok(false)),
        other => Some(Err(failure::message(&format!(
            "expected `{COMMAND} on` or `{COMMAND} off`, got `{COMMAND} {other}`"
        )))),
    }
}

/// What the cells' process runs, so that the library records traces or stops doing so.
pub fn cell(on: bool) -> &'static str {
    // SAFETY of the generated code: between two cells nothing of the kernel's own reads the environment.
    if on {
        "unsafe { std::env::set_var(\"COURSE_BACKTRACE\", \"1\") };"
    } else {
        "unsafe { std::env::remove_var(\"COURSE_BACKTRACE\") };"
    }
}

/// What the learner reads after the command.
pub fn answer(on: bool) -> &'static str {
    if on {
        "A panic now shows the calls that led to it. `:backtrace off` ends that."
    } else {
        "A panic shows its message and its line."
    }
}

/// The frames of a trace as std prints it, innermost first: those between the panic's own machinery and evcxr's.
pub fn frames(trace: &str) -> Vec<String> {
    let mut frames: Vec<(String, Option<String>)> = Vec::new();
    for line in trace.lines().map(str::trim) {
        let number = line
            .split_once(": ")
            .filter(|(number, _)| number.parse::<u32>().is_ok());
        match (number, line.strip_prefix("at ")) {
            (Some((_, name)), _) => frames.push((without_hash(name), None)),
            (None, Some(place)) => {
                if let Some(last) = frames.last_mut() {
                    last.1 = Some(shortened(place));
                }
            }
            (None, None) => {}
        }
    }
    let is_machinery = |name: &str| {
        [
            "std::backtrace",
            "report_panic",
            "std::panicking",
            "rust_begin_unwind",
            "rust_panic",
            "begin_panic_handler",
            "call_once",
            "call_mut",
            "::call<",
            "std::sys::backtrace",
            "__rust_try",
        ]
        .iter()
        .any(|part| name.contains(part))
    };
    let start = frames
        .iter()
        .rposition(|(name, _)| {
            name.contains("rust_begin_unwind") || name.contains("std::panicking::panic_with_hook")
        })
        .map_or(0, |at| at + 1);
    let end = frames[start..]
        .iter()
        .position(|(name, _)| name.starts_with("run_user_code") || name.contains("load_and_run"))
        .map_or(frames.len(), |at| start + at);
    frames[start..end]
        .iter()
        .filter(|(name, _)| !is_machinery(name))
        .map(|(name, place)| {
            let name = if name == "<unknown>" { "the cell" } else { name };
            match place {
                Some(place) => format!("  {name}\n      at {place}"),
                None => format!("  {name}"),
            }
        })
        .collect()
}

/// `core::option::unwrap_failed::h0123456789abcdef` → `core::option::unwrap_failed`.
fn without_hash(name: &str) -> String {
    match name.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && hash.chars().all(|letter| letter.is_ascii_hexdigit()) => {
            path.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// The last folders of a path: enough to see whose file it is.
fn shortened(place: &str) -> String {
    let parts: Vec<&str> = place.rsplit('/').take(3).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cell_that_is_the_command_asks() {
        assert!(matches!(asked(":backtrace\n"), Some(Ok(true))));
        assert!(matches!(asked(":backtrace off"), Some(Ok(false))));
        assert!(matches!(asked(":backtrace maybe"), Some(Err(error)) if error.value.contains("maybe")));
        assert!(asked(":backtraces").is_none());
        assert!(asked("backtrace()").is_none());
    }

    #[test]
    fn a_trace_is_told_without_the_frames_of_panic_and_kernel() {
        let trace = "   0: std::backtrace::Backtrace::force_capture\n   1: course_lib::notebook::errors::report_panic\n\
                     \x20  2: std::panicking::panic_with_hook\n   3: core::panicking::panic_fmt::h0123456789abcdef\n\
                     \x20            at /rustc/5980/library/core/src/panicking.rs:80:14\n\
                     \x20  4: course_lib::tensor::Tensor::reshape\n   5: <unknown>\n   6: run_user_code_3\n\
                     \x20  7: course::kernel::child::Cells::load_and_run\n   8: main\n";
        assert_eq!(
            frames(trace),
            [
                "  core::panicking::panic_fmt\n      at core/src/panicking.rs:80:14",
                "  course_lib::tensor::Tensor::reshape",
                "  the cell",
            ]
        );
    }
}
