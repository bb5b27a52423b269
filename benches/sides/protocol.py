"""How a side talks with `compare.py`: a line in, a line out.

| in | out | |
| --- | --- | --- |
| (started with the network's folder) | `ready` or `absent` | the network is built; or this side has none of this name |
| `train N` | `trained SECONDS LOSS` | N epochs, and the mean loss of the last |
| `score` | `score VALUE` | the metric on data never learned from |
| `draw FILE` | `drawn` | in place of that, a generative network writes samples, which `judge.py` scores for all sides |
| `again SEED` | `ready` | the network is built anew, from this seed |
| `slow` | `slowed` | a generative network goes on with fresh optimisers and a tenth of their learning rates |

The Rust side (`course-lib/examples/compare/`) speaks the same.
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np


class Task:
    """The folder that `data.py` wrote: settings as attributes, arrays by name."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.all = json.loads((self.folder / "network.json").read_text())
        self.name, self.batch, self.seed = self.all["name"], self.all["batch"], self.all["seed"]
        self.threads = self.all["threads"]
        # How many samples a generative network draws, where nothing is wanted of each.
        self.drawn = 1000

    def __getattr__(self, setting):
        return self.all["settings"][setting]

    def has(self, name):
        return name in self.all["shapes"]

    def array(self, name):
        values = np.fromfile(self.folder / f"{name}.f32", "<f4")
        return values.reshape(self.all["shapes"][name])


def rates(task, epochs):
    """The learning rate of each epoch: constant, or falling along half a wave of the cosine."""
    settings = task.all["settings"]
    first = settings["learning_rate"]
    last = settings.get("last_learning_rate", first)
    return [last + 0.5 * (first - last) * (1 + math.cos(math.pi * epoch / epochs)) for epoch in range(epochs)]


def in_passengers(task, changes):
    """Forecasts of scaled changes of the logarithm, in thousands of passengers."""
    change = changes * float(task.array("scale")[0]) + float(task.array("mean")[0])
    return np.exp(task.array("before") + change)


def serve(task, networks, seed_with):
    """Answers until there are no more lines. `seed_with` seeds all that is random."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints is no answer

    def answer(*words):
        print(*words, file=answers, flush=True)

    if task.name not in networks:
        answer("absent")
        return
    seed_with(task.seed)
    network = networks[task.name](task)
    answer("ready")
    for line in sys.stdin:
        command, *words = line.split()
        if command == "train":
            started = time.perf_counter()
            loss = network.train(int(words[0]))
            answer("trained", time.perf_counter() - started, loss)
        elif command == "score":
            answer("score", network.score())
        elif command == "draw":
            np.ascontiguousarray(network.draw(), "<f4").tofile(line.split(maxsplit=1)[1].rstrip("\n"))
            answer("drawn")
        elif command == "again":
            task.seed = int(words[0])
            seed_with(task.seed)
            network = networks[task.name](task)
            answer("ready")
        elif command == "slow":
            network.slow()
            answer("slowed")
