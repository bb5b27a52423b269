//! Who may end or interrupt a kernel besides its messages: signals, and the process that looks after it.

use crate::pool::{Asked, Claimed};
use anyhow::Result;
use rustix::process::{Pid, getppid};
use std::os::unix::net::UnixStream;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::UnixStream as Stream;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Interval;

/// Hears what is asked of the kernel, and sees whether anybody is left who wants it.
pub struct Guardian {
    terminate: Signal,
    interrupt: Signal,
    look: Interval,
    /// The process that started this kernel, where Jupyter did; it does not survive that.
    parent: Option<Pid>,
    /// The process that stands in for this kernel, where a notebook has claimed it.
    stand_in: Option<Lines<BufReader<Stream>>>,
}

impl Guardian {
    /// Must be called inside tokio.
    pub fn new(stand_in: Option<UnixStream>) -> Result<Self> {
        let has_parent = stand_in.is_none() && std::env::var_os("JPY_PARENT_PID").is_some();
        let mut lines = None;
        if let Some(stream) = stand_in {
            stream.set_nonblocking(true)?;
            lines = Some(BufReader::new(Stream::from_std(stream)?).lines());
        }
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            look: tokio::time::interval(Duration::from_secs(1)),
            parent: has_parent.then(getppid).flatten(),
            stand_in: lines,
        })
    }

    /// Waits until something is asked. May be dropped and called again.
    pub async fn asks(&mut self) -> Asked {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return Asked::End,
                _ = self.interrupt.recv() => return Asked::Interrupt,
                line = next_line(&mut self.stand_in) => match line.as_deref().map(Claimed::meaning) {
                    Some(Some(asked)) => return asked,
                    Some(None) => {}
                    None => return Asked::End,
                },
                _ = self.look.tick() => {
                    if self.parent.is_some() && getppid() != self.parent {
                        tracing::warn!("the Jupyter server is gone, so the kernel ends");
                        return Asked::End;
                    }
                }
            }
        }
    }
}

/// The next line; `None` when the stand-in is gone. Without one, waits for ever.
async fn next_line(stand_in: &mut Option<Lines<BufReader<Stream>>>) -> Option<String> {
    match stand_in {
        Some(lines) => lines.next_line().await.ok().flatten(),
        None => std::future::pending().await,
    }
}
