//! Compilers that wait for the next cell.
//!
//! Before rustc comes to a cell it has started, and has read what the library and the two hundred crates behind it
//! offer: a third of a small cell's compile, and the same for each. So a kernel keeps compilers that have this behind
//! them (`hold`). Their program names the library and includes a file; the file is a pipe, by which the cell comes.
//! They write an object file, which `link` makes a library of without rustc's help.
//!
//! What such a compiler does not like is compiled once more in the usual way, so that all messages are rustc's own about
//! the whole cell.

use super::record::RustcCommand;
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::symlink;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// In the kernel's folder: where the holder listens.
const ADDRESS: &str = ".course-compilers";
/// How the names of kernels' folders for sockets begin.
pub const SOCKETS: &str = "course-";
/// A compiler takes some 50 MB, which a notebook that lies idle for so many seconds gives back.
const PATIENCE: i64 = 600;

/// How evcxr begins each cell's program. It can only stand at the very beginning, so the cell comes without it.
const FIRST_LINE: &str = "#![allow(unused_imports, unused_mut, dead_code)]\n";
/// What the compiler reads first; the cell's file has the name that it has everywhere, since panics tell it.
const ROOT: &str = "extern crate course_lib as _;\ninclude!(\"src/lib.rs\");\n";
const ROOT_FILE: &str = "main.rs";
const CELL_FILE: &str = "src/lib.rs";
const PIPE: &str = "/dev/stdin";

/// How to start a compiler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    program: String,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Job {
    /// The recorded command for a cell, with the given arguments, as it is to be started in `folder`, where it leaves the
    /// object file.
    pub fn new(command: &RustcCommand, arguments: &[String], folder: &Path) -> Option<Self> {
        let mut own = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                CELL_FILE => own.push(ROOT_FILE.to_owned()),
                "--out-dir" => drop(rest.next()?),
                emit if emit.starts_with("--emit=") => own.push("--emit=obj".to_owned()),
                _ => own.push(argument.clone()),
            }
        }
        own.extend(["-o".to_owned(), object(folder).to_str()?.to_owned()]);
        Some(Self {
            program: command.program.clone(),
            arguments: own,
            environment: command.environment.clone(),
            folder: folder.to_owned(),
        })
    }

    /// Writes what the compiler reads before the cell.
    fn lay_out(&self) -> std::io::Result<()> {
        let cell = self.folder.join(CELL_FILE);
        if cell.is_symlink() {
            return Ok(());
        }
        fs::create_dir_all(self.folder.join("src"))?;
        fs::write(self.folder.join(ROOT_FILE), format!("{FIRST_LINE}{ROOT}"))?;
        symlink(PIPE, cell)
    }
}

/// The object file that a compiler leaves in its folder.
pub fn object(folder: &Path) -> PathBuf {
    folder.join("ctx.o")
}

/// A cell's program without its first line, if it is one that a waiting compiler can take.
pub fn without_first_line(program: &str) -> Option<&str> {
    let cell = program.strip_prefix(FIRST_LINE)?;
    // Other settings of the whole crate have to stand in its first file.
    let has_settings = cell.lines().any(|line| line.trim_start().starts_with("#!["));
    (!has_settings).then_some(cell)
}

#[derive(Debug, Serialize, Deserialize)]
struct Request {
    /// The compilers that are to wait from now on; the first one is for this cell.
    jobs: Vec<Job>,
    cell: String,
}

/// The way to the compilers. As long as it is open, no new one is started: the processor has other work.
#[derive(Debug)]
pub struct Compilers(UnixStream);

impl Compilers {
    /// Those of the kernel in whose folder this is called.
    pub fn of_kernel() -> Option<Self> {
        UnixStream::connect(ADDRESS).ok().map(Self)
    }

    /// Has the cell compiled; `jobs` are the compilers that are to wait from now on, and the first one is for this cell.
    /// Returns whether the object file is there: it is not where the compiler did not like the cell.
    pub fn compile(&self, cell: &str, jobs: Vec<Job>) -> bool {
        let cell = cell.to_owned();
        let asked = serde_json::to_vec(&Request { jobs, cell }).is_ok_and(|mut request| {
            request.push(b'\n');
            (&self.0).write_all(&request).is_ok()
        });
        let mut answer = [0];
        asked && (&self.0).read_exact(&mut answer).is_ok() && answer == [1]
    }
}

/// Keeps compilers for the kernel whose folder is `kernel` until its process ends. Listens in `sockets`, a folder of the
/// kernel's own whose name is short, as that of a socket has to be.
pub fn hold(kernel: &Path, sockets: &Path) -> Result<()> {
    let socket = sockets.join("compilers");
    let listener =
        UnixListener::bind(&socket).with_context(|| format!("{} cannot be made", socket.display()))?;
    let address = kernel.join(ADDRESS);
    symlink(&socket, &address).with_context(|| format!("{} cannot be written", address.display()))?;
    std::thread::Builder::new()
        .name("compilers".to_owned())
        .spawn(move || answer_all(&listener))?;
    Ok(())
}

