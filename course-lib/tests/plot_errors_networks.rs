//! A network, an image or an animation that cannot be drawn says why.

use course_lib::notebook::Show;
use course_lib::plot::{self, GraphEdge, GraphNode, ImageGrid, Motion};
use course_lib::prelude::*;

fn refused<T: std::fmt::Debug>(result: Result<T>, parts: &[&str]) {
    let text = result.expect_err("a refusal").to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

fn images(shape: &[usize]) -> Tensor {
    Tensor::zeros(shape).unwrap()
}

fn grid() -> ImageGrid {
    ImageGrid::default()
}

#[test]
fn tensors_that_are_no_images_are_refused() {
    for shape in [&[][..], &[5], &[2, 2, 8, 8], &[8, 8, 3, 1, 1], &[2, 28, 28, 3]] {
        refused(
            plot::images(&images(shape), grid()),
            &["images", "[n, height, width]", &format!("{shape:?}")],
        );
    }
    refused(
        plot::images(&images(&[1001, 2, 2]), grid()),
        &["at most 1000 images", "rows(0..100)"],
    );
    refused(
        plot::images(&images(&[1, 1500, 1500]), grid()),
        &["at most 1000 images and 2000000 values"],
    );
    refused(
        plot::images(&images(&[4, 100, 100]), ImageGrid { scale: 64, ..grid() }),
        &["4000 × 4000"],
    );
}

#[test]
fn pixels_that_are_no_numbers_are_named_with_their_image() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut pixels = vec![0.5; 3 * 16];
        pixels[20] = bad;
        let images = Tensor::from_vec(pixels, [3, 4, 4]).unwrap();
        refused(plot::images(&images, grid()), &["finite", "image 1"]);
        refused(plot::feature_maps(&images), &["feature_maps", "finite"]);
        refused(
            plot::kernels(&images.reshape([3, 1, 4, 4]).unwrap()),
            &["kernels", "finite"],
        );
    }
}

#[test]
fn options_that_do_not_fit_the_images_are_refused() {
    let digits = images(&[6, 28, 28]);
    let words = |count: usize| vec!["word".to_owned(); count];
    refused(
        plot::images(
            &digits,
            ImageGrid {
                titles: words(5),
                ..grid()
            },
        ),
        &["6 titles", "got 5"],
    );
    refused(
        plot::images(
            &digits,
            ImageGrid {
                row_labels: words(2),
                ..grid()
            },
        ),
        &["number of columns"],
    );
    let labels = ImageGrid {
        row_labels: words(3),
        columns: 3,
        ..grid()
    };
    refused(plot::images(&digits, labels), &["2 row labels", "got 3"]);
    for range in [(1.0, 1.0), (2.0, 1.0), (f32::NAN, 1.0), (0.0, f32::INFINITY)] {
        refused(
            plot::images(
                &digits,
                ImageGrid {
                    range: Some(range),
                    ..grid()
                },
            ),
            &["range", "lower one first"],
        );
    }
    refused(
        plot::images(&digits, ImageGrid { scale: 65, ..grid() }),
        &["at most 64"],
    );
    assert!(
        plot::images(
            &digits,
            ImageGrid {
                columns: 1_000,
                ..grid()
            }
        )
        .is_ok(),
        "more columns than images"
    );
}

#[test]
fn kernels_and_feature_maps_need_their_axes() {
    refused(
        plot::kernels(&images(&[32, 9])),
        &["kernels", "[kernels, channels, height, width]", "[32, 9]"],
    );
    refused(
        plot::feature_maps(&images(&[2, 8, 5, 5])),
        &["feature_maps", "one image", "rows(0..1)"],
    );
}

#[test]
fn probabilities_must_belong_to_their_images() {
    let digits = images(&[2, 28, 28]);
    let probabilities = Tensor::full([2, 10], 0.1).unwrap();
    let draw = |digits: &Tensor, probabilities: &Tensor, truth: &[usize]| {
        plot::digit_with_probabilities(digits, probabilities, truth)
    };
    refused(
        draw(&images(&[25, 28, 28]), &probabilities, &[0]),
        &["at most 24 images"],
    );
    refused(
        draw(&images(&[2, 3, 28, 28]), &probabilities, &[0, 1]),
        &["one channel"],
    );
    refused(
        draw(&digits, &Tensor::full([3, 10], 0.1).unwrap(), &[0, 1]),
        &["for 2 images", "[3, 10]"],
    );
    refused(
        draw(&digits, &Tensor::full([2, 40], 0.1).unwrap(), &[0, 1]),
        &["2 to 26 classes"],
    );
    refused(draw(&digits, &probabilities, &[0]), &["2 true classes", "got 1"]);
    refused(draw(&digits, &probabilities, &[0, 10]), &["below 10", "got 10"]);
    refused(
        draw(&digits, &Tensor::full([2, 10], 1.5).unwrap(), &[0, 1]),
        &["from 0 to 1", "softmax"],
    );
    refused(
        draw(&digits, &Tensor::full([2, 10], f32::NAN).unwrap(), &[0, 1]),
        &["from 0 to 1"],
    );
}

