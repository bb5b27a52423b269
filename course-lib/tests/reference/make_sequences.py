"""Makes sequences.json: PyTorch's cross-entropies with a class at each step of a sequence and how often it is right;
encoders with their decoders: what they say, and their weights after ten steps; layers that read both ways. Each of these
of every recurrent kind.

Run with PyTorch 2: python make_sequences.py

What is drawn is drawn in single precision, as the library sees it; PyTorch then calculates in double precision.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(31)

LAYERS = {"SimpleRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}


def pack(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]}


def case(x, loss):
    x = x.double().requires_grad_(True)
    value = loss(x)
    value.backward()
    return {"output": pack(x), "result": pack(value), "gradient": pack(x.grad)}


scores = torch.randn(4, 3, 5) * 2
labels = torch.randint(0, 5, (4, 3))
# Probabilities over the classes, not only 0 and 1.
soft = torch.softmax(torch.randn(4, 3, 5), -1).double()
weights = torch.tensor([0.5, 2.0, 0.0, 1.5]).double()
# PyTorch wants the classes on the second axis.
by_class = lambda x: x.transpose(1, 2)
p = torch.softmax(scores, -1)

cases = {
    "labels": pack(labels.float()),
    "soft": pack(soft),
    "weights": pack(weights),
    "sparse": case(scores, lambda x: F.cross_entropy(by_class(x), labels)),
    "soft_targets": case(scores, lambda x: F.cross_entropy(by_class(x), by_class(soft))),
    # As Keras: each step's loss times the weight of its sequence, divided by the number of steps.
    "sparse_weighted": case(
        scores, lambda x: (F.cross_entropy(by_class(x), labels, reduction="none") * weights[:, None]).mean()
    ),
    "sparse_of_probabilities": case(p, lambda p: F.nll_loss(by_class(p.log()), labels)),
    "soft_targets_of_probabilities": case(p, lambda p: -(soft * p.log()).sum(-1).mean()),
    "accuracy": (scores.argmax(-1) == labels).float().mean().item(),
    "top_2_accuracy": (scores.topk(2).indices == labels[..., None]).any(-1).float().mean().item(),
}


def one_bias(kind, layer):
    """The library has one bias a gate, but for a GRU; PyTorch's second one stays at 0."""
    for name, bias in layer.named_parameters():
        if kind != "GRU" and name.startswith("bias_hh"):
            bias.data.zero_()
            bias.requires_grad_(False)


def in_our_layout(kind, layer, suffix="", of=lambda parameter: parameter):
    """Kernel, recurrent kernel, bias: gates as columns, those of a GRU in the order z, r, n."""

    def turned(name):
        matrix = of(getattr(layer, name + "_l0" + suffix))
        if kind == "GRU":
            r, z, n = matrix.chunk(3)
            matrix = torch.cat([z, r, n])
        # A vector is its own transpose.
        return matrix.t() if matrix.dim() == 2 else matrix

    bias = turned("bias_ih")
    bias = torch.stack([bias, turned("bias_hh")]) if kind == "GRU" else bias
    return [turned("weight_ih"), turned("weight_hh"), bias]


class EncoderDecoder(torch.nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.encoder = LAYERS[kind](2, 4, batch_first=True)
        self.decoder = LAYERS[kind](1, 4, batch_first=True)
        self.head = torch.nn.Linear(4, 1)
        for layer in (self.encoder, self.decoder):
            one_bias(kind, layer)

    def taught(self, x, y):
        """Each step is fed the true step before."""
        _, state = self.encoder(x)
        before = torch.cat([torch.zeros_like(y[:, :1]), y[:, :-1]], 1)
        return self.head(self.decoder(before, state)[0])

    def said(self, x, steps):
        """Each step is fed what the one before said."""
        _, state = self.encoder(x)
        before, all = torch.zeros(len(x), 1, 1).double(), []
        for _ in range(steps):
            hidden, state = self.decoder(before, state)
            before = self.head(hidden)
            all.append(before)
        return torch.cat(all, 1)

    def weights(self):
        """In the library's order and layout."""
        both = [w for layer in (self.encoder, self.decoder) for w in in_our_layout(self.kind, layer)]
        return [pack(w) for w in [*both, self.head.weight.t(), self.head.bias]]


def encoder_decoder(kind):
    torch.manual_seed(32)
    model = EncoderDecoder(kind)
    x, y = torch.randn(6, 4, 2).double(), torch.randn(6, 3, 1).double()
    model.double()
    start = {"x": pack(x), "y": pack(y), "weights": model.weights(), "said": pack(model.said(x, 3))}
    optimizer = torch.optim.SGD([w for w in model.parameters() if w.requires_grad], lr=0.5)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.mse_loss(model.taught(x, y), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"kind": kind} | start | {"losses": losses, "trained": model.weights(), "then_said": pack(model.said(x, 3))}


def bidirectional(kind, sequences):
    torch.manual_seed(34)
    both = LAYERS[kind](3, 2, batch_first=True, bidirectional=True)
    one_bias(kind, both)
    x = torch.randn(2, 4, 3).double().requires_grad_()
    both.double()
    result, last = both(x)
    if not sequences:
        # The last state of each direction; PyTorch keeps that of the second at the first step of its outputs.
        hidden = last[0] if kind == "LSTM" else last
        result = torch.cat([hidden[0], hidden[1]], -1)
    (result * (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)).sum().backward()
    ways = ("", "_reverse")
    return {
        "kind": kind,
        "sequences": sequences,
        "x": pack(x),
        "weights": [pack(w) for way in ways for w in in_our_layout(kind, both, way)],
        "result": pack(result),
        "gradients": [pack(x.grad)]
        + [pack(w) for way in ways for w in in_our_layout(kind, both, way, lambda parameter: parameter.grad)],
    }


cases["encoder_decoder"] = [encoder_decoder(kind) for kind in ("LSTM", "GRU", "SimpleRNN")]
cases["bidirectional"] = [
    bidirectional(kind, sequences) for kind in ("LSTM", "GRU", "SimpleRNN") for sequences in (True, False)
]

pathlib.Path(__file__).with_name("sequences.json").write_text(json.dumps(cases) + "\n")
