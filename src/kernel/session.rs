//! One learner's Rust: variables, functions, and the process that holds them.

use super::analysis::hidden::{self, Hidden};
use super::analysis::{Analyst, Context as _, Dependencies, Match};
use super::anew;
use super::backtrace;
use super::channel::{CHANNEL, Channel};
use super::event::{Bundle, CellError, Event, Sink};
use super::explain;
use super::failure;
use super::inspect;
use super::interrupt::Interrupter;
use super::last_value;
use super::lines::Cell;
use super::made::Made;
use super::moved::Moved;
use super::preamble;
use super::unkept;
use crate::environment;
use crate::home::Home;
use crate::quick_build::{hold_compilers, may_lose_variables, name_compiler, stored_variable};
use crate::standard_library;
use anyhow::{Context, Result, anyhow};
use evcxr::{CommandContext, Error, EvalCallbacks, EvalContext, EvalOutputs};
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// A line that a cell asks for: what to show, and whether the answer is secret.
pub type Input<'a> = dyn Fn(&str, bool) -> String + 'a;

/// What can stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    pub matches: Vec<Match>,
    /// What the matches replace, in characters.
    pub start: usize,
    pub end: usize,
}

/// A running session.
pub struct Session {
    context: CommandContext,
    analyst: Analyst,
    channel: Channel,
    interrupter: Interrupter,
    events: Sink,
    library: PathBuf,
    /// The cells so far, for finding the place of a panic.
    cells: Vec<Cell>,
    made: Made,
    moved: Moved,
    shows_backtraces: bool,
}

impl Session {
    /// Starts a session that tells `events` what its cells put out. Takes seconds.
    ///
    /// `EVCXR_TMPDIR` must name a folder of the prebuilt environment (`environment::KernelFolder`).
    pub fn start(home: &Home, events: Sink) -> Result<Self> {
        // evcxr runs a cell of its own to see whether it can, whose value is nobody's.
        let is_ready = Arc::new(AtomicBool::new(false));
        let gate: Sink = {
            let (is_ready, events) = (Arc::clone(&is_ready), Sink::clone(&events));
            Arc::new(move |event| {
                if is_ready.load(Ordering::Relaxed) {
                    events(event);
                } else if let Event::Stderr(text) = event {
                    tracing::warn!("while the session starts: {text}");
                }
            })
        };
        let channel = Channel::open(gate)?;
        let started = Instant::now();
        let folder = PathBuf::from(std::env::var_os("EVCXR_TMPDIR").unwrap_or_default());
        let analyst = Analyst::start(
            &folder,
            Dependencies::of(&preamble::dependencies(&home.library())),
            standard_library::copy(home),
        );
        // Without them cells are compiled all the same.
        if let Err(error) = hold_compilers(&folder, channel.folder()) {
            tracing::warn!("cells compile more slowly: {error:#}");
        }
        let mut child = Command::new(std::env::current_exe()?);
        child.env(CHANNEL, channel.path());
        name_compiler(&mut child);
        let (context, outputs) = EvalContext::with_subprocess_command(child)
            .map_err(|error| anyhow!("the Rust session could not start: {error}"))?;
        tracing::debug!("evcxr runs after {:.1?}", started.elapsed());
        let context = CommandContext::with_eval_context(context);
        // The process's own output comes over the channel; only what it says before it is connected comes here.
        std::thread::spawn(move || {
            for line in outputs.stderr {
                tracing::warn!("the cells' process: {line}");
            }
        });
        std::thread::spawn(move || outputs.stdout.into_iter().for_each(drop));
        let interrupter = Interrupter::new(channel.stop_request(), context.process_handle());
        let library = home.library();
        let mut session = Self {
            context,
            analyst,
            channel,
            interrupter,
            events,
            library,
            cells: Vec::new(),
            made: Made::default(),
            moved: Moved::default(),
            shows_backtraces: false,
        };
        // evcxr's own cell used no crate, so cargo has forgotten the versions.
        environment::lock_versions(home, &folder)?;
        session.load_library()?;
        tracing::debug!("the library is loaded after {:.1?}", started.elapsed());
        is_ready.store(true, Ordering::Relaxed);
        Ok(session)
    }

    /// Has the cells' process go to a folder, from which its cells see their files.
    pub fn enter(&mut self, folder: &Path) -> Result<()> {
        let folder = folder.to_str().context("its name is not Unicode")?;
        self.context
            .execute(&format!("std::env::set_current_dir({folder:?})?;"))
            .map_err(|error| anyhow!("{error}"))?;
        Ok(())
    }

