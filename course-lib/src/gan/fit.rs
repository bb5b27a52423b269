//! The training of a GAN: discriminator and generator take turns.

mod check;

use std::time::Instant;

use super::labelled::join;
use super::watch::{Progress, Watch, Watched};
use super::{Gan, GanHistory, NoiseSchedule, Optimizers};
use crate::error::{Error, Kind, Result};
use crate::losses::binary_crossentropy;
use crate::notebook::interrupted;
use crate::random::{RandomStream, Seed};
use crate::tensor::{Tensor, without_gradients};

/// How to train a GAN; every option has a default.
pub struct GanFit<'a> {
    /// How often the discriminator sees all real samples. Default: 1.
    pub epochs: usize,
    /// Real samples a step, and as many drawn ones; a smaller rest of an epoch is left out. Default: 64.
    pub batch_size: usize,
    /// Steps of the discriminator for one of the generator: k in the paper. Default: 1.
    pub discriminator_steps: usize,
    /// The discriminator is told that real samples are real with probability 1 - this (one-sided label
    /// smoothing, Salimans and others 2016), 0 to below 1. Default: 0.
    pub label_smoothing: f32,
    /// The standard deviation of noise added to all samples that the discriminator sees (Sønderby and others
    /// 2016), as it is at the start of the training. Default: 0.
    pub noise: f32,
    /// How the noise changes until the end. Default: it falls evenly to 0.
    pub noise_schedule: NoiseSchedule,
    /// The labels of the real samples, `[rows, values]`, for a [conditional](Gan::conditional) GAN.
    pub labels: Option<&'a Tensor>,
    /// The seed of shuffling, latent points and noise. Default: `Seed(0)`.
    pub seed: Seed,
    /// Whether progress is shown. Default: yes.
    pub verbose: bool,
    /// How many samples to draw from the same latent points after each epoch, and keep in the history (for a
    /// conditional GAN: with the labels of the first so many rows). Default: 0.
    pub keep_samples: usize,
    /// Draws a picture of these samples after each epoch. Default: none.
    pub watch: Option<Watch<'a>>,
}

impl Default for GanFit<'_> {
    fn default() -> Self {
        Self {
            epochs: 1,
            batch_size: 64,
            discriminator_steps: 1,
            label_smoothing: 0.0,
            noise: 0.0,
            noise_schedule: NoiseSchedule::Linear,
            labels: None,
            seed: Seed(0),
            verbose: true,
            keep_samples: 0,
            watch: None,
        }
    }
}

/// Sums over an epoch.
#[derive(Default)]
struct Totals {
    generator_loss: f64,
    generator_steps: f64,
    discriminator_loss: f64,
    real_score: f64,
    fake_score: f64,
    discriminator_steps: f64,
}

/// What does not change from batch to batch.
struct Session<'a> {
    real: &'a Tensor,
    labels: Option<&'a Tensor>,
    ones: Tensor,
    zeros: Tensor,
    /// What the discriminator shall say of real samples.
    real_target: Tensor,
    random: RandomStream,
    noise: f32,
}

impl Gan {
    /// Trains both networks on real samples `[rows, ..]`. Called again, it goes on from where it is. When it is
    /// interrupted, the weights learned so far are kept.
    ///
    /// # Errors
    /// A GAN that is not compiled; samples or labels that do not fit, or fewer than a batch; options out of
    /// range; losses that grow beyond all numbers; an interrupt.
    pub fn fit(&mut self, real: &Tensor, mut options: GanFit<'_>) -> Result<GanHistory> {
        self.check(real, &options)?;
        let Some(mut optimizers) = self.optimizers.take() else {
            return Err(Error::new("Gan::fit")
                .expected("a GAN that knows its optimisers")
                .got("one that is not compiled")
                .hint("call gan.compile(generator_optimizer, discriminator_optimizer) first"));
        };
        let batches = real.shape()[0] / options.batch_size;
        let mut progress = Progress::new(options.verbose, options.epochs, batches);
        let mut history = GanHistory::default();
        let result = self.train(&mut optimizers, real, &mut options, &mut progress, &mut history);
        self.optimizers = Some(optimizers);
        let stopped = matches!(&result, Err(error) if error.kind() == Kind::Interrupted);
        progress.finish(&history.curves, stopped);
        result.map(|()| history)
    }

    fn train(
        &mut self,
        optimizers: &mut Optimizers,
        real: &Tensor,
        options: &mut GanFit<'_>,
        progress: &mut Progress,
        history: &mut GanHistory,
    ) -> Result<()> {
        let size = options.batch_size;
        let mut session = Session {
            real,
            labels: options.labels,
            ones: Tensor::ones([size, 1])?,
            zeros: Tensor::zeros([size, 1])?,
            real_target: Tensor::full([size, 1], 1.0 - options.label_smoothing)?,
            random: options.seed.part(self.epochs_trained).stream(),
            noise: options.noise,
        };
        let points = self.points_to_keep(options)?;
        self.look(points.as_ref(), options, progress, history)?;
        for epoch in 0..options.epochs {
            let started = Instant::now();
            let mut totals = Totals::default();
            let order = session.random.permutation(real.shape()[0]);
            for (batch, rows) in order.chunks_exact(size).enumerate() {
                if interrupted() {
                    return Err(Error::interrupted("Gan::fit"));
                }
                let done = epoch as f32 + batch as f32 * size as f32 / order.len() as f32;
                session.noise = options.noise * options.noise_schedule.left(done / options.epochs as f32);
                let with_generator = (batch + 1) % options.discriminator_steps == 0;
                self.step(optimizers, &mut session, rows, with_generator, &mut totals)?;
                progress.batch(epoch, batch + 1, totals.losses());
            }
            history
                .curves
                .push(started.elapsed().as_secs_f32(), totals.entries());
            self.epochs_trained += 1;
            self.look(points.as_ref(), options, progress, history)?;
        }
        Ok(())
    }

