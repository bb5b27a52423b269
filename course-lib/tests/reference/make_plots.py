"""Makes plots.json: the densities and correlations that tests/plots_statistics.rs compares with.

    python -m venv venv && venv/bin/pip install scipy==1.17.1 numpy==2.4.6 && venv/bin/python make_plots.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import gaussian_kde

HERE = Path(__file__).parent
TABLE = HERE.parents[2] / "datasets" / "breast-cancer" / "breast-cancer.csv"


def density(sample: np.ndarray) -> dict:
    kde = gaussian_kde(sample, "silverman")
    width = 3 * sample.std()
    at = np.linspace(sample.min() - width, sample.max() + width, 25)
    return {
        "sample": sample.tolist(),
        "bandwidth": float(kde.factor * sample.std(ddof=1)),
        "at": at.tolist(),
        "density": kde(at).tolist(),
    }


def main() -> None:
    random = np.random.default_rng(0)
    # Single precision, as tensors hold them.
    samples = {
        "normal": random.normal(4.0, 0.2, 120),
        "skewed": random.exponential(300.0, 80),
        "two hills": np.concatenate([random.normal(-2.0, 0.3, 40), random.normal(1.0, 0.6, 60)]),
        "two values": np.array([1.0, 2.5]),
        "an outlier": np.append(random.normal(0.0, 1e-3, 30), 5.0),
    }
    table = np.loadtxt(TABLE, delimiter=",", skiprows=1, usecols=range(30), dtype=np.float32)
    reference = {
        "densities": {name: density(sample.astype(np.float32).astype(float)) for name, sample in samples.items()},
        "correlations": np.corrcoef(table.astype(float), rowvar=False).tolist(),
    }
    (HERE / "plots.json").write_text(json.dumps(reference))


if __name__ == "__main__":
    main()
