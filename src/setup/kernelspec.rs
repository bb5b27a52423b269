//! What JupyterLab has to know to offer and start the course's kernel.

use super::python;
use crate::home::Home;
use anyhow::{Context, Result};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// The name under which notebooks ask for the kernel.
pub const NAME: &str = "rust";

const LOGO: &str = include_str!("logo.svg");

/// The kernelspec's folder, inside the venv: JupyterLab finds it there, and nothing else on the machine does.
pub fn folder(home: &Home) -> PathBuf {
    python::folder(home).join("share/jupyter/kernels").join(NAME)
}

/// Whether the kernelspec is there and starts `course`, the program at the given path.
pub fn is_ready(home: &Home, course: &Path) -> bool {
    fs::read_to_string(folder(home).join("kernel.json")).is_ok_and(|there| there == text(home, course))
        && fs::read_to_string(folder(home).join("logo-svg.svg")).is_ok_and(|there| there == LOGO)
}

/// Writes the kernelspec.
pub fn write(home: &Home, course: &Path) -> Result<()> {
    let folder = folder(home);
    let failed = || format!("the kernelspec cannot be written into {}", folder.display());
    fs::create_dir_all(&folder).with_context(failed)?;
    fs::write(folder.join("logo-svg.svg"), LOGO).with_context(failed)?;
    fs::write(folder.join("kernel.json"), text(home, course)).with_context(failed)
}

fn text(home: &Home, course: &Path) -> String {
    let spec = json!({
        "argv": [course, "kernel", "--connection-file", "{connection_file}"],
        "display_name": "Rust (course)",
        "language": "rust",
        // An interrupt as a message, which stops the cell; as a signal it would stop the kernel.
        "interrupt_mode": "message",
        "metadata": { "debugger": false },
        // A notebook may lie outside the clone; its kernel still finds the library.
        "env": { "COURSE_HOME": home.root() },
    });
    format!("{spec:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_kernelspec_starts_this_program_with_the_connection_file() {
        let clone = tempfile::tempdir().unwrap();
        let home = Home::at(clone.path()).unwrap();
        write(&home, Path::new("/bin/course")).unwrap();

        let text = fs::read_to_string(folder(&home).join("kernel.json")).unwrap();
        let spec: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            spec["argv"],
            json!(["/bin/course", "kernel", "--connection-file", "{connection_file}"])
        );
        assert_eq!(spec["interrupt_mode"], "message");
        assert_eq!(spec["language"], "rust");
        assert!(folder(&home).join("logo-svg.svg").is_file());
    }

    #[test]
    fn a_program_that_moved_needs_a_new_kernelspec() {
        let clone = tempfile::tempdir().unwrap();
        let home = Home::at(clone.path()).unwrap();
        assert!(!is_ready(&home, Path::new("/bin/course")));
        write(&home, Path::new("/bin/course")).unwrap();
        assert!(is_ready(&home, Path::new("/bin/course")));
        assert!(!is_ready(&home, Path::new("/elsewhere/course")));
    }
}
