//! One error type for the whole library, and how it speaks.
//!
//! Every message answers four questions in one order: which operation, what it expected, what it got,
//! and what to do now.

use std::fmt;

/// What the library's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation of the library could not be carried out.
///
/// ```
/// use course_lib::error::Error;
///
/// let error = Error::new("matmul")
///     .expected("a right-hand side with 3 rows")
///     .got("shape [4, 2]")
///     .hint("transpose one side, or check which axis holds the features");
/// assert_eq!(
///     error.to_string(),
///     "matmul: expected a right-hand side with 3 rows, got shape [4, 2]. \
///      What to do: transpose one side, or check which axis holds the features."
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    operation: String,
    expected: String,
    got: String,
    hint: String,
}

/// What sort of failure an [`Error`] is, for code that treats some of them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A value, shape, label or file that the operation cannot take.
    BadInput,
    /// The learner pressed Interrupt; everything computed so far is kept.
    Interrupted,
}

impl Error {
    /// Starts an error of the named operation (`"fit"`, `"matmul"`, `"Dense"`).
    pub fn new(operation: impl Into<String>) -> Self {
        Self {
            kind: Kind::BadInput,
            operation: operation.into(),
            expected: String::new(),
            got: String::new(),
            hint: String::new(),
        }
    }

    /// The error with which a loop ends that was interrupted by the learner.
    pub fn interrupted(operation: impl Into<String>) -> Self {
        Self {
            kind: Kind::Interrupted,
            got: "an interrupt".to_owned(),
            expected: "to run to its end".to_owned(),
            hint: "run the cell again; what was computed so far is kept".to_owned(),
            ..Self::new(operation)
        }
    }

    /// Says what the operation needs.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what the operation was given.
    #[must_use]
    pub fn got(mut self, got: impl Into<String>) -> Self {
        self.got = got.into();
        self
    }

    /// Says what the reader can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Which sort of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The operation that failed.
    pub fn operation(&self) -> &str {
        &self.operation
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, got {}",
            self.operation, self.expected, self.got
        )?;
        if !self.hint.is_empty() {
            write!(f, ". What to do: {}.", self.hint)?;
        }
        Ok(())
    }
}

// `unwrap` prints an error with `Debug`: a learner should read the same sentence there.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

crate::notebook::shows_in_words!(Error);
crate::notebook::shows_its_name!(Kind);
