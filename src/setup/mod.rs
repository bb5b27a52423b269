//! Everything between a fresh clone and the first cell: the Python environment, the notebook environment, the
//! kernelspec, and then JupyterLab itself.
//!
//! Each part knows whether it is ready, so that a second start skips it and an interrupted one goes on.

pub mod jupyter;
pub mod kernelspec;
pub mod lock;
pub mod python;
pub mod space;
pub mod steps;
mod trouble;

use crate::environment;
use crate::home::Home;
use crate::standard_library;
use anyhow::{Context, Result, bail};
use lock::Lock;
use serde::Deserialize;
use std::collections::HashSet;
use std::process::Command;
use steps::Step;
pub use steps::Steps;

/// Makes everything that a notebook needs, as far as it is not there yet.
///
/// Only one `course` does so at a time in one clone; another waits for it, and then finds everything ready.
pub fn run(home: &Home, steps: &mut Steps) -> Result<()> {
    make_all(home, steps).map_err(space::explain)
}

fn make_all(home: &Home, steps: &mut Steps) -> Result<()> {
    let lock = Lock::take(&home.state().join("setup.lock"), || {
        eprintln!("waiting for another `course` that is setting up this clone ...");
    })?;

    let python_is_ready = python::is_ready(home)?;
    let notebook_is_ready = environment::is_ready(home)?;
    check_space(home, python_is_ready, notebook_is_ready)?;

    let title = "Python environment";
    if python_is_ready {
        steps.ready(title);
    } else {
        if let Some(running) = jupyter::running(home) {
            bail!(
                "the Python environment has to be made anew, and JupyterLab runs in it at {}; stop that first",
                running.url
            );
        }
        steps.run(title, |step| python::install(home, &lock, step))?;
    }

    let title = "notebook environment";
    if notebook_is_ready {
        steps.ready(title);
    } else {
        steps.run(title, |step| build_notebook_environment(home, &lock, step))?;
    }

    let course = std::env::current_exe().context("this program's own path cannot be read")?;
    if kernelspec::is_ready(home, &course) {
        steps.ready("kernel");
    } else {
        steps.run("kernel", |_| kernelspec::write(home, &course))?;
    }
    Ok(())
}

/// Asks for the room that the missing parts need, before minutes are spent on them.
fn check_space(home: &Home, python_is_ready: bool, notebook_is_ready: bool) -> Result<()> {
    let python = if python_is_ready {
        0
    } else {
        space::PYTHON_ENVIRONMENT
    };
    let notebook = if notebook_is_ready {
        0
    } else {
        space::NOTEBOOK_ENVIRONMENT
    };
    // Mostly one disk; where cargo's target folder is on another, each gets a little too much asked of it.
    space::check(&home.state(), python + notebook)?;
    if notebook_is_ready {
        return Ok(());
    }
    space::check(&environment::target(home)?, notebook)
}

fn build_notebook_environment(home: &Home, lock: &Lock, step: &Step) -> Result<()> {
    step.say("looking up the crates");
    let builds = environment::build_commands(home)?;
    step.child(environment::fetch_command(home).stdin(lock.as_stdin()?), |_| true)?;
    if let Some(crates) = count_crates(&builds[0], lock, step) {
        step.set_total(crates * builds.len() as u64, "crates");
    }

    let mut compiled = HashSet::new();
    for (pass, mut build) in builds.into_iter().enumerate() {
        step.child(build.stdin(lock.as_stdin()?), |line| {
            match CargoLine::parse(line) {
                CargoLine::Compiled(package) => {
                    compiled.insert((pass, package));
                    step.set_done(compiled.len() as u64);
                }
                CargoLine::Now(message) => step.say(message),
                CargoLine::ForMachines => {}
                CargoLine::ForPeople => return true,
            }
            false
        })?;
    }
    step.say("copying the standard library's source for rust-analyzer");
    standard_library::make(home)?;
    environment::mark_ready(home)
}

