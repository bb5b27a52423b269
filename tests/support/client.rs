//! A Jupyter client: starts a kernel, sends it requests, collects what it answers.

use jupyter_protocol::{
    ConnectionInfo, ExecuteRequest, ExecutionState, InterruptRequest, JupyterMessage,
    JupyterMessageContent as Content, ShutdownRequest, connection_info::Transport,
};
use jupyter_zmq_client::{
    ClientControlConnection, ClientIoPubConnection, ClientShellConnection, ClientStdinConnection,
    create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, create_client_stdin_connection_with_identity,
    peek_ports_with_listeners, peer_identity_for_session,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::timeout;
use zeromq::SocketSend;

/// Nothing that a test asks for takes longer, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(180);

/// A kernel and the sockets to it.
pub struct Kernel {
    runtime: Runtime,
    pub process: Child,
    _folder: tempfile::TempDir,
    pub shell: ClientShellConnection,
    iopub: ClientIoPubConnection,
    control: ClientControlConnection,
    stdin: ClientStdinConnection,
    pub connection: ConnectionInfo,
}

/// What a request came to.
#[derive(Debug)]
pub struct Answer {
    /// The reply's content.
    pub reply: Value,
    /// What was published for the request, in order: message type and content; without the statuses.
    pub published: Vec<(String, Value)>,
}

impl Answer {
    pub fn status(&self) -> &str {
        self.reply["status"].as_str().unwrap_or("none")
    }

    /// The text of a stream, joined.
    pub fn stream(&self, name: &str) -> String {
        self.of("stream")
            .filter(|c| c["name"] == name)
            .filter_map(|c| c["text"].as_str())
            .collect()
    }

    /// The contents of all published messages of a type.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.published
            .iter()
            .filter(move |(k, _)| k == kind)
            .map(|(_, content)| content)
    }

    /// The types of what was published, in order.
    pub fn kinds(&self) -> Vec<&str> {
        self.published.iter().map(|(kind, _)| kind.as_str()).collect()
    }

    /// The cell's value as plain text.
    pub fn result(&self) -> Option<&str> {
        self.of("execute_result")
            .last()
            .and_then(|content| content["data"]["text/plain"].as_str())
    }

    /// The traceback without colours.
    pub fn traceback(&self) -> String {
        let lines = self
            .of("error")
            .last()
            .and_then(|error| error["traceback"].as_array());
        let text: Vec<&str> = lines.into_iter().flatten().filter_map(Value::as_str).collect();
        without_colours(&text.join("\n"))
    }
}

pub fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| {
        plain + piece.split_once('m').map_or("", |(_, rest)| rest)
    })
}

impl Kernel {
    /// Starts `course kernel` and connects to it.
    pub fn start() -> Self {
        super::set_up();
        Self::start_with(super::course(), "kernel")
    }

    /// Starts `course kernel`, which writes its log to a file.
    pub fn start_with_log(log: &std::path::Path) -> Self {
        super::set_up();
        let mut command = super::course();
        command.stderr(std::fs::File::create(log).unwrap());
        Self::start_with(command, "kernel")
    }

