//! A table with named columns, read from a CSV file.

use std::collections::HashSet;
use std::io::Cursor;
use std::ops::Deref;
use std::path::Path;

use polars::prelude::{self as pl, CsvReadOptions, SerReader};

use super::nearest::{listed, nearest};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// A table with named columns of numbers or words.
///
/// It is polars' data frame with the few words a lesson needs, in single precision and with errors that say
/// what to do. Whatever else polars can do is there too, since a `DataFrame` dereferences to polars' own.
///
/// ```
/// use course_lib::data::DataFrame;
///
/// let table = DataFrame::from_csv("weight,height\n60,165\n80,180\n")?;
/// assert_eq!(table.shape(), (2, 2));
/// assert_eq!(table.column("height")?, [165.0, 180.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
#[derive(Clone)]
pub struct DataFrame {
    table: pl::DataFrame,
}

impl DataFrame {
    /// Reads a CSV file whose first line names the columns.
    ///
    /// # Errors
    /// If there is no such file, it is empty, it is not UTF-8 text, or its lines do not have the same number
    /// of fields.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|problem| not_readable(path, &problem))?;
        Self::parse("read_csv", &path.display().to_string(), bytes)
    }

    /// Reads a table from text in CSV form, first line the names.
    ///
    /// # Errors
    /// If the text is empty, or its lines do not have the same number of fields.
    pub fn from_csv(text: &str) -> Result<Self> {
        Self::parse("from_csv", "the text", text.as_bytes().to_vec())
    }

    /// Reads CSV from memory; `source` is what an error calls it.
    pub(crate) fn parse(operation: &str, source: &str, bytes: Vec<u8>) -> Result<Self> {
        let expected = "CSV: a line of column names, then one line a row";
        let not_csv = |got: String| {
            Error::new(operation)
                .expected(expected)
                .got(got)
                .hint("open the file in a text editor and look at its first lines")
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(not_csv(format!("{source}, which is empty")));
        }
        let text = std::str::from_utf8(&bytes).map_err(|problem| {
            not_csv(format!(
                "{source}, which is not UTF-8 text (byte {})",
                problem.valid_up_to() + 1
            ))
        })?;
        if let Some(position) = text.find('\0') {
            return Err(not_csv(format!(
                "{source}, which is not text (byte {} is zero)",
                position + 1
            )));
        }
        // Every row is looked at before a column's type is chosen: a first decimal point may come late.
        let table = CsvReadOptions::default()
            .with_infer_schema_length(None)
            .into_reader_with_file_handle(Cursor::new(bytes))
            .finish()
            .map_err(|problem| {
                not_csv(format!(
                    "{source}, which polars cannot read ({})",
                    first_line(&problem)
                ))
            })?;
        // polars renames the second of two columns of one name, which would surprise later.
        let names = table.get_column_names();
        let original = |name: &str| {
            name.rsplit_once("_duplicated_")
                .map(|(original, _)| original.to_owned())
        };
        if let Some(twice) = names.iter().find_map(|name| original(name)) {
            return Err(not_csv(format!(
                "{source}, where two columns are named `{twice}`"
            )));
        }
        Ok(Self { table })
    }

    pub(crate) fn from_polars(table: pl::DataFrame) -> Self {
        Self { table }
    }

    /// The first `rows` rows (all of them, if there are fewer).
    pub fn head(&self, rows: usize) -> Self {
        Self {
            table: self.table.head(Some(rows)),
        }
    }

    /// How many rows and columns: `(rows, columns)`.
    pub fn shape(&self) -> (usize, usize) {
        (self.table.height(), self.table.width())
    }

    /// The names of the columns, from left to right.
    pub fn columns(&self) -> Vec<String> {
        self.table
            .get_column_names()
            .into_iter()
            .map(|name| name.to_string())
            .collect()
    }

    /// Only these columns, in this order.
    ///
    /// # Errors
    /// If there is no column of one of the names, or one is named twice.
    pub fn select(&self, columns: &[impl AsRef<str>]) -> Result<Self> {
        let mut seen = HashSet::new();
        for name in columns {
            self.find("select", name.as_ref())?;
            if !seen.insert(name.as_ref()) {
                return Err(Error::new("select")
                    .expected("each column once")
                    .got(format!("`{}` twice", name.as_ref()))
                    .hint("name it once"));
            }
        }
        let names: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let table = self
            .table
            .select(names)
            .map_err(|problem| from_polars("select", &problem))?;
        Ok(Self { table })
    }

    /// All columns but these.
    ///
    /// # Errors
    /// If there is no column of one of the names.
    pub fn drop(&self, columns: &[impl AsRef<str>]) -> Result<Self> {
        for name in columns {
            self.find("drop", name.as_ref())?;
        }
        Ok(Self {
            table: self.table.drop_many(columns.iter().map(AsRef::as_ref)),
        })
    }

    /// Only the rows in which no cell is missing.
    ///
    /// # Errors
    /// If polars cannot build the smaller table.
    pub fn drop_missing(&self) -> Result<Self> {
        let table = self
            .table
            .drop_nulls::<String>(None)
            .map_err(|problem| from_polars("drop_missing", &problem))?;
        Ok(Self { table })
    }

    /// The numbers of one column, from top to bottom. `true` and `false` are 1 and 0.
    ///
    /// # Errors
    /// If there is no such column, it holds words, or a value is missing or not a number.
    pub fn column(&self, name: &str) -> Result<Vec<f32>> {
        let values = self.numbers("column", name)?;
        complete("column", name, &values)
    }

    /// The words of one column, from top to bottom; numbers are written out.
    ///
    /// # Errors
    /// If there is no such column, or a value is missing.
    pub fn words(&self, name: &str) -> Result<Vec<String>> {
        let column = self.find("words", name)?;
        (0..column.len())
            .map(|row| match column.get(row) {
                Ok(pl::AnyValue::Null) | Err(_) => Err(missing("words", name, row, "a missing value")),
                Ok(value) => Ok(value.str_value().into_owned()),
            })
            .collect()
    }

    /// 1 in the rows where `column` holds `word`, 0 in the others: labels for a classifier.
    ///
    /// # Errors
    /// If there is no such column, a value is missing, or no row holds the word.
    pub fn is(&self, column: &str, word: &str) -> Result<Vec<f32>> {
        let words = self.words(column)?;
        if words.iter().any(|found| found == word) {
            return Ok(words
                .iter()
                .map(|found| if found == word { 1.0 } else { 0.0 })
                .collect());
        }
        let mut known: Vec<&str> = words.iter().map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        let suggestion = nearest(word, known.iter().copied()).map(|name| format!("did you mean `{name}`? "));
        Err(Error::new("is")
            .expected(format!("a word that column `{column}` holds"))
            .got(format!("`{word}`"))
            .hint(format!(
                "{}the column holds {}",
                suggestion.unwrap_or_default(),
                listed(&known)
            )))
    }

    /// Columns beside each other as a tensor of shape `[rows, columns]`.
    ///
    /// # Errors
    /// As [`DataFrame::column`], and if no column is named or there is no row.
    pub fn to_tensor(&self, columns: &[impl AsRef<str>]) -> Result<Tensor> {
        let rows = self.table.height();
        if columns.is_empty() || rows == 0 {
            return Err(Error::new("to_tensor")
                .expected("at least one row and one column")
                .got(format!("{rows} rows and {} columns", columns.len()))
                .hint("name the columns, as in `frame.to_tensor(&[\"mean radius\"])`"));
        }
        let mut values = vec![0.0; rows * columns.len()];
        for (column, name) in columns.iter().enumerate() {
            let numbers = self.numbers("to_tensor", name.as_ref())?;
            for (row, value) in complete("to_tensor", name.as_ref(), &numbers)?
                .into_iter()
                .enumerate()
            {
                values[row * columns.len() + column] = value;
            }
        }
        Tensor::from_vec(values, [rows, columns.len()])
    }

    /// One column in polars' form.
    pub(crate) fn find(&self, operation: &str, name: &str) -> Result<&pl::Column> {
        if let Ok(column) = self.table.column(name) {
            return Ok(column);
        }
        let names = self.columns();
        let hint = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? the columns are {}", listed(&names)),
            None => format!("the columns are {}", listed(&names)),
        };
        Err(Error::new(operation)
            .expected("the name of a column")
            .got(format!("`{name}`"))
            .hint(hint))
    }

    /// The numbers of one column in double precision, `None` where a value is missing.
    pub(crate) fn numbers(&self, operation: &str, name: &str) -> Result<Vec<Option<f64>>> {
        let column = self.find(operation, name)?;
        if !column.dtype().is_primitive_numeric() && !column.dtype().is_bool() {
            let first = (0..column.len()).find_map(|row| {
                column
                    .get(row)
                    .ok()
                    .filter(|value| !value.is_null())
                    .map(|value| (row, value))
            });
            let got = match first {
                Some((row, value)) => format!("text (row {row}: `{}`)", value.str_value()),
                None => "no value at all".to_owned(),
            };
            return Err(Error::new(operation)
                .expected(format!("numbers in column `{name}`"))
                .got(got)
                .hint("leave the column out, or turn a word into 0 and 1 with `frame.is(column, word)`"));
        }
        let column = column
            .cast(&pl::DataType::Float64)
            .map_err(|problem| from_polars(operation, &problem))?;
        let values = column.f64().map_err(|problem| from_polars(operation, &problem))?;
        Ok(values.iter().collect())
    }
}

