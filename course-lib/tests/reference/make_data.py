"""Makes data.json: what the tests of the data sets and of their preparation compare with.

    python -m venv venv && venv/bin/pip install scikit-learn==1.9.1 pandas==3.1.1
    venv/bin/python course-lib/tests/reference/make_data.py

NumPy reads MNIST's files by itself, pandas the tables; scikit-learn makes moons and circles without noise and one-hot
rows; pandas takes logarithms and differences, NumPy the sliding windows, SciPy moves images.
"""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.ndimage import shift
from sklearn.datasets import make_circles, make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, label_binarize

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "datasets"


def plain(values) -> list:
    return [float(f"{value:.10g}") for value in np.asarray(values, dtype=float).ravel()]


def idx(name: str, header: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress((DATA / "mnist" / name).read_bytes()), dtype=np.uint8, offset=header)


def mnist() -> dict:
    numbers = {}
    for part, name in [("train", "train"), ("test", "t10k")]:
        images = idx(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
        labels = idx(f"{name}-labels-idx1-ubyte.gz", 8)
        numbers[part] = {
            "mean": float(images.mean() / 255),
            "std": float(images.std() / 255),
            "counts": np.bincount(labels).tolist(),
            "first labels": labels[:20].tolist(),
            # Where the ink is in a few images: the middle row of each.
            "rows": [0, 1, len(images) - 1],
            "middle lines": [plain(images[row, 14] / 255) for row in (0, 1, len(images) - 1)],
        }
    test = idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)[0] / 255
    numbers["moved"] = [
        {"dx": dx, "dy": dy, "image": plain(shift(test, (dy, dx), order=0, mode="constant", cval=0))}
        for dx, dy in [(3, 0), (0, -4), (-2, 5)]
    ]
    return numbers


def auto_mpg() -> dict:
    frame = pd.read_csv(DATA / "auto-mpg" / "auto-mpg.csv")
    description = frame.describe()
    return {
        "columns": {name: {"mean": column["mean"], "std": column["std"]} for name, column in description.items()},
        "origins": frame["origin"].value_counts().to_dict(),
        "third car": frame.drop(columns=["car name", "origin"]).iloc[2].to_dict(),
    }


def airline() -> dict:
    series = pd.read_csv(DATA / "airline-passengers" / "airline-passengers.csv")["Passengers"].astype(float)
    logarithms = np.log(series)
    windows = np.lib.stride_tricks.sliding_window_view(series.to_numpy(), 12 + 3)
    train, test = train_test_split(series, test_size=0.2, shuffle=False)
    scaler = MinMaxScaler().fit(train.to_numpy().reshape(-1, 1))
    return {
        "total": float(series.sum()),
        "log": plain(logarithms),
        "difference 1": plain(series.diff(1).dropna()),
        "difference 12 of log": plain(logarithms.diff(12).dropna()),
        "windows": windows.shape[0],
        "tenth window": plain(windows[9]),
        "train": len(train),
        "scaled test": plain(scaler.transform(test.to_numpy().reshape(-1, 1))),
    }


def main() -> None:
    moons, of_moons = make_moons(101, shuffle=False, noise=None)
    circles, of_circles = make_circles(101, shuffle=False, noise=None, factor=0.5)
    labels = [3, 0, 4, 4, 1]
    reference = {
        "mnist": mnist(),
        "auto mpg": auto_mpg(),
        "airline": airline(),
        "moons": {"points": plain(moons), "classes": of_moons.tolist()},
        "circles": {"points": plain(circles), "classes": of_circles.tolist()},
        "one-hot": {"labels": labels, "rows": plain(label_binarize(labels, classes=range(5)))},
    }
    (HERE / "data.json").write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main()
