//! The layers of images beside PyTorch's numbers, which `reference/make_conv.py` made.

use course_lib::prelude::*;
use serde_json::Value;

const FORWARD: f64 = 1e-5;
const GRADIENT: f64 = 1e-4;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/conv.json")).expect("conv.json is JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list").iter();
    list.map(|v| v.as_f64().expect("a number")).collect()
}

fn sizes(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|size| size as usize).collect()
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

fn tensor(value: &Value) -> Tensor {
    let values = numbers(&value["values"]).into_iter().map(|v| v as f32).collect();
    Tensor::from_vec(values, sizes(&value["shape"])).expect("a tensor")
}

/// Each value within the relative bound; where values cancel to almost 0, within a tenth of the bound of the
/// largest value.
fn assert_like(what: &str, actual: &Tensor, expected: &Value, bound: f64) {
    assert_eq!(actual.shape(), sizes(&expected["shape"]), "{what}: shape");
    let expected = numbers(&expected["values"]);
    let largest = expected
        .iter()
        .fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for (place, (actual, expected)) in actual.to_vec().iter().zip(expected).enumerate() {
        let difference = (f64::from(*actual) - expected).abs();
        assert!(
            difference <= bound * (expected.abs() + 0.1 * largest),
            "{what}: value {place} is {actual}, PyTorch has {expected}, {difference:e} apart"
        );
    }
}

/// The sum weighted 1, 2, 3, 1, 2, 3, ... as in the script.
fn weighted(result: &Tensor) -> Result<Tensor> {
    let weights = (0..result.count())
        .map(|place| (place % 3) as f32 + 1.0)
        .collect();
    Ok((result * &Tensor::from_vec(weights, result.shape())?)?.sum())
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
