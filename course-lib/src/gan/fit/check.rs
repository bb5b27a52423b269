//! What a GAN is not trained with: samples, labels and options that do not fit.

use super::GanFit;
use crate::error::{Error, Result};
use crate::gan::Gan;
use crate::tensor::Tensor;

impl Gan {
    pub(super) fn check(&self, real: &Tensor, options: &GanFit<'_>) -> Result<()> {
        let problem = |expected: String, got: String, hint: &str| {
            Err(Error::new("Gan::fit").expected(expected).got(got).hint(hint))
        };
        let sample = self.generator.output_shape();
        if real.rank() == 0 || real.shape()[1..] != *sample {
            return problem(
                format!("real samples of shape {sample:?}, as the generator draws them"),
                format!("shape {:?}", real.shape()),
                "the generator's last layer gives a sample its shape",
            );
        }
        let rows = real.shape()[0];
        if options.epochs == 0 || options.batch_size == 0 || options.discriminator_steps == 0 {
            return problem(
                "epochs, batch_size and discriminator_steps of at least 1".to_owned(),
                format!(
                    "{}, {} and {}",
                    options.epochs, options.batch_size, options.discriminator_steps
                ),
                "64 samples a batch and one step of the discriminator are usual",
            );
        }
        if rows < options.batch_size * options.discriminator_steps {
            return problem(
                format!(
                    "at least {} real samples, so that the generator gets a step",
                    options.batch_size * options.discriminator_steps
                ),
                format!("{rows} samples"),
                "use a smaller batch_size",
            );
        }
        let held_back = (0.0..1.0).contains(&options.label_smoothing)
            && options.noise >= 0.0
            && options.noise.is_finite();
        if !held_back {
            return problem(
                "label_smoothing from 0 to below 1, and noise of at least 0".to_owned(),
                format!("{} and {}", options.label_smoothing, options.noise),
                "0.1 is usual for both, and 0 leaves them out",
            );
        }
        options.noise_schedule.check()?;
        match (options.labels, self.label) {
            (None, 0) => {}
            (Some(labels), _) => self.check_labels("Gan::fit", labels, rows)?,
            (None, label) => {
                return problem(
                    format!("labels of shape [{rows}, {label}]"),
                    "none".to_owned(),
                    "write GanFit { labels: Some(&labels), .. }",
                );
            }
        }
        if options.labels.is_some() && options.keep_samples > rows {
            return problem(
                format!("keep_samples of at most {rows}, one for each label there is"),
                options.keep_samples.to_string(),
                "ask for fewer",
            );
        }
        if options.watch.is_some() && options.keep_samples == 0 {
            return problem(
                "keep_samples of at least 1, to have something to watch".to_owned(),
                "0".to_owned(),
                "write GanFit { keep_samples: 100, .. }",
            );
        }
        if !real.is_finite() {
            return problem(
                "real samples that are numbers".to_owned(),
                "some that are not".to_owned(),
                "fill missing values or leave their rows out",
            );
        }
        Ok(())
    }
}
