//! The library's own tests, run here so that `cargo test` is all tests. They are built the way the cells of a
//! notebook are (`src/environment.rs`), so that what both need is compiled once.

mod support;

use std::path::Path;
use std::process::Command;

/// The profile that evcxr writes into the cells' `Cargo.toml`.
const PROFILE: [&str; 10] = [
    "opt-level=2",
    "debug=false",
    "strip=\"debuginfo\"",
    "rpath=true",
    "lto=false",
    "debug-assertions=true",
    "codegen-units=16",
    "panic=\"unwind\"",
    "incremental=true",
    "overflow-checks=true",
];

#[test]
fn the_library_passes_its_own_tests_in_the_build_that_notebooks_use() {
    // First, because it compiles what both need.
    support::set_up();
    let program = Path::new(env!("CARGO_BIN_EXE_course"));
    let target = program
        .parent()
        .and_then(Path::parent)
        .expect("cargo builds into <target>/<profile>");
    let host = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host");

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(support::root())
        .args(["test", "--package", "course-lib", "--target", host])
        .env("CARGO_TARGET_DIR", target.join("notebook"))
        .env("RUSTFLAGS", "-Cprefer-dynamic");
    for setting in PROFILE {
        cargo.args(["--config", &format!("profile.dev.{setting}")]);
    }
    // Not captured: whoever waits sees what is being compiled.
    let status = cargo.status().expect("cargo runs");
    assert!(
        status.success(),
        "the library's tests failed; they say above what is wrong"
    );
}
