//! Keeps one kernel warm while `course lab` runs.

use super::words;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use sysinfo::System;

/// What a kernel holds when it has read the library, and what the machine should have left beside it.
const MEMORY: u64 = 2_000_000_000;
/// The notebook that has just opened runs its first cells in this time, and needs the processors for that.
const PAUSE: Duration = Duration::from_secs(15);
/// A kernel that ends sooner than this without being claimed will not do better the next time.
const TOO_SOON: Duration = Duration::from_secs(30);
/// How long a kernel that is not wanted any more may take to clear up.
const END: Duration = Duration::from_secs(5);

/// The thread that starts warm kernels. Dropped, it ends the one that still waits; those that notebooks have claimed
/// end with their notebooks.
#[derive(Debug)]
pub struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Keeps a kernel warm that `command` starts.
    pub fn start(command: impl Fn() -> Result<Command> + Send + 'static) -> Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("warm kernels".to_owned())
            .spawn(move || {
                if let Err(error) = keep(&command, &stopped) {
                    tracing::warn!("notebooks start without a warm kernel, more slowly: {error:#}");
                }
            })
            .context("no thread can be started")?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep(command: &impl Fn() -> Result<Command>, stopped: &Receiver<()>) -> Result<()> {
    let mut pause = Duration::ZERO;
    loop {
        if is_over(stopped, pause) {
            return Ok(());
        }
        if free_memory() < MEMORY {
            pause = PAUSE;
            continue;
        }
        let started = Instant::now();
        let mut kernel = Waiting::start(command()?)?;
        match kernel.wait(stopped) {
            Ended::NotWanted => {
                kernel.end();
                return Ok(());
            }
            Ended::Claimed => {
                kernel.leave();
                pause = PAUSE;
            }
            // The library has changed, or somebody has killed it.
            Ended::ByItself if started.elapsed() > TOO_SOON => {
                kernel.end();
                pause = PAUSE;
            }
            Ended::ByItself => {
                kernel.end();
                anyhow::bail!("it ended at once; its last words are in the log of JupyterLab");
            }
        }
    }
}

/// Waits for the given time. Returns whether it was told to stop.
fn is_over(stopped: &Receiver<()>, pause: Duration) -> bool {
    !matches!(stopped.recv_timeout(pause), Err(RecvTimeoutError::Timeout))
}

fn free_memory() -> u64 {
    let mut system = System::new();
    system.refresh_memory();
    system.available_memory()
}

enum Ended {
    NotWanted,
    Claimed,
    ByItself,
}

/// A kernel that has been started and that nobody has claimed yet.
struct Waiting {
    process: Child,
    /// The kernel ends when this closes, also by the death of this process.
    life: Option<ChildStdin>,
    words: Receiver<String>,
}

impl Waiting {
    fn start(mut command: Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("it cannot be started")?;
        let life = process.stdin.take();
        let (sender, words) = channel();
        if let Some(output) = process.stdout.take() {
            std::thread::spawn(move || hear(output, &sender));
        }
        Ok(Self { process, life, words })
    }

    fn wait(&mut self, stopped: &Receiver<()>) -> Ended {
        loop {
            match self.words.recv_timeout(Duration::from_millis(200)) {
                Ok(word) if word == words::TAKEN => return Ended::Claimed,
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return Ended::ByItself,
                Err(RecvTimeoutError::Timeout) => {
                    if is_over(stopped, Duration::ZERO) {
                        return Ended::NotWanted;
                    }
                }
            }
        }
    }

    /// Leaves the kernel to its notebook, and waits on another thread for its end, so that nothing remains of it.
    fn leave(mut self) {
        std::thread::spawn(move || {
            let _ = self.process.wait();
        });
    }

    fn end(mut self) {
        self.life = None;
        let until = Instant::now() + END;
        while matches!(self.process.try_wait(), Ok(None)) {
            if Instant::now() > until {
                let _ = self.process.kill();
                let _ = self.process.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn hear(output: ChildStdout, words: &Sender<String>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let _ = words.send(line.trim().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn kernel_that(script: &str) -> impl Fn() -> Result<Command> + Send + 'static {
        let script = script.to_owned();
        move || {
            let mut command = Command::new("sh");
            command.args(["-c", &script]);
            Ok(command)
        }
    }

    fn soon(happened: impl Fn() -> bool) -> bool {
        (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            happened()
        })
    }

    fn lines(file: &Path) -> usize {
        std::fs::read_to_string(file).map_or(0, |text| text.lines().count())
    }

    #[test]
    fn a_kernel_that_nobody_claimed_ends_with_its_keeper() {
        let folder = tempfile::tempdir().unwrap();
        let (started, ended) = (folder.path().join("started"), folder.path().join("ended"));
        let keeper = Keeper::start(kernel_that(&format!(
            "echo >> {}; cat; echo >> {}",
            started.display(),
            ended.display()
        )))
        .unwrap();
        assert!(soon(|| lines(&started) == 1));
        assert_eq!(lines(&ended), 0);
        drop(keeper);
        assert_eq!(lines(&ended), 1);
    }

    #[test]
    fn a_claimed_kernel_is_left_to_its_notebook() {
        let folder = tempfile::tempdir().unwrap();
        let (claimed, over) = (folder.path().join("claimed"), folder.path().join("over"));
        let keeper = Keeper::start(kernel_that(&format!(
            "echo taken; echo >> {}; sleep 1; echo >> {}",
            claimed.display(),
            over.display()
        )))
        .unwrap();
        assert!(soon(|| lines(&claimed) == 1));
        std::thread::sleep(Duration::from_millis(300));
        drop(keeper);
        assert!(soon(|| lines(&over) == 1));
    }

    #[test]
    fn a_kernel_that_cannot_live_is_not_started_again_and_again() {
        let folder = tempfile::tempdir().unwrap();
        let started = folder.path().join("started");
        let keeper = Keeper::start(kernel_that(&format!("echo >> {}; exit 3", started.display()))).unwrap();
        assert!(soon(|| lines(&started) == 1));
        std::thread::sleep(Duration::from_millis(500));
        drop(keeper);
        assert_eq!(lines(&started), 1);
    }
}
