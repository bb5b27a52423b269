//! What has been run in this kernel, as clients ask for it.

use jupyter_zmq_client::{HistoryEntry, HistoryRequest};

/// A cell that was run.
#[derive(Debug)]
struct Past {
    number: usize,
    code: String,
    /// The value that it ended with, as text.
    value: String,
}

/// The cells that were run, oldest first.
#[derive(Debug, Default)]
pub struct History(Vec<Past>);

impl History {
    /// Remembers a cell.
    pub fn push(&mut self, number: usize, code: &str) {
        self.0.push(Past {
            number,
            code: code.to_owned(),
            value: String::new(),
        });
    }

    /// Remembers what the newest cell, if it has this number, ended with.
    pub fn set_value(&mut self, number: usize, value: String) {
        if let Some(last) = self.0.last_mut().filter(|last| last.number == number) {
            last.value = value;
        }
    }

    /// The cells that a request asks for.
    pub fn find(&self, request: &HistoryRequest) -> Vec<HistoryEntry> {
        let (with_output, found): (bool, Vec<&Past>) = match request {
            HistoryRequest::Tail { n, output, .. } => (*output, newest(self.0.iter().collect(), *n)),
            HistoryRequest::Range {
                start, stop, output, ..
            } => {
                let within = |number: usize| {
                    i32::try_from(number).is_ok_and(|number| (*start..*stop).contains(&number))
                };
                (
                    *output,
                    self.0.iter().filter(|past| within(past.number)).collect(),
                )
            }
            HistoryRequest::Search {
                pattern,
                unique,
                n,
                output,
                ..
            } => {
                let mut found: Vec<&Past> = Vec::new();
                for past in self.0.iter().filter(|past| matches(pattern, &past.code)) {
                    if *unique {
                        found.retain(|known| known.code != past.code);
                    }
                    found.push(past);
                }
                (*output, newest(found, *n))
            }
        };
        let entry = |past: &Past| {
            if with_output {
                HistoryEntry::InputOutput(0, past.number, (past.code.clone(), past.value.clone()))
            } else {
                HistoryEntry::Input(0, past.number, past.code.clone())
            }
        };
        found.into_iter().map(entry).collect()
    }
}

fn newest(cells: Vec<&Past>, n: i32) -> Vec<&Past> {
    let n = usize::try_from(n).unwrap_or(0);
    let skipped = cells.len().saturating_sub(n);
    cells.into_iter().skip(skipped).collect()
}

/// Whether a text is what a pattern says, in which `*` stands for any text and `?` for any character.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // reached[i]: the first i characters of the text fit the pattern so far.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for sign in pattern {
        if sign == '*' {
            let first = reached.iter().position(|fits| *fits).unwrap_or(reached.len());
            reached.iter_mut().skip(first).for_each(|fits| *fits = true);
        } else {
            for end in (0..text.len()).rev() {
                reached[end + 1] = reached[end] && (sign == '?' || sign == text[end]);
            }
            reached[0] = false;
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_shell() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("*", "let a = 1;", true),
            ("let *", "let a = 1;", true),
            ("*a*", "let a = 1;", true),
            ("let ? = 1;", "let a = 1;", true),
            ("a", "let a = 1;", false),
            ("let", "let a = 1;", false),
            ("*b*", "let a = 1;", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn the_same_text_is_found_once_where_once_is_asked_for() {
        let mut history = History::default();
        for (number, code) in ["a", "b", "a"].into_iter().enumerate() {
            history.push(number + 1, code);
        }
        let numbers = |unique: bool, n: i32| -> Vec<usize> {
            let request = HistoryRequest::Search {
                pattern: "*".to_owned(),
                unique,
                output: false,
                raw: true,
                n,
            };
            let number = |entry: &HistoryEntry| match entry {
                HistoryEntry::Input(_, number, _) => *number,
                _ => 0,
            };
            history.find(&request).iter().map(number).collect()
        };
        assert_eq!(numbers(false, 10), [1, 2, 3]);
        assert_eq!(numbers(true, 10), [2, 3]);
        assert_eq!(numbers(true, 1), [3]);
    }

    #[test]
    fn values_are_told_where_they_are_asked_for() {
        let mut history = History::default();
        history.push(1, "1 + 2");
        history.set_value(1, "3".to_owned());
        history.push(2, "let a = 1;");
        let request = HistoryRequest::Tail {
            n: 5,
            output: true,
            raw: true,
        };
        let entries = serde_json::to_value(history.find(&request)).unwrap();
        assert_eq!(
            entries,
            serde_json::json!([[0, 1, ["1 + 2", "3"]], [0, 2, ["let a = 1;", ""]]])
        );
    }
}