    /// A handle with which another thread interrupts the running cell.
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// Runs a cell; returns when everything that it put out has been sent.
    pub fn execute(&mut self, number: usize, source: &str, input: &Input<'_>) -> Result<(), CellError> {
        let code = preamble::without_library(source, &self.library);
        if anew::quits(&code) {
            return Err(failure::quits());
        }
        let code = self.begin_anew(code)?;
        if code.trim().is_empty() {
            return Ok(());
        }
        if let Some(code) = explain::asked(&code) {
            (self.events)(Event::Result(explain::explanation(code)?));
            return Ok(());
        }
        if let Some(name) = inspect::asked(&code).or_else(|| inspect::asked_for_output(&code)) {
            let about = self.about(name)?;
            (self.events)(Event::Result(about));
            return Ok(());
        }
        if let Some(asked) = backtrace::asked(&code) {
            return self.show_backtraces(asked?);
        }
        let before = self.variables();
        let mut written = code.clone();
        let hidden = self.write_types(&mut written);
        self.cells.push(Cell {
            number,
            source: code.clone(),
            hidden,
        });
        let mark = self.channel.begin();
        self.interrupter.begin();
        let shown = last_value::shown(&written);
        let mut result = self.evaluate(shown.as_deref().unwrap_or(&written), input);
        if let Ok(Err(Error::CompilationErrors(errors))) = &result
            && shown.is_some()
            && last_value::cannot_be_shown(errors)
        {
            result = self.evaluate(&written, input);
        }
        let interrupted = self.interrupter.end();
        let ending = self.channel.ending();
        match result {
            Ok(Ok(outputs)) => {
                let after = self.variables();
                self.made.note(number, &code, &after);
                self.moved.note(number, &before, &after);
                self.send_outputs(outputs);
            }
            Ok(Err(Error::SubprocessTerminated(said))) => {
                self.channel.drained(mark);
                self.connect_again();
                let lost = self.made.lost();
                return Err(match (ending.has_begun, interrupted) {
                    (false, _) => failure::was_dead(&said, &lost),
                    (true, true) => failure::killed(&lost),
                    (true, false) => failure::died(&said, &ending.last_words, &lost),
                });
            }
            Ok(Err(_)) if interrupted => return Err(failure::interrupted(&[])),
            Ok(Err(error)) => return Err(self.failed(error)),
            Err(_) => {
                let text = "the kernel failed over this cell; please report the cell as a bug";
                return Err(failure::message(text));
            }
        }
        if let Some(said) = &ending.unloadable {
            return Err(failure::unloadable(said));
        }
        if ending.is_unheard {
            return Err(failure::unheard());
        }
        let failed = ending.has_panicked || ending.left_by.is_some();
        let kept = self.bring_back(number, &code, &before, &ending.kept);
        if interrupted {
            return Err(match failed {
                true if kept.is_empty() && may_lose_variables(&self.last_program()) => {
                    failure::interrupted_while_making()
                }
                true => failure::interrupted(&kept),
                false => failure::interrupted_at_its_end(),
            });
        }
        if ending.has_panicked {
            let generated = last_value::without_calls(&self.last_program());
            let generated = self.last_cell().hidden.taken_from(&generated);
            return Err(failure::panicked(ending.panic.as_ref(), &generated, &self.cells));
        }
        match &ending.left_by {
            Some(error) => Err(failure::left_by(error, self.last_cell())),
            None => Ok(()),
        }
    }

    fn show_backtraces(&mut self, on: bool) -> Result<(), CellError> {
        self.shows_backtraces = on;
        self.context
            .execute(backtrace::cell(on))
            .map_err(|error| failure::message(&error.to_string()))?;
        let answer = ("text/plain".to_owned(), Value::from(backtrace::answer(on)));
        (self.events)(Event::Result(Bundle::from_iter([answer])));
        Ok(())
    }

    /// Has evcxr run a cell. rust-analyzer and evcxr may panic over one that nobody thought of.
    fn evaluate(&mut self, code: &str, input: &Input<'_>) -> std::thread::Result<Result<EvalOutputs, Error>> {
        let (context, channel) = (&mut self.context, &self.channel);
        std::panic::catch_unwind(AssertUnwindSafe(|| {
            context.execute_with_callbacks(
                code,
                &mut EvalCallbacks {
                    input_reader: &|request| input(&channel.prompt(), request.is_password),
                },
            )
        }))
    }

