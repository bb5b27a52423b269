"""Writes one network's data where every side reads it: `python data.py NETWORK.json DATASETS FOLDER`.

Each array is a file of little-endian float32 numbers, row by row; `network.json` beside them has the shapes and the
settings. So all sides see the same rows, split and scaled in the same way, whatever their own tools for that do.
"""

import csv
import gzip
import json
import sys
from pathlib import Path

import numpy as np


def breast_cancer(datasets, network):
    rows = table(datasets / "breast-cancer/breast-cancer.csv")
    x = np.array([[float(value) for name, value in row.items() if name != "diagnosis"] for row in rows])
    y = np.array([[row["diagnosis"] == "malignant"] for row in rows])
    return split_and_scale(x, y, classes=y[:, 0])


def breast_cancer_by_class(datasets, network):
    """The same with one-hot labels; a row is drawn for each that was learned from."""
    parts = breast_cancer(datasets, network)
    labels = one_hot(parts["y_train"], 2)
    return {**parts, "labels": labels, "wanted": labels}


def auto_mpg(datasets, network):
    rows = table(datasets / "auto-mpg/auto-mpg.csv")
    measured = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "model year"]
    x = [
        [float(row[name]) for name in measured]
        + [row["origin"] == origin for origin in ("USA", "Europe", "Japan")]
        for row in rows
    ]
    return split_and_scale(np.array(x, float), np.array([[float(row["mpg"])] for row in rows]))


def mnist(datasets, network):
    parts = {}
    for part, file in (("train", "train"), ("test", "t10k")):
        images = gzip.decompress((datasets / f"mnist/{file}-images-idx3-ubyte.gz").read_bytes())
        labels = gzip.decompress((datasets / f"mnist/{file}-labels-idx1-ubyte.gz").read_bytes())
        parts[f"x_{part}"] = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784) / np.float32(255)
        parts[f"y_{part}"] = np.frombuffer(labels, np.uint8, offset=8).reshape(-1, 1)
    count = 6400 if network["quick"] else network["rows"]
    return {name: values[:count] if "train" in name else values for name, values in parts.items()}


def mnist_images(rows):
    """Pixels from -1 to 1, as a generator that ends in tanh makes them; an epoch is a pass over so many."""

    def images(datasets, network):
        digits = mnist(datasets, network)
        return {"x_train": digits["x_train"][: 640 if network["quick"] else rows] * 2 - 1}

    return images


def mnist_images_by_class(rows):
    """The same with one-hot labels; a hundred of each digit are wanted."""

    def images(datasets, network):
        x_train = mnist_images(rows)(datasets, network)["x_train"]
        labels = one_hot(mnist(datasets, network)["y_train"][: len(x_train)], 10)
        return dict(x_train=x_train, labels=labels, wanted=one_hot(np.repeat(np.arange(10), 100), 10))

    return images


def airline(datasets, network):
    """The first 80 % of the months to learn from, scaled to 0 to 1 by them alone; three months give the next."""
    values = passengers(datasets)
    cut = months_to_learn_from(values)
    low, high = values[:cut].min(), values[:cut].max()
    scaled = (values - low) / (high - low)
    return {**cut_windows(scaled, cut, 3), "scale": np.array([high - low])}


def airline_changes(datasets, network):
    """Changes of the logarithm, with mean 0 and deviation 1 in the months to learn from; twelve give the next.

    `before` has the logarithm of the month before each that is forecast, `truth` what there was to say.
    """
    values = passengers(datasets)
    cut = months_to_learn_from(values)
    changes = np.diff(np.log(values))
    mean, deviation = changes[: cut - 1].mean(), changes[: cut - 1].std()
    parts = cut_windows((changes - mean) / deviation, cut - 1, 12)
    undo = dict(mean=np.array([mean]), scale=np.array([deviation]))
    return {**parts, **undo, "before": np.log(values[cut - 1 : -1])[:, None], "truth": values[cut:, None]}


def sequence(datasets, network):
    """A sum of two sine waves with noise; fifty values give the next."""
    time = np.arange(2048 + 50 + 512 + 50)
    noise = np.random.default_rng(0).normal(0, 0.05, len(time))
    values = 0.6 * np.sin(time / 7) + 0.3 * np.sin(time / 31) + noise
    x_train, y_train = windows(values[: 2048 + 50], 50)
    x_test, y_test = windows(values[2048 + 50 :], 50)
    return dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, scale=np.array([1.0]))


def two_waves(datasets, network):
    """Lesson 11's series: 450 values to learn from, 150 never seen; thirty give the next."""
    time = np.arange(600)
    clean = np.sin(0.2 * time) + 0.5 * np.sin(0.311 * time + 1)
    values = clean + np.random.default_rng(0).normal(0, 0.05, len(time))
    return {**cut_windows(values, 450, 30), "scale": np.array([1.0])}


