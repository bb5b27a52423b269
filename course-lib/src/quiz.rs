//! Questions with several answers to choose from, each with an explanation.
//!
//! In a notebook every option is folded: opening it says whether it is right, and why. That is plain HTML
//! (`<details>`), so it works where nothing runs: on GitHub, in a saved notebook, in a converted page. Where there
//! is only text, the explanations stand below the options.

use crate::data::table::escape;
use crate::error::{Error, Result};
use crate::notebook::{Rich, Show};
use std::fmt;

/// A question, or several, with options to choose from.
///
/// ```
/// use course_lib::quiz::Quiz;
///
/// let quiz = Quiz::new("Which function can one neuron with a step not learn?")
///     .option("OR", false, "The line x1 + x2 = 0.5 separates 0 from 1.")
///     .option("XOR", true, "No single line separates its two classes.");
/// quiz.verify()?;
/// assert_eq!(quiz.right_options(), ["B"]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiz {
    questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    words: String,
    options: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    words: String,
    is_right: bool,
    why: String,
}

impl Quiz {
    /// Begins with a question. Words between backticks are shown as code.
    pub fn new(question: impl Into<String>) -> Self {
        Self {
            questions: Vec::new(),
        }
        .question(question)
    }

    /// The next question of the same quiz; the options that follow belong to it.
    #[must_use]
    pub fn question(mut self, question: impl Into<String>) -> Self {
        self.questions.push(Question {
            words: question.into(),
            options: Vec::new(),
        });
        self
    }

    /// An answer to choose, whether it is right, and why it is or is not.
    #[must_use]
    pub fn option(mut self, option: impl Into<String>, is_right: bool, why: impl Into<String>) -> Self {
        if let Some(question) = self.questions.last_mut() {
            question.options.push(Choice {
                words: option.into(),
                is_right,
                why: why.into(),
            });
        }
        self
    }

    /// The letters of the right options, question by question.
    pub fn right_options(&self) -> Vec<String> {
        let right = |question: &Question| {
            let lettered = question.lettered().filter(|(_, option)| option.is_right);
            lettered.map(|(letter, _)| letter).collect()
        };
        self.questions.iter().map(right).collect()
    }

    /// For authors: whether every question can be answered.
    ///
    /// # Errors
    /// A question with fewer than two options, without a right or without a wrong one, or an option that does
    /// not say why.
    pub fn verify(&self) -> Result<()> {
        for question in &self.questions {
            let options = &question.options;
            let right = options.iter().filter(|option| option.is_right).count();
            let silent = options
                .iter()
                .filter(|option| option.why.trim().is_empty())
                .count();
            if right == 0 || right == options.len() || silent > 0 {
                return Err(Error::new("Quiz")
                    .expected("a right and a wrong option for each question, and a reason for each option")
                    .got(format!(
                        "{} options, {right} right, {silent} without a reason, for \"{}\"",
                        options.len(),
                        question.words
                    ))
                    .hint("add .option(\"..\", is_right, \"why\")"));
            }
        }
        Ok(())
    }

    /// `1. ` before the first of several questions, nothing before a single one.
    fn numbered(&self) -> impl Iterator<Item = (String, &Question)> {
        let single = self.questions.len() == 1;
        let number = move |place: usize| {
            if single {
                String::new()
            } else {
                format!("{}. ", place + 1)
            }
        };
        let questions = self.questions.iter().enumerate();
        questions.map(move |(place, question)| (number(place), question))
    }
}

impl Question {
    /// The options with the letters A, B, C, ...
    fn lettered(&self) -> impl Iterator<Item = (char, &Choice)> {
        ('A'..='Z').zip(&self.options)
    }
}

impl Choice {
    fn verdict(&self) -> &'static str {
        if self.is_right { "✓ Right." } else { "✗ No." }
    }
}

