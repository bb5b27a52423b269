"""The networks in Keras on TensorFlow: `fit` for one network, a `tf.function` step for two that play a game."""

import os
import sys

from protocol import Task, mean_image_error, same_distribution, serve

task = Task(sys.argv[1])

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(task.threads)
tf.config.threading.set_inter_op_parallelism_threads(task.threads)
keras.utils.set_random_seed(task.seed)


class Supervised:
    def __init__(self, task, model, loss, score, shape=None):
        self.task, self.model, self.calculate_score = task, model, score
        prepare = lambda name: task.array(name).reshape(-1, *shape) if shape else task.array(name)
        self.x, self.x_test = prepare("x_train"), prepare("x_test")
        self.y, self.y_test = task.array("y_train"), task.array("y_test")
        model.compile(keras.optimizers.Adam(task.learning_rate), loss)

    def train(self, epochs):
        history = self.model.fit(self.x, self.y, self.task.batch, epochs, verbose=0)
        return history.history["loss"][-1]

    def score(self):
        return float(self.calculate_score(self.model.predict(self.x_test, 1000, verbose=0), self.y_test))


class Adversarial:
    """Per step: the discriminator on a real and a generated batch, then the generator."""

    def __init__(self, task, generator, discriminator, latent, optimizers, score, shape):
        self.task, self.generator, self.latent, self.calculate_score = task, generator, latent, score
        self.x = tf.constant(task.array("x_train").reshape(-1, *shape))
        self.x_test = task.array("x_test")
        of_generator, of_discriminator = optimizers
        loss_of = keras.losses.BinaryCrossentropy()
        ones, zeros = tf.ones([task.batch, 1]), tf.zeros([task.batch, 1])

        @tf.function
        def step(rows):
            latent_points = latent(task.batch)
            with tf.GradientTape() as tape_of_generator:
                fake = generator(latent_points, training=True)
                with tf.GradientTape() as tape:
                    loss = loss_of(ones, discriminator(tf.gather(self.x, rows), training=True))
                    loss += loss_of(zeros, discriminator(tf.stop_gradient(fake), training=True))
                gradients = tape.gradient(loss, discriminator.trainable_variables)
                of_discriminator.apply_gradients(zip(gradients, discriminator.trainable_variables))
                loss = loss_of(ones, discriminator(fake, training=True))
            gradients = tape_of_generator.gradient(loss, generator.trainable_variables)
            of_generator.apply_gradients(zip(gradients, generator.trainable_variables))
            return loss

        self.step = step

    def train(self, epochs):
        for _ in range(epochs):
            order = np.random.permutation(len(self.x)).astype("int32")
            for number in range(len(order) // self.task.batch):
                rows = order[number * self.task.batch : (number + 1) * self.task.batch]
                loss = self.step(tf.constant(rows))
        return float(loss)

    def score(self):
        generated = self.generator(self.latent(len(self.x_test)), training=False)
        return self.calculate_score(generated.numpy(), self.x_test)


def dense(inputs, *units):
    hidden = [layers.Dense(count, activation="relu") for count in units[:-1]]
    return keras.Sequential([keras.Input([inputs]), *hidden, layers.Dense(units[-1])])


def right(output, y):
    return (output.argmax(1) == y[:, 0]).mean()


def from_scores():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def breast_cancer(task):
    accuracy = lambda output, y: ((output > 0) == (y > 0.5)).mean()
    return Supervised(task, dense(30, 16, 8, 1), keras.losses.BinaryCrossentropy(from_logits=True), accuracy)


def auto_mpg(task):
    return Supervised(task, dense(9, 64, 64, 1), "mse", lambda output, y: np.abs(output - y).mean())


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
        layers.Flatten(), layers.Dropout(0.5), layers.Dense(10),
    ])  # fmt: skip
    return Supervised(task, model, from_scores(), right, shape=[28, 28, 1])


def lstm(units, steps):
    def network(task):
        scale = float(task.array("scale")[0])
        model = keras.Sequential([keras.Input([steps, 1]), layers.LSTM(units), layers.Dense(1)])
        return Supervised(task, model, "mse", lambda output, y: np.sqrt(np.square(output - y).mean()) * scale)

    return network


def as_torch(units, activation=None):
    """A layer whose weights start as PyTorch's do, for the lecturer's own networks."""
    return layers.Dense(units, activation, kernel_initializer=keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform"))


def gan_normal(task):
    generator = keras.Sequential([
        keras.Input([50]), as_torch(150, "selu"), as_torch(150, "selu"), as_torch(10, "selu"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input([10]), as_torch(75, "elu"), as_torch(75, "elu"), as_torch(1, "sigmoid"),
    ])  # fmt: skip
    optimizers = [
        keras.optimizers.SGD(rate, task.momentum)
        for rate in (task.learning_rate_generator, task.learning_rate_discriminator)
    ]
    latent = lambda count: tf.random.uniform([count, task.latent])
    return Adversarial(task, generator, discriminator, latent, optimizers, same_distribution, [10])


def adams(task):
    return [keras.optimizers.Adam(task.learning_rate, task.beta_1, task.beta_2) for _ in range(2)]


def normal(task):
    return lambda count: tf.random.normal([count, task.latent])


def gan_mnist(task):
    def block(units, normalise):
        normalisation = [layers.BatchNormalization(momentum=0.9, epsilon=1e-5)] if normalise else []
        return [as_torch(units), *normalisation, layers.LeakyReLU(0.2)]

    generator = keras.Sequential([
        keras.Input([100]), *block(128, False), *block(256, True), *block(512, True), *block(1024, True),
        as_torch(784, "tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input([784]), *block(512, False), *block(256, False), as_torch(1, "sigmoid"),
    ])  # fmt: skip
    return Adversarial(task, generator, discriminator, normal(task), adams(task), mean_image_error, [784])


def dcgan(task):
    normalisation = lambda: layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    generator = keras.Sequential([
        keras.Input([100]),
        as_torch(7 * 7 * 128), layers.Reshape([7, 7, 128]), normalisation(), layers.ReLU(),
        layers.Conv2DTranspose(64, 4, 2, "same"), normalisation(), layers.ReLU(),
        layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input([28, 28, 1]),
        layers.Conv2D(64, 4, 2, "same"), layers.LeakyReLU(0.2),
        layers.Conv2D(128, 4, 2, "same"), normalisation(), layers.LeakyReLU(0.2),
        layers.Flatten(), layers.Dense(1, "sigmoid"),
    ])  # fmt: skip
    return Adversarial(task, generator, discriminator, normal(task), adams(task), mean_image_error, [28, 28, 1])


serve(
    task,
    {
        "breast-cancer": breast_cancer,
        "auto-mpg": auto_mpg,
        "mnist-mlp": mnist_mlp,
        "mnist-cnn": mnist_cnn,
        "airline-lstm": lstm(4, 3),
        "sequence-lstm": lstm(64, 50),
        "gan-normal": gan_normal,
        "gan-mnist": gan_mnist,
        "dcgan": dcgan,
    },
)
