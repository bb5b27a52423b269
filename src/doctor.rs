//! `course doctor`: what is installed, and what to do about what is missing.

use crate::environment;
use crate::home::Home;
use crate::setup::{jupyter, kernelspec, python, space};
use crate::standard_library;
use anyhow::Result;
use std::fs;
use std::process::{Command, ExitCode, Stdio};

/// What a kernel needs with the library loaded, JupyterLab beside it, and some room for the learner's tensors.
const MEMORY: u64 = 4_000_000_000;

/// The packages of the Python environment that are worth a line.
const PACKAGES: [&str; 4] = ["jupyterlab", "nbgrader", "nbclient", "papermill"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// Missing, and the course runs without it or makes it by itself.
    Optional,
    /// Missing, and the course cannot run.
    Required,
}

/// One line of the report.
#[derive(Debug)]
struct Check {
    subject: &'static str,
    state: State,
    found: String,
    advice: &'static str,
}

impl Check {
    fn good(subject: &'static str, found: impl Into<String>) -> Self {
        Self {
            subject,
            state: State::Good,
            found: found.into(),
            advice: "",
        }
    }

    fn optional(subject: &'static str, found: impl Into<String>, advice: &'static str) -> Self {
        Self {
            subject,
            state: State::Optional,
            found: found.into(),
            advice,
        }
    }

    fn required(subject: &'static str, found: impl Into<String>, advice: &'static str) -> Self {
        Self {
            subject,
            state: State::Required,
            found: found.into(),
            advice,
        }
    }
}

/// Prints the report; fails if something is missing that the course cannot run without.
pub fn doctor(home: &Home) -> Result<ExitCode> {
    println!("the course is in {}\n", home.root().display());
    let checks: Vec<Check> = [tools(), built(home), machine(home), gpu()]
        .into_iter()
        .flatten()
        .collect();
    print!("{}", report(&checks));
    let missing = checks
        .iter()
        .filter(|check| check.state == State::Required)
        .count();
    if missing == 0 {
        println!("\nNothing that the course needs is missing; `cargo run -- lab` starts it.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nThe course cannot run before what is marked ✗ is put right.");
    Ok(ExitCode::FAILURE)
}

fn report(checks: &[Check]) -> String {
    let width = checks
        .iter()
        .map(|check| check.subject.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for check in checks {
        let mark = match check.state {
            State::Good => '✓',
            State::Optional => '!',
            State::Required => '✗',
        };
        text += &format!("{mark} {:width$}  {}\n", check.subject, check.found);
        if !check.advice.is_empty() {
            text += &format!("  {:width$}  → {}\n", "", check.advice);
        }
    }
    text
}

/// What has to be installed on the machine.
fn tools() -> Vec<Check> {
    const RUST: &str = "install Rust from https://rustup.rs and open a new terminal";
    const LINKER: &str = "install a C compiler (Debian, Ubuntu: `sudo apt install build-essential`; Fedora: `sudo dnf \
         install gcc`; macOS: `xcode-select --install`)";
    let required = |subject, program, advice| match first_line(program, &["--version"]) {
        Some(version) => Check::good(subject, version),
        None => Check::required(subject, "not found", advice),
    };
    vec![
        required("rustc", "rustc", RUST),
        required("cargo", "cargo", RUST),
        rust_src(),
        required("C compiler", "cc", LINKER),
        fast_linker(),
        match python::find(
            std::env::var_os("COURSE_PYTHON").as_deref(),
            std::env::var_os("PATH").as_deref(),
        ) {
            Ok(python) => Check::good(
                "Python",
                format!("{} at {}", python.version, python.program.display()),
            ),
            Err(error) => Check::required("Python", format!("{error:#}"), ""),
        },
    ]
}

fn rust_src() -> Check {
    let subject = "rust-src";
    if standard_library::installed().is_some() {
        Check::good(subject, "the standard library's source, for completion and types")
    } else {
        Check::optional(
            subject,
            "not installed; set-up asks rustup for it",
            "`rustup component add rust-src`",
        )
    }
}

fn fast_linker() -> Check {
    let subject = "fast linker";
    match ["mold", "ld.lld"]
        .iter()
        .find_map(|name| first_line(name, &["--version"]))
    {
        Some(version) => Check::good(subject, version),
        None => Check::good(subject, "neither mold nor lld; not needed"),
    }
}

/// What the course makes by itself.
fn built(home: &Home) -> Vec<Check> {
    const SET_UP: &str = "`cargo run -- lab` makes it";
    let mut checks = Vec::new();

    let subject = "Python environment";
    checks.push(match python::is_ready(home) {
        Ok(true) => Check::good(subject, packages(home).join(", ")),
        Ok(false) => Check::optional(
            subject,
            "not installed, or not as requirements.lock has it",
            SET_UP,
        ),
        Err(error) => Check::required(
            subject,
            format!("{error:#}"),
            "restore the file, for example with git",
        ),
    });

    let subject = "notebook environment";
    checks.push(match environment::is_ready(home) {
        Ok(true) => Check::good(subject, "built"),
        Ok(false) => Check::optional(subject, "not built, or the library has changed since", SET_UP),
        Err(error) => Check::optional(subject, format!("{error:#}"), SET_UP),
    });

    let subject = "kernel";
    let ready = std::env::current_exe().is_ok_and(|course| kernelspec::is_ready(home, &course));
    checks.push(if ready {
        Check::good(subject, "known to JupyterLab")
    } else {
        Check::optional(
            subject,
            "not known to JupyterLab, or it knows another `course`",
            SET_UP,
        )
    });

    if let Some(running) = jupyter::running(home) {
        checks.push(Check::good(
            "JupyterLab",
            format!("running on port {}", running.port),
        ));
    }
    checks
}

/// The main packages of the Python environment, with their versions: the folders pip leaves are named after them.
fn packages(home: &Home) -> Vec<String> {
    let libraries = fs::read_dir(python::folder(home).join("lib"))
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<String> = libraries
        .filter_map(|library| fs::read_dir(library.path().join("site-packages")).ok())
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (name, version) = name.strip_suffix(".dist-info")?.split_once('-')?;
            PACKAGES.contains(&name).then(|| format!("{name} {version}"))
        })
        .collect();
    found.sort();
    found
}

