"""What was measured, as tables and as JSON, with the machine it was measured on."""

import json
import os
import platform
import re
import statistics
from pathlib import Path

from prepare import ROOT, Trouble, output_of
from verdict import OWN

PYTORCH = "torch"
# What of the machine other programs may have before a figure is called uncertain.
QUIET = 0.1


def machine(python, threads):
    """Facts without which a figure says nothing."""
    versions = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    packages = json.loads(output_of([python, "-c", versions]))
    wanted = ("torch", "keras", "tensorflow", "tensorflow-cpu", "tensorflow_cpu", "numpy")
    processor = about_processor()
    return {
        **processor,
        "cores": os.cpu_count(),
        "threads": threads,
        "system": platform.platform(),
        "rustc": output_of(["rustc", "--version"]).strip(),
        "commit": commit(),
        **{name.replace("_", "-"): version for name, version in sorted(packages.items()) if name in wanted},
        "load before": os.getloadavg()[0],
    }


def about_processor():
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return {"processor": platform.processor()}
    entry = dict(re.findall(r"^(.+?)\s*: (.*)$", text.split("\n\n")[0], re.M))
    flags = entry.get("flags", "").split()
    known = [flag for flag in ("avx2", "fma", "avx512f", "amx_tile") if flag in flags]
    return {"processor": entry.get("model name", platform.processor()), "instructions": " ".join(known)}


def commit():
    try:
        changed = output_of(["git", "status", "--porcelain"], cwd=ROOT).strip()
        return output_of(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT).strip() + (" with changes" if changed else "")
    except Trouble:
        return "not known"


def summary(network, sides, failures):
    """A network's figures: for each side, and how many times as fast as the faster of the others the course is."""
    entry = {
        "name": network.name,
        "title": network.title,
        "epoch": network.unit,
        "metrics": [metric.name for metric in network.metrics],
        "target": network.target,
        "failures": failures,
        "sides": {name: of_side(turns) for name, turns in sides.items()},
    }
    others = [name for name in sides if name != OWN]
    if OWN in sides and others:
        faster = min(others, key=lambda name: entry["sides"][name]["median"])
        # Round by round, since what disturbs a machine for a while disturbs neighbours alike.
        ratios = [theirs / own for theirs, own in zip(sides[faster]["seconds"], sides[OWN]["seconds"])]
        entry["ratio"] = {
            "to": faster, "median": statistics.median(ratios), "low": min(ratios), "high": max(ratios),
        }  # fmt: skip
    return entry


def of_side(turns):
    seconds = turns["seconds"]
    return {
        **turns,
        "median": statistics.median(seconds),
        "low": min(seconds),
        "high": max(seconds),
    }


def markdown(facts, entries):
    lines = ["# The course's library beside PyTorch and Keras", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += [
        "",
        "Seconds an epoch: median (least to most). Ratio: the faster of the others by the course's, round by round.",
        f"Others: the share of the machine that other programs had; above {QUIET:.0%} nothing is said about targets.",
        "Peak memory: the most that was ever resident, with the program and its libraries. Growth: what training added to",
        "what was resident when the network and its data were there. The course's peak shall be no higher than PyTorch's;",
        "beside its growth stands the same question, which the size of PyTorch's libraries does not answer.",
        "",
        "| network | side | seconds an epoch | final metric | peak memory | growth | others | ratio | target |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for entry in entries:
        lines += rows(entry)
    metrics = [f"- {entry['title']}: {', '.join(entry['metrics'])}; an epoch is {entry['epoch']}" for entry in entries]
    lines += ["", "The metrics, on data never learned from:", "", *metrics]
    for entry in entries:
        for side, problem in entry["failures"].items():
            lines += ["", f"{entry['title']}, {side}: not measured.", "", "```", problem, "```"]
    return "\n".join(lines) + "\n"


def rows(entry):
    for name, side in entry["sides"].items():
        ratio, target = "", ""
        if name == OWN and "ratio" in entry:
            of = entry["ratio"]
            ratio = f"**{of['median']:.2f}** ({of['low']:.2f} to {of['high']:.2f}) of {of['to']}"
            target = f"{entry['target']:g}: {verdict(entry)}" if entry["target"] else ""
        cells = [
            entry["title"],
            name,
            f"{seconds(side['median'])} ({seconds(side['low'])} to {seconds(side['high'])})",
            ", ".join(f"{score:.4g}" for score in side["scores"]),
            memory(entry, name, "peak memory"),
            memory(entry, name, "growth"),
            share(side["others"]),
            ratio,
            target,
        ]
        yield f"| {' | '.join(cells)} |"


def verdict(entry):
    """A target is met or missed only where the machine was quiet enough to say so."""
    taken = [share for side in entry["sides"].values() for share in side["others"] if share is not None]
    if taken and statistics.median(taken) > QUIET:
        return "uncertain"
    return "met" if entry["ratio"]["median"] >= entry["target"] else "not met"


def seconds(value):
    return f"{value:.3g}"


def memory(entry, name, what):
    """Bytes; for the course with the answer whether they are at most PyTorch's."""
    value = entry["sides"][name][what]
    if value is None:
        return "not known"
    at_most = no_more_than_pytorch(entry, what) if name == OWN else None
    return f"{value / 1e6:.0f} MB" + {None: "", True: ": no higher", False: ": **higher**"}[at_most]


def no_more_than_pytorch(entry, what):
    """None where one of the two is not known."""
    own, other = (entry["sides"].get(name, {}).get(what) for name in (OWN, PYTORCH))
    return None if own is None or other is None else own <= other


def missed(entry):
    """Whether a target of speed, or PyTorch's peak of memory, is missed for certain."""
    too_slow = entry["target"] and "ratio" in entry and verdict(entry) == "not met"
    return bool(too_slow) or no_more_than_pytorch(entry, "peak memory") is False


def share(values):
    known = [value for value in values if value is not None]
    return f"{statistics.median(known):.0%}" if known else "not known"
