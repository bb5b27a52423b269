//! Whether generated rows are good enough to learn from.

use std::fmt;

use crate::error::Result;
use crate::model::{Fit, Sequential};
use crate::notebook::{Rich, Show};
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

impl Show for SyntheticScore {
    fn rich(&self) -> Rich {
        Rich::text(self.to_string())
    }
}

crate::shows_itself!(SyntheticScore);