fn machine(home: &Home) -> Vec<Check> {
    let mut checks = Vec::new();
    let subject = "free disk space";
    checks.push(match space::free(&home.state()) {
        Ok(free) if is_all_built(home) || free >= space::PYTHON_ENVIRONMENT + space::NOTEBOOK_ENVIRONMENT => {
            Check::good(subject, space::gigabytes(free))
        }
        Ok(free) => Check::required(
            subject,
            format!(
                "{}; a first set-up takes {}",
                space::gigabytes(free),
                space::gigabytes(space::PYTHON_ENVIRONMENT + space::NOTEBOOK_ENVIRONMENT)
            ),
            "make room, or clone the course on another disk",
        ),
        Err(error) => Check::optional(subject, format!("{error:#}"), ""),
    });

    let subject = "memory";
    checks.push(match memory() {
        Some(bytes) if bytes >= MEMORY => Check::good(subject, space::gigabytes(bytes)),
        Some(bytes) => Check::optional(
            subject,
            format!(
                "{}; {} are comfortable",
                space::gigabytes(bytes),
                space::gigabytes(MEMORY)
            ),
            "shut down the kernels of notebooks you are done with (Kernel > Shut Down Kernel)",
        ),
        None => Check::optional(subject, "this system does not say", ""),
    });
    checks
}

fn is_all_built(home: &Home) -> bool {
    python::is_ready(home).unwrap_or(false) && environment::is_ready(home).unwrap_or(false)
}

/// The machine's memory in bytes.
fn memory() -> Option<u64> {
    if cfg!(target_os = "macos") {
        return first_line("sysctl", &["-n", "hw.memsize"])?.parse().ok();
    }
    memory_in(&fs::read_to_string("/proc/meminfo").ok()?)
}

fn memory_in(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn gpu() -> Vec<Check> {
    let query = [
        "--query-gpu=name,memory.total,driver_version",
        "--format=csv,noheader",
    ];
    let Some(device) = first_line("nvidia-smi", &query) else {
        return vec![Check::good("GPU", "none seen; everything runs on the CPU")];
    };
    let toolkit = match nvcc_release() {
        Some(version) => Check::good("CUDA toolkit", version),
        None => Check::optional(
            "CUDA toolkit",
            "nvcc is not on the PATH, so training stays on the CPU",
            "install NVIDIA's CUDA toolkit to train on the GPU",
        ),
    };
    vec![Check::good("GPU", device), toolkit]
}

fn nvcc_release() -> Option<String> {
    let output = Command::new("nvcc")
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .find(|line| line.contains("release"))
        .map(|line| line.trim().to_owned())
}

/// The first line that a program prints, if it is there and succeeds.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next()?.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_marks_each_state_and_says_what_to_do() {
        let checks = [
            Check::good("cargo", "1.95"),
            Check::optional("memory", "2 GB", "close a kernel"),
            Check::required("C compiler", "not found", "install one"),
        ];
        let text = report(&checks);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "✓ cargo       1.95");
        assert_eq!(lines[1], "! memory      2 GB");
        assert_eq!(lines[2], "              → close a kernel");
        assert_eq!(lines[3], "✗ C compiler  not found");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn a_program_that_is_missing_or_fails_has_no_version() {
        assert_eq!(first_line("no-such-program", &[]), None);
        assert_eq!(first_line("sh", &["-c", "echo something; exit 1"]), None);
        assert_eq!(
            first_line("sh", &["-c", "echo one; echo two"]),
            Some("one".into())
        );
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(
            memory_in("MemTotal:        8000 kB\nMemFree: 1 kB\n"),
            Some(8_192_000)
        );
        assert_eq!(memory_in("nothing of the kind"), None);
    }

    #[test]
    fn the_packages_are_those_that_pip_installed() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        assert!(packages(&home).is_empty());
        let site = python::folder(&home).join("lib/python3.11/site-packages");
        for name in [
            "jupyterlab-4.6.6.dist-info",
            "jupyterlab_server-2.28.1.dist-info",
            "nbgrader",
        ] {
            fs::create_dir_all(site.join(name)).unwrap();
        }
        assert_eq!(packages(&home), ["jupyterlab 4.6.6"]);
    }
}