    /// Writes the types of the variables that a cell makes into it, for evcxr, which would not find them by itself. Where
    /// that fails, evcxr says of what it does not know.
    fn write_types(&mut self, code: &mut String) -> Hidden {
        let Some(place) = hidden::place_of_variables(code) else {
            return Hidden::default();
        };
        let found = asked(|| {
            let text = self.context.around(&hidden::to_be_analysed(code), place.start);
            let text = text.context("evcxr does not say what the cell looks like")?;
            self.analyst.knowledge()?.variables(&text)
        });
        match found {
            Some(variables) => Hidden::write(code, place.end, &variables),
            None => Hidden::default(),
        }
    }

    /// What evcxr made of the last cell.
    fn last_program(&self) -> String {
        self.context.last_source().unwrap_or_default()
    }

    fn last_cell(&self) -> &Cell {
        self.cells.last().expect("a cell is remembered before it runs")
    }

    /// Runs what begins the session anew, if the cell asks for that, and makes it the course's session again. Returns the
    /// rest of the cell.
    fn begin_anew(&mut self, code: String) -> Result<String, CellError> {
        let Some(parts) = anew::parts(&code) else {
            return Ok(code);
        };
        for command in parts.commands {
            let told = match command {
                anew::RESTART => {
                    self.restart();
                    format!("A new process runs the cells. {}", self.made.lost())
                }
                anew::CLEAR => {
                    self.evcxr(command)?;
                    self.made = Made::default();
                    self.load_library()
                        .map_err(|error| failure::message(&format!("{error:#}")))?;
                    self.keep_backtraces();
                    "The session begins anew: variables, functions and imports are gone.".to_owned()
                }
                _ => {
                    let outputs = self.evcxr(command)?;
                    self.send_outputs(outputs);
                    continue;
                }
            };
            self.moved = Moved::default();
            (self.events)(Event::Stdout(format!("{told}\n")));
        }
        Ok(parts.rest)
    }

    fn evcxr(&mut self, command: &str) -> Result<EvalOutputs, CellError> {
        let answer = self.context.execute(command);
        answer.map_err(|error| failure::message(&error.to_string()))
    }

    /// Has another process run the cells. evcxr's own command takes the variables of the one before for still there, and
    /// the next cell for their end; of a process that died it knows better.
    fn restart(&mut self) {
        let mark = self.channel.begin();
        let process = self.context.process_handle();
        if let Err(error) = process.lock().unwrap_or_else(PoisonError::into_inner).kill() {
            tracing::warn!("the cells' process could not be ended: {error}");
        }
        // It finds nobody.
        let _ = self.context.execute(preamble::CONNECT);
        self.channel.drained(mark);
        self.connect_again();
    }

    /// Gives the session what every one of the course begins with.
    fn load_library(&mut self) -> Result<()> {
        for cell in preamble::cells(&self.library) {
            self.context
                .execute(&cell)
                .map_err(|error| anyhow!("the course's library could not be loaded: {error}"))?;
        }
        Ok(())
    }

    /// Makes the variables the session's that the cell has stored before an error left it. Returns which are there.
    fn bring_back(&mut self, cell: usize, code: &str, before: &[String], left: &[String]) -> Vec<String> {
        if left.is_empty() {
            return Vec::new();
        }
        let program = self.last_program();
        let types: HashMap<&str, &str> = program.lines().filter_map(stored_variable).collect();
        let typed = left
            .iter()
            .filter_map(|name| Some((name, types.get(name.as_str())?)));
        let (kept, takes): (Vec<String>, Vec<String>) = typed
            .map(|(name, of)| {
                let take = format!(
                    "let mut {name}: {of} = course_lib::notebook::store::bring_back::<{of}>(evcxr_variable_store, \
                     {name:?});"
                );
                (name.clone(), take)
            })
            .unzip();
        if let Err(error) = self.context.execute(&takes.join("\n")) {
            tracing::error!("the variables {kept:?} could not be brought back: {error}");
            return Vec::new();
        }
        let after = self.variables();
        self.made.note(cell, code, &after);
        self.moved.note(cell, before, &after);
        kept
    }

    /// A new process of the session knows neither the kernel nor the library yet.
    fn connect_again(&mut self) {
        if let Err(error) = self.context.execute(preamble::CONNECT) {
            tracing::error!("the library could not be connected again: {error}");
        }
        self.keep_backtraces();
    }

    /// Has a new process show backtraces if the one before did.
    fn keep_backtraces(&mut self) {
        if self.shows_backtraces {
            let _ = self.context.execute(backtrace::cell(true));
        }
    }

