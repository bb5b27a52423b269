//! The Python environment: a venv below the clone that holds JupyterLab, nbgrader and what they need, at the
//! versions that `requirements.lock` pins.

use super::lock::Lock;
use super::steps::Step;
use crate::home::Home;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What papermill needs to write parameters as Rust, and how it finds that.
const PAPERMILL: &str = include_str!("papermill.py");
const PAPERMILL_ENTRY: &str = "[papermill.engine]\ncourse-rust-parameters = course_papermill:NoEngine\n";
const PAPERMILL_METADATA: &str = "Metadata-Version: 2.1\nName: course-papermill\nVersion: 1\n";

/// The oldest Python that JupyterLab and nbgrader still run on.
const OLDEST: Version = Version(3, 10);

/// Where a Python is looked for, unless `COURSE_PYTHON` names one. `python3` comes first because it is the one
/// whose owner keeps it in order; the others are for machines where that one is too old.
const NAMES: [&str; 7] = [
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python3.14",
    "python",
];

/// The venv's folder.
pub fn folder(home: &Home) -> PathBuf {
    home.state().join("python")
}

/// A program of the venv, such as `python` or `jupyter-lab`.
pub fn program(home: &Home, name: &str) -> PathBuf {
    folder(home).join("bin").join(name)
}

/// Whether the venv holds what the lock file says, for the Python that runs it and the place it is at.
pub fn is_ready(home: &Home) -> Result<bool> {
    let Ok(stamp) = fs::read_to_string(stamp(home)) else {
        return Ok(false);
    };
    // A Python that was removed or upgraded leaves a venv that does not run.
    let Ok(python) = Python::probe(program(home, "python").as_os_str(), None) else {
        return Ok(false);
    };
    if let Some(named) = std::env::var_os("COURSE_PYTHON")
        && Python::probe(&named, None).is_ok_and(|named| named.version != python.version)
    {
        return Ok(false);
    }
    Ok(stamp == expected_stamp(home, python.version)?)
}

/// Makes the venv and installs the lock file's packages into it.
pub fn install(home: &Home, lock: &Lock, step: &Step) -> Result<()> {
    step.say("looking for Python");
    let python = find(
        std::env::var_os("COURSE_PYTHON").as_deref(),
        std::env::var_os("PATH").as_deref(),
    )?;

    // A venv without its stamp is a set-up that was interrupted, or one of another lock file. pip would leave the
    // half-written and the surplus packages in it, so it is made anew.
    let folder = folder(home);
    if folder.exists() {
        step.say("removing the old environment");
        fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }

    step.say(format!("making an environment with Python {}", python.version));
    let mut venv = python.command();
    venv.args(["-m", "venv"]).stdin(lock.as_stdin()?);
    if !python.has_ensurepip {
        venv.arg("--without-pip");
    }
    step.child(venv.arg(&folder), |_| true)?;

    let own = program(home, "python");
    let mut pip = if python.has_ensurepip {
        let mut pip = python_command(&own);
        pip.args(["-m", "pip"]);
        pip
    } else {
        let mut pip = python.command();
        pip.args(["-m", "pip", "--python"]).arg(&own);
        pip
    };
    pip.args([
        "install",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-input",
    ])
    .args(["--disable-pip-version-check", "--progress-bar", "off", "-r"])
    .arg(lock_file(home))
    // Options that people set for every day, and that have no place in a venv.
    .env_remove("PIP_USER")
    .env_remove("PIP_TARGET")
    .env_remove("PIP_PREFIX")
    .env_remove("PIP_REQUIRE_VIRTUALENV")
    .stdin(lock.as_stdin()?);
    if std::env::var_os("PIP_CACHE_DIR").is_none() {
        pip.env("PIP_CACHE_DIR", download_cache(home));
    }
    step.child(&mut pip, |line| {
        if let Some(message) = progress(line) {
            step.say(message);
        }
        true
    })?;

    teach_papermill(&own)?;
    let version = Python::probe(own.as_os_str(), None)?.version;
    let stamp = stamp(home);
    fs::write(&stamp, expected_stamp(home, version)?)
        .with_context(|| format!("{} cannot be written", stamp.display()))?;
    // The downloads were kept for the case that the installation is interrupted.
    let _ = fs::remove_dir_all(download_cache(home));
    Ok(())
}

