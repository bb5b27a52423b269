//! The layers of images beside PyTorch's numbers, which `reference/make_conv.py` made.

mod portable;
mod pytorch;
mod slopes;

use std::ops::Range;

use course_lib::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pytorch::{FORWARD, GRADIENT, assert_like, numbers, sizes, tensor, weighted};
use serde_json::Value;
use slopes::{CURVED, LINEAR, Precision, STEEP};

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/conv.json")).expect("conv.json is JSON")
}

fn pair(value: &Value) -> [usize; 2] {
    sizes(value).try_into().expect("two sizes")
}

fn padding(value: &Value) -> Padding {
    match value.as_u64() {
        Some(pixels) => Padding::Pixels(pixels as usize),
        None if value == "Same" => Padding::Same,
        None => Padding::Valid,
    }
}

/// Builds the layer for the first of the case's inputs, gives it the others as weights, and compares results and
/// gradients.
fn check_layer(what: &str, layer: &mut dyn Layer, case: &Value, mode: Mode) {
    let inputs: Vec<Tensor> = case["inputs"]
        .as_array()
        .expect("a list")
        .iter()
        .map(tensor)
        .collect();
    let x = inputs[0].with_gradient();
    if layer.parameters().is_empty() {
        let built = layer.build(&x.shape()[1..], Seed(1)).expect("a layer that fits");
        assert_eq!(
            built,
            sizes(&case["result"]["shape"])[1..],
            "{what}: shape that was announced"
        );
    }
    for (weights, values) in layer.parameters_mut().into_iter().zip(&inputs[1..]) {
        weights.assign(values).expect("weights of that shape");
    }
    let result = layer.forward(&x, mode).expect("a result");
    assert_like(what, &result, &case["result"], FORWARD);
    let gradients = weighted(&result)
        .and_then(|sum| sum.backward())
        .expect("gradients");
    let learned = layer.parameters().into_iter().map(|(_, weights)| weights);
    for (place, leaf) in [x].into_iter().chain(learned).take(inputs.len()).enumerate() {
        let gradient = gradients.get(&leaf).expect("a gradient");
        assert_like(
            &format!("{what}, gradient {place}"),
            &gradient,
            &case["gradients"][place],
            GRADIENT,
        );
    }
}

fn cases(name: &str) -> Vec<Value> {
    reference()[name].as_array().expect("cases").clone()
}

#[test]
fn convolutions_and_their_gradients_are_pytorchs() {
    for case in cases("convolutions") {
        let options = &case["options"];
        let filters = options["filters"].as_u64().expect("a number") as usize;
        let mut layer = Conv2D::new(filters, pair(&options["kernel"]))
            .stride(pair(&options["stride"]))
            .dilation(pair(&options["dilation"]))
            .padding(padding(&options["padding"]));
        check_layer(
            &format!("convolution {options}"),
            &mut layer,
            &case,
            Mode::Training,
        );
    }
}

#[test]
fn transposed_convolutions_and_their_gradients_are_pytorchs() {
    for case in cases("transposed") {
        let options = &case["options"];
        let filters = options["filters"].as_u64().expect("a number") as usize;
        let mut layer = Conv2DTranspose::new(filters, pair(&options["kernel"]))
            .stride(pair(&options["stride"]))
            .dilation(pair(&options["dilation"]))
            .padding(padding(&options["padding"]));
        check_layer(
            &format!("transposed convolution {options}"),
            &mut layer,
            &case,
            Mode::Training,
        );
    }
}

#[test]
fn pooling_and_its_gradients_are_pytorchs() {
    for case in cases("largest") {
        let options = &case["options"];
        let mut layer = MaxPooling2D::new(pair(&options["size"]))
            .stride(pair(&options["stride"]))
            .padding(padding(&options["padding"]));
        check_layer(&format!("largest {options}"), &mut layer, &case, Mode::Training);
    }
    for case in cases("averages") {
        let options = &case["options"];
        let mut layer = AveragePooling2D::new(pair(&options["size"]))
            .stride(pair(&options["stride"]))
            .padding(padding(&options["padding"]));
        check_layer(&format!("average {options}"), &mut layer, &case, Mode::Training);
    }
    let case = &reference()["global_average"];
    check_layer(
        "global average",
        &mut GlobalAveragePooling2D::new(),
        case,
        Mode::Training,
    );
}