    fn failed(&self, error: Error) -> CellError {
        match error {
            Error::SubprocessTerminated(said) => failure::died(&said, "", ""),
            Error::CompilationErrors(errors) => {
                let mut told = failure::compile_error(&errors, self.last_cell());
                told.traceback.extend(self.moved.hints(&errors));
                told.traceback.extend(explain::hint(&errors));
                told
            }
            Error::TypeRedefinedVariablesLost(names) => failure::message(&format!(
                "the type of {} was defined again, so the old value is lost; run the cell that makes it again",
                names.join(", ")
            )),
            Error::Message(text) => {
                unkept::told(&text, self.last_cell()).unwrap_or_else(|| failure::message(&text))
            }
        }
    }

    fn variables(&self) -> Vec<String> {
        self.context
            .variables_and_types()
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// What evcxr's own commands (`:vars`, `:help`) show.
    fn send_outputs(&self, outputs: EvalOutputs) {
        let bundle: Bundle = outputs
            .content_by_mime_type
            .into_iter()
            .map(|(mime, content)| (mime, Value::from(content)))
            .collect();
        if !bundle.is_empty() {
            (self.events)(Event::Result(bundle));
        }
        if let Some(took) = outputs.timing {
            (self.events)(Event::Stdout(format!("Took {:.3} s\n", took.as_secs_f64())));
        }
    }

    /// What there is to know of a name.
    pub fn about(&mut self, name: &str) -> Result<Bundle, CellError> {
        self.inspect(name, name.chars().count())
            .map(|(text, html)| {
                let forms = [("text/plain", text), ("text/html", html)];
                forms
                    .map(|(mime, text)| (mime.to_owned(), text.into()))
                    .into_iter()
                    .collect()
            })
            .ok_or_else(|| failure::message(&format!("nothing is known of `{name}`")))
    }

    /// What rust-analyzer knows of the name at the cursor, or of the function whose arguments are being written:
    /// signature and documentation, as plain text and as HTML. The cursor is counted in characters.
    pub fn inspect(&mut self, code: &str, cursor: usize) -> Option<(String, String)> {
        let byte = code
            .char_indices()
            .nth(cursor)
            .map_or(code.len(), |(byte, _)| byte);
        let end = inspect::end_of_name(code, byte)?;
        asked(|| {
            let Some(place) = inspect::place(code, end, &mut self.context) else {
                return Ok(None);
            };
            self.analyst.knowledge()?.documentation(&place)
        })?
    }

    /// What may stand at the cursor, which is counted in characters, as Jupyter does.
    pub fn complete(&mut self, code: &str, cursor: usize) -> Completions {
        let byte = code
            .char_indices()
            .nth(cursor)
            .map_or(code.len(), |(byte, _)| byte);
        let found = if is_command(code, byte) {
            self.complete_command(code, byte)
        } else {
            asked(|| {
                let Some(place) = self.context.place(code, byte) else {
                    return Ok(None);
                };
                self.analyst.knowledge()?.completions(&place).map(Some)
            })
            .flatten()
            .map(|mut found| {
                found.matches.retain(|found| !is_ours(&found.text));
                (found.matches, byte - found.before..byte + found.behind)
            })
        };
        let characters = |byte: usize| code.get(..byte).map_or(cursor, |text| text.chars().count());
        match found {
            Some((matches, range)) => Completions {
                matches,
                start: characters(range.start),
                end: characters(range.end),
            },
            None => Completions {
                matches: Vec::new(),
                start: cursor,
                end: cursor,
            },
        }
    }

    /// evcxr's own commands.
    fn complete_command(&mut self, code: &str, byte: usize) -> Option<(Vec<Match>, Range<usize>)> {
        let found = self.context.completions(code, byte).ok()?;
        let matches = found.completions.into_iter().map(|command| Match {
            text: command.code,
            kind: command.kind,
            signature: command.label,
        });
        Some((matches.collect(), found.start_offset..found.end_offset))
    }
}

/// What rust-analyzer says, which may panic over code that nobody thought of.
fn asked<T>(question: impl FnOnce() -> Result<T>) -> Option<T> {
    match std::panic::catch_unwind(AssertUnwindSafe(question)) {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::warn!("rust-analyzer does not know: {error:#}");
            None
        }
        Err(_) => {
            tracing::warn!("rust-analyzer panicked");
            None
        }
    }
}

/// Whether the byte is in a line that is a command of evcxr.
fn is_command(code: &str, byte: usize) -> bool {
    let start = code[..byte].rfind('\n').map_or(0, |end| end + 1);
    code[start..].trim_start_matches(' ').starts_with(':')
}

/// Names that evcxr or the kernel has put around the learner's cell.
fn is_ours(name: &str) -> bool {
    name == last_value::METHOD
        || name.starts_with("evcxr_")
        || name.starts_with("EvcxrUser")
        || name.starts_with("CourseShown")
}
