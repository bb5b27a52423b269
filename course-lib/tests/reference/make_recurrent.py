"""Makes recurrent.json: PyTorch's recurrent layers, which tests/layers_recurrent.rs compares with.

    python -m venv venv && venv/bin/pip install torch==2.* && venv/bin/python make_recurrent.py

Weights are written in the layout of Keras and of the library (kernels [features, gates * units], gates in the order
i, f, g, o and z, r, n), from PyTorch's own ([gates * units, features], gates r, z, n in a GRU, two biases). Inputs and
weights are rounded to single precision, then PyTorch calculates in double precision.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
LAYERS = {"SimpleRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}


def given(tensor):
    """Values that single precision can hold."""
    return tensor.to(torch.float32).to(torch.float64)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]}


def turned(kind, matrix, units):
    """Gates as rows in PyTorch's order -> gates as columns in Keras's; also its own inverse for a GRU's order."""
    if kind == "GRU":
        r, z, n = matrix.split(units)
        matrix = torch.cat([z, r, n])
    return matrix.t() if matrix.dim() == 2 else matrix


def as_ours(kind, units, kernel, recurrent, bias_1, bias_2):
    biases = [turned(kind, b, units) for b in (bias_1, bias_2)]
    bias = torch.stack(biases) if kind == "GRU" else biases[0]
    return [turned(kind, kernel, units), turned(kind, recurrent, units), bias]


def layer(kind, features, units, activation="tanh"):
    options = {"nonlinearity": activation} if kind == "SimpleRNN" else {}
    result = LAYERS[kind](features, units, batch_first=True, **options)
    with torch.no_grad():
        for parameter in result.parameters():
            parameter.copy_(given(torch.randn_like(parameter) * 0.5))
        if kind != "GRU":
            result.bias_hh_l0.zero_()
    return result


def weights(kind, units, layer):
    parameters = (layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)
    return [plain(w) for w in as_ours(kind, units, *parameters)]


def gradients(kind, units, layer):
    parameters = (layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)
    return [plain(w) for w in as_ours(kind, units, *(p.grad for p in parameters))]


def weighted(result):
    """Weights 1, 2, 3, 1, 2, 3, ..."""
    return (result * (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)).sum()


def case(kind, batch, steps, features, units, sequences, activation="tanh"):
    own = layer(kind, features, units, activation)
    x = given(torch.randn(batch, steps, features)).requires_grad_()
    outputs, _ = own(x)
    result = outputs if sequences else outputs[:, -1]
    weighted(result).backward()
    return {
        "kind": kind,
        "units": units,
        "sequences": sequences,
        "activation": activation,
        "x": plain(x),
        "weights": weights(kind, units, own),
        "result": plain(result),
        "gradients": [plain(x.grad)] + gradients(kind, units, own),
    }


def with_state(kind, batch, steps, features, units):
    """A sequence from a given state on; gradients also through the last state and into the first."""
    own = layer(kind, features, units)
    x = given(torch.randn(batch, steps, features)).requires_grad_()
    states = [given(torch.randn(1, batch, units) * 0.5).requires_grad_() for _ in range(2 if kind == "LSTM" else 1)]
    outputs, last = own(x, tuple(states) if kind == "LSTM" else states[0])
    last = last if kind == "LSTM" else (last,)
    (weighted(outputs) + sum(weighted(2.0 * state) for state in last)).backward()
    return {
        "kind": kind,
        "units": units,
        "x": plain(x),
        "states": [plain(state[0]) for state in states],
        "weights": weights(kind, units, own),
        "result": plain(outputs),
        "last": [plain(state[0]) for state in last],
        "gradients": [plain(x.grad)] + [plain(state.grad[0]) for state in states] + gradients(kind, units, own),
    }


def steps_of_adam(kind, batch, steps, features, units):
    """Two layers, one on the other, and a dense one; ten steps of Adam on the mean squared error."""
    lower, upper = layer(kind, features, units), layer(kind, units, units)
    dense = torch.nn.Linear(units, 1)
    with torch.no_grad():
        for parameter in dense.parameters():
            parameter.copy_(given(torch.randn_like(parameter) * 0.5))
    x, y = given(torch.randn(batch, steps, features)), given(torch.randn(batch, 1))
    start = weights(kind, units, lower) + weights(kind, units, upper) + [plain(dense.weight.t()), plain(dense.bias)]
    # Where PyTorch has two biases that add up, both would learn: the second one stays at 0.
    frozen = [] if kind == "GRU" else [lower.bias_hh_l0, upper.bias_hh_l0]
    learned = [p for part in (lower, upper, dense) for p in part.parameters() if all(p is not f for f in frozen)]
    optimizer = torch.optim.Adam(learned, lr=0.01, eps=1e-7)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        hidden, _ = lower(x)
        hidden, _ = upper(hidden)
        loss = ((dense(hidden[:, -1]) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    end = weights(kind, units, lower) + weights(kind, units, upper) + [plain(dense.weight.t()), plain(dense.bias)]
    return {"kind": kind, "units": units, "x": plain(x), "y": plain(y), "start": start, "end": end, "losses": losses}


def main():
    cases = [
        case(kind, batch, steps, features, units, sequences)
        for kind in LAYERS
        for batch, steps, features, units in [(1, 3, 1, 4), (5, 7, 3, 6), (3, 4, 2, 17)]
        for sequences in (False, True)
    ]
    # Enough rows for both cores, and an odd number of them.
    cases += [case(kind, 33, 12, 2, 16, False) for kind in ("LSTM", "GRU")]
    cases.append(case("SimpleRNN", 4, 5, 2, 8, True, "relu"))
    result = {
        "layers": cases,
        "states": [with_state(kind, 3, 4, 2, 5) for kind in LAYERS],
        "adam": [steps_of_adam(kind, 6, 5, 2, 4) for kind in LAYERS],
    }
    text = json.dumps(result, separators=(",", ":"))
    (Path(__file__).parent / "recurrent.json").write_text(text.replace('{"kind"', '\n{"kind"') + "\n")


if __name__ == "__main__":
    main()
