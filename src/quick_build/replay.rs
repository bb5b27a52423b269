//! The recorded rustc command, run again for the next cell, with all that evcxr reads from cargo's output.

use super::SHARED_OBJECT;
use super::cell::QuickCell;
use super::record::{Record, RustcCommand};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

/// Errors of rustc that say that a library is missing, or is not the one that another was built with. Whether that is
/// the learner's doing, or ours, cargo finds out.
const ABOUT_LIBRARIES: [&str; 6] = ["E0460", "E0461", "E0462", "E0463", "E0514", "E0519"];

/// What rustc said and how it ended.
struct Outcome {
    status: ExitStatus,
    diagnostics: Vec<String>,
    other: Vec<String>,
}

/// Compiles the cell. `None` where the real cargo has to. `linker` is this program, by its name as a linker.
pub fn replay(record: &Record, linker: &Path) -> Option<ExitCode> {
    let command = &record.command;
    let shared_object = Path::new(command.option("--out-dir")?).join(format!(
        "{}ctx{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    let quick = QuickCell::of(command, linker);
    // Held to the end.
    let waiting = quick
        .as_ref()
        .and_then(|quick| quick.compile_by_waiting(command, &shared_object));
    if let Some((_, true)) = waiting {
        return answer(&shared_object, &[], true);
    }
    let mut outcome = compile(command, quick.as_ref())?;
    if quick.is_some() && outcome.failed_to_link() {
        outcome = compile(command, None)?;
    }
    let Outcome {
        status,
        diagnostics,
        other,
    } = outcome;

    let about_libraries = diagnostics.iter().any(|line| {
        ABOUT_LIBRARIES
            .iter()
            .any(|code| line.contains(&format!(r#""code":"{code}""#)))
    });
    // No code: a signal, so the learner interrupted, and wants no second compiler.
    let is_odd = status.code().is_some() && !status.success() && (diagnostics.is_empty() || about_libraries);
    if is_odd || (status.success() && !shared_object.is_file()) {
        Record::forget();
        return None;
    }
    for line in other {
        eprintln!("{line}");
    }
    answer(&shared_object, &diagnostics, status.success())
}

/// Tells evcxr what cargo would.
fn answer(shared_object: &Path, diagnostics: &[String], success: bool) -> Option<ExitCode> {
    let mut said = messages(diagnostics);
    if success {
        let file = std::env::var_os(SHARED_OBJECT)?;
        std::fs::write(file, shared_object.to_str()?).ok()?;
    }
    said.push_str(&finished(success));
    // Whoever asked may have gone; nothing is to be told then.
    let _ = std::io::stdout().write_all(said.as_bytes());
    Some(if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(101)
    })
}

fn compile(command: &RustcCommand, quick: Option<&QuickCell>) -> Option<Outcome> {
    let mut rustc = Command::new(&command.program);
    rustc
        .env_clear()
        .envs(&command.environment)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    match quick {
        Some(quick) => quick.prepare(&mut rustc),
        None => drop(rustc.args(command.plain_arguments())),
    }
    let mut rustc = rustc.spawn().ok()?;
    let (mut diagnostics, mut other) = (Vec::new(), Vec::new());
    for line in BufReader::new(rustc.stderr.take()?).split(b'\n') {
        let Ok(line) = line else { break };
        let text = String::from_utf8_lossy(&line).into_owned();
        if !line.starts_with(b"{") {
            other.push(text);
        } else if !text.contains(r#""$message_type":"artifact""#) {
            diagnostics.push(text);
        }
    }
    Some(Outcome {
        status: rustc.wait().ok()?,
        diagnostics,
        other,
    })
}

impl Outcome {
    /// Whether rustc was content with the cell, and only the linker was not.
    fn failed_to_link(&self) -> bool {
        let about_linker = ["linking with `", "could not exec the linker", "linker `"];
        !self.status.success()
            && self
                .diagnostics
                .iter()
                .any(|line| about_linker.iter().any(|words| line.contains(words)))
    }
}

/// rustc's messages as cargo passes them on.
fn messages(diagnostics: &[String]) -> String {
    diagnostics
        .iter()
        .map(|line| {
            format!(
                "{{\"reason\":\"compiler-message\",\"package_id\":\"ctx\",\"target\":{{\"name\":\"ctx\"}},\
                 \"message\":{line}}}\n"
            )
        })
        .collect()
}

fn finished(success: bool) -> String {
    format!("{{\"reason\":\"build-finished\",\"success\":{success}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustcs_messages_reach_evcxr_in_cargos_form() {
        let text = messages(&[r#"{"message":"oops","code":null}"#.to_owned()]);
        let message: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!(message["reason"], "compiler-message");
        assert_eq!(message["message"]["message"], "oops");
    }
}
