//! Where the course lives: the clone, and what it builds for itself below it.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The folder that holds the notebooks, the library and, below `.course`, everything that is built.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The folder that `COURSE_HOME` names, else the clone around the current folder, else the clone
    /// that this program was compiled in.
    pub fn find() -> Result<Self> {
        if let Some(named) = std::env::var_os("COURSE_HOME") {
            let root = PathBuf::from(named);
            if !is_course(&root) {
                bail!(
                    "COURSE_HOME is {}, which does not hold the course (no course-lib/Cargo.toml in it); \
                     set it to the clone's folder, or unset it",
                    root.display()
                );
            }
            return Self::at(&root);
        }
        let current = std::env::current_dir().context("the current folder cannot be read")?;
        let compiled_in = Path::new(env!("CARGO_MANIFEST_DIR"));
        match current
            .ancestors()
            .chain([compiled_in])
            .find(|folder| is_course(folder))
        {
            Some(root) => Self::at(root),
            None => bail!(
                "the course's folder was not found around {}; run this inside the clone, or set \
                 COURSE_HOME to it",
                current.display()
            ),
        }
    }

    /// The course in the given folder.
    pub fn at(root: &Path) -> Result<Self> {
        let root = root
            .canonicalize()
            .with_context(|| format!("the course's folder {} cannot be read", root.display()))?;
        Ok(Self { root })
    }

    /// The clone.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Everything that the course builds or writes for itself.
    pub fn state(&self) -> PathBuf {
        self.root.join(".course")
    }

    /// The library that the cells of a lesson call.
    pub fn library(&self) -> PathBuf {
        self.root.join("course-lib")
    }

    /// The version of Rust that the course is pinned to, as `rust-toolchain.toml` names it.
    pub fn toolchain(&self) -> Option<String> {
        let file = std::fs::read_to_string(self.root.join("rust-toolchain.toml")).ok()?;
        let channel = file
            .lines()
            .find_map(|line| line.trim().strip_prefix("channel"))?;
        channel.split('"').nth(1).map(str::to_owned)
    }

    /// The data that the lessons read.
    pub fn datasets(&self) -> PathBuf {
        self.root.join("datasets")
    }

    /// The lessons and the homework.
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }
}

fn is_course(folder: &Path) -> bool {
    folder.join("course-lib/Cargo.toml").is_file() && folder.join("notebooks").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_library_is_not_the_course() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_course(folder.path()));
        std::fs::create_dir_all(folder.path().join("course-lib")).unwrap();
        std::fs::write(folder.path().join("course-lib/Cargo.toml"), "").unwrap();
        assert!(!is_course(folder.path()));
        std::fs::create_dir(folder.path().join("notebooks")).unwrap();
        assert!(is_course(folder.path()));
    }

    #[test]
    fn the_clone_that_the_program_was_compiled_in_is_found() {
        let home = Home::find().unwrap();
        assert!(home.library().join("src/lib.rs").is_file());
        assert!(home.toolchain().unwrap().starts_with("1."));
    }
}
