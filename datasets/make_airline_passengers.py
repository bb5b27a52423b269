"""Takes airline-passengers/airline-passengers.csv out of an sktime wheel, byte for byte.

    pip download --no-deps sktime==1.2.0
    python datasets/make_airline_passengers.py sktime-1.2.0-*.whl
"""

import hashlib
import sys
import zipfile
from pathlib import Path

MEMBER = "sktime/datasets/data/Airline/Airline.csv"
MEMBER_SHA256 = "28af0eb869db6d9fbd31d5af03993a0cbf36c0857c3eb046a068c094b60da851"
TARGET = Path(__file__).parent / "airline-passengers" / "airline-passengers.csv"


def main(wheel: str) -> None:
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != MEMBER_SHA256:
        sys.exit(f"{MEMBER} in {wheel}: expected SHA-256 {MEMBER_SHA256}, got {found}")

    header, *rows = raw.decode("ascii").splitlines()
    months = [f"{year}-{month:02}" for year in range(1949, 1961) for month in range(1, 13)]
    assert header == "Date,Passengers" and [row.split(",")[0] for row in rows] == months

    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(raw)
    print(f"{TARGET}: {len(rows)} rows, {len(raw)} bytes, SHA-256 {found}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
