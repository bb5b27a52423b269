//! Answers the requests of the shell channel, one after the other, on the thread that owns the session.

use super::about::kernel_info;
use super::completeness;
use super::event::{Bundle, CellError, Event, Sink};
use super::failure;
use super::history::History;
use super::inspect;
use super::interrupt::Interrupter;
use super::messages::{media, message_of};
use super::session::Session;
use crate::home::Home;
use jupyter_protocol::{ExecutionCount, ExpressionResult, Payload};
use jupyter_zmq_client::{
    CommClose, CommInfoReply, CompleteReply, CompleteRequest, ErrorOutput, ExecuteInput, ExecuteReply,
    ExecuteRequest, HistoryReply, InputRequest, InspectReply, InspectRequest, JupyterMessage,
    JupyterMessageContent, ReplyError, ReplyStatus, Status, UnknownMessage,
};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// How often it is looked whether the learner would rather interrupt than answer.
const A_MOMENT: Duration = Duration::from_millis(50);

/// A message on its way out, and through which socket. All go through one queue, so that their order stays.
#[derive(Debug)]
pub enum Outgoing {
    IoPub(JupyterMessage),
    Shell(JupyterMessage),
    Control(JupyterMessage),
    Stdin(JupyterMessage),
}

/// What the worker is to do.
#[derive(Debug)]
pub enum Request {
    /// To answer a client.
    Message(Box<JupyterMessage>),
    /// To have the cells run in a folder: a notebook that lies there has claimed this kernel.
    Enter(PathBuf),
    /// Not to run the cells that came before: the learner pressed Interrupt while none was running, because the session
    /// was starting or one had just ended.
    Interrupt,
}

/// What the control channel needs to know of the worker.
#[derive(Debug, Default)]
pub struct Shared {
    /// Set once the session runs.
    pub interrupter: Mutex<Option<Interrupter>>,
}

/// What the outputs of the running cell belong to.
#[derive(Debug, Clone)]
struct Running {
    request: JupyterMessage,
    count: usize,
    silent: bool,
}

/// What cells end with.
#[derive(Debug, Default)]
struct Values {
    last: Bundle,
    /// While a client's own expressions are calculated, whose values nobody else is to see.
    are_aside: bool,
}

/// The shell channel's worker.
pub struct Worker {
    home: Result<Home, String>,
    outgoing: UnboundedSender<Outgoing>,
    answers: Receiver<String>,
    shared: Arc<Shared>,
    running: Arc<Mutex<Option<Running>>>,
    values: Arc<Mutex<Values>>,
    /// The session, or why there is none.
    session: Result<Session, String>,
    count: usize,
    history: History,
    requests: Receiver<Request>,
    /// What came before the session was ready, and has not been answered yet.
    waiting: VecDeque<Request>,
    /// What was waiting when a cell failed: cells among it are not run.
    behind_failure: Vec<JupyterMessage>,
    is_aborting: bool,
    /// Whether the learner has pressed Interrupt before the cell could begin.
    is_interrupted: bool,
}

