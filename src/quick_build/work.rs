//! Whether a cell has work of its own.
//!
//! What takes long in a cell is done by the library, which is optimised. Optimising the cell itself takes rustc longer
//! than such a cell runs, up to a third of its compile. It pays where the learner's own code runs often: in loops,
//! closures, functions.

use super::source::handled;
use crate::kernel::last_value::TRAIT;

/// Where the learner's code begins and ends.
const BEGIN: &str = "std::panic::AssertUnwindSafe(||{\n";
pub(super) const END: &str = "\n})) {";
/// What evcxr puts around it where it may use `?`.
pub(super) const QUESTION_MARKS: &str = "let _ = (|| -> std::result::Result<(), EvcxrUserCodeError> {";

/// How lines begin that are no work, beside those of the session's own trait: attributes and imports.
const IDLE: [&str; 3] = ["#!", "use ", "pub use "];
/// Where the session's own items begin that take more than a line; behind them there are none of the learner's.
const EVCXRS: [&str; 2] = ["struct EvcxrUserCodeError {}", "\nmod evcxr_internal_runtime {"];

/// Words of code that may run often.
const REPEATS: [&str; 24] = [
    "for",
    "while",
    "loop",
    "fn",
    "impl",
    "macro_rules",
    "iter",
    "iter_mut",
    "into_iter",
    "chars",
    "bytes",
    "lines",
    "split",
    "sort",
    "sort_by",
    "sort_unstable",
    "collect",
    "chunks",
    "windows",
    "extend",
    "resize",
    "repeat",
    "zip",
    "fold",
];

/// Whether a cell's program may spend time in code of its own. In doubt, it may.
pub fn may_take_long(source: &str) -> bool {
    learners_code(source).is_none_or(|code| {
        let is_word = |word: &str| REPEATS.contains(&word);
        // A bar is a closure, two dots are a range, which has the methods of an iterator.
        code.lines().filter(|line| handled(line).is_none()).any(|line| {
            line.contains(['|'])
                || has_range(line)
                || line
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .any(is_word)
        })
    })
}

/// Whether a line has two dots other than those of `..Fit::default()`.
fn has_range(line: &str) -> bool {
    line.match_indices("..").any(|(place, dots)| {
        let before = line[..place].trim_end();
        let fills_up = before.is_empty() || before.ends_with([',', '{']);
        !(fills_up && line[place + dots.len()..].starts_with(char::is_uppercase))
    })
}

/// The learner's statements, if they are all that there is of the learner's.
fn learners_code(source: &str) -> Option<&str> {
    let first = EVCXRS.iter().filter_map(|start| source.find(start)).min()?;
    let is_idle = |line: &str| {
        let line = line.trim();
        TRAIT.contains(line) || IDLE.iter().any(|start| line.starts_with(start)) && line.ends_with([';', ']'])
    };
    if !source[..first].lines().all(is_idle) {
        return None;
    }
    let begin = source.find(BEGIN)? + BEGIN.len();
    let end = begin + source[begin..].rfind(END)?;
    let code = &source[begin..end];
    let code = code.strip_prefix(QUESTION_MARKS).unwrap_or(code);
    Some(code.strip_suffix("Ok(())})();").unwrap_or(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(items: &str, code: &str) -> String {
        // An item a line, as evcxr writes them.
        let session = TRAIT.replace("} impl", "}\nimpl");
        format!(
            "#![allow(unused_imports, unused_mut, dead_code)]
{session}
use course_lib::prelude::*;
{items}

            struct EvcxrUserCodeError {{}}
            impl<T: std::fmt::Display> From<T> for EvcxrUserCodeError {{
            }}
mod evcxr_internal_runtime {{
pub use course_lib::notebook::store::*;
}}
#[unsafe(no_mangle)]
pub extern \"C\" fn run_user_code_8(
let model = evcxr_variable_store.take_variable::<Box<dyn Fn(f32) -> f32 + 'static>>(stringify!(model));
match std::panic::catch_unwind(
  std::panic::AssertUnwindSafe(||{{
let _ = (|| -> std::result::Result<(), EvcxrUserCodeError> {{
{code}
evcxr_variable_store.put_variable::<Box<dyn for<'a> Fn(&'a u8)>>(stringify!(new), new);
Ok(())}})();
}})) {{ 
  Ok(_) => {{}}
}}
"
        )
    }

    #[test]
    fn a_cell_that_calls_the_library_has_no_work_of_its_own() {
        for code in [
            "println!(\"cell\");",
            "let new = 1;",
            "let mut model = Sequential::new(Input(2), layers![Dense::new(8).activation(ReLU)], Seed(1))?;\n\
             model.compile(Adam::default(), Loss::MeanSquaredError, &[])?;\n\
             let new = model.fit(&x, &y, Fit { epochs: 5, ..Fit::default() })?;",
        ] {
            assert!(!may_take_long(&program("", code)), "{code}");
        }
    }

    #[test]
    fn loops_closures_and_iterators_are_work() {
        for code in [
            "for i in list { total += i; }",
            "while total < 1e6 { total *= 1.1; }",
            "loop { break; }",
            "let f = |x: f32| x * x;",
            "let new: f32 = list.iter().sum();",
            "let new: Vec<u32> = (0..1_000_000).collect();",
            "list.sort();",
            "let new = &list[..COUNT];",
            "fn f() {}",
        ] {
            assert!(may_take_long(&program("", code)), "{code}");
        }
    }

    #[test]
    fn functions_of_earlier_cells_are_work() {
        let earlier =
            "fn fibonacci(n: u64) -> u64 { if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) } }";
        assert!(may_take_long(&program(
            earlier,
            "println!(\"{}\", fibonacci(40));"
        )));
        assert!(may_take_long(&program(
            "struct Point { x: f32 }",
            "println!(\"cell\");"
        )));
        assert!(!may_take_long(&program("use std::fmt;", "println!(\"cell\");")));
    }

    #[test]
    fn what_is_not_understood_is_work() {
        assert!(may_take_long("fn main() {}"));
    }
}
