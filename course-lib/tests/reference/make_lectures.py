"""Makes lectures.json: the numbers that tests/lectures*.rs compare with.

    python -m venv venv && venv/bin/pip install torch==2.* && venv/bin/python make_lectures.py

PyTorch calculates in double precision, from inputs that single precision can hold.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(4)

HERE = Path(__file__).parent


def given(tensor):
    """Values that single precision can hold."""
    return tensor.to(torch.float32).to(torch.float64)


def plain(tensor):
    return [float(f"{v:.12g}") for v in tensor.detach().flatten().tolist()]


def leaf(tensor):
    return tensor.clone().requires_grad_()


# The same formulas as in tests/lectures_autodiff.rs.
FORMULAS = {
    "neuron": lambda a, b, c: torch.tanh(a * b + c),
    "used_twice": lambda a, b, c: a * a * b + a / b - a,
    "powers": lambda a, b, c: a**3 + b**-2 + (c - a) ** 2,
    "functions": lambda a, b, c: torch.sigmoid(a) * torch.exp(b / 3) + torch.log(b * b + 1) - torch.sin(a * c),
    "kinked": lambda a, b, c: torch.relu(a * b) + torch.relu(-a * b) * 2 + torch.relu(c - 10) * a,
    "micrograd": lambda a, b, c: (10 / (a * b + c) ** 2 + torch.relu(b + a) * 3 - (c - b) / 2) ** 2,
}


def autodiff():
    cases = {}
    for name, formula in FORMULAS.items():
        inputs = [leaf(x) for x in given(torch.tensor([1.3, -0.7, 2.1]))]
        value = formula(*inputs)
        value.backward()
        cases[name] = {
            "inputs": [x.item() for x in inputs],
            "value": value.item(),
            "gradients": [0.0 if x.grad is None else x.grad.item() for x in inputs],
        }
    return cases


def delta_rule():
    """One neuron with a sigmoid, the error (t - y)²/2, a step after each row of AND, three epochs."""
    w, b = leaf(given(torch.tensor([0.3, -0.2]))), leaf(given(torch.tensor(0.1)))
    start = plain(w) + [b.item()]
    optimizer = torch.optim.SGD([w, b], lr=0.5)
    rows = [((0.0, 0.0), 0.0), ((0.0, 1.0), 0.0), ((1.0, 0.0), 0.0), ((1.0, 1.0), 1.0)]
    steps = []
    for _ in range(3):
        for x, t in rows:
            y = torch.sigmoid(torch.tensor(x) @ w + b)
            optimizer.zero_grad()
            (0.5 * (t - y) ** 2).backward()
            optimizer.step()
            steps.append(plain(w) + [b.item()])
    return {"start": start, "steps": steps}


def basic_network():
    """w1 w2 b1 w3 w4 b2 w5 w6 b3, inputs x1 x2, target t, squared error."""
    cases = {}
    for name, f in {"Sigmoid": torch.sigmoid, "Tanh": torch.tanh}.items():
        weights = leaf(given(torch.randn(9)))
        w1, w2, b1, w3, w4, b2, w5, w6, b3 = weights
        x1, x2, t = given(torch.tensor([0.8, -1.4, 0.6]))
        h1, h2 = f(w1 * x1 + w2 * x2 + b1), f(w3 * x1 + w4 * x2 + b2)
        o1 = f(w5 * h1 + w6 * h2 + b3)
        loss = (t - o1) ** 2
        loss.backward()
        cases[name] = {
            "weights": plain(weights),
            "x": [x1.item(), x2.item()],
            "target": t.item(),
            "forward": [h1.item(), h2.item(), o1.item()],
            "loss": loss.item(),
            "gradients": plain(weights.grad),
        }
    return cases


def two_layer_network():
    """Three inputs, four hidden neurons, one output; tanh, then sigmoid; ten steps down the mean squared error."""
    x, y = given(torch.randn(5, 3)), given((torch.rand(5, 1) > 0.5) * 1.0)
    parameters = [leaf(given(torch.randn(*shape))) for shape in ((3, 4), (4,), (4, 1), (1,))]
    w1, b1, w2, b2 = parameters
    case = {"x": plain(x), "y": plain(y), "parameters": [plain(p) for p in parameters], "losses": []}
    optimizer = torch.optim.SGD(parameters, lr=0.7)
    for step in range(11):
        o = torch.sigmoid(torch.tanh(x @ w1 + b1) @ w2 + b2)
        loss = torch.nn.functional.mse_loss(o, y)
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            case["output"] = plain(o)
            case["gradients"] = [plain(p.grad) for p in parameters]
        case["losses"].append(loss.item())
        if step < 10:
            optimizer.step()
    case["last"] = [plain(p) for p in parameters]
    return case


def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def rastrigin(x, y):
    turn = 2 * torch.pi
    return 20 + x**2 - 10 * torch.cos(turn * x) + y**2 - 10 * torch.cos(turn * y)


# Height, start, learning rate of the plain, of the moving and of the adaptive optimisers.
SURFACES = {
    "bowl": (lambda x, y: 0.1 * x**2 + 2 * y**2, (-5.0, -2.0), 0.4, 0.02, 0.3),
    "ravine": (lambda x, y: 5 * (x - y) ** 2 + 0.05 * (x + y) ** 2, (-4.0, -3.0), 0.04, 0.01, 0.1),
    "saddle": (lambda x, y: 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4, (-1.5, 0.001), 0.1, 0.05, 0.1),
    "Rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0), 0.001, 0.0002, 0.05),
    "Beale": (beale, (1.0, 1.5), 0.005, 0.002, 0.05),
    "Himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (0.0, 0.0), 0.01, 0.002, 0.1),
    "Rastrigin": (rastrigin, (-3.3, 2.2), 0.001, 0.0005, 0.02),
}


def optimizers(plain_rate, moving_rate, adaptive_rate):
    optim = torch.optim
    return {
        "SGD": lambda p: optim.SGD(p, lr=plain_rate),
        "momentum": lambda p: optim.SGD(p, lr=moving_rate, momentum=0.9),
        "Nesterov": lambda p: optim.SGD(p, lr=moving_rate, momentum=0.9, nesterov=True),
        "Adam": lambda p: optim.Adam(p, lr=adaptive_rate, eps=1e-7),
        "AdamW": lambda p: optim.AdamW(p, lr=adaptive_rate, eps=1e-7, weight_decay=0.01),
        "RMSprop": lambda p: optim.RMSprop(p, lr=0.005, alpha=0.9, eps=1e-7),
        "Adagrad": lambda p: optim.Adagrad(p, lr=adaptive_rate, eps=1e-7),
    }


def path(height, start, make, dtype):
    """The place after each tenth of a hundred steps."""
    point = torch.tensor(start, dtype=torch.float32).to(dtype).requires_grad_()
    optimizer = make([point])
    places = []
    for step in range(1, 101):
        optimizer.zero_grad()
        height(*point).backward()
        optimizer.step()
        if step % 10 == 0:
            places.append(point.detach().to(torch.float64).clone())
    return places


def paths():
    """Paths in double precision; each one that PyTorch's own path in single precision stays with.

    Otherwise nothing could be compared. RMSprop, for one, zigzags across the ravine at a rate of 0.1 so that a
    difference of 1e-7 is one of 0.1 after sixty steps, in PyTorch as anywhere: hence its small rate.
    """
    cases = {}
    for name, (height, start, *rates) in SURFACES.items():
        case = {"start": start, "rates": rates, "optimizers": {}}
        for optimizer_name, make in optimizers(*rates).items():
            double = path(height, start, make, torch.float64)
            single = path(height, start, make, torch.float32)
            apart = max((a - b).abs().max().item() for a, b in zip(single, double))
            assert apart < 2e-5, f"{optimizer_name} on {name}: {apart} between single and double precision"
            case["optimizers"][optimizer_name] = [plain(place) for place in double]
        cases[name] = case
    return cases


def surfaces():
    """Heights and gradients at scattered places."""
    cases = {}
    for name, (height, *_) in SURFACES.items():
        points = [leaf(p) for p in given(torch.rand(6, 2) * 4 - 2)]
        heights = [height(*p) for p in points]
        for z in heights:
            z.backward()
        cases[name] = {
            "points": [plain(p) for p in points],
            "heights": [z.item() for z in heights],
            "gradients": [plain(p.grad) for p in points],
        }
    return cases


def main() -> None:
    reference = {
        "pytorch": torch.__version__,
        "autodiff": autodiff(),
        "delta_rule": delta_rule(),
        "basic_network": basic_network(),
        "two_layer_network": two_layer_network(),
        "paths": paths(),
        "surfaces": surfaces(),
    }
    (HERE / "lectures.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
