"""Makes breast-cancer/breast-cancer.csv from the table inside a scikit-learn wheel.

    pip download --no-deps scikit-learn==1.9.1
    python datasets/make_breast_cancer.py scikit_learn-1.9.1-*.whl

The numbers are copied as they are written in scikit-learn's file, digit for digit. Two things change: a header
row with the names of the features takes the place of scikit-learn's own first line, and the class is a word
(malignant, benign) instead of a digit (0, 1).
"""

import hashlib
import sys
import zipfile
from pathlib import Path

MEMBER = "sklearn/datasets/data/breast_cancer.csv"
MEMBER_SHA256 = "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"
TARGET = Path(__file__).parent / "breast-cancer" / "breast-cancer.csv"

MEASUREMENTS = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
]
# The order and the names of scikit-learn's `load_breast_cancer().feature_names`.
FEATURES = (
    [f"mean {name}" for name in MEASUREMENTS]
    + [f"{name} error" for name in MEASUREMENTS]
    + [f"worst {name}" for name in MEASUREMENTS]
)


def main(wheel: str) -> None:
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != MEMBER_SHA256:
        sys.exit(f"{MEMBER} in {wheel}: expected SHA-256 {MEMBER_SHA256}, got {found}")

    first, *rows = raw.decode("ascii").split()
    samples, features, *classes = first.split(",")
    assert (int(samples), int(features)) == (len(rows), len(FEATURES)) == (569, 30)
    assert classes == ["malignant", "benign"]

    lines = [",".join([*FEATURES, "diagnosis"])]
    for row in rows:
        *values, label = row.split(",")
        assert len(values) == len(FEATURES)
        lines.append(",".join([*values, classes[int(label)]]))
    table = ("\n".join(lines) + "\n").encode("ascii")

    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(table)
    print(f"{TARGET}: {len(rows)} rows, {len(table)} bytes, SHA-256 {hashlib.sha256(table).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
