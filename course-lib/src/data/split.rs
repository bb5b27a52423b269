//! Cuts examples into a part to learn from and a part to be tested on.
//!
//! A network is judged on examples it has never seen. So the cut comes first, before any scaler is fitted and
//! any picture is looked at, and the rows are shuffled before it, since files are often sorted.
//!
//! Values in the order of time are the exception: who shuffles them lets the network learn from the future. They are
//! cut with `shuffle: false`, or by [`chronological_split`].

use std::collections::HashMap;
use std::fmt;

use crate::data::table::{Column, Table};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::tensor::Tensor;

/// How [`train_test_split`] cuts.
///
/// ```
/// use course_lib::data::SplitOptions;
/// use course_lib::random::Seed;
///
/// let options = SplitOptions { stratify: true, seed: Seed(7), ..Default::default() };
/// assert_eq!(options.test_fraction, 0.2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitOptions {
    /// The share of the rows that goes to the test part: between 0 and 1, both excluded. Default: 0.2, the 80
    /// % / 20 % of the lecture.
    pub test_fraction: f64,
    /// Whether the rows are shuffled before the cut. `false` keeps their order: the first rows to learn from, the
    /// last ones for the test, as a series asks for. Default: `true`.
    pub shuffle: bool,
    /// The same seed gives the same cut. Default: `Seed(0)`.
    pub seed: Seed,
    /// Whether both parts get the same share of each class (for labels, not for measured targets). Default:
    /// `false`.
    pub stratify: bool,
}

impl Default for SplitOptions {
    fn default() -> Self {
        Self {
            test_fraction: 0.2,
            shuffle: true,
            seed: Seed(0),
            stratify: false,
        }
    }
}

/// Examples in two parts: one to learn from, one to be tested on.
#[derive(Clone)]
pub struct TrainTest {
    /// Inputs to learn from, `[rows, features]`.
    pub x_train: Tensor,
    /// Inputs the network must not see before it is tested, `[rows, features]`.
    pub x_test: Tensor,
    /// Targets that belong to [`TrainTest::x_train`].
    pub y_train: Tensor,
    /// Targets that belong to [`TrainTest::x_test`].
    pub y_test: Tensor,
}

/// Shuffles the rows of `x` (`[rows, …]`) and `y` (`[rows, …]`) together and cuts them in two.
///
/// The test part gets `rows × test_fraction` rows, rounded up, as in scikit-learn.
///
/// # Errors
/// If `x` and `y` differ in their number of rows, the fraction is not between 0 and 1, a part would be empty,
/// or `stratify` is asked of targets of which some value occurs only once, or without shuffling.
pub fn train_test_split(x: &Tensor, y: &Tensor, options: SplitOptions) -> Result<TrainTest> {
    let rows = rows_of(x);
    if rows != rows_of(y) {
        return Err(Error::new("train_test_split")
            .expected("as many rows in `x` as in `y`")
            .got(format!(
                "x of shape {:?} and y of shape {:?}",
                x.shape(),
                y.shape()
            ))
            .hint("take both from the same table"));
    }
    let test_rows = test_rows("train_test_split", rows, options.test_fraction)?;
    if !options.shuffle {
        if options.stratify {
            return Err(Error::new("train_test_split")
                .expected("`stratify` with shuffled rows only")
                .got("`stratify: true` and `shuffle: false`")
                .hint("leave one of the two out: rows in the order of time cannot be chosen by class"));
        }
        let cut = rows - test_rows;
        return Ok(TrainTest {
            x_train: x.rows(0..cut)?,
            x_test: x.rows(cut..rows)?,
            y_train: y.rows(0..cut)?,
            y_test: y.rows(cut..rows)?,
        });
    }

    let order = options.seed.stream().permutation(rows);
    let (test, train) = if options.stratify {
        stratified(&order, &classes(y), test_rows)?
    } else {
        (order[..test_rows].to_vec(), order[test_rows..].to_vec())
    };
    Ok(TrainTest {
        x_train: x.select_rows(&train)?,
        x_test: x.select_rows(&test)?,
        y_train: y.select_rows(&train)?,
        y_test: y.select_rows(&test)?,
    })
}

/// Cuts a series (`[rows, ..]`, in the order of time) into its earlier and its later part. Nothing is shuffled: the
/// later part is what a forecaster has not seen yet. It gets `rows × test_fraction` rows, rounded up.
///
/// # Errors
/// If the fraction is not between 0 and 1, or a part would be empty.
///
/// ```
/// use course_lib::data::{chronological_split, datasets};
///
/// let passengers = datasets::airline_passengers()?.values;
/// let (train, test) = chronological_split(&passengers, 0.2)?;
/// assert_eq!((train.shape(), test.shape()), (&[115, 1][..], &[29, 1][..]));
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn chronological_split(series: &Tensor, test_fraction: f64) -> Result<(Tensor, Tensor)> {
    let rows = rows_of(series);
    let cut = rows - test_rows("chronological_split", rows, test_fraction)?;
    Ok((series.rows(0..cut)?, series.rows(cut..rows)?))
}

