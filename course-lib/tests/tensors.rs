//! How tensors are made, read, printed, and what they say when something does not fit.

mod portable;

use course_lib::prelude::*;

/// What an error says, and that it says all of it.
fn message<T>(result: Result<T>) -> String {
    let message = result.err().expect("an error").to_string();
    assert!(
        message.contains("expected") && message.contains("What to do"),
        "{message}"
    );
    message
}

#[test]
fn values_keep_their_places() -> Result<()> {
    let x = Tensor::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])?;
    assert_eq!(x.shape(), [2, 3]);
    assert_eq!(x.at(&[1, 2])?, 6.0);
    assert_eq!(x.row(1)?, Tensor::vector(&[4.0, 5.0, 6.0])?);
    assert_eq!(x.rows(0..1)?.shape(), [1, 3]);
    assert_eq!(x.transpose()?.to_rows()?, [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
    assert_eq!(x.select_rows(&[1, 1])?.to_vec(), [4.0, 5.0, 6.0, 4.0, 5.0, 6.0]);
    assert_eq!(x.reshape([3, 2])?.row(2)?.to_vec(), [5.0, 6.0]);
    assert_eq!(
        Tensor::linspace(0.0, 1.0, 5)?.to_vec(),
        [0.0, 0.25, 0.5, 0.75, 1.0]
    );
    Ok(())
}

#[test]
fn formulas_read_as_on_paper() -> Result<()> {
    let (w, x, b) = (
        Tensor::scalar(2.0),
        Tensor::vector(&[1.0, 2.0])?,
        Tensor::scalar(1.0),
    );
    assert_eq!((&w * &x + &b)?.to_vec(), [3.0, 5.0]);
    assert_eq!((&x - &b)?.to_vec(), [0.0, 1.0]);
    assert_eq!((1.0 - &x).to_vec(), [0.0, -1.0]);
    assert_eq!((1.0 / &x).to_vec(), [1.0, 0.5]);
    assert_eq!((-(&x * 2.0) / 4.0).to_vec(), [-0.5, -1.0]);
    Ok(())
}

#[test]
fn equal_seeds_give_equal_values_and_others_do_not() -> Result<()> {
    let drawn = |seed| Tensor::normal([4, 5], 0.0, 1.0, Seed(seed));
    assert_eq!(drawn(3)?, drawn(3)?);
    assert_ne!(drawn(3)?, drawn(4)?);
    let many = Tensor::normal([10_000], 4.0, 0.2, Seed(1))?;
    assert!((many.mean().item()? - 4.0).abs() < 0.01);
    let deviation = (&many - &many.mean())?.square().mean().sqrt().item()?;
    assert!((deviation - 0.2).abs() < 0.01);
    let even = Tensor::uniform([10_000], -1.0, 3.0, Seed(1))?.to_vec();
    assert!(even.iter().all(|value| (-1.0..3.0).contains(value)));
    Ok(())
}

#[test]
fn the_random_stream_is_the_same_in_every_version() -> Result<()> {
    // If this fails after an update, every printed result of every lesson has changed.
    assert_eq!(Seed(7).stream().permutation(8), [4, 3, 2, 0, 5, 6, 7, 1]);
    assert_eq!(
        Tensor::uniform([3], 0.0, 1.0, Seed(7))?.to_vec(),
        [0.14000338, 0.15779608, 0.18205506]
    );
    Ok(())
}

#[test]
fn what_does_not_fit_is_explained() -> Result<()> {
    let x = Tensor::zeros([2, 3])?;
    assert!(message(Tensor::from_vec(vec![1.0; 5], [2, 3])).contains("6 values"));
    assert!(message(Tensor::from_rows(&[vec![1.0, 2.0], vec![3.0]])).contains("row 1"));
    assert!(message(Tensor::from_rows::<[f32; 2]>(&[])).contains("not empty"));
    assert!(message(Tensor::zeros([2, 0])).contains("[2, 0]"));
    assert!(message(Tensor::zeros([1; 7])).contains("6 axes"));
    assert!(message(x.matmul(&x)).contains("[2, 3] and [2, 3]"));
    assert!(message(&x + &Tensor::zeros([2])?).contains("[2]"));
    assert!(message(&x * &x.transpose()? + &x).contains("[3, 2]"));
    assert!(message(x.reshape([4])).contains("6 values"));
    assert!(message(x.at(&[2, 0])).contains("[2, 0]"));
    assert!(message(x.at(&[0])).contains("each axis"));
    assert!(message(x.rows(1..1)).contains("1..1"));
    assert!(message(x.rows(1..3)).contains("0..2"));
    assert!(message(x.select_rows(&[])).contains("none"));
    assert!(message(x.select_rows(&[5])).contains("row 5"));
    assert!(message(x.item()).contains("[2, 3]"));
    assert!(message(x.sum_axis(2)).contains("axis 2"));
    assert!(message(x.permute(&[0, 0])).contains("[0, 0]"));
    assert!(message(x.row(0)?.transpose()).contains("matrix"));
    assert!(message(x.backward()).contains("[2, 3]"));
    assert!(message(x.sum().backward()).contains("recorded"));
    assert!(message(Tensor::scalar(1.0).to_rows()).contains("single number"));
    assert!(message(Tensor::uniform([2], 1.0, 0.0, Seed(0))).contains("1 and 0"));
    assert!(message(Tensor::normal([2], 0.0, -1.0, Seed(0))).contains("-1"));
    let w = Tensor::scalar(1.0).with_gradient();
    let other = Tensor::scalar(1.0).with_gradient();
    assert!(message(w.square().backward()?.get(&other)).contains("does not depend"));
    Ok(())
}

#[test]
fn tensors_print_as_in_numpy() -> Result<()> {
    let x = Tensor::from_rows(&[[1.0, -2.5], [10.0, 0.125]])?;
    assert_eq!(
        x.to_string(),
        "[[ 1.000, -2.500],\n [10.000,  0.125]]  shape [2, 2]"
    );
    assert_eq!(Tensor::scalar(3.0).to_string(), "3.");
    assert_eq!(Tensor::zeros([3])?.to_string(), "[0., 0., 0.]  shape [3]");
    let long = Tensor::linspace(0.0, 999.0, 1000)?;
    assert_eq!(
        long.to_string(),
        "[  0.,   1.,   2., …, 997., 998., 999.]  shape [1000]"
    );
    assert_eq!(
        Tensor::zeros([2, 1, 2])?.to_string(),
        "[[[0., 0.]],\n\n [[0., 0.]]]  shape [2, 1, 2]"
    );
    assert_eq!(
        Tensor::vector(&[f32::NAN, 1.0])?.to_string(),
        "[NaN,  1.]  shape [2]"
    );
    Ok(())
}

#[test]
fn a_clone_keeps_its_values_when_the_original_is_trained() -> Result<()> {
    let mut w = Tensor::scalar(3.0).with_gradient();
    let before = w.clone();
    let gradients = w.square().backward()?;
    SGD::default().step(&mut w, &gradients)?;
    assert_eq!(before.item()?, 3.0);
    assert!(w.item()? < 3.0);
    Ok(())
}

#[test]
fn all_of_this_holds_where_only_dfdx_sees_the_numbers() {
    portable::again();
}
