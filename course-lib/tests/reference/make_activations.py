"""Makes activations.json: PyTorch's activations inside the layers that calculate them along with their sums, and at
points where they are hard to calculate. For tests/layers_activations.rs.

    python -m venv venv && venv/bin/pip install torch==2.* && venv/bin/python make_activations.py

Inputs are rounded to single precision, as the library sees them; PyTorch then calculates in double precision.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(41)


def normal(*shape, scale=1.0):
    """Values that single precision can hold."""
    return (torch.randn(*shape) * scale).to(torch.float32).to(torch.float64)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]}


def gelu(x):
    """F.gelu takes 1 + erf, which is 0 from -9 on; the complement keeps the digits."""
    return x * torch.erfc(-x / 2**0.5) / 2


# Written as the library writes them. Those with a negative slope cannot be told from their results.
ACTIVATIONS = {
    "Linear": lambda x: x * 1.0,
    "Step": lambda x: (x >= 0) * 1.0 + 0 * x,
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "ReLU": F.relu,
    "LeakyReLU(0.2)": lambda x: F.leaky_relu(x, 0.2),
    "LeakyReLU(0.01)": lambda x: F.leaky_relu(x, 0.01),
    "LeakyReLU(-0.3)": lambda x: F.leaky_relu(x, -0.3),
    "ELU(1.0)": F.elu,
    "ELU(0.7)": lambda x: F.elu(x, 0.7),
    "ELU(-0.5)": lambda x: torch.where(x > 0, x, -0.5 * torch.expm1(x)),
    "SELU": F.selu,
    "GELU": gelu,
    "Softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "Swish": F.silu,
    "Softmax": lambda x: F.softmax(x, -1),
}

# Both sides of the kink, and the kink; where exponentials run out of digits, and of range.
POINTS = [0.0, 1e-6, 1e-3, 0.1, 0.4, 0.7, 1.0, 2.5, 5.0, 9.0, 12.0, 20.0, 30.0, 60.0, 85.0, 100.0]
POINTS = torch.tensor(sorted({sign * point for point in POINTS for sign in (-1.0, 1.0)})).to(torch.float32).double()


def gradients(result, leaves):
    """Of the sum weighted 1, 2, 3, 1, 2, 3, ..."""
    weights = (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)
    (result * weights).sum().backward()
    return [plain(leaf.grad) for leaf in leaves]


def of_layer(sums, x, w, b):
    """The layer's operands once, and with each activation its result and gradients."""
    cases = {}
    for name, activation in ACTIVATIONS.items():
        if name == "Softmax" and x.dim() == 4:
            continue
        leaves = [tensor.clone().requires_grad_() for tensor in (x, w, b)]
        result = activation(sums(*leaves))
        cases[name] = {"result": plain(result), "gradients": gradients(result, leaves)}
    return {"operands": [plain(tensor) for tensor in (x, w, b)], "activations": cases}


def at_points():
    cases = {}
    for name, activation in ACTIVATIONS.items():
        if name != "Softmax":
            x = POINTS.clone().requires_grad_()
            result = activation(x)
            cases[name] = {"result": plain(result), "gradient": gradients(result, [x])[0]}
    return {"x": plain(POINTS), "activations": cases}


def main():
    made = {
        "points": at_points(),
        # Sums of either sign, from near 0 to where tanh and sigmoid are flat.
        "dense": of_layer(lambda x, w, b: x @ w + b, normal(5, 4, scale=1.5), normal(4, 6), normal(6, scale=0.5)),
        "dense_of_steps": of_layer(lambda x, w, b: x @ w + b, normal(3, 4, 2), normal(2, 3), normal(3, scale=0.5)),
        "conv": of_layer(
            lambda x, w, b: F.conv2d(x, w, b, padding=1), normal(2, 2, 5, 4), normal(5, 2, 3, 3, scale=0.5), normal(5)
        ),
        "conv_of_stride_2": of_layer(
            lambda x, w, b: F.conv2d(x, w, b, stride=2), normal(2, 3, 6, 7), normal(4, 3, 3, 2, scale=0.5), normal(4)
        ),
        # The steps of a DCGAN's generator: 4 by 4 kernels that double the size.
        "transposed": of_layer(
            lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1),
            normal(2, 3, 3, 4),
            normal(3, 2, 4, 4, scale=0.5),
            normal(2),
        ),
        "transposed_of_stride_1": of_layer(
            lambda x, w, b: F.conv_transpose2d(x, w, b), normal(2, 4, 3, 2), normal(4, 3, 2, 3, scale=0.5), normal(3)
        ),
    }
    path = Path(__file__).with_name("activations.json")
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