/// A range along one axis.
fn part(tensor: &Tensor, axis: usize, range: Range<usize>) -> Tensor {
    let mut shape = tensor.shape().to_vec();
    let inner: usize = shape[axis + 1..].iter().product();
    let lines = tensor.to_vec();
    let lines = lines.chunks_exact(shape[axis] * inner);
    let values = lines.flat_map(|line| line[range.start * inner..range.end * inner].to_vec());
    shape[axis] = range.len();
    Tensor::from_vec(values.collect(), shape).expect("a part")
}

fn assert_near(what: &str, actual: &Tensor, expected: &Tensor) {
    assert_eq!(actual.shape(), expected.shape(), "{what}");
    let expected = expected.to_vec();
    let largest = expected
        .iter()
        .fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (actual, expected) in actual.to_vec().iter().zip(expected) {
        assert!(
            (actual - expected).abs() <= 1e-5 * largest,
            "{what}: {actual} and {expected}"
        );
    }
}

#[test]
fn a_layer_of_many_kernels_gives_what_layers_of_few_give() -> Result<()> {
    let layer = |transposed: bool, kernels: usize| -> Box<dyn Layer> {
        match transposed {
            true => Box::new(
                Conv2DTranspose::new(kernels, 3)
                    .stride(2)
                    .padding(Padding::Pixels(1)),
            ),
            false => Box::new(Conv2D::new(kernels, 3).stride(2).padding(Padding::Pixels(1))),
        }
    };
    // Calculated 16, 32 or 64 channels at a time, on both sides.
    for (channels, kernels) in [(2, 32), (32, 48), (64, 64), (20, 130)] {
        for (transposed, axis) in [(false, 0), (true, 1)] {
            let what = format!("{channels} to {kernels}, transposed: {transposed}");
            let x = Tensor::normal([3, channels, 7, 6], 0.0, 1.0, Seed(1))?.with_gradient();
            let mut whole = layer(transposed, kernels);
            whole.build(&[channels, 7, 6], Seed(2))?;
            let output = whole.forward(&x, Mode::Training)?;
            let scale = Tensor::normal(output.shape(), 0.0, 1.0, Seed(3))?;
            let gradients = (&output * &scale)?.sum().backward()?;
            let weights: Vec<Tensor> = whole.parameters().into_iter().map(|(_, tensor)| tensor).collect();
            let mut of_x = Tensor::zeros(x.shape())?;
            for first in (0..kernels).step_by(10) {
                let range = first..kernels.min(first + 10);
                let mut few = layer(transposed, range.len());
                few.build(&[channels, 7, 6], Seed(4))?;
                for (own, (all, axis)) in few
                    .parameters_mut()
                    .into_iter()
                    .zip(weights.iter().zip([axis, 0]))
                {
                    own.assign(&part(all, axis, range.clone()))?;
                }
                let result = few.forward(&x, Mode::Training)?;
                assert_near(&what, &part(&output, 1, range.clone()), &result);
                let own = (result * part(&scale, 1, range.clone()))?.sum().backward()?;
                of_x = (of_x + own.get(&x)?)?;
                for ((_, leaf), (all, axis)) in
                    few.parameters().into_iter().zip(weights.iter().zip([axis, 0]))
                {
                    assert_near(
                        &what,
                        &part(&gradients.get(all)?, axis, range.clone()),
                        &own.get(&leaf)?,
                    );
                }
            }
            assert_near(&what, &gradients.get(&x)?, &of_x);
        }
    }
    Ok(())
}

#[test]
fn larger_images_and_their_gradients_are_pytorchs() {
    let reference = reference();
    check_layer(
        "upsampling",
        &mut UpSampling2D::new([2, 3]),
        &reference["upsampling"],
        Mode::Training,
    );
    check_layer(
        "zero padding",
        &mut ZeroPadding2D::new([1, 2]),
        &reference["zero_padding"],
        Mode::Training,
    );
}

#[test]
fn batch_normalisation_in_training_and_in_use_is_pytorchs() {
    for case in cases("batch_normalisations") {
        // PyTorch's momentum of 0.3, counted the other way round.
        let mut layer = BatchNormalization::new().momentum(0.7);
        check_layer("batch normalisation", &mut layer, &case, Mode::Training);
        let parameters = layer.parameters();
        assert_like("running mean", &parameters[2].1, &case["running_mean"], FORWARD);
        assert_like(
            "running variance",
            &parameters[3].1,
            &case["running_variance"],
            FORWARD,
        );
        check_layer(
            "batch normalisation in use",
            &mut layer,
            &case["used"],
            Mode::Inference,
        );
        let names: Vec<_> = parameters
            .iter()
            .map(|(name, tensor)| (*name, tensor.has_gradient()))
            .collect();
        let expected = [
            ("gamma", true),
            ("beta", true),
            ("running_mean", false),
            ("running_variance", false),
        ];
        assert_eq!(names, expected);
    }
}

