//! A quicker `cargo build` for cells.
//!
//! A one-line cell takes rustc a tenth of a second, and cargo twice that to find two hundred packages unchanged.
//! So evcxr is shown this program under the name `cargo` (`Tools`). The first build goes to the real cargo, and the
//! rustc command that it runs for the cell is kept (`record`), for later kernels too (`earlier`); while nothing has
//! changed that cargo looks at, the next cells are compiled by that command at once (`replay`): by a compiler that waits
//! for them (`ready`), with less to do (`cell`, `source`, `work`), with what an error would take along (`leaving`), and linked without a search through the whole library
//! (`link`). Everything else is the real cargo's, and so is every case of doubt.

mod cell;
mod earlier;
mod inputs;
mod leaving;
mod link;
mod ready;
mod record;
mod replay;
mod source;
mod work;

pub use leaving::may_lose_variables;
pub use ready::{SOCKETS, hold as hold_compilers, left_behind};
pub use source::put as stored_variable;

use crate::environment;
use crate::home::Home;
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Where evcxr wants to read the path of what was built; only its builds of cells set it.
const SHARED_OBJECT: &str = "EVCXR_EXECUTION_SO_PATH";

const REAL_CARGO: &str = "COURSE_REAL_CARGO";
const REAL_RUSTUP: &str = "COURSE_REAL_RUSTUP";

/// The lock file whose versions count.
const VERSIONS: &str = "COURSE_VERSIONS";
/// The build that the kernels' folders are made from.
const ENVIRONMENT: &str = "COURSE_ENVIRONMENT";
/// The file that says what that build is made from.
const BUILT: &str = "COURSE_BUILT";
/// Set where cells are to be compiled quickly.
const QUICK: &str = "COURSE_QUICK_BUILD";

/// The compiler, if it is not simply the one on the PATH.
const COMPILER: &str = "COURSE_RUSTC";
/// What `RUSTC` names instead of it in a kernel: nothing.
const NO_COMPILER: &str = "no-rustc";

const CARGO: &str = "cargo";
const RUSTUP: &str = "rustup";
const RECORDER: &str = "rustc-recorder";
const LINKER: &str = "cell-linker";

/// The real tools that a kernel's processes are to call, found once and then told to all of them.
#[derive(Debug)]
pub struct Tools {
    cargo: PathBuf,
    rustup: Option<PathBuf>,
}

impl Tools {
    /// Finds the tools of the given toolchain. `None` where cargo cannot be found: evcxr says that better.
    pub fn find(toolchain: Option<&str>) -> Option<Self> {
        let rustup = on_path(RUSTUP);
        let by_rustup = rustup.as_ref().and_then(|rustup| {
            let mut which = Command::new(rustup);
            which.args(["which", CARGO]);
            if let Some(toolchain) = toolchain {
                which.env("RUSTUP_TOOLCHAIN", toolchain);
            }
            let output = which.output().ok().filter(|output| output.status.success())?;
            Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
        });
        Some(Self {
            cargo: by_rustup.or_else(|| on_path(CARGO))?,
            rustup,
        })
    }

    /// Has a kernel find this program as `cargo`, by way of links in `folder`. Whatever cargo does then, it takes
    /// the course's versions of all crates. Where cells are not to be compiled quickly, that is all.
    pub fn put_in_front(
        &self,
        kernel: &mut Command,
        folder: &Path,
        home: &Home,
        is_quick: bool,
    ) -> Result<()> {
        let own = std::env::current_exe().context("this program's own path cannot be read")?;
        let failed = || format!("{} cannot be written", folder.display());
        std::fs::create_dir_all(folder).with_context(failed)?;
        // evcxr asks `rustup which cargo` before it looks at the PATH.
        for name in [CARGO, RUSTUP, RECORDER, LINKER] {
            if name != RUSTUP || self.rustup.is_some() {
                symlink(&own, folder.join(name)).with_context(failed)?;
            }
        }
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&paths));
        kernel
            .env("PATH", std::env::join_paths(paths).with_context(failed)?)
            .env(REAL_CARGO, &self.cargo)
            .env(VERSIONS, home.root().join("Cargo.lock"))
            .env(ENVIRONMENT, environment::target(home)?);
        if is_quick {
            kernel
                .env(QUICK, "1")
                .env(earlier::FOLDER, home.state().join("builds"))
                .env(BUILT, environment::stamp(home));
        }
        if let Some(rustup) = &self.rustup {
            kernel.env(REAL_RUSTUP, rustup);
        }
        Ok(())
    }

    /// Leaves evcxr's own rust-analyzer an empty world, after `put_in_front` with the same folder: without a compiler it
    /// finds no standard library, and its cargo tells it of no crates. Only for a kernel that has an `analysis` of its own.
    pub fn blind_evcxrs_analyzer(&self, kernel: &mut Command, folder: &Path) {
        kernel
            .env("CARGO", folder.join(CARGO))
            .env("RUSTC", folder.join(NO_COMPILER));
        match self.compiler() {
            Some(compiler) => kernel.env(COMPILER, compiler),
            None => kernel.env_remove(COMPILER),
        };
    }

    /// The compiler that the learner has named, or else the one beside a cargo that rustup has named: by way of rustup each
    /// of the many calls would cost 20 ms more.
    fn compiler(&self) -> Option<PathBuf> {
        let named = std::env::var_os("RUSTC").map(PathBuf::from);
        let beside = self.cargo.with_file_name("rustc");
        named.or_else(|| Some(beside).filter(|rustc| self.rustup.is_some() && rustc.is_file()))
    }
}

