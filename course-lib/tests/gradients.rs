//! Gradients beside finite differences, over random shapes and values.

mod portable;
mod pytorch;
mod slopes;

use course_lib::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pytorch::weighted;
use slopes::{STEEP, agree, moved, slope};

/// Compares the gradient of `function` (made one number with fixed weights) with finite differences.
fn check(inputs: &[Tensor], function: impl Fn(&[Tensor]) -> Result<Tensor>) -> Result<(), TestCaseError> {
    let leaves: Vec<Tensor> = inputs.iter().map(Tensor::with_gradient).collect();
    let gradients = function(&leaves).and_then(|result| weighted(&result)?.backward());
    let gradients = gradients.expect("gradients");
    for (which, leaf) in leaves.iter().enumerate() {
        let gradient = gradients.get(leaf).expect("a gradient for each input").to_vec();
        for (place, gradient) in gradient.into_iter().enumerate() {
            let outputs = |by: f32| {
                let mut inputs = inputs.to_vec();
                inputs[which] = moved(&inputs[which], place, by);
                function(&inputs).expect("a result").to_vec()
            };
            let slope = slope(outputs, STEEP.step);
            agree(
                &format!("input {which}, value {place}"),
                gradient,
                slope,
                STEEP.bound,
            )?;
        }
    }
    Ok(())
}

/// More than the two steps that a value is moved.
const MARGIN: f32 = 3.0 * STEEP.step;