#[test]
fn layer_normalisation_and_its_gradients_are_pytorchs() {
    let case = &reference()["layer_normalisation"];
    check_layer(
        "layer normalisation",
        &mut LayerNormalization::new(),
        case,
        Mode::Training,
    );
}

#[test]
fn embeddings_and_their_gradients_are_pytorchs() -> Result<()> {
    let case = &reference()["embedding"];
    let mut layer = Embedding::new(5, 4);
    assert_eq!(layer.build(&[3], Seed(1))?, [3, 4]);
    layer.parameters_mut()[0].assign(&tensor(&case["inputs"][0]))?;
    let rows: Vec<Vec<f32>> = case["options"]["places"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| numbers(row).into_iter().map(|place| place as f32).collect())
        .collect();
    let result = layer.forward(&Tensor::from_rows(&rows)?, Mode::Training)?;
    assert_like("embedding", &result, &case["result"], FORWARD);
    let gradients = weighted(&result)?.backward()?;
    let gradient = gradients.get(&layer.parameters()[0].1)?;
    assert_like("embedding, gradient", &gradient, &case["gradients"][0], GRADIENT);
    Ok(())
}

/// The gradients of a layer that is built for random values of the shape.
fn check_slopes(
    layer: &mut dyn Layer,
    shape: &[usize],
    precision: Precision,
    seed: u64,
) -> Result<(), TestCaseError> {
    layer.build(&shape[1..], Seed(seed)).expect("a layer that fits");
    slopes::of_layer(layer, &normal(shape, seed), precision)
}

fn normal(shape: &[usize], seed: u64) -> Tensor {
    Tensor::normal(shape, 0.0, 1.0, Seed(seed)).expect("values")
}

/// What a layer that slides over images may be given. Where it does not fit them, the case does not count, and proptest
/// draws another.
#[derive(Debug, Clone)]
struct Sliding {
    shape: [usize; 4],
    filters: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: Padding,
    seed: u64,
}

fn sliding() -> impl Strategy<Value = Sliding> {
    let sizes = (1..4_usize, 1..12_usize, 1..19_usize);
    let window = (
        [1..4_usize, 1..4_usize],
        [1..4_usize, 1..4_usize],
        [1..3_usize, 1..3_usize],
    );
    let all = (
        sizes,
        [1..8_usize, 1..8_usize],
        window,
        any_padding(),
        any::<u64>(),
    );
    all.prop_map(
        |((batch, channels, filters), image, (kernel, stride, dilation), padding, seed)| Sliding {
            shape: [batch, channels, image[0], image[1]],
            filters,
            kernel,
            stride,
            dilation,
            padding,
            seed,
        },
    )
}

impl Sliding {
    fn fits(&self, layer: &mut dyn Layer) -> bool {
        layer.build(&self.shape[1..], Seed(self.seed)).is_ok()
    }
}

