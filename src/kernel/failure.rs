//! How a failed cell is told: what happened, where in the cell, what to do.

use super::backtrace;
use super::channel::{LeftBy, Panic};
use super::event::CellError;
use super::lines::{self, Cell};
use super::unkept;
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use evcxr::CompilationError;
use std::ops::Range;

/// In evcxr's words, a variable that borrows from another; it cannot outlive its cell.
const REFERENCE_INTO_A_VARIABLE: &str = "non-static lifetime";
const KEPT: &str = "All variables are kept, except those that the cell itself was defining.";
const KEEP_A_COPY: &str = "help: keep a copy instead of a reference: `.to_vec()` of a slice, `.to_owned()` or `.clone()` of anything else";

/// Errors that rustc found in the cell numbered `number`.
pub fn compile_error(errors: &[CompilationError], cell: &Cell) -> CellError {
    let mut traceback = Vec::new();
    for error in errors {
        traceback.extend(compile_report(error, cell));
    }
    let first = errors.first();
    let code = first
        .and_then(CompilationError::code)
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let message = first.map_or_else(
        || "the cell does not compile".to_owned(),
        CompilationError::message,
    );
    CellError {
        name: "CompileError".to_owned(),
        value: format!("{message}{code}"),
        traceback,
    }
}

fn compile_report(error: &CompilationError, cell: &Cell) -> Vec<String> {
    let mut labels = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    for (spanned, color) in error
        .spanned_messages()
        .iter()
        .map(|message| {
            (
                message,
                if message.is_primary {
                    Color::Red
                } else {
                    Color::Blue
                },
            )
        })
        .chain(error.help_spanned().iter().map(|message| (message, Color::Green)))
    {
        match &spanned.span {
            Some(span) => {
                let piece = piece(
                    cell,
                    (span.start_line, span.start_column),
                    (span.end_line, span.end_column),
                );
                if !spanned.label.is_empty() || spanned.is_primary {
                    labels.push((piece, spanned.label.clone(), color));
                }
            }
            None if !spanned.label.is_empty() => notes.push(spanned.label.clone()),
            None => {}
        }
    }
    notes.extend(error.help().into_iter().map(|help| format!("help: {help}")));
    notes.extend(error.evcxr_extra_hint().map(str::to_owned));
    if error.message().contains(REFERENCE_INTO_A_VARIABLE) {
        notes.push(KEEP_A_COPY.to_owned());
    }
    if labels.is_empty() && notes.is_empty() {
        notes.push(cell.hidden.taken_from(&error.rendered()));
    }
    let title = match error.code() {
        Some(code) => format!("[{code}] {}", error.message()),
        None => error.message(),
    };
    render("Error", &title, cell, labels, notes.join("\n"))
}

/// Something wrong with a piece of the cell, in characters; with the cell where the piece is not known.
pub fn at(title: &str, cell: &Cell, piece: Option<Range<usize>>, label: &str, note: String) -> CellError {
    let labels = piece.map(|piece| (piece, label.to_owned(), Color::Red));
    CellError {
        name: "CompileError".to_owned(),
        value: title.to_owned(),
        traceback: render("Error", title, cell, labels.into_iter().collect(), note),
    }
}

/// A panic in a cell.
pub fn panicked(panic: Option<&Panic>, generated: &str, cells: &[Cell]) -> CellError {
    let Some(panic) = panic else {
        return plain("Panic", "the cell panicked", &[KEPT]);
    };
    let mut traceback = Vec::new();
    // The cell's program is compiled under this name; files of libraries have longer paths.
    let place = (panic.file == "src/lib.rs").then(|| lines::locate(generated, panic.line, cells));
    if let Some(Some((cell, line))) = place {
        let start = position(&cell.source, line, 1);
        let text = cell.source.lines().nth(line - 1).unwrap_or_default();
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let range = start + indent..start + text.trim_end().chars().count();
        let labels = vec![(range, "panicked here".to_owned(), Color::Red)];
        traceback = render("Panic", &panic.message, cell, labels, String::new());
    } else {
        traceback.push(red(&format!("Panic: {}", panic.message)));
        if place.is_none() && !panic.file.is_empty() {
            let file: Vec<&str> = panic.file.rsplit('/').take(3).collect();
            let file = file.into_iter().rev().collect::<Vec<_>>().join("/");
            traceback.push(format!("  in {file}, line {}", panic.line));
        }
    }
    if let Some(trace) = &panic.backtrace {
        traceback.push("The calls that led to it, innermost first:".to_owned());
        traceback.extend(backtrace::frames(trace));
    }
    traceback.push(KEPT.to_owned());
    CellError {
        name: "Panic".to_owned(),
        value: panic.message.clone(),
        traceback,
    }
}