/// Values from `low` to `high`, and none so close to 0 that the step would cross a kink there.
fn values(shape: &[usize], low: f32, high: f32, seed: u64) -> Tensor {
    let drawn = Tensor::uniform(shape, low, high, Seed(seed))
        .expect("values")
        .to_vec();
    let away = drawn
        .into_iter()
        .map(|v| if v.abs() < MARGIN { v + 2.0 * MARGIN } else { v });
    Tensor::from_vec(away.collect(), shape).expect("the same shape")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(20), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_matrix_products(rows in 1..5_usize, inner in 1..5_usize, columns in 1..5_usize, seed: u64) {
        let (left, right) = (values(&[rows, inner], -1.0, 1.0, seed), values(&[inner, columns], -1.0, 1.0, seed ^ 1));
        check(&[left, right], |x| x[0].matmul(&x[1]))?;
    }

    #[test]
    fn of_products_of_stacks(stack in 1..4_usize, rows in 1..4_usize, inner in 1..4_usize, seed: u64) {
        let left = values(&[stack, rows, inner], -1.0, 1.0, seed);
        check(&[left.clone(), values(&[stack, inner, 2], -1.0, 1.0, seed ^ 1)], |x| x[0].matmul(&x[1]))?;
        check(&[left, values(&[inner, 3], -1.0, 1.0, seed ^ 2)], |x| x[0].matmul(&x[1]))?;
    }

    #[test]
    fn of_arithmetic_with_stretched_shapes(rows in 1..5_usize, columns in 1..5_usize, seed: u64) {
        let x = values(&[rows, columns], -1.0, 1.0, seed);
        for shape in [vec![rows, columns], vec![columns], vec![rows, 1], vec![1, columns], vec![]] {
            let other = values(&shape, 0.5, 1.5, seed ^ 1);
            check(&[x.clone(), other.clone()], |x| &x[0] + &x[1])?;
            check(&[x.clone(), other.clone()], |x| &x[0] - &x[1])?;
            check(&[x.clone(), other.clone()], |x| &x[0] * &x[1])?;
            check(&[x.clone(), other], |x| &x[0] / &x[1])?;
        }
    }

    #[test]
    fn of_a_tensor_that_meets_itself(rows in 1..5_usize, seed: u64) {
        let x = values(&[rows, rows], 0.4, 1.2, seed);
        check(std::slice::from_ref(&x), |x| &x[0] * &x[0])?;
        check(std::slice::from_ref(&x), |x| &x[0] / &x[0])?;
        check(std::slice::from_ref(&x), |x| x[0].matmul(&x[0]))?;
        check(std::slice::from_ref(&x), |x| x[0].matmul(&x[0].transpose()?))?;
        check(&[x], |x| &x[0].exp() * &x[0].exp() + &x[0].square())?;
    }

    #[test]
    fn of_reductions_and_rearrangements(a in 1..4_usize, b in 1..4_usize, c in 1..4_usize, seed: u64) {
        let x = [values(&[a, b, c], -1.0, 1.0, seed)];
        for axis in 0..3 {
            check(&x, |x| x[0].sum_axis(axis))?;
            check(&x, |x| x[0].mean_axis(axis))?;
        }
        check(&x, |x| Ok(x[0].sum()))?;
        check(&x, |x| Ok(x[0].square().mean()))?;
        check(&x, |x| x[0].permute(&[2, 0, 1]))?;
        check(&x, |x| x[0].reshape([c, a * b])?.transpose())?;
        check(&x, |x| x[0].rows(a - 1..a))?;
        check(&x, |x| x[0].select_rows(&[0, a - 1, 0]))?;
        let other = values(&[a, 2, c], -1.0, 1.0, seed ^ 1);
        check(&[x[0].clone(), other], |x| Tensor::concatenate(&[&x[0], &x[1], &x[0]], 1))?;
        // Values so far apart that a small step does not change which is largest.
        let order = Seed(seed).stream().permutation(a * b * c);
        let apart = order.into_iter().map(|place| 0.2 * place as f32 - 1.0).collect();
        let apart = [Tensor::from_vec(apart, [a, b, c]).expect("values")];
        for axis in 0..3 {
            check(&apart, |x| x[0].max_axis(axis))?;
        }
    }

    #[test]
    fn of_functions_of_each_value(rows in 1..4_usize, columns in 1..5_usize, seed: u64) {
        let positive = [values(&[rows, columns], 0.5, 2.0, seed)];
        check(&positive, |x| Ok(x[0].ln()))?;
        check(&positive, |x| Ok(x[0].sqrt()))?;
        check(&positive, |x| Ok(x[0].powf(1.5)))?;
        let x = [values(&[rows, columns], -2.0, 2.0, seed)];
        check(&x, |x| Ok(x[0].exp()))?;
        check(&x, |x| Ok(x[0].abs()))?;
        check(&x, |x| Ok(x[0].sin()))?;
        check(&x, |x| Ok(x[0].cos()))?;
        check(&x, |x| Ok(1.0 - &x[0] * 3.0))?;
    }

    #[test]
    fn of_activations(rows in 1..4_usize, columns in 1..5_usize, seed: u64) {
        let x = [values(&[rows, columns], -2.0, 2.0, seed)];
        let all = [
            Linear, Sigmoid, Tanh, ReLU, LeakyReLU(0.2), ELU(0.7), SELU, GELU, Softplus, Swish, Softmax,
        ];
        for activation in all {
            check(&x, |x| Ok(activation.apply(&x[0])))?;
        }
        check(&x, |x| Ok(x[0].log_softmax()))?;
    }

    #[test]
    fn of_losses(rows in 1..5_usize, classes in 2..5_usize, seed: u64) {
        let x = values(&[rows, classes], -2.0, 2.0, seed);
        let soft = values(&[rows, classes], 0.1, 0.9, seed ^ 1);
        let numbers = (0..rows).map(|row| (row % classes) as f32).collect();
        let numbers = Tensor::from_vec(numbers, [rows]).expect("class numbers");
        check(&[x.clone(), &soft + 3.0], |x| losses::mse(&x[0], &x[1]))?;
        check(&[x.clone(), &soft + 3.0], |x| losses::mae(&x[0], &x[1]))?;
        check(std::slice::from_ref(&x), |x| losses::binary_crossentropy(&x[0].sigmoid(), &soft))?;
        check(&[values(&[rows, classes], 0.1, 0.9, seed ^ 2)], |x| losses::binary_crossentropy(&x[0], &soft))?;
        check(std::slice::from_ref(&x), |x| losses::categorical_crossentropy(&x[0].softmax(), &soft))?;
        check(std::slice::from_ref(&x), |x| losses::sparse_categorical_crossentropy(&x[0].softmax(), &numbers))?;
        // Where the error is beyond δ, and where it is not.
        check(&[x.clone(), &soft + 3.0], |x| losses::huber(&x[0], &x[1], 0.5))?;
        check(&[x.clone(), &soft + 3.0], |x| losses::huber(&x[0], &x[1], 7.0))?;
        let signs = (0..rows * classes).map(|place| if place % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let signs = Tensor::from_vec(signs, [rows, classes]).expect("signs");
        check(&[values(&[rows, classes], -0.9, 0.9, seed ^ 3)], |x| losses::hinge(&x[0], &signs))?;
        // Each row as a sequence of two steps.
        let steps = Tensor::concatenate(&[&x, &soft], 1).and_then(|both| both.reshape([rows, 2, classes]));
        let soft_steps = Tensor::concatenate(&[&soft, &soft], 1).and_then(|both| both.reshape([rows, 2, classes]));
        let of_steps = numbers.reshape([rows, 1]).and_then(|one| Tensor::concatenate(&[&one, &one], 1));
        let (steps, soft_steps, of_steps) = (steps.expect("steps"), soft_steps.expect("steps"), of_steps.expect("steps"));
        check(std::slice::from_ref(&steps), |x| losses::categorical_crossentropy(&x[0].softmax(), &soft_steps))?;
        check(&[steps], |x| losses::sparse_categorical_crossentropy(&x[0].softmax(), &of_steps))?;
    }

    #[test]
    fn of_a_whole_network(inputs in 1..5_usize, hidden in 1..5_usize, seed: u64) {
        let x = values(&[3, inputs], -1.0, 1.0, seed);
        let weights = [
            values(&[inputs, hidden], -1.0, 1.0, seed ^ 1),
            values(&[hidden], -1.0, 1.0, seed ^ 2),
            values(&[hidden, 2], -1.0, 1.0, seed ^ 3),
        ];
        check(&weights, |w| (x.matmul(&w[0])? + &w[1])?.tanh().matmul(&w[2]))?;
    }
}

#[test]
fn only_what_leads_to_the_loss_is_walked() -> Result<()> {
    let w = Tensor::scalar(2.0).with_gradient();
    let y = w.square();
    let infinite = (&y * 1e30).exp();
    assert!(!infinite.is_finite());
    assert_eq!(y.backward()?.get(&w)?.item()?, 4.0);
    Ok(())
}

#[test]
fn a_second_walk_over_the_same_steps_is_an_error() -> Result<()> {
    let w = Tensor::scalar(2.0).with_gradient();
    let y = w.square();
    let (first, second) = (&y * 2.0, &y * 3.0);
    first.backward()?;
    let error = second.backward().expect_err("the square was freed");
    assert!(
        error.to_string().contains("run the forward pass again"),
        "{error}"
    );
    Ok(())
}

#[test]
fn gradients_stop_at_a_detached_tensor() -> Result<()> {
    let w = Tensor::scalar(3.0).with_gradient();
    let y = (&w * &w.detach())?;
    assert_eq!(y.backward()?.get(&w)?.item()?, 3.0);
    let kept = (&w * 2.0).detach();
    assert!(!kept.has_gradient());
    assert!(kept.backward().is_err());
    Ok(())
}

#[test]
fn several_recordings_meet_in_one_loss() -> Result<()> {
    let parts: Vec<Tensor> = (1..=5)
        .map(|n| Tensor::scalar(n as f32).with_gradient())
        .collect();
    let mut loss = Tensor::scalar(0.0);
    for part in &parts {
        loss = (part.square() * &part.exp() + &loss)?;
    }
    let gradients = loss.backward()?;
    for (n, part) in parts.iter().enumerate() {
        let x = (n + 1) as f32;
        let expected = (x * x + 2.0 * x) * x.exp();
        let gradient = gradients.get(part)?.item()?;
        assert!(
            (gradient - expected).abs() < 1e-5 * expected,
            "{gradient} for {expected}"
        );
    }
    Ok(())
}

#[test]
fn gradients_of_two_losses_add_up() -> Result<()> {
    let w = Tensor::scalar(3.0).with_gradient();
    let v = Tensor::scalar(1.0).with_gradient();
    let both = w.square().backward()?.plus(&(&w * &v)?.backward()?);
    assert_eq!(both.get(&w)?.item()?, 7.0);
    assert_eq!(both.get(&v)?.item()?, 3.0);
    Ok(())
}

#[test]
fn a_chain_of_many_operations_does_not_overflow_the_stack() -> Result<()> {
    let w = Tensor::scalar(1.0).with_gradient();
    let mut y = w.clone();
    for _ in 0..200_000 {
        y = y + 1e-6;
    }
    drop(y.clone());
    assert_eq!(y.backward()?.get(&w)?.item()?, 1.0);
    let mut dropped = w.clone();
    for _ in 0..200_000 {
        dropped = dropped + 1.0;
    }
    drop(dropped);
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
