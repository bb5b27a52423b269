//! Answers the requests of the shell channel, one after the other, on the thread that owns the session.

use super::event::{CellError, Event, Sink};
use super::interrupt::Interrupter;
use super::session::Session;
use crate::home::Home;
use jupyter_protocol::{ExecutionCount, Media};
use jupyter_zmq_client::{
    CodeMirrorMode, CommInfoReply, CompleteReply, DisplayData, ErrorOutput, ExecuteInput, ExecuteReply,
    ExecuteRequest, ExecuteResult, HelpLink, HistoryEntry, HistoryReply, HistoryRequest, InputRequest,
    InspectReply, IsCompleteReply, JupyterMessage, JupyterMessageContent, KernelInfoReply, LanguageInfo,
    ReplyError, ReplyStatus, Status, StreamContent, Transient, UpdateDisplayData,
};
use serde_json::{Map, Value, json};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;

/// A message on its way out, and through which socket. All go through one queue, so that their order stays.
#[derive(Debug)]
pub enum Outgoing {
    IoPub(JupyterMessage),
    Shell(JupyterMessage),
    Control(JupyterMessage),
    Stdin(JupyterMessage),
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

/// The shell channel's worker.
pub struct Worker {
    home: Result<Home, String>,
    outgoing: UnboundedSender<Outgoing>,
    answers: Receiver<String>,
    shared: Arc<Shared>,
    running: Arc<Mutex<Option<Running>>>,
    /// The session, or why there is none.
    session: Result<Session, String>,
    count: usize,
    history: Vec<(usize, String)>,
    requests: Receiver<JupyterMessage>,
    /// What was waiting when a cell failed: cells among it are not run.
    behind_failure: Vec<JupyterMessage>,
    is_aborting: bool,
}

impl Worker {
    /// A worker that answers `requests` by way of `outgoing`, and reads answers to `input` prompts from `answers`.
    pub fn new(
        home: Result<Home, String>,
        requests: Receiver<JupyterMessage>,
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
            session: Err("it is still starting".to_owned()),
            count: 0,
            history: Vec::new(),
            requests,
            behind_failure: Vec::new(),
            is_aborting: false,
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
                *self
                    .shared
                    .interrupter
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = interrupter;
                tracing::info!("the session is ready after {:.1?}", started.elapsed());
            }
            Err(error) => tracing::error!("{error}"),
        }
        while let Ok(request) = self.requests.recv() {
            self.answer(&request);
            self.is_aborting = true;
            for request in std::mem::take(&mut self.behind_failure) {
                self.answer(&request);
            }
            self.is_aborting = false;
        }
    }

    fn sink(&self) -> Sink {
        let (running, outgoing) = (Arc::clone(&self.running), self.outgoing.clone());
        Arc::new(move |event| {
            let running = running.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(running) = running.as_ref().filter(|running| !running.silent) {
                let _ = outgoing.send(Outgoing::IoPub(message_of(event, running)));
            }
        })
    }

    fn answer(&mut self, request: &JupyterMessage) {
        self.publish(Status::busy().as_child_of(request));
        match &request.content {
            JupyterMessageContent::ExecuteRequest(execute) => self.execute(request, execute),
            JupyterMessageContent::KernelInfoRequest(_) => self.reply(kernel_info().as_child_of(request)),
            JupyterMessageContent::CompleteRequest(complete) => {
                let found = self
                    .session
                    .as_mut()
                    .map(|s| s.complete(&complete.code, complete.cursor_pos));
                let reply = match found {
                    Ok(found) => CompleteReply {
                        matches: found.matches,
                        cursor_start: found.start,
                        cursor_end: found.end,
                        ..CompleteReply::default()
                    },
                    Err(_) => CompleteReply {
                        cursor_start: complete.cursor_pos,
                        cursor_end: complete.cursor_pos,
                        ..CompleteReply::default()
                    },
                };
                self.reply(reply.as_child_of(request));
            }
            JupyterMessageContent::InspectRequest(_) => {
                self.reply(
                    InspectReply {
                        found: false,
                        ..InspectReply::default()
                    }
                    .as_child_of(request),
                );
            }
            JupyterMessageContent::IsCompleteRequest(_) => {
                self.reply(IsCompleteReply::unknown().as_child_of(request));
            }
            JupyterMessageContent::HistoryRequest(history) => {
                self.reply(HistoryReply::new(self.history(history)).as_child_of(request));
            }
            JupyterMessageContent::CommInfoRequest(_) => {
                self.reply(CommInfoReply::default().as_child_of(request));
            }
            // Nobody in the kernel listens to comms; they have no answer.
            JupyterMessageContent::CommOpen(_)
            | JupyterMessageContent::CommMsg(_)
            | JupyterMessageContent::CommClose(_) => {}
            JupyterMessageContent::UnknownMessage(unknown) => {
                tracing::warn!("a request that is not understood: {}", unknown.msg_type);
                if unknown.msg_type.ends_with("_request") {
                    let error = json!({"status": "error", "ename": "UnknownRequest",
                        "evalue": format!("{} is not understood", unknown.msg_type), "traceback": []});
                    self.reply(JupyterMessage::new(unknown.reply(error), Some(request)));
                }
            }
            other => tracing::warn!("a message that is no request: {}", other.message_type()),
        }
        self.publish(Status::idle().as_child_of(request));
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
                self.history.push((count, execute.code.clone()));
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
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        let result = match &mut self.session {
            Ok(session) => {
                let ask = |prompt: &str, password: bool| {
                    ask(&self.outgoing, &self.answers, request, execute, prompt, password)
                };
                session.execute(count, &execute.code, &ask)
            }
            Err(reason) => Err(CellError {
                name: "KernelError".to_owned(),
                value: format!("Rust could not start: {reason}"),
                traceback: vec![
                    format!("\u{1b}[31mRust could not start: {reason}\u{1b}[0m"),
                    "After mending it, restart this kernel; `course doctor` says what else is missing."
                        .to_owned(),
                ],
            }),
        };
        let execution_count = ExecutionCount::new(count);
        let reply = match result {
            Ok(()) => ExecuteReply {
                execution_count,
                user_expressions: Some(std::collections::HashMap::new()),
                ..ExecuteReply::default()
            },
            Err(CellError {
                name: ename,
                value: evalue,
                traceback,
            }) => {
                if execute.stop_on_error {
                    // Before anybody is told of the failure: whoever asks after that has seen it.
                    self.behind_failure.extend(self.requests.try_iter());
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

    fn history(&self, request: &HistoryRequest) -> Vec<HistoryEntry> {
        let entry = |(number, code): &(usize, String)| HistoryEntry::Input(0, *number, code.clone());
        match request {
            HistoryRequest::Tail { n, .. } => {
                let n = usize::try_from(*n).unwrap_or(0);
                self.history
                    .iter()
                    .skip(self.history.len().saturating_sub(n))
                    .map(entry)
                    .collect()
            }
            HistoryRequest::Range { start, stop, .. } => {
                let within = |number: usize| {
                    i32::try_from(number).is_ok_and(|number| number >= *start && number < *stop)
                };
                self.history
                    .iter()
                    .filter(|(number, _)| within(*number))
                    .map(entry)
                    .collect()
            }
            HistoryRequest::Search { pattern, .. } => {
                let pattern = pattern.trim_matches('*');
                self.history
                    .iter()
                    .filter(|(_, code)| code.contains(pattern))
                    .map(entry)
                    .collect()
            }
        }
    }

    fn publish(&self, message: JupyterMessage) {
        let _ = self.outgoing.send(Outgoing::IoPub(message));
    }

    fn reply(&self, message: JupyterMessage) {
        let _ = self.outgoing.send(Outgoing::Shell(message));
    }
}

/// Asks the learner for a line; the answer is empty where the client cannot ask.
fn ask(
    outgoing: &UnboundedSender<Outgoing>,
    answers: &Receiver<String>,
    request: &JupyterMessage,
    execute: &ExecuteRequest,
    prompt: &str,
    password: bool,
) -> String {
    if !execute.allow_stdin {
        return String::new();
    }
    // An answer to an older question, which was interrupted.
    while answers.try_recv().is_ok() {}
    let question = InputRequest {
        prompt: prompt.to_owned(),
        password,
    };
    let _ = outgoing.send(Outgoing::Stdin(question.as_child_of(request)));
    answers.recv().unwrap_or_default()
}

fn message_of(event: Event, running: &Running) -> JupyterMessage {
    let parent = &running.request;
    let no_metadata = Map::new;
    match event {
        Event::Stdout(text) => StreamContent::stdout(&text).as_child_of(parent),
        Event::Stderr(text) => StreamContent::stderr(&text).as_child_of(parent),
        Event::Display(data, display_id) => DisplayData {
            data: media(data),
            metadata: no_metadata(),
            transient: Some(Transient { display_id }),
        }
        .as_child_of(parent),
        Event::Update(data, id) => UpdateDisplayData {
            data: media(data),
            metadata: no_metadata(),
            transient: Transient { display_id: Some(id) },
        }
        .as_child_of(parent),
        Event::Result(data) => ExecuteResult {
            execution_count: ExecutionCount::new(running.count),
            data: media(data),
            metadata: no_metadata(),
            transient: Some(Transient { display_id: None }),
        }
        .as_child_of(parent),
    }
}

fn media(bundle: Map<String, Value>) -> Media {
    serde_json::from_value(Value::Object(bundle)).unwrap_or_default()
}

/// What the kernel says of itself.
pub fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        status: ReplyStatus::Ok,
        protocol_version: "5.3".to_owned(),
        implementation: "course".to_owned(),
        implementation_version: env!("CARGO_PKG_VERSION").to_owned(),
        language_info: LanguageInfo {
            name: "rust".to_owned(),
            version: env!("CARGO_PKG_RUST_VERSION").to_owned(),
            mimetype: Some("text/x-rust".to_owned()),
            file_extension: Some(".rs".to_owned()),
            pygments_lexer: Some("rust".to_owned()),
            codemirror_mode: Some(CodeMirrorMode::Simple("rust".to_owned())),
            nbconvert_exporter: None,
        },
        banner: "Rust for the course \"Deep generative neural networks\", on evcxr.\n\
                 use course_lib::prelude::*; brings the library; :help lists the kernel's own commands."
            .to_owned(),
        help_links: vec![
            HelpLink {
                text: "Rust".to_owned(),
                url: "https://doc.rust-lang.org/book/".to_owned(),
            },
            HelpLink {
                text: "evcxr: Rust in notebooks".to_owned(),
                url: "https://github.com/evcxr/evcxr".to_owned(),
            },
        ],
        debugger: false,
        error: None,
    }
}
