"""Makes ten_steps.json: where ten steps of PyTorch's optimisers take networks of each kind of layer. For
tests/ten_steps.rs.

    python -m venv venv && venv/bin/pip install torch==2.* && venv/bin/python make_ten_steps.py

Weights and data are rounded to single precision, as the library sees them; PyTorch then calculates in double precision.
No bias stands before a batch normalisation, which takes it out again: its gradient is 0 but for rounding, and Adam makes
whole steps of any gradient. The generator's batch is so large that each unit before its first normalisation has values on
both sides of the kink, for the same reason.
"""

import copy
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(42)

RECURRENT = {"SimpleRNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


def given(tensor):
    """Values that single precision can hold."""
    return tensor.to(torch.float32).to(torch.float64)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]}


class Does(nn.Module):
    """What has no weights."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Reads(nn.Module):
    """A recurrent layer, in one direction or in both."""

    def __init__(self, kind, features, units, sequences, both=False):
        super().__init__()
        self.kind, self.sequences, self.both = kind, sequences, both
        self.layer = RECURRENT[kind](features, units, batch_first=True, bidirectional=both)

    def forward(self, x):
        outputs, last = self.layer(x)
        if self.sequences:
            return outputs
        hidden = last[0] if self.kind == "LSTM" else last
        return torch.cat(list(hidden), -1)

    def in_our_layout(self):
        """Kernel, recurrent kernel, bias: gates as columns, those of a GRU in the order z, r, n."""
        weights = []
        for way in ("", "_reverse") if self.both else ("",):

            def turned(name):
                matrix = getattr(self.layer, name + "_l0" + way)
                if self.kind == "GRU":
                    r, z, n = matrix.chunk(3)
                    matrix = torch.cat([z, r, n])
                return matrix.t() if matrix.dim() == 2 else matrix

            bias = turned("bias_ih")
            bias = torch.stack([bias, turned("bias_hh")]) if self.kind == "GRU" else bias
            weights += [turned("weight_ih"), turned("weight_hh"), bias]
        return weights


def weights(network):
    """All weights in the library's order and layout."""
    found = []
    for layer in network:
        if isinstance(layer, nn.Linear):
            found += [layer.weight.t(), layer.bias]
        elif isinstance(layer, Reads):
            found += layer.in_our_layout()
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            found += [layer.weight, layer.bias, layer.running_mean, layer.running_var]
        else:
            found += [weight for weight in layer.parameters()]
    return [plain(weight) for weight in found]


def start(network):
    """Weights that differ from PyTorch's first ones, above all those that are 1 or 0 there."""
    for name, weight in network.named_parameters():
        scale = 0.5 if weight.dim() > 1 else 0.2
        drawn = torch.randn_like(weight) * scale
        layer = network[int(name.split(".")[0])]
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)) and name.endswith("weight"):
            drawn += 1
        weight.data.copy_(given(drawn))
        # The library has one bias a gate, but for a GRU; PyTorch's second one stays at 0.
        if isinstance(layer, Reads) and layer.kind != "GRU" and "bias_hh" in name:
            weight.data.zero_()
            weight.requires_grad_(False)
    return network


def batch_norm_1d(features):
    return nn.BatchNorm1d(features, eps=1e-3, momentum=0.3)


def batch_norm_2d(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.3)


def images():
    """A classifier: [2, 6, 6] to three classes."""
    network = nn.Sequential(
        nn.ZeroPad2d(1),
        nn.Conv2d(2, 4, 3, bias=False),
        batch_norm_2d(4),
        nn.LeakyReLU(0.2),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 5, 2),
        nn.Tanh(),
        nn.AvgPool2d((1, 2)),
        nn.Flatten(),
        nn.Linear(10, 3),
    )
    labels = torch.tensor([0, 2, 1, 1, 0, 2, 2])
    return network, torch.randn(7, 2, 6, 6), labels, F.cross_entropy


def critic():
    """A discriminator: [1, 8, 7] to a probability."""
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1),
        nn.ELU(0.7),
        nn.Conv2d(4, 3, (3, 2), padding=2, dilation=2),
        nn.SELU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(3, 1),
    )
    answers = torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0]).reshape(5, 1)
    return network, torch.randn(5, 1, 8, 7), answers, F.binary_cross_entropy_with_logits


def generator():
    """Of a DCGAN: 5 numbers to [1, 8, 8]."""
    network = nn.Sequential(
        nn.Linear(5, 12),
        nn.LeakyReLU(0.2),
        batch_norm_1d(12),
        nn.Unflatten(1, (3, 2, 2)),
        nn.ConvTranspose2d(3, 4, 4, stride=2, padding=1, bias=False),
        batch_norm_2d(4),
        nn.ReLU(),
        nn.Upsample(scale_factor=2, mode="nearest"),
        nn.ConvTranspose2d(4, 2, 3, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(2, 1, 3, padding=1),
        nn.Tanh(),
    )
    return network, torch.randn(12, 5), torch.tanh(torch.randn(12, 1, 8, 8)), F.mse_loss


def words(kind):
    """Six words, each one of nine, to a number."""
    network = nn.Sequential(
        nn.Embedding(9, 4),
        Reads(kind, 4, 3, True, both=True),
        nn.LayerNorm(6, eps=1e-3),
        Reads(kind, 6, 3, False, both=True),
        nn.Linear(6, 1),
    )
    return network, torch.randint(0, 9, (7, 6)), torch.randn(7, 1), F.mse_loss


def echo():
    """Four steps of two numbers to three steps of one."""
    network = nn.Sequential(
        Reads("GRU", 2, 4, False),
        Does(lambda x: x[:, None].repeat(1, 3, 1)),
        Reads("SimpleRNN", 4, 4, True),
        nn.Linear(4, 1),
    )
    return network, torch.randn(5, 4, 2), torch.randn(5, 3, 1), F.mse_loss


OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-7),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=1e-7),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.01, eps=1e-7, weight_decay=0.004),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05, eps=1e-7, initial_accumulator_value=0.1),
}


def case(network, x, y, loss):
    start(network)
    x, y = (value if value.dtype == torch.int64 else given(value) for value in (x, y))
    runs = {}
    for name, make in OPTIMIZERS.items():
        learner = copy.deepcopy(network)
        optimizer = make([weight for weight in learner.parameters() if weight.requires_grad])
        losses = []
        for _ in range(10):
            optimizer.zero_grad()
            value = loss(learner(x), y)
            value.backward()
            optimizer.step()
            losses.append(float(f"{value.item():.9g}"))
        learner.eval()
        runs[name] = {"losses": losses, "weights": weights(learner), "scores": plain(learner(x))}
    return {"x": plain(x), "y": plain(y), "weights": weights(network), "runs": runs}


def main():
    made = {"images": case(*images()), "critic": case(*critic()), "generator": case(*generator())}
    made |= {f"words, {kind}": case(*words(kind)) for kind in RECURRENT}
    made["echo"] = case(*echo())
    path = Path(__file__).with_name("ten_steps.json")
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
