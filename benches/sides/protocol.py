"""How a side talks with `compare.py`: a line in, a line out.

| in | out | |
| --- | --- | --- |
| (started with the network's folder) | `ready` or `absent` | the network is built; or this side has none of this name |
| `train N` | `trained SECONDS LOSS` | N epochs, and the mean loss of the last |
| `score` | `score VALUE` | the metric on data never learned from |

The Rust side (`course-lib/examples/compare/`) speaks the same.
"""

import json
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

    def __getattr__(self, setting):
        return self.all["settings"][setting]

    def array(self, name):
        values = np.fromfile(self.folder / f"{name}.f32", "<f4")
        return values.reshape(self.all["shapes"][name])


def same_distribution(generated, real):
    """How far values have to be moved, on average, to turn one distribution into the other (Wasserstein-1)."""
    return float(np.abs(np.sort(generated.ravel()) - np.sort(real.ravel())).mean())


def mean_image_error(generated, real):
    """How far the mean of the generated images is from that of the real ones, root mean square over pixels."""
    generated, real = (images.reshape(len(images), -1).mean(0) for images in (generated, real))
    return float(np.sqrt(np.square(generated - real).mean()))


def serve(task, networks):
    """Answers until there are no more lines."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints is no answer

    def answer(*words):
        print(*words, file=answers, flush=True)

    if task.name not in networks:
        answer("absent")
        return
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
