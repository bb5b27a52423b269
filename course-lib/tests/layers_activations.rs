//! Activations inside the layers that calculate them along with their sums: beside PyTorch's numbers, which
//! `reference/make_activations.py` made, beside the same activation as a layer of its own, and beside finite
//! differences.

mod portable;
mod pytorch;
mod slopes;

use course_lib::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pytorch::{FORWARD, GRADIENT, assert_close, assert_each_like, assert_like, tensor, weighted};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/activations.json")).expect("activations.json is JSON")
}

/// The activations of the reference by name, and what PyTorch has of each.
fn of_each(cases: &Value) -> Vec<(Activation, &Value)> {
    let cases = cases["activations"].as_object().expect("activations");
    let all = cases
        .iter()
        .map(|(name, case)| (Activation::parse(name).expect("an activation"), case));
    all.collect()
}

/// All that there are; those with a negative slope cannot be told from their results, so they are calculated apart.
const ALL: [Activation; 15] = [
    Linear,
    Step,
    Sigmoid,
    Tanh,
    ReLU,
    LeakyReLU(0.2),
    LeakyReLU(0.0),
    LeakyReLU(-0.3),
    ELU(1.0),
    ELU(0.7),
    ELU(-0.5),
    SELU,
    GELU,
    Softplus,
    Swish,
];

#[test]
fn every_activation_has_pytorchs_numbers() {
    for place in ["dense", "conv", "transposed"] {
        let names: Vec<&str> = ALL.iter().map(Layer::name).collect();
        let there: Vec<Activation> = of_each(&reference()[place])
            .into_iter()
            .map(|(own, _)| own)
            .collect();
        for name in names {
            assert!(there.iter().any(|own| own.name() == name), "{name} in {place}");
        }
    }
}

/// The layer by itself, and inside a dense layer whose only weight is 1.
#[test]
fn at_hard_points_activations_and_their_derivatives_are_pytorchs() -> Result<()> {
    let reference = reference();
    let points = &reference["points"];
    for (activation, case) in of_each(points) {
        let x = tensor(&points["x"]).with_gradient();
        let column = x.reshape([x.count(), 1])?;
        let mut dense = Dense::new(1).activation(activation);
        dense.build(&[1], Seed(1))?;
        dense.parameters_mut()[0].assign(&Tensor::ones([1, 1])?)?;
        let inside = dense.forward(&column, Mode::Training)?.reshape([x.count()])?;
        for (how, result) in [("alone", activation.apply(&x)), ("inside", inside)] {
            let what = format!("{activation} {how}");
            assert_each_like(&what, &result, &case["result"], FORWARD);
            let gradient = weighted(&result)?.backward()?.get(&x)?;
            let what = format!("{what}, gradient");
            // Derivatives told from the result, such as 1 - y² of tanh, have lost the digits that 1 and y share, as
            // PyTorch's own have in single precision: they are right to a few units in the last place of 1.
            match activation {
                Sigmoid | Tanh | ELU(_) | SELU | GELU | Swish => {
                    assert_like(&what, &gradient, &case["gradient"], GRADIENT);
                }
                _ => assert_each_like(&what, &gradient, &case["gradient"], GRADIENT),
            }
        }
    }
    Ok(())
}

/// The layers of the script, with its options.
fn layer(name: &str, activation: Activation) -> Box<dyn Layer> {
    match name {
        "dense" => Box::new(Dense::new(6).activation(activation)),
        "dense_of_steps" => Box::new(Dense::new(3).activation(activation)),
        "conv" => Box::new(
            Conv2D::new(5, 3)
                .padding(Padding::Pixels(1))
                .activation(activation),
        ),
        "conv_of_stride_2" => Box::new(Conv2D::new(4, [3, 2]).stride(2).activation(activation)),
        "transposed" => {
            let layer = Conv2DTranspose::new(2, 4).stride(2).padding(Padding::Pixels(1));
            Box::new(layer.activation(activation))
        }
        "transposed_of_stride_1" => Box::new(Conv2DTranspose::new(3, [2, 3]).activation(activation)),
        other => panic!("no layer {other}"),
    }
}

fn check_inside(name: &str) -> Result<()> {
    let reference = reference();
    let operands = reference[name]["operands"].as_array().expect("operands");
    for (activation, case) in of_each(&reference[name]) {
        let what = format!("{activation} in {name}");
        let mut layer = layer(name, activation);
        let x = tensor(&operands[0]).with_gradient();
        let shape = layer.build(&x.shape()[1..], Seed(1))?;
        for (own, theirs) in layer.parameters_mut().into_iter().zip(&operands[1..]) {
            own.assign(&tensor(theirs))?;
        }
        let result = layer.forward(&x, Mode::Training)?;
        assert_eq!(result.shape()[1..], shape, "{what}");
        assert_like(&what, &result, &case["result"], FORWARD);
        let gradients = weighted(&result)?.backward()?;
        let learned = layer.parameters().into_iter().map(|(_, weights)| weights);
        let leaves = [("x", x)].into_iter().chain(["w", "b"].into_iter().zip(learned));
        for (place, (operand, leaf)) in leaves.enumerate() {
            let gradient = gradients.get(&leaf)?;
            let what = format!("{what}, gradient of {operand}");
            assert_like(&what, &gradient, &case["gradients"][place], GRADIENT);
        }
    }
    Ok(())
}

#[test]
fn activations_inside_dense_layers_and_their_gradients_are_pytorchs() -> Result<()> {
    check_inside("dense")?;
    check_inside("dense_of_steps")
}

