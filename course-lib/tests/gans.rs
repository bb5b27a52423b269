//! Networks that draw, and how good what they draw is.

mod portable;

use std::cell::RefCell;
use std::rc::Rc;

use course_lib::gan::Watched;
use course_lib::gan::quality::{
    distances_to_segment, marginal_distances, read_by, train_on_synthetic, wasserstein_distance,
};
use course_lib::prelude::*;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/gans.json")).expect("gans.json is JSON")
}

fn tensor(value: &Value) -> Tensor {
    let rows: Vec<Vec<f32>> = serde_json::from_value(value.clone()).expect("rows of numbers");
    Tensor::from_rows(&rows).expect("a tensor")
}

fn networks(label: usize) -> (Sequential, Sequential) {
    let generator = layers![Dense::new(12).activation(Tanh), Dense::new(2)];
    let discriminator = layers![
        Dense::new(12).activation(LeakyReLU(0.2)),
        Dense::new(1).activation(Sigmoid)
    ];
    (
        Sequential::new(Input(3 + label), generator, Seed(2)).expect("a generator"),
        Sequential::new(Input(2 + label), discriminator, Seed(3)).expect("a discriminator"),
    )
}

fn gan() -> Gan {
    let (generator, discriminator) = networks(0);
    let mut gan = Gan::new(Latent::uniform(3), generator, discriminator).expect("a GAN");
    let adam = || Adam {
        learning_rate: 0.01,
        beta_1: 0.5,
        ..Adam::default()
    };
    gan.compile(adam(), adam());
    gan
}

/// Points around (4, -1).
fn points() -> Tensor {
    let noise = Tensor::normal([256, 2], 0.0, 0.3, Seed(1)).expect("noise");
    let middle = Tensor::from_rows(&[[4.0, -1.0]]).expect("a point");
    (noise + middle).expect("points")
}

fn options<'a>(epochs: usize) -> GanFit<'a> {
    GanFit {
        epochs,
        batch_size: 32,
        verbose: false,
        ..GanFit::default()
    }
}