    /// One turn of the discriminator, and one of the generator if it is due.
    fn step(
        &mut self,
        optimizers: &mut Optimizers,
        session: &mut Session<'_>,
        rows: &[usize],
        with_generator: bool,
        totals: &mut Totals,
    ) -> Result<()> {
        let real = session.real.select_rows(rows)?;
        let labels = match session.labels {
            Some(labels) => Some(labels.select_rows(rows)?),
            None => None,
        };
        let latent = self.latent.sample(rows.len(), &mut session.random)?;
        let input = match &labels {
            Some(labels) => Tensor::concatenate(&[&latent, labels], 1)?,
            None => latent,
        };
        // The generator's turn uses the same samples, and so this pass.
        let fake = match with_generator {
            true => self.generator.forward(&input)?,
            false => without_gradients(|| self.generator.forward(&input))?,
        };

        let seen_real = seen(&real, labels.as_ref(), session)?;
        let of_real = self.discriminator.forward(&seen_real)?;
        let seen_fake = seen(&fake.detach(), labels.as_ref(), session)?;
        let of_fake = self.discriminator.forward(&seen_fake)?;
        let on_real = binary_crossentropy(&of_real, &session.real_target)?;
        let on_fake = binary_crossentropy(&of_fake, &session.zeros)?;
        let loss = on_real.item()? + on_fake.item()?;
        totals.discriminator(loss, &of_real, &of_fake);
        check_loss(loss, "discriminator")?;
        let gradients = on_real.backward()?.merged(on_fake.backward()?);
        optimizers
            .discriminator
            .step(&mut self.discriminator, &gradients)?;

        if with_generator {
            let seen_fake = seen(&fake, labels.as_ref(), session)?;
            let of_fake = self.discriminator.forward_frozen(&seen_fake)?;
            let loss = binary_crossentropy(&of_fake, &session.ones)?;
            totals.generator(loss.item()?);
            check_loss(loss.item()?, "generator")?;
            let gradients = loss.backward()?;
            optimizers.generator.step(&mut self.generator, &gradients)?;
        }
        Ok(())
    }

    /// The latent points whose samples are kept, with labels.
    fn points_to_keep(&self, options: &GanFit<'_>) -> Result<Option<Tensor>> {
        if options.keep_samples == 0 {
            return Ok(None);
        }
        let mut random = options.seed.part(u64::MAX).stream();
        let points = self.latent.sample(options.keep_samples, &mut random)?;
        match options.labels {
            Some(labels) => {
                let labels = labels.rows(0..options.keep_samples)?;
                Tensor::concatenate(&[&points, &labels], 1).map(Some)
            }
            None => Ok(Some(points)),
        }
    }

    fn look(
        &self,
        points: Option<&Tensor>,
        options: &mut GanFit<'_>,
        progress: &mut Progress,
        history: &mut GanHistory,
    ) -> Result<()> {
        let Some(points) = points else { return Ok(()) };
        let epoch = history.curves.epochs();
        let samples = self.draw(points)?;
        progress.epoch(
            options.watch.as_mut(),
            &Watched {
                epoch,
                samples: &samples,
                curves: &history.curves,
            },
        )?;
        history.samples.push((epoch, samples));
        Ok(())
    }
}

/// Samples as the discriminator sees them: with noise, and with their labels.
fn seen(samples: &Tensor, labels: Option<&Tensor>, session: &mut Session<'_>) -> Result<Tensor> {
    let noisy = match session.noise {
        0.0 => samples.clone(),
        deviation => (samples + session.random.normal(samples.shape(), 0.0, deviation)?)?,
    };
    match labels {
        Some(labels) => join(&noisy, labels),
        None => Ok(noisy),
    }
}

impl Totals {
    fn discriminator(&mut self, loss: f32, of_real: &Tensor, of_fake: &Tensor) {
        let mean = |scores: &Tensor| {
            let values = scores.values();
            values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len() as f64
        };
        self.discriminator_loss += f64::from(loss);
        self.real_score += mean(of_real);
        self.fake_score += mean(of_fake);
        self.discriminator_steps += 1.0;
    }

    fn generator(&mut self, loss: f32) {
        self.generator_loss += f64::from(loss);
        self.generator_steps += 1.0;
    }

    fn losses(&self) -> (f64, f64) {
        (
            self.generator_loss / self.generator_steps.max(1.0),
            self.discriminator_loss / self.discriminator_steps.max(1.0),
        )
    }

    fn entries(&self) -> Vec<(String, f32)> {
        let (generator, discriminator) = self.losses();
        let steps = self.discriminator_steps.max(1.0);
        [
            ("generator_loss", generator),
            ("discriminator_loss", discriminator),
            ("real_score", self.real_score / steps),
            ("fake_score", self.fake_score / steps),
        ]
        .map(|(name, value)| (name.to_owned(), value as f32))
        .to_vec()
    }
}

fn check_loss(loss: f32, whose: &str) -> Result<()> {
    if loss.is_finite() {
        return Ok(());
    }
    Err(Error::new("Gan::fit")
        .expected(format!("a loss of the {whose} that stays a number"))
        .got(loss.to_string())
        .hint("lower the learning rates, or scale the samples to -1 to 1"))
}

crate::notebook::shows_options!(GanFit<'_> {
    epochs, batch_size, discriminator_steps, label_smoothing, noise, noise_schedule, seed, verbose, keep_samples
});
