//! A quicker `cargo build` for cells.
//!
//! A one-line cell takes rustc a tenth of a second, and cargo twice that to find two hundred packages unchanged.
//! So evcxr is shown this program under the name `cargo` (`Tools`). The first build goes to the real cargo, and the
//! rustc command that it runs for the cell is kept (`record`), for later kernels too (`earlier`); while nothing has
//! changed that cargo looks at, the next cells are compiled by that command at once (`replay`): by a compiler that waits
//! for them (`ready`), with less to do (`cell`, `source`, `work`), and linked without a search through the whole library
//! (`link`). Everything else is the real cargo's, and so is every case of doubt.

mod cell;
mod earlier;
mod inputs;
mod link;
mod ready;
mod record;
mod replay;
mod source;
mod work;

pub use ready::{SOCKETS, hold as hold_compilers, left_behind};

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
            // rust-analyzer and the cargo that it calls start rustc forty times; by way of rustup each costs 20 ms more.
            let rustc = self.cargo.with_file_name("rustc");
            if std::env::var_os("RUSTC").is_none() && rustc.is_file() {
                kernel.env("RUSTC", rustc);
            }
        }
        Ok(())
    }
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
    Command::new(
        std::env::var_os(variable)
            .or_else(|| on_path(name).map(OsString::from))
            .unwrap_or_else(|| name.into()),
    )
}

fn become_real(variable: &str, name: &str, arguments: &[OsString]) -> ExitCode {
    let error = real(variable, name).args(arguments).exec();
    eprintln!("error: {name} cannot be started: {error}");
    ExitCode::from(127)
}
