//! A step of training copies nothing from the device but what is read of it: shown for each layer, loss and optimiser.

use super::tests::is_second_run;
use crate::prelude::*;
use crate::tensor::device::copied;

const ROWS: usize = 4;

fn values(shape: &[usize]) -> Tensor {
    Tensor::uniform(shape, 0.05, 0.95, Seed(5)).unwrap()
}

/// How many numbers are copied by what is done here.
fn copies(of: impl FnOnce() -> Result<()>) -> usize {
    let before = copied();
    of().unwrap();
    copied() - before
}

/// Two steps of training with the optimiser, in which the loss of each is read.
fn train(
    model: &mut Sequential,
    x: &Tensor,
    optimizer: &mut dyn Optimizer,
    loss: impl Fn(&Tensor) -> Result<Tensor>,
) -> Result<()> {
    for _ in 0..2 {
        let loss = loss(&model.forward(x)?)?;
        assert!(loss.item()?.is_finite());
        optimizer.step(model, &loss.backward()?)?;
    }
    Ok(())
}

fn of_layer<const N: usize>(name: &str, input: [usize; N], layers: Vec<Box<dyn Layer>>) {
    let mut model = Sequential::new(Input(input), layers, Seed(7)).unwrap();
    let shape: Vec<usize> = [ROWS].into_iter().chain(input).collect();
    // Whole numbers where a layer takes only those.
    let x = match name {
        "Embedding" => Tensor::ones(shape).unwrap(),
        _ => values(&shape),
    };
    // Something to learn, also before layers that learn nothing; but words cannot be scaled.
    let scale = Tensor::scalar(1.5).with_gradient();
    let seen = || match name {
        "Embedding" => Ok(x.clone()),
        _ => &x * &scale,
    };
    let target = model.forward(&x).unwrap().detach().mul_scalar(0.5);
    let count = copies(|| {
        for _ in 0..2 {
            let loss = losses::mse(&model.forward(&seen()?)?, &target)?;
            assert!(loss.item()?.is_finite());
            let gradients = loss.backward()?;
            if !model.parameters_mut().is_empty() {
                SGD::default().step(&mut model, &gradients)?;
            }
        }
        Ok(())
    });
    assert_eq!(count, 2, "{name}: two losses were read");
}

#[test]
fn of_a_step_through_any_layer_only_the_loss_is_copied() {
    if !is_second_run("of_a_step_through_any_layer") {
        return;
    }
    let image = [2, 5, 5];
    let activations = [
        Linear,
        Sigmoid,
        Tanh,
        ReLU,
        LeakyReLU(0.2),
        ELU(0.7),
        SELU,
        GELU,
        Softplus,
        Swish,
        Softmax,
    ];
    for activation in activations {
        of_layer(&activation.to_string(), [6], layers![Dense::new(3), activation]);
    }
    of_layer(
        "Dense",
        [6],
        layers![
            Dense::new(3).activation(ReLU),
            Dropout::new(0.3),
            GaussianNoise::new(0.1)
        ],
    );
    of_layer(
        "Conv2D",
        image,
        layers![
            Conv2D::new(3, 3).padding(Padding::Same).activation(ReLU),
            Flatten::new()
        ],
    );
    of_layer(
        "Conv2DTranspose",
        image,
        layers![Conv2DTranspose::new(3, 3).stride(2)],
    );
    of_layer("MaxPooling2D", image, layers![MaxPooling2D::new(2)]);
    of_layer(
        "MaxPooling2D at the edge",
        image,
        layers![MaxPooling2D::new(3).stride(2).padding(Padding::Same)],
    );
    of_layer(
        "AveragePooling2D",
        image,
        layers![AveragePooling2D::new(3).stride(2).padding(Padding::Same)],
    );
    of_layer(
        "GlobalAveragePooling2D",
        image,
        layers![GlobalAveragePooling2D::new()],
    );
    of_layer(
        "UpSampling2D",
        image,
        layers![UpSampling2D::new(2), ZeroPadding2D::new(1)],
    );
    of_layer(
        "Reshape",
        image,
        layers![Reshape::new([25, 2]), LayerNormalization::new()],
    );
    of_layer(
        "BatchNormalization",
        image,
        layers![
            BatchNormalization::new(),
            Flatten::new(),
            BatchNormalization::new()
        ],
    );
    of_layer(
        "SimpleRNN",
        [3, 2],
        layers![SimpleRNN::new(4).return_sequences(true), SimpleRNN::new(3)],
    );
    of_layer(
        "LSTM",
        [3, 2],
        layers![LSTM::new(4).return_sequences(true), LSTM::new(3).stateful(true)],
    );
    of_layer(
        "GRU",
        [3, 2],
        layers![Bidirectional::new(GRU::new(4)), RepeatVector::new(2), GRU::new(3)],
    );
    // Its input is a constant, so that the words are still known.
    of_layer("Embedding", [3], layers![Embedding::new(4, 2)]);
}

