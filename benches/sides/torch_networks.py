"""The networks in PyTorch, a function each. Weights start as the lessons have them: Glorot's, biases 0, as in Keras."""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

from protocol import in_passengers
from torch_trainees import Adversarial, Supervised, Translator

RECURRENT = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def glorot(layer):
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def linear(inputs, units):
    return glorot(nn.Linear(inputs, units))


def dense(*sizes):
    layers = []
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [linear(inputs, units), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def recurrent(kind, inputs, units):
    """Weights as Keras starts them, among them the forget gate's bias of an LSTM."""
    layer = RECURRENT[kind](inputs, units, batch_first=True)
    nn.init.xavier_uniform_(layer.weight_ih_l0)
    nn.init.orthogonal_(layer.weight_hh_l0)
    for bias in (layer.bias_ih_l0, layer.bias_hh_l0):
        nn.init.zeros_(bias)
    if kind == "lstm":
        with torch.no_grad():
            layer.bias_ih_l0[units : 2 * units] = 1
    return layer


class LastStep(nn.Module):
    """A recurrent layer of which the output after the last step counts."""

    def __init__(self, kind, inputs, units):
        super().__init__()
        self.recurrent, self.dense = recurrent(kind, inputs, units), linear(units, 1)

    def forward(self, x):
        return self.dense(self.recurrent(x)[0][:, -1])


class Thrower(nn.Module):
    """One value, repeated at each step, gives a sequence."""

    def __init__(self, kind, units, steps):
        super().__init__()
        self.steps = steps
        self.recurrent, self.dense = recurrent(kind, 1, units), linear(units, 1)

    def forward(self, x):
        return self.dense(self.recurrent(x[:, None].repeat(1, self.steps, 1))[0])


class EncoderDecoder(nn.Module):
    """The decoder goes on from the encoder's last state."""

    def __init__(self, values, units):
        super().__init__()
        self.encoder, self.decoder = recurrent("lstm", values, units), recurrent("lstm", values, units)
        self.head = linear(units, values)

    def encode(self, x):
        return self.encoder(x)[1]

    def forward(self, fed, state):
        hidden, state = self.decoder(fed, state)
        return self.head(hidden), state


def breast_cancer(task):
    accuracy = lambda output, y: ((output > 0) == (y > 0.5)).float().mean()
    return Supervised(task, dense(30, 16, 8, 1), binary_cross_entropy_with_logits, accuracy)


def auto_mpg(task):
    return Supervised(task, dense(9, 64, 64, 1), mse_loss, lambda output, y: (output - y).abs().mean())


def right(output, y):
    return (output.argmax(1) == y).float().mean()


def mnist_mlp(task):
    model = nn.Sequential(
        linear(784, 512), nn.ReLU(), nn.Dropout(0.2),
        linear(512, 512), nn.ReLU(), nn.Dropout(0.2),
        linear(512, 10),
    )  # fmt: skip
    return Supervised(task, model, cross_entropy, right, y=lambda y: y[:, 0].long())


def mnist_cnn(task):
    model = nn.Sequential(
        glorot(nn.Conv2d(1, 32, 3)), nn.ReLU(), nn.MaxPool2d(2),
        glorot(nn.Conv2d(32, 64, 3)), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.4), linear(1600, 10),
    )  # fmt: skip
    images = lambda x: x.reshape(-1, 1, 28, 28)
    return Supervised(task, model, cross_entropy, right, x=images, y=lambda y: y[:, 0].long())


def next_value(kind, units):
    """A sequence gives one value; the error is in the unit of the series."""

    def network(task):
        scale, inputs = float(task.array("scale")[0]), task.all["shapes"]["x_train"][2]
        rmse = lambda output, y: mse_loss(output, y).sqrt() * scale
        return Supervised(task, LastStep(kind, inputs, units), mse_loss, rmse)

    return network


def airline_improved(task):
    rmse = lambda output, y: np.sqrt(np.square(in_passengers(task, output.numpy()) - task.array("truth")).mean())
    return Supervised(task, LastStep("lstm", 1, 16), mse_loss, rmse)


def thrower(kind):
    def network(task):
        scale = float(task.array("scale")[0])
        return Supervised(task, Thrower(kind, 24, 20), mse_loss, lambda output, y: (output - y).abs().mean() * scale)

    return network


def adder(task):
    return Translator(task, EncoderDecoder(12, 64))


