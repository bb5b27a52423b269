//! What every session of the course's kernel begins with, and what a notebook need not say again.
//!
//! Notebooks name the library in a `:dep` line, which the stock kernel needs. Here it is there already.

use std::path::Path;

/// The cells that a session begins with.
pub fn cells(library: &Path) -> [String; 3] {
    [
        first_cell(library),
        ALLOW_QUESTION_MARK.to_owned(),
        GO_ONLINE.to_owned(),
    ]
}

/// The library, and the kernel's own `eprintln!`
/// (`course_lib::notebook::print_error_line` says why).
fn first_cell(library: &Path) -> String {
    // Offline: everything is there, in the versions of the course; asking for newer ones would find some.
    format!(
        ":offline 1\n:dep {}\nuse course_lib::kernel_eprintln as eprintln;\n{}\n{CONNECT}",
        crate::environment::dependency(library),
        super::last_value::TRAIT
    )
}

/// What cells can use from the beginning, as a manifest says it.
pub fn dependencies(library: &Path) -> String {
    format!("[dependencies]\n{}\n", crate::environment::dependency(library))
}

/// evcxr finds out only by a failed build that a session uses `?`, and that build also costs the cell's last value its
/// picture (it falls back to `Debug`). A cell of its own, since a failed build of the first one costs a second: nothing
/// is known yet of how its cells are compiled (`quick_build`).
const ALLOW_QUESTION_MARK: &str = "Ok::<(), String>(())?;";

/// From here on a learner's own `:dep` may fetch what it needs.
const GO_ONLINE: &str = ":offline 0";

/// What each new process of a session has to run before its first cell.
pub const CONNECT: &str = "course_lib::notebook::connect();";

/// The cell without the `:dep` lines that name the course's own library, which cost a compile for nothing.
/// Lines keep their numbers.
pub fn without_library(code: &str, library: &Path) -> String {
    if !code.contains(":dep") {
        return code.to_owned();
    }
    let lines = code
        .split('\n')
        .map(|line| if names_library(line, library) { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

fn names_library(line: &str, library: &Path) -> bool {
    let Some(dependency) = line.trim().strip_prefix(":dep ") else {
        return false;
    };
    let Some((name, rest)) = dependency.split_once('=') else {
        return false;
    };
    let path = rest
        .split_once("path")
        .and_then(|(_, rest)| rest.split('"').nth(1));
    matches!(name.trim(), "course-lib" | "course_lib")
        && path.is_some_and(|path| Path::new(path).canonicalize().is_ok_and(|path| path == library))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_for_the_stock_kernel_costs_nothing_here_and_lines_keep_their_numbers() {
        let library = tempfile::tempdir().unwrap();
        let library = library.path().canonicalize().unwrap();
        let code = format!(":dep course-lib = {{ path = {library:?} }}\nuse course_lib::prelude::*;");
        assert_eq!(without_library(&code, &library), "\nuse course_lib::prelude::*;");
    }

    #[test]
    fn other_dependencies_stay_and_so_does_a_library_of_the_same_name_elsewhere() {
        let library = tempfile::tempdir().unwrap();
        let library = library.path().canonicalize().unwrap();
        for line in [
            ":dep rand = \"0.9\"",
            ":dep course-lib = { path = \"/\" }",
            ":dep course-lib = \"1\"",
            ":vars",
        ] {
            assert_eq!(without_library(line, &library), line);
        }
    }
}
