//! A quicker linker for cells.
//!
//! A cell is linked with the course's library, a shared object that exports tens of thousands of symbols. The linker
//! reads them all only to find that none is missing, which rustc has seen to already. So the linker is shown an empty
//! library of the same name instead, told that symbols may be missing, and called directly rather than by way of a C
//! compiler. The loader then finds every symbol in the real library, which the cells' process has in memory.

use super::on_path;
use super::record::RustcCommand;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The linker that comes with Rust.
const LLD: &str = "COURSE_LLD";
/// The empty library.
const STUB: &str = "COURSE_LINK_STUB";

/// Below the kernel's folder.
const FOLDER: &str = ".course-link";
/// What a cell shows to the outside, as rustc has it: the function that evcxr calls.
const EXPORTS: &str = "{ global: run_user_code_*; local: *; };\n";

/// What a cell is linked with.
#[derive(Debug)]
pub struct Linker {
    folder: PathBuf,
    lld: PathBuf,
    stub: PathBuf,
    /// An empty library in the place of Rust's own. The real one of the course needs that too, but does not know where
    /// it is: where cells are linked with the course's library, that lies in another folder than where it was built.
    rusts_stub: PathBuf,
    exports: PathBuf,
    /// Functions that the processor lacks, such as the division of numbers with 128 bits.
    builtins: Option<PathBuf>,
    /// Where a process that has not loaded them yet finds the library, and that of Rust.
    libraries: [PathBuf; 2],
    /// This program, by the name under which rustc calls it as a linker.
    own: String,
}

impl Linker {
    /// The linker for cells that use only `library`, if this platform has one; what it needs is made at the kernel's first
    /// cell. Has to be called in the kernel's folder. `own` is this program, by the name under which it links.
    pub fn of(command: &RustcCommand, library: &Path, own: &Path) -> Option<Self> {
        let lld = lld(command)?;
        let folder = std::env::current_dir().ok()?.join(FOLDER);
        fs::create_dir_all(&folder).ok()?;
        let exports = folder.join("exports");
        if !exports.is_file() {
            fs::write(&exports, EXPORTS).ok()?;
        }
        let rusts = rustlib(command)?.join("lib");
        let standard = file_in(&rusts, "libstd-", std::env::consts::DLL_SUFFIX)?;
        Some(Self {
            builtins: file_in(&rusts, "libcompiler_builtins-", ".rlib"),
            rusts_stub: stub(&lld, &standard, &folder)?,
            libraries: [library.parent()?.to_owned(), rusts],
            stub: stub(&lld, library, &folder)?,
            folder,
            lld,
            exports,
            own: own.to_str()?.to_owned(),
        })
    }

    /// A folder for what belongs to the cell's compile.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Has `rustc` link by this linker.
    pub fn prepare(&self, rustc: &mut Command) {
        rustc
            .arg(format!("-Clinker={}", self.own))
            .arg("-Clinker-flavor=ld.lld")
            .envs([(LLD, &self.lld), (STUB, &self.stub)]);
    }

    /// Makes a shared object of an object file. Returns whether that went well.
    pub fn link(&self, object: &Path, shared_object: &Path) -> bool {
        // The system's own starts three times as fast as that of Rust, which loads all of LLVM.
        let mut linker = match on_path("ld") {
            Some(ld) => Command::new(ld),
            None => {
                let mut lld = Command::new(&self.lld);
                lld.args(["-flavor", "gnu"]);
                lld
            }
        };
        let mut exports = OsString::from("--version-script=");
        exports.push(&self.exports);
        linker
            .args([
                "-m",
                emulation().unwrap_or_default(),
                "-shared",
                "--unresolved-symbols=ignore-all",
            ])
            .args(["--eh-frame-hdr", "--hash-style=gnu", "--gc-sections"])
            .args([
                "-z",
                "noexecstack",
                "-z",
                "relro",
                "-z",
                "now",
                "--enable-new-dtags",
            ])
            .arg(exports)
            .args(
                self.libraries
                    .iter()
                    .flat_map(|folder| [Path::new("-rpath"), folder]),
            )
            .arg("-o")
            .args([shared_object, object, &self.stub, &self.rusts_stub])
            .args(&self.builtins)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        linker.status().is_ok_and(|status| status.success())
    }
}

/// The file in a folder of which only the beginning and the end of the name are known.
fn file_in(folder: &Path, start: &str, end: &str) -> Option<PathBuf> {
    let is_it = |name: &str| name.starts_with(start) && name.ends_with(end);
    fs::read_dir(folder)
        .ok()?
        .flatten()
        .find(|file| file.file_name().to_str().is_some_and(is_it))
        .map(|file| file.path())
}

/// Where the compiler has what belongs to the target.
fn rustlib(command: &RustcCommand) -> Option<PathBuf> {
    let root = Path::new(&command.program).parent()?.parent()?;
    Some(root.join("lib/rustlib").join(command.option("--target")?))
}

/// The linker beside the compiler, where this platform has one that works in this way.
fn lld(command: &RustcCommand) -> Option<PathBuf> {
    emulation()?;
    let lld = rustlib(command)?.join("bin/rust-lld");
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

/// An empty shared object that has the library's name.
fn stub(lld: &Path, library: &Path, folder: &Path) -> Option<PathBuf> {
    let name = library.file_name()?;
    let stub = folder.join(name);
    if stub.is_file() {
        return Some(stub);
    }
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
