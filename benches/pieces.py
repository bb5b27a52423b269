#!/usr/bin/env python3
"""How long the pieces take: layers, losses, optimisers, each by itself, measured by criterion.

    python benches/pieces.py                  # all
    python benches/pieces.py Adam             # those with this in their name
    python benches/pieces.py -- --quick       # options after -- are criterion's

The library is optimised as the cells of a notebook have it. It is compiled into a folder of its own, since criterion
wants other features of some crates: some minutes, once.
"""

import os
import sys

import prepare

DESCRIPTION = __doc__


def main():
    words = [word for word in sys.argv[1:] if word != "--"]
    if words and words[0] in ("-h", "--help"):
        print(DESCRIPTION)
        return
    # cargo has a profile for measurements; what is wanted is the one of the cells.
    command = ["cargo", "bench", "--package", "course-pieces", "--profile", "dev"]
    for setting in prepare.PROFILE:
        command += ["--config", f"profile.dev.{setting}"]
    environment = {
        **os.environ,
        "RUSTFLAGS": prepare.RUSTFLAGS,
        "CARGO_TARGET_DIR": str(prepare.target().resolve() / "pieces"),
    }
    prepare.run([*command, "--", *words], "the measurements did not run", cwd=prepare.ROOT, env=environment)


if __name__ == "__main__":
    try:
        main()
    except prepare.Trouble as trouble:
        sys.exit(f"pieces: {trouble}")
