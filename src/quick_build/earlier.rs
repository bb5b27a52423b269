//! What an earlier kernel has learned from cargo, for one that starts.
//!
//! Kernels are alike: each compiles the same first cells in a folder that was made from the same build. So the first one
//! leaves its record to those that come after it, which spares them cargo: half a second, and more where its files are not
//! in memory yet. The record is taken only where cargo would be called in the same way, for the same build, and all files
//! that it looks at are as they were.

use super::cell::links_nothing_but_library;
use super::inputs::{Input, hexadecimal};
use super::record::Record;
use crate::pool;
use sha2::{Digest, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// How a kernel's processes are told where such records lie.
pub const FOLDER: &str = "COURSE_BUILD_RECORDS";

/// Stands for the kernel's folder; no path has the character.
const KERNEL: &str = "\u{1}kernel";

/// Variables that say how cargo and rustc work, beside those that the kernel was started with.
const OURS: [&str; 5] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TARGET_DIR",
];
/// Beginnings of the names of variables that are each kernel's own.
const OWN: [&str; 3] = ["COURSE_", "EVCXR_", "JPY_"];

/// Leaves a record of this kernel to later ones, if they will have use for it.
pub fn keep(record: &Record, arguments: &[OsString]) -> Option<()> {
    if !links_nothing_but_library(&record.command) {
        return None;
    }
    let file = file()?;
    let record = Record {
        key: key(arguments)?,
        command: record.command.clone(),
        inputs: record.inputs.clone(),
    };
    let unfinished = file.with_extension(format!("{}.part", std::process::id()));
    fs::create_dir_all(file.parent()?).ok()?;
    let text = serde_json::to_string(&record).ok()?;
    fs::write(&unfinished, text.replace(&own_folder()?, &as_json(KERNEL)?)).ok()?;
    fs::rename(unfinished, file).ok()
}

/// The record of an earlier kernel as if it were this one's, which it is from now on. `own` is this kernel's key.
pub fn take(arguments: &[OsString], own: &str) -> Option<Record> {
    let text = fs::read_to_string(file()?).ok()?;
    let text = text.replace(&as_json(KERNEL)?, &own_folder()?);
    let mut record: Record = serde_json::from_str(&text).ok()?;
    if record.key != key(arguments)? {
        return None;
    }
    own.clone_into(&mut record.key);
    let folder = std::env::current_dir().ok()?;
    for input in &mut record.inputs {
        // Each kernel gets its own, with the same content.
        if ["Cargo.lock", "Cargo.toml"]
            .iter()
            .any(|name| input.path() == folder.join(name))
        {
            *input = Input::now(input.path().to_owned());
        }
    }
    if !record.inputs.iter().all(Input::is_unchanged) {
        return None;
    }
    let is_own = |name: &String| OWN.iter().any(|start| name.starts_with(start));
    let environment = &mut record.command.environment;
    environment.retain(|name, _| !is_own(name));
    environment.extend(
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| is_own(name)),
    );
    record.write()?;
    Some(record)
}

/// The folder of records has one for sessions that use the library, and one for the moment before.
fn file() -> Option<PathBuf> {
    let manifest = fs::read_to_string("Cargo.toml").ok()?;
    let name = if manifest.contains("course-lib") {
        "with-library.json"
    } else {
        "without.json"
    };
    Some(PathBuf::from(std::env::var_os(FOLDER)?).join(name))
}

/// A hash of how cargo was called, in which all kernels' folders are the same one.
fn key(arguments: &[OsString]) -> Option<String> {
    let folder = std::env::current_dir().ok()?;
    let folder = folder.to_str()?;
    let mut hash = Sha256::new();
    let mut add = |value: &OsStr| {
        let value = value.to_string_lossy().replace(folder, KERNEL);
        hash.update(value.len().to_le_bytes());
        hash.update(value.as_bytes());
    };
    for argument in arguments.iter().filter(|argument| *argument != "--offline") {
        add(argument);
    }
    for name in OURS {
        add(OsStr::new(name));
        add(&std::env::var_os(name).unwrap_or_default());
    }
    add(OsStr::new(&pool::environment_of_kernel()?));
    add(OsStr::from_bytes(&fs::read("Cargo.toml").ok()?));
    // What the kernel's folder was made from.
    add(OsStr::from_bytes(&fs::read(super::built()?).ok()?));
    Some(hexadecimal(hash))
}

/// The kernel's folder as it stands within texts of JSON.
fn own_folder() -> Option<String> {
    as_json(std::env::current_dir().ok()?.to_str()?)
}

fn as_json(text: &str) -> Option<String> {
    let text = serde_json::to_string(text).ok()?;
    Some(text[1..text.len() - 1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_one_kernel_becomes_that_of_another_within_paths() {
        let kernel = as_json(KERNEL).unwrap();
        let text = r#"{"a":"/k/one/target","b":"/k/one"}"#;
        let kept = text.replace(&as_json("/k/one").unwrap(), &kernel);
        assert_eq!(
            kept.replace(&kernel, &as_json("/k \"two\"").unwrap()),
            r#"{"a":"/k \"two\"/target","b":"/k \"two\""}"#
        );
    }
}
