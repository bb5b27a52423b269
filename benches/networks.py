"""What is compared: each lesson's network, with the settings that all sides share."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Network:
    """One network. The layers are written out in each side; everything else is here."""

    name: str
    title: str
    # What one "epoch" is, where it is no pass over all rows.
    unit: str
    batch: int
    # Epochs that are timed together, so that a turn lasts long enough to be measured.
    epochs_a_turn: int
    # Epochs after which `metrics.py` looks how good it is.
    epochs_to_judge: int
    # How many times as fast as the faster of the others the course wants to be.
    target: float
    metric: str
    higher_is_better: bool = False
    settings: dict = field(default_factory=dict)


NETWORKS = [
    Network(
        "breast-cancer", "breast cancer 30-16-8-1", "15 steps of 32", 32, 60, 60, 5.0,
        "accuracy", higher_is_better=True, settings={"learning_rate": 0.001},
    ),
    Network(
        "auto-mpg", "Auto MPG 9-64-64-1", "10 steps of 32", 32, 60, 100, 5.0,
        "mean absolute error, miles per gallon", settings={"learning_rate": 0.001},
    ),
    Network(
        "mnist-mlp", "MNIST MLP 784-512-512-10, dropout", "469 steps of 128", 128, 1, 3, 1.5,
        "accuracy", higher_is_better=True, settings={"learning_rate": 0.001},
    ),
    Network(
        "mnist-cnn", "MNIST CNN 32-64 kernels 3x3, pool, dropout", "469 steps of 128", 128, 1, 2, 1.2,
        "accuracy", higher_is_better=True, settings={"learning_rate": 0.001},
    ),
    Network(
        "airline-lstm", "airline LSTM, 4 units, look-back 3", "112 steps of 1", 1, 3, 60, 5.0,
        "root mean squared error, thousand passengers", settings={"learning_rate": 0.001},
    ),
    Network(
        "sequence-lstm", "sequence LSTM, 64 units, window 50", "32 steps of 64", 64, 3, 6, 2.0,
        "root mean squared error", settings={"learning_rate": 0.001},
    ),
    Network(
        "gan-normal", "GAN on vectors of N(4, 0.2)", "600 steps of 30", 30, 1, 20, 3.0,
        "distance of the values' distributions",
        settings={
            "latent": 50, "momentum": 0.9,
            "learning_rate_generator": 0.0008, "learning_rate_discriminator": 0.001,
        },
    ),
    Network(
        "gan-mnist", "GAN on MNIST, MLPs", "100 steps of 64", 64, 1, 9, 1.5,
        "error of the mean image",
        settings={"latent": 100, "learning_rate": 0.0002, "beta_1": 0.5, "beta_2": 0.999},
    ),
    Network(
        "dcgan", "small DCGAN on MNIST", "50 steps of 64", 64, 1, 6, 1.2,
        "error of the mean image",
        settings={"latent": 100, "learning_rate": 0.0002, "beta_1": 0.5, "beta_2": 0.999},
    ),
]
