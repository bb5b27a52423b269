//! The notebook environment: the library, compiled once as the cells of a notebook link it.
//!
//! evcxr compiles each cell with cargo in a folder of the kernel's own. A first build there would take minutes,
//! so one build is made ahead, in the same way to the letter (target, flags, profile), and every kernel starts
//! with hard links to it: 0.1 s, and no disk to speak of. What cargo remembers of that build is copied when a kernel
//! first needs cargo, which most never do (`quick_build`).
//!
//! The build lies in `notebook/` inside cargo's target folder, where the library's own tests find it too.

use crate::home::Home;
use crate::quick_build::left_behind;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

/// What the cells' crate looks like, as evcxr writes it (`evcxr::module::get_cargo_toml_contents`).
/// Where the two differ, cargo would compile everything a second time; a test compares them by running a cell.
fn manifest(library: &Path) -> String {
    format!(
        r#"[package]
name = "ctx"
version = "1.0.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]
path = "src/lib.rs"

[profile.dev]
opt-level = 2
debug = false
strip = "debuginfo"
rpath = true
lto = false
debug-assertions = true
codegen-units = 16
panic = 'unwind'
incremental = true
overflow-checks = true

[dependencies]
{}
"#,
        dependency(library)
    )
}

/// The library as a line of a cell's `Cargo.toml`.
pub fn dependency(library: &Path) -> String {
    // A TOML string and Rust's debug form of a path escape the same characters.
    format!("course-lib = {{ path = {library:?} }}")
}

/// What evcxr has cargo do with a cell, and so what has to be done ahead.
const SUBCOMMANDS: [&str; 2] = ["build", "check"];

/// The flags that evcxr gives rustc.
pub const RUSTFLAGS: &str = "-Cprefer-dynamic";

/// Whether the environment is built from the sources as they are now.
pub fn is_ready(home: &Home) -> Result<bool> {
    let built_from = fs::read_to_string(stamp(home)).unwrap_or_default();
    Ok(built_from == fingerprint(home)?
        && !is_older_than_its_sources(&stamp(home), &sources(home)?)?
        && target(home)?.join(host()?).is_dir())
}