def descents(task, *models):
    """SGD with momentum for generator and discriminator, at a part of their learning rates."""
    learning_rates = (task.learning_rate_generator, task.learning_rate_discriminator)
    return lambda part: [
        torch.optim.SGD(model.parameters(), part * rate, task.momentum)
        for model, rate in zip(models, learning_rates)
    ]


def adams(task, *models):
    betas = (task.beta_1, task.beta_2)
    return lambda part: [
        torch.optim.Adam(model.parameters(), part * task.learning_rate, betas, eps=1e-7) for model in models
    ]


def uniform(task):
    return lambda count: torch.rand(count, task.latent)


def normal(task):
    return lambda count: torch.randn(count, task.latent)


def lecturers_gan(latent, generator_units, values):
    """The networks of lessons 12 and 13."""

    def network(task):
        units = generator_units
        generator = nn.Sequential(
            linear(latent, units), nn.SELU(), linear(units, units), nn.SELU(), linear(units, values), nn.SELU()
        )
        discriminator = nn.Sequential(
            linear(values, 75), nn.ELU(), linear(75, 75), nn.ELU(), linear(75, 1), nn.Sigmoid()
        )
        optimizers = descents(task, generator, discriminator)
        return Adversarial(task, generator, discriminator, uniform(task), optimizers, [values])

    return network


def digits_gan(label):
    """The networks of lesson 14, and with labels of lesson 15."""

    def block(inputs, units, normalise):
        normalisation = [nn.BatchNorm1d(units)] if normalise else []
        return [linear(inputs, units), *normalisation, nn.LeakyReLU(0.2)]

    def network(task):
        generator = nn.Sequential(
            *block(100 + label, 128, False), *block(128, 256, True), *block(256, 512, True), *block(512, 1024, True),
            linear(1024, 784), nn.Tanh(),
        )  # fmt: skip
        discriminator = nn.Sequential(
            *block(784 + label, 512, False), *block(512, 256, False), linear(256, 1), nn.Sigmoid()
        )
        optimizers = adams(task, generator, discriminator)
        return Adversarial(task, generator, discriminator, normal(task), optimizers, [784])

    return network


def dcgan(task):
    convolution = lambda *sizes: glorot(nn.Conv2d(*sizes, 4, stride=2, padding=1))
    transposed = lambda *sizes: glorot(nn.ConvTranspose2d(*sizes, 4, stride=2, padding=1))
    generator = nn.Sequential(
        linear(100, 128 * 7 * 7), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
        transposed(128, 64), nn.BatchNorm2d(64), nn.ReLU(),
        transposed(64, 1), nn.Tanh(),
    )  # fmt: skip
    discriminator = nn.Sequential(
        convolution(1, 64), nn.LeakyReLU(0.2),
        convolution(64, 128), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Flatten(), linear(128 * 7 * 7, 1), nn.Sigmoid(),
    )  # fmt: skip
    optimizers = adams(task, generator, discriminator)
    return Adversarial(task, generator, discriminator, normal(task), optimizers, [1, 28, 28])


def table_gan(task):
    layers = lambda inputs, outputs: [
        linear(inputs, 64), nn.LeakyReLU(0.2), linear(64, 64), nn.LeakyReLU(0.2), linear(64, outputs)
    ]  # fmt: skip
    generator, discriminator = nn.Sequential(*layers(34, 30)), nn.Sequential(*layers(32, 1), nn.Sigmoid())
    optimizers = adams(task, generator, discriminator)
    return Adversarial(task, generator, discriminator, normal(task), optimizers, [30])


NETWORKS = {
    "breast-cancer": breast_cancer,
    "auto-mpg": auto_mpg,
    "mnist-mlp": mnist_mlp,
    "mnist-cnn": mnist_cnn,
    "airline-lstm": next_value("lstm", 4),
    "airline-improved": airline_improved,
    "sequence-lstm": next_value("lstm", 64),
    **{f"adding-{kind}": next_value(kind, 16) for kind in RECURRENT},
    **{f"series-{kind}": next_value(kind, 16) for kind in RECURRENT},
    **{f"thrower-{kind}": thrower(kind) for kind in RECURRENT},
    "adder": adder,
    "gan-normal": lecturers_gan(50, 150, 10),
    "gan-line": lecturers_gan(30, 75, 2),
    "gan-mnist": digits_gan(0),
    "dcgan": dcgan,
    "gan-conditional": digits_gan(10),
    "gan-table": table_gan,
}
