//! The kernel's end of the channel to the process that runs the cells.
//!
//! Three connections come from that process over one Unix socket: its standard output, its standard error
//! (`child`), and the library (`course_lib::notebook`), which answers questions. One thread reads all three,
//! turns what comes into [`Event`]s in order, and passes evcxr's own lines on to evcxr. A cell's last line goes on
//! only when all that the cell wrote has been sent: that is what makes everything a cell prints come before its end.
//!
//! The pipe to evcxr comes with the first connection, and only the kernel keeps it. It closes when the process has
//! ended, even where another that a cell has started still holds the output open: otherwise evcxr would wait for that.

use super::event::{Bundle, Event, Sink};
use super::output::{Item, Line, Output};
use crate::quick_build::SOCKETS;
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, FdFlags, fcntl_setfd, retry_on_intr};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use serde_json::Value;
use std::fs::File;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The environment variable that tells the cells' process where the socket is.
pub const CHANNEL: &str = "COURSE_CHANNEL";
/// Greetings, each a line: output names its process.
pub const HELLO_OUTPUT: &str = "output";
pub const HELLO_ERRORS: &str = "errors";
const HELLO_LIBRARY: &str = "library";

/// How long the library may take to write out what `print!` holds back.
const FLUSH: Duration = Duration::from_millis(300);
/// How long something waits for what follows, which decides what it is. What follows comes at once, unless
/// the machine is very busy.
const UNDECIDED: Duration = Duration::from_millis(500);
/// For so long text waits for more, to be sent with it. Nobody reads faster, lines of one moment are one output in a saved
/// notebook, and Jupyter throws away what comes in more than a thousand messages a second.
const FOR_MORE_TEXT: Duration = Duration::from_millis(30);
/// More text than this does not wait.
const MUCH_TEXT: usize = 256 * 1024;

/// How many bytes of standard error are kept for the reason of an end.
const LAST_WORDS: usize = 2000;
const LONGEST_HELLO: usize = 64;

/// A panic, as the library reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    pub message: String,
    /// The calls that led to it, where they were asked for.
    pub backtrace: Option<String>,
    pub file: String,
    pub line: usize,
    pub column: usize,
}

/// An `Err` that left a cell by `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBy {
    pub message: String,
    /// The type of the value, with its path.
    pub type_name: Option<String>,
}

/// What is known of how the present cell ended, beside what evcxr says.
#[derive(Debug, Default)]
pub struct Ending {
    /// The cell's code was called.
    pub has_begun: bool,
    /// A panic ended the cell.
    pub has_panicked: bool,
    /// What is known of that panic; nothing where the cell has put a hook of its own in the library's place.
    pub panic: Option<Panic>,
    pub left_by: Option<LeftBy>,
    /// Variables of the cell that were stored before an error left it.
    pub kept: Vec<String>,
    /// Why the compiled cell could not be loaded.
    pub unloadable: Option<String>,
    /// The cell led its output away from the kernel: what it said is not known.
    pub is_unheard: bool,
    /// The end of what came on standard error.
    pub last_words: String,
}

#[derive(Debug, Default)]
struct State {
    ending: Ending,
    /// A cell's code runs, rather than being compiled.
    is_running: bool,
    /// How many processes have connected their output, and how many of them have closed it.
    opened: u64,
    closed: u64,
    library: Option<UnixStream>,
    /// What the cell asks for with a line of input.
    prompt: String,
}

/// The channel; its thread ends with the kernel.
#[derive(Debug)]
pub struct Channel {
    folder: tempfile::TempDir,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the running cell that the learner wants it to stop.
#[derive(Debug, Clone)]
pub struct StopRequest(Arc<Shared>);

impl StopRequest {
    /// Asks; returns whether anybody in that process could hear it.
    pub fn send(&self) -> bool {
        tell_library(&self.0, "interrupt")
    }

