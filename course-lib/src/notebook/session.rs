//! The line back from the kernel: what it asks of a running cell.
//!
//! The library connects to the kernel's socket and listens on a thread of its own for one word a line:
//!
//! - `flush N`: write out what `print!` still holds back, then answer `flushed N`. The kernel asks before
//!   it calls a cell finished, because the last line may lack its line feed.
//! - `interrupt`: the learner pressed Interrupt. Loops of the library ask [`interrupted`] and stop.
//! - `begin`: a new cell starts; an interrupt of an earlier one is forgotten.

use super::{errors, wire};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether the learner has asked to stop since the cell began.
///
/// A loop that may run for more than a moment asks once a round and ends with
/// [`Error::interrupted`](crate::error::Error::interrupted).
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Connects the process to the kernel, once; does nothing where there is none.
///
/// The kernel calls this before the first cell of a session. After it, panics are reported to the kernel.
pub fn connect() {
    static CONNECTED: Once = Once::new();
    CONNECTED.call_once(|| {
        let Some(path) = std::env::var_os(wire::CHANNEL) else {
            return;
        };
        errors::report_panics();
        match UnixStream::connect(&path) {
            Ok(stream) => {
                std::thread::spawn(move || {
                    // The kernel went away: then nobody is left to tell.
                    let _ = listen(&stream);
                });
            }
            Err(error) => {
                std::eprintln!("cannot reach the kernel, interrupts will not be heard: {error}");
            }
        }
    });
}

fn listen(mut stream: &UnixStream) -> io::Result<()> {
    stream.write_all(b"library\n")?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("flush", number) => {
                io::stdout().flush()?;
                stream.write_all(format!("flushed {number}\n").as_bytes())?;
            }
            ("interrupt", _) => INTERRUPTED.store(true, Ordering::Relaxed),
            ("begin", _) => INTERRUPTED.store(false, Ordering::Relaxed),
            // A newer kernel may know more words.
            _ => {}
        }
    }
    Ok(())
}
