"""The networks in PyTorch, as its tutorials write them: eager, batches picked by index, `loss.item()` each step."""

import sys

from protocol import Task, mean_image_error, same_distribution, serve

task = Task(sys.argv[1])

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, mse_loss

torch.set_num_threads(task.threads)
torch.manual_seed(task.seed)


class Supervised:
    def __init__(self, task, model, loss, score, x=None, y=None):
        self.task, self.model, self.loss, self.calculate_score = task, model, loss, score
        prepare = lambda name, change: (change or (lambda values: values))(torch.from_numpy(task.array(name)))
        self.x, self.y = prepare("x_train", x), prepare("y_train", y)
        self.x_test, self.y_test = prepare("x_test", x), prepare("y_test", y)
        self.optimizer = torch.optim.Adam(model.parameters(), task.learning_rate, eps=1e-7)

    def train(self, epochs):
        self.model.train()
        for _ in range(epochs):
            total = 0.0
            for rows in torch.randperm(len(self.x)).split(self.task.batch):
                loss = self.loss(self.model(self.x[rows]), self.y[rows])
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                total += loss.item() * len(rows)
        return total / len(self.x)

    @torch.no_grad()
    def score(self):
        self.model.eval()
        output = torch.cat([self.model(x) for x in self.x_test.split(1000)])
        return self.calculate_score(output, self.y_test).item()


class Adversarial:
    """Per step: the discriminator on a real and a generated batch, then the generator."""

    def __init__(self, task, generator, discriminator, latent, optimizers, score, shape):
        self.task, self.generator, self.discriminator = task, generator, discriminator
        self.latent, self.calculate_score = latent, score
        self.of_generator, self.of_discriminator = optimizers
        self.x = torch.from_numpy(task.array("x_train")).reshape(-1, *shape)
        self.x_test = task.array("x_test")
        self.ones, self.zeros = torch.ones(task.batch, 1), torch.zeros(task.batch, 1)

    def train(self, epochs):
        self.generator.train()
        for _ in range(epochs):
            for rows in torch.randperm(len(self.x)).split(self.task.batch):
                fake = self.generator(self.latent(self.task.batch))
                self.of_discriminator.zero_grad()
                binary_cross_entropy(self.discriminator(self.x[rows]), self.ones).backward()
                binary_cross_entropy(self.discriminator(fake.detach()), self.zeros).backward()
                self.of_discriminator.step()
                self.of_generator.zero_grad()
                loss = binary_cross_entropy(self.discriminator(fake), self.ones)
                loss.backward()
                self.of_generator.step()
        return loss.item()

    @torch.no_grad()
    def score(self):
        self.generator.eval()
        return self.calculate_score(self.generator(self.latent(len(self.x_test))).numpy(), self.x_test)


class LastStep(nn.Module):
    """An LSTM of which the output after the last step counts."""

    def __init__(self, units):
        super().__init__()
        self.lstm = nn.LSTM(1, units, batch_first=True)
        self.dense = glorot(nn.Linear(units, 1))
        nn.init.xavier_uniform_(self.lstm.weight_ih_l0)
        nn.init.orthogonal_(self.lstm.weight_hh_l0)
        for bias in (self.lstm.bias_ih_l0, self.lstm.bias_hh_l0):
            nn.init.zeros_(bias)
        with torch.no_grad():
            self.lstm.bias_ih_l0[units : 2 * units] = 1  # of the forget gate, as Keras does

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