impl Deref for DataFrame {
    type Target = pl::DataFrame;

    fn deref(&self) -> &pl::DataFrame {
        &self.table
    }
}

/// The values in single precision, or an error that says where one is missing.
fn complete(operation: &str, name: &str, values: &[Option<f64>]) -> Result<Vec<f32>> {
    let number = |(row, value): (usize, &Option<f64>)| match value {
        Some(value) if value.is_nan() => Err(missing(operation, name, row, "NaN")),
        Some(value) if !(*value as f32).is_finite() => Err(missing(operation, name, row, &value.to_string())),
        Some(value) => Ok(*value as f32),
        None => Err(missing(operation, name, row, "a missing value")),
    };
    values.iter().enumerate().map(number).collect()
}

fn missing(operation: &str, name: &str, row: usize, got: &str) -> Error {
    Error::new(operation)
        .expected(format!("a value in every row of column `{name}`"))
        .got(format!("{got} in row {row} (the first row is 0)"))
        .hint("fill the gap in the file, or leave such rows out with `frame.drop_missing()`")
}

fn not_readable(path: &Path, problem: &std::io::Error) -> Error {
    let error = Error::new("read_csv").expected("a CSV file");
    if problem.kind() != std::io::ErrorKind::NotFound {
        return error
            .got(format!("{} ({problem})", path.display()))
            .hint("check the path and its permissions");
    }
    let here = std::env::current_dir()
        .map(|folder| folder.display().to_string())
        .unwrap_or_default();
    let hint = if path.is_relative() {
        format!("check the spelling; a relative path starts from the folder the notebook runs in, {here}")
    } else {
        "check the spelling of the path".to_owned()
    };
    error
        .got(format!("{}, which does not exist", path.display()))
        .hint(hint)
}

pub(crate) fn from_polars(operation: &str, problem: &pl::PolarsError) -> Error {
    Error::new(operation)
        .expected("a table that polars can work on")
        .got(first_line(problem))
        .hint("look at the table with `frame.head(5)`")
}

fn first_line(problem: &pl::PolarsError) -> String {
    problem.to_string().lines().next().unwrap_or_default().to_owned()
}