def adding_problem(datasets, network):
    """Two of the numbers are marked, one in each half; their sum is asked for."""
    random, steps = np.random.default_rng(0), network["settings"]["steps"]

    def sequences(count):
        numbers, marks, each = random.random((count, steps)), np.zeros((count, steps)), np.arange(count)
        marks[each, random.integers(0, steps // 2, count)] = 1
        marks[each, random.integers(steps // 2, steps, count)] = 1
        return np.stack([numbers, marks], 2), (numbers * marks).sum(1, keepdims=True)

    (x_train, y_train), (x_test, y_test) = sequences(2000), sequences(2000)
    return dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, scale=np.array([1.0]))


def flights(datasets, network):
    """An angle gives the height of a ball at twenty moments; every fifth angle is never seen."""
    angles, time = np.arange(10, 81), np.arange(20) * 0.2
    heights = 20 * np.sin(np.radians(angles))[:, None] * time - 9.81 / 2 * np.square(time)
    x, y, unseen = angles[:, None] / 90, heights.clip(0)[:, :, None] / 20, angles % 5 == 2
    scale = np.array([20.0])
    return dict(x_train=x[~unseen], y_train=y[~unseen], x_test=x[unseen], y_test=y[unseen], scale=scale)


def sums(datasets, network):
    """All sums of two numbers below a hundred as text, one-hot, answers from the right; 2000 of them never seen."""
    pairs = [(a, b) for a in range(100) for b in range(100)]
    pairs = np.random.default_rng(0).permutation(pairs)
    x = np.array([encode(f"{a}+{b}", 5) for a, b in pairs])
    y = np.array([encode(str(a + b)[::-1], 3) for a, b in pairs])
    return dict(x_train=x[:8000], y_train=y[:8000], x_test=x[8000:], y_test=y[8000:])


def encode(text, length):
    return np.eye(12)[["0123456789+ ".index(character) for character in text.ljust(length)]]


def normal_vectors(datasets, network):
    random = np.random.default_rng(0)
    rows = 300 if network["quick"] else 600 * 30
    return dict(x_train=random.normal(4.0, 0.2, (rows, 10)), x_test=random.normal(4.0, 0.2, (1000, 10)))


def line_points(datasets, network):
    random = np.random.default_rng(0)
    points = lambda rows: random.uniform(2.5, 7.5, (rows, 1)).repeat(2, axis=1)
    return dict(x_train=points(3000), x_test=points(1000))


DATA = {
    "breast-cancer": breast_cancer,
    "auto-mpg": auto_mpg,
    "mnist-mlp": mnist,
    "mnist-cnn": mnist,
    "airline-lstm": airline,
    "airline-improved": airline_changes,
    "sequence-lstm": sequence,
    **{f"adding-{kind}": adding_problem for kind in ("rnn", "lstm", "gru")},
    **{f"series-{kind}": two_waves for kind in ("rnn", "lstm", "gru")},
    **{f"thrower-{kind}": flights for kind in ("rnn", "lstm", "gru")},
    "adder": sums,
    "gan-normal": normal_vectors,
    "gan-line": line_points,
    "gan-mnist": mnist_images(100 * 64),
    "dcgan": mnist_images(50 * 64),
    "gan-conditional": mnist_images_by_class(200 * 64),
    "gan-table": breast_cancer_by_class,
}


def table(file):
    with open(file, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def passengers(datasets):
    rows = table(datasets / "airline-passengers/airline-passengers.csv")
    return np.array([float(row["Passengers"]) for row in rows])


def months_to_learn_from(values):
    return int(len(values) * 0.8)


def split_and_scale(x, y, classes=None):
    """One row in five for the test (of each class, if there are some); features with mean 0 and deviation 1 on the
    others."""
    order = np.random.default_rng(0).permutation(len(x))
    groups = [order] if classes is None else [order[classes[order] == kind] for kind in np.unique(classes)]
    is_test = np.zeros(len(x), bool)
    for rows in groups:
        is_test[rows[: round(len(rows) * 0.2)]] = True
    test, train = order[is_test[order]], order[~is_test[order]]
    mean, deviation = x[train].mean(0), x[train].std(0)
    x = (x - mean) / np.where(deviation == 0, 1, deviation)
    return dict(x_train=x[train], y_train=y[train], x_test=x[test], y_test=y[test])


def one_hot(classes, count):
    return np.eye(count)[np.asarray(classes).astype(int).ravel()]


def windows(values, look_back):
    """`[rows, look_back, 1]` of neighbours and `[rows, 1]` of what comes after them."""
    every = np.lib.stride_tricks.sliding_window_view(values, look_back + 1)
    return every[:, :look_back, None], every[:, look_back:]


def cut_windows(values, cut, look_back):
    """Windows that end before the cut to learn from; those that say a later value for the test."""
    x_train, y_train = windows(values[:cut], look_back)
    x_test, y_test = windows(values[cut - look_back :], look_back)
    return dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def main():
    network, datasets, folder = json.loads(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    arrays = DATA[network["name"]](datasets, network)
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in arrays.items():
        np.ascontiguousarray(values, "<f4").tofile(folder / f"{name}.f32")
    shapes = {name: list(values.shape) for name, values in arrays.items()}
    (folder / "network.json").write_text(json.dumps({**network, "shapes": shapes}, indent=1))


if __name__ == "__main__":
    main()
