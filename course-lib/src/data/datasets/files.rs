//! Where the files of the data sets are, and whether they are what they should be.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest;
use crate::error::{Error, Result};

/// Reads a file of the `datasets` folder and checks its SHA-256.
pub(super) fn read(operation: &str, file: &str) -> Result<Vec<u8>> {
    let sha256 = manifest::sha256(file).ok_or_else(|| {
        Error::new(operation)
            .expected("a file that datasets/datasets.json lists")
            .got(file)
            .hint("add the file, its size and its SHA-256 there")
    })?;
    read_from(&folder(), operation, file, &sha256)
}

fn folder() -> PathBuf {
    std::env::var_os("COURSE_DATASETS")
        .filter(|folder| !folder.is_empty())
        .map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets"),
            PathBuf::from,
        )
}

fn read_from(folder: &Path, operation: &str, file: &str, sha256: &str) -> Result<Vec<u8>> {
    let path = folder.join(file);
    // `…/course-lib/../datasets` reads badly in a message.
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let shown = folder.join(file).display().to_string();
    let bytes = std::fs::read(&path).map_err(|problem| {
        Error::new(operation)
            .expected(format!("the file {shown}"))
            .got(problem.to_string())
            .hint(format!(
                "bring it back with `git checkout -- datasets/{file}`, or point COURSE_DATASETS at \
             the datasets folder"
            ))
    })?;
    let found: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == sha256 {
        return Ok(bytes);
    }
    Err(Error::new(operation)
        .expected(format!("{shown} with SHA-256 {sha256}"))
        .got(format!("SHA-256 {found} ({} bytes)", bytes.len()))
        .hint(format!(
            "the file has changed: bring it back with `git checkout -- datasets/{file}`"
        )))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn folder_with(content: &[u8]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("course-files-{}-{}", std::process::id(), content.len()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.csv"), content).unwrap();
        folder
    }

    #[test]
    fn a_file_with_the_right_checksum_is_read() {
        let folder = folder_with(b"abc");
        assert_eq!(read_from(&folder, "load", "a.csv", OF_ABC).unwrap(), b"abc");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_changed_file_is_an_error_with_both_checksums_and_a_way_out() {
        let folder = folder_with(b"abcd");
        let message = read_from(&folder, "load", "a.csv", OF_ABC)
            .unwrap_err()
            .to_string();
        std::fs::remove_dir_all(folder).unwrap();
        for part in [
            "a.csv",
            OF_ABC,
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
            "git checkout",
        ] {
            assert!(message.contains(part), "{part} is not in: {message}");
        }
    }

    #[test]
    fn a_file_that_the_manifest_does_not_list_is_not_read() {
        let message = read("load", "secret.csv").unwrap_err().to_string();
        assert!(
            message.contains("secret.csv") && message.contains("datasets.json"),
            "{message}"
        );
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let folder = folder_with(b"");
        let message = read_from(&folder, "load", "b.csv", OF_ABC)
            .unwrap_err()
            .to_string();
        std::fs::remove_dir_all(folder).unwrap();
        assert!(
            message.contains("b.csv") && message.contains("COURSE_DATASETS"),
            "{message}"
        );
    }
}
