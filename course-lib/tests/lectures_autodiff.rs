//! The autodiff of lesson 04 beside PyTorch's, `reference/make_lectures.py`, and beside finite differences.

use course_lib::lectures::{Tape, Var};
use course_lib::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

fn reference() -> Value {
    let all: Value =
        serde_json::from_str(include_str!("reference/lectures.json")).expect("lectures.json is JSON");
    all["autodiff"].clone()
}

fn assert_close(what: &str, actual: f64, expected: f64) {
    let difference = (actual - expected).abs();
    assert!(
        difference <= 1e-10 * (1.0 + expected.abs()),
        "{what}: {actual}, PyTorch has {expected}"
    );
}

#[test]
fn values_and_gradients_are_pytorchs() -> Result<()> {
    type Formula = fn(Var, Var, Var) -> Var;
    // The same formulas as in make_lectures.py.
    let formulas: [(&str, Formula); 6] = [
        ("neuron", |a, b, c| (a * b + c).tanh()),
        ("used_twice", |a, b, c| a * a * b + a / b - a + 0.0 * c),
        ("powers", |a, b, c| a.powi(3) + b.powi(-2) + (c - a).powi(2)),
        ("functions", |a, b, c| {
            a.sigmoid() * (b / 3.0).exp() + (b * b + 1.0).ln() - (a * c).sin()
        }),
        ("kinked", |a, b, c| {
            (a * b).relu() + (-a * b).relu() * 2.0 + (c - 10.0).relu() * a
        }),
        ("micrograd", |a, b, c| {
            (10.0 / (a * b + c).powi(2) + (b + a).relu() * 3.0 - (c - b) / 2.0).powi(2)
        }),
    ];
    let cases = reference();
    for (name, formula) in formulas {
        let case = &cases[name];
        let number = |value: &Value| value.as_f64().expect("a number");
        let tape = Tape::new();
        let vars = [0, 1, 2].map(|i| tape.var(["a", "b", "c"][i], number(&case["inputs"][i])));
        let result = formula(vars[0], vars[1], vars[2]);
        assert_close(name, result.value(), number(&case["value"]));
        result.backward()?;
        for (i, var) in vars.into_iter().enumerate() {
            assert_close(name, var.grad(), number(&case["gradients"][i]));
        }
    }
    Ok(())
}

/// A formula that can be drawn at random.
#[derive(Debug, Clone)]
enum Formula {
    Input(usize),
    Number(f64),
    Of(u8, Box<Formula>),
    Both(u8, Box<Formula>, Box<Formula>),
}

impl Formula {
    fn on(&self, inputs: &[Var]) -> Var {
        match self {
            Self::Input(which) => inputs[*which],
            Self::Number(value) => inputs[0] * 0.0 + *value,
            Self::Of(which, x) => {
                let x = x.on(inputs);
                match which % 8 {
                    0 => x.tanh(),
                    1 => x.sigmoid(),
                    2 => x.sin(),
                    3 => x.tanh().exp(),
                    4 => (x * x + 0.5).ln(),
                    5 => x.tanh().powi(3),
                    // Smooth where finite differences look: the kink has a test of its own.
                    6 => (x.sin() + 2.0).relu(),
                    _ => -x,
                }
            }
            Self::Both(which, x, y) => {
                let (x, y) = (x.on(inputs), y.on(inputs));
                match which % 4 {
                    0 => x + y,
                    1 => x - y,
                    2 => x.tanh() * y,
                    _ => x / (y * y + 1.0),
                }
            }
        }
    }

