"""How good samples are that a generative network has drawn: `python judge.py FOLDER WEIGHTS FILE ..`.

The same judge for every side: it reads the files that sides wrote at `draw`, and prints a line for each, the values of
the network's metrics. WEIGHTS are those of lesson 09's network, which reads digits.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, conv2d, max_pool2d, relu

from protocol import Task


def values(task, drawn, weights):
    """How far values have to be moved, on average, to turn one distribution into the other (Wasserstein-1)."""
    return [wasserstein(drawn, task.array("x_test"))]


def line(task, drawn, weights):
    """How far points lie from the segment on which real ones do, and how far their places along it are off."""
    place = drawn.mean(1)
    nearest = place.clip(2.5, 7.5)[:, None]
    distance = np.sqrt(np.square(drawn - nearest).sum(1)).mean()
    return [float(distance), wasserstein(place, task.array("x_test").mean(1))]


def digits(task, drawn, weights):
    """The inception score, exp(mean KL(p(digit | image) || p(digit))), and the mean of the highest probabilities."""
    p = probabilities(drawn, weights)
    divergence = (p * np.log(np.maximum(p, 1e-30) / p.mean(0))).sum(1)
    return [float(np.exp(divergence.mean())), float(p.max(1).mean())]


def digits_as_asked(task, drawn, weights):
    """The share of images in which the digit is read that was asked for."""
    return [float((probabilities(drawn, weights).argmax(1) == task.array("wanted").argmax(1)).mean())]


def table(task, drawn, weights):
    """Three questions to a synthetic table: each column alone, all pairs of columns, and what can be learned from it."""
    real = task.array("x_train")
    marginals = np.mean([kolmogorov_smirnov(real[:, column], drawn[:, column]) for column in range(real.shape[1])])
    correlations = np.abs(np.corrcoef(real.T) - np.corrcoef(drawn.T)).mean()
    return [float(marginals), float(correlations), accuracy_of_learner(task, drawn)]


def wasserstein(drawn, real):
    """Both of the same size."""
    return float(np.abs(np.sort(drawn, None) - np.sort(real, None)).mean())


def kolmogorov_smirnov(real, drawn):
    """The largest difference between the shares of values up to any number."""
    places = np.concatenate([real, drawn])
    shares = [np.searchsorted(np.sort(rows), places, "right") / len(rows) for rows in (real, drawn)]
    return np.abs(shares[0] - shares[1]).max()


def accuracy_of_learner(task, drawn):
    """Of lesson 07's network on real test rows, after 60 epochs on the drawn ones; the mean of three starts."""
    x, y = torch.from_numpy(drawn), torch.from_numpy(task.array("y_train"))
    x_test, y_test = (torch.from_numpy(task.array(name)) for name in ("x_test", "y_test"))
    accuracies = []
    for seed in range(3):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 1))
        optimizer = torch.optim.Adam(model.parameters(), 0.001)
        for _ in range(60):
            for rows in torch.randperm(len(x)).split(32):
                optimizer.zero_grad()
                binary_cross_entropy_with_logits(model(x[rows]), y[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            accuracies.append(((model(x_test) > 0) == (y_test > 0.5)).float().mean().item())
    return float(np.mean(accuracies))


@torch.no_grad()
def probabilities(images, weights):
    """What lesson 09's network says of images with pixels from -1 to 1: `[images, 10]`."""
    w = read_safetensors(weights)
    x = (torch.from_numpy(images).reshape(-1, 1, 28, 28) + 1) / 2
    for layer in ("conv2d", "conv2d_1"):
        x = max_pool2d(relu(conv2d(x, w[f"{layer}.weights"], w[f"{layer}.bias"])), 2)
    return (x.flatten(1) @ w["dense.weights"] + w["dense.bias"]).softmax(1).double().numpy()


def read_safetensors(file):
    """Tensors by name: a length, so much JSON that says where each lies, then the numbers."""
    content = Path(file).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    tensors = {}
    for name, about in json.loads(content[8 : 8 + length]).items():
        if name != "__metadata__":
            first, last = (8 + length + place for place in about["data_offsets"])
            numbers = np.frombuffer(content[first:last], "<f4").reshape(about["shape"])
            tensors[name] = torch.from_numpy(numbers.copy())
    return tensors


JUDGES = {"values": values, "line": line, "digits": digits, "digits_as_asked": digits_as_asked, "table": table}


def main():
    folder, weights, *files = sys.argv[1:]
    task = Task(folder)
    torch.set_num_threads(task.threads)
    rows = task.all["shapes"]["wanted"][0] if task.has("wanted") else task.drawn
    for file in files:
        drawn = np.fromfile(file, "<f4").reshape(rows, -1)
        if not np.isfinite(drawn).all():
            sys.exit(f"{file}: the network has drawn something that is no number")
        print(*JUDGES[task.all["judge"]](task, drawn, weights))


if __name__ == "__main__":
    main()
