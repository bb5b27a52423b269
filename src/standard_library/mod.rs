//! The standard library's source, as much of it as rust-analyzer has use for.
//!
//! Before a session's first cell rust-analyzer reads the whole standard library. Half of that declares the instructions
//! of every processor there is (`std::arch`), which no notebook calls by name. A copy without them spares each kernel
//! 140 MB of memory and more than a second of its start. It has no bodies of functions either (`bodies`): another 30 MB
//! and half a second. And it has no manifests, so that rust-analyzer takes the library's own crates and leaves out what
//! those are built on (libc, above all; but see `tables`): 70 MB, one to two seconds of the start, and a fifth of each
//! completion. rustc itself goes on using the real one.

mod bodies;
mod tables;

use crate::home::Home;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the copy leaves out; when that changes, set-up makes a new one.
pub const CONTENT: &str = "without instructions, bodies and manifests";

/// Below the compiler's folder.
const INSTALLED: &str = "lib/rustlib/src/rust/library";
/// The instructions: one folder a processor, beside the files that the rest of `core` needs.
const INSTRUCTIONS: &str = "stdarch/crates/core_arch/src";
/// Folders that are no part of what a program can call.
const IDLE: [&str; 8] = [
    "tests",
    "benches",
    "examples",
    "ci",
    "portable-simd",
    "compiler-builtins",
    "alloctests",
    "coretests",
];
/// A crate, and where rust-analyzer looks for it when there are no manifests.
const MOVED: (&str, &str) = ("std_detect", "stdarch/crates/std_detect");

/// The copy, if there is one.
pub fn copy(home: &Home) -> Option<PathBuf> {
    let folder = folder(home);
    // The sign by which rust-analyzer knows it, too.
    folder.join("core").is_dir().then_some(folder)
}

fn folder(home: &Home) -> PathBuf {
    home.state().join("standard-library")
}

/// Makes the copy anew; first asks rustup for the source where it is not installed. Without it the kernels work, too, but
/// start by asking rustup themselves.
pub fn make(home: &Home) -> Result<()> {
    match installed().or_else(|| {
        ask_rustup();
        installed()
    }) {
        Some(source) => replace(&folder(home), &source),
        None => {
            tracing::warn!(
                "the standard library's source is not there; `rustup component add rust-src` installs it"
            );
            Ok(())
        }
    }
}

/// Puts a copy of `source` in the place of `folder`, at once and whole.
fn replace(folder: &Path, source: &Path) -> Result<()> {
    let unfinished = folder.with_extension("unfinished");
    remove(&unfinished)?;
    let failed = || {
        format!(
            "{} cannot be copied to {}",
            source.display(),
            unfinished.display()
        )
    };
    let is_whole = tables::fit(source);
    copy_tree(source, &unfinished, Path::new(""), is_whole).with_context(failed)?;
    let (from, to) = (unfinished.join(MOVED.0), unfinished.join(MOVED.1));
    if is_whole && from.is_dir() && !to.exists() {
        fs::create_dir_all(to.parent().unwrap_or(&to)).with_context(failed)?;
        fs::rename(from, to).with_context(failed)?;
    }
    remove(folder)?;
    fs::rename(&unfinished, folder).with_context(|| format!("{} cannot be written", folder.display()))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The compiler's folder.
pub fn toolchain() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// The source that came with the compiler.
pub fn installed() -> Option<PathBuf> {
    let source = toolchain()?.join(INSTALLED);
    source.join("std").is_dir().then_some(source)
}

fn ask_rustup() {
    // What goes wrong is seen by the folder that is still missing.
    let _ = Command::new("rustup")
        .args(["component", "add", "rust-src"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Copies what is Rust; `place` is where `from` lies in the library. Where the library is not whole without the crates that
/// it is built on, what tells cargo about them is copied, too.
fn copy_tree(from: &Path, to: &Path, place: &Path, is_whole: bool) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let (to, place_of_entry) = (to.join(&name), place.join(&name));
        if entry.file_type()?.is_dir() {
            let is_idle = IDLE.iter().any(|idle| name == *idle) || place == Path::new(INSTRUCTIONS);
            if !is_idle {
                copy_tree(&path, &to, &place_of_entry, is_whole)?;
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let mut source = fs::read_to_string(&path)?;
            if is_whole {
                source = tables::stand_in(&place_of_entry, source);
            }
            fs::write(&to, bodies::without_bodies(&source))?;
        } else if !is_whole && (name == "Cargo.toml" || name == "Cargo.lock") {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }

    #[test]
    fn the_copy_has_all_but_instructions_tests_and_manifests() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let kept = [
            "core/src/lib.rs",
            "core/src/num/mod.rs",
            "stdarch/crates/core_arch/src/mod.rs",
            "std/src/x86/mod.rs",
        ];
        let left = [
            "stdarch/crates/core_arch/src/x86/avx512f.rs",
            "std/tests/a.rs",
            "core/README.md",
            "Cargo.toml",
            "core/Cargo.toml",
            "std/benches/b.rs",
        ];
        for file in kept.iter().chain(&left) {
            write(&from.join(file));
        }
        copy_tree(&from, &to, Path::new(""), true).unwrap();
        for file in kept {
            assert!(to.join(file).is_file(), "{file}");
        }
        for file in left {
            assert!(!to.join(file).exists(), "{file}");
        }
        // A library that stands on other crates needs its manifests.
        copy_tree(&from, &to, Path::new(""), false).unwrap();
        assert!(to.join("Cargo.toml").is_file() && to.join("core/Cargo.toml").is_file());
    }

    #[test]
    fn a_new_copy_takes_the_place_of_an_old_one() {
        let root = tempfile::tempdir().unwrap();
        let home = Home::at(root.path()).unwrap();
        write(&folder(&home).join("old.rs"));
        assert_eq!(copy(&home), None);
        let source = root.path().join("installed");
        write(&source.join("core/src/lib.rs"));
        write(&source.join("std/src/lib.rs"));
        write(&source.join("std_detect/src/lib.rs"));
        for kind in ["map", "set"] {
            let file = source.join(format!("std/src/collections/hash/{kind}.rs"));
            write(&file);
            fs::write(file, format!("use hashbrown::hash_{kind} as base;")).unwrap();
        }
        replace(&folder(&home), &source).unwrap();
        let copy = copy(&home).unwrap();
        assert!(copy.join("std/src/lib.rs").is_file() && !copy.join("old.rs").exists());
        assert!(copy.join("stdarch/crates/std_detect/src/lib.rs").is_file());
        let map = fs::read_to_string(copy.join("std/src/collections/hash/map.rs")).unwrap();
        assert!(map.contains("mod base {") && !map.contains("hashbrown::hash_map"));
        assert!(!copy.with_extension("unfinished").exists());
    }
}
