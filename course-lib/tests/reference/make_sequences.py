"""Makes sequences.json: PyTorch's cross-entropies with a class at each step of a sequence and how often it is right, and
an encoder with a decoder: what it says, and its weights after three steps; a layer that reads
both ways.

Run with PyTorch 2: python make_sequences.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(31)


def pack(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(x, loss):
    x = x.clone().requires_grad_(True)
    value = loss(x)
    value.backward()
    return {"output": pack(x), "result": pack(value), "gradient": pack(x.grad)}


scores = torch.randn(4, 3, 5) * 2
labels = torch.randint(0, 5, (4, 3))
# Probabilities over the classes, not only 0 and 1.
soft = torch.softmax(torch.randn(4, 3, 5), -1)
weights = torch.tensor([0.5, 2.0, 0.0, 1.5])
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


class EncoderDecoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.LSTM(2, 4, batch_first=True)
        self.decoder = torch.nn.LSTM(1, 4, batch_first=True)
        self.head = torch.nn.Linear(4, 1)
        # The library has one bias a gate.
        for lstm in (self.encoder, self.decoder):
            lstm.bias_hh_l0.data.zero_()
            lstm.bias_hh_l0.requires_grad_(False)

    def taught(self, x, y):
        """Each step is fed the true step before."""
        _, state = self.encoder(x)
        before = torch.cat([torch.zeros_like(y[:, :1]), y[:, :-1]], 1)
        return self.head(self.decoder(before, state)[0])

    def said(self, x, steps):
        """Each step is fed what the one before said."""
        _, state = self.encoder(x)
        before, all = torch.zeros(len(x), 1, 1), []
        for _ in range(steps):
            hidden, state = self.decoder(before, state)
            before = self.head(hidden)
            all.append(before)
        return torch.cat(all, 1)

    def weights(self):
        """In the library's order and layout."""
        lstms = [
            [lstm.weight_ih_l0.t(), lstm.weight_hh_l0.t(), lstm.bias_ih_l0] for lstm in (self.encoder, self.decoder)
        ]
        return [pack(w) for w in [*lstms[0], *lstms[1], self.head.weight.t(), self.head.bias]]


torch.manual_seed(32)
model = EncoderDecoder()
x, y = torch.randn(6, 4, 2), torch.randn(6, 3, 1)
speaker = {"x": pack(x), "y": pack(y), "weights": model.weights(), "said": pack(model.said(x, 3)), "losses": []}
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for _ in range(3):
    optimizer.zero_grad()
    loss = F.mse_loss(model.taught(x, y), y)
    loss.backward()
    optimizer.step()
    speaker["losses"].append(loss.item())
speaker["trained"] = model.weights()
cases["encoder_decoder"] = speaker

torch.manual_seed(34)
both = torch.nn.LSTM(3, 2, batch_first=True, bidirectional=True)
for bias in (both.bias_hh_l0, both.bias_hh_l0_reverse):
    bias.data.zero_()
x = torch.randn(2, 4, 3, requires_grad=True)
result = both(x)[0]
(result * (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)).sum().backward()
own = [both.weight_ih_l0, both.weight_hh_l0, both.bias_ih_l0]
own += [both.weight_ih_l0_reverse, both.weight_hh_l0_reverse, both.bias_ih_l0_reverse]
# A vector is its own transpose.
turned = lambda w: w.t() if w.dim() == 2 else w
cases["bidirectional"] = {
    "x": pack(x),
    "weights": [pack(turned(w)) for w in own],
    "result": pack(result),
    "gradients": [pack(x.grad)] + [pack(turned(w.grad)) for w in own],
}

pathlib.Path(__file__).with_name("sequences.json").write_text(json.dumps(cases) + "\n")
