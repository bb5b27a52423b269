//! Says at once whether an exercise is solved.
//!
//! A check never fails a cell: an exercise that is not solved yet must not stop the lesson.

use crate::data::table::escape;
use crate::notebook::{Rich, Show};
use std::fmt;

/// Whether an exercise is solved, and what to look at if it is not.
///
/// ```
/// use course_lib::check::check;
///
/// let weights = 3;
/// let verdict = check(weights == 3, "two inputs and a bias", "count the bias too");
/// assert!(verdict.is_right());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    is_right: bool,
    words: String,
}

/// Compares what the learner found with what is right: `when_right` says why it is, `when_wrong` where to look.
pub fn check(is_right: bool, when_right: impl Into<String>, when_wrong: impl Into<String>) -> Verdict {
    let words = if is_right {
        when_right.into()
    } else {
        when_wrong.into()
    };
    Verdict { is_right, words }
}

impl Verdict {
    /// Whether the exercise is solved.
    pub fn is_right(&self) -> bool {
        self.is_right
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_right { "✓ Right" } else { "○ Not yet" };
        write!(f, "{verdict}: {}", self.words)
    }
}

impl Show for Verdict {
    fn rich(&self) -> Rich {
        // Told apart by sign and word as well as by colour.
        let color = if self.is_right { "#009E73" } else { "#E69F00" };
        let text = escape(&self.to_string());
        Rich::text(self.to_string()).html(format!(
            "<div style=\"border-left: 4px solid {color}; padding: 4px 12px\">{text}</div>"
        ))
    }
}

crate::shows_itself!(Verdict);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_what_it_is_without_colour_too() {
        assert_eq!(check(true, "well done", "no").to_string(), "✓ Right: well done");
        assert_eq!(
            check(false, "well done", "look again").to_string(),
            "○ Not yet: look again"
        );
    }

    #[test]
    fn words_with_signs_of_html_are_shown_as_they_are() {
        let html = &check(true, "a < b", "").rich().forms()[1].1.clone();
        assert!(html.contains("a &lt; b"), "{html}");
    }
}
