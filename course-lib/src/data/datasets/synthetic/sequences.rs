//! Small tasks on sequences, one for each form that lesson 11 shows.
//!
//! | form | task | x | y |
//! | --- | --- | --- | --- |
//! | one-to-many | [`count_up`] | `[rows, 1]` | `[rows, steps, 1]` |
//! | many-to-one | [`sum_of_sequence`] | `[rows, steps, 1]` | `[rows, 1]` |
//! | many-to-many, step by step | [`echo_sequence`] | `[rows, steps]` | `[rows, steps]` |
//! | many-to-many, all read first | [`reverse_sequence`] | `[rows, steps]` | `[rows, steps]` |
//!
//! The first two are about numbers (`&task.x * 0.1` brings them near 1, where a network learns well), the last two
//! about symbols: class numbers, for an embedding or for [`one_hot`](crate::data::one_hot()).

use std::fmt;

use super::check_rows;
use crate::data::table::{Column, Table, cut};
use crate::error::{Error, Result};
use crate::random::{RandomStream, Seed};
use crate::tensor::Tensor;

/// Numbers are drawn from 0 to 9.
const DIGITS: usize = 10;

/// Inputs and targets of which at least one is a sequence.
#[derive(Clone)]
pub struct Sequences {
    /// The inputs.
    pub x: Tensor,
    /// The targets.
    pub y: Tensor,
    /// What the task is, in a sentence.
    pub about: String,
}

/// One-to-many: from a number, the numbers that follow it. 7 becomes 8, 9, 10, …
///
/// `x` is `[rows, 1]`, whole numbers from 0 to 9; `y` is `[rows, steps, 1]`.
///
/// # Errors
/// No rows or no steps.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let task = datasets::count_up(100, 3, Seed(0))?;
/// let start = task.x.at(&[42, 0])?;
/// assert_eq!(task.y.row(42)?.to_vec(), [start + 1.0, start + 2.0, start + 3.0]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn count_up(rows: usize, steps: usize, seed: Seed) -> Result<Sequences> {
    check("count_up", rows, steps)?;
    let starts = symbols(&mut seed.stream(), rows, DIGITS);
    let counted = starts
        .iter()
        .flat_map(|start| (1..=steps).map(move |step| start + step as f32))
        .collect();
    Ok(Sequences {
        y: Tensor::from_vec(counted, [rows, steps, 1])?,
        x: Tensor::from_vec(starts, [rows, 1])?,
        about: format!("One-to-many: the {steps} numbers after a number"),
    })
}

/// Many-to-one: the sum of a sequence of whole numbers from 0 to 9.
///
/// `x` is `[rows, steps, 1]`; `y` is `[rows, 1]`.
///
/// # Errors
/// No rows or no steps.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let task = datasets::sum_of_sequence(100, 5, Seed(0))?;
/// assert_eq!(task.y.at(&[42, 0])?, task.x.row(42)?.sum().item()?);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn sum_of_sequence(rows: usize, steps: usize, seed: Seed) -> Result<Sequences> {
    check("sum_of_sequence", rows, steps)?;
    let numbers = symbols(&mut seed.stream(), rows * steps, DIGITS);
    let sums = numbers.chunks_exact(steps).map(|row| row.iter().sum()).collect();
    Ok(Sequences {
        x: Tensor::from_vec(numbers, [rows, steps, 1])?,
        y: Tensor::from_vec(sums, [rows, 1])?,
        about: format!("Many-to-one: the sum of {steps} numbers"),
    })
}

/// Many-to-many: at each step, the symbol of `delay` steps ago, and 0 while there is none. A network that answers
/// step by step needs a memory of that length.
///
/// `x` and `y` are `[rows, steps]`, class numbers from 0 to `symbols` - 1.
///
/// # Errors
/// No rows, no steps, fewer than two symbols, or a delay that leaves nothing to hear.
///
/// ```
/// use course_lib::data::datasets;
/// use course_lib::random::Seed;
///
/// let task = datasets::echo_sequence(100, 8, 4, 2, Seed(0))?;
/// assert_eq!(task.y.row(42)?.to_vec()[2..], task.x.row(42)?.to_vec()[..6]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn echo_sequence(
    rows: usize,
    steps: usize,
    symbols: usize,
    delay: usize,
    seed: Seed,
) -> Result<Sequences> {
    check("echo_sequence", rows, steps)?;
    if delay >= steps {
        return Err(Error::new("echo_sequence")
            .expected(format!("a delay below {steps}, the number of steps"))
            .got(delay.to_string())
            .hint("give longer sequences, or a shorter delay"));
    }
    let about = format!("Many-to-many: the symbol of {delay} steps ago, of {symbols}");
    over_symbols("echo_sequence", rows, steps, symbols, seed, about, |row| {
        let mut heard = vec![0.0; delay];
        heard.extend_from_slice(&row[..steps - delay]);
        heard
    })
}

