//! All that cargo looks at when it decides whether something has to be compiled again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file as it was, or that there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    path: PathBuf,
    modified: Option<(SystemTime, u64)>,
}

impl Input {
    /// The file as it is now.
    pub fn now(path: PathBuf) -> Self {
        let modified = fs::metadata(&path)
            .and_then(|data| Ok((data.modified()?, data.len())))
            .ok();
        Self { path, modified }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is still as it was.
    pub fn is_unchanged(&self) -> bool {
        Self::now(self.path.clone()) == *self
    }

    /// Whether this is cargo's own lock file.
    pub fn is_lock_file(&self) -> bool {
        self.path.file_name().is_some_and(|name| name == "Cargo.lock")
    }

    /// Whether the file was written after `time`.
    pub fn is_newer_than(&self, time: SystemTime) -> bool {
        self.modified.is_some_and(|(modified, _)| modified >= time)
    }
}

/// A hash of how cargo was called: arguments, environment, and the cell's `Cargo.toml`.
pub fn key(arguments: &[OsString]) -> Option<String> {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    };
    // Offline or not says where a new package may come from, and a new package changes `Cargo.toml`.
    for argument in arguments.iter().filter(|argument| *argument != "--offline") {
        add(argument.as_bytes());
    }
    let mut environment: Vec<_> = std::env::vars_os().collect();
    environment.sort();
    for (name, value) in environment {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    add(&fs::read("Cargo.toml").ok()?);
    Some(hexadecimal(hash))
}

/// A hash as text.
pub fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files that a build in the current folder has read, but for the cell itself.
///
/// `libraries` are those that the cell is linked with, and the compiler; `depinfo` is the file in which cargo lists
/// the sources of all packages that lie on this disk for somebody to edit.
pub fn inputs(libraries: Vec<PathBuf>, depinfo: &Path) -> Option<Vec<Input>> {
    let own = std::env::current_dir().ok()?;
    let mut files: BTreeSet<PathBuf> = libraries.into_iter().collect();
    let sources = sources(&fs::read_to_string(depinfo).ok()?);
    let mut folders = BTreeSet::new();
    for source in sources {
        let source = own.join(source);
        if !source.starts_with(own.join("src")) {
            folders.extend(source.ancestors().skip(1).map(Path::to_owned));
            files.insert(source);
        }
    }
    // A manifest may also come into being above the sources, as that of a workspace.
    files.extend(folders.into_iter().map(|folder| folder.join("Cargo.toml")));
    for folder in own.ancestors() {
        // evcxr's own settings in the first one say only whether cargo may use the network.
        if folder != own {
            files.insert(folder.join(".cargo/config.toml"));
            files.insert(folder.join(".cargo/config"));
        }
    }
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        files.insert(Path::new(&home).join("config.toml"));
    }
    files.insert(own.join("Cargo.lock"));
    Some(files.into_iter().map(Input::now).collect())
}

/// The files after the colon of a line of a makefile, in which a space within a name is "\ ".
fn sources(depinfo: &str) -> Vec<PathBuf> {
    let Some((_, files)) = depinfo.split_once(": ") else {
        return Vec::new();
    };
    let files = files.lines().next().unwrap_or_default().replace("\\ ", "\0");
    let files = files.split(' ').filter(|file| !file.is_empty());
    files.map(|file| PathBuf::from(file.replace('\0', " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_with_spaces_in_their_names() {
        assert_eq!(
            sources("/t/libctx.so: /a/b.rs /my\\ course/c.rs\n"),
            [PathBuf::from("/a/b.rs"), PathBuf::from("/my course/c.rs")]
        );
        assert!(sources("").is_empty());
    }

    #[test]
    fn a_file_that_was_edited_or_came_into_being_is_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let (there, missing) = (folder.path().join("there"), folder.path().join("missing"));
        fs::write(&there, "before").unwrap();
        let inputs = [Input::now(there.clone()), Input::now(missing.clone())];
        assert!(inputs.iter().all(Input::is_unchanged));
        fs::write(&there, "and after").unwrap();
        fs::write(&missing, "").unwrap();
        assert!(!inputs.iter().any(Input::is_unchanged));
    }
}
