"""What is compared: each lesson's network, with the settings that all sides share."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Metric:
    """What is measured on data never learned from."""

    name: str
    higher_is_better: bool = False


@dataclass(frozen=True)
class Network:
    """One network. The layers are written out in each side; everything else is here.

    Layers, optimiser, learning rates and batch size are those of the lesson. `metrics.py` trains for `epochs_to_judge`,
    with the lesson's schedule stretched over them, and, where that would take too long, on the first `rows_to_judge`.
    """

    name: str
    title: str
    # Which lesson trains it; none for two that only the question of speed is about.
    lesson: str
    # What one "epoch" is.
    unit: str
    batch: int
    # Epochs that are timed together, so that a turn lasts long enough to be measured.
    epochs_a_turn: int
    # Epochs after which `metrics.py` looks how good it is.
    epochs_to_judge: int
    metrics: tuple[Metric, ...]
    # How many times as fast as the faster of the others the course wants to be; None: only the metrics count.
    target: float | None = None
    # Epochs after those to judge, with a tenth of the learning rates, as lessons 12 and 13 end.
    calm_epochs: int = 0
    # How many of the rows to learn from `metrics.py` takes; None: all.
    rows_to_judge: int | None = None
    # A generative network draws, and this function of `sides/judge.py` says how good that is.
    judge: str | None = None
    settings: dict = field(default_factory=dict)


ACCURACY = (Metric("accuracy", higher_is_better=True),)
RMSE = (Metric("root mean squared error"),)
OF_DIGITS = (
    Metric("inception score by lesson 09's network", higher_is_better=True),
    Metric("confidence of lesson 09's network", higher_is_better=True),
)
KINDS = {"rnn": "plain RNN", "lstm": "LSTM", "gru": "GRU"}

NETWORKS = [
    Network(
        "breast-cancer", "breast cancer 30-16-8-1", "07", "15 steps of 32", 32, 60, 60, ACCURACY, 5.0,
        settings={"learning_rate": 0.001},
    ),
    Network(
        "auto-mpg", "Auto MPG 9-64-64-1", "06", "10 steps of 32", 32, 60, 150,
        (Metric("mean absolute error, miles per gallon"),), 5.0,
        settings={"learning_rate": 0.001},
    ),
    Network(
        "mnist-mlp", "MNIST MLP 784-512-512-10, dropout", "08", "469 steps of 128", 128, 1, 10, ACCURACY, 1.5,
        rows_to_judge=20_000, settings={"learning_rate": 0.001, "last_learning_rate": 0.00005},
    ),
    Network(
        "mnist-cnn", "MNIST CNN 32-64 kernels 3x3, pool, dropout", "09", "469 steps of 128", 128, 1, 3, ACCURACY, 1.2,
        rows_to_judge=20_000, settings={"learning_rate": 0.003, "last_learning_rate": 0.0002},
    ),
    Network(
        "airline-lstm", "airline LSTM, 4 units, look-back 3", "10", "112 steps of 1", 1, 3, 100,
        (Metric("root mean squared error, thousand passengers"),), 5.0,
        settings={"learning_rate": 0.001},
    ),
    Network(
        "airline-improved", "airline LSTM, 16 units, a year of changes", "10", "13 steps of 8", 8, 10, 200,
        (Metric("root mean squared error, thousand passengers"),),
        settings={"learning_rate": 0.003},
    ),
    Network(
        "sequence-lstm", "sequence LSTM, 64 units, window 50", "none", "32 steps of 64", 64, 3, 6, RMSE, 2.0,
        settings={"learning_rate": 0.001},
    ),
    *(
        Network(
            f"adding-{kind}", f"adding problem, {steps} steps, {name} of 16", "11", "100 steps of 20", 20, 5, 60, RMSE,
            settings={"learning_rate": 0.01, "steps": steps},
        )
        # The plain RNN remembers ten steps and no more, as the lesson shows.
        for (kind, name), steps in zip(KINDS.items(), (10, 20, 20))
    ),
    *(
        Network(
            f"series-{kind}", f"two waves and noise, window 30, {name} of 16", "11", "27 steps of 16", 16, 10, 60, RMSE,
            settings={"learning_rate": 0.005},
        )
        for kind, name in KINDS.items()
    ),
    *(
        Network(
            f"thrower-{kind}", f"flights from an angle, RepeatVector and {name} of 24", "11", "8 steps of 8", 8, 30, 300,
            (Metric("mean absolute error, metres"),),
            settings={"learning_rate": 0.01},
        )
        for kind, name in KINDS.items()
    ),
    Network(
        "adder", "sums as text, Seq2Seq of LSTMs of 64", "11", "125 steps of 64", 64, 1, 30,
        (Metric("share of sums that are right", higher_is_better=True),),
        settings={"learning_rate": 0.004, "last_learning_rate": 0.0001},
    ),
    Network(
        "gan-normal", "GAN on vectors of N(4, 0.2)", "12", "600 steps of 30", 30, 1, 20,
        (Metric("distance of the values' distributions"),), 3.0, calm_epochs=5, judge="values",
        settings={
            "latent": 50, "momentum": 0.9,
            "learning_rate_generator": 0.0008, "learning_rate_discriminator": 0.001,
        },
    ),
    Network(
        "gan-line", "GAN on points of a line", "13", "100 steps of 30", 30, 5, 40,
        (Metric("mean distance to the line"), Metric("distance of the distributions along the line")),
        calm_epochs=20, judge="line",
        settings={
            "latent": 30, "momentum": 0.9,
            "learning_rate_generator": 0.001, "learning_rate_discriminator": 0.001,
        },
    ),
    Network(
        "gan-mnist", "GAN on MNIST, MLPs", "14", "100 steps of 64", 64, 1, 9, OF_DIGITS, 1.5, judge="digits",
        settings={"latent": 100, "learning_rate": 0.0002, "beta_1": 0.5, "beta_2": 0.999},
    ),
    Network(
        "dcgan", "small DCGAN on MNIST", "none", "50 steps of 64", 64, 1, 6, OF_DIGITS, 1.2, judge="digits",
        settings={"latent": 100, "learning_rate": 0.0002, "beta_1": 0.5, "beta_2": 0.999},
    ),
    Network(
        "gan-conditional", "conditional GAN on MNIST, MLPs", "15", "200 steps of 64", 64, 1, 18,
        (Metric("share of digits drawn as asked, read by lesson 09's network", higher_is_better=True),),
        judge="digits_as_asked",
        settings={"latent": 100, "classes": 10, "learning_rate": 0.0002, "beta_1": 0.5, "beta_2": 0.999},
    ),
    Network(
        "gan-table", "conditional GAN of the breast-cancer table", "16", "13 steps of 35", 35, 30, 300,
        (
            Metric("distance of the columns' distributions"),
            Metric("difference of correlations"),
            Metric("accuracy, trained on drawn rows, tested on real ones", higher_is_better=True),
        ),
        judge="table",
        settings={"latent": 32, "classes": 2, "learning_rate": 0.0005, "beta_1": 0.5, "beta_2": 0.999},
    ),
]
