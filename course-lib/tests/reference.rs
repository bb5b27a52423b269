//! The library's numbers beside PyTorch's, which `reference/make_reference.py` made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{
    FORWARD, GRADIENT, assert_close, assert_each_like, assert_like, numbers, tensor, tensors, weighted,
};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/reference.json")).expect("reference.json is JSON")
}

/// How a result is compared, and how the gradients are.
type Rules = [fn(&str, &Tensor, &Value, f64); 2];
/// Sums lose digits where their terms cancel.
const SUMS: Rules = [assert_like, assert_like];
/// Functions of each value by itself lose none.
const EACH: Rules = [assert_each_like, assert_each_like];
/// Results that lose none, with gradients that do: sums over what was stretched, or derivatives such as 1 - y².
const EACH_BUT_GRADIENTS: Rules = [assert_each_like, assert_like];

fn check_case(
    name: &str,
    case: &Value,
    [result_is, gradient_is]: Rules,
    function: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let inputs: Vec<Tensor> = tensors(&case["inputs"])
        .iter()
        .map(Tensor::with_gradient)
        .collect();
    let result = function(&inputs).unwrap_or_else(|error| panic!("{name}: {error}"));
    result_is(name, &result, &case["result"], FORWARD);
    let gradients = weighted(&result)
        .and_then(|sum| sum.backward())
        .expect("gradients");
    for (place, input) in inputs.iter().enumerate() {
        let what = format!("{name}, gradient {place}");
        let gradient = gradients
            .get(input)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        gradient_is(&what, &gradient, &case["gradients"][place], GRADIENT);
    }
}

#[test]
fn activations_and_their_derivatives_are_pytorchs() {
    let activations = [
        ("Linear", Linear, EACH),
        ("Sigmoid", Sigmoid, EACH_BUT_GRADIENTS),
        ("Tanh", Tanh, EACH_BUT_GRADIENTS),
        ("ReLU", ReLU, EACH),
        ("LeakyReLU", LeakyReLU(0.2), EACH),
        ("ELU", ELU(1.0), EACH_BUT_GRADIENTS),
        ("SELU", SELU, EACH_BUT_GRADIENTS),
        ("GELU", GELU, EACH_BUT_GRADIENTS),
        ("Softplus", Softplus, EACH),
        ("Swish", Swish, EACH_BUT_GRADIENTS),
        ("Softmax", Softmax, EACH_BUT_GRADIENTS),
    ];
    let cases = &reference()["activations"];
    for (name, activation, rules) in activations {
        check_case(name, &cases[name], rules, |x| Ok(activation.apply(&x[0])));
    }
    check_case("LogSoftmax", &cases["LogSoftmax"], SUMS, |x| {
        Ok(x[0].log_softmax())
    });
}

#[test]
fn operations_and_their_gradients_are_pytorchs() {
    let cases = &reference()["operations"];
    let check = |name: &str, rules: Rules, function: &dyn Fn(&[Tensor]) -> Result<Tensor>| {
        check_case(name, &cases[name], rules, function);
    };
    for name in ["matmul", "matmul_vector", "matmul_stack", "matmul_shared"] {
        check(name, SUMS, &|x| x[0].matmul(&x[1]));
    }
    check("add", EACH_BUT_GRADIENTS, &|x| &x[0] + &x[1]);
    check("sub", EACH_BUT_GRADIENTS, &|x| &x[0] - &x[1]);
    check("mul", EACH_BUT_GRADIENTS, &|x| &x[0] * &x[1]);
    check("div", EACH, &|x| &x[0] / &x[1]);
    check("exp", EACH, &|x| Ok(x[0].exp()));
    check("ln", EACH, &|x| Ok(x[0].ln()));
    check("sqrt", EACH, &|x| Ok(x[0].sqrt()));
    check("square", EACH, &|x| Ok(x[0].square()));
    check("abs", EACH, &|x| Ok(x[0].abs()));
    check("transpose", EACH, &|x| x[0].transpose());
    check("permute", EACH, &|x| x[0].permute(&[2, 0, 1]));
    check("sum", SUMS, &|x| Ok(x[0].sum()));
    check("mean", SUMS, &|x| Ok(x[0].mean()));
    check("sum_axis_1", SUMS, &|x| x[0].sum_axis(1));
    check("mean_axis_0", SUMS, &|x| x[0].mean_axis(0));
    check("max_axis_1", EACH, &|x| x[0].max_axis(1));
}