    /// Starts a kernel by the given subcommand.
    pub fn start_with(mut command: Command, subcommand: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("connection.json");
        let ip = IP.to_owned();
        let (ports, listeners) = free_ports(&runtime);
        let connection = ConnectionInfo {
            ip,
            transport: Transport::TCP,
            shell_port: ports[0],
            iopub_port: ports[1],
            stdin_port: ports[2],
            control_port: ports[3],
            hb_port: ports[4],
            key: "a key of the tests".to_owned(),
            signature_scheme: "hmac-sha256".to_owned(),
            kernel_name: None,
        };
        std::fs::write(&file, serde_json::to_string(&connection).unwrap()).unwrap();
        drop(listeners);
        let process = command
            .arg(subcommand)
            .arg("--connection-file")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .expect("the kernel starts");
        let session = "session";
        let (shell, iopub, control, stdin) = runtime.block_on(async {
            let identity = || peer_identity_for_session(session).unwrap();
            // The kernel needs a moment until it listens.
            for _ in 0..600 {
                let stream = tokio::net::TcpStream::connect(("127.0.0.1", connection.stdin_port)).await;
                if stream.is_ok() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let iopub = create_client_iopub_connection(&connection, "", session)
                .await
                .unwrap();
            (
                create_client_shell_connection_with_identity(&connection, session, identity())
                    .await
                    .unwrap(),
                iopub,
                create_client_control_connection(&connection, session)
                    .await
                    .unwrap(),
                create_client_stdin_connection_with_identity(&connection, session, identity())
                    .await
                    .unwrap(),
            )
        });
        let mut kernel = Self {
            runtime,
            process,
            _folder: folder,
            shell,
            iopub,
            control,
            stdin,
            connection,
        };
        kernel.wait_until_ready();
        kernel
    }

    /// Subscriptions take a moment to arrive: asks until something is published.
    fn wait_until_ready(&mut self) {
        for _ in 0..200 {
            self.send(JupyterMessage::new(jupyter_protocol::KernelInfoRequest {}, None));
            let heard = self
                .runtime
                .block_on(async { timeout(Duration::from_millis(300), self.iopub.read()).await });
            if heard.is_ok() {
                break;
            }
        }
        // Read what the questions left behind.
        while let Ok(Ok(_)) = self
            .runtime
            .block_on(async { timeout(Duration::from_millis(500), self.iopub.read()).await })
        {}
        while let Ok(Ok(_)) = self
            .runtime
            .block_on(async { timeout(Duration::from_millis(200), self.shell.read()).await })
        {}
    }

    /// Sends a request on the shell channel.
    pub fn send(&mut self, message: JupyterMessage) {
        self.runtime
            .block_on(self.shell.send(message))
            .expect("the kernel takes a request");
    }

    /// Sends frames on the shell channel that are whatever they are.
    pub fn send_frames(&mut self, frames: &[&[u8]]) {
        let (first, more) = frames.split_first().expect("at least one frame");
        let mut message = zeromq::ZmqMessage::from(first.to_vec());
        for frame in more {
            message.push_back(frame.to_vec().into());
        }
        self.runtime
            .block_on(self.shell.socket.send(message))
            .expect("the socket takes frames");
    }

    /// Sends a request that is signed with a key that is not the kernel's.
    pub fn send_forged(&mut self, message: JupyterMessage) {
        let mut connection = self.connection.clone();
        connection.key = "another".to_owned();
        let session = "forger";
        self.runtime.block_on(async {
            let identity = peer_identity_for_session(session).unwrap();
            let mut shell = create_client_shell_connection_with_identity(&connection, session, identity)
                .await
                .unwrap();
            shell.send(message).await.unwrap();
            // Closed at once, the socket would take the message along.
            tokio::time::sleep(Duration::from_millis(500)).await;
        });
    }

    /// Sends a request and collects all that comes of it.
    pub fn ask(&mut self, message: JupyterMessage) -> Answer {
        let id = message.header.msg_id.clone();
        self.send(message);
        self.collect(&id)
    }

    /// Runs a cell.
    pub fn execute(&mut self, code: &str) -> Answer {
        self.ask(JupyterMessage::new(ExecuteRequest::new(code.to_owned()), None))
    }

    /// Collects what comes of the request with the given id, until its reply and its idle are there.
    pub fn collect(&mut self, id: &str) -> Answer {
        let mut published = Vec::new();
        loop {
            let message = self.published();
            if message
                .parent_header
                .as_ref()
                .is_none_or(|parent| parent.msg_id != id)
            {
                continue;
            }
            match &message.content {
                Content::Status(status) if status.execution_state == ExecutionState::Idle => break,
                Content::Status(_) => {}
                content => {
                    let kind = content.message_type().to_owned();
                    published.push((kind, serde_json::to_value(content).unwrap()));
                }
            }
        }
        loop {
            let reply = self
                .runtime
                .block_on(async { timeout(LIMIT, self.shell.read()).await });
            let reply = reply
                .expect("a reply comes in time")
                .expect("the reply can be read");
            if reply
                .parent_header
                .as_ref()
                .is_some_and(|parent| parent.msg_id == id)
            {
                let reply = serde_json::to_value(&reply.content).unwrap();
                return Answer { reply, published };
            }
        }
    }

    /// The next message that the kernel publishes.
    pub fn published(&mut self) -> JupyterMessage {
        self.runtime
            .block_on(async { timeout(LIMIT, self.iopub.read()).await })
            .expect("the kernel publishes something in time")
            .expect("what it publishes can be read")
    }

    /// Waits until something of the given type is published for a request.
    pub fn wait_for(&mut self, kind: &str, id: &str) -> Value {
        loop {
            let message = self.published();
            let is_of = |parent: &jupyter_protocol::Header| parent.msg_id == id;
            if message.parent_header.as_ref().is_some_and(is_of) && message.content.message_type() == kind {
                return serde_json::to_value(&message.content).unwrap();
            }
        }
    }

    /// Waits for the first text on standard output of a request.
    pub fn wait_for_output(&mut self, id: &str) -> String {
        loop {
            let message = self.published();
            if message
                .parent_header
                .as_ref()
                .is_some_and(|parent| parent.msg_id == id)
                && let Content::StreamContent(stream) = message.content
            {
                return stream.text;
            }
        }
    }

    /// Presses Interrupt.
    pub fn interrupt(&mut self) {
        self.ask_control(JupyterMessage::new(InterruptRequest {}, None));
    }

    /// Asks the kernel to end, and waits until it has.
    pub fn shut_down(&mut self, restart: bool) -> Value {
        let reply = self.ask_control(JupyterMessage::new(ShutdownRequest { restart }, None));
        for _ in 0..200 {
            if self.process.try_wait().unwrap().is_some() {
                return reply;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the kernel did not end within ten seconds");
    }

    /// Sends a request on the control channel and waits for the reply.
    pub fn ask_control(&mut self, message: JupyterMessage) -> Value {
        self.runtime.block_on(async {
            self.control
                .send(message)
                .await
                .expect("the control channel takes a request");
            let reply = timeout(LIMIT, self.control.read())
                .await
                .expect("a reply comes in time");
            serde_json::to_value(reply.expect("the reply can be read").content).unwrap()
        })
    }

    /// The kernel's next question to the learner, which nobody answers.
    pub fn question(&mut self) -> Value {
        let question = self
            .runtime
            .block_on(async { timeout(LIMIT, self.stdin.read()).await });
        let question = question.expect("a question comes in time");
        serde_json::to_value(question.expect("the question can be read").content).unwrap()
    }

    /// Answers the kernel's next question to the learner. Returns the question.
    pub fn answer_input(&mut self, value: &str) -> Value {
        self.runtime.block_on(async {
            let question = timeout(LIMIT, self.stdin.read())
                .await
                .expect("a question comes in time");
            let question = question.expect("the question can be read");
            let content = serde_json::to_value(&question.content).unwrap();
            let answer = jupyter_protocol::InputReply {
                value: value.to_owned(),
                ..Default::default()
            };
            let answer = JupyterMessage::new(answer, Some(&question));
            self.stdin
                .send(answer)
                .await
                .expect("the kernel takes the answer");
            content
        })
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(Some(_))) {
            return;
        }
        // As a learner's machine does who closes the lid; the kernel removes its folder when it can.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An execute request as some clients send it.
pub fn execute_request(code: &str, more: &Value) -> JupyterMessage {
    let mut content = json!({"code": code, "silent": false, "store_history": true,
        "user_expressions": {}, "allow_stdin": true, "stop_on_error": true});
    for (key, value) in more.as_object().into_iter().flatten() {
        content[key] = value.clone();
    }
    let content = Content::from_type_and_content("execute_request", content).unwrap();
    JupyterMessage::new(content, None)
}

const IP: &str = "127.0.0.1";

/// Five ports that are free and that no other test of this program is about to use: a kernel takes a moment until it binds
/// them, in which the system may hand them out again.
fn free_ports(runtime: &Runtime) -> (Vec<u16>, Vec<tokio::net::TcpListener>) {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let (ports, listeners) = runtime
            .block_on(peek_ports_with_listeners(IP.parse().unwrap(), 5))
            .unwrap();
        let mut given = GIVEN.lock().unwrap();
        if ports.iter().all(|port| !given.contains(port)) {
            given.extend(&ports);
            return (ports, listeners);
        }
    }
}
