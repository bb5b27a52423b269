//! A training as a table in a file.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use super::{Callback, Training};
use crate::error::{Error, Result};

/// Writes a CSV file with a line for each epoch, as soon as it has ended: its number, from 1, and all its values.
#[derive(Debug)]
pub struct CSVLogger {
    path: PathBuf,
    file: Option<File>,
    names: Vec<String>,
}

impl CSVLogger {
    /// Writes to the path; a file of that name is replaced.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            file: None,
            names: Vec::new(),
        }
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| writeln!(file, "{line}"));
        written.map_err(|error| self.problem(&error))
    }

    fn problem(&self, error: &std::io::Error) -> Error {
        Error::new("CSVLogger")
            .expected("a file that can be written")
            .got(format!("{} ({error})", self.path.display()))
            .hint("check that the folder exists, may be written to, and has room")
    }
}

impl Callback for CSVLogger {
    fn on_train_begin(&mut self, _: &mut Training<'_>) -> Result<()> {
        self.names.clear();
        let file = File::create(&self.path).map_err(|error| self.problem(&error))?;
        self.file = Some(file);
        Ok(())
    }

    fn on_epoch_end(&mut self, training: &mut Training<'_>) -> Result<()> {
        if self.names.is_empty() {
            self.names = training.entries().iter().map(|(name, _)| name.clone()).collect();
            let quoted = |name: &String| match name.contains([',', '"', '\n']) {
                true => format!("\"{}\"", name.replace('"', "\"\"")),
                false => name.clone(),
            };
            let names: Vec<String> = self.names.iter().map(quoted).collect();
            self.line(&format!("epoch,{}", names.join(",")))?;
        }
        let value = |name: &String| {
            training
                .get(name)
                .map_or_else(|_| String::new(), |v| v.to_string())
        };
        let values: Vec<String> = self.names.iter().map(value).collect();
        self.line(&format!("{},{}", training.epoch(), values.join(",")))
    }

    fn on_train_end(&mut self, _: &mut Training<'_>) -> Result<()> {
        self.file = None;
        Ok(())
    }
}

crate::notebook::shows_options!(CSVLogger { path });
