#!/usr/bin/env python3
"""Is the course's library as fast as it says? Each lesson's network here, in PyTorch and in Keras, in turn.

    python benches/compare.py                         # everything: about half an hour
    python benches/compare.py --only mnist-mlp --rounds 9
    python benches/compare.py --quick                 # some minutes: does it run?

For each network every side is a process of its own with the same data, batch size and epochs. All are built and
warmed up first; then, round by round, each trains for a turn while the others are stopped. So what disturbs the
machine disturbs all of them, and compilation, loading and first-time costs count for nobody. Networks without a target
of speed run only if `--only` names them. The tables and figures go to `target/compare/`. Needs a quiet machine: the
report says what other programs took.

Ends with 1 where a side broke, a target was missed, or the course's peak of memory is above PyTorch's.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import prepare
import report
from networks import NETWORKS
from scoring import scores
from side import Absent, Broken, Side, share_of_others_now


def options():
    names = [network.name for network in NETWORKS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=names, help="this network; may be given more than once")
    parser.add_argument("--without", action="append", default=[], choices=["torch", "keras", "course"])
    parser.add_argument("--rounds", type=int, help="turns that count, of each side (5; quick: 2)")
    parser.add_argument("--threads", type=int, help="cores to use (all that there are)")
    parser.add_argument("--seed", type=int, default=1, help="of weights, shuffling and random draws (1)")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait before each turn for a quiet machine (0)")
    parser.add_argument("--quick", action="store_true", help="less data and few turns: figures mean nothing")
    parser.add_argument("--python", type=Path, help="a Python with PyTorch and Keras; else one is made")
    parser.add_argument("--venv", type=Path, help="where it is made (target/compare/python)")
    parser.add_argument("--rust", type=Path, help="the built Rust side; else it is built")
    parser.add_argument("--datasets", type=Path, default=prepare.ROOT / "datasets")
    parser.add_argument("--out", type=Path, help="folder for compare.json and compare.md (target/compare)")
    chosen = parser.parse_args()
    chosen.out = chosen.out or prepare.target() / "compare"
    chosen.rounds = chosen.rounds or (2 if chosen.quick else 5)
    chosen.threads = chosen.threads or len(cores())
    if not 1 <= chosen.threads <= len(cores()):
        parser.error(f"--threads is from 1 to {len(cores())} here")
    if chosen.rounds < 1:
        parser.error("--rounds is at least 1")
    return chosen


def cores():
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


def main():
    chosen = options()
    chosen.out.mkdir(parents=True, exist_ok=True)
    python = chosen.python or prepare.python(chosen.venv or chosen.out / "python")
    rust = None if "course" in chosen.without else chosen.rust or prepare.rust_side()
    # The sides inherit this, so that no library sees a core that it shall not use.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(cores())[: chosen.threads])
    facts = report.machine(python, chosen.threads)
    entries = []
    for network in NETWORKS:
        if network.name not in chosen.only if chosen.only else network.target is None:
            continue
        entries.append(measure(network, chosen, python, rust))
        (chosen.out / "compare.json").write_text(json.dumps({"machine": facts, "networks": entries}, indent=1))
        (chosen.out / "compare.md").write_text(report.markdown(facts, entries))
    facts["load after"] = os.getloadavg()[0]
    (chosen.out / "compare.json").write_text(json.dumps({"machine": facts, "networks": entries}, indent=1))
    text = report.markdown(facts, entries)
    (chosen.out / "compare.md").write_text(text)
    print(f"\n{text}\nalso in {chosen.out}: compare.md, compare.json")
    # Figures of a quick run mean nothing.
    return 1 if any(entry["failures"] or (report.missed(entry) and not chosen.quick) for entry in entries) else 0


def measure(network, chosen, python, rust):
    """All sides, built, warmed up and then in turn."""
    print(f"{network.title}", flush=True)
    folder = (chosen.out / "data" / network.name).resolve()
    settings = {**asdict(network), "seed": chosen.seed, "threads": chosen.threads, "quick": chosen.quick, "rows": None}
    data = [python, prepare.SIDES / "data.py", json.dumps(settings), chosen.datasets, folder]
    prepare.output_of(data)
    commands = {
        "course": [rust, folder],
        "torch": [python, prepare.SIDES / "torch_side.py", folder],
        "keras": [python, prepare.SIDES / "keras_side.py", folder],
    }
    epochs = 1 if chosen.quick else network.epochs_a_turn
    sides, turns, failures = {}, {}, {}
    try:
        for name, command in commands.items():
            if name in chosen.without:
                continue
            with guarded(name, sides, turns, failures):
                sides[name] = Side(name, command, folder, chosen.threads)
                sides[name].train(epochs)  # warms up
                turns[name] = {"seconds": [], "others": [], "start up": sides[name].start_up}
        for number in range(chosen.rounds):
            # Each comes first as often as the others.
            for name in turned(list(sides), number):
                with guarded(name, sides, turns, failures):
                    wait_until_quiet(chosen.patience)
                    seconds, turns[name]["loss"], others = sides[name].train(epochs)
                    turns[name]["seconds"].append(seconds)
                    turns[name]["others"].append(others)
                    print(f"  round {number + 1}  {name:7} {seconds:9.4f} s an epoch", flush=True)
        for name in list(sides):
            with guarded(name, sides, turns, failures):
                # Before the score: what drawing and predicting take is no part of the training.
                turns[name]["peak memory"], turns[name]["growth"] = sides[name].memory()
                turns[name]["scores"] = scores(sides[name], network, folder, python)
                turns[name]["epochs"] = epochs * (chosen.rounds + 1)
    finally:
        for side in sides.values():
            side.close()
    return report.summary(network, turns, failures)


def wait_until_quiet(patience):
    """Until other programs leave the machine alone, but no longer than that."""
    deadline = time.monotonic() + patience
    time.sleep(0.05)  # whoever was stopped has stopped
    while time.monotonic() < deadline and share_of_others_now() > report.QUIET:
        pass


def turned(names, by):
    return [names[(place + by) % len(names)] for place in range(len(names))]


class guarded:
    """A side that breaks leaves the comparison; the others go on."""

    def __init__(self, name, sides, turns, failures):
        self.name, self.sides, self.turns, self.failures = name, sides, turns, failures

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, trace):
        if not isinstance(problem, (Absent, Broken)):
            return False
        self.sides.pop(self.name, None)
        self.turns.pop(self.name, None)
        if isinstance(problem, Broken):
            self.failures[self.name] = str(problem)
        print(f"  {self.name}: {problem or 'has no such network yet'}", flush=True)
        return True


if __name__ == "__main__":
    try:
        sys.exit(main())
    except prepare.Trouble as trouble:
        sys.exit(f"compare: {trouble}")
