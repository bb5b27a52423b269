//! Commands of evcxr that begin the session anew, in the cells' process or altogether.
//!
//! What the kernel needs in a session (the library, and its connection to the kernel) is gone after them, so it has to
//! know where they stand.

/// Another process, without the variables.
pub const RESTART: &str = ":restart";
/// Another process, without anything that cells have defined.
pub const CLEAR: &str = ":clear";
/// The end of the program that evcxr is part of. Here that is the kernel, which Jupyter would start again.
const QUIT: &str = ":quit";

/// A cell with one of these commands, in two parts.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The commands up to the last of them, in order: some, like `:env`, are there for the process to come.
    pub commands: Vec<&'a str>,
    /// The cell without them; its lines keep their numbers.
    pub rest: String,
}

/// Whether a line begins the session anew.
fn begins_anew(line: &str) -> bool {
    [RESTART, CLEAR].contains(&line.trim())
}

/// Whether a cell asks to end the kernel.
pub fn quits(code: &str) -> bool {
    code.lines().any(|line| line.trim() == QUIT)
}

/// Takes a cell apart, if there is such a command in it. evcxr runs all commands of a cell before its code, so that
/// nothing changes its place.
pub fn parts(code: &str) -> Option<Parts<'_>> {
    let lines: Vec<&str> = code.split('\n').collect();
    let last = lines.iter().rposition(|line| begins_anew(line))?;
    let is_taken = |(place, line): &(usize, &&str)| *place <= last && line.trim_start().starts_with(':');
    let taken = lines.iter().enumerate().filter(is_taken);
    let rest = lines.iter().enumerate().map(|line| match is_taken(&line) {
        true => "",
        false => line.1,
    });
    Some(Parts {
        commands: taken.map(|(_, line)| line.trim()).collect(),
        rest: rest.collect::<Vec<_>>().join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_up_to_the_last_that_begins_anew_are_taken_and_lines_stay_where_they_are() {
        let found = parts(":env A=1\n :restart\nlet x = 1;\n:vars").unwrap();
        assert_eq!(found.commands, [":env A=1", ":restart"]);
        assert_eq!(found.rest, "\n\nlet x = 1;\n:vars");
    }

    #[test]
    fn other_cells_are_left_alone() {
        assert!(quits("let a = 1;\n :quit") && !quits("let quit = \":quit\";"));
        assert_eq!(parts("let restart = 1;\n:vars\n:restarted"), None);
    }
}
