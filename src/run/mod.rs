//! `course run`: executes notebooks without a browser, through the kernel's own session.

mod notebook;
mod outputs;

use crate::home::Home;
use crate::kernel::event::{CellError, Event, Sink};
use crate::kernel::session::Session;
use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use notebook::Notebook;
use outputs::Outputs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// What `course run` is told.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The notebooks to execute, one after the other, each in a session of its own.
    #[arg(required = true)]
    notebooks: Vec<PathBuf>,
    /// Where the executed notebook goes: a file, or a folder where there are several notebooks.
    ///
    /// Without it, each notebook is replaced by its executed self, as saving in JupyterLab would.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How long a cell may run, in seconds; 0 for ever.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
}

/// A run whose notebooks are all there and whose outputs have a place.
#[derive(Debug)]
pub struct Run {
    /// Where each notebook is, and where it goes.
    notebooks: Vec<(PathBuf, PathBuf)>,
    timeout: Option<Duration>,
}

impl RunArgs {
    /// Finds what is wrong before anything is started.
    pub fn check(self) -> Result<Run> {
        let several = self.notebooks.len() > 1;
        if let Some(output) = self.output.as_ref().filter(|output| several && !output.is_dir()) {
            bail!(
                "{} notebooks cannot go into one file: make {} a folder, or run them one at a time",
                self.notebooks.len(),
                output.display()
            );
        }
        let mut notebooks = Vec::new();
        for path in self.notebooks {
            Notebook::read(&path)?;
            let path = path.canonicalize()?;
            let output = match &self.output {
                None => path.clone(),
                Some(folder) if folder.is_dir() => folder
                    .join(path.file_name().unwrap_or_default())
                    .canonicalize_parent()?,
                Some(file) => file.canonicalize_parent()?,
            };
            notebooks.push((path, output));
        }
        let timeout = (self.timeout > 0).then(|| Duration::from_secs(self.timeout));
        Ok(Run { notebooks, timeout })
    }
}

trait CanonicalizeParent {
    /// The absolute path of a file that need not exist yet.
    fn canonicalize_parent(&self) -> Result<PathBuf>;
}

impl CanonicalizeParent for Path {
    fn canonicalize_parent(&self) -> Result<PathBuf> {
        let parent = self.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let parent = parent
            .canonicalize()
            .with_context(|| format!("the folder {} for the output is not there", parent.display()))?;
        Ok(parent.join(self.file_name().context("the output has no file name")?))
    }
}

