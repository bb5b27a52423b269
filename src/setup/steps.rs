//! The steps of a set-up: what runs now and for how long, and at the end where the time went.

use super::trouble;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How many of a failed child's last lines are shown.
const LAST_LINES: usize = 15;

/// Runs steps one after the other and remembers how long each took.
#[derive(Debug)]
pub struct Steps {
    // A terminal gets a running line; a log file or a pipe gets a line at the start and one at the end.
    terminal: bool,
    taken: Vec<(String, Option<Duration>)>,
}

impl Default for Steps {
    fn default() -> Self {
        Self::new()
    }
}

impl Steps {
    pub fn new() -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|name| name == "dumb");
        Self {
            terminal: std::io::stderr().is_terminal() && !dumb,
            taken: Vec::new(),
        }
    }

    /// Runs one step, and tells what it does meanwhile.
    pub fn run<T>(&mut self, title: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let started = Instant::now();
        let step = Step::start(title, self.terminal);
        let result = work(&step);
        let took = started.elapsed();
        if let Some(bar) = &step.bar {
            bar.finish_and_clear();
        }
        let mark = if result.is_ok() { '✓' } else { '✗' };
        eprintln!("{mark} {title}  {}", duration(took));
        self.taken.push((title.to_owned(), Some(took)));
        result
    }

    /// Tells that a step has nothing to do.
    pub fn ready(&mut self, title: &str) {
        eprintln!("✓ {title}  ready");
        self.taken.push((title.to_owned(), None));
    }

    /// Prints the time of each step, if they took long enough for someone to wonder.
    pub fn summary(&self) {
        if let Some(table) = self.table() {
            eprint!("\n{table}");
        }
    }

    fn table(&self) -> Option<String> {
        let total: Duration = self.taken.iter().filter_map(|(_, took)| *took).sum();
        if total < Duration::from_secs(10) {
            return None;
        }
        let total = ("in all".to_owned(), Some(total));
        let rows: Vec<_> = self.taken.iter().chain([&total]).collect();
        let width = rows
            .iter()
            .map(|(title, _)| title.chars().count())
            .max()
            .unwrap_or(0);
        let mut table = String::new();
        for (title, took) in rows {
            let took = took.map_or("ready".to_owned(), duration);
            let _ = writeln!(table, "  {title:width$}  {took:>12}");
        }
        Some(table)
    }
}

/// A step under way.
#[derive(Debug)]
pub struct Step {
    bar: Option<ProgressBar>,
}

impl Step {
    fn start(title: &str, terminal: bool) -> Self {
        if !terminal {
            eprintln!("  {title} ...");
            return Self { bar: None };
        }
        let bar = ProgressBar::new_spinner();
        bar.set_style(style("{spinner} {prefix}  {elapsed}  {wide_msg}"));
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar: Some(bar) }
    }

    /// Says what the step does now.
    pub fn say(&self, message: impl Into<String>) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.into());
        }
    }

    /// Turns the running line into a bar of `total` parts, called `parts`.
    pub fn set_total(&self, total: u64, parts: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message("");
            bar.set_style(style(&format!(
                "{{spinner}} {{prefix}}  {{elapsed}}  {{bar:16}}  {{pos}} of {{len}} {parts}: {{wide_msg}}"
            )));
            bar.set_length(total);
        }
    }

    /// Fills the bar to `done` parts.
    pub fn set_done(&self, done: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }

    /// Runs a child to its end and hands over each line it prints. `on_line` answers whether the line is worth
    /// showing should the child fail.
    pub fn child(&self, command: &mut Command, mut on_line: impl FnMut(&str) -> bool) -> Result<()> {
        let name = command.get_program().to_string_lossy().into_owned();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;

        let (lines, printed) = mpsc::channel();
        read_lines(child.stdout.take(), lines.clone());
        read_lines(child.stderr.take(), lines);
        let mut last = VecDeque::new();
        let mut cause = None;
        for line in printed {
            cause = cause.or_else(|| trouble::cause(&line));
            if on_line(&line) {
                if last.len() == LAST_LINES {
                    last.pop_front();
                }
                last.push_back(line);
            }
        }

        let status = child
            .wait()
            .with_context(|| format!("{name} cannot be waited for"))?;
        if status.success() {
            return Ok(());
        }
        if let Some(cause) = cause {
            bail!(cause);
        }
        let last: String = last.iter().map(|line| format!("\n    {line}")).collect();
        bail!("{name} failed ({status}); its last lines:{last}");
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates are written in this file")
        .progress_chars("━╸─")
}