/// Puts a package into the venv by which papermill knows how to write parameters for a Rust notebook.
fn teach_papermill(python: &Path) -> Result<()> {
    let output = python_command(python)
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        .output()
        .with_context(|| format!("{} cannot be run", python.display()))?;
    let packages = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let about = packages.join("course_papermill-1.dist-info");
    let write = || {
        fs::create_dir_all(&about)?;
        fs::write(packages.join("course_papermill.py"), PAPERMILL)?;
        fs::write(about.join("METADATA"), PAPERMILL_METADATA)?;
        fs::write(about.join("entry_points.txt"), PAPERMILL_ENTRY)
    };
    write().with_context(|| format!("{} cannot be written", packages.display()))
}

/// A Python that can make the environment, and how.
#[derive(Debug)]
pub struct Python {
    pub program: PathBuf,
    pub version: Version,
    // Debian and Ubuntu ship it in a package of its own, python3-venv.
    has_ensurepip: bool,
    // 22.3 and newer can install into an environment that has no pip.
    has_pip_for_others: bool,
}

/// A Python's first two version numbers: those that decide which packages fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Prints what [`Python::probe`] reads. It has to run on any Python, Python 2 among them.
const PROBE: &str = r#"
import sys
def has(name):
    try:
        return __import__(name)
    except Exception:
        return None
print("%d %d" % sys.version_info[:2])
print(sys.executable)
# Where it was removed, an empty folder of its name still counts as a module.
print("yes" if has("venv") and hasattr(has("ensurepip"), "bootstrap") else "no")
pip = getattr(has("pip"), "__version__", "0.0")
print("yes" if has("venv") and [int(n) for n in pip.split(".")[:2]] >= [22, 3] else "no")
"#;

impl Python {
    /// Runs `program`, looked for in `path` if it is a bare name, and asks it what it can do.
    fn probe(program: &OsStr, path: Option<&OsStr>) -> Result<Self> {
        let mut command = python_command(program.as_ref());
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command
            .args(["-c", PROBE])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} cannot be run", program.to_string_lossy()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Self::parse(&text)
            .with_context(|| format!("{} does not answer as Python does", program.to_string_lossy()))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (major, minor) = lines.next()?.split_once(' ')?;
        Some(Self {
            version: Version(major.parse().ok()?, minor.parse().ok()?),
            program: PathBuf::from(lines.next()?),
            has_ensurepip: lines.next()? == "yes",
            has_pip_for_others: lines.next()? == "yes",
        })
    }

    fn can_make_environments(&self) -> bool {
        self.has_ensurepip || self.has_pip_for_others
    }

    fn command(&self) -> Command {
        python_command(&self.program)
    }
}

/// A command for a Python that sees its own packages and no others.
fn python_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("PYTHONHOME").env_remove("PYTHONPATH");
    command
}

/// The Python that `COURSE_PYTHON` names, else the first on the PATH that is new enough and can make a venv.
pub fn find(named: Option<&OsStr>, path: Option<&OsStr>) -> Result<Python> {
    if let Some(named) = named {
        let python = Python::probe(named, path).context(
            "the Python that COURSE_PYTHON names does not run; set it to the path of a Python 3.10 or newer, or unset it",
        )?;
        return usable(python);
    }
    let mut unusable = Vec::new();
    for name in NAMES {
        if let Ok(python) = Python::probe(name.as_ref(), path) {
            if python.version >= OLDEST && python.can_make_environments() {
                return Ok(python);
            }
            unusable.push(python);
        }
    }
    // The complaint is about the one that is nearest to being good.
    let best = unusable.into_iter().min_by_key(|python| python.version < OLDEST);
    match best {
        Some(python) => usable(python),
        None => bail!(
            "no Python was found, and JupyterLab needs one; install Python 3.10 or newer (Debian, Ubuntu: `sudo apt \
             install python3 python3-venv`; Fedora: `sudo dnf install python3`; macOS: `brew install python`), or set \
             COURSE_PYTHON to the path of one, and start again"
        ),
    }
}

