"""What PyTorch trains: a network with targets, one that goes on by itself, and two that play a game."""

import torch
from torch.nn.functional import binary_cross_entropy, cross_entropy

from protocol import rates


class Supervised:
    def __init__(self, task, model, loss, score, x=None, y=None):
        self.task, self.model, self.loss, self.calculate_score = task, model, loss, score
        prepare = lambda name, change: (change or (lambda values: values))(torch.from_numpy(task.array(name)))
        self.x, self.y = prepare("x_train", x), prepare("y_train", y)
        self.x_test, self.y_test = prepare("x_test", x), prepare("y_test", y)
        self.optimizer = torch.optim.Adam(model.parameters(), task.learning_rate, eps=1e-7)

    def train(self, epochs):
        self.model.train()
        for rate in rates(self.task, epochs):
            self.optimizer.param_groups[0]["lr"] = rate
            total = 0.0
            for rows in torch.randperm(len(self.x)).split(self.task.batch):
                loss = self.calculate_loss(self.x[rows], self.y[rows])
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                total += loss.item() * len(rows)
        return total / len(self.x)

    def calculate_loss(self, x, y):
        return self.loss(self.model(x), y)

    @torch.no_grad()
    def score(self):
        self.model.eval()
        output = torch.cat([self.model(x) for x in self.x_test.split(1000)])
        return float(self.calculate_score(output, self.y_test))


class Translator(Supervised):
    """Learns with teacher forcing: the decoder is fed the true steps before each one. In use, what it said itself."""

    def __init__(self, task, model):
        super().__init__(task, model, cross_entropy, None)

    def calculate_loss(self, x, y):
        fed = torch.cat([torch.zeros_like(y[:, :1]), y[:, :-1]], 1)
        output, _ = self.model(fed, self.model.encode(x))
        return self.loss(output.flatten(0, 1), y.argmax(2).flatten())

    @torch.no_grad()
    def score(self):
        """The share of sequences in which every step is right."""
        state, said = self.model.encode(self.x_test), []
        fed = torch.zeros_like(self.y_test[:, :1])
        for _ in range(self.y_test.shape[1]):
            output, state = self.model(fed, state)
            fed = torch.zeros_like(fed).scatter_(2, output.argmax(2, keepdim=True), 1.0)
            said.append(fed)
        return (torch.cat(said, 1) == self.y_test).flatten(1).all(1).float().mean().item()


class Adversarial:
    """Per step: the discriminator on a real and a generated batch, then the generator. Both see labels, if any."""

    def __init__(self, task, generator, discriminator, latent, optimizers, shape):
        self.task, self.generator, self.discriminator = task, generator, discriminator
        self.latent, self.optimizers = latent, optimizers
        self.of_generator, self.of_discriminator = optimizers(1.0)
        self.x = torch.from_numpy(task.array("x_train")).reshape(-1, *shape)
        self.labels = torch.from_numpy(task.array("labels")) if task.has("labels") else None
        self.ones, self.zeros = torch.ones(task.batch, 1), torch.zeros(task.batch, 1)

    def train(self, epochs):
        self.generator.train()
        for _ in range(epochs):
            for rows in torch.randperm(len(self.x)).split(self.task.batch):
                if len(rows) < self.task.batch:
                    break
                labels = None if self.labels is None else self.labels[rows]
                fake = self.generator(beside(self.latent(self.task.batch), labels))
                judge = lambda samples: self.discriminator(beside(samples, labels))
                self.of_discriminator.zero_grad()
                binary_cross_entropy(judge(self.x[rows]), self.ones).backward()
                binary_cross_entropy(judge(fake.detach()), self.zeros).backward()
                self.of_discriminator.step()
                self.of_generator.zero_grad()
                loss = binary_cross_entropy(judge(fake), self.ones)
                loss.backward()
                self.of_generator.step()
        return loss.item()

    def slow(self):
        self.of_generator, self.of_discriminator = self.optimizers(0.1)

    @torch.no_grad()
    def draw(self):
        self.generator.eval()
        wanted = torch.from_numpy(self.task.array("wanted")) if self.task.has("wanted") else None
        count = self.task.drawn if wanted is None else len(wanted)
        return self.generator(beside(self.latent(count), wanted)).numpy()


def beside(values, labels):
    return values if labels is None else torch.cat([values, labels], 1)
