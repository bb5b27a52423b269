"""Makes reference.json: the numbers that the tests of course-lib compare with.

    python -m venv venv && venv/bin/pip install torch==2.* && venv/bin/python make_reference.py

Inputs are rounded to single precision, as the library sees them; PyTorch then calculates in double precision,
so that a difference beyond the tests' bounds is an error of the library and not of the reference.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)


def given(tensor):
    """Values that single precision can hold."""
    return tensor.to(torch.float32).to(torch.float64)


def normal(*shape, scale=1.0):
    return given(torch.randn(*shape) * scale)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]}


def with_gradients(function, *inputs):
    """The result of a function, and the gradients of its weighted sum (weights 1, 2, 3, 1, 2, 3, ...)."""
    leaves = [x.clone().requires_grad_() for x in inputs]
    result = function(*leaves)
    weights = (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)
    (result * weights).sum().backward()
    return {
        "inputs": [plain(x) for x in inputs],
        "result": plain(result),
        "gradients": [plain(x.grad if x.grad is not None else torch.zeros_like(x)) for x in leaves],
    }


ACTIVATIONS = {
    "Linear": lambda x: x * 1.0,
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "ReLU": F.relu,
    "LeakyReLU": lambda x: F.leaky_relu(x, 0.2),
    "ELU": F.elu,
    "SELU": F.selu,
    # F.gelu takes 1 + erf, which is 0 from -9 on; the complement keeps the digits.
    "GELU": lambda x: x * torch.erfc(-x / 2**0.5) / 2,
    "Softplus": F.softplus,
    "Swish": F.silu,
    "Softmax": lambda x: F.softmax(x, -1),
    "LogSoftmax": lambda x: F.log_softmax(x, -1),
}


def activations():
    # The kink at 0 is left out (a test of its own looks at it), the far ends are in.
    points = given(torch.cat([torch.tensor([-30.0, -12.0, -1e-4, 1e-4, 12.0, 30.0]), torch.randn(18) * 2])).reshape(4, 6)
    return {name: with_gradients(function, points) for name, function in ACTIVATIONS.items()}


def operations():
    positive = given(torch.rand(3, 4) + 0.2)
    return {
        "matmul": with_gradients(torch.matmul, normal(5, 7), normal(7, 3)),
        "matmul_vector": with_gradients(torch.matmul, normal(7), normal(7, 3)),
        "matmul_stack": with_gradients(torch.matmul, normal(2, 5, 7), normal(2, 7, 3)),
        "matmul_shared": with_gradients(torch.matmul, normal(2, 5, 7), normal(7, 3)),
        "add": with_gradients(torch.add, normal(3, 4), normal(4)),
        "sub": with_gradients(torch.sub, normal(3, 1), normal(1, 4)),
        "mul": with_gradients(torch.mul, normal(2, 3, 4), normal(3, 1)),
        "div": with_gradients(torch.div, normal(3, 4), positive),
        "exp": with_gradients(torch.exp, normal(3, 4)),
        "ln": with_gradients(torch.log, positive),
        "sqrt": with_gradients(torch.sqrt, positive),
        "square": with_gradients(torch.square, normal(3, 4)),
        "abs": with_gradients(torch.abs, normal(3, 4)),
        "transpose": with_gradients(lambda x: x.T * 1.0, normal(3, 4)),
        "permute": with_gradients(lambda x: x.permute(2, 0, 1) * 1.0, normal(2, 3, 4)),
        "sum": with_gradients(torch.sum, normal(3, 4)),
        "mean": with_gradients(torch.mean, normal(3, 4)),
        "sum_axis_1": with_gradients(lambda x: x.sum(1), normal(2, 3, 4)),
        "mean_axis_0": with_gradients(lambda x: x.mean(0), normal(2, 3, 4)),
        "max_axis_1": with_gradients(lambda x: x.max(1).values, normal(3, 4)),
    }


def losses():
    scores, targets = normal(6, 3, scale=3.0), given((torch.rand(6, 3) > 0.5) * 1.0)
    extreme = given(torch.tensor([[80.0, -80.0, 0.0], [-80.0, 80.0, 1.0]]))
    extreme_targets = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    classes = torch.tensor([0, 2, 1, 1, 0, 2])
    one_hot = F.one_hot(classes, 3) * 1.0
    soft = given(F.softmax(torch.randn(6, 3), -1))

    def case(function, output, target):
        return with_gradients(lambda x: function(x, target), output) | {"target": plain(target)}

    def cross_entropy(x, t):
        return -(t * F.log_softmax(x, -1)).sum(-1).mean()

    return {
        "mse": case(F.mse_loss, scores, normal(6, 3)),
        "mae": case(F.l1_loss, scores, normal(6, 3)),
        "bce_logits": case(F.binary_cross_entropy_with_logits, scores, targets),
        "bce_logits_extreme": case(F.binary_cross_entropy_with_logits, extreme, extreme_targets),
        "bce_probabilities": case(F.binary_cross_entropy, given(torch.sigmoid(scores)), targets),
        "cce_logits": case(cross_entropy, scores, one_hot),
        "cce_logits_soft": case(cross_entropy, scores, soft),
        "cce_logits_extreme": case(cross_entropy, extreme, F.one_hot(torch.tensor([1, 0]), 3) * 1.0),
        "scce_logits": case(lambda x, t: F.cross_entropy(x, t.long()), scores, classes * 1.0),
        "scce_probabilities": case(lambda x, t: F.nll_loss(torch.log(x), t.long()), given(F.softmax(scores, -1)), classes * 1.0),
    }


def hard_losses():
    """Outputs so far out that a probability rounds to 0 or 1, right and wrong."""
    far = torch.tensor([-100.0, -30.0, -10.0, 10.0, 30.0, 100.0])
    scores = far.repeat(3).reshape(-1, 1)
    targets = torch.tensor([0.0, 1.0, 0.5]).repeat_interleave(6).reshape(-1, 1)
    rows = torch.tensor([[30.0, -30.0, 0.0], [100.0, -100.0, 30.0], [-100.0, 100.0, 99.0], [-30.0, -100.0, -30.0]])
    rows = torch.cat([rows, rows, rows])
    classes = torch.arange(3).repeat_interleave(4)
    one_hot = F.one_hot(classes, 3) * 1.0
    soft = given(one_hot * 0.75 + 1 / 12)
    signs = torch.tensor([-1.0, 1.0]).repeat_interleave(6).reshape(-1, 1)
    both = far.repeat(2).reshape(-1, 1)

    def case(function, output, target):
        return with_gradients(lambda x: function(x, target), output) | {"target": plain(target)}

    return {
        "bce": case(F.binary_cross_entropy_with_logits, scores, targets),
        "cce": case(F.cross_entropy, rows, one_hot),
        "cce_soft": case(F.cross_entropy, rows, soft),
        "scce": case(lambda x, t: F.cross_entropy(x, t.long()), rows, classes * 1.0),
        "hinge": case(lambda x, t: (1 - t * x).clamp(min=0).mean(), both, signs),
        "huber": case(lambda x, t: F.huber_loss(x, t, delta=1.5), both, signs),
        "mse": case(F.mse_loss, both, signs),
        "mae": case(F.l1_loss, both, signs),
    }


OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.05),
    "SGD_momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "SGD_nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=1e-7),
    "Adam_gan": lambda p: torch.optim.Adam(p, lr=0.0002, betas=(0.5, 0.999), eps=1e-8),
}


def network(sizes, activation, loss, target):
    """A dense network: its outputs, its gradients, and what ten steps of each optimiser make of it."""
    x = normal(8, sizes[0])
    weights = [normal(a, b, scale=a**-0.5) for a, b in zip(sizes, sizes[1:])]
    biases = [normal(b, scale=0.1) for b in sizes[1:]]

    def forward(parameters):
        h = x
        for number in range(len(weights)):
            h = h @ parameters[2 * number] + parameters[2 * number + 1]
            h = activation(h) if number + 1 < len(weights) else h
        return h

    start = [p for pair in zip(weights, biases) for p in pair]
    leaves = [p.clone().requires_grad_() for p in start]
    output = forward(leaves)
    value = loss(output, target)
    value.backward()
    runs = {}
    for name, make in OPTIMIZERS.items():
        parameters = [p.clone().requires_grad_() for p in start]
        optimizer = make(parameters)
        course = []
        for _ in range(10):
            optimizer.zero_grad()
            step_loss = loss(forward(parameters), target)
            step_loss.backward()
            optimizer.step()
            course.append(float(f"{step_loss.item():.10g}"))
        runs[name] = {"losses": course, "parameters": [plain(p) for p in parameters]}
    return {
        "x": plain(x),
        "target": plain(target),
        "parameters": [plain(p) for p in start],
        "output": plain(output),
        "loss": plain(value),
        "gradients": [plain(p.grad) for p in leaves],
        "optimizers": runs,
    }


def networks():
    classes = torch.randint(0, 4, (8,))
    return {
        "classifier": network([5, 6, 4, 1], F.relu, F.binary_cross_entropy_with_logits, (torch.rand(8, 1) > 0.5) * 1.0),
        "regression": network([3, 7, 1], torch.tanh, F.mse_loss, normal(8, 1)),
        "classes": network([4, 6, 4], torch.sigmoid, lambda x, t: F.cross_entropy(x, t.long()), classes * 1.0),
    }


def main():
    reference = {
        "pytorch": torch.__version__,
        "activations": activations(),
        "operations": operations(),
        "losses": losses(),
        "hard_losses": hard_losses(),
        "networks": networks(),
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