    /// Whether a cell's code runs, rather than being compiled.
    pub fn is_running(&self) -> bool {
        self.0.state().is_running
    }
}

fn tell_library(shared: &Shared, word: &str) -> bool {
    let mut state = shared.state();
    let Some(library) = state.library.as_mut() else {
        return false;
    };
    library.write_all(format!("{word}\n").as_bytes()).is_ok()
}

impl Channel {
    /// Opens the socket; what comes over it is sent to `events`.
    pub fn open(events: Sink) -> Result<Self> {
        // Below the folder for temporary files, because the path of a socket must be short.
        let folder = tempfile::Builder::new()
            .prefix(SOCKETS)
            .tempdir()
            .context("no folder for temporary files can be made")?;
        let listener = UnixListener::bind(folder.path().join("kernel"))
            .with_context(|| format!("no socket can be made in {}", folder.path().display()))?;
        // Found ready, a connection may be taken by a nested round of reading before it is accepted.
        listener.set_nonblocking(true)?;
        let shared = Arc::new(Shared::default());
        let reader = Reader::new(listener, events, Arc::clone(&shared));
        std::thread::Builder::new()
            .name("channel".to_owned())
            .spawn(move || reader.run())?;
        Ok(Self { folder, shared })
    }

    /// A folder for sockets, which ends with the channel.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the cells' process connects to.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("kernel")
    }

    /// A handle with which another thread can ask the running cell to stop.
    pub fn stop_request(&self) -> StopRequest {
        StopRequest(Arc::clone(&self.shared))
    }

    /// A new cell starts: returns the mark to give to [`Channel::drained`].
    pub fn begin(&self) -> u64 {
        tell_library(&self.shared, "begin");
        let mut state = self.shared.state();
        state.ending = Ending::default();
        state.opened
    }

    /// What the channel has learnt of how the cell ended.
    pub fn ending(&self) -> Ending {
        std::mem::take(&mut self.shared.state().ending)
    }

    /// What to show to whom a line of input is asked for.
    pub fn prompt(&self) -> String {
        self.shared.state().prompt.clone()
    }

    /// Waits until everything has been read that the processes up to `mark` wrote before they died.
    pub fn drained(&self, mark: u64) {
        // Not for ever: a process that the cell started may hold the output open.
        let limit = Duration::from_millis(500);
        let state = self.shared.state();
        let _ = self
            .shared
            .changed
            .wait_timeout_while(state, limit, |state| state.closed < mark);
    }
}

/// The cells' process, as the channel knows it.
struct Process {
    id: Pid,
    /// Where evcxr reads.
    evcxr: File,
    /// Closed when the process has ended.
    life: UnixStream,
}

struct Reader {
    listener: UnixListener,
    events: Sink,
    shared: Arc<Shared>,
    process: Option<Process>,
    output: Option<UnixStream>,
    errors: Option<UnixStream>,
    library: Option<UnixStream>,
    parser: Output,
    /// The end of standard error that is not a whole character yet.
    errors_held: Vec<u8>,
    /// Words of the library that are not a whole line yet.
    answers: String,
    flushes: u64,
    /// evcxr's content blocks, which may be the cell's value or something shown on the way.
    shown: Bundle,
    /// A line printed with `eprintln!("{}", value)`, which may be the error that the cell ends with.
    printed: Option<LeftBy>,
    /// A panic that may end the cell, or may be caught, or be another thread's.
    panic: Option<Held>,
    /// One of the thread that runs cells which something followed, and which may end the cell all the same: while its
    /// values are dropped, a cell may print.
    told_panic: Option<Panic>,
    /// Since when something waits for what follows it.
    waiting: Option<Instant>,
    text: Text,
}

/// A panic that waits for what follows it.
struct Held {
    panic: Panic,
    thread: String,
    /// Whether it is the thread that runs the cells.
    is_cells: bool,
}

/// Text on its way out.
#[derive(Debug, Default)]
struct Text {
    /// What waits, one kind of text, and since when.
    held: Option<(Event, Instant)>,
}

