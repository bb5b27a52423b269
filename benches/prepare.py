"""What has to be there before anything is measured: a Python with the others, and the Rust side."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIDES = ROOT / "benches" / "sides"

# How the cells of a notebook are built: what `src/environment.rs` says, and `tests/library.rs` for the library's tests.
RUSTFLAGS = "-Cprefer-dynamic"
PROFILE = [
    "opt-level=2",
    "debug=false",
    'strip="debuginfo"',
    "rpath=true",
    "lto=false",
    "debug-assertions=true",
    "codegen-units=16",
    'panic="unwind"',
    "incremental=true",
    "overflow-checks=true",
]


class Trouble(Exception):
    """What went wrong and what to do, for people."""


def target():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def rust_side():
    """The program `compare`, which uses the library as the cells of a notebook do: linked to one prebuilt file."""
    host = next(
        line.removeprefix("host: ")
        for line in output_of(["rustc", "-vV"]).splitlines()
        if line.startswith("host: ")
    )
    folder = target().resolve() / "notebook"
    command = ["cargo", "build", "--package", "course-lib", "--example", "compare", "--target", host]
    for setting in PROFILE:
        command += ["--config", f"profile.dev.{setting}"]
    environment = {**os.environ, "RUSTFLAGS": RUSTFLAGS, "CARGO_TARGET_DIR": str(folder)}
    run(command, "the Rust side does not build", cwd=ROOT, env=environment)
    return folder / host / "debug" / "examples" / "compare"


def python(folder):
    """A Python with PyTorch and Keras in a folder of its own; made at the first call."""
    requirements = ROOT / "benches" / "requirements.txt"
    program = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and program.exists():
        return program
    print(f"PyTorch and Keras are installed into {folder}: some gigabytes, once", flush=True)
    run([sys.executable, "-m", "venv", folder], "no Python environment can be made")
    install = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]
    run(install, "PyTorch and Keras cannot be installed; --python takes a Python that has them")
    stamp.write_text(wanted)
    return program


def output_of(command, **options):
    try:
        return subprocess.run(
            [str(word) for word in command], check=True, capture_output=True, text=True, **options
        ).stdout
    except FileNotFoundError as problem:
        raise Trouble(f"{command[0]} is not installed") from problem
    except subprocess.CalledProcessError as problem:
        raise Trouble(f"{command[0]}: {problem.stderr.strip()}") from problem


def run(command, problem, **options):
    """Runs a command whose output people may want to see."""
    try:
        status = subprocess.run([str(word) for word in command], **options).returncode
    except FileNotFoundError as missing:
        raise Trouble(f"{problem}: {command[0]} is not installed") from missing
    if status != 0:
        raise Trouble(f"{problem} (exit code {status}; the reason is above)")
