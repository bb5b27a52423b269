//! Networks that draw, and how good what they draw is.

mod portable;

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

fn options(epochs: usize) -> GanFit<'static> {
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

#[test]
fn k_steps_of_the_discriminator_come_before_one_of_the_generator() {
    let mut gan = gan();
    let before = gan.generator().weights();
    // 256 rows make 8 batches, one generator step.
    let many = GanFit {
        discriminator_steps: 8,
        ..options(1)
    };
    gan.fit(&points(), many).unwrap();
    let after = gan.generator().weights();
    assert_ne!(before[0].1, after[0].1, "the generator has had its step");

    let mut never = self::gan();
    let rest = GanFit {
        discriminator_steps: 5,
        ..options(1)
    };
    let few = points().rows(0..160).unwrap();
    never.fit(&few, rest).unwrap();
    assert_ne!(never.generator().weights()[0].1, before[0].1);
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

#[test]
fn labels_of_images_become_channels() {
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
