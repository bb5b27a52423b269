//! File locks: one `course` at a time where two would get in each other's way.

use anyhow::{Context, Result};
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::process::Stdio;

/// A lock on a file. The system takes it back when its last holder ends, however it ends, so there is no
/// stale lock to clean up.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or answers `None` while another process holds it.
    pub fn try_take(path: &Path) -> Result<Option<Self>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Takes the lock; calls `on_wait` first if another process holds it.
    pub fn take(path: &Path, on_wait: impl FnOnce()) -> Result<Self> {
        if let Some(lock) = Self::try_take(path)? {
            return Ok(lock);
        }
        on_wait();
        let file = open(path)?;
        file.lock()
            .with_context(|| format!("{} cannot be locked", path.display()))?;
        Ok(Self { file })
    }

    /// An empty standard input that keeps the lock held while a child has it open.
    ///
    /// When `course` is killed, the pip or cargo it started may live on; until that ends, a second `course` must
    /// not start another on the same folder.
    pub fn as_stdin(&self) -> Result<Stdio> {
        Ok(self.file.try_clone().context("a lock cannot be shared")?.into())
    }
}

fn open(path: &Path) -> Result<File> {
    let name = || format!("the lock file {} cannot be opened", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(name)?;
    }
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::{Duration, Instant};

    #[test]
    fn a_held_lock_is_refused_and_a_released_one_given() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/lock");
        let first = Lock::try_take(&path).unwrap().unwrap();
        assert!(Lock::try_take(&path).unwrap().is_none());
        drop(first);
        assert!(Lock::try_take(&path).unwrap().is_some());
    }

    #[test]
    fn whoever_waits_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let mut held = Lock::try_take(&path).unwrap();
        let mut told = false;
        let lock = Lock::take(&path, || {
            told = true;
            held = None;
        });
        assert!(lock.is_ok() && told);
    }

    #[test]
    fn a_child_that_outlives_its_parent_keeps_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::try_take(&path).unwrap().unwrap();
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(lock.as_stdin().unwrap())
            .spawn()
            .unwrap();
        drop(lock);
        let while_it_lives = Lock::try_take(&path).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(while_it_lives.is_none());
        // A test beside this one may just be starting a child of its own, which holds a copy until it runs.
        let limit = Instant::now() + Duration::from_secs(10);
        while Lock::try_take(&path).unwrap().is_none() {
            assert!(Instant::now() < limit, "the lock outlives the child");
        }
    }
}