type LossFunction = fn(&Tensor, &Tensor) -> Result<Tensor>;

#[test]
fn losses_and_their_gradients_are_pytorchs() {
    let losses: [(&str, LossFunction); 16] = [
        ("mse", losses::mse),
        ("mae", losses::mae),
        ("bce_logits", losses::binary_crossentropy_from_logits),
        ("bce_logits", |x, y| losses::binary_crossentropy(&x.sigmoid(), y)),
        ("bce_logits_extreme", losses::binary_crossentropy_from_logits),
        ("bce_logits_extreme", |x, y| {
            losses::binary_crossentropy(&x.sigmoid(), y)
        }),
        ("bce_probabilities", losses::binary_crossentropy),
        ("cce_logits", losses::categorical_crossentropy_from_logits),
        ("cce_logits", |x, y| {
            losses::categorical_crossentropy(&x.softmax(), y)
        }),
        ("cce_logits_soft", losses::categorical_crossentropy_from_logits),
        ("cce_logits_extreme", |x, y| {
            losses::categorical_crossentropy(&x.softmax(), y)
        }),
        ("scce_logits", losses::sparse_categorical_crossentropy_from_logits),
        ("scce_logits", |x, y| {
            losses::sparse_categorical_crossentropy(&x.softmax(), y)
        }),
        ("scce_probabilities", losses::sparse_categorical_crossentropy),
        ("mse", |x, y| Loss::MeanSquaredError.calculate(x, y)),
        ("scce_logits", |x, y| {
            Loss::SparseCategoricalCrossentropy.calculate(&x.softmax(), y)
        }),
    ];
    let cases = &reference()["losses"];
    for (name, loss) in losses {
        let target = tensor(&cases[name]["target"]);
        check_case(name, &cases[name], SUMS, |x| loss(&x[0], &target));
    }
}

#[test]
fn losses_of_outputs_that_are_far_out_and_their_gradients_are_pytorchs() {
    let losses: [(&str, LossFunction); 14] = [
        ("bce", losses::binary_crossentropy_from_logits),
        ("bce", |x, y| losses::binary_crossentropy(&x.sigmoid(), y)),
        ("bce", |x, y| Loss::BinaryCrossentropy.calculate(&x.sigmoid(), y)),
        ("cce", losses::categorical_crossentropy_from_logits),
        ("cce", |x, y| losses::categorical_crossentropy(&x.softmax(), y)),
        ("cce_soft", losses::categorical_crossentropy_from_logits),
        ("cce_soft", |x, y| {
            Loss::CategoricalCrossentropy.calculate(&x.softmax(), y)
        }),
        ("scce", losses::sparse_categorical_crossentropy_from_logits),
        ("scce", |x, y| {
            losses::sparse_categorical_crossentropy(&x.softmax(), y)
        }),
        ("scce", |x, y| {
            Loss::SparseCategoricalCrossentropy.calculate(&x.softmax(), y)
        }),
        ("hinge", losses::hinge),
        ("huber", |x, y| losses::huber(x, y, 1.5)),
        ("mse", losses::mse),
        ("mae", losses::mae),
    ];
    let cases = &reference()["hard_losses"];
    for (name, loss) in losses {
        let target = tensor(&cases[name]["target"]);
        check_case(&format!("hard {name}"), &cases[name], SUMS, |x| {
            loss(&x[0], &target)
        });
    }
}