/// Has a process of the kernel find the compiler by the variable that all go by, where the kernel itself has it hidden.
pub fn name_compiler(process: &mut Command) {
    if is_compiler_hidden() {
        match compiler() {
            Some(compiler) => process.env("RUSTC", compiler),
            None => process.env_remove("RUSTC"),
        };
    }
}

fn is_compiler_hidden() -> bool {
    std::env::var_os("RUSTC").is_some_and(|path| Path::new(&path).ends_with(NO_COMPILER))
}

/// The compiler that cells are compiled by, where it is not simply the one on the PATH.
pub fn compiler() -> Option<PathBuf> {
    std::env::var_os(COMPILER).map(PathBuf::from)
}

/// A program on the PATH that is not one of our links.
fn on_path(name: &str) -> Option<PathBuf> {
    let own = std::env::current_exe().ok();
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file() && path.canonicalize().ok() != own)
}

/// Does the work of the tool by whose name this program was called, if it was by one.
pub fn called_as_tool() -> Option<ExitCode> {
    let mut arguments = std::env::args_os();
    let called = PathBuf::from(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    match called.file_name()?.to_str()? {
        CARGO => Some(cargo(&called, &arguments)),
        RUSTUP => Some(rustup(&called, &arguments)),
        RECORDER => Some(record::rustc(&arguments)),
        LINKER => Some(link::link(&arguments)),
        _ => None,
    }
}

fn rustup(called: &Path, arguments: &[OsString]) -> ExitCode {
    if arguments == ["which", CARGO] {
        println!("{}", called.with_file_name(CARGO).display());
        return ExitCode::SUCCESS;
    }
    become_real(REAL_RUSTUP, RUSTUP, arguments)
}

fn cargo(called: &Path, arguments: &[OsString]) -> ExitCode {
    if is_asked_by_evcxrs_analyzer(arguments) {
        let alone = arguments.iter().cloned().chain([OsString::from("--no-deps")]);
        return become_real(REAL_CARGO, CARGO, &alone.collect::<Vec<_>>());
    }
    keep_versions();
    let is_cell = std::env::var_os(QUICK).is_some()
        && arguments.iter().any(|argument| argument == "build")
        && std::env::var_os(SHARED_OBJECT).is_some()
        // A wrapper that evcxr was told to use (`:sccache`, `:cache`) has to be run.
        && std::env::var_os("RUSTC_WRAPPER").is_none();
    let Some(key) = is_cell.then(|| inputs::key(arguments)).flatten() else {
        tell_cargo(arguments);
        return become_real(REAL_CARGO, CARGO, arguments);
    };
    if let Some(exit) = record::Record::read(&key)
        .or_else(|| earlier::take(arguments, &key))
        .and_then(|record| replay::replay(&record, &called.with_file_name(LINKER)))
    {
        return exit;
    }
    tell_cargo(arguments);
    record::build(
        real(REAL_CARGO, CARGO),
        &called.with_file_name(RECORDER),
        arguments,
        &key,
    )
}

/// Whether evcxr's own rust-analyzer asks which crates cells use. It is told of none, since another knows more (the
/// kernel's `analysis`): it would read them all, and ask of each for every cell whether all still holds.
fn is_asked_by_evcxrs_analyzer(arguments: &[OsString]) -> bool {
    let manifest = std::env::var_os("EVCXR_TMPDIR").map(|folder| Path::new(&folder).join("Cargo.toml"));
    is_compiler_hidden()
        && arguments.first().is_some_and(|argument| argument == "metadata")
        && arguments.iter().all(|argument| argument != "--no-deps")
        && arguments.windows(2).any(|pair| {
            pair[0] == "--manifest-path"
                && manifest
                    .as_ref()
                    .is_some_and(|manifest| pair[1] == manifest.as_os_str())
        })
}

/// Gives the cells' crate the course's versions again, if cargo has forgotten them.
///
/// A session's first cell uses no crate, after which cargo writes a lock file without any. For the next it would take
/// the newest versions there are: others than those that are built, so the library would be compiled anew for minutes.
fn keep_versions() -> Option<()> {
    let versions = std::env::var_os(VERSIONS)?;
    let folder = PathBuf::from(std::env::var_os("EVCXR_TMPDIR")?);
    let lock = folder.join("Cargo.lock");
    let names_library = |text: &str| text.contains("course-lib");
    let needs_library =
        std::fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| names_library(&text));
    let has_versions = std::fs::read_to_string(&lock).is_ok_and(|text| names_library(&text));
    if needs_library && !has_versions {
        std::fs::copy(versions, lock).ok()?;
    }
    Some(())
}

/// Before cargo builds anything in the kernel's folder, it has to know what is built there already.
fn tell_cargo(arguments: &[OsString]) {
    let builds = arguments
        .iter()
        .any(|argument| argument == "build" || argument == "check");
    let (Some(environment), Some(folder)) = (std::env::var_os(ENVIRONMENT), std::env::var_os("EVCXR_TMPDIR"))
    else {
        return;
    };
    if builds && let Err(error) = environment::tell_cargo(Path::new(&environment), Path::new(&folder)) {
        eprintln!("warning: the library is compiled once more, which takes minutes: {error:#}");
    }
}

fn built() -> Option<PathBuf> {
    std::env::var_os(BUILT).map(PathBuf::from)
}

fn real(variable: &str, name: &str) -> Command {
    let path = std::env::var_os(variable).or_else(|| on_path(name).map(OsString::from));
    let mut command = Command::new(path.unwrap_or_else(|| name.into()));
    name_compiler(&mut command);
    command
}

fn become_real(variable: &str, name: &str, arguments: &[OsString]) -> ExitCode {
    let error = real(variable, name).args(arguments).exec();
    eprintln!("error: {name} cannot be started: {error}");
    ExitCode::from(127)
}