def glorot(layer):
    """Weights as Keras and the course start them."""
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def dense(*sizes):
    layers = []
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [glorot(nn.Linear(inputs, units)), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def right(output, y):
    return (output.argmax(1) == y).float().mean()


def breast_cancer(task):
    accuracy = lambda output, y: ((output > 0) == (y > 0.5)).float().mean()
    return Supervised(task, dense(30, 16, 8, 1), binary_cross_entropy_with_logits, accuracy)


def auto_mpg(task):
    return Supervised(task, dense(9, 64, 64, 1), mse_loss, lambda output, y: (output - y).abs().mean())


def mnist_mlp(task):
    model = nn.Sequential(
        glorot(nn.Linear(784, 512)), nn.ReLU(), nn.Dropout(0.2),
        glorot(nn.Linear(512, 512)), nn.ReLU(), nn.Dropout(0.2),
        glorot(nn.Linear(512, 10)),
    )  # fmt: skip
    return Supervised(task, model, cross_entropy, right, y=lambda y: y[:, 0].long())


def mnist_cnn(task):
    model = nn.Sequential(
        glorot(nn.Conv2d(1, 32, 3)), nn.ReLU(), nn.MaxPool2d(2),
        glorot(nn.Conv2d(32, 64, 3)), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), glorot(nn.Linear(1600, 10)),
    )  # fmt: skip
    images = lambda x: x.reshape(-1, 1, 28, 28)
    return Supervised(task, model, cross_entropy, right, x=images, y=lambda y: y[:, 0].long())


def lstm(units):
    def network(task):
        scale = float(task.array("scale")[0])
        return Supervised(task, LastStep(units), mse_loss, lambda output, y: mse_loss(output, y).sqrt() * scale)

    return network


def gan_normal(task):
    generator = nn.Sequential(
        nn.Linear(50, 150), nn.SELU(), nn.Linear(150, 150), nn.SELU(), nn.Linear(150, 10), nn.SELU()
    )
    discriminator = nn.Sequential(
        nn.Linear(10, 75), nn.ELU(), nn.Linear(75, 75), nn.ELU(), nn.Linear(75, 1), nn.Sigmoid()
    )
    optimizers = (
        torch.optim.SGD(generator.parameters(), task.learning_rate_generator, task.momentum),
        torch.optim.SGD(discriminator.parameters(), task.learning_rate_discriminator, task.momentum),
    )
    latent = lambda count: torch.rand(count, task.latent)
    return Adversarial(task, generator, discriminator, latent, optimizers, same_distribution, [10])


def adams(task, *models):
    betas = (task.beta_1, task.beta_2)
    return [torch.optim.Adam(model.parameters(), task.learning_rate, betas) for model in models]


def gan_mnist(task):
    def block(inputs, units, normalise):
        normalisation = [nn.BatchNorm1d(units)] if normalise else []
        return [nn.Linear(inputs, units), *normalisation, nn.LeakyReLU(0.2)]

    generator = nn.Sequential(
        *block(100, 128, False), *block(128, 256, True), *block(256, 512, True), *block(512, 1024, True),
        nn.Linear(1024, 784), nn.Tanh(),
    )  # fmt: skip
    discriminator = nn.Sequential(
        *block(784, 512, False), *block(512, 256, False), nn.Linear(256, 1), nn.Sigmoid()
    )
    latent = lambda count: torch.randn(count, task.latent)
    optimizers = adams(task, generator, discriminator)
    return Adversarial(task, generator, discriminator, latent, optimizers, mean_image_error, [784])


def dcgan(task):
    generator = nn.Sequential(
        nn.Linear(100, 128 * 7 * 7), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1), nn.Tanh(),
    )  # fmt: skip
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, stride=2, padding=1), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(128 * 7 * 7, 1), nn.Sigmoid(),
    )  # fmt: skip
    latent = lambda count: torch.randn(count, task.latent)
    optimizers = adams(task, generator, discriminator)
    return Adversarial(task, generator, discriminator, latent, optimizers, mean_image_error, [1, 28, 28])


serve(
    task,
    {
        "breast-cancer": breast_cancer,
        "auto-mpg": auto_mpg,
        "mnist-mlp": mnist_mlp,
        "mnist-cnn": mnist_cnn,
        "airline-lstm": lstm(4),
        "sequence-lstm": lstm(64),
        "gan-normal": gan_normal,
        "gan-mnist": gan_mnist,
        "dcgan": dcgan,
    },
)