/// An `Err` that left the cell by `?`.
pub fn left_by(left_by: &LeftBy, cell: &Cell) -> CellError {
    let name = left_by
        .type_name
        .as_deref()
        .map_or("Error", short_type)
        .to_owned();
    let message = left_by.message.trim_end().to_owned();
    let question_marks: Vec<usize> = cell
        .source
        .lines()
        .enumerate()
        .filter(|(_, line)| line.split("//").next().is_some_and(|code| code.contains('?')))
        .map(|(index, _)| index + 1)
        .collect();
    // rustc keeps no place for `?`; where a cell has only one, it is that one.
    let traceback = if let [line] = question_marks[..] {
        let text = cell.source.lines().nth(line - 1).unwrap_or_default();
        let column = text.find('?').map_or(1, |byte| text[..byte].chars().count() + 1);
        let at = position(&cell.source, line, column);
        let labels = vec![(at..at + 1, "the error left the cell here".to_owned(), Color::Red)];
        render(&name, &message, cell, labels, String::new())
    } else {
        vec![red(&format!("{name}: {message}"))]
    };
    CellError {
        name,
        value: message,
        traceback,
    }
}

/// The cell ended the process that runs the cells. `said` is evcxr's word, `last_words` the process's own, `lost` what
/// is gone.
pub fn died(said: &str, last_words: &str, lost: &str) -> CellError {
    let how = how_it_ended(said, last_words);
    plain(
        "ProcessDied",
        &format!("the cell ended the process that runs the notebook: {how}"),
        &[lost],
    )
}

/// The process that runs the cells had ended before the cell: killed, or by a thread of an earlier cell.
pub fn was_dead(said: &str, lost: &str) -> CellError {
    let how = how_it_ended(said, "");
    plain(
        "ProcessDied",
        &format!("the process that runs the notebook had ended before this cell, which was not run: {how}"),
        &[lost],
    )
}

fn how_it_ended(said: &str, last_words: &str) -> String {
    let status = said
        .rsplit_once("Subprocess terminated with status: ")
        .map_or(said.trim(), |(_, status)| status.trim());
    let too_much = last_words
        .rsplit_once("memory allocation of ")
        .and_then(|(_, rest)| rest.split_once(" bytes failed")?.0.parse::<f64>().ok());
    let meaning = match too_much {
        Some(bytes) => format!(" (memory ran out: the cell asked for {:.1} GB more)", bytes / 1e9),
        None if last_words.contains("has overflowed its stack") => {
            " (the stack overflowed: a function that calls itself without end, or an array too large for it)"
                .to_owned()
        }
        None if status.contains("SIGSEGV") => {
            " (a wrong memory access, or a thread whose stack overflowed)".to_owned()
        }
        None if status.contains("SIGKILL") => " (killed; often because memory ran out)".to_owned(),
        None => String::new(),
    };
    format!("{status}{meaning}")
}

/// The cell is compiled, but the system cannot load it.
pub fn unloadable(said: &str) -> CellError {
    // The system begins with the file's path, which is the kernel's affair.
    let why = said.rsplit_once(".so: ").map_or(said, |(_, why)| why).trim();
    let mut more = vec![KEPT];
    if why.contains("symbol") {
        more.insert(
            0,
            "help: it is declared in an `extern` block, but no library that is linked has it",
        );
    }
    plain("LinkError", &format!("the cell cannot be loaded: {why}"), &more)
}

/// The cell led its standard output or error away from the kernel, which hears no more of it then.
pub fn unheard() -> CellError {
    plain(
        "OutputClosed",
        "the cell closed its standard output or standard error, or led it elsewhere",
        &[
            "What it printed after that, and whether it went well, is not known. Both lead here again. All variables are \
             kept.",
        ],
    )
}

/// The cell asked for a line of input where nobody can be asked.
pub fn cannot_ask() -> CellError {
    plain(
        "InputNotPossible",
        "the cell asks for a line of input, but this front end cannot ask the learner",
        &["It read an empty line instead. All variables are kept."],
    )
}

