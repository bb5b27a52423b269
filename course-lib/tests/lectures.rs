//! What the lectures do by hand: beside the numbers on the slides, and beside PyTorch's,
//! `reference/make_lectures.py`.

use course_lib::lectures::LearningHistory;
use course_lib::prelude::*;
use serde_json::Value;

fn reference(part: &str) -> Value {
    let all: Value =
        serde_json::from_str(include_str!("reference/lectures.json")).expect("lectures.json is JSON");
    all[part].clone()
}

fn numbers(value: &Value) -> Vec<f32> {
    let list = value.as_array().expect("a list").iter();
    list.map(|v| v.as_f64().expect("a number") as f32).collect()
}

fn assert_close(what: &str, actual: &[f32], expected: &[f32], bound: f32) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (actual, expected) in actual.iter().zip(expected) {
        assert!(
            (actual - expected).abs() <= bound * (0.1 + expected.abs()),
            "{what}: {actual}, PyTorch has {expected}"
        );
    }
}

fn step(weights: &[f32]) -> Neuron {
    Neuron::new(weights, 0.0, Step)
}

fn learned(table: &TruthTable, epochs: usize) -> Result<(Neuron, LearningHistory)> {
    let inputs = table.x()?.shape()[1];
    let mut neuron = step(&vec![0.0; inputs]);
    let options = Learn {
        epochs,
        ..Learn::default()
    };
    let history = neuron.learn(table, options)?;
    Ok((neuron, history))
}

// Lesson 01: one neuron.

#[test]
fn a_neuron_is_a_weighted_sum_a_bias_and_an_activation() -> Result<()> {
    let neuron = Neuron::new(&[0.5, -1.0, 2.0], 0.25, Sigmoid);
    let x = [1.0, 2.0, 0.5];
    let explained = neuron.explain(&x)?;
    assert_eq!(explained.products(), [0.5, -2.0, 1.0]);
    assert_eq!(explained.sum(), -0.25);
    assert_eq!(neuron.sum(&x)?, -0.25);
    let sigmoid = 1.0 / (1.0 + 0.25_f32.exp());
    assert!((explained.output() - sigmoid).abs() < 1e-6);
    assert_eq!(neuron.output(&x)?, explained.output());
    Ok(())
}

