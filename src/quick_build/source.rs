//! The cell's program, without what rustc need not compile for it.
//!
//! evcxr writes the store of the session's variables into each cell as a module, a third of what there is to compile. The
//! library has the same (`course_lib::notebook::store`).
//!
//! And evcxr takes all variables of the session out of the store before a cell, and puts them back behind it. For a model
//! or a tensor that is more to compile than most cells, so a cell gets only the variables that it names. The others stay
//! in the store, which is also the safest place.

use crate::kernel::last_value::{METHOD, TRAIT};
use std::borrow::Cow;
use std::collections::HashSet;

const MODULE: &str = "\nmod evcxr_internal_runtime {\n";
const LIBRARY: &str = "pub use course_lib::notebook::store::*;";
/// How the module ends: the body of its last function, the function, the module.
const LAST: &str = "pub fn create_variable_store()";
const END: &str = "\n}\n}\n";

/// How an error becomes what leaves the cell.
const FROM_ERROR: &str = "impl<T: std::fmt::Display> From<T> for EvcxrUserCodeError {\n";
const FROM_ERROR_END: &str = "\n            }\n";

/// Where the function begins that holds the learner's code; what stands before are items, which see no variable.
const CELL: &str = "pub extern \"C\" fn run_user_code_";
const STORE: &str = "evcxr_variable_store";

/// The cell's program as it is to be compiled, if that differs. Lines keep their numbers.
pub fn shortened(source: &str) -> Option<String> {
    let with_store = with_librarys_store(source);
    without_unnamed_variables(with_store.as_deref().unwrap_or(source)).or(with_store)
}

/// The program with the library's store; `None` where it has none of its own.
fn with_librarys_store(source: &str) -> Option<String> {
    let start = source.find(MODULE)? + MODULE.len();
    let last = start + source[start..].find(LAST)?;
    let end = last + source[last..].find(END)? + "\n}\n".len();
    let lines = source[start..end].matches('\n').count();
    Some(format!(
        "{}{LIBRARY}{}{}",
        &source[..start],
        "\n".repeat(lines),
        &source[end..]
    ))
}

/// The program without the variables that its cell does not name; `None` where it names them all.
fn without_unnamed_variables(source: &str) -> Option<String> {
    let cell = source.find(CELL)?;
    let (before, cell) = source.split_at(cell);
    let taken: HashSet<&str> = cell.lines().filter_map(taken).collect();
    // A word in a text counts: it may be a `{name}` of `println!`.
    let named: HashSet<&str> = cell
        .lines()
        .filter(|line| handled(line).is_none())
        .flat_map(|line| line.split(|c: char| !is_of_name(c)))
        .collect();
    let is_idle =
        |line: &str| handled(line).is_some_and(|name| taken.contains(name) && !named.contains(name));
    if !cell.lines().any(is_idle) {
        return None;
    }
    let mut shorter = before.to_owned();
    for line in cell.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        shorter.push_str(if is_idle(text) { &line[text.len()..] } else { line });
    }
    Some(shorter)
}

/// The program without items that its cell does not use and that cost the more, since rustc compares them with all that
/// others have done for the same trait: how an error leaves a cell by `?`, and how a value shows itself by `Debug`. Lines
/// keep their numbers. What is wrong about the result is not wrong about the cell.
pub fn without_idle_items(source: &str) -> Cow<'_, str> {
    // An item a line, as evcxr writes them.
    let shown_by_debug = TRAIT.replace("} impl", "}\nimpl");
    let is_used = |text: &str| source.matches(text).count() > shown_by_debug.matches(text).count();
    let mut shorter = Cow::Borrowed(source);
    if !is_used(METHOD) {
        for item in shown_by_debug.lines() {
            shorter = without(shorter, item.trim(), "");
        }
    }
    if !is_used("?") {
        shorter = without(shorter, FROM_ERROR, FROM_ERROR_END);
    }
    shorter
}

/// The text without what stands from `start` to `end`, but for its line breaks.
fn without<'a>(text: Cow<'a, str>, start: &str, end: &str) -> Cow<'a, str> {
    let Some(place) = text.find(start) else {
        return text;
    };
    let after = place + start.len();
    let Some(length) = text[after..].find(end) else {
        return text;
    };
    let after = after + length + end.len();
    let lines = "\n".repeat(text[place..after].matches('\n').count());
    Cow::Owned(format!("{}{lines}{}", &text[..place], &text[after..]))
}

/// The variable that a line of evcxr's takes out of the store.
fn taken(line: &str) -> Option<&str> {
    let (variable, _) = line
        .trim_start()
        .strip_prefix("let ")?
        .split_once(" = evcxr_variable_store.take_variable::<")?;
    let name = variable.strip_prefix("mut ").unwrap_or(variable);
    (handled(line) == Some(name)).then_some(name)
}

/// The variable that a whole line of evcxr's checks, takes or puts back; `None` for any other line.
pub fn handled(line: &str) -> Option<&str> {
    let line = line.trim();
    let (before, call) = line.split_once(STORE)?;
    let is_evcxrs = match call.strip_prefix('.')?.split_once("_variable::<")?.0 {
        "check" => before == "vars_ok &= ",
        "take" => before.starts_with("let ") && before.ends_with(" = "),
        "put" => before.is_empty(),
        _ => false,
    };
    let (_, arguments) = call.rsplit_once("(stringify!(")?;
    let (name, rest) = arguments.split_once(')')?;
    let is_whole = rest == ");" || rest.strip_prefix(", ")?.strip_suffix(");")? == name;
    (is_evcxrs && is_whole && name.chars().all(is_of_name)).then_some(name)
}

