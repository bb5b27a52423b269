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


def breast_cancer(datasets, quick):
    rows = table(datasets / "breast-cancer/breast-cancer.csv")
    x = np.array([[float(value) for name, value in row.items() if name != "diagnosis"] for row in rows])
    y = np.array([[row["diagnosis"] == "malignant"] for row in rows])
    return split_and_scale(x, y)


def auto_mpg(datasets, quick):
    rows = table(datasets / "auto-mpg/auto-mpg.csv")
    measured = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "model year"]
    x = [
        [float(row[name]) for name in measured]
        + [row["origin"] == origin for origin in ("USA", "Europe", "Japan")]
        for row in rows
    ]
    return split_and_scale(np.array(x, float), np.array([[float(row["mpg"])] for row in rows]))


def mnist(datasets, quick):
    parts = {}
    for part, file in (("train", "train"), ("test", "t10k")):
        images = gzip.decompress((datasets / f"mnist/{file}-images-idx3-ubyte.gz").read_bytes())
        labels = gzip.decompress((datasets / f"mnist/{file}-labels-idx1-ubyte.gz").read_bytes())
        parts[f"x_{part}"] = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784) / np.float32(255)
        parts[f"y_{part}"] = np.frombuffer(labels, np.uint8, offset=8).reshape(-1, 1)
    return {name: values[: 6400 if "train" in name else 1000] if quick else values for name, values in parts.items()}


def mnist_images(rows):
    """Pixels from -1 to 1, as a generator that ends in tanh makes them; an epoch is a pass over so many."""

    def images(datasets, quick):
        digits = mnist(datasets, quick)
        count = 640 if quick else rows
        return {"x_train": digits["x_train"][:count] * 2 - 1, "x_test": digits["x_test"][:1000] * 2 - 1}

    return images


def airline(datasets, quick):
    """The first 80 % of the months to learn from, scaled to 0 to 1 by them alone; three months give the next."""
    rows = table(datasets / "airline-passengers/airline-passengers.csv")
    values = np.array([float(row["Passengers"]) for row in rows])
    cut = int(len(values) * 0.8)
    low, high = values[:cut].min(), values[:cut].max()
    scaled = (values - low) / (high - low)
    x_train, y_train = windows(scaled[:cut], 3)
    x_test, y_test = windows(scaled[cut - 3 :], 3)
    return dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, scale=np.array([high - low]))


def sequence(datasets, quick):
    """A sum of two sine waves with noise; fifty values give the next."""
    time = np.arange(2048 + 50 + 512 + 50)
    noise = np.random.default_rng(0).normal(0, 0.05, len(time))
    values = 0.6 * np.sin(time / 7) + 0.3 * np.sin(time / 31) + noise
    x_train, y_train = windows(values[: 2048 + 50], 50)
    x_test, y_test = windows(values[2048 + 50 :], 50)
    return dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, scale=np.array([1.0]))


def normal_vectors(datasets, quick):
    random = np.random.default_rng(0)
    return dict(x_train=random.normal(4.0, 0.2, (300 if quick else 600 * 30, 10)), x_test=random.normal(4.0, 0.2, (1000, 10)))


DATA = {
    "breast-cancer": breast_cancer,
    "auto-mpg": auto_mpg,
    "mnist-mlp": mnist,
    "mnist-cnn": mnist,
    "airline-lstm": airline,
    "sequence-lstm": sequence,
    "gan-normal": normal_vectors,
    "gan-mnist": mnist_images(100 * 64),
    "dcgan": mnist_images(50 * 64),
}


def table(file):
    with open(file, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def split_and_scale(x, y):
    """One row in five for the test; features with mean 0 and deviation 1 on the others."""
    order = np.random.default_rng(0).permutation(len(x))
    test, train = np.split(order, [round(len(x) * 0.2)])
    mean, deviation = x[train].mean(0), x[train].std(0)
    x = (x - mean) / np.where(deviation == 0, 1, deviation)
    return dict(x_train=x[train], y_train=y[train], x_test=x[test], y_test=y[test])


def windows(values, look_back):
    """`[rows, look_back, 1]` of neighbours and `[rows, 1]` of what comes after them."""
    every = np.lib.stride_tricks.sliding_window_view(values, look_back + 1)
    return every[:, :look_back, None], every[:, look_back:]


def main():
    network, datasets, folder = json.loads(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    arrays = DATA[network["name"]](datasets, network["quick"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in arrays.items():
        np.ascontiguousarray(values, "<f4").tofile(folder / f"{name}.f32")
    shapes = {name: list(values.shape) for name, values in arrays.items()}
    (folder / "network.json").write_text(json.dumps({**network, "shapes": shapes}, indent=1))


if __name__ == "__main__":
    main()
