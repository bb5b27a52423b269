"""How good a side has become: it says so itself, or a judge looks at what it draws."""

import prepare
from side import Broken

WEIGHTS = prepare.ROOT / "notebooks" / "weights" / "09-mnist-cnn.safetensors"


def scores(side, network, folder, python):
    """A value for each of the network's metrics."""
    if network.judge is None:
        return [side.score()]
    file = folder / f"{side.name}.drawn.f32"
    side.draw(file)
    return judged(folder, python, [file])[0]


def judged(folder, python, files):
    """The values for each file of drawn samples, all by the same judge."""
    try:
        said = prepare.output_of([python, prepare.SIDES / "judge.py", folder, WEIGHTS, *files])
    except prepare.Trouble as problem:
        raise Broken(f"what was drawn cannot be judged: {problem}") from None
    return [[float(word) for word in line.split()] for line in said.splitlines()]