/// The learner pressed Interrupt, and the cell stopped. `kept` are the variables that it had made itself.
pub fn interrupted(kept: &[String]) -> CellError {
    let own = match kept {
        [] => String::new(),
        [name] => format!(", also `{name}`, which this cell made"),
        names => format!(", also `{}`, which this cell made", names.join("`, `")),
    };
    plain(
        "KeyboardInterrupt",
        "interrupted",
        &[&format!("The cell stopped; all variables are kept{own}.")],
    )
}

/// The learner pressed Interrupt, and the cell stopped before its variables were stored.
pub fn interrupted_while_making() -> CellError {
    plain("KeyboardInterrupt", "interrupted", &["The cell stopped.", KEPT])
}

/// The learner pressed Interrupt, and the cell came to its end before it heard of that.
pub fn interrupted_at_its_end() -> CellError {
    plain(
        "KeyboardInterrupt",
        "interrupted",
        &["The cell had come to its end by then; all variables are kept."],
    )
}

/// The learner pressed Interrupt before the cell was begun.
pub fn interrupted_before_it_began() -> CellError {
    plain("KeyboardInterrupt", "interrupted", &["The cell was not run."])
}

/// The learner pressed Interrupt, and the cell went on.
pub fn killed(lost: &str) -> CellError {
    let what = "The cell did not stop by itself, so its process was ended.";
    plain("KeyboardInterrupt", "interrupted", &[what, lost])
}

/// The cell asks for the end of the kernel.
pub fn quits() -> CellError {
    plain(
        "CommandNotPossible",
        "`:quit` ends a program in a terminal; the cell was not run",
        &[
            "To end this kernel, shut it down from the menu Kernel. `:restart` drops all variables, `:clear` also what cells \
           have defined.",
        ],
    )
}

/// A message of evcxr itself.
pub fn message(text: &str) -> CellError {
    plain("CompileError", text.trim_end(), &[])
}

fn plain(name: &str, value: &str, more: &[&str]) -> CellError {
    let mut traceback = vec![red(&format!("{name}: {value}"))];
    traceback.extend(more.iter().map(|line| (*line).to_owned()));
    CellError {
        name: name.to_owned(),
        value: value.to_owned(),
        traceback,
    }
}

fn red(text: &str) -> String {
    format!("\u{1b}[31m{text}\u{1b}[0m")
}

/// `core::num::error::ParseIntError` → `ParseIntError`.
fn short_type(path: &str) -> &str {
    let end = path.find('<').unwrap_or(path.len());
    path[..end].rsplit("::").next().unwrap_or(path)
}

/// The characters of the learner's cell between two lines and columns of the cell that was compiled.
fn piece(cell: &Cell, start: (usize, usize), end: (usize, usize)) -> Range<usize> {
    let own = |(line, column): (usize, usize)| match cell.hidden.column(line, column) {
        Ok(column) => Ok(position(&cell.source, line, column)),
        Err(variable) => Err(unkept::place(variable, &cell.source).unwrap_or_default()),
    };
    match (own(start), own(end)) {
        (Ok(start), Ok(end)) => start..end.max(start),
        (Ok(start), Err(_)) => start..start,
        (Err(variable), _) => variable,
    }
}

/// The character at a line and column, both from 1.
fn position(source: &str, line: usize, column: usize) -> usize {
    let before: usize = source
        .split('\n')
        .take(line.saturating_sub(1))
        .map(|line| line.chars().count() + 1)
        .sum();
    (before + column.saturating_sub(1)).min(source.chars().count())
}

type Mark = (Range<usize>, String, Color);