impl Worker {
    /// A worker that answers `requests` by way of `outgoing`, and reads answers to `input` prompts from `answers`.
    pub fn new(
        home: Result<Home, String>,
        requests: Receiver<Request>,
        outgoing: UnboundedSender<Outgoing>,
        answers: Receiver<String>,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            home,
            outgoing,
            answers,
            shared,
            running: Arc::default(),
            values: Arc::default(),
            session: Err("it is still starting".to_owned()),
            count: 0,
            history: History::default(),
            requests,
            waiting: VecDeque::new(),
            behind_failure: Vec::new(),
            is_aborting: false,
            is_interrupted: false,
        }
    }

    /// Starts the session, then answers requests until there are no more to come.
    pub fn run(mut self) {
        let started = Instant::now();
        self.session = self
            .home
            .clone()
            .and_then(|home| Session::start(&home, self.sink()).map_err(|error| format!("{error:#}")));
        match &self.session {
            Ok(session) => {
                let interrupter = Some(session.interrupter());
                *lock(&self.shared.interrupter) = interrupter;
                tracing::info!("the session is ready after {:.1?}", started.elapsed());
            }
            Err(error) => tracing::error!("{error}"),
        }
        while let Some(request) = self.next_request() {
            self.serve(request);
        }
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Message(request) => self.answer(&request),
            Request::Enter(folder) => self.enter(&folder),
            // The cells before it have been answered meanwhile.
            Request::Interrupt => {}
        }
        self.is_aborting = true;
        for request in std::mem::take(&mut self.behind_failure) {
            self.answer(&request);
        }
        self.is_aborting = false;
    }

    /// Answers what was sent before the learner pressed Interrupt while no cell was running: the first cell is told that
    /// it was interrupted, those behind it are not run.
    fn answer_interrupted(&mut self) {
        let pressed = self
            .waiting
            .iter()
            .rposition(|request| matches!(request, Request::Interrupt));
        let Some(pressed) = pressed else { return };
        let later = self.waiting.split_off(pressed + 1);
        let sent = std::mem::replace(&mut self.waiting, later);
        self.is_interrupted = true;
        for request in sent {
            let is_cell = matches!(&request, Request::Message(message)
                if matches!(message.content, JupyterMessageContent::ExecuteRequest(_)));
            self.is_aborting = !self.is_interrupted;
            self.serve(request);
            self.is_interrupted &= !is_cell;
        }
        self.is_interrupted = false;
    }

    fn next_request(&mut self) -> Option<Request> {
        self.waiting.extend(self.requests.try_iter());
        self.answer_interrupted();
        self.waiting.pop_front().or_else(|| self.requests.recv().ok())
    }

    fn enter(&mut self, folder: &Path) {
        if let Ok(session) = &mut self.session
            && let Err(error) = session.enter(folder)
        {
            tracing::error!("cells cannot run in {}: {error:#}", folder.display());
        }
    }

    fn sink(&self) -> Sink {
        let (running, outgoing) = (Arc::clone(&self.running), self.outgoing.clone());
        let values = Arc::clone(&self.values);
        Arc::new(move |event| {
            if let Event::Result(value) = &event {
                let mut values = lock(&values);
                values.last.clone_from(value);
                if values.are_aside {
                    return;
                }
            }
            let running = lock(&running);
            if let Some(running) = running.as_ref().filter(|running| !running.silent) {
                let _ = outgoing.send(Outgoing::IoPub(message_of(
                    event,
                    &running.request,
                    running.count,
                )));
            }
        })
    }

    fn answer(&mut self, request: &JupyterMessage) {
        let is_cell = matches!(request.content, JupyterMessageContent::ExecuteRequest(_));
        let interrupter = self
            .session
            .as_ref()
            .ok()
            .filter(|_| is_cell)
            .map(Session::interrupter);
        if let Some(interrupter) = &interrupter {
            // Whoever sees the kernel busy with a cell may interrupt it, also before it is compiled.
            interrupter.begin();
        }
        self.publish(Status::busy().as_child_of(request));
        // Over a request that nobody thought of the kernel may fail, but the next one has to find it alive.
        if catch_unwind(AssertUnwindSafe(|| self.answer_in_words(request))).is_err() {
            tracing::error!("the kernel failed over a {}", request.message_type());
            self.refuse(
                request,
                "KernelError",
                "the kernel failed over this; please report it as a bug",
            );
        }
        if let Some(interrupter) = &interrupter {
            interrupter.end();
        }
        self.publish(Status::idle().as_child_of(request));
    }

    fn answer_in_words(&mut self, request: &JupyterMessage) {
        match &request.content {
            JupyterMessageContent::ExecuteRequest(execute) => self.execute(request, execute),
            JupyterMessageContent::KernelInfoRequest(_) => self.reply(kernel_info().as_child_of(request)),
            JupyterMessageContent::CompleteRequest(complete) => {
                let reply = self.complete(complete);
                self.reply(reply.as_child_of(request));
            }
            JupyterMessageContent::InspectRequest(inspect) => {
                let reply = self.inspect(inspect);
                self.reply(reply.as_child_of(request));
            }
            JupyterMessageContent::IsCompleteRequest(is_complete) => {
                self.reply(completeness::of(&is_complete.code).as_child_of(request));
            }
            JupyterMessageContent::HistoryRequest(history) => {
                self.reply(HistoryReply::new(self.history.find(history)).as_child_of(request));
            }
            JupyterMessageContent::CommInfoRequest(_) => {
                self.reply(CommInfoReply::default().as_child_of(request));
            }
            // Nobody in the kernel listens to comms: whoever opens one is to know.
            JupyterMessageContent::CommOpen(opened) => {
                let closed = CommClose {
                    comm_id: opened.comm_id.clone(),
                    data: Map::new(),
                };
                self.publish(closed.as_child_of(request));
            }
            JupyterMessageContent::CommMsg(_) | JupyterMessageContent::CommClose(_) => {}
            other if other.message_type().ends_with("_request") => {
                tracing::warn!("a request that is not understood: {}", other.message_type());
                let why = format!("{} is not understood", other.message_type());
                self.refuse(request, "UnknownRequest", &why);
            }
            other => tracing::warn!("a message that is no request: {}", other.message_type()),
        }
    }

    /// Answers a request with an error.
    fn refuse(&self, request: &JupyterMessage, name: &str, why: &str) {
        self.reply(refusal(request, name, why));
    }

    fn execute(&mut self, request: &JupyterMessage, execute: &ExecuteRequest) {
        if self.is_aborting {
            let status = ReplyStatus::Aborted;
            self.reply(
                ExecuteReply {
                    status,
                    ..ExecuteReply::default()
                }
                .as_child_of(request),
            );
            return;
        }
        let count = self.count + 1;
        if !execute.silent {
            if execute.store_history {
                self.count = count;
                self.history.push(count, &execute.code);
            }
            let execution_count = ExecutionCount::new(count);
            let input = ExecuteInput {
                code: execute.code.clone(),
                execution_count,
            };
            self.publish(input.as_child_of(request));
        }
        let running = Running {
            request: request.clone(),
            count,
            silent: execute.silent,
        };
        *lock(&self.running) = Some(running);
        let mut pages = Vec::new();
        let result = match (&mut self.session, inspect::asked(&execute.code)) {
            (Ok(_), _) if self.is_interrupted => Err(failure::interrupted_before_it_began()),
            // Front ends show a page beside the outputs, which it is no part of.
            (Ok(session), Some(name)) => session.about(name).map(|about| {
                pages.push(Payload::Page {
                    data: media(about),
                    start: 0,
                });
            }),
            (Ok(session), None) => {
                let interrupter = session.interrupter();
                // Why a question had no answer. The cell reads an empty line then, but is not taken for having run well.
                let unanswered = RefCell::new(None);
                let ask = |prompt: &str, password: bool| {
                    if !execute.allow_stdin {
                        *unanswered.borrow_mut() = Some(failure::cannot_ask());
                        return String::new();
                    }
                    let question = InputRequest {
                        prompt: prompt.to_owned(),
                        password,
                    };
                    ask(question, request, &self.outgoing, &self.answers, &interrupter).unwrap_or_else(|| {
                        *unanswered.borrow_mut() = Some(failure::interrupted(&[]));
                        String::new()
                    })
                };
                let result = session.execute(count, &execute.code, &ask);
                match unanswered.into_inner() {
                    Some(reason) if result.is_ok() || !execute.allow_stdin => Err(reason),
                    _ => result,
                }
            }
            (Err(reason), _) => Err(CellError {
                name: "KernelError".to_owned(),
                value: format!("Rust could not start: {reason}"),
                traceback: vec![
                    format!("\u{1b}[31mRust could not start: {reason}\u{1b}[0m"),
                    "After mending it, restart this kernel; `course doctor` says what else is missing."
                        .to_owned(),
                ],
            }),
        };
        let value = std::mem::take(&mut lock(&self.values).last);
        if let Some(text) = value.get("text/plain").and_then(Value::as_str) {
            self.history.set_value(count, text.to_owned());
        }
        let execution_count = ExecutionCount::new(count);
        let reply = match result {
            Ok(()) => ExecuteReply {
                execution_count,
                payload: pages,
                user_expressions: Some(self.user_expressions(count, execute)),
                ..ExecuteReply::default()
            },
            Err(CellError {
                name: ename,
                value: evalue,
                traceback,
            }) => {
                if execute.stop_on_error && !self.is_interrupted {
                    // Before anybody is told of the failure: whoever asks after that has seen it.
                    let waiting = self.waiting.drain(..).chain(self.requests.try_iter());
                    let waiting = waiting.filter_map(|request| match request {
                        Request::Message(message) => Some(*message),
                        Request::Enter(_) | Request::Interrupt => None,
                    });
                    self.behind_failure.extend(waiting);
                }
                if !execute.silent {
                    let error = ErrorOutput {
                        ename: ename.clone(),
                        evalue: evalue.clone(),
                        traceback: traceback.clone(),
                    };
                    self.publish(error.as_child_of(request));
                }
                ExecuteReply {
                    status: ReplyStatus::Error,
                    execution_count,
                    error: Some(Box::new(ReplyError {
                        ename,
                        evalue,
                        traceback,
                    })),
                    ..ExecuteReply::default()
                }
            }
        };
        self.reply(reply.as_child_of(request));
    }

    /// Values that the client wants to have beside the cell's: an error in one is told in its place.
    fn user_expressions(
        &mut self,
        count: usize,
        execute: &ExecuteRequest,
    ) -> HashMap<String, ExpressionResult> {
        let mut results = HashMap::new();
        for (name, expression) in execute.user_expressions.iter().flatten() {
            let Ok(session) = &mut self.session else { break };
            *lock(&self.values) = Values {
                last: Bundle::new(),
                are_aside: true,
            };
            let outcome = session.execute(count, expression, &|_, _| String::new());
            let value = std::mem::take(&mut *lock(&self.values)).last;
            let result = match outcome {
                Ok(()) => ExpressionResult::Ok {
                    data: media(value),
                    metadata: Map::new(),
                },
                Err(CellError {
                    name: ename,
                    value: evalue,
                    traceback,
                }) => ExpressionResult::Error {
                    ename,
                    evalue,
                    traceback,
                },
            };
            results.insert(name.clone(), result);
        }
        results
    }

    fn complete(&mut self, request: &CompleteRequest) -> CompleteReply {
        let found = self
            .session
            .as_mut()
            .map(|session| session.complete(&request.code, request.cursor_pos));
        let Ok(found) = found else {
            let (cursor_start, cursor_end) = (request.cursor_pos, request.cursor_pos);
            return CompleteReply {
                cursor_start,
                cursor_end,
                ..CompleteReply::default()
            };
        };
        // JupyterLab shows these as the matches' icons and signatures.
        let kinds = found.matches.iter().map(|found_match| {
            json!({"start": found.start, "end": found.end, "text": found_match.text, "type": found_match.kind,
                "signature": found_match.signature})
        });
        let metadata = [("_jupyter_types_experimental".to_owned(), kinds.collect())];
        CompleteReply {
            metadata: metadata.into_iter().collect(),
            matches: found
                .matches
                .into_iter()
                .map(|found_match| found_match.text)
                .collect(),
            cursor_start: found.start,
            cursor_end: found.end,
            ..CompleteReply::default()
        }
    }

    fn inspect(&mut self, request: &InspectRequest) -> InspectReply {
        let explained = self
            .session
            .as_mut()
            .ok()
            .and_then(|session| session.inspect(&request.code, request.cursor_pos));
        let bundle: Bundle = explained
            .into_iter()
            .flat_map(|(text, html)| {
                [
                    ("text/plain".to_owned(), text.into()),
                    ("text/html".to_owned(), html.into()),
                ]
            })
            .collect();
        InspectReply {
            found: !bundle.is_empty(),
            data: media(bundle),
            ..InspectReply::default()
        }
    }

    fn publish(&self, message: JupyterMessage) {
        let _ = self.outgoing.send(Outgoing::IoPub(message));
    }

    fn reply(&self, message: JupyterMessage) {
        let _ = self.outgoing.send(Outgoing::Shell(message));
    }
}

/// The answer to a request that has none.
pub fn refusal(request: &JupyterMessage, name: &str, why: &str) -> JupyterMessage {
    let asked = UnknownMessage {
        msg_type: request.message_type().to_owned(),
        content: Value::Null,
    };
    let error = json!({"status": "error", "ename": name, "evalue": why, "traceback": []});
    JupyterMessage::new(asked.reply(error), Some(request))
}

/// What a lock guards; a thread that panicked has not left it half changed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the learner for a line. `None` if the learner pressed Interrupt instead.
fn ask(
    question: InputRequest,
    request: &JupyterMessage,
    outgoing: &UnboundedSender<Outgoing>,
    answers: &Receiver<String>,
    interrupter: &Interrupter,
) -> Option<String> {
    // An answer to an older question, which was interrupted.
    while answers.try_recv().is_ok() {}
    let _ = outgoing.send(Outgoing::Stdin(question.as_child_of(request)));
    loop {
        match answers.recv_timeout(A_MOMENT) {
            Ok(answer) => return Some(answer),
            Err(RecvTimeoutError::Timeout) if !interrupter.is_interrupted() => {}
            Err(_) => return None,
        }
    }
}
