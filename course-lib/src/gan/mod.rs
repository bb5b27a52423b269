//! Generative adversarial networks: a generator draws samples from latent noise, a discriminator tells real
//! samples from drawn ones, and each learns from the other.
//!
//! | | formula |
//! | --- | --- |
//! | discriminator | make -ln D(x) - ln(1 - D(G(z))) small |
//! | generator | make -ln D(G(z)) small (the form that does not stall) |
//!
//! x is a real sample, z a latent point, G(z) a drawn sample, D the probability that a sample is real.
//! Source: Goodfellow and others 2014, algorithm 1; conditional: Mirza, Osindero 2014.
//!
//! ```
//! use course_lib::prelude::*;
//!
//! // Single numbers around 4 instead of the lesson's vectors of ten.
//! let real = Tensor::normal([64, 1], 4.0, 0.2, Seed(1))?;
//! let generator = Sequential::new(Input(3), layers![Dense::new(8).activation(Tanh), Dense::new(1)], Seed(2))?;
//! let discriminator =
//!     Sequential::new(Input(1), layers![Dense::new(8).activation(Tanh), Dense::new(1).activation(Sigmoid)], Seed(3))?;
//! let mut gan = Gan::new(Latent::uniform(3), generator, discriminator)?;
//! let adam = || Adam { learning_rate: 0.01, beta_1: 0.5, ..Adam::default() };
//! gan.compile(adam(), adam());
//! let history = gan.fit(&real, GanFit { epochs: 2, batch_size: 16, verbose: false, ..GanFit::default() })?;
//! assert_eq!(history.curves().epochs(), 2);
//! assert_eq!(gan.generate(5, Seed(4))?.shape(), [5, 1]);
//! # Ok::<(), Error>(())
//! ```
//!
//! # The loop by hand
//! What [`Gan::fit`] does to one batch, for lessons that show it:
//!
//! ```
//! # use course_lib::prelude::*;
//! # let real = Tensor::normal([16, 1], 4.0, 0.2, Seed(1))?;
//! # let mut g = Sequential::new(Input(3), layers![Dense::new(1)], Seed(2))?;
//! # let mut d = Sequential::new(Input(1), layers![Dense::new(1).activation(Sigmoid)], Seed(3))?;
//! # let (mut g_optimizer, mut d_optimizer) = (SGD::default(), SGD::default());
//! # let (ones, zeros) = (Tensor::ones([16, 1])?, Tensor::zeros([16, 1])?);
//! # let mut random = Seed(5).stream();
//! let fake = g.forward(&Latent::uniform(3).sample(16, &mut random)?)?;
//! // The discriminator: real is 1, fake is 0.
//! let on_real = losses::binary_crossentropy(&d.forward(&real)?, &ones)?.backward()?;
//! let on_fake = losses::binary_crossentropy(&d.forward(&fake.detach())?, &zeros)?.backward()?;
//! d_optimizer.step(&mut d, &on_real.plus(&on_fake))?;
//! // The generator: what it drew shall pass for real.
//! let fooled = losses::binary_crossentropy(&d.forward_frozen(&fake)?, &ones)?.backward()?;
//! g_optimizer.step(&mut g, &fooled)?;
//! # Ok::<(), Error>(())
//! ```

mod fit;
mod history;
mod labelled;
mod latent;
mod noise_schedule;
pub mod quality;
mod watch;

use std::fmt;

use crate::error::{Error, Result};
use crate::model::Sequential;
use crate::notebook::{Rich, Show};
use crate::optimizers::Optimizer;
use crate::random::Seed;
use crate::tensor::{Tensor, without_gradients};

pub use fit::GanFit;
pub use history::GanHistory;
pub use latent::Latent;
pub use noise_schedule::NoiseSchedule;
pub use watch::{Watch, Watched};

/// A generator and a discriminator that learn from each other; see the [module](self) for an example.
pub struct Gan {
    latent: Latent,
    generator: Sequential,
    discriminator: Sequential,
    /// How many values of a label go into both networks beside latent point and sample; 0 without labels.
    label: usize,
    optimizers: Option<Optimizers>,
    epochs_trained: u64,
}

struct Optimizers {
    generator: Box<dyn Optimizer>,
    discriminator: Box<dyn Optimizer>,
}

impl Gan {
    /// A GAN of two networks: the generator from `[latent]` to a sample, the discriminator from a sample to
    /// `[1]`, the probability that it is real (a last layer with `Sigmoid`).
    ///
    /// # Errors
    /// Networks that do not fit the latent points or each other.
    pub fn new(latent: Latent, generator: Sequential, discriminator: Sequential) -> Result<Self> {
        Self::with_labels(latent, 0, generator, discriminator)
    }

    /// A conditional GAN: what to draw is an input, a label of `label` values (one-hot classes, say). The
    /// generator's input is `[latent + label]`. The discriminator's has the label after the sample: samples
    /// `[features]` become `[features + label]`, images `[channels, height, width]` get the label as that
    /// many more channels, each of one value.
    ///
    /// # Errors
    /// Networks that do not fit the latent points, the label or each other.
    pub fn conditional(
        latent: Latent,
        label: usize,
        generator: Sequential,
        discriminator: Sequential,
    ) -> Result<Self> {
        if label == 0 {
            return Err(Error::new("Gan::conditional")
                .expected("a label of at least one value")
                .got("0")
                .hint("10 for the one-hot digits; without labels use Gan::new"));
        }
        Self::with_labels(latent, label, generator, discriminator)
    }