fn usable(python: Python) -> Result<Python> {
    let program = python.program.display();
    let version = python.version;
    if version < OLDEST {
        bail!(
            "{program} is Python {version}, and JupyterLab needs {OLDEST} or newer; install one, or set COURSE_PYTHON \
             to the path of one, and start again"
        );
    }
    if !python.can_make_environments() {
        bail!(
            "{program} (Python {version}) cannot make an environment, because its venv module is missing; install it \
             (Debian, Ubuntu: `sudo apt install python3-venv`) and start again"
        );
    }
    Ok(python)
}

/// What pip does, from a line of its output, in words for the running line.
fn progress(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("Collecting ") {
        Some(format!("looking up {}", rest.split([' ', ';', '=']).next()?))
    } else if let Some(rest) = line.strip_prefix("Downloading ") {
        let (file, size) = rest.split_once(' ').unwrap_or((rest, ""));
        let name = file.rsplit('/').next()?.split('-').next()?;
        Some(format!("downloading {name} {size}").trim_end().to_owned())
    } else {
        line.strip_prefix("Installing collected packages: ")
            .map(|names| format!("installing {} packages", names.split(", ").count()))
    }
}

fn lock_file(home: &Home) -> PathBuf {
    home.root().join("requirements.lock")
}

fn download_cache(home: &Home) -> PathBuf {
    home.state().join("pip-cache")
}

/// Lies inside the venv, so that it goes with it.
fn stamp(home: &Home) -> PathBuf {
    folder(home).join("course.stamp")
}

