//! The cell's program, with what every cell has in common taken from the library.
//!
//! evcxr writes the store of the session's variables into each cell as a module, and rustc compiles it each time, a third
//! of what there is to compile. The library has the same (`course_lib::notebook::store`).

const MODULE: &str = "\nmod evcxr_internal_runtime {\n";
const LIBRARY: &str = "pub use course_lib::notebook::store::*;";
/// How the module ends: the body of its last function, the function, the module.
const LAST: &str = "pub fn create_variable_store()";
const END: &str = "\n}\n}\n";

/// The program with the library's store; `None` where it has none of its own. Lines keep their numbers.
pub fn with_librarys_store(source: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
