//! `course lab` from start to end: a lesson in a real browser, and nothing left when it is over.

mod support;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use support::{course, python, root, said, set_up};

/// A running `course lab`, and all files that looking at it leaves.
struct Lab {
    process: Child,
    url: String,
    notebook: Notebook,
    /// A clone has one lab at a time, so tests take turns.
    _turn: MutexGuard<'static, ()>,
}

/// A notebook beside the lessons, for as long as the test runs.
struct Notebook(PathBuf);

impl Drop for Notebook {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What JupyterLab keeps of its windows goes under this name, so that a newcomer is still one after the tests.
const WORKSPACE: &str = "course-test";

impl Lab {
    fn start(notebook: &Value) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        // A test that failed has ended its lab all the same.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let place = root().join(format!("notebooks/for-a-test-{}.ipynb", std::process::id()));
        let notebook_file = Notebook(place.clone());
        std::fs::write(&place, notebook.to_string()).unwrap();
        let mut process = course()
            .args(["lab", "--no-browser", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("course starts");
        let output = BufReader::new(process.stdout.take().unwrap());
        let url = output.lines().map_while(Result::ok).find_map(|line| {
            line.split_once("JupyterLab is at ")
                .map(|(_, url)| url.to_owned())
        });
        Self {
            process,
            url: url.expect("course lab says where JupyterLab is; another one may run in this clone"),
            notebook: notebook_file,
            _turn: turn,
        }
    }

    /// Starts a kernel, as opening a notebook does.
    fn open_kernel(&self) {
        let script = "import json, sys, urllib.parse, urllib.request as web\n\
                      url = urllib.parse.urlsplit(sys.argv[1])\n\
                      token = urllib.parse.parse_qs(url.query)['token'][0]\n\
                      kernels = f'{url.scheme}://{url.netloc}/api/kernels'\n\
                      kind = json.dumps({'name': 'rust'}).encode()\n\
                      web.urlopen(web.Request(kernels, kind, {'Authorization': f'token {token}'}))\n";
        let output = python("python").args(["-c", script, &self.url]).output();
        let output = output.expect("the Python environment is there");
        assert!(output.status.success(), "{}", said(&output));
    }

    /// Everything that it has started, and what that has started.
    fn family(&self) -> Vec<u32> {
        let processes = processes();
        let mut family = vec![self.process.id()];
        let mut at = 0;
        while let Some(parent) = family.get(at).copied() {
            family.extend(
                processes
                    .iter()
                    .filter(|(_, of)| *of == parent)
                    .map(|(id, _)| *id),
            );
            at += 1;
        }
        family
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let windows = root().join(".course/jupyter/workspaces");
        for file in std::fs::read_dir(windows).into_iter().flatten().flatten() {
            if file.file_name().to_string_lossy().starts_with(WORKSPACE) {
                let _ = std::fs::remove_file(file.path());
            }
        }
    }
}

/// Every process and its parent.
fn processes() -> Vec<(u32, u32)> {
    let output = Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,stat="])
        .output()
        .expect("ps runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let ids = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            // One that has ended and is not cleared away yet.
            (!words.next()?.starts_with('Z')).then_some(ids)
        })
        .collect()
}

/// The first cells of lesson 07 up to its training, which is made endless, and one that uses what was trained.
fn lesson() -> Value {
    let file = root().join("notebooks/lectures/07-breast-cancer.ipynb");
    let mut notebook: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let cells = notebook["cells"].as_array().unwrap();
    let code: Vec<Value> = cells
        .iter()
        .filter(|cell| cell["cell_type"] == "code")
        .map(|cell| match &cell["source"] {
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().unwrap_or_default().to_owned(),
        })
        .scan(false, |is_over, source: String| {
            let goes_on = !*is_over;
            *is_over |= source.contains("model.fit(");
            goes_on.then_some(source)
        })
        .chain([
            "println!(\"{{\\\"accuracy\\\": {}}}\", model.evaluate(&x_test, &parts.y_test)?.accuracy()?);"
                .to_owned(),
        ])
        .enumerate()
        .map(|(number, source)| {
            // A folder higher than the lesson.
            let source = source.replace("\"../../course-lib\"", "\"../course-lib\"");
            let source = source.replace("epochs: 60,", "epochs: 1_000_000,");
            json!({"cell_type": "code", "id": format!("cell-{number}"), "metadata": {}, "source": source,
                "outputs": [], "execution_count": null})
        })
        .collect();
    assert!(
        code.iter()
            .any(|cell| cell["source"].to_string().contains("1_000_000"))
    );
    notebook["cells"] = code.into();
    notebook
}

fn is_gone(family: &[u32]) -> bool {
    let living = processes();
    family
        .iter()
        .all(|id| living.iter().all(|(living, _)| living != id))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn a_lesson_trains_before_ones_eyes_and_a_killed_lab_leaves_no_process() {
    set_up();
    let lesson = lesson();
    let mut lab = Lab::start(&lesson);
    let output = python("python")
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
        .arg(root().join("tests/clients/test_lab.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("COURSE_TEST_LAB", &lab.url)
        .env("COURSE_TEST_NOTEBOOK", file_name(&lab.notebook.0))
        .env(
            "COURSE_TEST_CELLS",
            lesson["cells"].as_array().unwrap().len().to_string(),
        )
        .env("COURSE_TEST_WORKSPACE", WORKSPACE)
        .output()
        .expect("the Python environment is there");
    assert!(output.status.success(), "{}", said(&output));

    // As by kill -9, with a notebook open, its kernel, and the next one ready or starting.
    let family = lab.family();
    assert!(family.len() > 3, "{family:?}");
    lab.process.kill().unwrap();
    lab.process.wait().unwrap();
    wait_until_gone(&family);
}

/// Ctrl-C in its terminal, a machine that is shut down, a terminal that is closed.
#[test]
fn a_lab_that_is_asked_to_stop_ends_with_all_its_kernels_and_can_be_started_again() {
    set_up();
    let empty = json!({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
    for signal in ["INT", "TERM", "HUP"] {
        let mut lab = Lab::start(&empty);
        lab.open_kernel();
        let family = lab.family();
        assert!(family.len() > 2, "{family:?}");
        let id = lab.process.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.expect("kill runs").success());
        wait_until_gone(&family);
        let status = lab.process.wait().unwrap();
        assert!(status.success(), "{signal}: {status}");
    }
}

fn wait_until_gone(family: &[u32]) {
    let limit = Instant::now() + Duration::from_secs(40);
    while !is_gone(family) {
        assert!(
            Instant::now() < limit,
            "these processes of a course lab that is over still run: {:?}",
            processes()
                .into_iter()
                .filter(|(id, _)| family.contains(id))
                .collect::<Vec<_>>()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}
