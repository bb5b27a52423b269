//! Builds a table column by column: results that are to be read as a table.

use std::fmt::Display;

use polars::prelude as pl;

use super::DataFrame;
use super::frame::from_polars;
use crate::error::{Error, Result};
use crate::plot::Values;
use crate::tensor::Tensor;

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

    /// A tensor (`[rows, columns]`) as a table, its columns named from left to right: what a generator has made, to
    /// be described beside the real table.
    ///
    /// # Errors
    /// A tensor that is no table, a number of names that is not that of its columns, or a name twice.
    ///
    /// ```
    /// use course_lib::data::DataFrame;
    /// use course_lib::tensor::Tensor;
    ///
    /// let rows = Tensor::from_rows(&[[60.0, 165.0], [80.0, 180.0]])?;
    /// let table = DataFrame::from_tensor(&rows, &["weight", "height"])?;
    /// assert_eq!(table.column("height")?, [165.0, 180.0]);
    /// # Ok::<(), course_lib::error::Error>(())
    /// ```
    pub fn from_tensor(table: &Tensor, columns: &[impl AsRef<str>]) -> Result<Self> {
        if !matches!(table.shape(), [_, width] if *width == columns.len()) {
            return Err(Error::new("from_tensor")
                .expected("a tensor [rows, columns] and a name for each column")
                .got(format!("shape {:?} and {} names", table.shape(), columns.len()))
                .hint("name the columns from left to right"));
        }
        let values = table.to_vec();
        let mut frame = Self::new();
        for (place, name) in columns.iter().enumerate() {
            let column: Vec<f32> = values
                .iter()
                .skip(place)
                .step_by(columns.len())
                .copied()
                .collect();
            frame = frame.with(name.as_ref(), &column)?;
        }
        Ok(frame)
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
