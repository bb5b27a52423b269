"""What Keras trains: a network with targets, one that goes on by itself, and two that play a game."""

import keras
import numpy as np
import tensorflow as tf

from protocol import rates


class Supervised:
    def __init__(self, task, model, loss, score, shape=None):
        self.task, self.model, self.calculate_score = task, model, score
        prepare = lambda name: task.array(name).reshape(-1, *shape) if shape else task.array(name)
        self.x, self.x_test = prepare("x_train"), prepare("x_test")
        self.y, self.y_test = task.array("y_train"), task.array("y_test")
        model.compile(keras.optimizers.Adam(task.learning_rate), loss)

    def train(self, epochs):
        falling = rates(self.task, epochs)
        callbacks = []
        if falling[0] != falling[-1]:
            callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch, _: falling[epoch])]
        history = self.model.fit(self.inputs(), self.y, self.task.batch, epochs, verbose=0, callbacks=callbacks)
        return history.history["loss"][-1]

    def inputs(self):
        return self.x

    def score(self):
        return float(self.calculate_score(self.model.predict(self.x_test, 1000, verbose=0), self.y_test))


class Translator(Supervised):
    """Learns with teacher forcing: the decoder is fed the true steps before each one. In use, what it said itself."""

    def __init__(self, task, model, encoder, speak):
        super().__init__(task, model, keras.losses.CategoricalCrossentropy(from_logits=True), None)
        self.encoder, self.speak = encoder, speak

    def inputs(self):
        return [self.x, np.concatenate([np.zeros_like(self.y[:, :1]), self.y[:, :-1]], 1)]

    def score(self):
        """The share of sequences in which every step is right."""
        state, said = self.encoder(self.x_test), []
        fed = np.zeros_like(self.y_test[:, :1])
        for _ in range(self.y_test.shape[1]):
            output, *state = self.speak([tf.constant(fed), *state])
            fed = np.eye(fed.shape[2], dtype="float32")[output.numpy().argmax(2)]
            said.append(fed)
        return float((np.concatenate(said, 1) == self.y_test).all((1, 2)).mean())


class Adversarial:
    """Per step: the discriminator on a real and a generated batch, then the generator. Both see labels, if any."""

    def __init__(self, task, generator, discriminator, latent, optimizers, shape):
        self.task, self.generator, self.discriminator = task, generator, discriminator
        self.latent, self.optimizers = latent, optimizers
        self.x = tf.constant(task.array("x_train").reshape(-1, *shape))
        self.labels = tf.constant(task.array("labels")) if task.has("labels") else None
        self.step = self.new_step(1.0)

    def new_step(self, part):
        """With fresh optimisers, at a part of their learning rates."""
        generator, discriminator = self.generator, self.discriminator
        of_generator, of_discriminator = self.optimizers(part)
        loss_of = keras.losses.BinaryCrossentropy()
        ones, zeros = tf.ones([self.task.batch, 1]), tf.zeros([self.task.batch, 1])

        @tf.function
        def step(rows):
            labels = None if self.labels is None else tf.gather(self.labels, rows)
            judge = lambda samples: discriminator(beside(samples, labels), training=True)
            latent_points = beside(self.latent(self.task.batch), labels)
            with tf.GradientTape() as tape_of_generator:
                fake = generator(latent_points, training=True)
                with tf.GradientTape() as tape:
                    loss = loss_of(ones, judge(tf.gather(self.x, rows)))
                    loss += loss_of(zeros, judge(tf.stop_gradient(fake)))
                gradients = tape.gradient(loss, discriminator.trainable_variables)
                of_discriminator.apply_gradients(zip(gradients, discriminator.trainable_variables))
                loss = loss_of(ones, judge(fake))
            gradients = tape_of_generator.gradient(loss, generator.trainable_variables)
            of_generator.apply_gradients(zip(gradients, generator.trainable_variables))
            return loss

        return step

    def train(self, epochs):
        for _ in range(epochs):
            order = np.random.permutation(len(self.x)).astype("int32")
            for number in range(len(order) // self.task.batch):
                rows = order[number * self.task.batch : (number + 1) * self.task.batch]
                loss = self.step(tf.constant(rows))
        return float(loss)

    def slow(self):
        self.step = self.new_step(0.1)

    def draw(self):
        wanted = tf.constant(self.task.array("wanted")) if self.task.has("wanted") else None
        count = self.task.drawn if wanted is None else len(wanted)
        return self.generator(beside(self.latent(count), wanted), training=False).numpy()


def beside(values, labels):
    return values if labels is None else tf.concat([values, labels], 1)
