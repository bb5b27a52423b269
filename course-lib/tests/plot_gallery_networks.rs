//! Networks, images and animations, as a lesson would draw them and as bad luck would: well-formed SVG with words,
//! nothing outside the card. The files are left in cargo's folder for test output, to be looked at.

use course_lib::layers::Config;
use course_lib::lectures::{BasicNetwork, Race, Tape, surfaces};
use course_lib::plot::{self, Animation, Figure, GraphEdge, GraphNode, ImageGrid, Motion, Palette, Plot};
use course_lib::prelude::*;

/// What every picture must have; and keeps it to be looked at.
fn keep(name: &str, plot: &Plot) {
    plot.save(folder().join(format!("{name}.svg"))).unwrap();
    check_picture(name, plot.svg(), plot.alt());
}

fn folder() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery-networks");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn check_picture(name: &str, svg: &str, alt: &str) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let root = document.root_element();
    let number = |text: &str| text.parse::<f64>().unwrap();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(root.attribute("aria-label"), Some(alt), "{name}");
    assert!(!alt.is_empty(), "{name}");
    let view: Vec<f64> = root
        .attribute("viewBox")
        .unwrap()
        .split(' ')
        .map(number)
        .collect();
    let (width, height) = (view[2], view[3]);
    let inside = |what: &str, place: f64, limit: f64| {
        assert!(
            (-0.5..=limit + 0.5).contains(&place),
            "{name}: {what} = {place} is outside the card"
        );
    };
    for node in document.descendants() {
        // The letters of an embedded image may spell anything.
        for attribute in node.attributes().filter(|attribute| attribute.name() != "href") {
            assert!(!attribute.value().contains("NaN"), "{name}: {attribute:?}");
        }
        assert!(
            !node.text().unwrap_or_default().contains("NaN"),
            "{name}: {node:?}"
        );
        assert!(
            node.attribute("id").is_none(),
            "{name}: ids would clash between two pictures of a page"
        );
        for (across, limit) in [
            ("x", width),
            ("y", height),
            ("x1", width),
            ("x2", width),
            ("y1", height),
            ("y2", height),
        ] {
            if let Some(place) = node.attribute(across).map(number) {
                inside(across, place, limit);
            }
        }
        for (corner, size, limit) in [("x", "width", width), ("y", "height", height)] {
            if let (Some(from), Some(size)) = (node.attribute(corner), node.attribute(size)) {
                inside(size, number(from) + number(size), limit);
            }
        }
        for (center, limit) in [("cx", width), ("cy", height)] {
            if let (Some(center), Some(radius)) = (node.attribute(center), node.attribute("r")) {
                inside("circle", number(center) - number(radius), limit);
                inside("circle", number(center) + number(radius), limit);
            }
        }
        for point in node.attribute("points").unwrap_or_default().split_whitespace() {
            let (x, y) = point.split_once(',').unwrap();
            inside("x", number(x), width);
            inside("y", number(y), height);
        }
    }
}

/// Numbers that look random and are the same every time, from -0.5 to 0.5.
fn noise(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    }
}

/// Which of the seven bars of a pocket calculator's display each digit lights, and where they are.
const BARS: [&str; 10] = [
    "abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg",
];