/// The folder for sockets that a kernel has left behind that was killed, by what lies in its own folder.
pub fn left_behind(kernel: &Path) -> Option<PathBuf> {
    let socket = fs::read_link(kernel.join(ADDRESS)).ok()?;
    let folder = socket.parent()?;
    let is_ours = folder.file_name()?.to_str()?.starts_with(SOCKETS);
    is_ours.then(|| folder.to_owned())
}

fn answer_all(listener: &UnixListener) {
    let mut waiting: Vec<Waiting> = Vec::new();
    loop {
        if !waiting.is_empty() && !is_called_within(listener, PATIENCE) {
            waiting.clear();
        }
        let Ok((caller, _)) = listener.accept() else {
            return;
        };
        let Some(jobs) = answer(&caller, &mut waiting) else {
            continue;
        };
        // It says no more, so this waits until it has gone.
        let _ = (&caller).read(&mut [0]);
        waiting.retain_mut(|compiler| jobs.contains(&compiler.job) && compiler.is_alive());
        for job in jobs {
            if waiting.iter().all(|compiler| compiler.job != job) {
                waiting.extend(Waiting::start(job));
            }
        }
    }
}

fn is_called_within(listener: &UnixListener, seconds: i64) -> bool {
    let limit = Timespec {
        tv_sec: seconds,
        tv_nsec: 0,
    };
    let called = poll(&mut [PollFd::new(listener, PollFlags::IN)], Some(&limit));
    // A signal that interrupts this is no reason to end anything.
    called.is_err() || called.is_ok_and(|ready| ready > 0)
}

/// Compiles the caller's cell, by a new compiler where none waits for it. Returns which ones are to wait from now on.
fn answer(mut caller: &UnixStream, waiting: &mut Vec<Waiting>) -> Option<Vec<Job>> {
    let mut line = Vec::new();
    BufReader::new(caller).read_until(b'\n', &mut line).ok()?;
    let Request { jobs, cell } = serde_json::from_slice(&line).ok()?;
    let place = waiting
        .iter()
        .position(|compiler| Some(&compiler.job) == jobs.first());
    let compiler = match place {
        Some(place) => Some(waiting.swap_remove(place)),
        None => jobs.first().cloned().and_then(Waiting::start),
    };
    let is_compiled = compiler.is_some_and(|compiler| compiler.compile(&cell));
    caller.write_all(&[u8::from(is_compiled)]).ok()?;
    Some(jobs)
}

/// A compiler that waits for a cell.
#[derive(Debug)]
struct Waiting {
    job: Job,
    rustc: Child,
}

impl Waiting {
    fn start(job: Job) -> Option<Self> {
        job.lay_out().ok()?;
        let rustc = Command::new(&job.program)
            .args(&job.arguments)
            .env_clear()
            .envs(&job.environment)
            .current_dir(&job.folder)
            // It closes with this process, however that ends: then the compiler ends, too.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        Some(Self { job, rustc })
    }

    fn is_alive(&mut self) -> bool {
        matches!(self.rustc.try_wait(), Ok(None))
    }

