"""The networks in Keras, a function each."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from keras_trainees import Adversarial, Supervised, Translator
from protocol import in_passengers

RECURRENT = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}


def dense(inputs, *units):
    hidden = [layers.Dense(count, activation="relu") for count in units[:-1]]
    return keras.Sequential([keras.Input([inputs]), *hidden, layers.Dense(units[-1])])


def breast_cancer(task):
    accuracy = lambda output, y: ((output > 0) == (y > 0.5)).mean()
    return Supervised(task, dense(30, 16, 8, 1), keras.losses.BinaryCrossentropy(from_logits=True), accuracy)


def auto_mpg(task):
    return Supervised(task, dense(9, 64, 64, 1), "mse", lambda output, y: np.abs(output - y).mean())


def right(output, y):
    return (output.argmax(1) == y[:, 0]).mean()


def from_scores():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def mnist_mlp(task):
    model = keras.Sequential([
        keras.Input([784]),
        layers.Dense(512, activation="relu"), layers.Dropout(0.2),
        layers.Dense(512, activation="relu"), layers.Dropout(0.2),
        layers.Dense(10),
    ])  # fmt: skip
    return Supervised(task, model, from_scores(), right)


def mnist_cnn(task):
    model = keras.Sequential([
        keras.Input([28, 28, 1]),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dropout(0.4), layers.Dense(10),
    ])  # fmt: skip
    return Supervised(task, model, from_scores(), right, shape=[28, 28, 1])


def last_step(task, kind, units, score):
    shape = task.all["shapes"]["x_train"][1:]
    model = keras.Sequential([keras.Input(shape), RECURRENT[kind](units), layers.Dense(1)])
    return Supervised(task, model, "mse", score)


def next_value(kind, units):
    """A sequence gives one value; the error is in the unit of the series."""

    def network(task):
        scale = float(task.array("scale")[0])
        return last_step(task, kind, units, lambda output, y: np.sqrt(np.square(output - y).mean()) * scale)

    return network


def airline_improved(task):
    rmse = lambda output, y: np.sqrt(np.square(in_passengers(task, output) - task.array("truth")).mean())
    return last_step(task, "lstm", 16, rmse)


def thrower(kind):
    """One value, repeated at each step, gives a sequence."""

    def network(task):
        scale = float(task.array("scale")[0])
        model = keras.Sequential([
            keras.Input([1]), layers.RepeatVector(20), RECURRENT[kind](24, return_sequences=True), layers.Dense(1),
        ])  # fmt: skip
        return Supervised(task, model, "mse", lambda output, y: np.abs(output - y).mean() * scale)

    return network


def adder(task):
    """An encoder, and a decoder that goes on from its last state; `speak` is a step of the decoder by itself."""
    x, fed = keras.Input([5, 12]), keras.Input([None, 12])
    state = [keras.Input([64]), keras.Input([64])]
    decoder, head = layers.LSTM(64, return_sequences=True, return_state=True), layers.Dense(12)
    encoder = keras.Model(x, layers.LSTM(64, return_state=True)(x)[1:])
    model = keras.Model([x, fed], head(decoder(fed, initial_state=encoder(x))[0]))
    hidden, *after = decoder(fed, initial_state=state)
    return Translator(task, model, encoder, keras.Model([fed, *state], [head(hidden), *after]))


def descents(task):
    """SGD with momentum for generator and discriminator, at a part of their learning rates."""
    learning_rates = (task.learning_rate_generator, task.learning_rate_discriminator)
    return lambda part: [keras.optimizers.SGD(part * rate, task.momentum) for rate in learning_rates]


def adams(task):
    return lambda part: [
        keras.optimizers.Adam(part * task.learning_rate, task.beta_1, task.beta_2) for _ in range(2)
    ]


def uniform(task):
    return lambda count: tf.random.uniform([count, task.latent])


def normal(task):
    return lambda count: tf.random.normal([count, task.latent])


def normalisation():
    """With PyTorch's settings, as the lessons have it."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)


def lecturers_gan(latent, generator_units, values):
    """The networks of lessons 12 and 13."""

    def network(task):
        units = generator_units
        generator = keras.Sequential([
            keras.Input([latent]),
            layers.Dense(units, "selu"), layers.Dense(units, "selu"), layers.Dense(values, "selu"),
        ])  # fmt: skip
        discriminator = keras.Sequential([
            keras.Input([values]), layers.Dense(75, "elu"), layers.Dense(75, "elu"), layers.Dense(1, "sigmoid"),
        ])  # fmt: skip
        return Adversarial(task, generator, discriminator, uniform(task), descents(task), [values])

    return network


def digits_gan(label):
    """The networks of lesson 14, and with labels of lesson 15."""

    def block(units, normalise):
        return [layers.Dense(units), *([normalisation()] if normalise else []), layers.LeakyReLU(0.2)]

    def network(task):
        generator = keras.Sequential([
            keras.Input([100 + label]),
            *block(128, False), *block(256, True), *block(512, True), *block(1024, True),
            layers.Dense(784, "tanh"),
        ])  # fmt: skip
        discriminator = keras.Sequential([
            keras.Input([784 + label]), *block(512, False), *block(256, False), layers.Dense(1, "sigmoid"),
        ])  # fmt: skip
        return Adversarial(task, generator, discriminator, normal(task), adams(task), [784])

    return network


def dcgan(task):
    generator = keras.Sequential([
        keras.Input([100]),
        layers.Dense(7 * 7 * 128), layers.Reshape([7, 7, 128]), normalisation(), layers.ReLU(),
        layers.Conv2DTranspose(64, 4, 2, "same"), normalisation(), layers.ReLU(),
        layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input([28, 28, 1]),
        layers.Conv2D(64, 4, 2, "same"), layers.LeakyReLU(0.2),
        layers.Conv2D(128, 4, 2, "same"), normalisation(), layers.LeakyReLU(0.2),
        layers.Flatten(), layers.Dense(1, "sigmoid"),
    ])  # fmt: skip
    return Adversarial(task, generator, discriminator, normal(task), adams(task), [28, 28, 1])


def table_gan(task):
    def network(inputs, *last):
        hidden = [layer for _ in range(2) for layer in (layers.Dense(64), layers.LeakyReLU(0.2))]
        return keras.Sequential([keras.Input([inputs]), *hidden, layers.Dense(*last)])

    return Adversarial(task, network(34, 30), network(32, 1, "sigmoid"), normal(task), adams(task), [30])


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
