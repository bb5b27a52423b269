//! What the end-to-end tests share: the course set up once, and a client that drives its kernel.

// Each test program uses another part.
#![allow(dead_code)]

pub mod client;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The clone that the tests run in.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A call of the program under test, with a home folder of its own: no test may touch the user's.
pub fn course() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_course"));
    command
        .current_dir(root())
        .env("HOME", home())
        .env("RUST_BACKTRACE", "0")
        .env_remove("COURSE_HOME");
    // Cargo and rustup keep what they have downloaded in the user's home, and are found by it.
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        if std::env::var_os(name).is_none()
            && let Some(home) = std::env::var_os("HOME")
        {
            command.env(name, Path::new(&home).join(folder));
        }
    }
    command
}

/// An empty home folder for everything that the tests start; below cargo's folder for tests.
pub fn home() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    std::fs::create_dir_all(&home).expect("cargo's folder for tests takes a folder");
    home
}

/// Does all set-up, once for all tests; other test programs wait for it, or find it done.
pub fn set_up() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        let output = course().arg("setup").output().expect("course starts");
        assert!(output.status.success(), "course setup failed:\n{}", said(&output));
    });
}

/// All that a program said, for the message of a failed test.
pub fn said(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A program of the course's own Python environment.
pub fn python(program: &str) -> Command {
    let mut command = Command::new(root().join(".course/python/bin").join(program));
    command
        .current_dir(root())
        .env("HOME", home())
        .env("JUPYTER_CONFIG_DIR", home().join("jupyter/config"))
        .env("JUPYTER_DATA_DIR", home().join("jupyter/data"))
        .env("JUPYTER_RUNTIME_DIR", home().join("jupyter/runtime"))
        .env("IPYTHONDIR", home().join("ipython"));
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        if std::env::var_os(name).is_none()
            && let Some(home) = std::env::var_os("HOME")
        {
            command.env(name, Path::new(&home).join(folder));
        }
    }
    command
}

/// Bytes of the files in a folder that have no other name, as links to the shared build have.
pub fn own_files(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        // A file may go while it is looked at.
        let Ok(data) = entry.path().symlink_metadata() else {
            continue;
        };
        if data.is_dir() {
            sum += own_files(&entry.path());
        } else if data.nlink() == 1 {
            sum += data.blocks() * 512;
        }
    }
    sum
}