/// How many crates a build command compiles, if cargo can say: `cargo tree` with the same folder, environment and
/// target knows it without compiling anything.
fn count_crates(build: &Command, lock: &Lock, step: &Step) -> Option<u64> {
    let mut tree = Command::new(build.get_program());
    tree.args([
        "tree",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let mut options = build.get_args();
    if options.any(|option| option == "--target") {
        tree.arg("--target").args(options.next());
    }
    if let Some(folder) = build.get_current_dir() {
        tree.current_dir(folder);
    }
    for (name, value) in build.get_envs() {
        match value {
            Some(value) => tree.env(name, value),
            None => tree.env_remove(name),
        };
    }
    let mut crates = HashSet::new();
    // If it fails, the build that follows says why.
    step.child(tree.stdin(lock.as_stdin().ok()?), |line| {
        if let Some(name) = crate_of_tree_line(line) {
            crates.insert(name);
        } else if let CargoLine::Now(message) = CargoLine::parse(line) {
            step.say(message);
        }
        true
    })
    .ok()?;
    Some(crates.len() as u64)
}

/// The crate and version of a line such as "serde v1.0.229 (*)"; what cargo says meanwhile is indented.
fn crate_of_tree_line(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let (name, version) = (words.next()?, words.next()?);
    (!name.is_empty() && version.starts_with('v')).then(|| format!("{name} {version}"))
}

/// A line of cargo's output, by what it means for the bar.
#[derive(Debug, PartialEq)]
enum CargoLine {
    /// A package's library or program is there, compiled now or before.
    Compiled(String),
    /// What cargo is doing.
    Now(String),
    ForMachines,
    ForPeople,
}

impl CargoLine {
    fn parse(line: &str) -> Self {
        #[derive(Deserialize)]
        struct Message {
            reason: String,
            package_id: Option<String>,
            target: Option<Target>,
        }
        #[derive(Deserialize)]
        struct Target {
            kind: Vec<String>,
        }

        if line.starts_with('{') {
            let Ok(message) = serde_json::from_str::<Message>(line) else {
                return Self::ForMachines;
            };
            // A package with a build script is done only when what the script prepares is compiled as well.
            let is_script = message
                .target
                .is_some_and(|target| target.kind.iter().any(|kind| kind == "custom-build"));
            return match message.package_id {
                Some(package) if message.reason == "compiler-artifact" && !is_script => {
                    Self::Compiled(package)
                }
                _ => Self::ForMachines,
            };
        }
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("Compiling" | "Checking"), Some(name)) => Self::Now(name.to_owned()),
            (Some("Downloading" | "Downloaded" | "Updating" | "Locking"), Some(_)) => {
                Self::Now(line.trim().to_lowercase())
            }
            (Some("Blocking"), _) => Self::Now("waiting for another cargo".to_owned()),
            _ => Self::ForPeople,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_the_tree_lists_twice_is_one_crate() {
        assert_eq!(
            crate_of_tree_line("serde v1.0.229"),
            Some("serde v1.0.229".into())
        );
        assert_eq!(
            crate_of_tree_line("serde v1.0.229 (*)"),
            Some("serde v1.0.229".into())
        );
        assert_eq!(crate_of_tree_line("  Downloaded serde v1.0.229"), None);
        assert_eq!(crate_of_tree_line(""), None);
    }

    #[test]
    fn the_bar_counts_libraries_and_not_build_scripts() {
        let artifact = |kind: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","package_id":"dfdx@0.13.0","target":{{"kind":["{kind}"]}}}}"#
            )
        };
        assert_eq!(
            CargoLine::parse(&artifact("lib")),
            CargoLine::Compiled("dfdx@0.13.0".into())
        );
        assert_eq!(
            CargoLine::parse(&artifact("proc-macro")),
            CargoLine::Compiled("dfdx@0.13.0".into())
        );
        assert_eq!(
            CargoLine::parse(&artifact("custom-build")),
            CargoLine::ForMachines
        );
        assert_eq!(
            CargoLine::parse(r#"{"reason":"build-finished","success":true}"#),
            CargoLine::ForMachines
        );
    }

    #[test]
    fn what_cargo_does_is_told_and_what_it_complains_about_is_kept() {
        assert_eq!(
            CargoLine::parse("   Compiling polars-core v0.55.0"),
            CargoLine::Now("polars-core".into())
        );
        assert_eq!(
            CargoLine::parse("    Blocking waiting for file lock on build directory"),
            CargoLine::Now("waiting for another cargo".into())
        );
        assert_eq!(
            CargoLine::parse("error[E0308]: mismatched types"),
            CargoLine::ForPeople
        );
        assert_eq!(
            CargoLine::parse("{ a brace in a program's own words"),
            CargoLine::ForMachines
        );
    }
}
