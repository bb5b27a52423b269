//! What runs long ends soon after the learner pressed Interrupt, and keeps what it has.
//!
//! Interrupts come from the kernel, over a socket that is named in the environment when the process starts. So each test
//! runs itself again, in a process that plays the kernel on one end and the library on the other.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use course_lib::error::Kind;
use course_lib::notebook::{connect, interrupted, wire};
use course_lib::prelude::*;

/// Runs a test of this file again as a process with a kernel.
fn with_kernel(test: &str, run: impl FnOnce(Kernel) -> Result<()>) {
    if let Some(path) = std::env::var_os(wire::CHANNEL) {
        let listener = UnixListener::bind(path).expect("a socket");
        connect();
        let (stream, _) = listener.accept().expect("the library connects");
        let mut greeting = String::new();
        let lines = stream.try_clone().expect("a second handle");
        BufReader::new(lines).read_line(&mut greeting).expect("a line");
        assert_eq!(greeting, "library\n");
        return run(Kernel(Rc::new(stream))).expect("the test's own steps work");
    }
    // A socket's path may have a hundred letters.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let socket = std::env::temp_dir().join(format!("course-{}-{number}", std::process::id()));
    let again = Command::new(std::env::current_exe().expect("a program knows its own path"))
        .args(["--exact", test, "--nocapture"])
        .env(wire::CHANNEL, &socket)
        .output();
    std::fs::remove_file(&socket).ok();
    let again = again.expect("it starts a second time");
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains("1 passed"), "{said}");
}

#[derive(Debug, Clone)]
struct Kernel(Rc<std::os::unix::net::UnixStream>);

