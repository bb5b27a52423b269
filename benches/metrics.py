#!/usr/bin/env python3
"""Does each lesson's network become as good here as in PyTorch and in Keras?

    python benches/metrics.py                          # everything: about a quarter of an hour
    python benches/metrics.py --only mnist-cnn --seeds 3

Each side trains each network from the start with the seeds 1, 2, 3, .., for the same epochs on the same data, and is
scored on data never learned from. The course's library holds where its mean is no worse than that of PyTorch or of
Keras, give or take two standard errors of their difference. Time plays no part, so the machine need not be quiet.
The tables go to `target/compare/metrics.md` and `.json`.
"""

import argparse
import json
import math
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

import prepare
import report
from networks import NETWORKS
from side import Absent, Broken, Side

COMMANDS = {
    "course": lambda python, rust, folder: [rust, folder],
    "torch": lambda python, rust, folder: [python, prepare.SIDES / "torch_side.py", folder],
    "keras": lambda python, rust, folder: [python, prepare.SIDES / "keras_side.py", folder],
}


def options():
    names = [network.name for network in NETWORKS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=names, help="this network; may be given more than once")
    parser.add_argument("--without", action="append", default=[], choices=list(COMMANDS))
    parser.add_argument("--seeds", type=int, default=5, help="how many (5)")
    parser.add_argument("--threads", type=int, default=2, help="cores to use (2)")
    parser.add_argument("--quick", action="store_true", help="less data and one epoch: figures mean nothing")
    parser.add_argument("--python", type=Path, help="a Python with PyTorch and Keras; else one is made")
    parser.add_argument("--rust", type=Path, help="the built Rust side; else it is built")
    parser.add_argument("--datasets", type=Path, default=prepare.ROOT / "datasets")
    parser.add_argument("--out", type=Path, help="folder for metrics.json and metrics.md (target/compare)")
    chosen = parser.parse_args()
    if chosen.seeds < 2:
        parser.error("--seeds is at least 2: one says nothing about the spread")
    chosen.out = chosen.out or prepare.target() / "compare"
    return chosen


def main():
    chosen = options()
    chosen.out.mkdir(parents=True, exist_ok=True)
    python = chosen.python or prepare.python(chosen.out / "python")
    rust = chosen.rust or prepare.rust_side()
    facts = report.machine(python, chosen.threads)
    entries = []
    for network in NETWORKS:
        if chosen.only and network.name not in chosen.only:
            continue
        entries.append(measure(network, chosen, python, rust))
        (chosen.out / "metrics.json").write_text(json.dumps({"machine": facts, "networks": entries}, indent=1))
        (chosen.out / "metrics.md").write_text(markdown(facts, entries))
    print(f"\n{markdown(facts, entries)}\nalso in {chosen.out}: metrics.md, metrics.json")
    return 1 if any(entry["failures"] or not entry["holds"] for entry in entries) else 0


def measure(network, chosen, python, rust):
    """Every side with every seed."""
    print(network.title, flush=True)
    epochs = 1 if chosen.quick else network.epochs_to_judge
    scores, failures = {}, {}
    for seed in range(1, chosen.seeds + 1):
        folder = (chosen.out / "data" / f"{network.name}-judged").resolve()
        settings = {**asdict(network), "seed": seed, "threads": chosen.threads, "quick": chosen.quick}
        prepare.output_of([python, prepare.SIDES / "data.py", json.dumps(settings), chosen.datasets, folder])
        for name, command in COMMANDS.items():
            if name in chosen.without or name in failures:
                continue
            try:
                side = Side(name, command(python, rust, folder), folder, chosen.threads)
                try:
                    side.train(epochs)
                    scores.setdefault(name, []).append(side.score())
                finally:
                    side.close()
            except Absent:
                continue
            except Broken as problem:
                failures[name] = str(problem)
                continue
            print(f"  seed {seed}  {name:7} {scores[name][-1]:.4g}", flush=True)
    return {
        "name": network.name,
        "title": network.title,
        "metric": network.metric,
        "epochs": epochs,
        "scores": scores,
        "failures": failures,
        "holds": holds(network, scores),
    }


def holds(network, scores):
    """No worse than one of the others, as far as the seeds can tell."""
    others = [values for name, values in scores.items() if name != report.OWN]
    own = scores.get(report.OWN)
    return bool(own) and any(no_worse(own, values, network.higher_is_better) for values in others)


def no_worse(own, other, higher_is_better):
    error = math.sqrt((statistics.variance(own) + statistics.variance(other)) / len(own))
    lag = statistics.mean(other) - statistics.mean(own)
    return (lag if higher_is_better else -lag) <= 2 * error


def markdown(facts, entries):
    lines = ["# As good as PyTorch and Keras?", "", *(f"- {name}: {value}" for name, value in facts.items()), ""]
    lines += ["| network, epochs | metric | side | mean | least to most | holds |", "| --- | --- | --- | --- | --- | --- |"]
    for entry in entries:
        for name, values in entry["scores"].items():
            verdict = ("yes" if entry["holds"] else "no") if name == report.OWN else ""
            lines.append(
                f"| {entry['title']}, {entry['epochs']} | {entry['metric']} | {name} | {statistics.mean(values):.4g} "
                f"| {min(values):.4g} to {max(values):.4g} | {verdict} |"
            )
        lines += [f"| {entry['title']} | | {name} | not measured: {problem.splitlines()[0]} | | |" for name, problem in entry["failures"].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except prepare.Trouble as trouble:
        sys.exit(f"metrics: {trouble}")