fn render(kind: &str, title: &str, cell: &Cell, labels: Vec<Mark>, note: String) -> Vec<String> {
    if labels.is_empty() {
        // A report without a place would leave the note out.
        let mut traceback = vec![red(&format!("{kind}: {title}"))];
        traceback.extend(note.lines().map(str::to_owned));
        return traceback;
    }
    let file = format!("cell {}", cell.number);
    let start = labels.first().map_or(0..0, |(range, _, _)| range.clone());
    let mut report = Report::build(ReportKind::Custom(kind, Color::Red), (file.clone(), start))
        .with_config(
            Config::default()
                .with_index_type(IndexType::Char)
                .with_tab_width(4),
        )
        .with_message(title);
    for (range, text, color) in labels {
        let mut label = Label::new((file.clone(), range)).with_color(color);
        if !text.is_empty() {
            label = label.with_message(text);
        }
        report = report.with_label(label);
    }
    if !note.is_empty() {
        report = report.with_note(note);
    }
    let mut text = Vec::new();
    let source = (file, Source::from(cell.source.as_str()));
    match report.finish().write(source, &mut text) {
        Ok(()) => String::from_utf8_lossy(&text)
            .lines()
            .map(str::to_owned)
            .collect(),
        Err(_) => vec![red(title)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without colours, as one text.
    fn shown(error: &CellError) -> String {
        let text = error.traceback.join("\n");
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').map_or("", |(_, rest)| rest);
        }
        plain + rest
    }

    fn cell(source: &str) -> Cell {
        Cell {
            number: 7,
            source: source.to_owned(),
            ..Cell::default()
        }
    }

    #[test]
    fn a_panic_shows_its_message_and_the_line_of_the_cell() {
        let cell = cell("let ä = 1;\n    values[5];");
        let panic = Panic {
            backtrace: None,
            message: "index out of bounds".into(),
            file: "src/lib.rs".into(),
            line: 3,
            column: 1,
        };
        let error = panicked(Some(&panic), "wrap\nlet ä = 1;\nvalues[5];", &[cell]);

        assert_eq!(
            (error.name.as_str(), error.value.as_str()),
            ("Panic", "index out of bounds")
        );
        let shown = shown(&error);
        assert!(shown.contains("cell 7:2:5"), "{shown}");
        assert!(
            shown.contains("values[5];") && shown.contains("panicked here"),
            "{shown}"
        );
        assert!(shown.contains("variables are kept"), "{shown}");
    }

    #[test]
    fn a_panic_inside_a_library_names_the_library_and_no_frame_of_evcxr() {
        let file = "/somewhere/registry/src/index/matrix-1.0/src/product.rs".into();
        let panic = Panic {
            backtrace: None,
            message: "shapes differ".into(),
            file,
            line: 40,
            column: 1,
        };
        let shown = shown(&panicked(Some(&panic), "", &[cell("f();")]));
        assert!(shown.contains("matrix-1.0/src/product.rs, line 40"), "{shown}");
        assert!(!shown.contains("somewhere"), "{shown}");
    }

    #[test]
    fn an_error_that_leaves_a_cell_has_its_own_name_and_place() {
        let error = LeftBy {
            message: "invalid digit\n".into(),
            type_name: Some("core::num::error::ParseIntError".into()),
        };
        let one = left_by(&error, &cell("let a = 1; // really?\n\"x\".parse::<i32>()?;"));
        assert_eq!(
            (one.name.as_str(), one.value.as_str()),
            ("ParseIntError", "invalid digit")
        );
        assert!(shown(&one).contains("cell 7:2:19"), "{}", shown(&one));

        let several = left_by(&error, &cell("f()?;\ng()?;"));
        assert_eq!(
            shown(&several),
            "ParseIntError: invalid digit",
            "the place is not known, so none is told"
        );
    }

    #[test]
    fn a_dead_process_says_how_it_ended_and_what_is_lost() {
        let error = died(
            "some output\nSubprocess terminated with status: exit status: 3",
            "",
            "All is gone.",
        );
        assert_eq!(
            error.value,
            "the cell ended the process that runs the notebook: exit status: 3"
        );
        assert!(shown(&error).contains("All is gone."));
    }

    #[test]
    fn the_last_words_of_a_process_say_why_it_ended() {
        let aborted = "Subprocess terminated with status: signal: 6 (SIGABRT)";
        for (words, why) in [
            (
                "memory allocation of 70368744177664 bytes failed\n",
                "asked for 70368.7 GB",
            ),
            (
                "\nthread 'main' (7) has overflowed its stack\nfatal runtime error: stack overflow, aborting\n",
                "calls itself without end",
            ),
            ("", "(SIGABRT)"),
        ] {
            let error = died(aborted, words, "");
            assert!(error.value.contains(why), "{}", error.value);
        }
    }

    #[test]
    fn a_cell_that_cannot_be_loaded_is_told_without_the_kernels_paths() {
        let error = unloadable("dlopen failed: /a/kernels/b/libcode_4.so: undefined symbol: nowhere");
        assert_eq!(
            error.value,
            "the cell cannot be loaded: undefined symbol: nowhere"
        );
        assert!(shown(&error).contains("`extern`"));
    }

    #[test]
    fn generic_types_are_named_without_paths_and_parameters() {
        assert_eq!(
            short_type("a::b::PoisonError<std::sync::MutexGuard<i32>>"),
            "PoisonError"
        );
        assert_eq!(short_type("Plain"), "Plain");
    }
}
