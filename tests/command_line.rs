//! `course` on the command line: what it refuses, and what it says then.

mod support;

use serde_json::{Value, json};
use std::path::Path;
use support::{course, said};

fn notebook(cells: &[&str]) -> Value {
    let cells: Vec<Value> = cells
        .iter()
        .enumerate()
        .map(|(index, source)| {
            json!({"cell_type": "code", "id": format!("cell-{index}"), "metadata": {}, "source": source,
                "outputs": [], "execution_count": null})
        })
        .collect();
    json!({"nbformat": 4, "nbformat_minor": 5, "cells": cells,
        "metadata": {"kernelspec": {"name": "rust", "display_name": "Rust", "language": "rust"}}})
}

fn write(path: &Path, notebook: &Value) {
    std::fs::write(path, notebook.to_string()).unwrap();
}

#[test]
fn a_file_that_is_no_notebook_ends_with_2_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[u8], &str); 4] = [
        ("empty.ipynb", b"", "is empty"),
        ("text.ipynb", b"fn main() {}", "not JSON"),
        ("bytes.ipynb", b"\xff\xfe", "not UTF-8"),
        ("old.ipynb", b"{\"nbformat\": 3, \"worksheets\": []}", "format 3"),
    ];
    for (name, bytes, message) in cases {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let output = course().arg("run").arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(message), "{}", said(&output));
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
    let output = course().args(["run", "no-such.ipynb"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is not there"), "{}", said(&output));
}

#[test]
fn a_failed_cell_ends_with_1_and_the_notebook_shows_where_it_stopped() {
    support::set_up();
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.ipynb"), folder.path().join("out.ipynb"));
    write(
        &input,
        &notebook(&[
            "let a = 1;",
            "assert_eq!(a, 2, \"not yet\");",
            "println!(\"never\");",
        ]),
    );
    let before = std::fs::read(&input).unwrap();

    let run = course()
        .arg("run")
        .arg(&input)
        .arg("--output")
        .arg(&output)
        .output()
        .unwrap();

    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(said(&run).contains("cell 2 failed"), "{}", said(&run));
    assert_eq!(
        std::fs::read(&input).unwrap(),
        before,
        "with --output the input stays"
    );
    let executed: Value = serde_json::from_slice(&std::fs::read(&output).unwrap()).unwrap();
    let error = &executed["cells"][1]["outputs"][0];
    assert_eq!(
        (error["output_type"].as_str(), error["ename"].as_str()),
        (Some("error"), Some("Panic"))
    );
    assert!(error["evalue"].as_str().unwrap().contains("not yet"));
    assert_eq!(executed["cells"][2]["outputs"], json!([]));
    assert_eq!(executed["cells"][2]["execution_count"], Value::Null);
}

#[test]
fn a_cell_that_runs_too_long_is_stopped_and_named() {
    support::set_up();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.ipynb");
    write(
        &path,
        &notebook(&["loop { std::thread::sleep(std::time::Duration::from_millis(10)); }"]),
    );
    let run = course()
        .arg("run")
        .arg(&path)
        .args(["--timeout", "3"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(said(&run).contains("ran longer than 3 s"), "{}", said(&run));
}

#[test]
fn the_doctor_says_what_is_there_and_what_to_do() {
    support::set_up();
    let output = course().arg("doctor").output().unwrap();
    let text = said(&output);
    for subject in ["rustc", "Python", "notebook environment", "GPU"] {
        assert!(text.contains(subject), "{subject} is missing in:\n{text}");
    }
    assert_eq!(output.status.code(), Some(0), "{text}");
}

/// A copy of the data sets in which a file may be changed.
fn copied_datasets() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for set in std::fs::read_dir(support::root().join("datasets")).unwrap() {
        let set = set.unwrap();
        if !set.path().is_dir() {
            continue;
        }
        let copy = folder.path().join(set.file_name());
        std::fs::create_dir(&copy).unwrap();
        for file in std::fs::read_dir(set.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
    folder
}

fn verify(datasets: &Path) -> std::process::Output {
    course()
        .args(["data", "verify"])
        .env("COURSE_DATASETS", datasets)
        .output()
        .unwrap()
}

#[test]
fn the_data_of_the_course_is_what_its_list_says() {
    let output = course()
        .args(["data", "verify"])
        .env_remove("COURSE_DATASETS")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("✓ mnist/train-images-idx3-ubyte.gz"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("All 7 files are"), "{}", said(&output));
}

#[test]
fn data_that_is_missing_changed_or_not_listed_ends_with_1_and_is_named() {
    let folder = copied_datasets();
    let output = verify(folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    let mpg = folder.path().join("auto-mpg/auto-mpg.csv");
    let mut content = std::fs::read(&mpg).unwrap();
    content[100] ^= 1;
    std::fs::write(&mpg, content).unwrap();
    std::fs::remove_file(folder.path().join("mnist/t10k-labels-idx1-ubyte.gz")).unwrap();
    std::fs::write(folder.path().join("breast-cancer/notes.txt"), "mine").unwrap();

    let output = verify(folder.path());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    for line in [
        "✓ breast-cancer/breast-cancer.csv",
        "✗ auto-mpg/auto-mpg.csv: has changed: expected SHA-256 f0c46007",
        "✗ mnist/t10k-labels-idx1-ubyte.gz: is missing",
        "✗ breast-cancer/notes.txt: is not listed",
        "3 of 8 files are not what datasets.json says",
    ] {
        assert!(said(&output).contains(line), "{line} is not in {}", said(&output));
    }
}

#[test]
fn the_list_of_the_data_says_where_each_set_is_from() {
    let output = course().args(["data", "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for words in [
        "breast_cancer",
        "auto_mpg",
        "airline_passengers",
        "mnist",
        "70000",
        "11.6 MB",
        "CC BY 4.0",
        "UCI Machine Learning Repository",
    ] {
        assert!(
            said(&output).contains(words),
            "{words} is not in {}",
            said(&output)
        );
    }
    assert_eq!(course().arg("data").output().unwrap().status.code(), Some(2));
}

#[test]
fn help_teaches_every_command() {
    let help = said(&course().arg("--help").output().unwrap());
    for command in ["lab", "setup", "run", "doctor", "data", "kernel"] {
        assert!(help.contains(command), "{help}");
        let more = course().args([command, "--help"]).output().unwrap();
        assert!(
            more.status.success() && said(&more).contains("Usage"),
            "{}",
            said(&more)
        );
    }
    assert!(!help.contains("stock-kernel"), "{help}");
    assert_eq!(course().arg("lesson").output().unwrap().status.code(), Some(2));
}

#[test]
fn a_course_home_that_holds_no_course_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = course()
        .arg("doctor")
        .env("COURSE_HOME", folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("which does not hold the course"),
        "{}",
        said(&output)
    );
}
