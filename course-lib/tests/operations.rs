//! Operations on tensors, and kernels made by hand, beside PyTorch's numbers, which `reference/make_operations.py` made.

mod portable;
mod pytorch;

use course_lib::prelude::*;
use pytorch::{FORWARD, GRADIENT, assert_each_like, assert_like, tensor, weighted};
use serde_json::Value;

fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

/// How tensors are compared: [`assert_like`] where values are sums, [`assert_each_like`] where they are not.
type Rule = fn(&str, &Tensor, &Value, f64);

fn check(name: &str, rule: Rule, function: impl Fn(&[Tensor]) -> Result<Tensor>) -> Result<()> {
    let cases: Value = serde_json::from_str(include_str!("reference/operations.json")).expect("JSON");
    let case = &cases[name];
    let inputs = case["inputs"].as_array().expect("inputs").iter();
    let inputs: Vec<Tensor> = inputs.map(|input| tensor(input).with_gradient()).collect();
    let result = function(&inputs)?;
    rule(name, &result, &case["result"], FORWARD);
    let number = weighted(&result)?;
    let gradients = number.backward()?;
    for (place, input) in inputs.iter().enumerate() {
        let what = format!("{name}, gradient {place}");
        rule(&what, &gradients.get(input)?, &case["gradients"][place], GRADIENT);
    }
    Ok(())
}

#[test]
fn operations_and_their_gradients_are_pytorchs() -> Result<()> {
    let each = assert_each_like;
    check("sin", each, |x| Ok(x[0].sin()))?;
    check("cos", each, |x| Ok(x[0].cos()))?;
    check("powf", each, |x| Ok(x[0].powf(1.7)))?;
    check("clamp", each, |x| Ok(x[0].clamp(-0.5, 0.7)))?;
    check("step", each, |x| Ok(Step.apply(&x[0])))?;
    check("neg", each, |x| Ok(-&x[0]))?;
    check("rows", each, |x| x[0].rows(1..3))?;
    check("select_rows", each, |x| x[0].select_rows(&[2, 0, 2]))?;
    check("concatenate", each, |x| Tensor::concatenate(&[&x[0], &x[1]], 1))?;
    check("sum_axis_0", assert_like, |x| x[0].sum_axis(0))
}

#[test]
fn images_seen_through_kernels_made_by_hand_are_pytorchs() -> Result<()> {
    let sums = assert_like;
    check("one_kernel", sums, |x| {
        layers::convolve(&x[0], &x[1], Padding::Valid)
    })?;
    check("one_kernel_same", sums, |x| {
        layers::convolve(&x[0], &x[1], Padding::Same)
    })?;
    check("several_kernels", sums, |x| {
        layers::convolve(&x[0], &x[1], Padding::Valid)
    })?;
    check("colours", sums, |x| {
        layers::convolve(&x[0], &x[1], Padding::Valid)
    })
}

#[test]
fn one_kernel_sees_each_image_by_itself_and_several_give_an_axis_of_their_own() -> Result<()> {
    let shape = |images: &[usize], kernels: &[usize]| -> Result<Vec<usize>> {
        let result = layers::convolve(&Tensor::ones(images)?, &Tensor::ones(kernels)?, Padding::Valid)?;
        Ok(result.shape().to_vec())
    };
    assert_eq!(shape(&[5, 6], &[3, 3])?, [3, 4]);
    assert_eq!(shape(&[2, 5, 6], &[3, 3])?, [2, 3, 4]);
    assert_eq!(shape(&[2, 3, 5, 6], &[3, 3])?, [2, 3, 3, 4]);
    assert_eq!(shape(&[5, 6], &[7, 2, 2])?, [7, 4, 5]);
    assert_eq!(shape(&[2, 5, 6], &[7, 2, 2])?, [2, 7, 4, 5]);
    assert_eq!(shape(&[2, 1, 5, 6], &[7, 2, 2])?, [2, 7, 4, 5]);
    assert_eq!(shape(&[2, 3, 5, 6], &[7, 3, 2, 2])?, [2, 7, 4, 5]);
    Ok(())
}

#[test]
fn kernels_that_do_not_fit_the_images_are_errors() -> Result<()> {
    let refused = |images: &[usize], kernels: &[usize]| -> Result<String> {
        let (images, kernels) = (Tensor::ones(images)?, Tensor::ones(kernels)?);
        Ok(message(layers::convolve(&images, &kernels, Padding::Valid)))
    };
    assert!(refused(&[36], &[3, 3])?.contains("reshape"));
    assert!(refused(&[5, 6], &[3])?.contains("[3]"));
    assert!(refused(&[2, 3, 5, 6], &[7, 3, 3])?.contains("[7, 3, 3]"));
    assert!(refused(&[2, 3, 5, 6], &[7, 2, 3, 3])?.contains("[7, 2, 3, 3]"));
    assert!(refused(&[5, 6], &[1, 1, 3, 3])?.contains("[5, 6]"));
    assert!(refused(&[2, 6], &[3, 3])?.contains("Padding::Same"));
    Ok(())
}

#[test]
fn dropout_makes_up_for_what_it_drops_and_its_gradient_goes_where_the_values_went() -> Result<()> {
    let mut layer = Dropout::new(0.4);
    layer.build(&[50], Seed(3))?;
    let x = Tensor::uniform([20, 50], 0.5, 1.5, Seed(4))?.with_gradient();
    let y = layer.forward(&x, Mode::Training)?;
    let gradient = y.sum().backward()?.get(&x)?;
    let kept = y.to_vec().iter().filter(|value| **value != 0.0).count();
    assert!((500..700).contains(&kept), "{kept} of 1000 are kept");
    for ((y, x), gradient) in y.to_vec().iter().zip(x.to_vec()).zip(gradient.to_vec()) {
        let expected = if *y == 0.0 { 0.0 } else { 1.0 / 0.6 };
        assert!(
            (gradient - expected).abs() < 1e-6 && (y - x * expected).abs() < 1e-6,
            "{y} from {x} with slope {gradient}"
        );
    }
    assert_eq!(layer.forward(&x, Mode::Inference)?.to_vec(), x.to_vec());
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
