//! Builds a table column by column: results that are to be read as a table.

use std::fmt::Display;

use polars::prelude as pl;

use super::DataFrame;
use super::frame::from_polars;
use crate::error::{Error, Result};
use crate::plot::Values;

impl DataFrame {
    /// A table without columns, to be filled by [`DataFrame::with`] and [`DataFrame::with_words`].
    ///
    /// ```
    /// use course_lib::data::DataFrame;
    ///
    /// let table = DataFrame::new()
    ///     .with("seed", &[1, 2])?
    ///     .with("accuracy", &[0.98, 0.99])?
    ///     .with_words("verdict", &["good", "better"])?;
    /// assert_eq!(table.shape(), (2, 3));
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn new() -> Self {
        Self::from_polars(pl::DataFrame::empty())
    }

    /// The table with a column of numbers at its right end.
    ///
    /// # Errors
    /// If there is a column of that name, or the values are not one for each row.
    pub fn with(self, name: &str, values: &(impl Values + ?Sized)) -> Result<Self> {
        let column = pl::Column::new(name.into(), values.values());
        self.with_column("with", column)
    }

    /// The table with a column of words at its right end.
    ///
    /// # Errors
    /// If there is a column of that name, or the words are not one for each row.
    pub fn with_words(self, name: &str, words: &[impl Display]) -> Result<Self> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        self.with_column("with_words", pl::Column::new(name.into(), words))
    }

    fn with_column(self, operation: &str, column: pl::Column) -> Result<Self> {
        let (rows, width) = self.shape();
        let name = column.name().to_string();
        if self.columns().contains(&name) {
            return Err(Error::new(operation)
                .expected("a name that no column has yet")
                .got(format!("`{name}`"))
                .hint("each column needs a name of its own"));
        }
        if width > 0 && column.len() != rows {
            return Err(Error::new(operation)
                .expected(format!("{rows} values for column `{name}`, one for each row"))
                .got(column.len().to_string())
                .hint("all columns of a table have the same length"));
        }
        let rows = column.len();
        let mut columns = pl::DataFrame::columns(&self).to_vec();
        columns.push(column);
        pl::DataFrame::new(rows, columns)
            .map(Self::from_polars)
            .map_err(|problem| from_polars(operation, &problem))
    }
}

impl Default for DataFrame {
    fn default() -> Self {
        Self::new()
    }
}
