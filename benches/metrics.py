#!/usr/bin/env python3
"""Does each lesson's network become as good here as in PyTorch and in Keras?

    python benches/metrics.py                          # everything: about two hours on one core
    python benches/metrics.py --only mnist-cnn --seeds 3

Each side trains each network from the start with the seeds 1, 2, 3, .., for the same epochs on the same data, and is
scored on data never learned from; what generative networks draw is scored by one judge for all sides. A network holds
where the course's mean lies within the spread of the seeds of PyTorch or of Keras: `verdict.py` says how, and the table
says of which. Time plays no part, so the machine need not be quiet.

The tables go to `target/compare/metrics.md` and `.json`, where the networks of earlier calls stay until they are measured
anew. Ends with 1 where a side broke, or a network is behind both.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict
from pathlib import Path

import prepare
import report
from networks import NETWORKS
from scoring import judged
from side import Absent, Broken, Side
from verdict import NO, OWN, standard_errors_behind, verdict

COMMANDS = {
    OWN: lambda python, rust, folder: [rust, folder],
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
    facts = {name: value for name, value in facts.items() if not name.startswith("load")}
    record = chosen.out / "metrics.json"
    measured = []
    for network in NETWORKS:
        if chosen.only and network.name not in chosen.only:
            continue
        measured.append({**measure(network, chosen, python, rust), "machine": facts})
        # Read again each time: another call may have measured others meanwhile.
        known = {entry["name"]: entry for entry in json.loads(record.read_text())} if record.exists() else {}
        known[network.name] = measured[-1]
        entries = [known[network.name] for network in NETWORKS if network.name in known]
        record.write_text(json.dumps(entries, indent=1) + "\n")
        record.with_suffix(".md").write_text(markdown(entries))
    print(f"\n{markdown(entries)}\nalso in {chosen.out}: metrics.md, metrics.json")
    return 1 if any(entry["failures"] or NO in verdicts(entry) for entry in measured) else 0


def measure(network, chosen, python, rust):
    """Every side with every seed."""
    print(network.title, flush=True)
    folder = (chosen.out / "data" / f"{network.name}-judged").resolve()
    settings = {
        **asdict(network), "seed": 1, "threads": chosen.threads, "quick": chosen.quick, "rows": network.rows_to_judge,
    }  # fmt: skip
    prepare.output_of([python, prepare.SIDES / "data.py", json.dumps(settings), chosen.datasets, folder])
    epochs = 1 if chosen.quick else network.epochs_to_judge
    calm = min(epochs, network.calm_epochs)
    # For each side, a list of the metrics' values for each seed.
    scores, failures = {}, {}
    for name, command in COMMANDS.items():
        if name in chosen.without:
            continue
        try:
            side = Side(name, command(python, rust, folder), folder, chosen.threads)
            try:
                scores[name] = list(over_seeds(side, network, chosen, folder, epochs, calm))
            finally:
                side.close()
            if network.judge:
                scores[name] = judged(folder, python, scores[name])
        except Absent:
            continue
        except Broken as problem:
            scores.pop(name, None)
            failures[name] = str(problem)
            print(f"  {name}: {problem}", flush=True)
            continue
        for seed, values in enumerate(scores[name], 1):
            print(f"  {name:7} seed {seed}  {'  '.join(f'{value:.4g}' for value in values)}", flush=True)
    return {
        "name": network.name,
        "title": network.title,
        "lesson": network.lesson,
        "metrics": [asdict(metric) for metric in network.metrics],
        "epochs": f"{epochs} + {calm} calm" if calm else str(epochs),
        "rows": network.rows_to_judge,
        "seeds": chosen.seeds,
        "quick": chosen.quick,
        "date": time.strftime("%Y-%m-%d"),
        "scores": scores,
        "failures": failures,
    }


def over_seeds(side, network, chosen, folder, epochs, calm):
    """For each seed the score, or the file of what was drawn."""
    for seed in range(1, chosen.seeds + 1):
        started = time.perf_counter()
        if seed > 1:
            side.again(seed)
        side.train(epochs)
        if calm:
            side.slow()
            side.train(calm)
        if network.judge:
            file = folder / f"{side.name}.{seed}.drawn.f32"
            side.draw(file)
            yield file
        else:
            yield [side.score()]
        print(f"  {side.name:7} seed {seed}  {time.perf_counter() - started:.1f} s", flush=True)


def by_metric(entry):
    """Each metric with the values of each side."""
    for place, metric in enumerate(entry["metrics"]):
        yield metric, {name: [values[place] for values in seeds] for name, seeds in entry["scores"].items()}


def verdicts(entry):
    return [verdict(scores, metric["higher_is_better"]) for metric, scores in by_metric(entry)]


def markdown(entries):
    lines = ["# As good as PyTorch and Keras?", ""]
    lines += [
        "Mean over the seeds (least to most). Holds: the course's mean is no worse than the worst seed of the better of the",
        "two; or of the weaker only, which is then named. Behind: how far its mean is behind the better's, in standard errors",
        "of the difference; below 0 it is ahead. Neither depends on how fast or how busy the machine is.",
        "",
        "| lesson | network | epochs | metric, better is | course | PyTorch | Keras | behind | holds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for entry in entries:
        lines += rows(entry)
    missing = [network.name for network in NETWORKS if network.name not in {entry["name"] for entry in entries}]
    if missing:
        lines += ["", f"Not measured yet: {', '.join(missing)}."]
    machines = {json.dumps(entry["machine"]): entry["machine"] for entry in entries}
    for facts in machines.values():
        names = [entry["name"] for entry in entries if entry["machine"] == facts]
        dates = sorted({entry["date"] for entry in entries if entry["machine"] == facts})
        lines += ["", f"Measured {' to '.join(dict.fromkeys([dates[0], dates[-1]]))}: {', '.join(names)}", ""]
        lines += [f"- {name}: {value}" for name, value in facts.items()]
    for entry in entries:
        for side, problem in entry["failures"].items():
            lines += ["", f"{entry['title']}, {side}: not measured.", "", "```", problem, "```"]
    return "\n".join(lines) + "\n"


def rows(entry):
    for (metric, scores), said in zip(by_metric(entry), verdicts(entry)):
        behind = standard_errors_behind(scores, metric["higher_is_better"])
        amount = f", {entry['rows']} rows" if entry["rows"] else ""
        cells = [
            entry["lesson"],
            entry["title"],
            entry["epochs"] + amount + (" (quick: means nothing)" if entry["quick"] else ""),
            f"{metric['name']}, {'higher' if metric['higher_is_better'] else 'lower'}",
            *(spread(scores.get(name)) for name in COMMANDS),
            "" if behind is None else f"{behind:+.1f}",
            said,
        ]
        yield f"| {' | '.join(cells)} |"


def spread(values):
    return f"{statistics.mean(values):.4g} ({min(values):.4g} to {max(values):.4g})" if values else "none"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except prepare.Trouble as trouble:
        sys.exit(f"metrics: {trouble}")