/// What the stamp of a complete venv says. The place belongs to it: the programs of a venv name it, so a clone
/// that was moved needs a new one.
fn expected_stamp(home: &Home, version: Version) -> Result<String> {
    let path = lock_file(home);
    let lock = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut contents = Sha256::new();
    for content in [lock.as_slice(), PAPERMILL.as_bytes(), PAPERMILL_ENTRY.as_bytes()] {
        contents.update(content);
    }
    let hash: String = contents
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!(
        "packages {hash}\npython {version}\nplace {}\n",
        folder(home).display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    /// A folder of programs that stand for Pythons.
    struct Programs(TempDir);

    impl Programs {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        /// A program that answers the probe: whether it has ensurepip, and a pip of 22.3 or newer.
        fn python(self, name: &str, version: &str, ensurepip: &str, pip: &str) -> Self {
            let path = self.0.path().join(name);
            let answer = format!("{version}\\n{}\\n{ensurepip}\\n{pip}\\n", path.display());
            self.script(name, &format!("printf '{answer}'"))
        }

        fn script(self, name: &str, body: &str) -> Self {
            let path = self.0.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            self
        }

        fn find(&self) -> Result<Python> {
            find(None, Some(self.0.path().as_os_str()))
        }

        /// The name of the Python that is found.
        fn found(&self) -> String {
            let python = self.find().unwrap();
            python.program.file_name().unwrap().to_string_lossy().into_owned()
        }

        fn complaint(&self) -> String {
            self.find().unwrap_err().to_string()
        }
    }

    #[test]
    fn python3_is_taken_when_it_is_new_enough() {
        let programs = Programs::new().python("python3", "3 11", "yes", "yes").python(
            "python3.13",
            "3 13",
            "yes",
            "yes",
        );
        assert_eq!(programs.found(), "python3");
    }

    #[test]
    fn a_newer_python_is_taken_when_python3_is_too_old() {
        let programs = Programs::new()
            .python("python3", "3 8", "yes", "yes")
            .python("python3.12", "3 12", "yes", "no")
            .python("python", "2 7", "no", "no");
        assert_eq!(programs.found(), "python3.12");
    }

    #[test]
    fn a_python_that_can_make_environments_is_preferred() {
        let programs =
            Programs::new()
                .python("python3", "3 11", "no", "no")
                .python("python3.10", "3 10", "no", "yes");
        assert_eq!(programs.found(), "python3.10");
    }

    #[test]
    fn a_program_that_only_stands_in_for_python_is_passed_over() {
        let programs = Programs::new()
            .script("python3.13", "echo 'version 3.13 is not installed' >&2; exit 127")
            .python("python", "3 10", "yes", "yes");
        assert_eq!(programs.found(), "python");
    }

    #[test]
    fn without_any_python_the_learner_is_told_what_to_install() {
        let said = Programs::new().complaint();
        assert!(
            said.starts_with("no Python was found") && said.contains("apt install"),
            "{said}"
        );
    }

    #[test]
    fn a_python_that_is_too_old_is_named_with_its_version() {
        let said = Programs::new().python("python3", "3 9", "yes", "yes").complaint();
        assert!(
            said.contains("is Python 3.9") && said.contains("needs 3.10"),
            "{said}"
        );
    }

    #[test]
    fn debian_without_python3_venv_is_told_which_package_is_missing() {
        let said = Programs::new().python("python3", "3 11", "no", "no").complaint();
        assert!(said.contains("apt install python3-venv"), "{said}");
    }

    #[test]
    fn a_course_python_that_does_not_run_is_an_error_even_beside_a_good_one() {
        let programs = Programs::new().python("python3", "3 11", "yes", "yes");
        let path = Some(programs.0.path().as_os_str());
        let error = find(Some("/no/such/python".as_ref()), path).unwrap_err();
        assert!(error.to_string().contains("COURSE_PYTHON"), "{error}");
    }

    #[test]
    fn a_changed_lock_file_a_new_python_and_a_moved_clone_each_need_a_new_environment() {
        let (clone, moved) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (home, elsewhere) = (Home::at(clone.path()).unwrap(), Home::at(moved.path()).unwrap());
        fs::write(lock_file(&home), "a==1").unwrap();
        fs::write(lock_file(&elsewhere), "a==1").unwrap();
        let stamp = expected_stamp(&home, Version(3, 11)).unwrap();

        assert_ne!(stamp, expected_stamp(&home, Version(3, 12)).unwrap());
        assert_ne!(stamp, expected_stamp(&elsewhere, Version(3, 11)).unwrap());
        fs::write(lock_file(&home), "a==2").unwrap();
        assert_ne!(stamp, expected_stamp(&home, Version(3, 11)).unwrap());
    }

    #[test]
    fn an_interrupted_installation_is_not_ready_and_a_finished_one_is() {
        let clone = tempfile::tempdir().unwrap();
        let home = Home::at(clone.path()).unwrap();
        fs::write(lock_file(&home), "a==1").unwrap();
        let bin = folder(&home).join("bin");
        fs::create_dir_all(&bin).unwrap();
        let programs = Programs::new().python("python", "3 11", "yes", "yes");
        fs::copy(programs.0.path().join("python"), bin.join("python")).unwrap();
        assert!(!is_ready(&home).unwrap(), "there is no stamp yet");

        fs::write(stamp(&home), expected_stamp(&home, Version(3, 11)).unwrap()).unwrap();
        assert!(is_ready(&home).unwrap());
        fs::remove_file(bin.join("python")).unwrap();
        assert!(!is_ready(&home).unwrap(), "its Python has gone");
    }

    #[test]
    fn pips_lines_become_short_messages() {
        let said = |line| progress(line).unwrap();
        assert_eq!(
            said("Collecting jupyterlab==4.6.6 (from -r requirements.lock (line 3))"),
            "looking up jupyterlab"
        );
        assert_eq!(
            said("  Downloading jupyterlab-4.6.6-py3-none-any.whl (12.4 MB)"),
            "downloading jupyterlab (12.4 MB)"
        );
        assert_eq!(
            said("Installing collected packages: six, tornado, nbgrader"),
            "installing 3 packages"
        );
        assert_eq!(progress("Successfully installed six-1.17.0"), None);
    }
}