#[test]
fn networks_without_lines_or_units_are_refused() {
    refused(plot::network_of(&[]).draw(), &["network", "2 to 12 layers"]);
    refused(plot::network_of(&[3]).draw(), &["2 to 12 layers"]);
    refused(
        plot::network_of(&[3, 0, 1]).draw(),
        &["at least one unit", "[3, 0, 1]"],
    );
    refused(plot::network_of(&[1; 13]).draw(), &["2 to 12 layers"]);

    let sequence = Sequential::new(Input([5, 2]), layers![Dense::new(3)], Seed(1)).unwrap();
    refused(
        plot::network(&sequence).draw(),
        &["model of dense layers", "dense (Dense)", "plot::blocks"],
    );
}

#[test]
fn names_and_numbers_of_a_network_must_be_as_many_as_its_units_and_weights() {
    let network = || plot::network_of(&[2, 2, 1]);
    refused(
        network().layer_names(&["a"]).draw(),
        &["layer_names", "3 names", "got 1"],
    );
    refused(
        network().unit_names(&[&["a", "b"], &["c"], &["d"]]).draw(),
        &["unit_names", "2 names of units", "got 1"],
    );
    refused(
        network().weight_names(&["w1"]).draw(),
        &["weight_names", "9 names"],
    );
    refused(
        network().weights_by_unit(&[0.0; 8]).draw(),
        &["weights_by_unit", "9 numbers", "got 8"],
    );
    refused(
        network().weights_by_unit(&[f32::NAN; 9]).draw(),
        &["weights_by_unit", "finite"],
    );
    refused(
        network().outputs(&[&[0.0], &[0.0; 2], &[0.0]]).draw(),
        &["outputs", "2 numbers"],
    );
    refused(
        network().outputs(&[&[0.0, f32::NAN], &[0.0; 2], &[0.0]]).draw(),
        &["outputs", "finite"],
    );
    refused(
        network().example(&images(&[2])).draw(),
        &["example", "network of a model", ".outputs(..)"],
    );

    let (weights, biases) = (images(&[2, 2]), images(&[2]));
    assert!(network().weights(0, &weights, &biases).draw().is_ok());
    refused(
        network().weights(0, &weights, &weights).draw(),
        &["[2, 2] and biases of shape [2]"],
    );
    refused(
        network().weights(1, &weights, &biases).draw(),
        &["[2, 1] and biases of shape [1]"],
    );
    refused(
        network().weights(2, &weights, &biases).draw(),
        &["a layer from 0 to 1", "got 2"],
    );
    refused(
        network().weights(usize::MAX, &weights, &biases).draw(),
        &["a layer from 0 to 1"],
    );

    let model = Sequential::new(Input(2), layers![Dense::new(1)], Seed(1)).unwrap();
    refused(
        plot::network(&model).example(&images(&[3])).draw(),
        &["example", "one input of shape [2]"],
    );
}

#[test]
fn an_activation_of_its_own_counts_to_the_units_before_it() {
    let layers = layers![Dense::new(2), Tanh, Dropout::new(0.5), Dense::new(1), Sigmoid];
    let model = Sequential::new(Input(2), layers, Seed(1)).unwrap();
    let example = Tensor::vector(&[0.3, -0.7]).unwrap();
    let plot = plot::network(&model).example(&example).draw().unwrap();
    assert!(
        plot.alt()
            .contains("hidden of 2 units (Tanh, Dropout), output of 1 unit (Sigmoid)"),
        "{}",
        plot.alt()
    );
    let outputs = model.layer_outputs(&example.reshape([1, 2]).unwrap()).unwrap();
    let names: Vec<&str> = outputs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dense", "tanh", "dropout", "dense_1", "sigmoid"]);
    assert_eq!(outputs[1].1, outputs[2].1, "dropout rests");
    assert_eq!(
        outputs[4].1,
        model.predict(&example.reshape([1, 2]).unwrap()).unwrap()
    );
    refused(model.layer_outputs(&example), &["layer_outputs", "[rows, 2]"]);
}

#[test]
fn graphs_that_go_in_a_circle_or_nowhere_are_refused() {
    let none: [(usize, usize); 0] = [];
    refused(plot::graph(&[""; 0], &none).draw(), &["graph", "1 to 100 nodes"]);
    refused(
        plot::graph(&["a"; 101], &none).draw(),
        &["1 to 100 nodes", "101 nodes"],
    );
    refused(
        plot::graph(&["a", "b"], &[(0, 2)]).draw(),
        &["nodes 0 to 1", "from 0 to 2"],
    );
    refused(plot::graph(&["a", "b"], &[(0, 1), (1, 0)]).draw(), &["circle"]);
    refused(plot::graph(&["a"], &[(0, 0)]).draw(), &["circle"]);
    let long = (0..7).fold(GraphNode::new("a"), |node, line| node.line(line.to_string()));
    refused(
        plot::graph(&[long], &none).draw(),
        &["at most 6 lines", "7 in `a`"],
    );
    refused(
        plot::graph(&["a", "b"], &vec![GraphEdge::new(0, 1); 301]).draw(),
        &["300 edges"],
    );
}