impl Text {
    /// How long until what is held has to be sent; `None` where nothing is held.
    fn due(&self) -> Option<Duration> {
        let (_, since) = self.held.as_ref()?;
        Some(FOR_MORE_TEXT.saturating_sub(since.elapsed()))
    }

    /// Holds text, with what is held already. Returns the text where that is of another kind.
    fn take(&mut self, event: Event) -> Result<(), Event> {
        match (self.held.as_mut(), event) {
            (Some((Event::Stdout(held), _)), Event::Stdout(text))
            | (Some((Event::Stderr(held), _)), Event::Stderr(text)) => held.push_str(&text),
            (None, event) => self.held = Some((event, Instant::now())),
            (_, event) => return Err(event),
        }
        Ok(())
    }

    fn is_much(&self) -> bool {
        matches!(&self.held, Some((Event::Stdout(text) | Event::Stderr(text), _)) if text.len() >= MUCH_TEXT)
    }
}

impl Reader {
    fn new(listener: UnixListener, events: Sink, shared: Arc<Shared>) -> Self {
        Self {
            listener,
            events,
            shared,
            process: None,
            output: None,
            errors: None,
            library: None,
            parser: Output::default(),
            errors_held: Vec::new(),
            answers: String::new(),
            flushes: 0,
            shown: Bundle::new(),
            printed: None,
            panic: None,
            told_panic: None,
            waiting: None,
            text: Text::default(),
        }
    }

    fn run(mut self) {
        loop {
            let undecided = self
                .waiting
                .map(|since| UNDECIDED.saturating_sub(since.elapsed()));
            let limit = undecided.into_iter().chain(self.text.due()).min();
            if let Err(error) = self.wait(limit) {
                tracing::error!("the channel to the cells' process failed: {error}");
                return;
            }
            if self.waiting.is_some_and(|since| since.elapsed() >= UNDECIDED) {
                self.decide();
            }
            if self.text.due().is_some_and(|due| due.is_zero()) {
                self.send_text();
            }
        }
    }

