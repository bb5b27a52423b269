"""Makes training.json: PyTorch's losses, ten steps of its optimisers, its clipping and its schedules.

Run with PyTorch 2: python make_training.py

What is drawn is drawn in single precision, as the library sees it; PyTorch then calculates in double precision.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(20)


def pack(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]}


def loss_case(x, target, loss, row_weights=None):
    x, target = x.double().requires_grad_(True), target.double()
    value = loss(x, target)
    if row_weights is not None:
        # As Keras: each row's loss times its weight, divided by the number of rows.
        value = (value.reshape(len(x), -1).mean(1) * row_weights.double()).mean()
    value.backward()
    case = {"inputs": [pack(x)], "target": pack(target), "result": pack(value), "gradients": [pack(x.grad)]}
    if row_weights is not None:
        case["row_weights"] = pack(row_weights)
    return case


def hinge(reduction):
    def loss(x, target):
        each = (1 - target * x).clamp(min=0)
        return each.mean() if reduction == "mean" else each

    return loss


def losses():
    x, t = torch.randn(5, 3) * 2, torch.randn(5, 3)
    signs = torch.randint(0, 2, (6, 1)) * 2.0 - 1.0
    scores = torch.randn(6, 1) * 1.5
    logits = torch.randn(6, 4) * 3
    labels = torch.tensor([0.0, 3.0, 1.0, 1.0, 2.0, 0.0])
    one_hot = F.one_hot(labels.long(), 4).float()
    bits = (signs + 1) / 2
    weights = torch.tensor([0.5, 2.0, 1.0, 0.0, 3.0, 1.5])
    return {
        "huber": loss_case(x, t, lambda x, t: F.huber_loss(x, t, delta=1.0)),
        "huber_half": loss_case(x, t, lambda x, t: F.huber_loss(x, t, delta=0.5)),
        "hinge": loss_case(scores, signs, hinge("mean")),
        "weighted_mse": loss_case(x, t, lambda x, t: F.mse_loss(x, t, reduction="none"), weights[:5]),
        "weighted_mae": loss_case(x, t, lambda x, t: F.l1_loss(x, t, reduction="none"), weights[:5]),
        "weighted_huber": loss_case(x, t, lambda x, t: F.huber_loss(x, t, reduction="none"), weights[:5]),
        "weighted_hinge": loss_case(scores, signs, hinge("none"), weights),
        "weighted_bce": loss_case(
            scores, bits, lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none"), weights
        ),
        "weighted_bce_probabilities": loss_case(
            torch.sigmoid(scores), bits, lambda x, t: F.binary_cross_entropy(x, t, reduction="none"), weights
        ),
        "weighted_cce": loss_case(
            logits, one_hot, lambda x, t: F.cross_entropy(x, t, reduction="none"), weights
        ),
        "weighted_cce_probabilities": loss_case(
            torch.softmax(logits, 1), one_hot, lambda x, t: F.nll_loss(x.log(), t.argmax(1), reduction="none"), weights
        ),
        "weighted_scce": loss_case(
            logits, labels, lambda x, t: F.cross_entropy(x, t.long(), reduction="none"), weights
        ),
        "weighted_scce_probabilities": loss_case(
            torch.softmax(logits, 1), labels, lambda x, t: F.nll_loss(x.log(), t.long(), reduction="none"), weights
        ),
    }


def network():
    return torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 2)).double()


def parameters(net):
    # The library keeps weights as [inputs, units].
    return [pack(p.t() if p.dim() == 2 else p) for p in net.parameters()]


def ten_steps(start, x, y, make, clip=None):
    net = network()
    net.load_state_dict(start)
    optimizer = make(net.parameters())
    course, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        if clip:
            norms.append(float(clip(net.parameters()) or 0.0))
        optimizer.step()
        course.append(loss.item())
    return {"losses": course, "norms": norms, "parameters": parameters(net)}


def optimizers():
    x, y = torch.randn(8, 4).double(), (torch.randn(8, 2) * 2).double()
    net = network()
    start = {name: value.clone() for name, value in net.state_dict().items()}
    o = torch.optim
    runs = {
        "RMSprop": lambda p: o.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-7),
        "RMSprop_momentum": lambda p: o.RMSprop(p, lr=0.005, alpha=0.99, eps=1e-7, momentum=0.9),
        "AdamW": lambda p: o.AdamW(p, lr=0.01, eps=1e-7, weight_decay=0.004),
        "AdamW_strong": lambda p: o.AdamW(p, lr=0.02, betas=(0.8, 0.99), eps=1e-7, weight_decay=0.3),
        "Adagrad": lambda p: o.Adagrad(p, lr=0.05, eps=1e-7, initial_accumulator_value=0.1),
        "Adagrad_from_zero": lambda p: o.Adagrad(p, lr=0.05, eps=1e-7),
    }
    results = {name: ten_steps(start, x, y, make) for name, make in runs.items()}
    sgd = lambda p: o.SGD(p, lr=0.1, momentum=0.5)
    clip = torch.nn.utils
    results["SGD_clipped_by_norm"] = ten_steps(start, x, y, sgd, lambda p: clip.clip_grad_norm_(list(p), 0.7))
    results["SGD_clipped_by_value"] = ten_steps(start, x, y, sgd, lambda p: clip.clip_grad_value_(list(p), 0.2))
    net.load_state_dict(start)
    return {"x": pack(x), "y": pack(y), "parameters": parameters(net), "runs": results}


def rates(make, start=0.1, steps=40):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=start)
    scheduler = make(optimizer)
    seen = []
    for _ in range(steps):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return seen


def schedules():
    s = torch.optim.lr_scheduler
    warm = lambda o: s.SequentialLR(
        o,
        [s.LinearLR(o, start_factor=1 / 6, total_iters=5), s.StepLR(o, step_size=10, gamma=0.5)],
        milestones=[5],
    )
    return {
        "exponential": rates(lambda o: s.ExponentialLR(o, gamma=0.95)),
        "step": rates(lambda o: s.StepLR(o, step_size=7, gamma=0.5)),
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, T_max=39, eta_min=0.001)),
        "piecewise": rates(lambda o: s.MultiStepLR(o, milestones=[10, 25], gamma=0.1)),
        "warm_up": rates(warm),
    }


def main():
    made = {"losses": losses(), "optimizers": optimizers(), "schedules": schedules()}
    path = pathlib.Path(__file__).with_name("training.json")
    path.write_text(json.dumps(made) + "\n")


main()