/// The networks of the script, as a learner would build them.
fn network(name: &str) -> (Sequential, Loss) {
    let (layers, input, loss) = match name {
        "classifier" => (
            layers![
                Dense::new(6).activation(ReLU),
                Dense::new(4).activation(ReLU),
                Dense::new(1).activation(Sigmoid)
            ],
            5,
            Loss::BinaryCrossentropy,
        ),
        "regression" => (
            layers![Dense::new(7).activation(Tanh), Dense::new(1)],
            3,
            Loss::MeanSquaredError,
        ),
        _ => (
            layers![Dense::new(6), Sigmoid, Dense::new(4), Softmax],
            4,
            Loss::SparseCategoricalCrossentropy,
        ),
    };
    (
        Sequential::new(Input(input), layers, Seed(1)).expect("a network"),
        loss,
    )
}

fn start(model: &mut Sequential, case: &Value) {
    let names: Vec<String> = model.weights().into_iter().map(|(name, _)| name).collect();
    for (name, values) in names.iter().zip(tensors(&case["parameters"])) {
        model.set_weights(name, &values).expect("weights");
    }
}

#[test]
fn networks_give_pytorchs_outputs_loss_and_gradients() {
    let cases = &reference()["networks"];
    for name in ["classifier", "regression", "classes"] {
        let case = &cases[name];
        let (mut model, loss) = network(name);
        start(&mut model, case);
        let output = model.forward(&tensor(&case["x"])).expect("output");
        let expected = tensor(&case["output"]);
        let expected = match name {
            "classifier" => expected.sigmoid(),
            "classes" => expected.softmax(),
            _ => expected,
        };
        let expected: Vec<f64> = expected.to_vec().into_iter().map(f64::from).collect();
        assert_close(name, &output.to_vec(), &expected, FORWARD);
        let loss = loss.calculate(&output, &tensor(&case["target"])).expect("loss");
        assert_like(name, &loss, &case["loss"], FORWARD);
        let gradients = loss.backward().expect("gradients");
        for (place, (weight, tensor)) in model.weights().iter().enumerate() {
            let gradient = gradients.get(tensor).expect("a gradient for each weight");
            assert_like(
                &format!("{name}, {weight}"),
                &gradient,
                &case["gradients"][place],
                GRADIENT,
            );
        }
    }
}

fn optimizer(name: &str) -> Box<dyn Optimizer> {
    let sgd = SGD {
        learning_rate: 0.05,
        ..SGD::default()
    };
    match name {
        "SGD" => Box::new(sgd),
        "SGD_momentum" => Box::new(SGD { momentum: 0.9, ..sgd }),
        "SGD_nesterov" => Box::new(SGD {
            momentum: 0.9,
            nesterov: true,
            ..sgd
        }),
        "Adam" => Box::new(Adam {
            learning_rate: 0.01,
            ..Adam::default()
        }),
        _ => Box::new(Adam {
            learning_rate: 0.0002,
            beta_1: 0.5,
            epsilon: 1e-8,
            ..Adam::default()
        }),
    }
}

#[test]
fn ten_steps_of_each_optimizer_end_where_pytorchs_end() {
    let cases = &reference()["networks"];
    for network_name in ["classifier", "regression", "classes"] {
        let case = &cases[network_name];
        let (x, y) = (tensor(&case["x"]), tensor(&case["target"]));
        for name in ["SGD", "SGD_momentum", "SGD_nesterov", "Adam", "Adam_gan"] {
            let what = format!("{network_name}, {name}");
            let run = &case["optimizers"][name];
            let (mut model, loss) = network(network_name);
            start(&mut model, case);
            let mut optimizer = optimizer(name);
            let mut course = Vec::new();
            for _ in 0..10 {
                let output = model.forward(&x).expect("output");
                let loss = loss.calculate(&output, &y).expect("loss");
                let gradients = loss.backward().expect("gradients");
                optimizer.step(&mut model, &gradients).expect("a step");
                course.push(loss.item().expect("one number"));
            }
            assert_close(
                &format!("{what}, losses"),
                &course,
                &numbers(&run["losses"]),
                GRADIENT,
            );
            for (place, (weight, tensor)) in model.weights().iter().enumerate() {
                assert_like(
                    &format!("{what}, {weight}"),
                    tensor,
                    &run["parameters"][place],
                    GRADIENT,
                );
            }
        }
    }
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