    /// Gives it the cell. Returns whether it has written the object file.
    fn compile(mut self, cell: &str) -> bool {
        // Its own line for the one that the cell comes without.
        let given = self.rustc.stdin.take().is_some_and(|mut pipe| {
            pipe.write_all(b"\n")
                .and_then(|()| pipe.write_all(cell.as_bytes()))
                .is_ok()
        });
        given && self.rustc.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.is_alive() {
            let _ = self.rustc.kill();
            let _ = self.rustc.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in for rustc that waits for its cell and copies it, or fails over one that says so.
    fn job(folder: &Path, name: &str) -> Job {
        let copies = format!(
            "echo >> {name}.starts; cell=$(cat); printf %s \"$cell\" > {name}; ! grep -q wrong {name}"
        );
        Job {
            program: "/bin/sh".to_owned(),
            arguments: vec!["-c".to_owned(), copies],
            environment: std::env::vars().collect(),
            folder: folder.to_owned(),
        }
    }

    fn compilers(kernel: &Path) -> Compilers {
        Compilers(UnixStream::connect(kernel.join(ADDRESS)).unwrap())
    }

    /// How often the stand-in of that name has been started.
    fn starts(folder: &Path, name: &str) -> usize {
        fs::read_to_string(folder.join(format!("{name}.starts"))).map_or(0, |text| text.lines().count())
    }

    fn wait_for_starts(folder: &Path, name: &str, count: usize) {
        for _ in 0..2000 {
            if starts(folder, name) == count {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("{name} was started {} times, not {count}", starts(folder, name));
    }

    #[test]
    fn the_first_cell_starts_a_compiler_and_the_second_finds_one_waiting() {
        let kernel = tempfile::tempdir().unwrap();
        let folder = kernel.path();
        let (one, other) = (job(folder, "one"), job(folder, "other"));
        hold(folder, folder).unwrap();
        let jobs = vec![one.clone(), other.clone()];
        assert!(compilers(folder).compile("first", jobs.clone()));
        assert_eq!(fs::read_to_string(folder.join("one")).unwrap(), "\nfirst");
        wait_for_starts(folder, "one", 2);
        wait_for_starts(folder, "other", 1);

        let waiting = compilers(folder);
        assert!(waiting.compile("second", jobs));
        assert_eq!(starts(folder, "one"), 2, "it was there already");
        drop(waiting);
        assert_eq!(fs::read_to_string(folder.join("one")).unwrap(), "\nsecond");
        let jobs = vec![other, one];
        assert!(compilers(folder).compile("third", jobs.clone()));
        assert_eq!(fs::read_to_string(folder.join("other")).unwrap(), "\nthird");
        assert!(!compilers(folder).compile("wrong", jobs.clone()));
        assert!(
            compilers(folder).compile("fourth", jobs),
            "a new one has taken the place of the one that failed"
        );
    }

    #[test]
    fn a_compiler_for_other_libraries_is_not_asked() {
        let kernel = tempfile::tempdir().unwrap();
        hold(kernel.path(), kernel.path()).unwrap();
        assert!(compilers(kernel.path()).compile("first", vec![job(kernel.path(), "one")]));
        assert!(compilers(kernel.path()).compile("second", vec![job(kernel.path(), "two")]));
        let given = |name: &str| fs::read_to_string(kernel.path().join(name)).unwrap();
        assert_eq!(
            (given("one"), given("two")),
            ("\nfirst".to_owned(), "\nsecond".to_owned())
        );
    }

    #[test]
    fn a_caller_that_talks_nonsense_or_goes_away_leaves_the_holder_alive() {
        let kernel = tempfile::tempdir().unwrap();
        hold(kernel.path(), kernel.path()).unwrap();
        (&compilers(kernel.path()).0).write_all(b"nonsense\n").unwrap();
        drop(compilers(kernel.path()));
        let jobs = vec![job(kernel.path(), "one")];
        compilers(kernel.path()).compile("first", jobs.clone());
        assert!(compilers(kernel.path()).compile("second", jobs));
    }

    #[test]
    fn a_compiler_that_was_ended_is_replaced() {
        let kernel = tempfile::tempdir().unwrap();
        hold(kernel.path(), kernel.path()).unwrap();
        let mut ended = job(kernel.path(), "one");
        ended.arguments = vec!["-c".to_owned(), "exit 1".to_owned()];
        compilers(kernel.path()).compile("first", vec![ended.clone()]);
        assert!(!compilers(kernel.path()).compile("second", vec![ended]));
    }

    #[test]
    fn the_folder_with_the_socket_of_a_dead_kernel_is_found() {
        let kernel = tempfile::tempdir().unwrap();
        let sockets = tempfile::Builder::new().prefix(SOCKETS).tempdir().unwrap();
        assert_eq!(left_behind(kernel.path()), None);
        hold(kernel.path(), sockets.path()).unwrap();
        assert_eq!(left_behind(kernel.path()).as_deref(), Some(sockets.path()));

        let other = tempfile::tempdir().unwrap();
        symlink("/home/compilers", other.path().join(ADDRESS)).unwrap();
        assert_eq!(left_behind(other.path()), None, "no kernel has made that folder");
    }

    #[test]
    fn without_a_holder_nobody_is_asked() {
        assert!(Compilers::of_kernel().is_none());
    }

    #[test]
    fn a_job_is_the_recorded_command_up_to_the_object_file() {
        let command = RustcCommand {
            program: "rustc".to_owned(),
            ..RustcCommand::default()
        };
        let arguments = [
            "--crate-name",
            "ctx",
            CELL_FILE,
            "--emit=dep-info,link",
            "--out-dir",
            "/d",
            "-Copt",
        ];
        let job = Job::new(&command, &arguments.map(str::to_owned), Path::new("/k")).unwrap();
        assert_eq!(
            job.arguments,
            [
                "--crate-name",
                "ctx",
                ROOT_FILE,
                "--emit=obj",
                "-Copt",
                "-o",
                "/k/ctx.o"
            ]
        );
    }

    #[test]
    fn a_cell_with_settings_for_the_whole_crate_is_compiled_as_usual() {
        let cell = "use a;\nfn f() {}\n";
        assert_eq!(without_first_line(&format!("{FIRST_LINE}{cell}")), Some(cell));
        assert_eq!(without_first_line(cell), None);
        assert_eq!(
            without_first_line(&format!("{FIRST_LINE}#![feature(x)]\n{cell}")),
            None
        );
    }
}
