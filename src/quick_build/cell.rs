//! How a cell is compiled quickly: with less optimisation, less source and a quicker linker than cargo has it.
//!
//! Where the cell declares foreign functions itself, or depends on other crates, something may really be missing when it
//! is linked; then the usual way has its say. So it has wherever this one fails.

use super::leaving::with_variables_kept;
use super::link::Linker;
use super::ready::{self, Compilers, Job};
use super::record::RustcCommand;
use super::source::{shortened, without_idle_items};
use super::work::may_take_long;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What evcxr asks for, unless a learner asked for something else (`:opt 3`).
const DEFAULT_OPT_LEVEL: &str = "opt-level=2";
/// Loops that learners write run as fast as with level 2 (products of matrices, a neuron that learns, sorting: within
/// 12 %; without optimisation ten times slower), and a cell compiles a fifth sooner.
const QUICK_OPT_LEVEL: &str = "opt-level=1";
/// For a cell that only calls the library.
const NO_OPT_LEVEL: &str = "opt-level=0";

/// Below the kernel's folder, where cargo is called.
const SOURCE: &str = "src/lib.rs";

/// What rustc has to be told to compile a cell quickly.
#[derive(Debug)]
pub struct QuickCell {
    program: String,
    /// For the level that this cell takes, and for the other.
    levels: [Vec<String>; 2],
    linker: Linker,
}

impl QuickCell {
    /// How to compile the cell in the current folder, if it can be compiled quickly; `linker` is this program, by the name
    /// under which it links. Writes the cell's source anew where it can be shorter.
    pub fn of(command: &RustcCommand, linker: &Path) -> Option<Self> {
        let library = only_library(command)?;
        let source = fs::read_to_string(SOURCE).ok()?;
        if declares_foreign(&source) {
            return None;
        }
        let linker = Linker::of(command, library, linker)?;
        let program = match shortened(&source) {
            Some(program) => {
                fs::write(SOURCE, &program).ok()?;
                program
            }
            None => source,
        };
        let mut levels = [NO_OPT_LEVEL, QUICK_OPT_LEVEL].map(|level| arguments(command, level));
        if may_take_long(&program) {
            levels.swap(0, 1);
        }
        Some(Self {
            program,
            levels,
            linker,
        })
    }

    /// Has the cell compiled by a compiler that waits for it. Returns whether `shared_object` is there: it is not where
    /// anything was wrong. From now on compilers wait for cells like this one, and are started when
    /// what is returned is dropped.
    pub fn compile_by_waiting(
        &self,
        command: &RustcCommand,
        shared_object: &Path,
    ) -> Option<(Compilers, bool)> {
        let program = without_idle_items(&self.program);
        let with_kept = with_variables_kept(&program);
        let cell = ready::without_first_line(with_kept.as_deref().unwrap_or(&program))?;
        let jobs: Option<Vec<Job>> = self
            .levels
            .iter()
            .map(|arguments| Job::new(command, arguments, self.linker.folder()))
            .collect();
        let compilers = Compilers::of_kernel()?;
        let is_compiled = compilers.compile(cell, jobs?)
            && self
                .linker
                .link(&ready::object(self.linker.folder()), shared_object);
        Some((compilers, is_compiled))
    }

    /// A compiler for the cell that has not been started yet.
    pub fn prepare(&self, rustc: &mut Command) {
        rustc.args(&self.levels[0]);
        self.linker.prepare(rustc);
    }
}

/// The recorded arguments with another level of optimisation.
fn arguments(command: &RustcCommand, opt_level: &str) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    let mut parts = command.plain_arguments().peekable();
    while let Some(part) = parts.next() {
        // Nothing of a cell has debug information; taking it out starts one more program. And no cell is like the one
        // before, so that what is kept of that costs more than it saves, as does dividing so little code.
        let is_idle = |next: &String| {
            ["strip=", "incremental=", "codegen-units="]
                .iter()
                .any(|option| next.starts_with(option))
        };
        if part == "-C" && parts.peek().is_some_and(is_idle) {
            parts.next();
        } else if part == DEFAULT_OPT_LEVEL {
            arguments.push(opt_level.to_owned());
        } else {
            arguments.push(part);
        }
    }
    arguments.push("-Ccodegen-units=1".to_owned());
    arguments
}

/// Whether cargo has a cell linked with the library or with nothing.
pub fn links_nothing_but_library(command: &RustcCommand) -> bool {
    externs(command).all(|(name, _)| name == "course_lib")
}

/// The crates that a cell may name, each with its file.
fn externs(command: &RustcCommand) -> impl Iterator<Item = (&str, &str)> {
    let arguments = &command.arguments;
    arguments
        .iter()
        .zip(arguments.iter().skip(1))
        .filter(|(option, _)| *option == "--extern")
        .filter_map(|(_, value)| value.split_once('='))
}

/// The course's library as a shared object, if the cell is linked with nothing else.
fn only_library(command: &RustcCommand) -> Option<&Path> {
    if !links_nothing_but_library(command) {
        return None;
    }
    externs(command)
        .map(|(_, path)| path)
        .find(|path| path.ends_with(std::env::consts::DLL_SUFFIX))
        .map(Path::new)
}

/// Whether a source may call what no Rust crate defines.
fn declares_foreign(source: &str) -> bool {
    source.contains("#[link")
        || source.split("extern").skip(1).any(|rest| {
            let rest = rest.trim_start();
            let after_abi = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split_once('"'))
                .map_or(rest, |(_, rest)| rest);
            after_abi.trim_start().starts_with('{')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(externs: &[&str]) -> RustcCommand {
        let arguments = externs
            .iter()
            .flat_map(|value| ["--extern".to_owned(), (*value).to_owned()]);
        RustcCommand {
            arguments: arguments.collect(),
            ..RustcCommand::default()
        }
    }

    #[test]
    fn a_cell_that_uses_the_course_alone_is_linked_quickly() {
        let library = format!("course_lib=/k/libcourse_lib{}", std::env::consts::DLL_SUFFIX);
        let archive = "course_lib=/k/libcourse_lib.rlib";
        assert!(only_library(&command(&[&library, archive])).is_some());
        assert!(only_library(&command(&[archive])).is_none());
        assert!(only_library(&command(&[&library, "rand=/k/librand.rlib"])).is_none());
    }

    #[test]
    fn a_cell_that_calls_foreign_functions_is_linked_as_usual() {
        for foreign in [
            "unsafe extern \"C\" { fn f(); }",
            "extern {}",
            "#[link(name = \"m\")]",
        ] {
            assert!(declares_foreign(foreign), "{foreign}");
        }
        for own in ["pub extern \"C\" fn run_user_code_1(", "let external = {1};"] {
            assert!(!declares_foreign(own), "{own}");
        }
    }
}