#[test]
fn animations_that_cannot_move_are_refused() {
    let frame = |size| Figure::new().size(size, 300).line("", &[1, 2], &[1.0, 2.0]);
    let plain = Motion::default();
    refused(
        plot::animation(&Vec::<Figure>::new(), plain),
        &["animation", "at least one frame"],
    );
    refused(
        plot::animation(&[frame(300), Figure::new()], plain),
        &["Figure::draw", "at least one series"],
    );
    refused(
        plot::animation(&[frame(300), frame(400)], plain),
        &["300 × 300", "400 × 300"],
    );
    refused(
        plot::animation(&vec![frame(300).draw().unwrap(); 301], plain),
        &["at most 300 frames", "step_by"],
    );
    for (seconds, hold) in [
        (0.0, 1.0),
        (f64::NAN, 1.0),
        (11.0, 1.0),
        (1.0, -1.0),
        (1.0, f64::INFINITY),
    ] {
        let motion = Motion {
            seconds,
            hold,
            ..plain
        };
        refused(plot::animation(&[frame(300)], motion), &["0.02 to 10 seconds"]);
    }
    let shapes = [("a", images(&[4, 8, 8])), ("b", images(&[5, 8, 8]))];
    refused(
        plot::image_animation(&shapes, grid(), plain),
        &["image_animation", "[4, 8, 8]", "[5, 8, 8]"],
    );
    refused(
        plot::image_animation(&[("a", images(&[2, 2, 5, 5]))], grid(), plain),
        &["image_animation"],
    );
    let noise = |seed| {
        (
            "noise",
            Tensor::uniform([400, 40, 40], 0.0, 1.0, Seed(seed)).unwrap(),
        )
    };
    let noise: Vec<_> = (0..12).map(noise).collect();
    refused(
        plot::image_animation(&noise, grid(), plain),
        &["at most 2 MB", "fewer frames"],
    );
}

#[test]
fn figures_that_move_keep_the_axes_of_all_their_data() {
    let frame = |height: f64| Figure::new().line("", &[0.0, height], &[0.0, height]);
    let animation = plot::animation(&[frame(1.0), frame(50.0)], Motion::default()).unwrap();
    for number in 0..2 {
        let svg = animation.frame(number).unwrap().svg().to_owned();
        assert!(svg.contains("\n50\n"), "frame {number} has no mark at 50");
    }
    refused(animation.frame(2), &["frame from 0 to 1"]);
    let own = plot::animation(
        &[frame(1.0).x_range(0.0, 2.0).y_range(0.0, 2.0), frame(50.0)],
        Motion::default(),
    )
    .unwrap();
    assert!(
        !own.frame(0).unwrap().svg().contains("\n50\n"),
        "a range that was given stays"
    );
}

#[test]
fn an_animation_shows_as_words_and_as_svg_and_is_saved_as_either() {
    let frame = |height: f64| Figure::new().line("", &[0.0, 1.0], &[0.0, height]);
    let charts = plot::animation(&[frame(1.0), frame(2.0)], Motion::default()).unwrap();
    let rich = charts.rich();
    let forms: Vec<&str> = rich.forms().iter().map(|(kind, _)| *kind).collect();
    assert_eq!(forms, ["text/plain", "image/svg+xml"]);
    assert!(
        charts
            .to_string()
            .starts_with("Animation of 2 frames. First: Line chart"),
        "{charts}"
    );

    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("moving");
    std::fs::create_dir_all(&folder).unwrap();
    charts.save(folder.join("a.SVG")).unwrap();
    assert_eq!(
        std::fs::read_to_string(folder.join("a.SVG")).unwrap(),
        charts.svg()
    );
    for (file, start) in [("a.png", b"\x89PNG\r\n".as_slice()), ("a.GIF", b"GIF89a")] {
        charts.save(folder.join(file)).unwrap();
        assert!(
            std::fs::read(folder.join(file)).unwrap().starts_with(start),
            "{file}"
        );
    }
    refused(
        charts.save(folder.join("a.mp4")),
        &["Animation::save", ".svg, .gif or .png", "a.mp4"],
    );

    let noise = |seed| ("noise", Tensor::uniform([4, 8, 8], 0.0, 1.0, Seed(seed)).unwrap());
    let moving = plot::image_animation(&[noise(1), noise(2)], grid(), Motion::default()).unwrap();
    moving.save(folder.join("b.png")).unwrap();
    let file = std::fs::read(folder.join("b.png")).unwrap();
    assert!(
        file.windows(4).any(|kind| kind == b"acTL"),
        "an animated PNG says so"
    );
    // As the PNG file, whose width stands at byte 16, the GIF file has the images alone.
    let width = u32::from_be_bytes(file[16..20].try_into().unwrap());
    moving.save(folder.join("b.gif")).unwrap();
    let file = std::fs::read(folder.join("b.gif")).unwrap();
    assert_eq!(u32::from(u16::from_le_bytes([file[6], file[7]])), width);
    refused(
        moving.save(folder.join("none/b.png")),
        &["Animation::save", "check that the folder exists"],
    );
}
