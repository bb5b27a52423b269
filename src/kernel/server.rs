//! The kernel's sockets.

use super::about::kernel_info;
use super::guardian::Guardian;
use super::interrupt::{Interrupter, stop_compiler};
use super::requests;
use super::worker::{Outgoing, Request, Shared, Worker, lock, refusal};
use crate::home::Home;
use crate::pool::{Asked, Claimed};
use anyhow::{Context, Result};
use jupyter_zmq_client::{
    ConnectionInfo, InterruptReply, JupyterMessage, JupyterMessageContent, KernelHeartbeatConnection,
    KernelIoPubConnection, ReplyStatus, RouterRecvConnection, RouterSendConnection, ShutdownReply, Status,
    create_kernel_control_connection, create_kernel_heartbeat_connection, create_kernel_iopub_connection,
    create_kernel_shell_connection, create_kernel_stdin_connection,
};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zeromq::{SocketRecv, SocketSend};

/// A kernel that starts, and may be ready before anybody has asked it for anything.
pub struct Kernel {
    requests: Sender<Request>,
    answers: Sender<String>,
    outgoing: UnboundedSender<Outgoing>,
    queue: UnboundedReceiver<Outgoing>,
    shared: Arc<Shared>,
}

impl Kernel {
    /// Starts the session on a thread of its own. Where no cells can be run, each cell will be answered with the reason.
    pub fn start(home: Result<Home, String>) -> Result<Self> {
        let (outgoing, queue) = unbounded_channel();
        let (requests, requests_in) = mpsc::channel();
        let (answers, answers_in) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let worker = Worker::new(
            home,
            requests_in,
            outgoing.clone(),
            answers_in,
            Arc::clone(&shared),
        );
        std::thread::Builder::new()
            .name("cells".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            requests,
            answers,
            outgoing,
            queue,
            shared,
        })
    }

    /// Serves whoever knows the connection file, until the kernel is shut down.
    pub fn serve(self, connection_file: &Path) -> Result<()> {
        self.serve_with(connection_file, None)
    }

    /// Serves the notebook that has claimed this kernel.
    pub fn serve_claimed(self, claimed: Claimed) -> Result<()> {
        std::env::set_current_dir(&claimed.folder)
            .with_context(|| format!("{} cannot be entered", claimed.folder.display()))?;
        let _ = self.requests.send(Request::Enter(claimed.folder));
        self.serve_with(&claimed.connection_file, Some(claimed.stand_in))
    }

    fn serve_with(self, connection_file: &Path, stand_in: Option<UnixStream>) -> Result<()> {
        let text = std::fs::read_to_string(connection_file)
            .with_context(|| format!("the connection file {} cannot be read", connection_file.display()))?;
        let connection: ConnectionInfo = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a Jupyter connection file", connection_file.display()))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let mut end = stand_in.as_ref().map(UnixStream::try_clone).transpose()?;
        let shared = Arc::clone(&self.shared);
        let result = runtime.block_on(self.run(&connection, stand_in));
        if let Some(stand_in) = &mut end {
            Claimed::ended(stand_in);
        }
        runtime.shutdown_timeout(Duration::from_millis(100));
        // The worker may be deep inside a compile. The cells' process ends with the kernel.
        let cells = lock(&shared.interrupter).as_ref().map(Interrupter::cells);
        stop_compiler(cells.unwrap_or_default());
        result
    }

    async fn run(self, connection: &ConnectionInfo, stand_in: Option<UnixStream>) -> Result<()> {
        let session = uuid::Uuid::new_v4().to_string();
        let in_use = "the kernel's ports cannot be opened";
        let heartbeat = create_kernel_heartbeat_connection(connection)
            .await
            .context(in_use)?;
        let iopub = create_kernel_iopub_connection(connection, &session)
            .await
            .context(in_use)?;
        let shell = create_kernel_shell_connection(connection, &session)
            .await
            .context(in_use)?;
        let control = create_kernel_control_connection(connection, &session)
            .await
            .context(in_use)?;
        let stdin = create_kernel_stdin_connection(connection, &session)
            .await
            .context(in_use)?;
        let (shell_out, shell_in) = shell.split();
        let (control_out, control_in) = control.split();
        let (stdin_out, stdin_in) = stdin.split();

        let sockets = Sockets {
            iopub,
            shell: shell_out,
            control: control_out,
            stdin: stdin_out,
        };
        let sending = tokio::spawn(send_all(sockets, self.queue));
        let _ = self
            .outgoing
            .send(Outgoing::IoPub(JupyterMessage::new(Status::starting(), None)));
        tokio::spawn(beat(heartbeat));
        tokio::spawn(read_shell(
            shell_in,
            self.requests.clone(),
            Arc::clone(&self.shared),
            self.outgoing.clone(),
        ));
        tokio::spawn(read_answers(stdin_in, self.answers));
        let (control_messages, control) = unbounded_channel();
        tokio::spawn(pass_on(control_in, control_messages));
        let guardian = Guardian::new(stand_in)?;
        serve_control(control, guardian, &self.shared, &self.requests, &self.outgoing).await?;

        // The answer to the shutdown request still has to leave.
        drop(self.outgoing);
        let _ = tokio::time::timeout(Duration::from_millis(200), sending).await;
        Ok(())
    }
}

struct Sockets {
    iopub: KernelIoPubConnection,
    shell: RouterSendConnection,
    control: RouterSendConnection,
    stdin: RouterSendConnection,
}