fn message<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => panic!("this should have failed"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_generator_learns_where_the_real_points_are() {
    let mut gan = gan();
    let before = gan.generate(500, Seed(9)).unwrap().mean_axis(0).unwrap().to_vec();
    assert!(
        (before[0] - 4.0).abs() > 2.0,
        "it must not know at the start: {before:?}"
    );
    let history = gan.fit(&points(), options(60)).unwrap();
    let after = gan.generate(500, Seed(9)).unwrap().mean_axis(0).unwrap().to_vec();
    assert!(
        (after[0] - 4.0).abs() < 0.5 && (after[1] + 1.0).abs() < 0.5,
        "{after:?}"
    );
    assert_eq!(history.curves().epochs(), 60);
    for name in ["generator_loss", "discriminator_loss", "real_score", "fake_score"] {
        assert!(history.last(name).unwrap().is_finite(), "{name}");
    }
}

#[test]
fn the_same_seeds_draw_the_same_points() {
    let run = || {
        let mut gan = gan();
        gan.fit(&points(), options(3)).unwrap();
        gan.generate(4, Seed(5)).unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn the_loop_by_hand_takes_the_same_step() {
    let real = points().rows(0..32).unwrap();
    let mut by_fit = gan();
    let once = GanFit {
        epochs: 1,
        seed: Seed(11),
        ..options(1)
    };
    by_fit.fit(&real, once).unwrap();

    let (mut g, mut d) = networks(0);
    let adam = || Adam {
        learning_rate: 0.01,
        beta_1: 0.5,
        ..Adam::default()
    };
    let (mut of_g, mut of_d) = (adam(), adam());
    let mut random = Seed(11).part(0).stream();
    let order = random.permutation(32);
    let real = real.select_rows(&order).unwrap();
    let (ones, zeros) = (Tensor::ones([32, 1]).unwrap(), Tensor::zeros([32, 1]).unwrap());
    let fake = g
        .forward(&Latent::uniform(3).sample(32, &mut random).unwrap())
        .unwrap();
    let loss = |output: &Tensor, target: &Tensor| losses::binary_crossentropy(output, target).unwrap();
    let on_real = loss(&d.forward(&real).unwrap(), &ones).backward().unwrap();
    let on_fake = loss(&d.forward(&fake.detach()).unwrap(), &zeros)
        .backward()
        .unwrap();
    of_d.step(&mut d, &on_real.plus(&on_fake)).unwrap();
    let fooled = loss(&d.forward_frozen(&fake).unwrap(), &ones).backward().unwrap();
    of_g.step(&mut g, &fooled).unwrap();

    let (generator, discriminator) = by_fit.into_networks();
    for ((_, own), (name, by_hand)) in generator.weights().iter().zip(g.weights()) {
        assert_eq!(*own, by_hand, "generator, {name}");
    }
    for ((_, own), (name, by_hand)) in discriminator.weights().iter().zip(d.weights()) {
        assert_eq!(*own, by_hand, "discriminator, {name}");
    }
}

#[test]
fn a_step_of_the_generator_leaves_the_discriminator_alone() {
    let (generator, discriminator) = networks(0);
    let latent = Latent::normal(3).sample(8, &mut Seed(1).stream()).unwrap();
    let fake = generator.forward(&latent).unwrap();
    let gradients = discriminator
        .forward_frozen(&fake)
        .unwrap()
        .mean()
        .backward()
        .unwrap();
    for (name, weight) in discriminator.weights() {
        assert!(gradients.get(&weight).is_err(), "{name}");
    }
    for (name, weight) in generator.weights() {
        assert!(gradients.get(&weight).is_ok(), "{name}");
    }
}

/// Notes under its name each step that it takes, and then takes none.
#[derive(Debug)]
struct Diary(&'static str, Rc<RefCell<Vec<&'static str>>>);

impl Optimizer for Diary {
    fn step(&mut self, _: &mut dyn Parameters, _: &Gradients) -> Result<()> {
        self.1.borrow_mut().push(self.0);
        Ok(())
    }

    fn name(&self) -> &'static str {
        self.0
    }

    fn learning_rate(&self) -> f32 {
        0.0
    }

    fn set_learning_rate(&mut self, _: f32) {}
}

#[test]
fn k_steps_of_the_discriminator_come_before_one_of_the_generator() {
    let steps = |discriminator_steps: usize| {
        let mut gan = gan();
        let diary = Rc::default();
        gan.compile(
            Diary("generator", Rc::clone(&diary)),
            Diary("discriminator", Rc::clone(&diary)),
        );
        // 256 rows make 8 batches.
        let options = GanFit {
            discriminator_steps,
            ..options(1)
        };
        gan.fit(&points(), options).unwrap();
        diary.take().join(" ")
    };
    assert_eq!(steps(1), ["discriminator generator"; 8].join(" "));
    assert_eq!(
        steps(3),
        "discriminator discriminator discriminator generator \
         discriminator discriminator discriminator generator \
         discriminator discriminator"
    );
    assert_eq!(steps(8), format!("{} generator", ["discriminator"; 8].join(" ")));
}

#[test]
fn between_its_steps_the_generator_stays_as_it_is() {
    let weights_after = |batches: usize| {
        let mut gan = gan();
        let options = GanFit {
            discriminator_steps: 3,
            ..options(1)
        };
        let rows = points().rows(0..32 * batches).unwrap();
        gan.fit(&rows, options).unwrap();
        let of = |network: &Sequential| network.weights()[0].1.to_vec();
        (of(gan.generator()), of(gan.discriminator()))
    };
    let start = gan().generator().weights()[0].1.to_vec();
    let (three, of_three) = weights_after(3);
    assert_ne!(three, start, "the generator has had its step");
    // One step of Adam moves each weight by the learning rate; two would move them further.
    let (five, of_five) = weights_after(5);
    let farthest = |weights: &[f32]| {
        let moved = weights.iter().zip(&start).map(|(own, start)| (own - start).abs());
        moved.fold(0.0, f32::max)
    };
    assert!(farthest(&five) < 0.0101, "{}", farthest(&five));
    let (six, _) = weights_after(6);
    assert!(farthest(&six) > 0.0101, "{}", farthest(&six));
    assert_ne!(of_three, of_five, "the discriminator learns from each batch");
}

/// Keeps what a network is given, and lets it pass.
#[derive(Debug)]
struct Ear(Rc<RefCell<Vec<Tensor>>>);

impl Layer for Ear {
    fn name(&self) -> &str {
        "Ear"
    }

    fn build(&mut self, input: &[usize], _: Seed) -> Result<Vec<usize>> {
        Ok(input.to_vec())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        self.0.borrow_mut().push(input.detach());
        Ok(input.clone())
    }
}

/// How strong the noise on real samples was in each of 8 batches over 2 epochs.
fn noise_heard(options: GanFit<'_>) -> Vec<f32> {
    const VALUES: usize = 64;
    let heard = Rc::default();
    let generator = Sequential::new(Input(3), layers![Dense::new(VALUES)], Seed(2)).unwrap();
    let discriminator = layers![Ear(Rc::clone(&heard)), Dense::new(1).activation(Sigmoid)];
    let discriminator = Sequential::new(Input(VALUES), discriminator, Seed(3)).unwrap();
    let mut gan = Gan::new(Latent::uniform(3), generator, discriminator).unwrap();
    let nothing = || Diary("nobody", Rc::default());
    gan.compile(nothing(), nothing());
    let options = GanFit {
        epochs: 2,
        batch_size: 100,
        verbose: false,
        ..options
    };
    // Real samples are all 0: what is heard of them is the noise.
    gan.fit(&Tensor::zeros([400, VALUES]).unwrap(), options).unwrap();
    // Real ones, drawn ones, and drawn ones again for the generator.
    let heard: Vec<Tensor> = heard.take();
    assert_eq!(heard.len(), 3 * 8);
    let deviation = |samples: &Tensor| samples.square().mean().item().unwrap().sqrt();
    heard.chunks(3).map(|step| deviation(&step[0])).collect()
}

#[test]
fn noise_falls_as_its_schedule_says() {
    let check = |options: GanFit<'_>, expected: &dyn Fn(f32) -> f32| {
        let what = format!("{:?}", options.noise_schedule);
        let heard = noise_heard(options);
        for (batch, heard) in heard.iter().enumerate() {
            let expected = expected(batch as f32 / 8.0);
            // 6400 numbers give their deviation to 1 % or so.
            assert!(
                (heard / expected - 1.0).abs() < 0.05,
                "{what}, batch {batch}: {heard}, not {expected}"
            );
        }
    };
    let loud = |noise_schedule| GanFit {
        noise: 2.0,
        noise_schedule,
        ..GanFit::default()
    };
    check(loud(NoiseSchedule::Constant), &|_| 2.0);
    check(loud(NoiseSchedule::Linear), &|done| 2.0 - 2.0 * done);
    check(loud(NoiseSchedule::Exponential { end: 0.01 }), &|done| {
        2.0 * 0.01_f32.powf(done)
    });
    // As it was before there was a choice.
    let plain = GanFit {
        noise: 2.0,
        ..GanFit::default()
    };
    assert_eq!(plain.noise_schedule, NoiseSchedule::Linear);
    assert!(noise_heard(GanFit::default()).iter().all(|noise| *noise == 0.0));

    let mut gan = gan();
    for end in [0.0, -1.0, 1.5, f32::NAN] {
        let wrong = GanFit {
            noise_schedule: NoiseSchedule::Exponential { end },
            ..options(1)
        };
        assert!(
            message(gan.fit(&points(), wrong)).contains("noise_schedule"),
            "{end}"
        );
    }
}

#[test]
fn label_smoothing_and_noise_hold_the_discriminator_back() {
    let score = |options: GanFit<'_>| {
        let mut gan = gan();
        gan.fit(&points(), options).unwrap().last("real_score").unwrap()
    };
    let sure = score(options(6));
    let smooth = score(GanFit {
        label_smoothing: 0.3,
        ..options(6)
    });
    let noisy = score(GanFit {
        noise: 3.0,
        ..options(6)
    });
    assert!(smooth < sure, "{smooth} after smoothing, {sure} without");
    assert!(noisy < sure, "{noisy} with noise, {sure} without");
}

