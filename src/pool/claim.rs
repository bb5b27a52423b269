//! The process that Jupyter starts as a kernel, where a warm one waits: it stands in for that one.

use super::offer::{Notice, forget, read};
use super::sameness::{made_from, started_in};
use super::{Wish, folder, words};
use crate::home::Home;
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::signal::unix::{SignalKind, signal};

/// How long a kernel that is said to wait may take to answer.
const ANSWER: Duration = Duration::from_secs(3);
/// How long a kernel may take to end; after that Jupyter's own patience is over, too.
const END: Duration = Duration::from_secs(4);

/// Hands the notebook to a warm kernel and stands in for it until it ends. `None` where no fitting kernel waits.
pub fn claim(home: &Home, connection_file: &Path) -> Option<Result<ExitCode>> {
    let (made_from, started_in) = (made_from(home)?, started_in());
    let wish = Wish {
        connection_file: connection_file.canonicalize().ok()?,
        folder: std::env::current_dir().ok()?,
    };
    // Paths that are not UTF-8 cannot be said; such a notebook gets a kernel of its own.
    let wish = serde_json::to_string(&wish).ok()?;
    let stream = offers(home)
        .filter(|(_, notice)| notice.made_from == made_from && notice.started_in == started_in)
        .find_map(|(file, notice)| ask(&file, &notice, &wish))?;
    tracing::debug!("a warm kernel serves this notebook");
    Some(stand_in(stream))
}

fn offers(home: &Home) -> impl Iterator<Item = (PathBuf, Notice)> {
    let files = fs::read_dir(folder(home)).into_iter().flatten().flatten();
    files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter_map(|path| read(&path).map(|notice| (path, notice)))
}

/// The connection to a kernel that has granted the wish.
fn ask(file: &Path, notice: &Notice, wish: &str) -> Option<UnixStream> {
    let Ok(mut stream) = UnixStream::connect(&notice.socket) else {
        // Its kernel was killed.
        forget(file);
        return None;
    };
    let mut granted = || -> std::io::Result<bool> {
        stream.set_read_timeout(Some(ANSWER))?;
        stream.write_all(format!("{wish}\n").as_bytes())?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer)?;
        stream.set_read_timeout(None)?;
        Ok(answer.trim() == words::TAKEN)
    };
    // Where another notebook was quicker, the kernel has closed its door.
    let is_ours = granted().unwrap_or(false);
    is_ours.then_some(stream)
}

/// Passes on what Jupyter does to this process, until the kernel has ended.
fn stand_in(kernel: UnixStream) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("signals cannot be waited for")?;
    runtime.block_on(async {
        kernel.set_nonblocking(true)?;
        let (from_kernel, mut to_kernel) = tokio::net::UnixStream::from_std(kernel)?.into_split();
        let mut lines = tokio::io::BufReader::new(from_kernel).lines();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut look = tokio::time::interval(Duration::from_secs(1));
        let parent = rustix::process::getppid();
        let has_parent = std::env::var_os("JPY_PARENT_PID").is_some();
        let mut ended = false;
        loop {
            tokio::select! {
                line = lines.next_line() => match line {
                    Ok(Some(line)) => ended |= line.trim() == words::ENDED,
                    // Jupyter tells the learner of a kernel that died, and starts another.
                    _ => return Ok(if ended { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
                },
                _ = interrupt.recv() => {
                    to_kernel.write_all(format!("{}\n", words::INTERRUPT).as_bytes()).await?;
                }
                _ = terminate.recv() => {
                    to_kernel.write_all(format!("{}\n", words::END).as_bytes()).await?;
                    let rest = async { while let Ok(Some(_)) = lines.next_line().await {} };
                    let _ = tokio::time::timeout(END, rest).await;
                    return Ok(ExitCode::SUCCESS);
                }
                _ = look.tick() => {
                    if has_parent && rustix::process::getppid() != parent {
                        // The connection closes with this process, and so does the kernel.
                        return Ok(ExitCode::SUCCESS);
                    }
                }
            }
        }
    })
}