#[test]
fn of_a_step_with_any_loss_only_the_loss_is_copied() {
    if !is_second_run("of_a_step_with_any_loss") {
        return;
    }
    let (x, classes) = (values(&[ROWS, 6]), Tensor::vector(&[0.0, 2.0, 1.0, 0.0]).unwrap());
    let one_hot =
        Tensor::from_rows(&[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]).unwrap();
    let weights = Tensor::vector(&[1.0, 2.0, 0.5, 0.0]).unwrap();
    let cases = [
        (Loss::MeanSquaredError, Linear, &one_hot),
        (Loss::MeanAbsoluteError, Linear, &one_hot),
        (Loss::Huber(0.5), Linear, &one_hot),
        (Loss::Hinge, Tanh, &one_hot),
        (Loss::BinaryCrossentropy, Sigmoid, &one_hot),
        (Loss::CategoricalCrossentropy, Softmax, &one_hot),
        (Loss::SparseCategoricalCrossentropy, Softmax, &classes),
    ];
    for (loss, activation, target) in cases {
        let dense =
            || Sequential::new(Input(6), layers![Dense::new(3).activation(activation)], Seed(7)).unwrap();
        let plain = copies(|| {
            train(&mut dense(), &x, &mut SGD::default(), |output| {
                loss.calculate(output, target)
            })
        });
        assert_eq!(plain, 2, "{loss}: two losses were read");
        let weighted = |output: &Tensor| loss.calculate_weighted(output, target, &weights);
        let weighted = copies(|| train(&mut dense(), &x, &mut SGD::default(), weighted));
        assert_eq!(weighted, 2, "{loss} with weights: two losses were read");
    }
}

#[test]
fn of_a_step_of_any_optimizer_only_the_loss_is_copied() {
    if !is_second_run("of_a_step_of_any_optimizer") {
        return;
    }
    let (x, y) = (values(&[ROWS, 6]), values(&[ROWS, 1]));
    let momentum = SGD {
        momentum: 0.9,
        ..SGD::default()
    };
    let nesterov = SGD {
        nesterov: true,
        ..momentum.clone()
    };
    let optimizers: [Box<dyn Optimizer>; 7] = [
        Box::new(SGD::default()),
        Box::new(momentum),
        Box::new(nesterov),
        Box::new(RMSprop {
            momentum: 0.5,
            ..RMSprop::default()
        }),
        Box::new(Adam::default()),
        Box::new(AdamW::default()),
        Box::new(Adagrad::default()),
    ];
    for mut optimizer in optimizers {
        let mut model = Sequential::new(Input(6), layers![Dense::new(1)], Seed(7)).unwrap();
        let count = copies(|| train(&mut model, &x, &mut *optimizer, |output| losses::mse(output, &y)));
        assert_eq!(count, 2, "{}: two losses were read", optimizer.name());
    }
}

#[test]
fn fit_reads_the_loss_of_each_batch_and_a_norm_where_it_clips() {
    if !is_second_run("fit_reads_the_loss") {
        return;
    }
    let (x, y) = (values(&[ROWS, 6]), values(&[ROWS, 1]));
    let mut model = Sequential::new(Input(6), layers![Dense::new(1)], Seed(7)).unwrap();
    model
        .compile(Adam::default(), Loss::MeanSquaredError, &[])
        .unwrap();
    let mut fit = |clip_norm| {
        copies(|| {
            let options = Fit {
                epochs: 3,
                batch_size: 2,
                clip_norm,
                verbose: false,
                ..Fit::default()
            };
            model.fit(&x, &y, options).map(|_| ())
        })
    };
    assert_eq!(fit(None), 6, "six losses");
    assert_eq!(fit(Some(0.1)), 12, "six losses and six norms");
}

#[test]
fn a_function_with_a_slope_has_its_values_and_that_slope() {
    if !is_second_run("a_function_with_a_slope") {
        return;
    }
    let x = Tensor::vector(&[-3.0, 0.0, 2.0]).unwrap().with_gradient();
    let y = x.function(|x| x.mul_scalar(0.0).add_scalar(5.0), |x, y| x.plus(y));
    assert_eq!(y.to_vec(), [5.0; 3]);
    let gradients = (y.sum() * 2.0).backward().unwrap();
    assert_eq!(gradients.get(&x).unwrap().to_vec(), [4.0, 10.0, 14.0]);
}
