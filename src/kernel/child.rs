//! The process that runs the cells: the same program again, started by evcxr.
//!
//! evcxr reads that process's standard output line by line, and only evcxr can read it. So the process
//! connects its standard output and error to the kernel's socket instead, where the kernel reads them as they
//! come, and keeps the pipe to evcxr for itself. The kernel sends back the lines that are meant for evcxr,
//! once everything before them has been passed on; a thread here writes them into the pipe.

use super::channel::{CHANNEL, HELLO_ERRORS, HELLO_OUTPUT};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// Whether this process was started to run cells.
pub fn is_child() -> bool {
    std::env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// Redirects standard output and error to the kernel, where this process was started by `course kernel`.
pub fn redirect() -> io::Result<()> {
    let Some(path) = std::env::var_os(CHANNEL) else {
        return Ok(());
    };
    let output = connect(Path::new(&path), HELLO_OUTPUT)?;
    let errors = connect(Path::new(&path), HELLO_ERRORS)?;
    let mut evcxr = File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?);
    rustix::stdio::dup2_stdout(&output)?;
    rustix::stdio::dup2_stderr(&errors)?;
    std::thread::Builder::new()
        .name("lines for evcxr".to_owned())
        .spawn(move || {
            let mut from_kernel = output;
            // By hand: `io::copy` would splice, and a splice from a socket waits for more than a line.
            let mut bytes = [0; 256];
            while let Ok(length) = from_kernel.read(&mut bytes)
                && length > 0
                && evcxr.write_all(&bytes[..length]).is_ok()
            {}
            // The kernel is gone, perhaps killed: a cell that still runs would run for nobody, and for ever.
            std::process::exit(1);
        })?;
    Ok(())
}

fn connect(path: &Path, hello: &str) -> io::Result<UnixStream> {
    let mut stream = UnixStream::connect(path)?;
    stream.write_all(hello.as_bytes())?;
    Ok(stream)
}