    fn value(&self, inputs: [f64; 3]) -> f64 {
        let tape = Tape::new();
        let inputs = inputs.map(|value| tape.var("x", value));
        self.on(&inputs).value()
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        4 => (0..3_usize).prop_map(Formula::Input),
        1 => (-2.0..2.0).prop_map(Formula::Number),
    ];
    leaf.prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            (any::<u8>(), inner.clone()).prop_map(|(which, x)| Formula::Of(which, Box::new(x))),
            (any::<u8>(), inner.clone(), inner).prop_map(|(which, x, y)| Formula::Both(
                which,
                Box::new(x),
                Box::new(y)
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_of_random_formulas_are_their_slopes(formula in formula(), inputs: [i16; 3]) {
        let inputs = inputs.map(|value| f64::from(value) / 16384.0);
        let tape = Tape::new();
        let vars = inputs.map(|value| tape.var("x", value));
        formula.on(&vars).backward().expect("a number");
        for which in 0..3 {
            let moved = |by: f64| {
                let mut inputs = inputs;
                inputs[which] += by;
                formula.value(inputs)
            };
            // The second difference tells how far the first can be off.
            let step = 1e-5;
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            let wide = (moved(10.0 * step) - moved(-10.0 * step)) / (20.0 * step);
            let allowed = 1e-6 * (1.0 + slope.abs()) + 0.1 * (slope - wide).abs();
            let gradient = vars[which].grad();
            prop_assert!((gradient - slope).abs() <= allowed, "input {which}: {gradient}, slope {slope}");
        }
    }
}

#[test]
fn references_and_plain_numbers_calculate_as_values_do() {
    let tape = Tape::new();
    let (a, b) = (tape.var("a", 3.0), tape.var("b", 2.0));
    let (x, y) = (&a, &b);
    let by_reference = [x + y, x - b, a * y, x / y, x + 2.0, 3.0 - y, 3.0 * b, a / 2.0];
    let by_value = [5.0, 1.0, 6.0, 1.5, 5.0, 1.0, 6.0, 1.5];
    assert_eq!(by_reference.map(Var::value), by_value);
    assert_eq!((-a).value(), -3.0);
    assert_eq!([a, b].into_iter().sum::<Var>().value(), 5.0);
    assert_eq!(std::iter::empty::<Var>().sum::<Var>().value(), 0.0);
}

#[test]
fn relu_has_derivative_0_at_its_kink() -> Result<()> {
    let x = Tape::new().var("x", 0.0);
    x.relu().backward()?;
    assert_eq!(x.grad(), 0.0);
    Ok(())
}

#[test]
fn a_second_backward_forgets_the_first() -> Result<()> {
    let tape = Tape::new();
    let (w, v) = (tape.var("w", 3.0), tape.var("v", 5.0));
    let product = w * v;
    product.backward()?;
    product.backward()?;
    assert_eq!((w.grad(), v.grad()), (5.0, 3.0));
    (w * w).backward()?;
    assert_eq!((w.grad(), v.grad()), (6.0, 0.0));
    Ok(())
}

#[test]
fn one_weight_learns_on_the_tape_as_on_the_slide() -> Result<()> {
    let tape = Tape::new();
    let w = tape.var("W", 3.0);
    let losses = [0.0, 1.0, 2.0, 3.0, 4.0].map(|x| (w * x - 2.0 * x).powi(2));
    let loss: Var = losses.into_iter().sum();
    assert_eq!(loss.value(), 30.0);
    loss.backward()?;
    assert_eq!(w.grad(), OneWeight::lecture().derivative(3.0));
    Ok(())
}

#[test]
fn variables_of_two_tapes_in_one_formula_are_an_error() {
    let (here, there) = (Tape::new().var("here", 1.0), Tape::new().var("there", 2.0));
    for mixed in [here + there, (here * there).relu(), there / here] {
        assert!(mixed.value().is_nan());
        let error = mixed.backward().expect_err("two tapes").to_string();
        assert!(error.contains("on one tape"), "{error}");
    }
    assert!((-here).ln().backward().is_err());
}

#[test]
fn the_stack_shows_one_line_a_call_the_top_first() -> Result<()> {
    let tape = Tape::new();
    let w = tape.var("W", 3.0);
    let loss = (w * 4.0 - 8.0).powi(2).named("loss");
    assert_eq!(
        tape.to_string(),
        "name  call    in numbers  value\n\
         ----  ------  ----------  -----\n\
         loss  v2 ^ 2  4 ^ 2          16\n\
         v2    v1 - 8  12 - 8          4\n\
         v1    W * 4   3 * 4          12\n\
         W     input                   3\n\
         3 calls on 1 input; the last call is the top of the stack"
    );
    assert_eq!(
        loss.backward()?.to_string(),
        "take off       its gradient  times                       adds        to      now\n\
         -------------  ------------  --------------------------  ----------  ------  ---\n\
         loss = v2 ^ 2             1  ∂loss/∂v2 = 2 · v2^(2 - 1)  1 · 8 = 8   ∂L/∂v2    8\n\
         v2 = v1 - 8               8  ∂v2/∂v1 = 1                 8 · 1 = 8   ∂L/∂v1    8\n\
         v1 = W * 4                8  ∂v1/∂W = 4                  8 · 4 = 32  ∂L/∂W    32\n\
         L is loss = 16; the way back begins with ∂L/∂loss = 1"
    );
    assert_eq!(w.to_string(), "W = 3, ∂L/∂W = 32");
    Ok(())
}

#[test]
fn a_variable_used_twice_is_added_to_twice() -> Result<()> {
    let tape = Tape::new();
    let w = tape.var("w", 3.0);
    let told = (w * w).backward()?.to_string();
    assert_eq!(told.matches("∂L/∂w").count(), 2, "{told}");
    assert_eq!(w.grad(), 6.0);
    Ok(())
}

#[test]
fn what_the_loss_does_not_depend_on_is_not_un_stacked() -> Result<()> {
    let tape = Tape::new();
    let (w, v) = (tape.var("w", 3.0), tape.var("v", 0.0));
    let unused = v.ln();
    let told = (w * 2.0).backward()?.to_string();
    assert!(unused.value().is_infinite());
    assert!(!told.contains("ln"), "{told}");
    assert_eq!(v.grad(), 0.0);
    Ok(())
}

#[test]
fn nodes_and_edges_draw_the_tape() -> Result<()> {
    let tape = Tape::new();
    let (x, w) = (tape.var("x", 2.0), tape.var("w", -3.0));
    (x * w + 1.0).named("y").backward()?;
    let nodes: Vec<_> = tape.nodes();
    let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["x", "w", "v1", "1", "y"]);
    let calls: Vec<&str> = nodes.iter().map(|node| node.call.as_str()).collect();
    assert_eq!(calls, ["", "", "x * w", "", "v1 + 1"]);
    assert_eq!(
        (nodes[2].value, nodes[0].gradient, nodes[1].gradient),
        (-6.0, -3.0, 2.0)
    );
    let edges: Vec<_> = tape
        .edges()
        .iter()
        .map(|edge| (edge.from, edge.to, edge.derivative))
        .collect();
    assert_eq!(edges, [(0, 2, -3.0), (1, 2, 2.0), (2, 4, 1.0), (3, 4, 1.0)]);
    assert!(edges.iter().all(|(from, to, _)| from < to));
    Ok(())
}

#[test]
fn the_graph_shows_gradients_once_they_are_known() -> Result<()> {
    let tape = Tape::new();
    let w = tape.var("W", 3.0);
    let loss = (w * -4.0).powi(2);
    let before = tape.graph().draw()?;
    assert!(
        before.alt().contains("v1 = W * (-4), -12") && !before.alt().contains("∂"),
        "{}",
        before.alt()
    );
    loss.backward()?;
    let after = tape.graph().draw()?;
    assert!(
        after
            .alt()
            .contains("W, 3, ∂L/∂W = 96; leads to v1 = W * (-4) (-4)"),
        "{}",
        after.alt()
    );
    Ok(())
}
