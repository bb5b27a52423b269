//! The options of a layer by name, as a saved model keeps them.
//!
//! ```
//! use course_lib::layers::Config;
//!
//! let config = Config::new().with("units", 16_usize).with("activation", "ReLU");
//! assert_eq!(config.whole("units")?, 16);
//! assert!(config.whole("filters").is_err());
//! # Ok::<(), course_lib::error::Error>(())
//! ```

use std::fmt;

use crate::error::{Error, Result};

/// Named options; see the [module](self).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    options: Vec<(String, Setting)>,
}

/// The value of one option.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// A whole number, such as a number of units.
    Whole(usize),
    /// A number, such as a rate.
    Number(f32),
    /// Yes or no.
    Flag(bool),
    /// A word, such as the name of an activation.
    Text(String),
    /// Sizes, such as those of a kernel.
    Sizes(Vec<usize>),
}

impl From<usize> for Setting {
    fn from(value: usize) -> Self {
        Self::Whole(value)
    }
}

impl From<f32> for Setting {
    fn from(value: f32) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Setting {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<&str> for Setting {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Setting {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<usize>> for Setting {
    fn from(value: Vec<usize>) -> Self {
        Self::Sizes(value)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
            Self::Sizes(value) => write!(f, "{value:?}"),
        }
    }
}

impl Config {
    /// No options yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more option.
    #[must_use]
    pub fn with(mut self, name: &str, setting: impl Into<Setting>) -> Self {
        self.options.push((name.to_owned(), setting.into()));
        self
    }

    /// All options in their order.
    pub fn options(&self) -> &[(String, Setting)] {
        &self.options
    }

    /// The whole number of that name.
    ///
    /// # Errors
    /// No such option, or one of another kind; so with the other kinds below.
    pub fn whole(&self, name: &str) -> Result<usize> {
        match self.get(name)? {
            Setting::Whole(value) => Ok(*value),
            other => Err(unfit(name, "a whole number", other)),
        }
    }

    /// The number of that name.
    ///
    /// # Errors
    /// As [`Config::whole`].
    pub fn number(&self, name: &str) -> Result<f32> {
        match self.get(name)? {
            Setting::Number(value) => Ok(*value),
            Setting::Whole(value) => Ok(*value as f32),
            other => Err(unfit(name, "a number", other)),
        }
    }

    /// The yes or no of that name.
    ///
    /// # Errors
    /// As [`Config::whole`].
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.get(name)? {
            Setting::Flag(value) => Ok(*value),
            other => Err(unfit(name, "true or false", other)),
        }
    }

    /// The word of that name.
    ///
    /// # Errors
    /// As [`Config::whole`].
    pub fn text(&self, name: &str) -> Result<&str> {
        match self.get(name)? {
            Setting::Text(value) => Ok(value),
            other => Err(unfit(name, "a word", other)),
        }
    }

    /// The sizes of that name.
    ///
    /// # Errors
    /// As [`Config::whole`].
    pub fn sizes(&self, name: &str) -> Result<&[usize]> {
        match self.get(name)? {
            Setting::Sizes(value) => Ok(value),
            other => Err(unfit(name, "a list of sizes", other)),
        }
    }

    fn get(&self, name: &str) -> Result<&Setting> {
        let option = self.options.iter().find(|(known, _)| known == name);
        option.map(|(_, setting)| setting).ok_or_else(|| {
            let names: Vec<&str> = self.options.iter().map(|(name, _)| name.as_str()).collect();
            Error::new("layer options")
                .expected(format!("an option named {name}"))
                .got(format!("[{}]", names.join(", ")))
                .hint("the model was saved by another version of the library")
        })
    }
}

fn unfit(name: &str, expected: &str, got: &Setting) -> Error {
    Error::new("layer options")
        .expected(format!("{name} to be {expected}"))
        .got(got.to_string())
        .hint("the model was saved by another version of the library")
}
