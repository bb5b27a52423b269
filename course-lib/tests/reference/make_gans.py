"""Makes gans.json: distances between distributions by SciPy.

    python -m venv venv && venv/bin/pip install scipy numpy && venv/bin/python make_gans.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import ks_2samp, wasserstein_distance

random = np.random.default_rng(20)


def column(values):
    """Values that single precision can hold, a row each."""
    return [[float(v)] for v in np.asarray(values, dtype=np.float32)]


def rows(values):
    return [[float(v) for v in row] for row in np.asarray(values, dtype=np.float32)]


def distance(a, b):
    a, b = column(a), column(b)
    return {"a": a, "b": b, "distance": float(wasserstein_distance(np.ravel(a), np.ravel(b)))}


a = random.normal(0, 1, (40, 3)).round(1)
b = random.normal(0.5, 2, (25, 3)).round(1)
reference = {
    "wasserstein": [
        distance(random.normal(4, 0.2, 50), random.normal(3.9, 0.3, 50)),
        distance(random.normal(0, 1, 30), random.uniform(-5, 5, 71)),
        distance([1, 1, 2, 2, 2], [1, 2]),
        distance([3], [3]),
    ],
    "kolmogorov_smirnov": {
        "a": rows(a),
        "b": rows(b),
        "statistics": [
            float(ks_2samp(np.float32(a[:, i]), np.float32(b[:, i])).statistic) for i in range(a.shape[1])
        ],
    },
}
Path(__file__).with_name("gans.json").write_text(json.dumps(reference) + "\n")