#[test]
fn a_neuron_by_hand_gives_what_the_librarys_layer_gives() -> Result<()> {
    for activation in [
        Linear,
        Step,
        Sigmoid,
        Tanh,
        ReLU,
        LeakyReLU(0.2),
        ELU(1.0),
        SELU,
        GELU,
        Softplus,
        Swish,
    ] {
        let mut model = Sequential::new(Input(2), layers![Dense::new(1).activation(activation)], Seed(1))?;
        model.set_weights("dense.weights", &Tensor::from_rows(&[[0.7], [-1.3]])?)?;
        model.set_weights("dense.bias", &Tensor::vector(&[0.4])?)?;
        let neuron = Neuron::new(&[0.7, -1.3], 0.4, activation);
        for x in [[0.0, 0.0], [1.5, -2.0], [-3.0, 1.0]] {
            let theirs = model.predict(&Tensor::from_rows(&[x])?)?.item()?;
            assert!(
                (neuron.output(&x)? - theirs).abs() < 1e-6,
                "{activation} of {x:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn an_explanation_shows_products_sum_and_activation() -> Result<()> {
    let or = Neuron::new(&[1.0, 1.0], -0.5, Step);
    assert_eq!(
        or.explain(&[0.0, 1.0])?.to_string(),
        "step      x  w  result\n\
         --------  -  -  ------\n\
         x1 · w1   0  1     0.0\n\
         x2 · w2   1  1     1.0\n\
         b                 -0.5\n\
         s = sum            0.5\n\
         y = f(s)           1.0\n\
         y = Step(0·1 + 1·1 + (-0.5)) = Step(0.5) = 1"
    );
    let html = &or.explain(&[0.0, 1.0])?.rich().forms()[1].1.clone();
    assert!(html.contains("<table") && html.contains("x2 · w2"), "{html}");
    Ok(())
}

#[test]
fn or_and_and_not_are_learned_and_stay_learned() -> Result<()> {
    for table in [TruthTable::or(), TruthTable::and(), TruthTable::not()] {
        let (neuron, history) = learned(&table, 50)?;
        let epoch = history.learned_in().expect("learned");
        assert!(epoch < history.epochs() && history.epochs() < 50, "{history}");
        assert_eq!(neuron.answers(&table)?.wrong(), 0);
        // In the last epoch nothing was changed.
        let rows = table.rows().len();
        assert!(
            history.steps()[history.steps().len() - rows..]
                .iter()
                .all(|step| step.delta == 0.0)
        );
        assert_eq!(history.steps().len(), rows * history.epochs());
    }
    Ok(())
}

#[test]
fn each_step_of_the_perceptron_is_the_rule() -> Result<()> {
    let (neuron, history) = learned(&TruthTable::and(), 50)?;
    let (mut weights, mut bias) = (vec![0.0, 0.0], 0.0);
    for step in history.steps() {
        let sum = weights[0] * step.x[0] + weights[1] * step.x[1] + bias;
        assert_eq!(step.output, if sum >= 0.0 { 1.0 } else { 0.0 });
        assert_eq!(step.delta, step.target - step.output);
        for (w, x) in weights.iter_mut().zip(&step.x) {
            *w += 0.5 * step.delta * x;
        }
        bias += 0.5 * step.delta;
        assert_eq!((&step.weights, step.bias), (&weights, bias));
    }
    assert_eq!((neuron.weights, neuron.bias), (weights, bias));
    Ok(())
}

#[test]
fn xor_is_out_of_reach_the_error_stays() -> Result<()> {
    let xor = TruthTable::xor();
    let (_, history) = learned(&xor, 1000)?;
    assert_eq!(history.learned_in(), None);
    assert_eq!(history.epochs(), 1000);
    assert!(history.wrong().iter().all(|wrong| *wrong >= 1));
    assert!(history.errors().iter().all(|error| *error >= 1.0));
    assert!(
        history.to_string().contains("x1 XOR x2: 1000 epochs, still"),
        "{history}"
    );
    // A smooth neuron settles where it answers ½ to every row.
    let mut smooth = Neuron::new(&[0.3, -0.2], 0.1, Sigmoid);
    let history = smooth.learn(
        &xor,
        Learn {
            learning_rate: 0.1,
            epochs: 5000,
        },
    )?;
    assert_eq!(history.learned_in(), None);
    assert!(
        (history.errors()[4999] - 1.0).abs() < 0.01,
        "{}",
        history.errors()[4999]
    );
    // Nor does any choice of weights by hand: three of four rows is the most.
    let grid = || (-8..=8).map(|i| i as f32 / 4.0);
    for (w1, w2, b) in grid().flat_map(|w1| grid().flat_map(move |w2| grid().map(move |b| (w1, w2, b)))) {
        assert!(Neuron::new(&[w1, w2], b, Step).answers(&xor)?.wrong() >= 1);
    }
    Ok(())
}

#[test]
fn the_delta_rule_takes_the_steps_of_pytorchs_sgd() -> Result<()> {
    let case = reference("delta_rule");
    let start = numbers(&case["start"]);
    let mut neuron = Neuron::new(&start[..2], start[2], Sigmoid);
    let history = neuron.learn(
        &TruthTable::and(),
        Learn {
            learning_rate: 0.5,
            epochs: 3,
        },
    )?;
    let expected = case["steps"].as_array().expect("steps");
    assert_eq!(history.steps().len(), expected.len());
    for (step, expected) in history.steps().iter().zip(expected) {
        let own = [&step.weights[..], &[step.bias]].concat();
        assert_close("delta rule", &own, &numbers(expected), 1e-5);
    }
    Ok(())
}

#[test]
fn the_line_of_a_neuron_is_where_its_sum_is_0() -> Result<()> {
    for (w, b) in [
        ([1.0, 1.0], -1.5),
        ([2.0, -0.5], 0.1),
        ([0.0, 1.0], -0.25),
        ([1.0, 0.0], -0.75),
        ([-1.0, 3.0], 0.0),
    ] {
        let neuron = Neuron::new(&w, b, Step);
        let [first, last] = neuron.line(-0.5, 1.5)?.expect("a line");
        assert_ne!(first, last);
        for end in [first, last] {
            assert!(neuron.sum(&end)?.abs() < 1e-5, "{w:?} {b}: {end:?}");
            assert!(end.iter().all(|x| (-0.5..=1.5).contains(x)));
            assert!(
                end.iter().any(|x| *x == -0.5 || *x == 1.5),
                "on the border: {end:?}"
            );
        }
    }
    assert_eq!(Neuron::new(&[1.0, 1.0], 5.0, Step).line(-0.5, 1.5)?, None);
    assert_eq!(Neuron::new(&[0.0, 0.0], 1.0, Step).line(-0.5, 1.5)?, None);
    assert!(step(&[1.0]).line(0.0, 1.0).is_err());
    Ok(())
}

#[test]
fn a_truth_table_goes_into_the_librarys_own_networks() -> Result<()> {
    let or = TruthTable::or();
    assert_eq!((or.x()?.shape(), or.y()?.shape()), (&[4, 2][..], &[4, 1][..]));
    assert_eq!(or.y()?.to_vec(), [0.0, 1.0, 1.0, 1.0]);
    assert_eq!(
        or.to_string(),
        "x1  x2  x1 OR x2\n--  --  --------\n 0   0         0\n 0   1         1\n 1   0         1\n 1   1         1\n4 rows"
    );
    Ok(())
}

// Lesson 03: two layers.

fn basic(weights: &[f32], activation: Activation) -> BasicNetwork {
    let [w1, w2, b1, w3, w4, b2, w5, w6, b3] = weights[..] else {
        panic!("nine weights")
    };
    BasicNetwork {
        w1,
        w2,
        b1,
        w3,
        w4,
        b2,
        w5,
        w6,
        b3,
        activation,
    }
}

#[test]
fn the_basic_network_goes_forward_and_back_as_pytorch_does() -> Result<()> {
    let cases = reference("basic_network");
    for (name, activation) in [("Sigmoid", Sigmoid), ("Tanh", Tanh)] {
        let case = &cases[name];
        let number = |key: &str| case[key].as_f64().expect("a number") as f32;
        let network = basic(&numbers(&case["weights"]), activation);
        let x = numbers(&case["x"]);
        let forward = network.forward(x[0], x[1]);
        assert_close(
            name,
            &[forward.h1, forward.h2, forward.o1],
            &numbers(&case["forward"]),
            1e-5,
        );
        assert_eq!(network.output(x[0], x[1]), forward.o1);
        let backward = network.backward(x[0], x[1], number("target"))?;
        assert_close(name, &[backward.loss()], &[number("loss")], 1e-5);
        let names = ["w1", "w2", "b1", "w3", "w4", "b2", "w5", "w6", "b3"];
        let gradients = names.map(|name| backward.get(name).expect("a derivative"));
        assert_close(name, &gradients, &numbers(&case["gradients"]), 1e-4);
    }
    Ok(())
}

#[test]
fn the_basic_network_shows_every_product() -> Result<()> {
    let network = basic(&[1.0, 1.0, -0.5, -1.0, -1.0, 1.5, 1.0, 1.0, -1.5], Step);
    let forward = network.forward(0.0, 1.0).to_string();
    assert!(
        forward.contains("w3·x1 + w4·x2 + b2  (-1)·0 + (-1)·1 + 1.5  0.5     1"),
        "{forward}"
    );
    let backward = basic(&[0.5; 9], Linear).backward(1.0, 2.0, 1.0)?;
    // h1 = h2 = 2, o1 = 2.5: ∂L/∂o1 = 3, and each step of the chain multiplies.
    assert_eq!(backward.loss(), 2.25);
    for (name, value) in [
        ("o1", 3.0),
        ("δo1", 3.0),
        ("w5", 6.0),
        ("h2", 1.5),
        ("w3", 1.5),
        ("w2", 3.0),
        ("b2", 1.5),
    ] {
        assert_eq!(backward.get(name)?, value, "{name}");
    }
    let text = backward.to_string();
    assert!(
        text.contains("∂L/∂w2          δh1 · x2           1.5 · 2       3.0"),
        "{text}"
    );
    let error = backward.get("w7").expect_err("no such weight").to_string();
    assert!(error.contains("w6"), "{error}");
    Ok(())
}

#[test]
fn two_layers_solve_xor_by_hand_and_by_learning() -> Result<()> {
    let xor = TruthTable::xor();
    let by_hand = basic(&[1.0, 1.0, -0.5, -1.0, -1.0, 1.5, 1.0, 1.0, -1.5], Step);
    assert_eq!(by_hand.answers(&xor)?.outputs(), [0.0, 1.0, 1.0, 0.0]);

    let mut network = BasicNetwork::random(Seed(3))?;
    let history = network.learn(
        &xor,
        Learn {
            learning_rate: 1.0,
            epochs: 3000,
        },
    )?;
    assert_eq!(network.answers(&xor)?.wrong(), 0);
    assert_eq!(history.last("accuracy"), Some(1.0));
    assert!(history.last("loss") < Some(0.01), "{history}");

    for seed in 1..=3 {
        let mut network = TwoLayerNetwork::new(2, 4, Seed(seed))?;
        let history = network.learn(
            &xor.x()?,
            &xor.y()?,
            Learn {
                learning_rate: 2.0,
                epochs: 3000,
            },
        )?;
        assert_eq!(network.answers(&xor)?.wrong(), 0);
        assert!(history.last("loss") < Some(0.01), "{history}");
    }
    Ok(())
}

#[test]
fn small_networks_are_drawn_with_their_numbers() -> Result<()> {
    let weights = [1.0, 1.0, -0.5, -1.0, -1.0, 1.5, 1.0, 1.0, -1.5];
    let network = basic(&weights, Step);
    assert_eq!(network.weights(), weights);
    let plot = network.drawing().draw()?;
    assert!(
        plot.alt().contains("h2: x1 times −1, x2 times −1, plus 1.5"),
        "{}",
        plot.alt()
    );
    let plot = network.forward(0.0, 1.0).drawing().draw()?;
    assert!(
        plot.alt()
            .contains("o1: h1 times 1, h2 times 1, plus −1.5, gives 1"),
        "{}",
        plot.alt()
    );
    let plot = TwoLayerNetwork::new(3, 4, Seed(1))?.drawing().draw()?;
    assert!(
        plot.alt().contains("input of 3 units, hidden of 4 units"),
        "{}",
        plot.alt()
    );
    Ok(())
}

fn matrix_network(case: &Value) -> Result<(TwoLayerNetwork, Tensor, Tensor)> {
    let part = |which: usize, shape: &[usize]| Tensor::from_vec(numbers(&case["parameters"][which]), shape);
    let network = TwoLayerNetwork {
        w1: part(0, &[3, 4])?,
        b1: part(1, &[4])?,
        w2: part(2, &[4, 1])?,
        b2: part(3, &[1])?,
        hidden: Tanh,
        output: Sigmoid,
    };
    let x = Tensor::from_vec(numbers(&case["x"]), [5, 3])?;
    let y = Tensor::from_vec(numbers(&case["y"]), [5, 1])?;
    Ok((network, x, y))
}

#[test]
fn the_matrix_network_goes_forward_back_and_downhill_as_pytorch_does() -> Result<()> {
    let case = reference("two_layer_network");
    let (mut network, x, y) = matrix_network(&case)?;
    assert_close(
        "output",
        &network.forward(&x)?.o.to_vec(),
        &numbers(&case["output"]),
        1e-5,
    );
    let back = network.backward(&x, &y)?;
    for (which, gradient) in [&back.w1, &back.b1, &back.w2, &back.b2].into_iter().enumerate() {
        assert_close(
            "gradient",
            &gradient.to_vec(),
            &numbers(&case["gradients"][which]),
            1e-4,
        );
    }
    let losses = numbers(&case["losses"]);
    assert_close("loss", &[back.loss], &losses[..1], 1e-5);
    let history = network.learn(
        &x,
        &y,
        Learn {
            learning_rate: 0.7,
            epochs: 10,
        },
    )?;
    assert_close("losses", history.get("loss").expect("a loss"), &losses[1..], 1e-4);
    for (which, weights) in [&network.w1, &network.b1, &network.w2, &network.b2]
        .into_iter()
        .enumerate()
    {
        assert_close("weights", &weights.to_vec(), &numbers(&case["last"][which]), 1e-4);
    }
    Ok(())
}

#[test]
fn the_way_back_by_hand_is_the_one_that_is_recorded() -> Result<()> {
    let (network, x, y) = matrix_network(&reference("two_layer_network"))?;
    let recorded = TwoLayerNetwork {
        w1: network.w1.with_gradient(),
        b1: network.b1.with_gradient(),
        w2: network.w2.with_gradient(),
        b2: network.b2.with_gradient(),
        ..network.clone()
    };
    let gradients = losses::mse(&recorded.forward(&x)?.o, &y)?.backward()?;
    let by_hand = network.backward(&x, &y)?;
    let pairs = [
        (&by_hand.w1, &recorded.w1),
        (&by_hand.b1, &recorded.b1),
        (&by_hand.w2, &recorded.w2),
        (&by_hand.b2, &recorded.b2),
    ];
    for (by_hand, weight) in pairs {
        let recorded = gradients.get(weight)?;
        assert_eq!(by_hand.shape(), recorded.shape());
        assert_close("recorded", &by_hand.to_vec(), &recorded.to_vec(), 1e-5);
    }
    Ok(())
}

// Lesson 04: one weight.

#[test]
fn one_weight_gives_the_numbers_of_the_slide() {
    let example = OneWeight::lecture();
    let table = example.forward(3.0);
    assert_eq!(table.outputs(), [0.0, 3.0, 6.0, 9.0, 12.0]);
    assert_eq!(table.errors(), [0.0, 1.0, 4.0, 9.0, 16.0]);
    assert_eq!(table.total(), 30.0);
    assert_eq!(
        table.to_string(),
        "Input  Actual output  Desired output  Loss = Square error\n\
         -----  -------------  --------------  -------------------\n    \
         0              0               0                    0\n    \
         1              3               2                    1\n    \
         2              6               4                    4\n    \
         3              9               6                    9\n    \
         4             12               8                   16\n\
         W = 3: total loss is 30"
    );
    assert_eq!(
        example.nudge(3.0, 0.0001).to_string(),
        "        weight    loss  change of the loss\n\
         ------  ------  ------  ------------------\n\
         W - δW  2.9999  29.994              -0.006\n\
         W            3      30                   0\n\
         W + δW  3.0001  30.006               0.006\n\
         measured rate of change 60, derivative 60"
    );
}

#[test]
fn the_sign_of_the_derivative_says_where_to_go() {
    let signs = OneWeight::lecture().signs(&[1.0, 2.0, 3.0]);
    assert_eq!(
        signs.rows(),
        [(1.0, 30.0, -60.0), (2.0, 0.0, 0.0), (3.0, 30.0, 60.0)]
    );
    let text = signs.to_string();
    for words in [
        "negative  an increase in W decreases",
        "zero      a stable minimum",
        "positive  an increase in W increases",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_measured_rate_nears_the_derivative_as_the_step_shrinks() {
    let example = OneWeight::new(&[1.0, 2.0, -0.5], &[0.3, 4.0, 1.0]).expect("examples");
    let derivative = example.derivative(0.7);
    for delta_w in [0.1, 0.01, 0.0001] {
        // A parabola: what is measured to both sides is exact but for rounding.
        assert!((example.nudge(0.7, delta_w).rate() - derivative).abs() < 1e-8);
        let one_sided = (example.loss(0.7 + delta_w) - example.loss(0.7)) / delta_w;
        assert!((one_sided - derivative).abs() < 6.0 * delta_w);
    }
}

#[test]
fn the_delta_rule_goes_to_2_or_runs_away() -> Result<()> {
    let example = OneWeight::lecture();
    let steps = example.delta_rule(3.0, 0.01, 30)?;
    assert_eq!(steps.weights().len(), 31);
    assert!((steps.last() - 2.0).abs() < 1e-10);
    assert!(steps.losses().windows(2).all(|pair| pair[1] < pair[0]));
    // The curvature is 60: below 1/60 from one side, up to 1/30 to and fro, above it away.
    assert!((example.delta_rule(3.0, 1.0 / 60.0, 1)?.last() - 2.0).abs() < 1e-12);
    let to_and_fro = example.delta_rule(3.0, 0.03, 4)?.weights();
    assert!(
        to_and_fro
            .windows(2)
            .all(|pair| (pair[0] - 2.0) * (pair[1] - 2.0) < 0.0)
    );
    let away = example.delta_rule(3.0, 1.0, 1_000_000)?;
    assert!(away.weights().len() < 1000 && away.weights().iter().all(|w| w.is_finite()));
    assert_eq!(example.delta_rule(2.0, 0.01, 5)?.weights(), [2.0; 6]);
    Ok(())
}

// Lesson 02: what activations do.

#[test]
fn sigmoids_let_the_gradient_vanish_and_relus_keep_it() -> Result<()> {
    let stack = |activation, initializer| {
        DeepStack {
            activation,
            initializer,
            ..DeepStack::default()
        }
        .gradients()
    };
    let sigmoid = stack(Sigmoid, Initializer::GlorotUniform)?;
    assert_eq!(sigmoid.norms().len(), 10);
    assert!(
        sigmoid.norms().windows(2).all(|pair| pair[0] < pair[1]),
        "{sigmoid}"
    );
    assert!(sigmoid.kept() < 1e-5, "{sigmoid}");
    assert!(stack(ReLU, Initializer::HeNormal)?.kept() > 0.05);
    assert!(stack(Tanh, Initializer::GlorotUniform)?.kept() > 0.05);
    // Weights that are too large make it grow with every layer instead.
    let first = |depth| -> Result<f32> {
        let (activation, initializer) = (Linear, Initializer::Normal(1.0));
        let stack = DeepStack {
            depth,
            activation,
            initializer,
            ..DeepStack::default()
        };
        Ok(stack.gradients()?.norms()[0])
    };
    assert!(first(20)? > 1000.0 * first(10)?);
    Ok(())
}

#[test]
fn the_gradient_of_a_stack_of_single_units_is_the_product_of_its_factors() -> Result<()> {
    let stack = DeepStack {
        depth: 6,
        width: 1,
        activation: Linear,
        initializer: Initializer::Constant(0.5),
        seed: Seed(1),
    };
    // Layer k: the product of the 5 other weights times the mean input, the same for each.
    let norms = stack.gradients()?;
    assert!((norms.kept() - 1.0).abs() < 1e-5, "{norms}");
    let deeper = DeepStack { depth: 7, ..stack }.gradients()?;
    assert!((deeper.norms()[0] / norms.norms()[0] - 0.5).abs() < 1e-5);
    Ok(())
}

#[test]
fn a_deep_network_without_activations_is_the_product_of_its_matrices() -> Result<()> {
    let mut deep = Sequential::new(
        Input(3),
        layers![Dense::new(5), Dense::new(4), Dense::new(2)],
        Seed(2),
    )?;
    for (name, units) in [("dense.bias", 5), ("dense_1.bias", 4), ("dense_2.bias", 2)] {
        deep.set_weights(name, &Tensor::normal([units], 0.0, 1.0, Seed(3))?)?;
    }
    let w: Vec<Tensor> = deep.weights().into_iter().map(|(_, tensor)| tensor).collect();
    let map = collapse(&deep)?;
    let product = (w[0].matmul(&w[2])?).matmul(&w[4])?;
    let bias = ((w[1].reshape([1, 5])?.matmul(&w[2])? + &w[3])?.matmul(&w[4])? + &w[5])?;
    assert_close("W", &map.weights.to_vec(), &product.to_vec(), 1e-4);
    assert_close("b", &map.bias.to_vec(), &bias.to_vec(), 1e-4);
    assert!(map.difference() < 1e-4, "{map}");
    let x = Tensor::normal([7, 3], 0.0, 1.0, Seed(9))?;
    assert_close(
        "x W + b",
        &map.apply(&x)?.to_vec(),
        &deep.predict(&x)?.to_vec(),
        1e-4,
    );
    Ok(())
}

// Wrong inputs.

#[test]
fn wrong_inputs_say_what_was_expected() -> Result<()> {
    let or = Neuron::new(&[1.0, 1.0], -0.5, Step);
    let xor = TruthTable::xor();
    let (x, y) = (xor.x()?, xor.y()?);
    let network = TwoLayerNetwork::new(2, 3, Seed(1))?;
    let expected = |result: Result<()>, words: &str| {
        let error = result.expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    };
    expected(
        or.output(&[1.0]).map(drop),
        "expected 2 inputs, one for each weight, got 1 input",
    );
    expected(or.explain(&[1.0, 2.0, 3.0]).map(drop), "got 3 inputs");
    expected(step(&[1.0]).answers(&xor).map(drop), "expected 1 input");
    expected(
        step(&[1.0]).learn(&xor, Learn::default()).map(drop),
        "expected 1 input",
    );
    expected(
        or.clone()
            .learn(
                &xor,
                Learn {
                    epochs: 0,
                    ..Learn::default()
                },
            )
            .map(drop),
        "at least 1 epoch",
    );
    expected(
        or.clone()
            .learn(
                &xor,
                Learn {
                    learning_rate: f32::NAN,
                    ..Learn::default()
                },
            )
            .map(drop),
        "above 0",
    );
    expected(
        TruthTable::new("t", &[[0.0], [1.0]], &[1.0]).map(drop),
        "2 outputs",
    );
    expected(
        TruthTable::new("t", &Vec::<[f32; 2]>::new(), &[]).map(drop),
        "at least one value",
    );
    expected(
        BasicNetwork::random(Seed(1))?
            .answers(&TruthTable::not())
            .map(drop),
        "x1 and x2",
    );
    expected(network.forward(&Tensor::zeros([4, 5])?).map(drop), "expected");
    expected(
        network.backward(&x, &y.reshape([4])?).map(drop),
        "targets y of shape [4, 1]",
    );
    expected(TwoLayerNetwork::new(2, 0, Seed(1)).map(drop), "expected");
    expected(OneWeight::new(&[1.0], &[]).map(drop), "a desired output for each");
    expected(OneWeight::lecture().delta_rule(3.0, 0.0, 1).map(drop), "above 0");
    expected(
        DeepStack {
            depth: 0,
            ..DeepStack::default()
        }
        .gradients()
        .map(drop),
        "at least one layer",
    );
    let images = Sequential::new(Input([2, 2]), layers![Flatten::new(), Dense::new(1)], Seed(1))?;
    expected(collapse(&images).map(drop), "row of features");
    Ok(())
}

#[test]
fn weights_that_run_away_are_an_error() -> Result<()> {
    let far = TruthTable::new("far", &[[1e10], [-1e10]], &[1.0, 0.0])?;
    let mut neuron = Neuron::new(&[1.0], 0.0, Linear);
    let error = neuron
        .learn(&far, Learn::default())
        .expect_err("infinite")
        .to_string();
    assert!(error.contains("smaller learning rate"), "{error}");
    let mut network = TwoLayerNetwork::new(1, 2, Seed(1))?;
    (network.hidden, network.output) = (Linear, Linear);
    assert!(network.learn(&far.x()?, &far.y()?, Learn::default()).is_err());
    Ok(())
}