impl Kernel {
    /// Presses Interrupt, and waits until the library has heard of it.
    fn interrupt(&self) {
        (&*self.0).write_all(b"interrupt\n").expect("the library listens");
        let started = Instant::now();
        while !interrupted() {
            assert!(started.elapsed() < Duration::from_secs(30), "nobody heard it");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Counts the batches that pass, and interrupts at one of them.
#[derive(Debug, Clone)]
struct Counter {
    kernel: Kernel,
    passed: Rc<Cell<usize>>,
    at: usize,
}

impl Counter {
    fn new(kernel: &Kernel, at: usize) -> Self {
        Self {
            kernel: kernel.clone(),
            passed: Rc::default(),
            at,
        }
    }
}

impl Layer for Counter {
    fn name(&self) -> &str {
        "Counter"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        self.passed.set(self.passed.get() + 1);
        if self.passed.get() == self.at {
            self.kernel.interrupt();
        }
        Ok(input.clone())
    }
}

fn network(counter: &Counter) -> Result<Sequential> {
    let mut model = Sequential::new(Input(1), layers![counter.clone(), Dense::new(1)], Seed(7))?;
    model.compile(
        SGD::default(),
        Loss::MeanSquaredError,
        &[Metric::MeanAbsoluteError],
    )?;
    Ok(model)
}

/// More rows than pass a network at once.
fn rows() -> Result<Tensor> {
    Tensor::ones([4000, 1])
}

fn assert_interrupted<T>(result: Result<T>, operation: &str) {
    let error = result.err().expect("it ends by an error");
    assert_eq!((error.kind(), error.operation()), (Kind::Interrupted, operation));
}

#[test]
fn predict_ends_early() {
    with_kernel("predict_ends_early", |kernel| {
        let counter = Counter::new(&kernel, 2);
        let model = network(&counter)?;
        assert_interrupted(model.predict(&rows()?), "predict");
        assert_eq!(counter.passed.get(), 2, "of 8 portions of rows");
        Ok(())
    });
}

#[test]
fn evaluate_ends_early() {
    with_kernel("evaluate_ends_early", |kernel| {
        let counter = Counter::new(&kernel, 2);
        let model = network(&counter)?;
        assert_interrupted(model.evaluate(&rows()?, &rows()?), "evaluate");
        assert_eq!(counter.passed.get(), 2, "of 8 portions of rows");
        Ok(())
    });
}

#[test]
fn metrics_are_not_calculated_after_an_interrupt() {
    with_kernel("metrics_are_not_calculated_after_an_interrupt", |kernel| {
        let x = Tensor::ones([10, 1])?;
        let counter = Counter::new(&kernel, 1);
        let model = network(&counter)?;
        assert_interrupted(model.evaluate(&x, &x), "evaluate");
        Ok(())
    });
}

fn quiet(epochs: usize) -> Fit<'static> {
    Fit {
        epochs,
        batch_size: 1000,
        verbose: false,
        ..Fit::default()
    }
}

#[test]
fn fit_ends_early_and_keeps_what_was_learned() {
    with_kernel("fit_ends_early_and_keeps_what_was_learned", |kernel| {
        let counter = Counter::new(&kernel, 6);
        let mut model = network(&counter)?;
        let before = model.weights()[0].1.to_vec();
        assert_interrupted(model.fit(&rows()?, &rows()?, quiet(100)), "fit");
        assert_eq!(
            counter.passed.get(),
            6,
            "the second batch of the second epoch is the last"
        );
        assert_ne!(model.weights()[0].1.to_vec(), before);
        Ok(())
    });
}

#[test]
fn fit_ends_early_while_it_validates() {
    with_kernel("fit_ends_early_while_it_validates", |kernel| {
        // One batch to learn from, then portions of the rows for validation.
        let counter = Counter::new(&kernel, 3);
        let mut model = network(&counter)?;
        let (x, many) = (Tensor::ones([10, 1])?, rows()?);
        let options = Fit {
            validation_data: Some((&many, &many)),
            ..quiet(100)
        };
        assert_interrupted(model.fit(&x, &x, options), "fit");
        assert_eq!(counter.passed.get(), 3);
        Ok(())
    });
}

#[test]
fn the_training_of_a_gan_ends_early_and_can_go_on() {
    with_kernel("the_training_of_a_gan_ends_early_and_can_go_on", |kernel| {
        // The generator passes once a batch.
        let counter = Counter::new(&kernel, 3);
        let generator = Sequential::new(Input(1), layers![counter.clone(), Dense::new(1)], Seed(1))?;
        let discriminator = layers![Dense::new(1).activation(Sigmoid)];
        let discriminator = Sequential::new(Input(1), discriminator, Seed(2))?;
        let mut gan = Gan::new(Latent::uniform(1), generator, discriminator)?;
        gan.compile(SGD::default(), SGD::default());
        let before = gan.generator().weights()[0].1.to_vec();
        let options = || GanFit {
            epochs: 50,
            batch_size: 1000,
            verbose: false,
            ..GanFit::default()
        };
        assert_interrupted(gan.fit(&rows()?, options()), "Gan::fit");
        assert_eq!(counter.passed.get(), 3, "of 200 batches");
        assert_ne!(gan.generator().weights()[0].1.to_vec(), before);

        // The next cell begins: the interrupt is forgotten, and the GAN still knows its optimisers.
        (&*kernel.0).write_all(b"begin\n").expect("the library listens");
        while interrupted() {
            std::thread::sleep(Duration::from_millis(1));
        }
        gan.fit(
            &rows()?,
            GanFit {
                epochs: 1,
                ..options()
            },
        )?;
        assert_eq!(counter.passed.get(), 7);
        Ok(())
    });
}

#[test]
fn the_saving_of_an_animation_ends_early_and_leaves_no_file() {
    with_kernel(
        "the_saving_of_an_animation_ends_early_and_leaves_no_file",
        |kernel| {
            let frame = |height: f64| Figure::new().line("", &[0.0, 1.0], &[0.0, height]);
            let animation = plot::animation(&[frame(1.0), frame(2.0)], Motion::default())?;
            let path = std::env::temp_dir().join(format!("course-{}-stopped.gif", std::process::id()));
            kernel.interrupt();
            assert_interrupted(animation.save(&path), "Animation::save");
            assert!(!path.exists());
            Ok(())
        },
    );
}
