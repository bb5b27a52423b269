//! Room on the disk: asked for before the work, and explained when it runs out all the same.

use super::trouble::DISK_FULL;
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::path::Path;

const MB: u64 = 1_000_000;

/// JupyterLab, nbgrader and what they need: 345 MB installed, and as much again while pip unpacks it.
pub const PYTHON_ENVIRONMENT: u64 = 700 * MB;

/// The library and everything below it, compiled: 1.9 GB, and room to compile a changed library beside it.
pub const NOTEBOOK_ENVIRONMENT: u64 = 2500 * MB;

/// Bytes that may still be written where `path` is, or will be.
pub fn free(path: &Path) -> Result<u64> {
    let there = path
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("/"));
    let disk = rustix::fs::statvfs(there)
        .with_context(|| format!("the free disk space at {} cannot be read", there.display()))?;
    Ok(disk.f_bavail * disk.f_frsize)
}

/// Fails with a sentence if less than `needed` bytes are free at `path`.
pub fn check(path: &Path, needed: u64) -> Result<()> {
    let free = free(path)?;
    if free < needed {
        bail!(
            "{} are free on the disk of {}, and the course needs {} there; make room, or clone it on another disk",
            gigabytes(free),
            path.display(),
            gigabytes(needed)
        );
    }
    Ok(())
}

/// Puts a full disk into one sentence, and passes on every other error.
pub fn explain(error: anyhow::Error) -> anyhow::Error {
    let full = error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    });
    if full { anyhow::anyhow!(DISK_FULL) } else { error }
}

/// A number of bytes as people say it.
pub fn gigabytes(bytes: u64) -> String {
    if bytes < 1000 * MB {
        format!("{} MB", bytes / MB)
    } else {
        format!("{:.1} GB", bytes as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_told_before_the_work() {
        let error = check(Path::new("/no/such/folder"), u64::MAX)
            .unwrap_err()
            .to_string();
        assert!(error.contains("make room"), "{error}");
        check(Path::new("."), 1).unwrap();
    }

    #[test]
    fn a_full_disk_becomes_one_sentence_and_other_errors_stay() {
        let full = std::io::Error::from(ErrorKind::StorageFull);
        let full = anyhow::Error::from(full).context("x cannot be written");
        assert_eq!(explain(full).to_string(), DISK_FULL);
        let other = std::io::Error::from(ErrorKind::PermissionDenied);
        assert_eq!(
            explain(anyhow::Error::from(other).context("as it was")).to_string(),
            "as it was"
        );
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(gigabytes(345 * MB), "345 MB");
        assert_eq!(gigabytes(2500 * MB), "2.5 GB");
    }
}