/// Many-to-many: the sequence backwards. The whole of it must be read before the first answer: a task for an encoder
/// and a decoder.
///
/// `x` and `y` are `[rows, steps]`, class numbers from 0 to `symbols` - 1.
///
/// # Errors
/// No rows, no steps, or fewer than two symbols.
///
/// ```
/// use course_lib::data::{datasets, one_hot};
/// use course_lib::random::Seed;
///
/// let task = datasets::reverse_sequence(100, 6, 5, Seed(0))?;
/// assert_eq!(task.x.at(&[42, 0])?, task.y.at(&[42, 5])?);
/// assert_eq!(one_hot(&task.x, 5)?.shape(), [100, 6, 5]);
/// # Ok::<(), course_lib::error::Error>(())
/// ```
pub fn reverse_sequence(rows: usize, steps: usize, symbols: usize, seed: Seed) -> Result<Sequences> {
    check("reverse_sequence", rows, steps)?;
    let about = format!("Many-to-many: {steps} symbols of {symbols}, backwards");
    over_symbols("reverse_sequence", rows, steps, symbols, seed, about, |row| {
        row.iter().rev().copied().collect()
    })
}

/// Sequences of random symbols, and what each is to become.
fn over_symbols(
    operation: &str,
    rows: usize,
    steps: usize,
    count: usize,
    seed: Seed,
    about: String,
    answer: impl Fn(&[f32]) -> Vec<f32>,
) -> Result<Sequences> {
    if count < 2 {
        return Err(Error::new(operation)
            .expected("at least 2 symbols")
            .got(count.to_string())
            .hint("with one symbol there is nothing to learn"));
    }
    let x = symbols(&mut seed.stream(), rows * steps, count);
    let y = x.chunks_exact(steps).flat_map(answer).collect();
    Ok(Sequences {
        x: Tensor::from_vec(x, [rows, steps])?,
        y: Tensor::from_vec(y, [rows, steps])?,
        about,
    })
}

fn symbols(stream: &mut RandomStream, count: usize, kinds: usize) -> Vec<f32> {
    (0..count).map(|_| stream.below(kinds) as f32).collect()
}

fn check(operation: &str, rows: usize, steps: usize) -> Result<()> {
    check_rows(operation, rows, 1)?;
    if steps > 0 {
        return Ok(());
    }
    Err(Error::new(operation)
        .expected("at least 1 step")
        .got("0 steps")
        .hint("a sequence has a length"))
}

impl fmt::Display for Sequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\nx {:?}   y {:?}",
            self.about,
            self.x.shape(),
            self.y.shape()
        )
    }
}

impl fmt::Debug for Sequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How many examples are shown, and how many numbers of each.
const EXAMPLES: usize = 5;
const MOST_NUMBERS: usize = 13;

impl Sequences {
    fn table(&self) -> Table {
        let rows = |tensor: &Tensor| {
            let width = tensor.shape().iter().skip(1).product();
            let row = |row: &[f32]| {
                let numbers = cut(row.len(), MOST_NUMBERS).into_iter();
                let numbers = numbers.map(|at| at.map_or("…".to_owned(), |at| row[at].to_string()));
                numbers.collect::<Vec<_>>().join(", ")
            };
            let values = tensor.values();
            values.chunks(width).take(EXAMPLES).map(row).collect::<Vec<_>>()
        };
        let (x, y) = (self.x.shape(), self.y.shape());
        Table {
            columns: vec![
                Column::words("x", rows(&self.x)),
                Column::words("y", rows(&self.y)),
            ],
            caption: format!("{}; x {x:?}, y {y:?}", self.about),
        }
    }
}

crate::notebook::shows_with_table!(Sequences);
