//! A build by the real cargo, of which the rustc command for the cell is kept.
//!
//! It is kept in the kernel's folder for the kernel's next cells, and once more for the kernels that start later
//! (`earlier`).

use super::earlier;
use super::inputs::{Input, inputs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

/// In the kernel's folder, where cargo is called.
const FILE: &str = ".course-build.json";

/// Where the recorder leaves the command of the cell.
const COMMAND_FILE: &str = "COURSE_BUILD_COMMAND";

/// How rustc was called for the cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RustcCommand {
    pub program: String,
    pub arguments: Vec<String>,
    pub environment: BTreeMap<String, String>,
}

impl RustcCommand {
    /// The value after an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        let at = self.arguments.iter().position(|argument| argument == name)?;
        self.arguments.get(at + 1).map(String::as_str)
    }

    /// The arguments, without those that colour messages.
    pub fn plain_arguments(&self) -> impl Iterator<Item = String> {
        self.arguments.iter().map(|argument| plain(argument))
    }

    /// The command of this process, if it can be written down and compiles a cell.
    fn of_cell(arguments: &[OsString]) -> Option<Self> {
        let mut arguments: Vec<String> = arguments
            .iter()
            .map(|argument| argument.to_str().map(str::to_owned))
            .collect::<Option<_>>()?;
        if arguments.is_empty() {
            return None;
        }
        let program = arguments.remove(0);
        let environment = std::env::vars_os()
            // The first would record again; the others name pipes that end with this cargo.
            .filter(|(name, _)| {
                ![
                    "RUSTC_WRAPPER",
                    COMMAND_FILE,
                    "CARGO_MAKEFLAGS",
                    "MAKEFLAGS",
                    "MFLAGS",
                ]
                .iter()
                .any(|own| name == own)
            })
            .map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect::<Option<_>>()?;
        let command = Self {
            program,
            arguments,
            environment,
        };
        let is_cell = command.option("--crate-name") == Some("ctx")
            && command.option("--crate-type") == Some("cdylib")
            && command.option("--out-dir").is_some();
        is_cell.then_some(command)
    }
}

/// Cargo has rustc colour its messages, and takes the colours out again for whoever reads JSON.
fn plain(argument: &str) -> String {
    match argument.strip_prefix("--json=") {
        Some(parts) => {
            let parts: Vec<&str> = parts
                .split(',')
                .filter(|part| *part != "diagnostic-rendered-ansi")
                .collect();
            format!("--json={}", parts.join(","))
        }
        None => argument.to_owned(),
    }
}

/// What a build was, and what it depended on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    pub key: String,
    pub command: RustcCommand,
    pub inputs: Vec<Input>,
}

impl Record {
    /// The last build in the current folder, if it was called in the same way and nothing has changed since.
    pub fn read(key: &str) -> Option<Self> {
        let record: Self = serde_json::from_slice(&fs::read(FILE).ok()?).ok()?;
        (record.key == key && record.inputs.iter().all(Input::is_unchanged)).then_some(record)
    }

    /// Keeps it for the next cells of the kernel in whose folder this is called.
    pub fn write(&self) -> Option<()> {
        let unfinished = Path::new(FILE).with_extension("part");
        fs::write(&unfinished, serde_json::to_vec(self).ok()?).ok()?;
        fs::rename(unfinished, FILE).ok()
    }

    /// Has the next build go to the real cargo.
    pub fn forget() {
        let _ = fs::remove_file(FILE);
    }
}

/// Runs the real cargo, and keeps what it does if it succeeds.
pub fn build(mut cargo: Command, recorder: &Path, arguments: &[OsString], key: &str) -> ExitCode {
    let Ok(folder) = std::env::current_dir() else {
        return ExitCode::FAILURE;
    };
    let command_file = folder.join(format!("{FILE}.{}", std::process::id()));
    Record::forget();
    let started = SystemTime::now();
    let status = cargo
        .args(arguments)
        .env("RUSTC_WRAPPER", recorder)
        .env(COMMAND_FILE, &command_file)
        .status();
    let exit = match status {
        Ok(status) => {
            if status.success()
                && let Some(record) = keep(&command_file, key, started)
            {
                earlier::keep(&record, arguments);
            }
            ExitCode::from(
                status
                    .code()
                    .and_then(|code| u8::try_from(code).ok())
                    .unwrap_or(101),
            )
        }
        Err(error) => {
            eprintln!("error: cargo cannot be started: {error}");
            ExitCode::from(127)
        }
    };
    let _ = fs::remove_file(command_file);
    exit
}

/// Writes the record, unless something was missing or changed meanwhile; then the next build is cargo's again.
fn keep(command_file: &Path, key: &str, started: SystemTime) -> Option<Record> {
    let command: RustcCommand = serde_json::from_slice(&fs::read(command_file).ok()?).ok()?;
    let depinfo = Path::new(command.option("--out-dir")?).parent()?.join("libctx.d");
    let mut libraries = vec![PathBuf::from(&command.program)];
    let externs = command.arguments.iter().zip(command.arguments.iter().skip(1));
    libraries.extend(
        externs
            .filter(|(option, _)| *option == "--extern")
            .filter_map(|(_, library)| library.split_once('=').map(|(_, path)| PathBuf::from(path))),
    );
    let sources = inputs(Vec::new(), &depinfo)?;
    // What was edited while cargo ran may not be in what it built. It writes its lock file itself.
    if sources
        .iter()
        .any(|input| input.is_newer_than(started) && !input.is_lock_file())
    {
        return None;
    }
    let record = Record {
        key: key.to_owned(),
        command,
        inputs: inputs(libraries, &depinfo)?,
    };
    record.write()?;
    Some(record)
}

/// Stands between cargo and rustc: writes the command of the cell down, and becomes rustc.
pub fn rustc(arguments: &[OsString]) -> ExitCode {
    if let (Some(file), Some(command)) = (std::env::var_os(COMMAND_FILE), RustcCommand::of_cell(arguments))
        && let Ok(text) = serde_json::to_vec(&command)
    {
        let _ = fs::write(file, text);
    }
    let Some((program, arguments)) = arguments.split_first() else {
        return ExitCode::FAILURE;
    };
    let error = Command::new(program).args(arguments).exec();
    eprintln!(
        "error: {} cannot be started: {error}",
        Path::new(program).display()
    );
    ExitCode::from(127)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_asked_for_without_colours() {
        assert_eq!(
            plain("--json=diagnostic-rendered-ansi,artifacts,future-incompat"),
            "--json=artifacts,future-incompat"
        );
        assert_eq!(plain("--emit=link"), "--emit=link");
    }
}