#[test]
fn activations_inside_convolutions_and_their_gradients_are_pytorchs() -> Result<()> {
    check_inside("conv")?;
    check_inside("conv_of_stride_2")
}

#[test]
fn activations_inside_transposed_convolutions_and_their_gradients_are_pytorchs() -> Result<()> {
    check_inside("transposed")?;
    check_inside("transposed_of_stride_1")
}

/// A layer with the activation inside, and one without, built for the same input and from the same weights.
fn pairs(sizes: [usize; 4], activation: Activation) -> [[Box<dyn Layer>; 2]; 3] {
    let [_, channels, filters, kernel] = sizes;
    let with = [activation, Linear];
    [
        with.map(|own| Box::new(Dense::new(filters).activation(own)) as Box<dyn Layer>),
        with.map(|own| {
            Box::new(Conv2D::new(filters, kernel).stride(channels).activation(own)) as Box<dyn Layer>
        }),
        with.map(|own| {
            let layer = Conv2DTranspose::new(filters, kernel).stride([1, channels]);
            Box::new(layer.activation(own)) as Box<dyn Layer>
        }),
    ]
}

fn input_of(layer: &dyn Layer, [batch, channels, _, kernel]: [usize; 4]) -> Vec<usize> {
    match layer.name() {
        "Dense" => vec![batch, channels],
        _ => vec![batch, channels, kernel + 1, kernel + 2],
    }
}

/// Result and gradients, with the activation as given by `after`.
fn calculated(layer: &dyn Layer, x: &Tensor, after: Activation) -> Result<Vec<Tensor>> {
    let x = x.with_gradient();
    let result = after.apply(&layer.forward(&x, Mode::Training)?);
    let gradients = weighted(&result)?.backward()?;
    let learned = layer.parameters().into_iter().map(|(_, weights)| weights);
    let of_each = [x].into_iter().chain(learned).map(|leaf| gradients.get(&leaf));
    [Ok(result)].into_iter().chain(of_each).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(43), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_activation_inside_a_layer_does_what_it_does_behind_it(
        sizes in [1..5_usize, 1..4_usize, 1..20_usize, 1..4_usize], seed: u64,
    ) {
        for activation in ALL {
            for [mut inside, mut behind] in pairs(sizes, activation) {
                let shape = input_of(&*inside, sizes);
                let x = Tensor::normal(&shape[..], 0.0, 2.0, Seed(seed)).expect("values");
                for layer in [&mut inside, &mut behind] {
                    layer.build(&shape[1..], Seed(seed)).expect("a layer that fits");
                    let bias = Tensor::normal(layer.parameters()[1].1.shape(), 0.0, 1.0, Seed(seed ^ 1));
                    layer.parameters_mut()[1].assign(&bias.expect("values")).expect("the same shape");
                }
                let inside_values = calculated(&*inside, &x, Linear).expect("result and gradients");
                let behind_values = calculated(&*behind, &x, activation).expect("result and gradients");
                for (place, (inside_values, behind_values)) in inside_values.iter().zip(&behind_values).enumerate() {
                    let what = format!("{activation} in {}, {place}", inside.name());
                    let expected: Vec<f64> = behind_values.to_vec().into_iter().map(f64::from).collect();
                    assert_close(&what, &inside_values.to_vec(), &expected, if place == 0 { FORWARD } else { GRADIENT });
                }
            }
        }
    }

    #[test]
    fn gradients_through_activations_are_slopes_on_both_sides_of_their_kinks(
        sizes in [1..4_usize, 1..4_usize, 1..6_usize, 1..4_usize], seed: u64,
    ) {
        for activation in ALL {
            for [mut layer, _] in pairs(sizes, activation) {
                let shape = input_of(&*layer, sizes);
                layer.build(&shape[1..], Seed(seed)).expect("a layer that fits");
                // Weighted sums of at most 1 and biases beyond 1.4 on either side, so that no step crosses 0.
                let [weights, biases] = [0, 1].map(|which| layer.parameters()[which].1.clone());
                let terms = (weights.count() / biases.count()) as f32;
                let weights = Tensor::uniform(weights.shape(), -1.0 / terms, 1.0 / terms, Seed(seed ^ 1));
                let drawn = Tensor::uniform(biases.shape(), 1.4, 2.0, Seed(seed ^ 2)).expect("values").to_vec();
                let biases = drawn.iter().enumerate().map(|(place, bias)| {
                    if (seed as usize ^ place).is_multiple_of(2) { *bias } else { -bias }
                });
                let biases = Tensor::vector(&biases.collect::<Vec<_>>());
                for (own, values) in layer.parameters_mut().into_iter().zip([weights, biases]) {
                    own.assign(&values.expect("values")).expect("the same shape");
                }
                let x = Tensor::uniform(&shape[..], -1.0, 1.0, Seed(seed)).expect("values");
                slopes::of_layer(&mut *layer, &x, slopes::CURVED)?;
            }
        }
    }

    #[test]
    fn gradients_through_a_softmax_are_slopes(sizes in [1..5_usize, 1..5_usize, 1..6_usize, 1..4_usize], seed: u64) {
        let [rows, steps, units, features] = sizes;
        let mut layer = Dense::new(units).activation(Softmax);
        for shape in [&[rows, features][..], &[rows, steps, features]] {
            layer.build(&shape[1..], Seed(seed)).expect("a layer that fits");
            let x = Tensor::normal(shape, 0.0, 1.0, Seed(seed)).expect("values");
            slopes::of_layer(&mut layer, &x, slopes::CURVED)?;
        }
    }
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