fn any_padding() -> impl Strategy<Value = Padding> {
    prop_oneof![
        Just(Padding::Valid),
        Just(Padding::Same),
        (0..3_usize).prop_map(Padding::Pixels)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, rng_seed: RngSeed::Fixed(9), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_of_any_convolution_are_its_slopes(case in sliding()) {
        let mut layer = Conv2D::new(case.filters, case.kernel)
            .stride(case.stride)
            .dilation(case.dilation)
            .padding(case.padding);
        prop_assume!(case.fits(&mut layer));
        check_slopes(&mut layer, &case.shape, LINEAR, case.seed)?;
    }

    #[test]
    fn gradients_of_any_transposed_convolution_are_its_slopes(case in sliding()) {
        let mut layer = Conv2DTranspose::new(case.filters, case.kernel)
            .stride(case.stride)
            .dilation(case.dilation)
            .padding(case.padding);
        prop_assume!(case.fits(&mut layer));
        check_slopes(&mut layer, &case.shape, LINEAR, case.seed)?;
    }

    #[test]
    fn gradients_of_any_pooling_are_its_slopes(case in sliding()) {
        let mut layer = AveragePooling2D::new(case.kernel).stride(case.stride).padding(case.padding);
        prop_assume!(case.fits(&mut layer));
        check_slopes(&mut layer, &case.shape, LINEAR, case.seed)?;
        // Values so far apart that a step does not change which is largest; both are exact in binary.
        let order = Seed(case.seed).stream().permutation(case.shape.iter().product());
        let apart = order.into_iter().map(|place| 0.25 * place as f32).collect();
        let apart = Tensor::from_vec(apart, case.shape).expect("values");
        let mut layer = MaxPooling2D::new(case.kernel).stride(case.stride).padding(case.padding);
        prop_assert!(case.fits(&mut layer), "what the average fits, the largest does");
        let precision = Precision { step: 1.0 / 32.0, ..LINEAR };
        slopes::of_layer(&mut layer, &apart, precision)?;
    }

    #[test]
    fn gradients_of_other_layers_are_their_slopes(
        (batch, a, b) in (4..8_usize, 1..6_usize, 1..6_usize),
        size in 1..4_usize,
        seed: u64,
    ) {
        let images = [batch, a, b + 1, size + 1];
        check_slopes(&mut BatchNormalization::new(), &[8, 3, size + 2, b], CURVED, seed)?;
        check_slopes(&mut BatchNormalization::new(), &[16, a], CURVED, seed)?;
        check_slopes(&mut LayerNormalization::new(), &[batch, a + 5], CURVED, seed)?;
        check_slopes(&mut GlobalAveragePooling2D::new(), &images, LINEAR, seed)?;
        check_slopes(&mut UpSampling2D::new(size), &images, LINEAR, seed)?;
        check_slopes(&mut ZeroPadding2D::new(size), &images, LINEAR, seed)?;
        check_slopes(&mut Flatten::new(), &images, LINEAR, seed)?;
        check_slopes(&mut Reshape::new([b + 1, a * (size + 1)]), &images, LINEAR, seed)?;
        check_slopes(&mut RepeatVector::new(size), &[batch, a], LINEAR, seed)?;
        check_slopes(&mut Dense::new(size), &[batch, a], LINEAR, seed)?;
        check_slopes(&mut Bidirectional::new(SimpleRNN::new(size)), &[batch, a, b], STEEP, seed)?;
        check_slopes(&mut Bidirectional::new(LSTM::new(size)), &[batch, a, b], STEEP, seed)?;
        check_slopes(&mut Bidirectional::new(GRU::new(size).return_sequences(true)), &[batch, a, b], STEEP, seed)?;
    }

    #[test]
    fn gradients_of_an_embedding_are_its_slopes(words in 1..6_usize, size in 1..4_usize, seed: u64) {
        let mut layer = Embedding::new(words, size);
        layer.build(&[4], Seed(seed)).expect("a layer");
        let drawn = Seed(seed).stream().permutation(12).into_iter();
        let x = Tensor::from_vec(drawn.map(|word| (word % words) as f32).collect(), [3, 4]).expect("words");
        let weights = layer.parameters()[0].1.clone();
        let output = layer.forward(&x, Mode::Training).expect("a result");
        let gradient = weighted(&output).expect("a number").backward().expect("gradients");
        let gradient = gradient.get(&weights).expect("a gradient").to_vec();
        // The result is linear in the weights: moving one by 1 adds its slope.
        let before = weighted(&output).expect("a number").item().expect("a number");
        for place in 0..weights.count() {
            let mut values = weights.to_vec();
            values[place] += 1.0;
            let values = Tensor::from_vec(values, weights.shape()).expect("the same shape");
            layer.parameters_mut()[0].assign(&values).expect("the same shape");
            let moved = weighted(&layer.forward(&x, Mode::Training).expect("a result"));
            let slope = moved.expect("a number").item().expect("a number") - before;
            prop_assert!((gradient[place] - slope).abs() < 1e-2, "{} for {slope}", gradient[place]);
            layer.parameters_mut()[0].assign(&weights).expect("the same shape");
        }
    }
}

/// The error of building a layer.
fn refusal(mut layer: impl Layer, input: &[usize]) -> String {
    let built = layer.build(input, Seed(1));
    built.expect_err("a layer that does not fit").to_string()
}

#[test]
fn a_layer_that_does_not_fit_says_what_it_needs() {
    let flat = refusal(Conv2D::new(8, 3), &[28, 28]);
    assert!(flat.contains("Reshape::new([1, 28, 28])"), "{flat}");
    for (error, part) in [
        (refusal(Conv2D::new(8, 5), &[1, 4, 9]), "at least [5, 5]"),
        (refusal(Conv2D::new(0, 3), &[1, 9, 9]), "at least 1 filter"),
        (refusal(Conv2D::new(8, 0), &[1, 9, 9]), "a window from 1"),
        (
            refusal(Conv2D::new(8, 3).stride(0), &[1, 9, 9]),
            "a stride from 1",
        ),
        (
            refusal(Conv2D::new(8, 3).activation(Softmax), &[1, 9, 9]),
            "Flatten::new()",
        ),
        (
            refusal(Conv2DTranspose::new(8, 3).padding(Padding::Pixels(2)), &[1, 1, 1]),
            "use less",
        ),
        (
            refusal(MaxPooling2D::new(3).padding(Padding::Pixels(2)), &[1, 9, 9]),
            "half the window",
        ),
        (refusal(Reshape::new([3, 5]), &[16]), "16 values"),
        (
            refusal(Reshape::new([Reshape::INFERRED, Reshape::INFERRED]), &[16]),
            "at most one INFERRED",
        ),
        (
            refusal(BatchNormalization::new(), &[3, 4]),
            "[channels, height, width]",
        ),
        (
            refusal(BatchNormalization::new().momentum(1.5), &[3]),
            "from 0 to 1",
        ),
        (refusal(UpSampling2D::new(0), &[1, 2, 2]), "a factor from 1"),
        (refusal(GaussianNoise::new(-1.0), &[3]), "at least 0"),
        (refusal(Embedding::new(0, 3), &[3]), "at least 1 feature"),
    ] {
        assert!(error.contains(part) && error.contains("What to do"), "{error}");
    }
}

#[test]
fn a_batch_of_other_images_is_an_error_and_so_is_a_layer_that_was_not_built() -> Result<()> {
    let mut layer = Conv2D::new(2, 3);
    let x = Tensor::zeros([2, 1, 6, 6])?;
    let error = layer
        .forward(&x, Mode::Inference)
        .expect_err("not built")
        .to_string();
    assert!(error.contains("Sequential::new"), "{error}");
    layer.build(&[1, 5, 6], Seed(1))?;
    let error = layer
        .forward(&x, Mode::Inference)
        .expect_err("other images")
        .to_string();
    assert!(
        error.contains("[1, 5, 6]") && error.contains("[2, 1, 6, 6]"),
        "{error}"
    );
    Ok(())
}

#[test]
fn words_that_an_embedding_does_not_have_are_errors() -> Result<()> {
    let mut layer = Embedding::new(5, 2);
    layer.build(&[1], Seed(1))?;
    for wrong in [5.0, -1.0, 0.5, f32::NAN, f32::INFINITY] {
        let error = layer.forward(&Tensor::from_rows(&[[wrong]])?, Mode::Inference);
        let error = error.expect_err("no such word").to_string();
        assert!(error.contains("from 0 to 4"), "{error}");
    }
    Ok(())
}

#[test]
fn what_is_not_a_number_passes_the_largest_pooling_so_that_it_is_seen() -> Result<()> {
    let x = Tensor::from_vec(vec![1.0, f32::NAN, 2.0, 3.0], [1, 1, 2, 2])?;
    for size in [[2, 2], [1, 2]] {
        let mut layer = MaxPooling2D::new(size);
        layer.build(&[1, 2, 2], Seed(1))?;
        assert!(layer.forward(&x, Mode::Inference)?.to_vec()[0].is_nan());
    }
    Ok(())
}

#[test]
fn a_network_of_kernels_learns_where_a_line_runs() -> Result<()> {
    // Rows or columns of ones, anywhere in the image.
    let image = |number: usize| {
        let (place, upright) = (number / 2 % 6, number % 2 == 1);
        (0..36).map(move |pixel| f32::from(u8::from(if upright { pixel % 6 } else { pixel / 6 } == place)))
    };
    let x = Tensor::from_vec((0..24).flat_map(image).collect(), [24, 1, 6, 6])?;
    let y = Tensor::from_vec((0..24).map(|number| (number % 2) as f32).collect(), [24, 1])?;
    let layers = layers![
        Conv2D::new(4, 3).padding(Padding::Same).use_bias(false),
        BatchNormalization::new().momentum(0.5),
        ReLU,
        MaxPooling2D::new(2),
        GlobalAveragePooling2D::new(),
        Dense::new(1).activation(Sigmoid)
    ];
    let mut model = Sequential::new(Input([1, 6, 6]), layers, Seed(3))?;
    let adam = Adam {
        learning_rate: 0.03,
        ..Adam::default()
    };
    model.compile(adam, Loss::BinaryCrossentropy, &[Metric::Accuracy])?;
    model.fit(
        &x,
        &y,
        Fit {
            epochs: 60,
            batch_size: 24,
            verbose: false,
            ..Fit::default()
        },
    )?;
    assert_eq!(model.evaluate(&x, &y)?.accuracy()?, 1.0);
    // The running mean and variance are counted but not learned.
    assert_eq!(
        model.summary().parameters() - model.summary().trainable_parameters(),
        8
    );
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
