//! Warm kernels: a notebook takes the one that waits, and lives and dies with it.

mod support;

use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};
use support::client::{Kernel, execute_request};
use support::{course, root, set_up};

/// A kernel that waits for a notebook, as `course lab` keeps one.
struct Warm {
    process: Child,
    life: Option<ChildStdin>,
    group: String,
}

/// Only kernels of one group know each other: other tests start kernels in this clone, too.
const GROUP: &str = "COURSE_TEST_GROUP";

impl Warm {
    fn start() -> Self {
        set_up();
        let group = uuid();
        let mut process = course()
            .arg("warm-kernel")
            .env(GROUP, &group)
            .env("COURSE_HOME", root())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("course starts");
        let warm = Self {
            life: process.stdin.take(),
            process,
            group,
        };
        assert!(soon(|| warm.offer().is_file()), "the kernel waits");
        warm
    }

    /// The file that says that it waits.
    fn offer(&self) -> PathBuf {
        root().join(format!(".course/pool/{}.json", self.process.id()))
    }

    fn is_over(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(Some(_)))
    }

    /// A kernel for a notebook in `folder`, as Jupyter starts it.
    fn notebook(&self, folder: &Path) -> Kernel {
        let mut command = course();
        command.env(GROUP, &self.group).current_dir(folder);
        command.env("COURSE_HOME", root());
        Kernel::start_with(command, "kernel")
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn uuid() -> String {
    let folder = tempfile::tempdir().unwrap();
    folder.path().file_name().unwrap().to_string_lossy().into_owned()
}

fn soon(happened: impl FnMut() -> bool) -> bool {
    within(Duration::from_secs(60), happened)
}

fn within(limit: Duration, mut happened: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + limit;
    while !happened() {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// Starts a cell that never ends, and waits until it runs. Returns the request's id.
fn run_for_ever(kernel: &mut Kernel) -> String {
    let code = "println!(\"on\"); loop { std::thread::sleep(std::time::Duration::from_millis(5)); }";
    let request = execute_request(code, &json!({}));
    let id = request.header.msg_id.clone();
    kernel.send(request);
    kernel.wait_for_output(&id);
    id
}

/// The process that is the kernel, seen from its cells.
fn kernel_of_cells(kernel: &mut Kernel) -> u32 {
    let answer = kernel.execute("println!(\"{}\", std::os::unix::process::parent_id());");
    answer
        .stream("stdout")
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{answer:?}"))
}

#[test]
fn a_notebook_takes_the_kernel_that_waits_and_ends_it_when_it_ends() {
    let mut warm = Warm::start();
    let folder = tempfile::tempdir().unwrap();
    let mut kernel = warm.notebook(folder.path());
    assert_eq!(kernel_of_cells(&mut kernel), warm.process.id());
    assert!(!warm.offer().exists(), "nobody else finds it");

    // It is this notebook's kernel in all that a cell can see.
    let place = kernel.execute("println!(\"{}\", std::env::current_dir()?.display());");
    let expected = folder.path().canonicalize().unwrap();
    assert_eq!(place.stream("stdout").trim(), expected.to_string_lossy());
    assert_eq!(place.reply["execution_count"], 2);
    assert_eq!(kernel.execute("let a = 20; a + 1").result(), Some("21"));

    // What Jupyter does to the process that it has started, the kernel feels.
    let id = run_for_ever(&mut kernel);
    let stand_in = kernel.process.id().to_string();
    Command::new("kill").args(["-INT", &stand_in]).status().unwrap();
    let stopped = kernel.collect(&id);
    assert_eq!(stopped.reply["ename"], "KeyboardInterrupt", "{stopped:?}");

    kernel.shut_down(false);
    assert!(soon(|| warm.is_over()));
    assert_eq!(kernel.process.wait().unwrap().code(), Some(0));
}

#[test]
fn a_killed_notebook_takes_its_kernel_and_its_cells_with_it() {
    let mut warm = Warm::start();
    let mut kernel = warm.notebook(root());
    let cells = kernel
        .execute("println!(\"{}\", std::process::id());")
        .stream("stdout");
    run_for_ever(&mut kernel);
    kernel.process.kill().unwrap();
    kernel.process.wait().unwrap();
    assert!(soon(|| warm.is_over()), "the kernel ends");
    let is_there = |id: &str| {
        let status = Command::new("kill")
            .args(["-0", id])
            .stderr(Stdio::null())
            .status();
        status.unwrap().success()
    };
    assert!(soon(|| !is_there(cells.trim())), "its cells end");
}

#[test]
fn a_kernel_serves_only_those_who_would_have_started_the_same_and_goes_when_its_lab_goes() {
    let mut warm = Warm::start();
    let mut other = course();
    other.env(GROUP, &warm.group).env("COURSE_HOME", root());
    other.env("COURSE_DEVICE", "cpu");
    let mut other = Kernel::start_with(other, "kernel");
    assert_ne!(kernel_of_cells(&mut other), warm.process.id());
    assert!(warm.offer().is_file(), "it still waits");

    warm.life = None;
    assert!(soon(|| warm.is_over()));
    assert!(!warm.offer().exists());

    // The file of a kernel that was killed misleads nobody.
    let mut dead = Warm::start();
    dead.process.kill().unwrap();
    dead.process.wait().unwrap();
    assert!(dead.offer().is_file());
    let mut kernel = dead.notebook(root());
    assert_eq!(kernel_of_cells(&mut kernel), kernel.process.id());
    assert!(!dead.offer().exists());
}