/// Passes on the lines of a child's output, so that neither of its two pipes can fill up and stop it.
fn read_lines(output: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(output) = output else { return };
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if lines.send(text).is_err() {
                return;
            }
        }
    });
}

/// A time as people say it.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn step() -> Step {
        Step { bar: None }
    }

    #[test]
    fn a_child_hands_over_the_lines_of_both_its_outputs() {
        let mut lines = Vec::new();
        step()
            .child(&mut shell("echo out; echo err >&2"), |line| {
                lines.push(line.to_owned());
                true
            })
            .unwrap();
        lines.sort();
        assert_eq!(lines, ["err", "out"]);
    }

    #[test]
    fn a_failed_child_shows_its_last_lines_and_only_those() {
        let script = "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo line $i; done; exit 3";
        let error = step()
            .child(&mut shell(script), |_| true)
            .unwrap_err()
            .to_string();
        assert!(error.contains("sh failed (exit status: 3)"), "{error}");
        assert!(
            error.contains("line 40") && error.contains("line 26\n"),
            "{error}"
        );
        assert!(!error.contains("line 25\n"), "{error}");
    }

    #[test]
    fn lines_for_machines_are_not_shown() {
        let script = "echo '{}'; echo for people; exit 1";
        let error = step()
            .child(&mut shell(script), |line| !line.starts_with('{'))
            .unwrap_err();
        assert!(error.to_string().ends_with("lines:\n    for people"), "{error}");
    }

    #[test]
    fn a_full_disk_in_a_child_becomes_one_sentence() {
        let script = "echo '[Errno 28] No space left on device'; echo more; exit 1";
        let error = step().child(&mut shell(script), |_| true).unwrap_err();
        assert_eq!(error.to_string(), trouble::DISK_FULL);
    }

    #[test]
    fn a_warning_about_the_network_does_not_fail_a_child_that_got_through() {
        let script = "echo 'Failed to establish a new connection'; exit 0";
        step().child(&mut shell(script), |_| true).unwrap();
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = step()
            .child(&mut Command::new("/no/such/pip"), |_| true)
            .unwrap_err();
        assert_eq!(error.to_string(), "pip cannot be started");
    }

    #[test]
    fn the_table_shows_each_step_and_is_left_out_when_nothing_took_time() {
        let quick = Steps {
            terminal: false,
            taken: vec![("Kernel".into(), None)],
        };
        assert_eq!(quick.table(), None);

        let taken = vec![
            ("Python".into(), None),
            ("Build".into(), Some(Duration::from_millis(61_500))),
        ];
        let table = Steps {
            terminal: false,
            taken,
        }
        .table()
        .unwrap();
        let rows: Vec<Vec<&str>> = table
            .lines()
            .map(|row| row.split_whitespace().collect())
            .collect();
        assert_eq!(rows[0], ["Python", "ready"]);
        assert_eq!(rows[1], ["Build", "1", "min", "01", "s"]);
        assert_eq!(rows[2], ["in", "all", "1", "min", "01", "s"]);
    }

    #[test]
    fn a_failed_step_passes_its_error_on() {
        let mut steps = Steps {
            terminal: false,
            taken: Vec::new(),
        };
        let result: Result<()> = steps.run("Test", |_| bail!("no"));
        assert_eq!(result.unwrap_err().to_string(), "no");
    }
}