#[test]
fn a_conditional_generator_draws_what_it_is_asked_for() {
    // Class 0 lies left, class 1 right.
    let rows: Vec<[f32; 2]> = (0..256)
        .map(|row| if row % 2 == 0 { [-3.0, 0.0] } else { [3.0, 0.0] })
        .collect();
    let real =
        (Tensor::from_rows(&rows).unwrap() + Tensor::normal([256, 2], 0.0, 0.2, Seed(1)).unwrap()).unwrap();
    let labels: Vec<[f32; 2]> = (0..256)
        .map(|row| if row % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] })
        .collect();
    let labels = Tensor::from_rows(&labels).unwrap();
    let (generator, discriminator) = networks(2);
    let mut gan = Gan::conditional(Latent::uniform(3), 2, generator, discriminator).unwrap();
    let adam = || Adam {
        learning_rate: 0.01,
        beta_1: 0.5,
        ..Adam::default()
    };
    gan.compile(adam(), adam());
    let conditional = GanFit {
        labels: Some(&labels),
        epochs: 80,
        batch_size: 32,
        verbose: false,
        ..GanFit::default()
    };
    gan.fit(&real, conditional).unwrap();
    let asked = Tensor::from_rows(&[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]).unwrap();
    let drawn = gan.generate_for(&asked, Seed(4)).unwrap().to_rows().unwrap();
    assert!(
        drawn[0][0] < -1.5 && drawn[1][0] > 1.5 && drawn[2][0] < -1.5,
        "{drawn:?}"
    );

    assert!(message(gan.generate(3, Seed(1))).contains("shape"));
    assert!(message(gan.generate_for(&Tensor::ones([3, 5]).unwrap(), Seed(1))).contains("[3, 2]"));
    assert!(message(gan.fit(&real, options(1))).contains("labels"));
}

