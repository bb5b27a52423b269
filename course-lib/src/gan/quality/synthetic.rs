//! Whether generated rows are good enough to learn from.

use std::fmt;

use crate::data::table::{Column, Table};
use crate::error::Result;
use crate::model::{Fit, Sequential};
use crate::tensor::Tensor;

/// The test accuracy of the same network, trained on real rows and trained on generated ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SyntheticScore {
    /// The accuracy on real test rows after training on real rows.
    pub real: f32,
    /// The accuracy on the same test rows after training on generated rows.
    pub synthetic: f32,
}

/// Train on synthetic, test on real (Esteban, Hyland, Rätsch 2017): `network` makes the same compiled network
/// each time, which is trained once on real and once on generated rows (`(x, y)`) and tested on real rows that
/// neither has seen. The closer the two accuracies, the more of what a classifier needs is in the generated rows.
///
/// Shapes: x `[rows, features]` and y as the network's loss takes it, such as `[rows, 1]`; the three parts may have
/// different numbers of rows. The accuracies are from 0 to 1.
///
/// ```
/// use course_lib::gan::quality::train_on_synthetic;
/// use course_lib::prelude::*;
///
/// let network = || {
///     let mut model = Sequential::new(Input(1), layers![Dense::new(1).activation(Sigmoid)], Seed(1))?;
///     model.compile(SGD { learning_rate: 1.0, ..SGD::default() }, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
///     Ok(model)
/// };
/// // Class 1 lies right of 0. The generator has learned that, but for a shift.
/// let x = Tensor::linspace(-1.0, 1.0, 40)?.reshape([40, 1])?;
/// let y = Tensor::from_vec(x.to_vec().iter().map(|x| f32::from(*x > 0.0)).collect(), [40, 1])?;
/// let generated = &x + 0.5;
/// let score = train_on_synthetic(network, (&x, &y), (&generated, &y), (&x, &y), 30, 8)?;
/// assert!(score.real > 0.9 && score.synthetic < score.real);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Data that does not fit the network, or a network compiled without `Metric::Accuracy`.
pub fn train_on_synthetic(
    network: impl Fn() -> Result<Sequential>,
    real: (&Tensor, &Tensor),
    synthetic: (&Tensor, &Tensor),
    test: (&Tensor, &Tensor),
    epochs: usize,
    batch_size: usize,
) -> Result<SyntheticScore> {
    let accuracy = |(x, y): (&Tensor, &Tensor)| {
        let mut model = network()?;
        let options = Fit {
            epochs,
            batch_size,
            verbose: false,
            ..Fit::default()
        };
        model.fit(x, y, options)?;
        model.evaluate(test.0, test.1)?.accuracy()
    };
    Ok(SyntheticScore {
        real: accuracy(real)?,
        synthetic: accuracy(synthetic)?,
    })
}

impl fmt::Display for SyntheticScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "test accuracy {:.1} % trained on real rows, {:.1} % trained on generated rows ({:+.1} points)",
            self.real * 100.0,
            self.synthetic * 100.0,
            (self.synthetic - self.real) * 100.0
        )
    }
}

impl SyntheticScore {
    fn table(&self) -> Table {
        let percent = [self.real, self.synthetic].map(|accuracy| format!("{:.1} %", accuracy * 100.0));
        Table {
            columns: vec![
                Column::words("trained on", ["real rows", "generated rows"]),
                Column::written("test accuracy", percent),
            ],
            caption: String::new(),
        }
    }
}

crate::notebook::shows_with_table!(SyntheticScore);
