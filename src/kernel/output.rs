//! Reads what a cell writes to standard output, and tells the cell's text from messages of the library
//! (`course_lib::notebook::wire`) and of evcxr's own code around the cell.
//!
//! Text is passed on as it comes, without waiting for a line feed. A message is always the end of a line,
//! but may follow text on it: a cell may print without a line feed.

use serde_json::Value;

/// What a frame of the library starts with; the library's constant, since the kernel does not link it.
pub const FRAME: &str = "\u{1e}COURSE ";
const CONTENT: &str = "EVCXR_BEGIN_CONTENT ";
const CONTENT_END: &str = "EVCXR_END_CONTENT";
/// What every line of evcxr starts with; a last line that may become one is held back.
const EVCXR: &str = "EVCXR_";

/// Lines of evcxr: the cell has ended; it panicked.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
pub const PANICKED: &str = "EVCXR_PANIC_NOTIFICATION";

/// One thing that a cell put out.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Text of the cell.
    Text(String),
    /// A message of the library.
    Frame(Value),
    /// Something to show, in evcxr's own form: MIME type and content.
    Content(String, String),
    /// A line for evcxr.
    Evcxr(Line, String),
}

/// What evcxr's lines say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The cell has ended.
    Complete,
    /// The cell panicked.
    Panicked,
    /// An `Err` left the cell by `?`.
    LeftByError,
    /// A variable has another type than when it was stored.
    VariableLost,
    /// The cell waits for a line of input.
    Input,
}

const LINES: [(&str, Line); 5] = [
    (COMPLETE, Line::Complete),
    (PANICKED, Line::Panicked),
    ("EVCXR_ERROR_OCCURRED", Line::LeftByError),
    ("EVCXR_VARIABLE_CHANGED_TYPE:", Line::VariableLost),
    ("EVCXR_INPUT_REQUEST", Line::Input),
];

/// The reader's state between two pieces of output.
#[derive(Debug, Default)]
pub struct Output {
    /// Bytes that are not passed on yet.
    held: Vec<u8>,
    /// How many of them are known to have no line feed.
    searched: usize,
    /// MIME type and lines of a content block that has begun.
    content: Option<(String, String)>,
}

impl Output {
    /// Takes the next bytes and returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Item> {
        self.held.extend_from_slice(bytes);
        let mut items = Items::default();
        let (mut start, mut searched) = (0, self.searched);
        while let Some(length) = self.held[searched..].iter().position(|byte| *byte == b'\n') {
            let end = searched + length;
            let line = String::from_utf8_lossy(&self.held[start..end]).into_owned();
            (start, searched) = (end + 1, end + 1);
            read_line(&mut self.content, &line, &mut items);
        }
        self.held.drain(..start);
        if self.content.is_none() {
            let ready = passable(&self.held);
            let text: Vec<u8> = self.held.drain(..ready).collect();
            items.text(&String::from_utf8_lossy(&text));
        }
        // A message may be megabytes long, and comes in pieces.
        self.searched = self.held.len();
        items.0
    }

    /// The output has ended: returns what was held back.
    pub fn end(&mut self) -> Vec<Item> {
        let mut items = Items::default();
        if let Some((_, content)) = self.content.take() {
            items.text(&content);
        }
        items.text(&String::from_utf8_lossy(&std::mem::take(&mut self.held)));
        items.0
    }
}

#[derive(Default)]
struct Items(Vec<Item>);

impl Items {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Item::Text(last)) => last.push_str(text),
            _ => self.0.push(Item::Text(text.to_owned())),
        }
    }
}

fn read_line(content: &mut Option<(String, String)>, line: &str, items: &mut Items) {
    if let Some((mime, mut lines)) = content.take() {
        if line == CONTENT_END {
            items.0.push(Item::Content(mime, lines));
        } else if let Some((text, frame)) = line.split_once(FRAME)
            && let Ok(message) = serde_json::from_str(frame)
        {
            // What the library has to say while a value shows itself is no part of the value.
            lines.push_str(text);
            items.0.push(Item::Frame(message));
            *content = Some((mime, lines));
        } else if let Some(before) = line.strip_suffix(PANICKED) {
            // A panic in the middle of showing a value.
            items.0.push(Item::Evcxr(Line::Panicked, PANICKED.to_owned()));
            items.text(&lines);
            items.text(before);
        } else {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(line);
            *content = Some((mime, lines));
        }
        return;
    }
    if let Some((text, frame)) = line.split_once(FRAME) {
        items.text(text);
        match serde_json::from_str(frame) {
            Ok(message) => items.0.push(Item::Frame(message)),
            Err(_) => items.text(&format!("{FRAME}{frame}\n")),
        }
        return;
    }
    if let Some((text, mime)) = line.split_once(CONTENT)
        && !mime.is_empty()
        && !mime.contains(' ')
    {
        items.text(text);
        *content = Some((mime.to_owned(), String::new()));
        return;
    }
    for (marker, meaning) in LINES {
        if let Some(at) = line.find(marker) {
            let names_more = matches!(meaning, Line::VariableLost | Line::Input);
            if names_more || line.len() == at + marker.len() {
                items.text(&line[..at]);
                items.0.push(Item::Evcxr(meaning, line[at..].to_owned()));
                return;
            }
        }
    }
    items.text(&format!("{line}\n"));
}

