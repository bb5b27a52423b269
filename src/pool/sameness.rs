//! Whether a kernel that waits is the one that would be started now: the same program, library and environment.

use crate::environment;
use crate::home::Home;
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

/// Carries a kernel's environment, as it was before the kernel changed it, over to the program that it becomes.
const STARTED_IN: &str = "COURSE_STARTED_IN";

/// Program and library; `None` where the library is not built.
pub fn made_from(home: &Home) -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let built = program.metadata().ok()?.modified().ok()?;
    let mut hash = Sha256::new();
    hash.update(program.as_os_str().as_bytes());
    hash.update(format!("{built:?}"));
    hash.update(environment::built_from(home)?);
    Some(hexadecimal(hash))
}

/// The environment variables that this process was started with.
pub fn started_in() -> String {
    std::env::var(STARTED_IN)
        .ok()
        .and_then(|text| text.strip_prefix(&own_mark()).map(str::to_owned))
        .unwrap_or_else(|| hash_of(std::env::vars_os()))
}

/// Lets a program that takes this process's place know in which environment it was started.
pub fn remember_environment(program: &mut Command) {
    program.env(STARTED_IN, format!("{}{}", own_mark(), started_in()));
}

/// The same of the kernel that this process works for, by the variable that it has inherited from it.
pub fn environment_of_kernel() -> Option<String> {
    let text = std::env::var(STARTED_IN).ok()?;
    Some(text.split_once(':')?.1.to_owned())
}

/// What this process starts inherits the variable, and has another number.
fn own_mark() -> String {
    format!("{}:", std::process::id())
}

fn hash_of(variables: impl Iterator<Item = (std::ffi::OsString, std::ffi::OsString)>) -> String {
    let mut variables: Vec<_> = variables.filter(|(name, _)| matters(name)).collect();
    variables.sort();
    let mut hash = Sha256::new();
    for part in variables.iter().flat_map(|(name, value)| [name, value]) {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    if tracing::enabled!(tracing::Level::TRACE) {
        tracing::trace!("an environment of {variables:?}");
    }
    hexadecimal(hash)
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a variable may change what a cell does. Jupyter tells each kernel who its parent and notebook are, Python
/// sets the locale of its own, and a shell says what it did last; that makes no other kernel.
fn matters(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let by_jupyter = ["JPY_", "JUPYTER", "PYDEVD_", "IPYTHON"]
        .iter()
        .any(|start| name.starts_with(start));
    let by_others = [
        "_", "PWD", "OLDPWD", "SHLVL", "LINES", "COLUMNS", "TERM", "LC_CTYPE", STARTED_IN,
    ];
    !by_jupyter && !by_others.contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn hash(variables: &[(&str, &str)]) -> String {
        let pairs = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        hash_of(pairs)
    }

    #[test]
    fn what_jupyter_and_a_shell_say_of_themselves_makes_no_other_kernel() {
        let plain = hash(&[("PATH", "/bin"), ("COURSE_DEVICE", "cpu")]);
        let said = [
            ("COURSE_DEVICE", "cpu"),
            ("JPY_SESSION_NAME", "a.ipynb"),
            ("PATH", "/bin"),
            ("PWD", "/tmp"),
        ];
        assert_eq!(hash(&said), plain);
    }

    #[test]
    fn what_a_cell_may_read_makes_another_kernel() {
        let plain = hash(&[("PATH", "/bin")]);
        assert_ne!(hash(&[("PATH", "/bin"), ("COURSE_DEVICE", "cpu")]), plain);
        assert_ne!(hash(&[("PATH", "/usr/bin")]), plain);
        assert_ne!(hash(&[("PATHbin", ""), ("", "/")]), plain);
    }
}
