//! `course data`: which data sets there are, and whether their files are what they should be.
//!
//! Both commands read `datasets/datasets.json`, the one list of files and checksums; the library has it compiled in.

use crate::home::Home;
use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const LIST: &str = "datasets.json";

/// What to do with the data sets.
#[derive(Debug, Subcommand)]
pub enum DataTask {
    /// Compare every file with its SHA-256.
    ///
    /// Prints a line for each file. Exits with 0 if all are as they should be, with 1 if one is missing, has
    /// changed, or is not listed.
    Verify,
    /// Say which data sets there are: rows, size, source, licence.
    List,
}

/// Carries the task out in the folder that `COURSE_DATASETS` names, else in the clone's own.
pub fn data(home: &Home, task: &DataTask) -> Result<ExitCode> {
    let own = home.datasets();
    let folder = std::env::var_os("COURSE_DATASETS")
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| own.clone(), PathBuf::from);
    // Always the clone's list: the library has the same one.
    let list = List::read(&own)?;
    match task {
        DataTask::List => {
            print!("{}", table(&list.datasets));
            println!("\nThey are in {}; its README.md says more.", folder.display());
            Ok(ExitCode::SUCCESS)
        }
        DataTask::Verify => {
            println!("the data sets are in {}\n", folder.display());
            let findings = list.compare(&folder)?;
            for finding in &findings {
                println!("{}", finding.line());
            }
            let wrong = findings
                .iter()
                .filter(|finding| finding.problem.is_some())
                .count();
            if wrong == 0 {
                println!("\nAll {} files are what {LIST} says.", findings.len());
                return Ok(ExitCode::SUCCESS);
            }
            println!(
                "\n{wrong} of {} files are not what {LIST} says. `git checkout -- datasets` in the clone brings \
                 the course's own files back.",
                findings.len()
            );
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `datasets/datasets.json`.
#[derive(Debug, Deserialize)]
struct List {
    datasets: Vec<DataSet>,
}

#[derive(Debug, Deserialize)]
struct DataSet {
    name: String,
    rows: u64,
    source: String,
    licence: String,
    files: Vec<DataFile>,
}

#[derive(Debug, Deserialize)]
struct DataFile {
    /// Below the folder of the data sets, with `/` between its parts.
    path: String,
    bytes: u64,
    /// In lower-case hexadecimal.
    sha256: String,
}

/// One file, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    problem: Option<String>,
}

impl Finding {
    fn line(&self) -> String {
        match &self.problem {
            None => format!("✓ {}", self.path),
            Some(problem) => format!("✗ {}: {problem}", self.path),
        }
    }
}

impl List {
    fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(LIST);
        let text = fs::read_to_string(&path).with_context(|| {
            format!(
                "the list of the data sets, {}, cannot be read; bring it back with `git checkout -- datasets/{LIST}`",
                path.display()
            )
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a list of data sets", path.display()))
    }

    /// Every listed file beside what lies in the folder, and then every file there that is not listed.
    fn compare(&self, folder: &Path) -> Result<Vec<Finding>> {
        let mut listed = HashSet::new();
        let mut findings = Vec::new();
        for file in self.datasets.iter().flat_map(|set| &set.files) {
            let problem = if listed.insert(file.path.clone()) {
                file.problem(folder)
            } else {
                Some(format!("is listed twice in {LIST}"))
            };
            findings.push(Finding {
                path: file.path.clone(),
                problem,
            });
        }
        let mut others = files_below(folder)?;
        others.retain(|path| !listed.contains(path));
        findings.extend(others.into_iter().map(|path| Finding {
            path,
            problem: Some(format!("is not listed in {LIST}; remove it, or add it there")),
        }));
        Ok(findings)
    }
}

impl DataFile {
    fn problem(&self, folder: &Path) -> Option<String> {
        let content = match fs::read(folder.join(&self.path)) {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Some(format!(
                    "is missing: expected a file of {} bytes, got none; bring it back with `git checkout -- datasets/{}`",
                    self.bytes, self.path
                ));
            }
            Err(error) => return Some(format!("cannot be read ({error})")),
        };
        let digest = Sha256::digest(&content);
        let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        (found != self.sha256).then(|| {
            format!(
                "has changed: expected SHA-256 {} ({} bytes), got {found} ({} bytes)",
                self.sha256,
                self.bytes,
                content.len()
            )
        })
    }
}

/// The files in the folders of the data sets, sorted. The folder's own files (its README, the scripts) are no data;
/// names that start with a dot belong to the system or to JupyterLab.
fn files_below(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((here, prefix)) = folders.pop() {
        let entries = match fs::read_dir(&here) {
            Ok(entries) => entries,
            // Its files are then reported as missing, one by one.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", here.display())),
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("{} cannot be read", here.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if !prefix.is_empty() {
                files.push(format!("{prefix}{name}"));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The data sets, one a line, in columns.
fn table(sets: &[DataSet]) -> String {
    let mut rows = vec![["name", "rows", "size", "licence", "source"].map(str::to_owned)];
    rows.extend(sets.iter().map(|set| {
        let bytes = set.files.iter().map(|file| file.bytes).sum();
        [
            set.name.clone(),
            set.rows.to_string(),
            size(bytes),
            set.licence.clone(),
            set.source.clone(),
        ]
    }));
    let widths: Vec<usize> = (0..5)
        .map(|column| {
            rows.iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for [name, count, size, licence, source] in &rows {
        let line = format!(
            "{name:0$}  {count:>1$}  {size:>2$}  {licence:3$}  {source}",
            widths[0], widths[1], widths[2], widths[3]
        );
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn list(paths: &[&str]) -> List {
        let files = paths
            .iter()
            .map(|path| DataFile {
                path: (*path).to_owned(),
                bytes: 3,
                sha256: OF_ABC.to_owned(),
            })
            .collect();
        List {
            datasets: vec![DataSet {
                name: "letters".to_owned(),
                rows: 1,
                source: "the alphabet".to_owned(),
                licence: "CC0".to_owned(),
                files,
            }],
        }
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("letters")).unwrap();
        fs::write(folder.path().join("letters/abc.csv"), "abc").unwrap();
        folder
    }

    fn problems(list: &List, folder: &Path) -> Vec<String> {
        let findings = list.compare(folder).unwrap();
        findings.iter().map(Finding::line).collect()
    }

    #[test]
    fn a_file_with_its_checksum_is_right_and_readme_and_hidden_files_are_no_data() {
        let folder = folder();
        fs::write(folder.path().join("README.md"), "about").unwrap();
        fs::write(folder.path().join("letters/.DS_Store"), "").unwrap();
        fs::create_dir(folder.path().join("letters/.ipynb_checkpoints")).unwrap();
        fs::write(folder.path().join("letters/.ipynb_checkpoints/x.csv"), "").unwrap();
        assert_eq!(
            problems(&list(&["letters/abc.csv"]), folder.path()),
            ["✓ letters/abc.csv"]
        );
    }

    #[test]
    fn missing_changed_unlisted_and_twice_listed_files_are_each_named() {
        let folder = folder();
        fs::write(folder.path().join("letters/abd.csv"), "abcd").unwrap();
        fs::create_dir(folder.path().join("letters/more")).unwrap();
        fs::write(folder.path().join("letters/more/e.csv"), "e").unwrap();
        let list = list(&[
            "letters/abc.csv",
            "letters/abc.csv",
            "letters/abd.csv",
            "none/x.csv",
        ]);
        let lines = problems(&list, folder.path());
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert_eq!(lines[0], "✓ letters/abc.csv");
        assert!(lines[1].contains("twice"), "{}", lines[1]);
        assert!(
            lines[2].contains(OF_ABC) && lines[2].contains("88d4266f") && lines[2].contains("(4 bytes)"),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].starts_with("✗ none/x.csv: is missing: expected a file of 3 bytes, got none;")
                && lines[3].contains("git checkout -- datasets/none/x.csv"),
            "{}",
            lines[3]
        );
        assert!(
            lines[4].starts_with("✗ letters/more/e.csv: is not listed"),
            "{}",
            lines[4]
        );
    }

    #[test]
    fn a_folder_that_is_not_there_has_all_files_missing() {
        let folder = folder();
        let lines = problems(&list(&["letters/abc.csv"]), &folder.path().join("gone"));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].starts_with("✗ letters/abc.csv: is missing"),
            "{}",
            lines[0]
        );
    }

    #[test]
    fn a_list_that_is_gone_or_damaged_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = format!("{:#}", List::read(folder.path()).unwrap_err());
        assert!(missing.contains("git checkout"), "{missing}");
        fs::write(folder.path().join(LIST), "{\"datasets\": [{}]}").unwrap();
        let damaged = format!("{:#}", List::read(folder.path()).unwrap_err());
        assert!(
            damaged.contains("is not a list") && damaged.contains("name"),
            "{damaged}"
        );
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(size(1744), "1.7 kB");
        assert_eq!(size(11_594_722), "11.6 MB");
        let text = table(&list(&["letters/abc.csv"]).datasets);
        assert!(
            text.lines().nth(1).unwrap().starts_with("letters     1  0.0 kB"),
            "{text}"
        );
    }
}