/// A digit of 28 × 28 pixels from 0 to 1, drawn with a soft pen by an unsteady hand.
fn digit(digit: usize, noise: &mut impl FnMut() -> f32) -> Vec<f32> {
    let (slant, x0, y0) = (3.0 * noise(), 10.0 + 2.0 * noise(), 6.0 + 2.0 * noise());
    let (w, h) = (8.0 + 3.0 * noise(), 8.0 + 2.0 * noise());
    let corner = |column: f32, row: f32| (x0 + column * w + slant * (1.0 - row), y0 + row * h);
    let bar = |name: char| match name {
        'a' => (corner(0.0, 0.0), corner(1.0, 0.0)),
        'b' => (corner(1.0, 0.0), corner(1.0, 1.0)),
        'c' => (corner(1.0, 1.0), corner(1.0, 2.0)),
        'd' => (corner(0.0, 2.0), corner(1.0, 2.0)),
        'e' => (corner(0.0, 1.0), corner(0.0, 2.0)),
        'f' => (corner(0.0, 0.0), corner(0.0, 1.0)),
        _ => (corner(0.0, 1.0), corner(1.0, 1.0)),
    };
    let bars: Vec<_> = BARS[digit].chars().map(bar).collect();
    let distance = |x: f32, y: f32, (from, to): ((f32, f32), (f32, f32))| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let way = (((x - from.0) * dx + (y - from.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        (x - from.0 - way * dx).hypot(y - from.1 - way * dy)
    };
    let ink = |place: usize| {
        let (x, y) = ((place % 28) as f32, (place / 28) as f32);
        let nearest = bars.iter().map(|bar| distance(x, y, *bar)).fold(99.0, f32::min);
        (2.2 - nearest).clamp(0.0, 1.0)
    };
    (0..784).map(ink).collect()
}

/// Digits 0, 1, .. 9, 0, ..: shape `[count, 28, 28]`, values from 0 to 1.
fn digits(count: usize, seed: u32) -> Tensor {
    let mut noise = noise(seed);
    let pixels = (0..count)
        .flat_map(|number| digit(number % 10, &mut noise))
        .collect();
    Tensor::from_vec(pixels, [count, 28, 28]).unwrap()
}

#[test]
fn digits_in_rows() {
    let plain = plot::images(&digits(100, 1), ImageGrid::default()).unwrap();
    keep("images-100", &plain);
    assert!(plain.svg().len() < 60_000, "{}", plain.svg().len());
    let few = plot::images(
        &digits(7, 1),
        ImageGrid {
            title: "Seven digits".into(),
            ..ImageGrid::default()
        },
    );
    keep("images-7", &few.unwrap());
    let one = ImageGrid {
        title: "One digit, large, with a title that is much wider than it is".into(),
        ..Default::default()
    };
    keep("images-1", &plot::images(&digits(1, 1), one).unwrap());
    let ink = ImageGrid {
        palette: Palette::Ink,
        columns: 6,
        ..Default::default()
    };
    keep("images-ink", &plot::images(&digits(12, 5), ink).unwrap());
}

#[test]
fn digits_with_titles() {
    let titles = (0..15).map(|number| {
        format!(
            "true {}, read {} (0.{})",
            number % 10,
            (number + 3) % 10,
            40 + number
        )
    });
    let grid = ImageGrid {
        title: "Misread digits".into(),
        titles: titles.collect(),
        ..Default::default()
    };
    keep("images-titles", &plot::images(&digits(15, 2), grid).unwrap());
    let titles = [
        "a word",
        "",
        "a title that goes on and on and cannot be shown in full",
        "x < y & z",
    ]
    .map(String::from);
    let grid = ImageGrid {
        titles: titles.to_vec(),
        columns: 4,
        ..Default::default()
    };
    keep("images-odd-titles", &plot::images(&digits(4, 2), grid).unwrap());
}

#[test]
fn one_row_for_each_digit() {
    let mut order = noise(4);
    let pixels = (0..100)
        .flat_map(|number| digit(number / 10, &mut order))
        .map(|ink| 2.0 * ink - 1.0);
    let samples = Tensor::from_vec(pixels.collect(), [100, 784]).unwrap();
    let grid = ImageGrid {
        title: "What the generator draws when asked for a digit".into(),
        columns: 10,
        row_labels: (0..10).map(|digit| digit.to_string()).collect(),
        ..Default::default()
    };
    let plot = plot::images(&samples, grid).unwrap();
    keep("images-rows", &plot);
    assert!(plot.alt().contains("values from −1 to 1"), "{}", plot.alt());
}

#[test]
fn photographs_in_color() {
    let pixel = |at: usize| {
        let (image, channel, row, column) = (at / 3072, at / 1024 % 3, at / 32 % 32, at % 32);
        match channel {
            0 => row as f32 / 31.0,
            1 => column as f32 / 31.0,
            _ => image as f32 / 5.0,
        }
    };
    let photos = Tensor::from_vec((0..6 * 3072).map(pixel).collect(), [6, 3, 32, 32]).unwrap();
    keep(
        "images-color",
        &plot::images(&photos, ImageGrid::default()).unwrap(),
    );
}

#[test]
fn images_are_saved_as_pixels_too() {
    let plot = plot::images(&digits(100, 1), ImageGrid::default()).unwrap();
    let path = folder().join("images-100.png");
    plot.save(&path).unwrap();
    let png = std::fs::read(&path).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    // Width and height stand at bytes 16 and 20: ten images of 28 pixels, nine gaps of 2, everything twice.
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (2 * (280 + 18), 2 * (280 + 18)));
}

#[test]
fn what_a_network_read_and_how_sure_it_was() {
    let images = digits(6, 3);
    let mut noise = noise(6);
    let row = |digit: usize, noise: &mut dyn FnMut() -> f32| {
        let score = |class: usize| {
            3.0 * (noise()
                + if class == digit || class == (digit + 2) % 10 {
                    1.0
                } else {
                    0.0
                })
        };
        (0..10).map(score).collect::<Vec<f32>>()
    };
    let mut scores: Vec<f32> = (0..6).flat_map(|digit| row(digit, &mut noise)).collect();
    scores[10] = 12.0;
    let probabilities = Tensor::from_vec(scores, [6, 10]).unwrap().softmax();
    let plot = plot::digit_with_probabilities(&images, &probabilities, &[0, 1, 2, 3, 4, 5]).unwrap();
    keep("digits-read", &plot);
    let one = plot::digit_with_probabilities(&images.row(0).unwrap(), &probabilities.row(0).unwrap(), &[0]);
    keep("digit-read", &one.unwrap());
    let narrow = Tensor::uniform([1, 9, 40], 0.0, 1.0, Seed(1)).unwrap();
    let two = Tensor::from_rows(&[[0.0, 1.0]]).unwrap();
    keep(
        "digit-narrow",
        &plot::digit_with_probabilities(&narrow, &two, &[1]).unwrap(),
    );
}

#[test]
fn kernels_and_feature_maps() {
    let first = Tensor::normal([32, 1, 3, 3], 0.02, 0.2, Seed(1)).unwrap();
    keep("kernels-first-layer", &plot::kernels(&first).unwrap());
    let second = Tensor::normal([64, 32, 3, 3], 0.0, 0.1, Seed(2)).unwrap();
    keep("kernels-second-layer", &plot::kernels(&second).unwrap());
    keep(
        "kernels-one",
        &plot::kernels(&Tensor::zeros([1, 1, 1, 1]).unwrap()).unwrap(),
    );
    let sobel = Tensor::from_vec(vec![-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0], [1, 1, 3, 3]).unwrap();
    keep("kernels-sobel", &plot::kernels(&sobel).unwrap());

    let digit = digits(4, 9).row(3).unwrap();
    let pixel = |kernel: usize, row: usize, column: usize| {
        let value = |dy: usize, dx: usize| digit.at(&[row + dy, column + dx]).unwrap();
        let weights = first.row(kernel).unwrap().to_vec();
        let sum: f32 = (0..9).map(|at| weights[at] * value(at / 3, at % 3)).sum();
        sum.max(0.0)
    };
    let maps = (0..32 * 26 * 26)
        .map(|at| pixel(at / 676, at / 26 % 26, at % 26))
        .collect();
    let maps = Tensor::from_vec(maps, [1, 32, 26, 26]).unwrap();
    keep("feature-maps", &plot::feature_maps(&maps).unwrap());
    keep(
        "feature-maps-dead",
        &plot::feature_maps(&Tensor::zeros([8, 5, 5]).unwrap()).unwrap(),
    );
}

/// The network of two inputs, two hidden neurons and one output.
const BASIC: [f32; 9] = [0.52, -1.31, 0.1, 1.48, 0.83, -0.25, -0.74, 1.2, 0.33];

#[test]
fn the_basic_network_with_every_number() {
    let names = ["w1", "w2", "b1", "w3", "w4", "b2", "w5", "w6", "b3"];
    let plot = plot::network_of(&[2, 2, 1])
        .title("Two inputs, two hidden neurons, one output")
        .weight_names(&names)
        .weights_by_unit(&BASIC)
        .outputs(&[&[1.0, 0.0], &[0.651, 0.774], &[0.683]])
        .draw()
        .unwrap();
    keep("network-basic", &plot);
    assert!(
        plot.alt()
            .contains("h2: x1 times 1.48, x2 times 0.83, plus −0.25, gives 0.774."),
        "{}",
        plot.alt()
    );
    keep(
        "network-basic-names",
        &plot::network_of(&[2, 2, 1]).weight_names(&names).draw().unwrap(),
    );
    keep(
        "network-basic-bare",
        &plot::network_of(&[2, 2, 1]).draw().unwrap(),
    );
    keep(
        "network-basic-plain",
        &plot::network_of(&[2, 2, 1])
            .weights_by_unit(&BASIC)
            .draw()
            .unwrap(),
    );
    let wide = plot::network_of(&[3, 5, 2])
        .weights_by_unit(&[0.4; 32])
        .outputs(&[&[0.0; 3], &[-123_456.0; 5], &[1e-9; 2]]);
    keep("network-wide", &wide.draw().unwrap());
    let neuron = plot::network_of(&[2, 1])
        .weights_by_unit(&[1.0, 1.0, -0.5])
        .layer_names(&["inputs", "an OR neuron"]);
    let plot = neuron.draw().unwrap();
    keep("network-neuron", &plot);
    // The legend has room, though the neuron needs less.
    let width = plot
        .svg()
        .split("width=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(width.parse::<f64>().unwrap() > 340.0, "{width}");
}

#[test]
fn networks_of_the_lessons() {
    let model = |inputs: usize, layers| Sequential::new(Input(inputs), layers, Seed(3)).unwrap();
    let xor = model(2, layers![Dense::new(4).activation(Tanh), Dense::new(1), Sigmoid]);
    let example = Tensor::vector(&[1.0, 0.0]).unwrap();
    let plot = plot::network(&xor).title("XOR").example(&example).draw().unwrap();
    keep("network-xor", &plot);
    let value = xor
        .predict(&example.reshape([1, 2]).unwrap())
        .unwrap()
        .item()
        .unwrap();
    assert!(
        plot.alt().contains(&format!("gives {value:.3}")),
        "{}",
        plot.alt()
    );

    let cancer = model(
        30,
        layers![
            Dense::new(16).activation(ReLU),
            Dropout::new(0.2),
            Dense::new(8).activation(ReLU),
            Dense::new(1).activation(Sigmoid)
        ],
    );
    keep(
        "network-cancer",
        &plot::network(&cancer).title("Breast cancer").draw().unwrap(),
    );
    let digits = layers![
        Flatten::new(),
        Dense::new(512).activation(ReLU),
        Dense::new(512).activation(ReLU),
        Dense::new(10).activation(Softmax)
    ];
    let digits = Sequential::new(Input([28, 28]), digits, Seed(3)).unwrap();
    keep("network-digits", &plot::network(&digits).draw().unwrap());
    let deep = plot::network_of(&[3, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 1]).title("Deep");
    keep("network-deep", &deep.draw().unwrap());
}

#[test]
fn the_graph_of_a_calculation() {
    // L = (W · x − y)² at W = 3, x = 2, y = 4.
    let node = |label: &str, value: &str, gradient: &str| {
        GraphNode::new(label)
            .line(format!("value {value}"))
            .highlight(format!("∂L/∂ = {gradient}"))
    };
    let nodes = [
        node("W", "3", "8"),
        GraphNode::new("x").line("value 2"),
        GraphNode::new("y").line("value 4"),
        node("v1 = W · x", "6", "4"),
        node("v2 = v1 − y", "2", "4"),
        node("L = v2²", "4", "1"),
    ];
    let edges = [(0, 3, "2"), (1, 3, "3"), (3, 4, "1"), (2, 4, "−1"), (4, 5, "4")];
    let edges = edges.map(|(from, to, label)| GraphEdge::new(from, to).label(label));
    let graph = plot::graph(&nodes, &edges).title("One step of learning, un-stacked");
    let plot = graph.clone().draw().unwrap();
    keep("graph", &plot);
    assert!(
        plot.alt()
            .contains("v1 = W · x, value 6, ∂L/∂ = 4; leads to v2 = v1 − y (1)."),
        "{}",
        plot.alt()
    );
    keep("graph-down", &graph.downwards().draw().unwrap());

    let twice = plot::graph(&["a", "a · a", "a² · a"], &[(0, 1), (0, 1), (1, 2), (0, 2)]);
    keep("graph-twice", &twice.draw().unwrap());
    keep(
        "graph-one",
        &plot::graph(&["alone"], &[(0, 0); 0])
            .title("One node without any edges at all")
            .draw()
            .unwrap(),
    );
}

#[test]
fn the_graph_of_a_whole_neuron_and_of_many_nodes() {
    let labels = [
        "x1",
        "w1",
        "x2",
        "w2",
        "x3",
        "w3",
        "x1 w1",
        "x2 w2",
        "x3 w3",
        "s1",
        "s2",
        "b",
        "s",
        "sigmoid(s)",
        "y",
        "error",
        "L",
    ];
    let nodes: Vec<GraphNode> = labels
        .iter()
        .map(|label| GraphNode::new(*label).line("0.25").highlight("−0.0123"))
        .collect();
    let edges = [
        (0, 6),
        (1, 6),
        (2, 7),
        (3, 7),
        (4, 8),
        (5, 8),
        (6, 9),
        (7, 9),
        (9, 10),
        (8, 10),
        (10, 12),
        (11, 12),
        (12, 13),
        (13, 15),
        (14, 15),
        (15, 16),
    ];
    keep("graph-neuron", &plot::graph(&nodes, &edges).draw().unwrap());
    keep(
        "graph-neuron-down",
        &plot::graph(&nodes, &edges).downwards().draw().unwrap(),
    );

    let nodes: Vec<String> = (0..40).map(|number| format!("n{number}")).collect();
    let nodes: Vec<GraphNode> = nodes.iter().map(|name| GraphNode::new(name.as_str())).collect();
    let edges: Vec<(usize, usize)> = (1..40usize)
        .flat_map(|to| [(to / 2, to), (to.max(5) - 5, to)])
        .collect();
    keep("graph-many", &plot::graph(&nodes, &edges).draw().unwrap());
}

/// A layer that does nothing but say what it is.
#[derive(Debug)]
struct Pretend(&'static str, Vec<usize>, Vec<(&'static str, Tensor)>, Config);

impl Layer for Pretend {
    fn name(&self) -> &str {
        self.0
    }

    fn build(&mut self, _: &[usize], _: Seed) -> Result<Vec<usize>> {
        Ok(self.1.clone())
    }

    fn forward(&self, input: &Tensor, _: Mode) -> Result<Tensor> {
        Ok(input.clone())
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor)> {
        self.2.clone()
    }

    fn config(&self) -> Option<Config> {
        Some(self.3.clone())
    }
}

fn convolution(maps: usize, channels: usize, side: usize) -> Pretend {
    let weights = vec![
        ("weights", Tensor::zeros([maps, channels, 3, 3]).unwrap()),
        ("bias", Tensor::zeros([maps]).unwrap()),
    ];
    let config = Config::new()
        .with("filters", maps)
        .with("kernel_size", vec![3, 3])
        .with("strides", vec![1, 1]);
    Pretend(
        "Conv2D",
        vec![maps, side, side],
        weights,
        config.with("use_bias", true).with("activation", "ReLU"),
    )
}

#[test]
fn any_network_as_blocks() {
    let pool = |maps, side| {
        Pretend(
            "MaxPool2D",
            vec![maps, side, side],
            Vec::new(),
            Config::new().with("size", vec![2, 2]),
        )
    };
    let layers = layers![
        convolution(32, 1, 26),
        pool(32, 13),
        convolution(64, 32, 11),
        pool(64, 5),
        Flatten::new(),
        Dropout::new(0.5),
        Dense::new(10).activation(Softmax)
    ];
    let model = Sequential::new(Input([1, 28, 28]), layers, Seed(1)).unwrap();
    let plot = plot::blocks(&model).unwrap();
    keep("blocks-cnn", &plot);
    let words = "Conv2D (filters 32, kernel size 3 × 3, ReLU): 32 × 26 × 26, 320 parameters";
    assert!(plot.alt().contains(words), "{}", plot.alt());

    let lstm = Pretend(
        "LSTM",
        vec![4],
        vec![("weights", Tensor::zeros([5, 16]).unwrap())],
        Config::new().with("units", 4_usize),
    );
    let lstm = Sequential::new(Input([3, 1]), layers![lstm, Dense::new(1)], Seed(1)).unwrap();
    keep("blocks-lstm", &plot::blocks(&lstm).unwrap());
    let one = Sequential::new(Input(2), layers![Dense::new(1)], Seed(1)).unwrap();
    keep("blocks-one", &plot::blocks(&one).unwrap());
}

/// What a moving picture must have, beside what every picture must have.
fn keep_moving(name: &str, animation: &Animation) {
    animation.save(folder().join(format!("{name}.svg"))).unwrap();
    check_picture(name, animation.svg(), animation.alt());
    assert!(
        animation.svg().len() < 1_000_000,
        "{name}: {}",
        animation.svg().len()
    );
    for number in 0..animation.count() {
        let frame = animation.frame(number).unwrap();
        check_picture(&format!("{name} {number}"), frame.svg(), frame.alt());
    }
}

#[test]
fn optimizers_race_down_a_valley() {
    let names = ["SGD", "momentum", "Nesterov", "RMSprop", "Adam"];
    let path = |optimizer: usize, step: usize| {
        let (rate, turn) = (0.02 + 0.02 * optimizer as f32, 0.1 * optimizer as f32);
        let (fall, angle) = ((-rate * step as f32).exp(), turn * step as f32);
        (4.0 * fall * angle.cos(), 3.0 * fall * (angle + 0.4).sin())
    };
    let valley: Vec<Vec<(f32, f32)>> = (1..8)
        .map(|level| {
            (0..=60)
                .map(|step| 0.105 * step as f32)
                .map(|a| (level as f32 * a.cos(), 0.6 * level as f32 * a.sin()))
                .collect()
        })
        .collect();
    let frame = |steps: usize| {
        let mut figure = Figure::new()
            .title(format!("step {steps}"))
            .x_label("w1")
            .y_label("w2")
            .x_range(-5.0, 5.0)
            .y_range(-4.0, 4.0);
        for ring in &valley {
            let (x, y): (Vec<f32>, Vec<f32>) = ring.iter().copied().unzip();
            figure = figure.reference("", &x, &y);
        }
        for (optimizer, name) in names.iter().enumerate() {
            let (x, y): (Vec<f32>, Vec<f32>) = (0..=steps).map(|step| path(optimizer, step)).unzip();
            figure = figure.line(*name, &x, &y);
        }
        figure
    };
    let frames: Vec<Figure> = (1..=60).map(frame).collect();
    let animation = plot::animation(
        &frames,
        Motion {
            seconds: 0.1,
            ..Motion::default()
        },
    )
    .unwrap();
    keep_moving("moving-race", &animation);
    let alone = frames[30].draw().unwrap().svg().len();
    assert!(
        animation.svg().len() < 12 * alone,
        "{} for 60 frames of {alone}",
        animation.svg().len()
    );
}

#[test]
fn a_generated_density_nears_the_real_one() {
    let frame = |epoch: u64| {
        let real = Tensor::normal([800], 4.0, 0.2, Seed(1)).unwrap();
        let generated = Tensor::normal(
            [800],
            4.0 - 2.0 / epoch as f32,
            0.2 + 0.5 / epoch as f32,
            Seed(epoch),
        )
        .unwrap();
        Figure::new()
            .title(format!("epoch {epoch}"))
            .x_label("value")
            .y_label("count")
            .bins(40)
            .histogram("real", &real)
            .histogram("generated", &generated)
    };
    let frames: Vec<Figure> = (1..=20).map(frame).collect();
    keep_moving(
        "moving-density",
        &plot::animation(&frames, Motion::default()).unwrap(),
    );
}

/// What a generator draws that has learned a share of its task: digits out of noise.
fn samples(share: f32, seed: u32) -> Tensor {
    let mut noise = noise(seed);
    let pixels = digits(100, 8)
        .to_vec()
        .into_iter()
        .map(|ink| share * (2.0 * ink - 1.0) + (1.0 - share) * 1.9 * noise());
    Tensor::from_vec(pixels.collect(), [100, 784]).unwrap()
}

#[test]
fn samples_of_a_generator_as_it_learns() {
    let frames: Vec<(String, Tensor)> = (0..25)
        .map(|epoch| {
            (
                format!("epoch {}", 2 * epoch),
                samples(1.0 - 0.8f32.powi(epoch), epoch as u32),
            )
        })
        .collect();
    let grid = ImageGrid {
        title: "The same hundred latent points".into(),
        columns: 10,
        ..Default::default()
    };
    let animation = plot::image_animation(&frames, grid, Motion::default()).unwrap();
    keep_moving("moving-samples", &animation);
    let path = folder().join("moving-samples.png");
    animation.save(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < 1_000_000);
}

#[test]
fn pictures_of_any_kind_move() {
    let frame = |step: i32| {
        let weight = 0.2 * step as f32 - 1.0;
        plot::network_of(&[2, 2, 1])
            .title(format!("step {step}"))
            .weights_by_unit(&[weight; 9])
            .numbers(true)
            .draw()
            .unwrap()
    };
    let frames: Vec<Plot> = (0..=10).map(frame).collect();
    keep_moving(
        "moving-network",
        &plot::animation(
            &frames,
            Motion {
                repeat: false,
                ..Motion::default()
            },
        )
        .unwrap(),
    );
    keep_moving(
        "moving-one",
        &plot::animation(&frames[..1], Motion::default()).unwrap(),
    );
}

#[test]
fn what_the_lectures_calculate_by_hand() {
    let network = BasicNetwork {
        w1: 0.52,
        w2: -1.31,
        b1: 0.1,
        w3: 1.48,
        w4: 0.83,
        b2: -0.25,
        w5: -0.74,
        w6: 1.2,
        b3: 0.33,
        activation: Sigmoid,
    };
    let plot = network.forward(1.0, 0.0).drawing().draw().unwrap();
    keep("lecture-network", &plot);
    let output = network.forward(1.0, 0.0).o1;
    assert!(
        plot.alt().contains(&format!(
            "o1: h1 times −0.74, h2 times 1.2, plus 0.33, gives {output:.3}."
        )),
        "{}",
        plot.alt()
    );

    let tape = Tape::new();
    let (w, x, y) = (tape.var("W", 3.0), tape.var("x", 2.0), tape.var("y", 4.0));
    let error = (w * x - y).named("error");
    (error * error).named("L").backward().unwrap();
    let plot = tape.graph().title("The tape, un-stacked").draw().unwrap();
    keep("lecture-tape", &plot);
    assert!(plot.alt().contains("W, 3, ∂L/∂W = 8;"), "{}", plot.alt());
}

#[test]
fn optimizers_race_down_the_surfaces_of_the_lecture() {
    for surface in [surfaces::RAVINE, surfaces::ROSENBROCK, surfaces::BEALE] {
        let race = Race::on(&surface, 150)
            .enter(
                "SGD",
                SGD {
                    learning_rate: 0.001,
                    ..SGD::default()
                },
            )
            .and_then(|race| {
                race.enter(
                    "momentum",
                    SGD {
                        learning_rate: 0.001,
                        momentum: 0.9,
                        ..SGD::default()
                    },
                )
            })
            .and_then(|race| {
                race.enter(
                    "Adam",
                    Adam {
                        learning_rate: 0.1,
                        ..Adam::default()
                    },
                )
            })
            .unwrap();
        let animation = race
            .animation(Motion {
                seconds: 0.1,
                ..Motion::default()
            })
            .unwrap();
        keep_moving(&format!("moving-race-{}", surface.name), &animation);
        assert_eq!(animation.count(), 61);
    }
    let five = ["SGD", "momentum", "Nesterov", "RMSprop", "Adam"]
        .iter()
        .enumerate();
    let race = five.fold(Race::on(&surfaces::ROSENBROCK, 400), |race, (number, name)| {
        let optimizer = Adam {
            learning_rate: 0.02 + 0.03 * number as f32,
            ..Adam::default()
        };
        race.enter(name, optimizer).unwrap()
    });
    keep_moving("moving-race-of-five", &race.animation(Motion::default()).unwrap());
}
