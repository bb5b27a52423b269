//! The process that runs the cells: the same program again, started by evcxr.
//!
//! evcxr has a loop for it (`evcxr::runtime_hook`), in which cells and the process itself write to one standard output,
//! which only evcxr can read. Here the process first connects its standard output and error to the kernel's socket,
//! where the kernel reads them as they come; evcxr's pipe goes to the kernel, which passes on what is meant for evcxr
//! once all before it has been read. And the loop is our own, so that whatever a cell does to its descriptors, the
//! kernel hears how it ended.

// Code that was compiled a moment ago can only be called as what it is: foreign.
#![allow(unsafe_code)]

use super::channel::{CHANNEL, HELLO_ERRORS, HELLO_OUTPUT};
use super::output::{COMPLETE, FRAME, PANICKED};
use libloading::{Library, Symbol};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix, sendmsg};
use serde_json::{Value, json};
use std::ffi::c_void;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// What evcxr says when a cell is to run: the file, and the function in it.
const RUN: &str = "LOAD_AND_RUN ";

/// Whether this process was started to run cells.
pub fn is_child() -> bool {
    std::env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// Runs cells until evcxr or the kernel is gone. Returns only where this process was not started by `course kernel`.
pub fn run_cells() -> io::Result<()> {
    match std::env::var_os(CHANNEL) {
        None => Ok(()),
        Some(path) => Cells::connect(PathBuf::from(path))?.run(),
    }
}

struct Cells {
    /// Where the kernel listens.
    kernel: PathBuf,
    /// Connections to the kernel that no cell knows of.
    output: UnixStream,
    errors: UnixStream,
    /// Instructions of evcxr, beside answers to a cell's questions, which the cell reads.
    instructions: File,
    /// The learner's variables, in evcxr's keeping.
    variables: *mut c_void,
    process: u32,
}

impl Cells {
    fn connect(kernel: PathBuf) -> io::Result<Self> {
        let process = std::process::id();
        let output = UnixStream::connect(&kernel)?;
        let hello = format!("{HELLO_OUTPUT} {process}\n");
        send_with(&output, hello.as_bytes(), rustix::stdio::stdout())?;
        let mut errors = UnixStream::connect(&kernel)?;
        errors.write_all(format!("{HELLO_ERRORS}\n").as_bytes())?;
        let instructions = File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?);
        rustix::stdio::dup2_stdout(&output)?;
        rustix::stdio::dup2_stderr(&errors)?;
        // SAFETY: no other thread runs yet.
        unsafe {
            // evcxr asks for the frames of std and of itself below whatever ends the process.
            std::env::set_var("RUST_BACKTRACE", "0");
        }
        end_with_kernel(output.try_clone()?)?;
        Ok(Self {
            kernel,
            output,
            errors,
            instructions,
            variables: std::ptr::null_mut(),
            process,
        })
    }

    fn run(mut self) -> ! {
        let instructions = self.instructions.try_clone().map(BufReader::new);
        for line in instructions
            .into_iter()
            .flat_map(BufRead::lines)
            .map_while(Result::ok)
        {
            // What is no instruction is the answer to a question whose cell did not read it.
            let Some((file, function)) = line.strip_prefix(RUN).and_then(|line| line.rsplit_once(' ')) else {
                continue;
            };
            self.tell(&json!({ "began": {} }));
            if let Err(error) = self.load_and_run(Path::new(file), function) {
                self.tell(&json!({ "unloadable": { "message": format!("{error:#}") } }));
                self.say(PANICKED);
            }
            if std::process::id() != self.process {
                // A copy that the cell made of the process, and let run on to here.
                std::process::exit(0);
            }
            if !self.put_back() {
                self.tell(&json!({ "unheard": {} }));
            }
            self.say(COMPLETE);
        }
        std::process::exit(0);
    }

    fn load_and_run(&mut self, file: &Path, function: &str) -> anyhow::Result<()> {
        // SAFETY: evcxr has had the file compiled from the cell a moment ago. The function that it names takes the
        // variables that the cell before returned (none, before the first), and returns them.
        unsafe {
            let library = Library::new(file)?;
            {
                let cell: Symbol<'_, extern "C" fn(*mut c_void) -> *mut c_void> =
                    library.get(function.as_bytes())?;
                self.variables = cell(self.variables);
            }
            // Variables, threads and destructors of the cell may need its code as long as the process lives.
            std::mem::forget(library);
        }
        Ok(())
    }

    /// Standard output and error lead to the kernel again, should the cell have closed them or led them elsewhere.
    /// Returns whether they led there all the time.
    fn put_back(&self) -> bool {
        let kept = [
            self.leads_to_kernel(rustix::stdio::stdout())
                || rustix::stdio::dup2_stdout(&self.output).is_err(),
            self.leads_to_kernel(rustix::stdio::stderr())
                || rustix::stdio::dup2_stderr(&self.errors).is_err(),
        ];
        if rustix::io::fcntl_getfd(rustix::stdio::stdin()).is_err() {
            let _ = rustix::stdio::dup2_stdin(&self.instructions);
        }
        kept == [true, true]
    }

    fn leads_to_kernel(&self, descriptor: impl AsFd) -> bool {
        let peer = rustix::net::getpeername(descriptor).ok().flatten();
        let peer = peer.and_then(|peer| SocketAddrUnix::try_from(peer).ok());
        let path = peer.as_ref().and_then(SocketAddrUnix::path);
        path.is_some_and(|path| path.to_bytes() == self.kernel.as_os_str().as_encoded_bytes())
    }

    fn tell(&self, message: &Value) {
        self.say(&format!("{FRAME}{message}"));
    }

    fn say(&self, line: &str) {
        if (&self.output).write_all(format!("{line}\n").as_bytes()).is_err() {
            // Nobody would ever hear that the cell is over.
            std::process::exit(1);
        }
    }
}

/// Sends bytes, and with them a descriptor for the other process to own.
pub(super) fn send_with(stream: &UnixStream, bytes: &[u8], descriptor: impl AsFd) -> io::Result<()> {
    let descriptors = [descriptor.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    beside.push(SendAncillaryMessage::ScmRights(&descriptors));
    let sent = sendmsg(stream, &[IoSlice::new(bytes)], &mut beside, SendFlags::empty())?;
    let mut stream = stream;
    stream.write_all(&bytes[sent..])
}

/// Ends this process when the kernel is gone, perhaps killed: a cell that still runs would run for nobody, and for ever.
fn end_with_kernel(mut from_kernel: UnixStream) -> io::Result<()> {
    let watch = std::thread::Builder::new().name("kernel".to_owned());
    watch.spawn(move || {
        while from_kernel.read(&mut [0]).is_ok_and(|length| length > 0) {}
        std::process::exit(1);
    })?;
    Ok(())
}