/// Images of 4 x 4 pixels with ink in the upper or in the lower half, in turns, and which half it is.
fn halves() -> (Tensor, Tensor) {
    let image = |upper: bool| (0..16).map(move |pixel| f32::from((pixel < 8) == upper));
    let images = (0..128).flat_map(|row| image(row % 2 == 0)).collect();
    let labels = (0..128)
        .flat_map(|row| if row % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] })
        .collect();
    (
        Tensor::from_vec(images, [128, 1, 4, 4]).unwrap(),
        Tensor::from_vec(labels, [128, 2]).unwrap(),
    )
}

/// A conditional GAN for such images, and what its discriminator is given.
fn of_images() -> (Gan, Rc<RefCell<Vec<Tensor>>>) {
    let generator = layers![
        Dense::new(32).activation(LeakyReLU(0.2)),
        Reshape::new([8, 2, 2]),
        UpSampling2D::new(2),
        Conv2D::new(1, 3).padding(Padding::Same).activation(Sigmoid)
    ];
    let heard = Rc::default();
    let discriminator = layers![
        Ear(Rc::clone(&heard)),
        Conv2D::new(8, 3)
            .padding(Padding::Same)
            .activation(LeakyReLU(0.2)),
        Flatten::new(),
        Dense::new(1).activation(Sigmoid)
    ];
    let generator = Sequential::new(Input(3 + 2), generator, Seed(1)).unwrap();
    let discriminator = Sequential::new(Input([3, 4, 4]), discriminator, Seed(2)).unwrap();
    let mut gan = Gan::conditional(Latent::uniform(3), 2, generator, discriminator).unwrap();
    let adam = || Adam {
        learning_rate: 0.01,
        beta_1: 0.5,
        ..Adam::default()
    };
    gan.compile(adam(), adam());
    (gan, heard)
}

