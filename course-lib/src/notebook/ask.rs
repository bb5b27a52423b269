//! A line from the learner, in the middle of a cell.

use super::session::interrupted;
use super::wire::{self, Reader};
use crate::error::{Error, Result};
use std::io::{self, BufRead, Write};

/// What both kernels take for a question: they show the rest of the line, and write the answer to standard input.
const QUESTION: &str = "EVCXR_INPUT_REQUEST:";

/// Asks the learner for a line of text, as Python's `input` does: shows `prompt`, waits, and returns the line without its
/// end.
///
/// In a notebook the front end asks, elsewhere the terminal. The stock kernel shows a prompt only up to its first colon.
///
/// # Errors
/// Where the learner presses Interrupt instead of answering, and where nobody can be asked: standard input has ended.
///
/// ```no_run
/// use course_lib::notebook::input;
///
/// let epochs: usize = input("How many epochs? ")?.parse()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn input(prompt: &str) -> Result<String> {
    ask(
        prompt,
        wire::reader(),
        &mut io::stdout().lock(),
        &mut io::stdin().lock(),
    )
}

fn ask(prompt: &str, reader: Reader, to: &mut impl Write, from: &mut impl BufRead) -> Result<String> {
    let failed = |error: io::Error| {
        Error::new("input")
            .expected("a line from the learner")
            .got(error.to_string())
    };
    match reader {
        // A question is one line.
        Reader::Kernel | Reader::Stock => writeln!(to, "{QUESTION}{}", prompt.replace(['\n', '\r'], " ")),
        Reader::Plain => write!(to, "{prompt}"),
    }
    .and_then(|()| to.flush())
    .map_err(failed)?;
    let mut line = String::new();
    let length = from.read_line(&mut line).map_err(failed)?;
    if interrupted() {
        return Err(Error::interrupted("input"));
    }
    if length == 0 {
        return Err(Error::new("input")
            .expected("a line from the learner")
            .got("the end of standard input")
            .hint("run the cell where somebody can be asked: in a notebook, or in a terminal"));
    }
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(reader: Reader, typed: &str) -> (String, Result<String>) {
        let mut shown = Vec::new();
        let answer = ask("name:\n", reader, &mut shown, &mut typed.as_bytes());
        (String::from_utf8(shown).expect("it is text"), answer)
    }

    #[test]
    fn a_terminal_shows_the_prompt_and_a_kernel_gets_it_as_one_line() {
        let (shown, answer) = asked(Reader::Plain, "Ada\r\nmore");
        assert_eq!(
            (shown.as_str(), answer.expect("a line").as_str()),
            ("name:\n", "Ada")
        );
        let (shown, answer) = asked(Reader::Kernel, "\n");
        assert_eq!(shown, "EVCXR_INPUT_REQUEST:name: \n");
        assert_eq!(answer.expect("an empty line is an answer"), "");
    }

    #[test]
    fn where_nobody_can_be_asked_that_is_an_error() {
        let (_, answer) = asked(Reader::Plain, "");
        let said = answer.expect_err("there is no line").to_string();
        assert!(said.contains("got the end of standard input"), "{said}");
    }
}
