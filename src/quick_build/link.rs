//! A quicker compile and a quicker linker for cells.
//!
//! A cell is linked with the course's library, a shared object that exports a hundred thousand symbols. The linker
//! reads them all only to find that none is missing, which rustc has seen to already: half of a cell's compile goes
//! there. So the linker is shown an empty library of the same name instead, told that symbols may be missing, and
//! called directly rather than by way of a C compiler. The loader then finds every symbol in the real library, which
//! the cells' process has in memory.
//!
//! Where the cell declares foreign functions itself, or depends on other crates, something may really be missing; then
//! the usual linker has its say. So it has wherever this one fails.

use super::record::RustcCommand;
use super::source::shortened;
use super::work::may_take_long;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The linker that comes with Rust.
const LLD: &str = "COURSE_LLD";
/// The empty library.
const STUB: &str = "COURSE_LINK_STUB";

/// What evcxr asks for, unless a learner asked for something else (`:opt 3`).
const DEFAULT_OPT_LEVEL: &str = "opt-level=2";
/// Loops that learners write run as fast as with level 2 (products of matrices, a neuron that learns, sorting: within
/// 12 %; without optimisation ten times slower), and a cell compiles a fifth sooner.
const QUICK_OPT_LEVEL: &str = "opt-level=1";
/// For a cell that only calls the library.
const NO_OPT_LEVEL: &str = "opt-level=0";

/// Below the kernel's folder, where cargo is called.
const SOURCE: &str = "src/lib.rs";
const STUB_FOLDER: &str = ".course-link";

/// What rustc has to be told to link a cell quickly.
#[derive(Debug)]
pub struct QuickLink {
    arguments: Vec<String>,
    environment: [(&'static str, PathBuf); 2],
}

impl QuickLink {
    /// How to link the cell in the current folder, if it can be linked quickly; `linker` is this program, by the name
    /// under which it links.
    pub fn of(command: &RustcCommand, linker: &Path) -> Option<Self> {
        let library = only_library(command)?;
        let source = fs::read_to_string(SOURCE).ok()?;
        if declares_foreign(&source) {
            return None;
        }
        let lld = lld(command)?;
        let stub = stub(&lld, library)?;
        let shortened = shortened(&source);
        let program = shortened.as_deref().unwrap_or(&source);
        let opt_level = if may_take_long(program) {
            QUICK_OPT_LEVEL
        } else {
            NO_OPT_LEVEL
        };
        let mut arguments: Vec<String> = Vec::new();
        let mut parts = command.arguments.iter().peekable();
        while let Some(part) = parts.next() {
            // Nothing of a cell has debug information; taking it out starts one more program. And no cell is like the one
            // before, so that what is kept of that costs more than it saves, as does dividing so little code.
            let is_idle = |next: &&String| {
                ["strip=", "incremental=", "codegen-units="]
                    .iter()
                    .any(|option| next.starts_with(option))
            };
            if part == "-C" && parts.peek().is_some_and(is_idle) {
                parts.next();
            } else if part == DEFAULT_OPT_LEVEL {
                arguments.push(opt_level.to_owned());
            } else {
                arguments.push(part.clone());
            }
        }
        arguments.push("-Ccodegen-units=1".to_owned());
        arguments.push(format!("-Clinker={}", linker.to_str()?));
        arguments.push("-Clinker-flavor=ld.lld".to_owned());
        if let Some(program) = shortened {
            fs::write(SOURCE, program).ok()?;
        }
        Some(Self {
            arguments,
            environment: [(LLD, lld), (STUB, stub)],
        })
    }

    /// The arguments of rustc.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Has `rustc` tell the linker what it needs.
    pub fn prepare(&self, rustc: &mut Command) {
        rustc.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}

/// The course's library as a shared object, if the cell is linked with nothing else.
fn only_library(command: &RustcCommand) -> Option<&Path> {
    let arguments = &command.arguments;
    let externs: Vec<(&str, &str)> = arguments
        .iter()
        .zip(arguments.iter().skip(1))
        .filter(|(option, _)| *option == "--extern")
        .filter_map(|(_, value)| value.split_once('='))
        .collect();
    if externs.iter().any(|(name, _)| *name != "course_lib") {
        return None;
    }
    let is_shared = |path: &&str| path.ends_with(std::env::consts::DLL_SUFFIX);
    externs
        .iter()
        .map(|(_, path)| *path)
        .find(is_shared)
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

/// The linker beside the compiler, where this platform has one that works in this way.
fn lld(command: &RustcCommand) -> Option<PathBuf> {
    if emulation().is_none() {
        return None;
    }
    let root = Path::new(&command.program).parent()?.parent()?;
    let target = command.option("--target")?;
    let lld = root.join("lib/rustlib").join(target).join("bin/rust-lld");
    lld.is_file().then_some(lld)
}

/// The linker's name for the machine.
fn emulation() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("elf_x86_64"),
        ("linux", "aarch64") => Some("aarch64linux"),
        _ => None,
    }
}

/// An empty shared object that has the library's name, made at the kernel's first cell.
fn stub(lld: &Path, library: &Path) -> Option<PathBuf> {
    let folder = std::env::current_dir().ok()?.join(STUB_FOLDER);
    let name = library.file_name()?;
    let stub = folder.join(name);
    if stub.is_file() {
        return Some(stub);
    }
    fs::create_dir_all(&folder).ok()?;
    let nothing = folder.join("nothing.a");
    fs::write(&nothing, "!<arch>\n").ok()?;
    let status = Command::new(lld)
        .args(["-flavor", "gnu", "-m", emulation()?, "-shared", "-soname"])
        .arg(name)
        .arg("-o")
        .args([&stub, &nothing])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then_some(stub)
}

/// Called by rustc as its linker: becomes the real one.
pub fn link(arguments: &[OsString]) -> ExitCode {
    let (Some(lld), Some(stub)) = (std::env::var_os(LLD), std::env::var_os(STUB)) else {
        return ExitCode::FAILURE;
    };
    let error = Command::new(&lld)
        .args(["-flavor", "gnu", "--unresolved-symbols=ignore-all"])
        .args(translated(arguments, Path::new(&stub)))
        .exec();
    eprintln!("{} cannot be started: {error}", Path::new(&lld).display());
    ExitCode::FAILURE
}

/// The linker's arguments, with the empty library in the place of the real one.
fn translated(arguments: &[OsString], stub: &Path) -> Vec<OsString> {
    let mut translated = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.to_str().unwrap_or_default() {
            // rustc says it for some linkers; it is said already.
            "-flavor" => drop(rest.next()),
            // It would leave a library away that nothing seems to need.
            "--as-needed" => {}
            // The system's own libraries, which the real library brings; where they lie, only a C compiler knows.
            "-lgcc_s" | "-lutil" | "-lrt" | "-lpthread" | "-lm" | "-ldl" | "-lc" => {}
            _ if Path::new(argument).file_name() == stub.file_name() => translated.push(stub.into()),
            _ => translated.push(argument.clone()),
        }
    }
    translated
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

    #[test]
    fn the_empty_library_takes_the_place_of_the_real_one() {
        let arguments = [
            "-flavor",
            "gnu",
            "a.o",
            "--as-needed",
            "/k/libcourse_lib.so",
            "/s/libstd.so",
            "-lc",
        ];
        let arguments = arguments.map(OsString::from);
        assert_eq!(
            translated(&arguments, Path::new("/k/.course-link/libcourse_lib.so")),
            ["a.o", "/k/.course-link/libcourse_lib.so", "/s/libstd.so"]
        );
    }
}