#[test]
fn labels_of_images_become_channels_of_one_value_each() {
    let (images, labels) = halves();
    let (mut gan, heard) = of_images();
    let conditional = GanFit {
        labels: Some(&labels),
        ..options(1)
    };
    gan.fit(&images, conditional).unwrap();
    let heard = heard.take();
    assert_eq!(
        heard.len(),
        3 * 4,
        "four batches of real images and, twice, drawn ones"
    );
    for step in heard.chunks(3) {
        let mut classes = Vec::new();
        for given in step {
            assert_eq!(given.shape(), [32, 3, 4, 4]);
            let values = given.to_vec();
            classes.push(Vec::new());
            for image in values.chunks(3 * 16) {
                let (upper, lower) = (image[16], image[32]);
                assert!(image[16..32].iter().all(|value| *value == upper));
                assert!(image[32..].iter().all(|value| *value == lower));
                assert_eq!((upper + lower, upper * lower), (1.0, 0.0), "one-hot");
                classes.last_mut().unwrap().push(upper);
            }
        }
        // A real image comes with the label of its own row.
        for (image, upper) in step[0].to_vec().chunks(3 * 16).zip(&classes[0]) {
            assert_eq!((image[0], image[15]), (*upper, 1.0 - upper));
        }
        assert_eq!(classes[0], classes[1], "images are drawn for the same labels");
        assert_eq!(classes[1], classes[2]);
    }
}

#[test]
fn a_conditional_generator_of_images_draws_what_it_is_asked_for() {
    let (images, labels) = halves();
    let (mut gan, _) = of_images();
    let before: Vec<Vec<f32>> = gan
        .generator()
        .weights()
        .iter()
        .map(|(_, w)| w.to_vec())
        .collect();
    let conditional = GanFit {
        labels: Some(&labels),
        ..options(60)
    };
    gan.fit(&images, conditional).unwrap();
    for ((name, after), before) in gan.generator().weights().iter().zip(&before) {
        assert_ne!(after.to_vec(), *before, "{name} has learned");
    }
    let asked = Tensor::from_rows(&[[1.0, 0.0], [0.0, 1.0]]).unwrap();
    let drawn = gan.generate_for(&asked, Seed(4)).unwrap();
    assert_eq!(drawn.shape(), [2, 1, 4, 4]);
    let values = drawn.to_vec();
    let ink = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    let of_halves: Vec<f32> = values.chunks(8).map(ink).collect();
    assert!(
        of_halves[0] > of_halves[1] + 0.5 && of_halves[3] > of_halves[2] + 0.5,
        "ink of upper and lower halves: {of_halves:?}"
    );
}

#[test]
fn an_image_of_one_pixel_gets_its_label_as_channels_too() {
    let generator = layers![Dense::new(2), Reshape::new([2, 1, 1])];
    let generator = Sequential::new(Input(3 + 1), generator, Seed(1)).unwrap();
    let heard = Rc::default();
    let discriminator = layers![
        Ear(Rc::clone(&heard)),
        Flatten::new(),
        Dense::new(1).activation(Sigmoid)
    ];
    let discriminator = Sequential::new(Input([3, 1, 1]), discriminator, Seed(2)).unwrap();
    let mut gan = Gan::conditional(Latent::uniform(3), 1, generator, discriminator).unwrap();
    gan.compile(SGD::default(), SGD::default());
    let (images, labels) = (
        Tensor::ones([32, 2, 1, 1]).unwrap(),
        Tensor::full([32, 1], 0.5).unwrap(),
    );
    let conditional = GanFit {
        labels: Some(&labels),
        ..options(1)
    };
    gan.fit(&images, conditional).unwrap();
    assert_eq!(heard.borrow()[0].rows(0..1).unwrap().to_vec(), [1.0, 1.0, 0.5]);
}

#[test]
fn a_network_that_does_not_fit_the_label_says_so() {
    let generator = layers![Dense::new(9), Dense::new(9)];
    let generator = Sequential::new(Input(4), generator, Seed(1)).unwrap();
    let discriminator = layers![Flatten::new(), Dense::new(1).activation(Sigmoid)];
    let discriminator = Sequential::new(Input([3, 3, 3]), discriminator, Seed(1)).unwrap();
    let wrong = message(Gan::conditional(Latent::normal(2), 2, generator, discriminator));
    assert!(
        wrong.contains("[11]"),
        "a flat sample of 9 with a label of 2 has 11 features: {wrong}"
    );
}