    /// Waits for one round of input and reads it. Returns whether there was any.
    fn wait(&mut self, limit: Option<Duration>) -> io::Result<bool> {
        let (mut new, mut output, mut errors, mut library) = (false, false, false, false);
        let mut ended = false;
        {
            let mut sources: Vec<(PollFd<'_>, &mut bool)> =
                vec![(PollFd::new(&self.listener, PollFlags::IN), &mut new)];
            let life = self.process.as_ref().map(|process| &process.life);
            for (stream, ready) in [
                (self.output.as_ref(), &mut output),
                (self.errors.as_ref(), &mut errors),
                (self.library.as_ref(), &mut library),
                (life, &mut ended),
            ] {
                if let Some(stream) = stream {
                    sources.push((PollFd::new(stream, PollFlags::IN), ready));
                }
            }
            let (mut fds, flags): (Vec<_>, Vec<_>) = sources.into_iter().unzip();
            let limit = limit.map(|limit| Timespec {
                tv_sec: limit.as_secs().cast_signed(),
                tv_nsec: limit.subsec_nanos().into(),
            });
            match poll(&mut fds, limit.as_ref()) {
                Ok(0) => return Ok(false),
                Ok(_) => {}
                Err(Errno::INTR) => return Ok(true),
                Err(error) => return Err(error.into()),
            }
            for (fd, flag) in fds.iter().zip(flags) {
                *flag = !fd.revents().is_empty();
            }
        }
        if library {
            self.read_library();
        }
        // Errors first: what a cell wrote before its last line of output belongs before its end.
        if errors {
            self.read_errors();
        }
        if output {
            self.read_output();
        } else if ended && !errors {
            // It is over with the process, and all that it wrote has been read.
            self.close_output();
        }
        if new && let Err(error) = self.accept() {
            tracing::warn!("a process could not connect to the kernel: {error}");
        }
        Ok(true)
    }

    fn accept(&mut self) -> io::Result<()> {
        let stream = match self.listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let (hello, pipe) = read_hello(&stream)?;
        stream.set_read_timeout(None)?;
        match (hello.split_once(' ').unwrap_or((&hello, "")), pipe) {
            ((HELLO_OUTPUT, id), Some(pipe)) => {
                // The process before this one is dead; another that it left behind may not speak for it.
                self.close_output();
                let id = id.parse().ok().and_then(Pid::from_raw);
                let id = id.ok_or(io::ErrorKind::InvalidData)?;
                self.process = Some(Process {
                    id,
                    evcxr: pipe.into(),
                    life: life_of(id)?,
                });
                self.output = Some(stream);
                self.shared.state().opened += 1;
            }
            ((HELLO_ERRORS, _), _) => self.errors = Some(stream),
            ((HELLO_LIBRARY, _), _) => {
                self.shared.state().library = Some(stream.try_clone()?);
                self.library = Some(stream);
            }
            _ => tracing::warn!("somebody else's greeting on the kernel's socket: {hello:?}"),
        }
        Ok(())
    }

    fn read_output(&mut self) {
        let mut bytes = [0; 64 * 1024];
        let read = self
            .output
            .as_mut()
            .map_or(Ok(0), |stream| stream.read(&mut bytes));
        match read {
            Ok(length) if length > 0 => {
                for item in self.parser.push(&bytes[..length]) {
                    self.take(item);
                }
            }
            _ => self.close_output(),
        }
    }

    fn close_output(&mut self) {
        if self.output.take().is_none() {
            return;
        }
        if let Some(process) = &self.process {
            // Usually it is dead. If not, it closed the only way on which it could say how a cell ends.
            let _ = kill_process(process.id, Signal::KILL);
        }
        for item in std::mem::take(&mut self.parser).end() {
            self.take(item);
        }
        self.decide();
        self.drain_errors();
        self.send_text();
        self.told_panic = None;
        // From here on evcxr knows, and so all that the process wrote has been sent by now.
        self.process = None;
        let mut state = self.shared.state();
        state.is_running = false;
        state.closed += 1;
        self.shared.changed.notify_all();
    }

    fn read_errors(&mut self) {
        let mut bytes = [0; 64 * 1024];
        let read = self
            .errors
            .as_mut()
            .map_or(Ok(0), |stream| stream.read(&mut bytes));
        let length = read.unwrap_or(0);
        if length == 0 {
            self.errors = None;
        }
        self.errors_held.extend_from_slice(&bytes[..length]);
        let whole = match std::str::from_utf8(&self.errors_held) {
            Err(error) if error.error_len().is_none() && length > 0 => error.valid_up_to(),
            _ => self.errors_held.len(),
        };
        let text: Vec<u8> = self.errors_held.drain(..whole).collect();
        let text = String::from_utf8_lossy(&text).into_owned();
        if !text.is_empty() {
            self.remember(&text);
            self.send(Event::Stderr(text));
        }
    }

    /// Reads what a process that has ended still has to say.
    fn drain_errors(&mut self) {
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // Not for ever: a process that the cell started may go on writing.
        let until = Instant::now() + FLUSH;
        while let Some(errors) = self.errors.as_ref().filter(|_| Instant::now() < until) {
            let mut source = [PollFd::new(errors, PollFlags::IN)];
            if !matches!(poll(&mut source, Some(&now)), Ok(ready) if ready > 0) {
                return;
            }
            self.read_errors();
        }
    }

    /// What was said last before an end may be its reason.
    fn remember(&self, text: &str) {
        let words = &mut self.shared.state().ending.last_words;
        words.push_str(text);
        let surplus = words.len().saturating_sub(LAST_WORDS);
        let surplus = (surplus..).find(|at| words.is_char_boundary(*at)).unwrap_or(0);
        words.drain(..surplus);
    }

    fn read_library(&mut self) {
        let mut bytes = [0; 1024];
        let read = self
            .library
            .as_mut()
            .map_or(Ok(0), |stream| stream.read(&mut bytes));
        match read {
            Ok(length) if length > 0 => {
                self.answers.push_str(&String::from_utf8_lossy(&bytes[..length]));
            }
            _ => {
                self.library = None;
                self.shared.state().library = None;
            }
        }
    }

    fn take(&mut self, item: Item) {
        tracing::trace!("{item:?}");
        match item {
            Item::Text(text) => {
                self.decide();
                self.send(Event::Stdout(text));
            }
            Item::Frame(frame) => self.take_frame(&frame),
            Item::Content(mime, content) => {
                if self.shown.contains_key(&mime) {
                    self.decide();
                }
                let value = if mime.contains("json") {
                    serde_json::from_str(&content).unwrap_or(Value::from(content))
                } else {
                    Value::from(content)
                };
                self.shown.insert(mime, value);
                self.waiting = Some(Instant::now());
            }
            Item::Evcxr(line, text) => self.take_line(line, &text),
        }
    }

    fn take_line(&mut self, line: Line, text: &str) {
        match line {
            Line::LeftByError => {
                // Without the kernel's own `eprintln!` the error is not known, only that there was one.
                let left_by = self.printed.take().unwrap_or(LeftBy {
                    message: "the cell was left by `?` with an error".to_owned(),
                    type_name: None,
                });
                self.shared.state().ending.left_by = Some(left_by);
            }
            Line::Panicked => {
                let told = self.told_panic.take();
                let panic = self.panic.take().map(|held| held.panic).or(told);
                let ending = &mut self.shared.state().ending;
                ending.has_panicked = true;
                ending.panic = panic;
            }
            Line::Complete => {
                self.shared.state().is_running = false;
                self.flush();
                self.told_panic = None;
                let bundle = std::mem::take(&mut self.shown);
                self.decide();
                if !bundle.is_empty() && !is_unit(&bundle) {
                    self.send(Event::Result(bundle));
                }
            }
            Line::VariableLost => self.decide(),
            Line::Input => {
                self.decide();
                // evcxr takes a colon in it for its end.
                let prompt = text.split_once(':').map_or("", |(_, prompt)| prompt);
                self.shared.state().prompt = prompt.to_owned();
            }
        }
        // What evcxr hears of, others may ask for at once.
        self.send_text();
        if let Some(process) = self.process.as_mut()
            && let Err(error) = process.evcxr.write_all(format!("{text}\n").as_bytes())
        {
            tracing::debug!("evcxr reads no more: {error}");
        }
    }

    /// Asks the library to write out what `print!` holds back, and reads all that has been written.
    fn flush(&mut self) {
        self.flushes += 1;
        self.answers.clear();
        let answer = format!("flushed {}\n", self.flushes);
        let until = Instant::now() + FLUSH;
        if tell_library(&self.shared, &format!("flush {}", self.flushes)) {
            while !self.answers.contains(&answer) && self.library.is_some() {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() || !matches!(self.wait(Some(left)), Ok(true)) {
                    break;
                }
            }
        }
        while matches!(self.wait(Some(Duration::ZERO)), Ok(true)) && Instant::now() < until {}
    }

    fn take_frame(&mut self, frame: &Value) {
        let Some((kind, content)) = frame.as_object().and_then(|frame| frame.iter().next()) else {
            return;
        };
        self.decide();
        let bundle = || content["data"].as_object().cloned().unwrap_or_default();
        let id = || content["id"].as_str().map(str::to_owned);
        let text = |key: &str| content[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| content[key].as_u64().and_then(|n| n.try_into().ok()).unwrap_or(0);
        match kind.as_str() {
            // The last value shown is the cell's result; a value in a loop is not the last one.
            "result" => self.send(Event::Result(bundle())),
            "display" => self.send(Event::Display(bundle(), id())),
            "update" => self.send(Event::Update(bundle(), id().unwrap_or_default())),
            "clear" => self.send(Event::Clear {
                wait: content["wait"] == true,
            }),
            "stderr" => {
                let type_name = content["type"].as_str().map(str::to_owned);
                if type_name.is_some() {
                    self.printed = Some(LeftBy {
                        message: text("text"),
                        type_name,
                    });
                    self.waiting = Some(Instant::now());
                } else {
                    self.send(Event::Stderr(text("text")));
                }
            }
            "panic" => {
                let panic = Panic {
                    message: text("message"),
                    backtrace: content["backtrace"].as_str().map(str::to_owned),
                    file: text("file"),
                    line: number("line"),
                    column: number("column"),
                };
                self.panic = Some(Held {
                    panic,
                    thread: text("thread"),
                    is_cells: content["cells"] == true,
                });
                self.waiting = Some(Instant::now());
            }
            "began" => {
                let mut state = self.shared.state();
                state.is_running = true;
                state.ending.has_begun = true;
            }
            "kept" => {
                let names = content["names"].as_array().into_iter().flatten();
                let names = names.filter_map(|name| name.as_str().map(str::to_owned));
                self.shared.state().ending.kept = names.collect();
            }
            "unloadable" => self.shared.state().ending.unloadable = Some(text("message")),
            "unheard" => self.shared.state().ending.is_unheard = true,
            other => tracing::warn!("a message of an unknown kind: {other}"),
        }
    }

    /// Passes on what waited for something that did not follow.
    fn decide(&mut self) {
        self.waiting = None;
        if !self.shown.is_empty() {
            let bundle = std::mem::take(&mut self.shown);
            self.send(Event::Display(bundle, None));
        }
        if let Some(printed) = self.printed.take() {
            self.send(Event::Stderr(printed.message));
        }
        if let Some(held) = self.panic.take() {
            // Caught by the cell, or another thread's: no end of the cell, but not to be kept quiet.
            let who = match held.is_cells {
                true => "the cell".to_owned(),
                false => format!("thread `{}`", held.thread),
            };
            self.send(Event::Stderr(format!("{who} panicked: {}\n", held.panic.message)));
            if held.is_cells {
                self.told_panic = Some(held.panic);
            }
        }
    }

    fn send(&mut self, event: Event) {
        if !matches!(event, Event::Stdout(_) | Event::Stderr(_)) {
            self.send_text();
            (self.events)(event);
            return;
        }
        if let Err(other) = self.text.take(event) {
            self.send_text();
            let _ = self.text.take(other);
        }
        if self.text.is_much() {
            self.send_text();
        }
    }

    /// Sends the text that waits.
    fn send_text(&mut self) {
        if let Some((text, _)) = self.text.held.take() {
            (self.events)(text);
        }
    }
}

/// The first line that a process sends, and the descriptor that may come with it.
fn read_hello(stream: &UnixStream) -> io::Result<(String, Option<OwnedFd>)> {
    let (mut hello, mut descriptor) = (Vec::new(), None);
    while hello.last() != Some(&b'\n') {
        let mut byte = [0];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        // A compiler that ends meanwhile interrupts this with its signal.
        let received = retry_on_intr(|| {
            let into = &mut [IoSliceMut::new(&mut byte)];
            recvmsg(stream, into, &mut beside, RecvFlags::empty())
        })?;
        if received.bytes == 0 || hello.len() > LONGEST_HELLO {
            return Err(io::ErrorKind::InvalidData.into());
        }
        hello.push(byte[0]);
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                descriptor = descriptors.last().or(descriptor);
            }
        }
    }
    if let Some(descriptor) = &descriptor {
        // Compilers that run meanwhile have no business with it.
        fcntl_setfd(descriptor, FdFlags::CLOEXEC)?;
    }
    Ok((String::from_utf8_lossy(&hello).trim().to_owned(), descriptor))
}

