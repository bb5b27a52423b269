//! A kernel that waits for a notebook.

use super::sameness::{made_from, started_in};
use super::{Wish, folder, words};
use crate::home::Home;
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a waiting kernel looks whether it is still what a notebook would get.
const LOOK: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};
/// How the folder of an offer's socket begins.
const FOLDER: &str = "course-pool-";
/// How long whoever connects may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the file of an offer says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Notice {
    pub socket: PathBuf,
    /// What the kernel is made from, and the environment that it was started in.
    pub made_from: String,
    pub started_in: String,
}

/// A place where a notebook can claim this kernel.
#[derive(Debug)]
pub struct Offer {
    home: Home,
    made_from: String,
    listener: UnixListener,
    file: PathBuf,
    // The path of a socket must be short, so it lies below the folder for temporary files.
    _folder: tempfile::TempDir,
}

/// A notebook that has claimed this kernel.
#[derive(Debug)]
pub struct Claimed {
    pub connection_file: PathBuf,
    pub folder: PathBuf,
    /// The process that Jupyter takes for the kernel.
    pub stand_in: UnixStream,
}

impl Claimed {
    /// What the stand-in was asked by signal, in its words.
    pub fn meaning(line: &str) -> Option<Asked> {
        match line.trim() {
            words::INTERRUPT => Some(Asked::Interrupt),
            words::END => Some(Asked::End),
            _ => None,
        }
    }

    /// Tells the stand-in that this kernel ends because it should.
    pub fn ended(stand_in: &mut impl Write) {
        let _ = writeln!(stand_in, "{}", words::ENDED);
    }
}

/// What a stand-in passes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Interrupt,
    End,
}

impl Offer {
    /// Opens the place and says that it is there.
    pub fn open(home: &Home) -> Result<Self> {
        let made_from = made_from(home).context("the notebook environment is not built")?;
        let sockets = tempfile::Builder::new()
            .prefix(FOLDER)
            .tempdir()
            .context("no folder for temporary files can be made")?;
        let socket = sockets.path().join("kernel");
        let listener = UnixListener::bind(&socket)
            .with_context(|| format!("no socket can be made in {}", sockets.path().display()))?;
        listener.set_nonblocking(true)?;
        let offers = folder(home);
        fs::create_dir_all(&offers).with_context(|| format!("{} cannot be made", offers.display()))?;
        forget_dead(&offers);
        let file = offers.join(format!("{}.json", std::process::id()));
        let notice = Notice {
            socket,
            made_from: made_from.clone(),
            started_in: started_in(),
        };
        let unfinished = file.with_extension("part");
        fs::write(&unfinished, serde_json::to_vec(&notice)?)
            .and_then(|()| fs::rename(&unfinished, &file))
            .with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(Self {
            home: home.clone(),
            made_from,
            listener,
            file,
            _folder: sockets,
        })
    }

    /// Waits until a notebook claims this kernel. `None` when none will: `course lab` has ended, which closes
    /// `keeper`, or a kernel started now would be another one.
    pub fn wait(self, keeper: &mut (impl Read + std::os::fd::AsFd)) -> io::Result<Option<Claimed>> {
        loop {
            let (called, left) = {
                let mut sources = [
                    PollFd::new(&self.listener, PollFlags::IN),
                    PollFd::new(keeper, PollFlags::IN),
                ];
                match poll(&mut sources, Some(&LOOK)) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
                (!sources[0].revents().is_empty(), !sources[1].revents().is_empty())
            };
            if left && keeper.read(&mut [0; 64])? == 0 {
                return Ok(None);
            }
            if called {
                match self.answer() {
                    Ok(Some(claimed)) => return Ok(Some(claimed)),
                    Ok(None) => {}
                    Err(error) => tracing::warn!("a notebook that wanted this kernel went away: {error}"),
                }
            }
            if made_from(&self.home).as_ref() != Some(&self.made_from) {
                tracing::info!(
                    "the library or the program has changed; this kernel makes room for a new one"
                );
                return Ok(None);
            }
        }
    }

    fn answer(&self) -> io::Result<Option<Claimed>> {
        let (mut stand_in, _) = match self.listener.accept() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            other => other?,
        };
        stand_in.set_nonblocking(false)?;
        stand_in.set_read_timeout(Some(PATIENCE))?;
        let mut line = String::new();
        BufReader::new(&stand_in).read_line(&mut line)?;
        let wish: Wish = serde_json::from_str(&line)?;
        // Nobody else shall find it.
        let _ = fs::remove_file(&self.file);
        writeln!(stand_in, "{}", words::TAKEN)?;
        stand_in.set_read_timeout(None)?;
        Ok(Some(Claimed {
            connection_file: wish.connection_file,
            folder: wish.folder,
            stand_in,
        }))
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// Removes what a kernel that was killed has left: its offer, and the folder of its socket.
pub fn forget(file: &Path) {
    if let Some(notice) = read(file)
        && let Some(folder) = notice.socket.parent()
        && folder
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(FOLDER))
    {
        let _ = fs::remove_dir_all(folder);
    }
    let _ = fs::remove_file(file);
}

/// Removes what all kernels have left that were killed while they waited.
fn forget_dead(offers: &Path) {
    for entry in fs::read_dir(offers).into_iter().flatten().flatten() {
        let file = entry.path();
        let process = file.file_stem().and_then(|name| name.to_str()?.parse().ok());
        let process = process.and_then(rustix::process::Pid::from_raw);
        if process.is_some_and(|process| {
            rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
        }) {
            forget(&file);
        }
    }
}

/// What an offer's file says; `None` where it cannot be read any more.
pub fn read(file: &Path) -> Option<Notice> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}