    fn with_labels(
        latent: Latent,
        label: usize,
        generator: Sequential,
        discriminator: Sequential,
    ) -> Result<Self> {
        let problem = |expected: String, got: &[usize], hint: &str| {
            Err(Error::new("Gan")
                .expected(expected)
                .got(format!("shape {got:?}"))
                .hint(hint))
        };
        if generator.input_shape() != [latent.size() + label] {
            return problem(
                format!("a generator with inputs of shape [{}]", latent.size() + label),
                generator.input_shape(),
                "its Input(..) is the number of latent values, and of those of the label if there is one",
            );
        }
        let seen = labelled::shape(generator.output_shape(), label);
        if discriminator.input_shape() != seen {
            return problem(
                format!("a discriminator with inputs of shape {seen:?}, as the generator draws them"),
                discriminator.input_shape(),
                "the discriminator looks at what the generator draws, and at the label if there is one",
            );
        }
        if discriminator.output_shape() != [1] {
            return problem(
                "a discriminator with one output, the probability that a sample is real".to_owned(),
                discriminator.output_shape(),
                "end it with Dense::new(1).activation(Sigmoid)",
            );
        }
        for network in [&generator, &discriminator] {
            if let Some(layer) = network.stateful_layer() {
                return Err(Error::new("Gan")
                    .expected("networks for which each sample stands for itself")
                    .got(format!("the stateful layer {layer}"))
                    .hint("leave stateful(true) out"));
            }
        }
        Ok(Self {
            latent,
            generator,
            discriminator,
            label,
            optimizers: None,
            epochs_trained: 0,
        })
    }

    /// Says how the two networks learn.
    pub fn compile(&mut self, generator: impl Optimizer + 'static, discriminator: impl Optimizer + 'static) {
        self.optimizers = Some(Optimizers {
            generator: Box::new(generator),
            discriminator: Box::new(discriminator),
        });
    }

    /// So many new samples, shape `[count, ..]`; the same seed draws the same ones.
    ///
    /// # Errors
    /// A count of 0, or a conditional GAN, which needs to know what to draw.
    pub fn generate(&self, count: usize, seed: Seed) -> Result<Tensor> {
        self.draw(&self.latent.sample(count, &mut seed.stream())?)
    }

    /// A new sample for each label, shape `[labels, ..]`.
    ///
    /// # Errors
    /// Labels of another width than the GAN was made for, or a GAN without labels.
    pub fn generate_for(&self, labels: &Tensor, seed: Seed) -> Result<Tensor> {
        self.check_labels(
            "generate_for",
            labels,
            labels.shape().first().copied().unwrap_or(0),
        )?;
        let latent = self.latent.sample(labels.shape()[0], &mut seed.stream())?;
        self.draw(&Tensor::concatenate(&[&latent, labels], 1)?)
    }

    /// What the generator makes of given latent points `[points, latent]` (with the label's values after them
    /// in a conditional GAN). The same points show how drawing changes as training goes on.
    ///
    /// # Errors
    /// Points of another size.
    pub fn draw(&self, points: &Tensor) -> Result<Tensor> {
        without_gradients(|| self.generator.predict(points))
    }

    /// The generator.
    pub fn generator(&self) -> &Sequential {
        &self.generator
    }

    /// The discriminator.
    pub fn discriminator(&self) -> &Sequential {
        &self.discriminator
    }

    /// Where latent points come from.
    pub fn latent(&self) -> Latent {
        self.latent
    }

    /// The two networks, generator first, to save or to go on with by hand.
    pub fn into_networks(self) -> (Sequential, Sequential) {
        (self.generator, self.discriminator)
    }

    fn check_labels(&self, operation: &str, labels: &Tensor, rows: usize) -> Result<()> {
        if self.label > 0 && labels.shape() == [rows, self.label] {
            return Ok(());
        }
        let hint = if self.label == 0 {
            "this GAN was made without labels; Gan::conditional makes one with them"
        } else {
            "one-hot encode the classes"
        };
        Err(Error::new(operation)
            .expected(format!("labels of shape [{rows}, {}]", self.label))
            .got(format!("shape {:?}", labels.shape()))
            .hint(hint))
    }
}

impl fmt::Display for Gan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "GAN from {}", self.latent)?;
        writeln!(f, "generator\n{}", self.generator)?;
        write!(f, "discriminator\n{}", self.discriminator)
    }
}

impl fmt::Debug for Gan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Show for Gan {
    fn rich(&self) -> Rich {
        let html = |name: &str, model: &Sequential| {
            let rich = model.rich();
            let table = rich.forms().iter().find(|(mime, _)| *mime == "text/html");
            format!("<b>{name}</b>{}", table.map_or("", |(_, html)| html))
        };
        let (generator, discriminator) = (
            html(&format!("generator, from {}", self.latent), &self.generator),
            html("discriminator", &self.discriminator),
        );
        Rich::text(self.to_string()).html(format!("{generator}{discriminator}"))
    }
}

crate::shows_itself!(Gan);
