//! The channel from a cell to whoever shows its output.
//!
//! Messages to the kernel are frames within the cell's standard output, so that they arrive in order with
//! everything the cell prints. A frame is one line: [`FRAME`], a JSON object with one key (the kind of
//! message), a line feed. [`FRAME`] starts with the ASCII record separator, which no text holds by accident.

use super::rich::Rich;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::sync::OnceLock;

/// What a frame starts with.
pub const FRAME: &str = "\u{1e}COURSE ";

/// The environment variable that holds the path of the kernel's socket; set below `course kernel`.
pub const CHANNEL: &str = "COURSE_CHANNEL";

/// Who reads this process's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// `course kernel`, which understands frames.
    Kernel,
    /// The stock evcxr kernel, which understands `EVCXR_BEGIN_CONTENT` blocks.
    Stock,
    /// A terminal or a file.
    Plain,
}

/// Finds out once who reads the output.
pub fn reader() -> Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    *READER.get_or_init(|| {
        if std::env::var_os(CHANNEL).is_some() {
            Reader::Kernel
        } else if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
            Reader::Stock
        } else {
            Reader::Plain
        }
    })
}

/// What a shown value is to its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The cell's value: the last expression, numbered `Out[n]`.
    Result,
    /// Something shown on the way.
    Display,
    /// Something shown on the way that will change: its name for later.
    Named(String),
    /// A new look for what was shown under that name.
    Update(String),
}

/// Shows a bundle in the given role.
///
/// A reader that cannot update a display gets only the last state (`LiveDisplay` sees to that).
pub fn send(rich: &Rich, role: Role) {
    match reader() {
        Reader::Kernel => send_frame(&display_frame(rich, role)),
        Reader::Stock => write_line(&stock_blocks(rich)),
        Reader::Plain => {
            let text = rich.forms().first().map_or("", |(_, text)| text);
            write_line(&format!("{text}\n"));
        }
    }
}

/// Takes away what the cell has shown so far: at once or, with `wait`, when the next output comes, so that nothing
/// flickers. Does nothing where output cannot be taken back (the stock kernel, a terminal).
pub fn clear_output(wait: bool) {
    if reader() == Reader::Kernel {
        send_frame(&json!({ "clear": { "wait": wait } }));
    }
}

/// Writes one frame to standard output.
pub fn send_frame(message: &Value) {
    write_line(&format!("{FRAME}{message}\n"));
}

fn display_frame(rich: &Rich, role: Role) -> Value {
    let data: Map<String, Value> = rich
        .forms()
        .iter()
        .map(|(mime, content)| ((*mime).to_owned(), Value::from(content.as_str())))
        .collect();
    match role {
        Role::Result => json!({ "result": { "data": data } }),
        Role::Display => json!({ "display": { "data": data } }),
        Role::Named(id) => json!({ "display": { "data": data, "id": id } }),
        Role::Update(id) => json!({ "update": { "data": data, "id": id } }),
    }
}

fn stock_blocks(rich: &Rich) -> String {
    rich.forms()
        .iter()
        .map(|(mime, content)| format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n"))
        .collect()
}

// A closed standard output must not turn into a panic inside a learner's cell.
fn write_line(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_line_whatever_the_content_holds() {
        let rich = Rich::text("two\nlines \u{1e} and a separator").html("<b>ü</b>");
        let frame = display_frame(&rich, Role::Update("a".into())).to_string();

        assert!(!frame.contains('\n') && !frame.contains('\u{1e}'), "{frame}");
        let back: Value = serde_json::from_str(&frame).unwrap();
        assert_eq!(back["update"]["id"], "a");
        assert_eq!(
            back["update"]["data"]["text/plain"],
            "two\nlines \u{1e} and a separator"
        );
        assert_eq!(back["update"]["data"]["text/html"], "<b>ü</b>");
    }

    #[test]
    fn the_stock_kernel_gets_one_block_a_form() {
        let rich = Rich::text("t").svg("<svg/>");
        assert_eq!(
            stock_blocks(&rich),
            "EVCXR_BEGIN_CONTENT text/plain\nt\nEVCXR_END_CONTENT\n\
             EVCXR_BEGIN_CONTENT image/svg+xml\n<svg/>\nEVCXR_END_CONTENT\n"
        );
    }
}