async fn send_all(mut sockets: Sockets, mut queue: UnboundedReceiver<Outgoing>) {
    while let Some(message) = queue.recv().await {
        let sent = match message {
            Outgoing::IoPub(message) => sockets.iopub.send(message).await,
            Outgoing::Shell(message) => sockets.shell.send(message).await,
            Outgoing::Control(message) => sockets.control.send(message).await,
            Outgoing::Stdin(message) => sockets.stdin.send(message).await,
        };
        if let Err(error) = sent {
            // The client that asked went away.
            tracing::warn!("a message could not be sent: {error}");
        }
    }
}

/// Sends back what comes.
async fn beat(mut heartbeat: KernelHeartbeatConnection) {
    loop {
        let echo = async {
            let beat = heartbeat.socket.recv().await?;
            heartbeat.socket.send(beat).await
        };
        if let Err(error) = echo.await {
            tracing::warn!("heartbeat: {error}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Reads the next message; a bad one is logged and the next one read.
async fn next(connection: &mut RouterRecvConnection, channel: &str) -> JupyterMessage {
    loop {
        match requests::read(connection).await {
            Ok(message) => return message,
            Err(error) => {
                tracing::warn!("{channel}: {error:#}");
                // A socket that fails again and again must not take the processor for itself.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

async fn read_shell(
    mut shell: RouterRecvConnection,
    requests: Sender<Request>,
    shared: Arc<Shared>,
    outgoing: UnboundedSender<Outgoing>,
) {
    loop {
        let message = next(&mut shell, "shell").await;
        let is_starting = lock(&shared.interrupter).is_none();
        // Front ends wait for this answer before they show anything, and the session takes seconds to start.
        if is_starting && matches!(message.content, JupyterMessageContent::KernelInfoRequest(_)) {
            answer_kernel_info(&message, &outgoing, Outgoing::Shell);
        } else if requests.send(Request::Message(Box::new(message))).is_err() {
            return;
        }
    }
}

async fn read_answers(mut stdin: RouterRecvConnection, answers: Sender<String>) {
    loop {
        if let JupyterMessageContent::InputReply(reply) = next(&mut stdin, "stdin").await.content
            && answers.send(reply.value).is_err()
        {
            return;
        }
    }
}

/// Reads the control channel on a task of its own, which nothing cancels in the middle of a message.
async fn pass_on(mut control: RouterRecvConnection, messages: UnboundedSender<JupyterMessage>) {
    while messages.send(next(&mut control, "control").await).is_ok() {}
}

/// Serves the control channel until the kernel is asked to end, by message or otherwise.
async fn serve_control(
    mut control: UnboundedReceiver<JupyterMessage>,
    mut guardian: Guardian,
    shared: &Arc<Shared>,
    requests: &Sender<Request>,
    outgoing: &UnboundedSender<Outgoing>,
) -> Result<()> {
    loop {
        let message = tokio::select! {
            message = control.recv() => match message {
                Some(message) => message,
                None => return Ok(()),
            },
            asked = guardian.asks() => match asked {
                Asked::End => return Ok(()),
                Asked::Interrupt => {
                    interrupt_cell(shared, requests);
                    continue;
                }
            },
        };
        match &message.content {
            JupyterMessageContent::KernelInfoRequest(_) => {
                answer_kernel_info(&message, outgoing, Outgoing::Control);
            }
            JupyterMessageContent::InterruptRequest(_) => {
                let _ = outgoing.send(Outgoing::IoPub(Status::busy().as_child_of(&message)));
                interrupt_cell(shared, requests);
                // The answer says that the request was heard; the cell may take two seconds more.
                let _ = outgoing.send(Outgoing::Control(InterruptReply::new().as_child_of(&message)));
                let _ = outgoing.send(Outgoing::IoPub(Status::idle().as_child_of(&message)));
            }
            JupyterMessageContent::ShutdownRequest(request) => {
                let reply = ShutdownReply {
                    restart: request.restart,
                    status: ReplyStatus::Ok,
                    error: None,
                };
                let _ = outgoing.send(Outgoing::IoPub(Status::busy().as_child_of(&message)));
                let _ = outgoing.send(Outgoing::IoPub(reply.as_child_of(&message)));
                let _ = outgoing.send(Outgoing::Control(reply.as_child_of(&message)));
                let _ = outgoing.send(Outgoing::IoPub(Status::idle().as_child_of(&message)));
                return Ok(());
            }
            other => {
                tracing::warn!(
                    "a control message that is not understood: {}",
                    other.message_type()
                );
                if other.message_type().ends_with("_request") {
                    let why = format!(
                        "{} is not understood on the control channel",
                        other.message_type()
                    );
                    let refusal = refusal(&message, "UnknownRequest", &why);
                    let _ = outgoing.send(Outgoing::IoPub(Status::busy().as_child_of(&message)));
                    let _ = outgoing.send(Outgoing::Control(refusal));
                    let _ = outgoing.send(Outgoing::IoPub(Status::idle().as_child_of(&message)));
                }
            }
        }
    }
}

fn answer_kernel_info(
    request: &JupyterMessage,
    outgoing: &UnboundedSender<Outgoing>,
    socket: fn(JupyterMessage) -> Outgoing,
) {
    let _ = outgoing.send(Outgoing::IoPub(Status::busy().as_child_of(request)));
    let _ = outgoing.send(socket(kernel_info().as_child_of(request)));
    let _ = outgoing.send(Outgoing::IoPub(Status::idle().as_child_of(request)));
}

/// Has the cell stopped that runs now, and not one that comes after it. Where none runs, those that wait are not run.
fn interrupt_cell(shared: &Shared, requests: &Sender<Request>) {
    let interrupter = lock(&shared.interrupter).clone();
    match interrupter.and_then(|interrupter| Some((interrupter.ask()?, interrupter))) {
        Some((cell, interrupter)) => {
            tokio::task::spawn_blocking(move || interrupter.stop(cell));
        }
        None => {
            let _ = requests.send(Request::Interrupt);
        }
    }
}