#[test]
fn samples_are_kept_from_before_training_to_its_end_and_can_be_watched() {
    let mut gan = gan();
    let mut seen = Vec::new();
    let mut watch = |watched: &Watched<'_>| {
        seen.push(watched.epoch);
        let points = watched.samples;
        let x: Vec<f32> = points.to_rows()?.iter().map(|point| point[0]).collect();
        Figure::new()
            .x_label("x")
            .y_label("y")
            .histogram("drawn", &x)
            .draw()
    };
    let watched = GanFit {
        keep_samples: 10,
        watch: Some(&mut watch),
        ..options(3)
    };
    let history = gan.fit(&points(), watched).unwrap();
    let epochs: Vec<usize> = history.samples().iter().map(|(epoch, _)| *epoch).collect();
    assert_eq!(epochs, [0, 1, 2, 3]);
    assert!(
        history
            .samples()
            .iter()
            .all(|(_, samples)| samples.shape() == [10, 2])
    );
    assert_ne!(history.samples()[0].1, history.samples()[3].1);
    assert!(seen.contains(&3), "the last state is always drawn: {seen:?}");
}

#[test]
fn what_cannot_work_is_an_error_before_training() {
    let (generator, discriminator) = networks(0);
    assert!(message(Gan::new(Latent::uniform(5), generator, discriminator)).contains("[5]"));
    let (generator, _) = networks(0);
    let odd = Sequential::new(Input(3), layers![Dense::new(1)], Seed(1)).unwrap();
    assert!(message(Gan::new(Latent::uniform(3), generator, odd)).contains("[2]"));
    let (generator, _) = networks(0);
    let wide = Sequential::new(Input(2), layers![Dense::new(2)], Seed(1)).unwrap();
    assert!(message(Gan::new(Latent::uniform(3), generator, wide)).contains("Dense::new(1)"));

    let (generator, discriminator) = networks(0);
    let mut raw = Gan::new(Latent::uniform(3), generator, discriminator).unwrap();
    assert!(message(raw.fit(&points(), options(1))).contains("compile"));

    let mut gan = gan();
    assert!(message(gan.fit(&Tensor::ones([64, 3]).unwrap(), options(1))).contains("[2]"));
    assert!(message(gan.fit(&points(), options(0))).contains("epochs"));
    assert!(message(gan.fit(&points().rows(0..8).unwrap(), options(1))).contains("32"));
    let smooth = GanFit {
        label_smoothing: 1.5,
        ..options(1)
    };
    assert!(message(gan.fit(&points(), smooth)).contains("label_smoothing"));
    let broken = Tensor::full([64, 2], f32::NAN).unwrap();
    assert!(message(gan.fit(&broken, options(1))).contains("numbers"));
    let labels = Tensor::ones([256, 2]).unwrap();
    let labelled = GanFit {
        labels: Some(&labels),
        ..GanFit::default()
    };
    assert!(message(gan.fit(&points(), labelled)).contains("conditional"));
}

#[test]
fn the_distance_of_distributions_is_scipys() {
    let cases = &reference()["wasserstein"];
    for case in cases.as_array().expect("a list") {
        let (a, b) = (tensor(&case["a"]), tensor(&case["b"]));
        let expected = case["distance"].as_f64().unwrap();
        let distance = f64::from(wasserstein_distance(&a, &b).unwrap());
        assert!(
            (distance - expected).abs() <= 1e-5 * expected.max(0.1),
            "{distance}, scipy {expected}"
        );
        let back = f64::from(wasserstein_distance(&b, &a).unwrap());
        assert!((back - distance).abs() < 1e-6);
    }
    assert!(wasserstein_distance(&Tensor::scalar(f32::NAN), &Tensor::scalar(1.0)).is_err());
}

#[test]
fn the_distances_of_marginals_are_scipys() {
    let case = &reference()["kolmogorov_smirnov"];
    let distances = marginal_distances(&tensor(&case["a"]), &tensor(&case["b"])).unwrap();
    for (own, expected) in distances
        .to_vec()
        .iter()
        .zip(case["statistics"].as_array().unwrap())
    {
        assert!((f64::from(*own) - expected.as_f64().unwrap()).abs() < 1e-6);
    }
    assert!(
        message(marginal_distances(
            &tensor(&case["a"]),
            &Tensor::ones([3, 1]).unwrap()
        ))
        .contains("columns")
    );
}