/// Text as HTML, with what stands between two backticks as code.
fn marked_up(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let part = |(place, part): (usize, &&str)| match place {
        // A backtick without a second one is itself.
        place if place == last && place % 2 == 1 => format!("`{}", escape(part)),
        place if place % 2 == 1 => format!("<code>{}</code>", escape(part)),
        _ => escape(part),
    };
    parts.iter().enumerate().map(part).collect()
}

impl fmt::Display for Quiz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        for (number, question) in self.numbered() {
            lines.push(format!("{number}{}", question.words));
            lines.extend(
                question
                    .lettered()
                    .map(|(letter, option)| format!("  {letter}) {}", option.words)),
            );
        }
        lines.push("Answers:".to_owned());
        for (number, question) in self.numbered() {
            for (letter, option) in question.lettered() {
                lines.push(format!("  {number}{letter}) {} {}", option.verdict(), option.why));
            }
        }
        f.write_str(&lines.join("\n"))
    }
}

impl Show for Quiz {
    fn rich(&self) -> Rich {
        let mut html = String::new();
        for (number, question) in self.numbered() {
            html.push_str(&format!(
                "<p><strong>{number}{}</strong></p>",
                marked_up(&question.words)
            ));
            for (letter, option) in question.lettered() {
                html.push_str(&format!(
                    "<details style=\"margin: 4px 16px\"><summary>{letter}. {}</summary>\
                     <p style=\"margin: 4px 16px\"><strong>{}</strong> {}</p></details>",
                    marked_up(&option.words),
                    option.verdict(),
                    marked_up(&option.why)
                ));
            }
        }
        Rich::text(self.to_string()).html(html)
    }
}

crate::shows_itself!(Quiz);

#[cfg(test)]
mod tests {
    use super::*;

    fn quiz() -> Quiz {
        Quiz::new("Is 1 < 2?")
            .option("yes", true, "`1 < 2` is so")
            .option("no", false, "count again")
            .question("And now?")
            .option("a `b", false, "x")
            .option("c", true, "y")
    }

    #[test]
    fn every_option_is_folded_with_its_reason_and_nothing_runs() {
        let html = quiz().rich().forms()[1].1.clone();
        assert_eq!(html.matches("<details").count(), 4);
        assert_eq!(html.matches("</details>").count(), 4);
        assert!(html.contains("1. Is 1 &lt; 2?"), "{html}");
        assert!(
            html.contains("✓ Right.</strong> <code>1 &lt; 2</code> is so"),
            "{html}"
        );
        assert!(html.contains("a `b"), "{html}");
        assert!(!html.contains("<script") && !html.contains(" open"), "{html}");
    }

    #[test]
    fn text_gives_the_answers_below_the_questions() {
        let text = quiz().to_string();
        assert!(
            text.starts_with("1. Is 1 < 2?\n  A) yes\n  B) no\n2. And now?"),
            "{text}"
        );
        let (questions, answers) = text.split_once("Answers:").unwrap();
        assert!(!questions.contains("Right"), "{questions}");
        assert!(answers.contains("1. A) ✓ Right. `1 < 2` is so"), "{answers}");
        assert!(!Quiz::new("Only one?").to_string().contains("1."));
    }

    #[test]
    fn a_question_that_cannot_be_answered_is_told_to_its_author() {
        assert!(quiz().verify().is_ok());
        assert_eq!(quiz().right_options(), ["A", "B"]);
        let broken = [
            Quiz::new("None?"),
            Quiz::new("No right one?")
                .option("a", false, "x")
                .option("b", false, "y"),
            Quiz::new("No wrong one?")
                .option("a", true, "x")
                .option("b", true, "y"),
            Quiz::new("No reason?")
                .option("a", true, " ")
                .option("b", false, "y"),
        ];
        for quiz in broken {
            let error = quiz.verify().unwrap_err().to_string();
            assert!(error.contains(&quiz.questions[0].words), "{error}");
        }
    }
}