/// How many rows the test part gets: rounded up, as in scikit-learn.
fn test_rows(operation: &str, rows: usize, fraction: f64) -> Result<usize> {
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(Error::new(operation)
            .expected("a `test_fraction` between 0 and 1, both excluded")
            .got(fraction.to_string())
            .hint("0.2 keeps 20 % of the rows for the test"));
    }
    // 100 × 0.07 is a hair above 7, and must not become 8 rows.
    let test_rows = (rows as f64 * fraction - 1e-9).ceil() as usize;
    if test_rows == 0 || test_rows >= rows {
        return Err(Error::new(operation)
            .expected("at least one row for each part")
            .got(format!("{rows} rows, of which {test_rows} for the test"))
            .hint("give more rows, or another `test_fraction`"));
    }
    Ok(test_rows)
}

fn rows_of(tensor: &Tensor) -> usize {
    tensor.shape().first().copied().unwrap_or(0)
}

/// The class of every row as a small number: rows of `y` that are equal are of one class.
fn classes(y: &Tensor) -> Vec<usize> {
    let values = y.to_vec();
    let width = values.len() / rows_of(y).max(1);
    let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
    values
        .chunks(width.max(1))
        .map(|row| {
            let next = known.len();
            *known
                .entry(row.iter().map(|value| value.to_bits()).collect())
                .or_insert(next)
        })
        .collect()
}

/// Takes from each class its share of the test rows; the order of the shuffle decides which rows those are.
fn stratified(order: &[usize], classes: &[usize], test_rows: usize) -> Result<(Vec<usize>, Vec<usize>)> {
    let mut sizes = vec![0; classes.iter().max().map_or(0, |last| last + 1)];
    for class in classes {
        sizes[*class] += 1;
    }
    if sizes.iter().any(|size| *size < 2) || test_rows < sizes.len() || order.len() - test_rows < sizes.len()
    {
        return Err(Error::new("train_test_split")
            .expected("classes that each fill a row in both parts, for `stratify: true`")
            .got(format!(
                "{} different targets in {} rows, {test_rows} of them for the test",
                sizes.len(),
                order.len()
            ))
            .hint("leave `stratify` out for measured targets, or give more rows of the rare class"));
    }
    let mut quota = shares(&sizes, test_rows);
    let (mut test, mut train) = (Vec::new(), Vec::new());
    for row in order {
        let left = &mut quota[classes[*row]];
        if *left > 0 {
            *left -= 1;
            test.push(*row);
        } else {
            train.push(*row);
        }
    }
    Ok((test, train))
}

/// Divides `total` in proportion to `sizes`: whole parts first, what is left to the largest remainders.
fn shares(sizes: &[usize], total: usize) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    let mut shares: Vec<usize> = sizes.iter().map(|size| size * total / all).collect();
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|class| std::cmp::Reverse(sizes[*class] * total % all));
    let given: usize = shares.iter().sum();
    for class in by_remainder.into_iter().take(total - given) {
        shares[class] += 1;
    }
    shares
}

impl fmt::Display for TrainTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "x_train {:?}   y_train {:?}",
            self.x_train.shape(),
            self.y_train.shape()
        )?;
        write!(
            f,
            "x_test  {:?}   y_test  {:?}",
            self.x_test.shape(),
            self.y_test.shape()
        )
    }
}

impl fmt::Debug for TrainTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TrainTest {
    fn table(&self) -> Table {
        let shapes = |train: &Tensor, test: &Tensor| [train, test].map(|part| format!("{:?}", part.shape()));
        Table {
            columns: vec![
                Column::words("part", ["train", "test"]),
                Column::words("x", shapes(&self.x_train, &self.x_test)),
                Column::words("y", shapes(&self.y_train, &self.y_test)),
            ],
            caption: String::new(),
        }
    }
}

crate::notebook::shows_with_table!(TrainTest);

crate::notebook::shows_options!(SplitOptions {
    test_fraction,
    shuffle,
    seed,
    stratify
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_follow_the_sizes() {
        assert_eq!(shares(&[212, 357], 114), [42, 72]);
        assert_eq!(shares(&[1, 1, 1], 2).iter().sum::<usize>(), 2);
        assert_eq!(shares(&[10, 10], 4), [2, 2]);
    }
}