/// The variable that a whole line of evcxr's stores, and its type.
pub fn put(line: &str) -> Option<(&str, &str)> {
    let name = handled(line)?;
    let (_, stored) = line.trim().split_once(".put_variable::<")?;
    let (type_name, _) = stored.rsplit_once(">(stringify!(")?;
    Some((name, type_name))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What evcxr makes of a cell in a session with the variables `model` and `rate`.
    fn cell(code: &str) -> String {
        format!(
            "fn helper() {{ let model = 1; }}
#[unsafe(no_mangle)]
pub extern \"C\" fn run_user_code_7(
mut evcxr_variable_store: *mut evcxr_internal_runtime::VariableStore)
let evcxr_variable_store = unsafe {{&mut *evcxr_variable_store}};
{{let mut vars_ok = true;
vars_ok &= evcxr_variable_store.check_variable::<Sequential>(stringify!(model));
vars_ok &= evcxr_variable_store.check_variable::<f32>(stringify!(rate));
if !vars_ok {{return evcxr_variable_store;}}}}
let mut model = evcxr_variable_store.take_variable::<Sequential>(stringify!(model));
let rate = evcxr_variable_store.take_variable::<f32>(stringify!(rate));
match std::panic::catch_unwind(
  std::panic::AssertUnwindSafe(||{{
{code}
evcxr_variable_store.put_variable::<u8>(stringify!(new), new);
}})) {{}}
evcxr_variable_store.put_variable::<Sequential>(stringify!(model), model);
evcxr_variable_store.put_variable::<f32>(stringify!(rate), rate);
evcxr_variable_store
}}
"
        )
    }

    fn handled_in(source: &str) -> Vec<&str> {
        source.lines().filter_map(handled).collect()
    }

    #[test]
    fn a_cell_gets_the_variables_that_it_names() {
        let source = cell("let new = 1;\nmodel.fit();");
        let shorter = shortened(&source).unwrap();
        assert_eq!(handled_in(&shorter), ["model", "model", "new", "model"]);
        assert_eq!(
            shorter.lines().position(|line| line == "model.fit();"),
            source.lines().position(|line| line == "model.fit();")
        );
    }

    #[test]
    fn what_is_stored_has_a_type() {
        let line = "evcxr_variable_store.put_variable::<Vec<(u8, f32)>>(stringify!(pairs), pairs);";
        assert_eq!(put(line), Some(("pairs", "Vec<(u8, f32)>")));
        let line = "let rate = evcxr_variable_store.take_variable::<f32>(stringify!(rate));";
        assert_eq!(put(line), None);
    }

    #[test]
    fn a_name_in_a_text_counts_and_a_longer_one_does_not() {
        let shorter = shortened(&cell("println!(\"{model:?}\"); let rates = 1; let new = 1;")).unwrap();
        assert_eq!(handled_in(&shorter), ["model", "model", "new", "model"]);
        let shorter = shortened(&cell("let new = 1;")).unwrap();
        assert_eq!(handled_in(&shorter), ["new"]);
        assert!(shorter.contains("let new = 1;"));
    }

    #[test]
    fn a_cell_that_names_all_variables_stays() {
        assert_eq!(shortened(&cell("model.fit(rate); let new = 1;")), None);
    }

    #[test]
    fn the_store_is_the_librarys_and_every_line_stays_where_it_is() {
        let source = "use a;\nmod evcxr_internal_runtime {\npub struct VariableStore {}\n\npub fn create_variable_store() \
                      -> u8 {\n    1\n}\n}\nfn f() {\n}\n}\n";
        let with = with_librarys_store(source).unwrap();
        assert!(with.contains("mod evcxr_internal_runtime {\npub use course_lib::notebook::store::*;"));
        assert!(!with.contains("VariableStore {}"));
        assert_eq!(with.lines().count(), source.lines().count());
        let place = |text: &str| text.lines().position(|line| line == "fn f() {");
        assert_eq!(place(&with), place(source));
        assert_eq!(with.lines().nth(place(&with).unwrap() - 1), Some("}"));
    }

    #[test]
    fn a_cell_without_a_store_stays() {
        assert_eq!(with_librarys_store("fn f() {}\n"), None);
    }

    /// The beginning of a program in which the cell's code is `code`.
    fn with_items(code: &str) -> String {
        let session = TRAIT.replace("} impl", "} \nimpl");
        format!(
            "#![allow(dead_code)]
{session}
            struct EvcxrUserCodeError {{}}
            impl<T: std::fmt::Display> From<T> for EvcxrUserCodeError {{
                fn from(error: T) -> Self {{
                    EvcxrUserCodeError {{}}
                }}
            }}
{code}
"
        )
    }

    #[test]
    fn items_stay_where_they_are_used_and_lines_where_they_were() {
        let lines = |text: &str| text.lines().count();
        for (code, by_debug, from_error) in [
            ("println!();", false, false),
            ("read()?;", false, true),
            ("list().evcxr_display();", true, false),
            ("list()?.evcxr_display();", true, true),
        ] {
            let program = with_items(code);
            let shorter = without_idle_items(&program);
            assert_eq!(shorter.contains("CourseShownByDebug for T"), by_debug, "{code}");
            assert_eq!(shorter.contains("From<T> for"), from_error, "{code}");
            assert!(shorter.contains("struct EvcxrUserCodeError") && shorter.contains(code));
            assert_eq!(lines(&shorter), lines(&program));
        }
    }
}