/// How many bytes of an unfinished line are surely text.
fn passable(line: &[u8]) -> usize {
    if let Some(at) = line.iter().position(|byte| *byte == 0x1e) {
        return at;
    }
    if let Some(at) = line
        .windows(EVCXR.len())
        .position(|window| window == EVCXR.as_bytes())
    {
        return at;
    }
    for length in (1..EVCXR.len()).rev() {
        if line.ends_with(&EVCXR.as_bytes()[..length]) {
            return line.len() - length;
        }
    }
    // A character of several bytes may still be on its way.
    match std::str::from_utf8(line) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => line.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(text: &str) -> Item {
        Item::Text(text.to_owned())
    }

    #[test]
    fn text_is_passed_on_before_its_line_ends() {
        let mut output = Output::default();
        assert_eq!(output.push(b"thinking"), [text("thinking")]);
        assert_eq!(output.push(b"... done\nnext"), [text("... done\nnext")]);
    }

    #[test]
    fn a_message_may_follow_text_on_its_line() {
        let mut output = Output::default();
        let items = output.push("a\u{1e}COURSE {\"x\":1}\nbEVCXR_PANIC_NOTIFICATION\n".as_bytes());
        assert_eq!(
            items,
            [
                text("a"),
                Item::Frame(json!({"x": 1})),
                text("b"),
                Item::Evcxr(Line::Panicked, "EVCXR_PANIC_NOTIFICATION".to_owned()),
            ]
        );
    }

    #[test]
    fn the_same_comes_out_however_the_bytes_are_cut() {
        let bytes = "für EV\u{1e}COURSE {\"a\":\"é\"}\nEVCXR_BEGIN_CONTENT text/html\n<b>\n</b>\n\
                     EVCXR_END_CONTENT\nlast EVCXR_ EVCXR_VARIABLE_CHANGED_TYPE:v\nEVCXR_EXECUTION_COMPLETE\n"
            .as_bytes();
        let whole = Output::default().push(bytes);
        assert_eq!(whole.len(), 6, "{whole:?}");
        for size in 1..bytes.len() {
            let mut output = Output::default();
            let mut items = Items::default();
            for piece in bytes.chunks(size) {
                for item in output.push(piece) {
                    match item {
                        Item::Text(text) => items.text(&text),
                        other => items.0.push(other),
                    }
                }
            }
            assert_eq!(items.0, whole, "in pieces of {size}");
        }
    }

    #[test]
    fn content_of_evcxr_keeps_its_lines() {
        let items =
            Output::default().push(b"EVCXR_BEGIN_CONTENT text/html\n<b>\n\n</b>\nEVCXR_END_CONTENT\n");
        assert_eq!(
            items,
            [Item::Content("text/html".to_owned(), "<b>\n\n</b>".to_owned())]
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown_as_replacement_characters() {
        let items = Output::default().push(b"a\xff\xfeb\n");
        assert_eq!(items, [text("a\u{fffd}\u{fffd}b\n")]);
    }

    #[test]
    fn what_only_looks_like_a_message_is_text() {
        let broken = "\u{1e}COURSE {oops\n";
        assert_eq!(Output::default().push(broken.as_bytes()), [text(broken)]);
        let quoted = "EVCXR_EXECUTION_COMPLETE is what evcxr prints\n";
        assert_eq!(Output::default().push(quoted.as_bytes()), [text(quoted)]);
    }

    #[test]
    fn a_cell_that_dies_loses_nothing_that_it_wrote() {
        let mut output = Output::default();
        assert_eq!(output.push(b"EVCX"), []);
        assert_eq!(output.end(), [text("EVCX")]);
        output.push(b"EVCXR_BEGIN_CONTENT text/html\nhalf\n");
        assert_eq!(output.end(), [text("half")]);
    }
}