/// Executes the notebooks. The exit code is 1 if a cell failed.
pub fn run(home: &Home, run: &Run) -> Result<ExitCode> {
    let mut failed = 0;
    for (path, output) in &run.notebooks {
        if !run_one(home, path, output, run.timeout)? {
            failed += 1;
        }
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Returns whether every cell ran.
fn run_one(home: &Home, path: &Path, output: &Path, timeout: Option<Duration>) -> Result<bool> {
    let mut notebook = Notebook::read(path)?;
    // Cells name files as seen from their notebook, as they do in JupyterLab.
    if let Some(folder) = path.parent() {
        std::env::set_current_dir(folder)
            .with_context(|| format!("{} cannot be entered", folder.display()))?;
    }
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let progress = Progress::new(&name, notebook.code_cells().len());
    let started = Instant::now();

    let outputs: Arc<Mutex<Outputs>> = Arc::default();
    let sink: Sink = {
        let outputs = Arc::clone(&outputs);
        Arc::new(move |event: Event| {
            outputs.lock().unwrap_or_else(PoisonError::into_inner).add(event);
        })
    };
    progress.say("starting Rust");
    let mut session = Session::start(home, sink)?;

    notebook.clear();
    let mut failure = None;
    for (index, cell) in notebook.code_cells().into_iter().enumerate() {
        let number = index + 1;
        let source = notebook.source(cell);
        progress.cell(number, &source);
        let since = Instant::now();
        let result = with_limit(&session.interrupter(), timeout, || {
            session.execute(number, &source, &|_, _| String::new())
        });
        let mut shown = std::mem::take(&mut *outputs.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(error) = &result {
            shown.add_error(error);
        }
        notebook.set_outputs(cell, number, shown.into_values(number));
        progress.done(number, &source, since.elapsed(), result.is_ok());
        if let Err(error) = result {
            failure = Some((number, error));
            break;
        }
    }
    // Also after a failure: the notebook shows how far it came and why it stopped.
    notebook.write(output)?;
    progress.end();
    match failure {
        None => {
            eprintln!(
                "{name}: all cells ran in {:.1} s → {}",
                started.elapsed().as_secs_f64(),
                output.display()
            );
            Ok(true)
        }
        Some((number, error)) => {
            eprintln!("{name}: cell {number} failed\n\n{}\n", error.traceback.join("\n"));
            Ok(false)
        }
    }
}

/// Runs a cell, and interrupts it when its time is up.
fn with_limit(
    interrupter: &crate::kernel::interrupt::Interrupter,
    limit: Option<Duration>,
    cell: impl FnOnce() -> Result<(), CellError>,
) -> Result<(), CellError> {
    let Some(limit) = limit else { return cell() };
    let (done, wait) = mpsc::channel::<()>();
    let watch = std::thread::spawn({
        let interrupter = interrupter.clone();
        move || {
            let timed_out = wait.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
            if timed_out {
                interrupter.interrupt();
            }
            timed_out
        }
    });
    let result = cell();
    drop(done);
    let timed_out = watch.join().unwrap_or(false);
    match result {
        Err(error) if timed_out && error.name == "KeyboardInterrupt" => {
            let value = format!("the cell ran longer than {} s", limit.as_secs());
            let advice = "Give it more time with --timeout, or make the cell do less.".to_owned();
            let traceback = vec![format!("\u{1b}[31mCellTimeout: {value}\u{1b}[0m"), advice];
            Err(CellError {
                name: "CellTimeout".to_owned(),
                value,
                traceback,
            })
        }
        other => other,
    }
}

/// What the terminal shows: a bar that moves where there is one, a line a cell where the output goes to a file.
struct Progress {
    bar: Option<ProgressBar>,
    total: usize,
}

impl Progress {
    fn new(name: &str, total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64);
            let style = "{prefix} {bar:20} {pos}/{len} {elapsed} {msg}";
            bar.set_style(ProgressStyle::with_template(style).expect("the template is a constant"));
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        if bar.is_none() {
            eprintln!("{name}: {total} code cells");
        }
        Self { bar, total }
    }

    fn say(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
        }
    }

    fn cell(&self, number: usize, source: &str) {
        self.say(&format!("cell {number}: {}", first_line(source)));
    }

    fn done(&self, number: usize, source: &str, took: Duration, ok: bool) {
        let verdict = if ok { "" } else { "  FAILED" };
        match &self.bar {
            Some(bar) => bar.inc(1),
            None => eprintln!(
                "  cell {number:2}/{}  {:6.2} s  {}{verdict}",
                self.total,
                took.as_secs_f64(),
                first_line(source)
            ),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What a cell is about, for a line of progress.
fn first_line(source: &str) -> String {
    let line = source
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with(":dep"));
    let line = line.unwrap_or_default();
    if line.chars().count() > 60 {
        line.chars().take(59).chain(['…']).collect()
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(notebooks: &[&Path], output: Option<&Path>) -> RunArgs {
        RunArgs {
            notebooks: notebooks.iter().map(|path| path.to_path_buf()).collect(),
            output: output.map(Path::to_owned),
            timeout: 0,
        }
    }

    #[test]
    fn several_notebooks_do_not_go_into_one_file() {
        let error = arguments(&[Path::new("a"), Path::new("b")], Some(Path::new("c")))
            .check()
            .unwrap_err();
        assert!(error.to_string().contains("make c a folder"), "{error}");
    }

    #[test]
    fn a_cell_is_named_by_its_first_line_of_rust() {
        assert_eq!(
            first_line(":dep course-lib = {}\n\n  let a = 1;\nb"),
            "let a = 1;"
        );
        assert_eq!(first_line(&"ä".repeat(80)).chars().count(), 60);
        assert_eq!(first_line(""), "");
    }
}