/// Whether a source was written after the build began. Cargo goes by times: it would compile the library again in each
/// kernel, also where the source holds the same as before (after a change of branch and back).
fn is_older_than_its_sources(stamp: &Path, sources: &[PathBuf]) -> Result<bool> {
    let modified = |path: &Path| {
        let data = fs::metadata(path).and_then(|data| data.modified());
        data.with_context(|| format!("{} cannot be read", path.display()))
    };
    let built = modified(stamp)?;
    for source in sources {
        if modified(source)? > built {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the environment was last built from; `None` where it has not been.
pub fn built_from(home: &Home) -> Option<String> {
    fs::read_to_string(stamp(home)).ok()
}

/// Remembers that the environment has been built from the sources as they were when its build began.
pub fn mark_ready(home: &Home) -> Result<()> {
    let stamp = stamp(home);
    fs::rename(unfinished_stamp(home), &stamp)
        .with_context(|| format!("{} cannot be written", stamp.display()))
}

/// The cargo commands that build the environment, or bring it up to date, one after the other.
///
/// The second one checks what the first has built: where evcxr cannot keep a variable (a closure, say), it has
/// cargo check the cell for a better message, and without this the learner would wait a minute for it.
pub fn build_commands(home: &Home) -> Result<[Command; 2]> {
    let folder = home.state().join("notebook");
    lay_out(home, &folder)?;
    // From here on the old build is no longer whole.
    let _ = fs::remove_file(stamp(home));
    // Taken before the build: what is edited meanwhile may not be in it.
    let unfinished = unfinished_stamp(home);
    fs::write(&unfinished, fingerprint(home)?)
        .with_context(|| format!("{} cannot be written", unfinished.display()))?;
    let (host, target) = (host()?, target(home)?);
    Ok(SUBCOMMANDS.map(|subcommand| {
        let mut command = cargo();
        command
            .arg(subcommand)
            .args(["--target", &host])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", RUSTFLAGS);
        command
    }))
}

/// Downloads every crate of the lock file, those for other platforms too: rust-analyzer asks cargo about all of
/// them, and a kernel does not use the network.
pub fn fetch_command(home: &Home) -> Command {
    let mut command = cargo();
    command.args(["fetch", "--locked"]).current_dir(home.root());
    command
}

/// Writes the cells' crate, without anything that it would build, into `folder`.
fn lay_out(home: &Home, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("src")).with_context(|| format!("{} cannot be made", folder.display()))?;
    write_if_changed(&folder.join("Cargo.toml"), &manifest(&home.library()))?;
    write_if_changed(&folder.join("src/lib.rs"), "pub use course_lib;\n")?;
    lock_versions(home, folder)
}

/// Gives the cells' crate the versions of the workspace; cargo drops what the cells do not need.
pub fn lock_versions(home: &Home, folder: &Path) -> Result<()> {
    let lock = home.root().join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock"))
        .with_context(|| format!("{} cannot be copied", lock.display()))?;
    Ok(())
}

fn write_if_changed(path: &Path, content: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}

/// The file that says what the environment was built from.
pub fn stamp(home: &Home) -> PathBuf {
    home.state().join("notebook.stamp")
}

fn unfinished_stamp(home: &Home) -> PathBuf {
    home.state().join("notebook.stamp.unfinished")
}

/// The environment's folder inside cargo's target folder.
pub fn target(home: &Home) -> Result<PathBuf> {
    // The program lies in `<target folder>/<profile>/course`; tests lie one folder deeper.
    let program = std::env::current_exe().context("this program's own path cannot be read")?;
    let built_by_cargo = program
        .ancestors()
        .skip(1)
        .find(|folder| folder.join("CACHEDIR.TAG").is_file() && folder.join(".rustc_info.json").is_file());
    Ok(built_by_cargo
        .map_or_else(|| home.state().join("target"), Path::to_owned)
        .join("notebook"))
}

/// `cargo` as the learner called it, else the one on the PATH.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The machine's target triple, as `rustc -vV` says it.
pub fn host() -> Result<String> {
    let text = compiler()?;
    match text.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => bail!("`rustc -vV` names no host; it printed: {text}"),
    }
}

/// What the compiler says of itself, asked once.
fn compiler() -> Result<&'static str> {
    static SAID: OnceLock<String> = OnceLock::new();
    if let Some(said) = SAID.get() {
        return Ok(said);
    }
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("rustc was not found; install Rust from https://rustup.rs and open a new terminal")?;
    Ok(SAID.get_or_init(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// All files that the environment is built from.
fn sources(home: &Home) -> Result<Vec<PathBuf>> {
    let mut files = vec![
        home.root().join("Cargo.lock"),
        home.root().join(".cargo/config.toml"),
        home.library().join("Cargo.toml"),
        // The library has the list of the data sets compiled in.
        home.datasets().join("datasets.json"),
    ];
    rust_files(&home.library().join("src"), &mut files)?;
    files.sort();
    Ok(files)
}

/// A hash of all that decides what the environment holds.
fn fingerprint(home: &Home) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(manifest(&home.library()));
    hash.update(SUBCOMMANDS.join(" "));
    hash.update(crate::standard_library::CONTENT);
    for file in sources(home)? {
        hash.update(file.as_os_str().as_encoded_bytes());
        hash.update(fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?);
    }
    hash.update(compiler()?);
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// A folder in which one kernel compiles its cells; removed when the kernel ends.
#[derive(Debug)]
pub struct KernelFolder {
    path: PathBuf,
    // Held while the kernel lives, so that others know that the folder is in use.
    _lock: File,
}

impl KernelFolder {
    /// Makes a folder for a new kernel from the prebuilt environment, and removes those of dead kernels.
    pub fn create(home: &Home) -> Result<PathBuf> {
        if !is_ready(home)? {
            bail!(
                "the notebook environment is not built, or the library has changed since; run `cargo run -- setup`"
            );
        }
        let kernels = home.state().join("kernels");
        fs::create_dir_all(&kernels).with_context(|| format!("{} cannot be made", kernels.display()))?;
        remove_abandoned(&kernels);

        let path = kernels.join(uuid::Uuid::new_v4().simple().to_string());
        lay_out(home, &path)?;
        // evcxr writes its own; a stale one would only be read by mistake.
        fs::remove_file(path.join("src/lib.rs"))?;
        let environment = target(home)?;
        for profile in profiles()? {
            link_build(&environment.join(&profile), &path.join("target").join(&profile))
                .context("the notebook environment cannot be linked into the kernel's folder")?;
        }
        Ok(path)
    }

    /// Takes the folder into use.
    pub fn hold(path: &Path) -> Result<Self> {
        let lock = File::create(path.join(LOCK))
            .with_context(|| format!("the kernel's folder {} cannot be used", path.display()))?;
        lock.try_lock().map_err(|_| {
            anyhow::anyhow!(
                "the kernel's folder {} is in use by another kernel",
                path.display()
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }
}

impl KernelFolder {
    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for KernelFolder {
    fn drop(&mut self) {
        // A file that cannot be removed now is removed by the next kernel that starts.
        let _ = fs::remove_dir_all(&self.path);
    }
}

const LOCK: &str = "in-use.lock";

/// Removes the folders of kernels that were killed.
fn remove_abandoned(kernels: &Path) {
    let Ok(entries) = fs::read_dir(kernels) else {
        return;
    };
    for entry in entries.flatten() {
        let folder = entry.path();
        let abandoned = match File::open(folder.join(LOCK)) {
            Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
            // Not yet held: a kernel is about to start in it, unless that was long ago.
            Err(_) => entry
                .metadata()
                .and_then(|data| data.modified())
                .is_ok_and(|made| {
                    SystemTime::now()
                        .duration_since(made)
                        .is_ok_and(|age| age > Duration::from_secs(60))
                }),
        };
        if abandoned {
            if let Some(sockets) = left_behind(&folder) {
                let _ = fs::remove_dir_all(sockets);
            }
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

/// Where cargo puts what it builds, below its target folder: build scripts and macros, and what cells are linked with.
fn profiles() -> Result<[PathBuf; 2]> {
    Ok(["debug".into(), Path::new(&host()?).join("debug")])
}

/// What cargo remembers of a build.
const FINGERPRINTS: &str = ".fingerprint";

/// Gives a kernel the build of everything but the cells' crate itself.
///
/// Compiled files are never written again under their name, so hard links are safe.
fn link_build(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for folder in ["deps", "build"] {
        copy_dependencies(&from.join(folder), &to.join(folder), true)?;
    }
    Ok(())
}

/// Tells cargo in a kernel's folder what it has built there already, if it has not been told yet.
///
/// Many hundreds of small files: more than a second of each start on some disks, and needed only where cargo itself is
/// called. They are copied since cargo writes to them.
pub fn tell_cargo(environment: &Path, folder: &Path) -> Result<()> {
    for profile in profiles()? {
        let (from, to) = (environment.join(&profile), folder.join("target").join(&profile));
        if !to.is_dir() || to.join(FINGERPRINTS).exists() {
            continue;
        }
        // In one step, so that half of them never pass for all.
        let failed = || format!("{} cannot be written", to.join(FINGERPRINTS).display());
        let unfinished = tempfile::tempdir_in(&to).with_context(failed)?;
        let copy = unfinished.path().join(FINGERPRINTS);
        copy_dependencies(&from.join(FINGERPRINTS), &copy, false).with_context(failed)?;
        match fs::rename(&copy, to.join(FINGERPRINTS)) {
            // Another cargo was quicker.
            Err(_) if to.join(FINGERPRINTS).exists() => {}
            renamed => renamed.with_context(failed)?,
        }
    }
    Ok(())
}

/// Copies what belongs to other crates than the cells' own.
fn copy_dependencies(from: &Path, to: &Path, link: bool) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    if !from.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let crate_name = text.strip_prefix("lib").unwrap_or(&text);
        let is_own = crate_name.starts_with("ctx-") || crate_name.starts_with("ctx.");
        // Programs in `deps` are tests of the library, which share its build.
        let is_program = from.ends_with("deps") && !text.contains('.');
        if !is_own && !is_program {
            copy_tree(&entry.path(), &to.join(&name), link)?;
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path, link: bool) -> std::io::Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_tree(&entry.path(), &to.join(entry.file_name()), link)?;
        }
        return Ok(());
    }
    if link && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    // Another file system, or one without hard links. Cargo compares times, so they must stay.
    let modified = fs::metadata(from)?.modified()?;
    fs::copy(from, to)?;
    File::options().write(true).open(to)?.set_modified(modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, content: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn a_source_that_was_written_after_the_build_makes_it_old() {
        let folder = tempfile::tempdir().unwrap();
        let (stamp, source) = (folder.path().join("stamp"), folder.path().join("lib.rs"));
        write(&source, "");
        write(&stamp, "");
        let sources = [source];
        let later = |seconds| SystemTime::now() + Duration::from_secs(seconds);
        let set = |path: &Path, time| {
            File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(time)
                .unwrap()
        };
        set(&stamp, later(5));
        assert!(!is_older_than_its_sources(&stamp, &sources).unwrap());
        set(&sources[0], later(10));
        assert!(is_older_than_its_sources(&stamp, &sources).unwrap());
        assert!(is_older_than_its_sources(&folder.path().join("none"), &sources).is_err());
    }

    #[test]
    fn a_kernel_gets_the_dependencies_but_not_the_cells_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for file in [
            "deps/libpolars-1.rlib",
            "deps/libctx-2.so",
            "deps/ctx-2.d",
            "deps/tensor-3",
            "build/polars-1/output",
        ] {
            write(&from.join(file), "");
        }
        link_build(&from, &to).unwrap();

        let there = |file: &str| to.join(file).exists();
        assert!(there("deps/libpolars-1.rlib") && there("build/polars-1/output"));
        assert!(!there("deps/libctx-2.so") && !there("deps/ctx-2.d"));
        assert!(
            !there("deps/tensor-3"),
            "a test program of the library is not needed"
        );
    }

    #[test]
    fn cargo_in_a_kernels_folder_is_told_once_and_what_it_writes_there_no_other_kernel_sees() {
        let environment = tempfile::tempdir().unwrap();
        let kernel = tempfile::tempdir().unwrap();
        let profile = &profiles().unwrap()[1];
        let original = environment
            .path()
            .join(profile)
            .join(".fingerprint/polars-1/stamp");
        let own = environment.path().join(profile).join(".fingerprint/ctx-2/stamp");
        write(&original, "before");
        write(&own, "");
        let in_kernel = kernel.path().join("target").join(profile);
        fs::create_dir_all(&in_kernel).unwrap();

        tell_cargo(environment.path(), kernel.path()).unwrap();
        let copy = in_kernel.join(".fingerprint/polars-1/stamp");
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!(time(&copy), time(&original), "cargo compares times");
        assert!(!in_kernel.join(".fingerprint/ctx-2").exists());

        fs::write(&copy, "after").unwrap();
        tell_cargo(environment.path(), kernel.path()).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "after");
        assert_eq!(fs::read_to_string(&original).unwrap(), "before");
        let left: Vec<_> = fs::read_dir(&in_kernel).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing unfinished stays: {left:?}");
    }

    #[test]
    fn the_folder_of_a_killed_kernel_is_removed_and_that_of_a_living_one_is_not() {
        let kernels = tempfile::tempdir().unwrap();
        let (living, dead) = (kernels.path().join("living"), kernels.path().join("dead"));
        write(&living.join("Cargo.toml"), "");
        write(&dead.join(LOCK), "");
        let held = KernelFolder::hold(&living).unwrap();

        remove_abandoned(kernels.path());

        assert!(living.exists() && !dead.exists());
        assert!(
            KernelFolder::hold(&living).is_err(),
            "two kernels must not share a folder"
        );
        drop(held);
        assert!(!living.exists(), "a kernel that ends takes its folder along");
    }
}
