"""Makes operations.json: PyTorch's numbers for convolution with kernels made by hand, and for operations on tensors.

Run with PyTorch 2: python make_operations.py

What is drawn is drawn in single precision, as the library sees it; PyTorch then calculates in double precision.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(33)


def pack(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]}


def case(inputs, function):
    """The gradients are those of the result's sum, weighted 1, 2, 3, 1, 2, 3, ..."""
    inputs = [x.double().requires_grad_(True) for x in inputs]
    result = function(*inputs)
    weights = (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)
    (result * weights).sum().backward()
    zero = lambda x: torch.zeros_like(x) if x.grad is None else x.grad
    return {
        "inputs": [pack(x) for x in inputs],
        "result": pack(result),
        "gradients": [pack(zero(x)) for x in inputs],
    }


x = torch.randn(3, 4)
digits = torch.rand(2, 7, 6)
sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
several = torch.stack([sobel, sobel.t(), torch.full((3, 3), 1 / 9)])
colours, kernels = torch.rand(2, 3, 6, 5), torch.randn(4, 3, 2, 3)

cases = {
    "one_kernel": case([digits[0], sobel], lambda x, w: F.conv2d(x[None, None], w[None, None])[0, 0]),
    "one_kernel_same": case([digits, sobel], lambda x, w: F.conv2d(x[:, None], w[None, None], padding=1)[:, 0]),
    "several_kernels": case([digits, several], lambda x, w: F.conv2d(x[:, None], w[:, None])),
    "colours": case([colours, kernels], F.conv2d),
    "sin": case([x], torch.sin),
    "cos": case([x], torch.cos),
    "powf": case([x.abs() + 0.1], lambda x: x**1.7),
    "clamp": case([x], lambda x: x.clamp(-0.5, 0.7)),
    "step": case([x], lambda x: (x >= 0).double() + 0 * x),
    "neg": case([x], torch.neg),
    "rows": case([x], lambda x: x[1:3]),
    "select_rows": case([x], lambda x: x[[2, 0, 2]]),
    "concatenate": case([torch.randn(2, 3), torch.randn(2, 1)], lambda a, b: torch.cat([a, b], 1)),
    "sum_axis_0": case([x], lambda x: x.sum(0)),
}
pathlib.Path(__file__).with_name("operations.json").write_text(json.dumps(cases) + "\n")