/// Something to poll that closes when the process has ended. That is for evcxr to clear away; here it is only seen.
fn life_of(process: Pid) -> io::Result<UnixStream> {
    let (life, held) = UnixStream::pair()?;
    let watch = std::thread::Builder::new().name("life of the cells".to_owned());
    watch.spawn(move || {
        while let Err(Errno::INTR) = waitid(
            WaitId::Pid(process),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        ) {}
        drop(held);
    })?;
    Ok(life)
}

/// Whether a cell's value is `()`: what a loop at the end of a cell returns, and nobody wants to read.
fn is_unit(bundle: &Bundle) -> bool {
    bundle.len() == 1 && bundle.get("text/plain").is_some_and(|text| text == "()")
}

#[cfg(test)]
mod tests {
    use super::super::child::send_with;
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command};
    use std::sync::mpsc::{Receiver, channel};

    /// Plays the cells' process; one that lives as long is its body.
    struct Process {
        output: UnixStream,
        errors: UnixStream,
        evcxr: std::io::PipeReader,
        body: Child,
    }

    impl Drop for Process {
        fn drop(&mut self) {
            let _ = self.body.kill();
            let _ = self.body.wait();
        }
    }

    fn start(channel: &Channel) -> Process {
        let body = Command::new("sleep").arg("60").spawn().unwrap();
        let (evcxr, pipe) = std::io::pipe().unwrap();
        let output = UnixStream::connect(channel.path()).unwrap();
        let hello = format!("{HELLO_OUTPUT} {}\n", body.id());
        send_with(&output, hello.as_bytes(), &pipe).unwrap();
        let mut errors = UnixStream::connect(channel.path()).unwrap();
        errors.write_all(format!("{HELLO_ERRORS}\n").as_bytes()).unwrap();
        Process {
            output,
            errors,
            evcxr,
            body,
        }
    }

    fn opened() -> (Channel, Receiver<Event>) {
        let (sender, receiver) = channel();
        let sink: Sink = Arc::new(move |event| drop(sender.send(event)));
        (Channel::open(sink).unwrap(), receiver)
    }

    fn frame(json: &str) -> String {
        format!("\u{1e}COURSE {json}\n")
    }

    fn line_for_evcxr(process: &Process) -> String {
        let mut line = String::new();
        BufReader::new(&process.evcxr).read_line(&mut line).unwrap();
        line
    }

    #[test]
    fn everything_a_cell_wrote_comes_before_its_end() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        process.errors.write_all(b"warning\n").unwrap();
        process.output.write_all(b"a\nb").unwrap();
        process.output.write_all(b"EVCXR_EXECUTION_COMPLETE\n").unwrap();

        assert_eq!(line_for_evcxr(&process), "EVCXR_EXECUTION_COMPLETE\n");
        let events: Vec<Event> = events.try_iter().collect();
        assert!(events.contains(&Event::Stderr("warning\n".into())), "{events:?}");
        assert_eq!(
            events
                .iter()
                .filter(|event| matches!(event, Event::Stdout(_)))
                .count(),
            1
        );
    }

    #[test]
    fn what_print_holds_back_is_asked_for_at_the_end_of_a_cell() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        let mut library = UnixStream::connect(channel.path()).unwrap();
        library
            .write_all(format!("{HELLO_LIBRARY}\n").as_bytes())
            .unwrap();
        let mut late = process.output.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut line = String::new();
            BufReader::new(library.try_clone().unwrap())
                .read_line(&mut line)
                .unwrap();
            late.write_all(b"held back").unwrap();
            library
                .write_all(line.replace("flush", "flushed").as_bytes())
                .unwrap();
        });
        while channel.shared.state().library.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        process.output.write_all(b"EVCXR_EXECUTION_COMPLETE\n").unwrap();

        line_for_evcxr(&process);
        assert_eq!(
            events.try_iter().collect::<Vec<_>>(),
            [Event::Stdout("held back".into())]
        );
    }

    #[test]
    fn an_error_that_leaves_the_cell_is_not_printed_but_another_one_is() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        let printed = frame(r#"{"stderr":{"text":"first\n","type":"alloc::string::String"}}"#);
        let left = frame(r#"{"stderr":{"text":"second\n","type":"core::num::ParseIntError"}}"#);
        let all = format!("{printed}{left}EVCXR_ERROR_OCCURRED\nEVCXR_EXECUTION_COMPLETE\n");
        process.output.write_all(all.as_bytes()).unwrap();

        assert_eq!(line_for_evcxr(&process), "EVCXR_ERROR_OCCURRED\n");
        assert_eq!(events.recv().unwrap(), Event::Stderr("first\n".into()));
        let left_by = channel.ending().left_by.unwrap();
        assert_eq!(left_by.message, "second\n");
        assert_eq!(left_by.type_name.as_deref(), Some("core::num::ParseIntError"));
    }

    #[test]
    fn a_panic_that_was_caught_is_told_but_does_not_end_the_cell() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        let panic = frame(r#"{"panic":{"message":"caught","thread":"worker","file":"x","line":1}}"#);
        process
            .output
            .write_all(format!("{panic}EVCXR_EXECUTION_COMPLETE\n").as_bytes())
            .unwrap();

        line_for_evcxr(&process);
        let told = events.recv().unwrap();
        assert_eq!(told, Event::Stderr("thread `worker` panicked: caught\n".into()));
        assert!(channel.ending().panic.is_none());
    }

    #[test]
    fn two_values_of_one_type_are_two_displays_and_the_last_is_the_result() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        let block = |text: &str| format!("EVCXR_BEGIN_CONTENT text/html\n{text}\nEVCXR_END_CONTENT\n");
        let all = format!("{}{}EVCXR_EXECUTION_COMPLETE\n", block("1"), block("2"));
        process.output.write_all(all.as_bytes()).unwrap();

        line_for_evcxr(&process);
        let bundle = |text: &str| Bundle::from_iter([("text/html".to_owned(), Value::from(text))]);
        assert_eq!(
            events.try_iter().collect::<Vec<_>>(),
            [Event::Display(bundle("1"), None), Event::Result(bundle("2"))]
        );
    }

    #[test]
    fn a_process_that_dies_is_heard_to_its_last_byte() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        while channel.shared.state().opened == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mark = channel.begin();
        process.output.write_all("last w\u{f6}rds".as_bytes()).unwrap();
        drop(process);

        channel.drained(mark);
        assert_eq!(
            events.try_iter().collect::<Vec<_>>(),
            [Event::Stdout("last w\u{f6}rds".into())]
        );
    }

    #[test]
    fn a_process_that_left_another_behind_is_heard_and_then_over() {
        let (channel, events) = opened();
        let mut process = start(&channel);
        while channel.shared.state().opened == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        process.output.write_all(b"last words").unwrap();
        let mut daemon = process.output.try_clone().unwrap();
        process.body.kill().unwrap();

        assert_eq!(line_for_evcxr(&process), "", "evcxr's pipe has to close");
        let _ = daemon.write_all(b"of the daemon, to nobody");
        assert_eq!(
            events.try_iter().collect::<Vec<_>>(),
            [Event::Stdout("last words".into())]
        );
    }

    #[test]
    fn a_process_that_closes_its_last_way_to_the_kernel_is_ended() {
        let (channel, _events) = opened();
        let mut process = start(&channel);
        process.output.shutdown(std::net::Shutdown::Both).unwrap();
        let status = process.body.wait().unwrap();
        assert!(!status.success(), "{status}");
        assert_eq!(line_for_evcxr(&process), "");
    }

    #[test]
    fn what_was_said_last_on_standard_error_is_kept_and_no_more() {
        let (channel, _events) = opened();
        let mut process = start(&channel);
        let text = format!("{}the reason\n", "\u{fc}".repeat(3000));
        process.errors.write_all(text.as_bytes()).unwrap();
        process.output.write_all(b"EVCXR_EXECUTION_COMPLETE\n").unwrap();
        line_for_evcxr(&process);
        let words = channel.ending().last_words;
        assert!(
            words.len() <= LAST_WORDS && words.ends_with("\u{fc}the reason\n"),
            "{words}"
        );
    }

    #[test]
    fn the_socket_has_a_path_that_every_system_takes() {
        let (channel, _events) = opened();
        let path = channel.path();
        assert!(path.as_os_str().len() < 100, "{}", path.display());
    }
}