#[test]
fn a_point_beyond_the_segment_is_measured_to_its_end() {
    let points = Tensor::from_rows(&[[2.5, 2.5], [5.0, 5.0], [5.0, 6.0], [10.5, 11.5]]).unwrap();
    let distances = distances_to_segment(&points, [2.5, 2.5], [7.5, 7.5])
        .unwrap()
        .to_vec();
    let expected = [0.0, 0.0, 0.5_f32.sqrt(), 5.0];
    for (own, expected) in distances.iter().zip(expected) {
        assert!((own - expected).abs() < 1e-6, "{distances:?}");
    }
    assert!(
        message(distances_to_segment(
            &Tensor::ones([2, 3]).unwrap(),
            [0.0; 2],
            [1.0; 2]
        ))
        .contains("[points, 2]")
    );
}

/// A classifier that says class 0 for a small first value and class 1 for a large one.
fn classifier() -> Sequential {
    let mut model = Sequential::new(Input(1), layers![Dense::new(2).activation(Softmax)], Seed(1)).unwrap();
    model
        .set_weights("dense.weights", &Tensor::from_rows(&[[-9.0, 9.0]]).unwrap())
        .unwrap();
    model
}

#[test]
fn a_classifier_says_what_it_reads_and_how_surely() {
    let images = Tensor::from_rows(&[[-1.0], [1.0], [1.0], [0.0]]).unwrap();
    let readings = read_by(&classifier(), &images).unwrap();
    assert_eq!(readings.classes()[..3], [0, 1, 1]);
    assert_eq!(readings.counts().iter().sum::<usize>(), 4);
    assert!((readings.confidences()[3] - 0.5).abs() < 1e-6);
    assert!((readings.confidence() - 0.875).abs() < 1e-3);
    assert_eq!(
        readings.agreement(&[0, 1, 0, readings.classes()[3]]).unwrap(),
        0.75
    );
    assert!(message(readings.agreement(&[0])).contains("4 images"));
    assert!(readings.to_string().contains("inception score"));
}

#[test]
fn the_inception_score_is_the_number_of_classes_for_sure_and_varied_images_and_1_for_images_all_alike() {
    let varied = Tensor::from_rows(&[[-2.0], [2.0]]).unwrap();
    assert!((read_by(&classifier(), &varied).unwrap().inception_score() - 2.0).abs() < 1e-3);
    let alike = Tensor::from_rows(&[[2.0], [2.0]]).unwrap();
    assert!((read_by(&classifier(), &alike).unwrap().inception_score() - 1.0).abs() < 1e-6);
    let no_softmax = Sequential::new(Input(1), layers![Dense::new(2)], Seed(1)).unwrap();
    assert!(message(read_by(&no_softmax, &(varied * 100.0))).contains("Softmax"));
}

#[test]
fn rows_without_the_pattern_score_worse_than_real_ones() {
    let x = Tensor::normal([400, 2], 0.0, 1.0, Seed(1)).unwrap();
    let label = |x: &Tensor| {
        let labels = x
            .to_rows()
            .unwrap()
            .iter()
            .map(|row| f32::from(row[0] > 0.0))
            .collect();
        Tensor::from_vec(labels, [400, 1]).unwrap()
    };
    let test = Tensor::normal([400, 2], 0.0, 1.0, Seed(2)).unwrap();
    let network = || {
        let mut model = Sequential::new(Input(2), layers![Dense::new(1).activation(Sigmoid)], Seed(3))?;
        let adam = Adam {
            learning_rate: 0.05,
            ..Adam::default()
        };
        model.compile(adam, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
        Ok(model)
    };
    let y = label(&x);
    let (x_test, y_test) = (&test, &label(&test));
    let same = train_on_synthetic(network, (&x, &y), (&x, &y), (x_test, y_test), 10, 32).unwrap();
    assert_eq!(same.real, same.synthetic);
    assert!(same.real > 0.95);
    let shuffled = y.select_rows(&Seed(4).stream().permutation(400)).unwrap();
    let worse = train_on_synthetic(network, (&x, &y), (&x, &shuffled), (x_test, y_test), 10, 32).unwrap();
    assert!(worse.synthetic < 0.8, "{worse}");
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
