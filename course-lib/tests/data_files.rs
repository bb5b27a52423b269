//! The list of the data sets, `datasets/datasets.json`, agrees with the files, the README and the library.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets")
}

fn sets() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("datasets.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    list["datasets"].as_array().unwrap().clone()
}

/// Path, bytes and SHA-256 of each file.
fn listed() -> Vec<(String, u64, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    sets()
        .iter()
        .flat_map(|set| set["files"].as_array().unwrap().clone())
        .map(|file| {
            (
                word(&file["path"]),
                file["bytes"].as_u64().unwrap(),
                word(&file["sha256"]),
            )
        })
        .collect()
}

#[test]
fn every_listed_file_is_there_with_its_size_and_checksum() {
    for (path, bytes, sha256) in listed() {
        let content = std::fs::read(folder().join(&path)).unwrap();
        assert_eq!(content.len() as u64, bytes, "{path}");
        let found: String = Sha256::digest(&content)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, sha256, "{path}");
    }
}

#[test]
fn every_data_file_is_listed_once() {
    let listed: Vec<String> = listed().into_iter().map(|(path, ..)| path).collect();
    let once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(once.len(), listed.len(), "{listed:?}");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let set = entry.unwrap();
        if set.path().is_dir() {
            for file in std::fs::read_dir(set.path()).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                if !name.starts_with('.') {
                    found.insert(format!("{}/{name}", set.file_name().to_str().unwrap()));
                }
            }
        }
    }
    assert_eq!(found, once);
}

#[test]
fn the_table_of_the_readme_is_the_list() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let written: Vec<(String, u64, String)> = readme
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let &[path, bytes, sha256] = cells.as_slice() else {
                return None;
            };
            let bytes = bytes.replace(',', "").parse().ok()?;
            Some((
                path.trim_matches('`').to_owned(),
                bytes,
                sha256.trim_matches('`').to_owned(),
            ))
        })
        .collect();
    assert_eq!(written, listed());
}

#[test]
fn every_set_says_its_rows_source_and_licence_and_the_readme_its_title_or_loader() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for set in sets() {
        let name = set["name"].as_str().unwrap();
        assert!(set["rows"].as_u64().unwrap() > 0, "{name}");
        for field in ["title", "source", "licence"] {
            assert!(!set[field].as_str().unwrap().is_empty(), "{name}: {field}");
        }
        assert!(readme.contains(&format!("`datasets::{name}()?`")), "{name}");
    }
}

#[test]
fn every_set_has_a_loader_that_gives_as_many_rows_as_the_list_says() {
    use course_lib::data::datasets;
    for set in sets() {
        let rows = match set["name"].as_str().unwrap() {
            "breast_cancer" => datasets::breast_cancer().unwrap().x.shape()[0],
            "auto_mpg" => datasets::auto_mpg().unwrap().x.shape()[0],
            "airline_passengers" => datasets::airline_passengers().unwrap().values.shape()[0],
            "mnist" => {
                let digits = datasets::mnist().unwrap();
                digits.x_train.shape()[0] + digits.x_test.shape()[0]
            }
            other => panic!("`{other}` is listed and has no loader"),
        };
        assert_eq!(rows as u64, set["rows"].as_u64().unwrap(), "{}", set["name"]);
    }
}
