"""Makes conv.json: what PyTorch says of the layers of images, for tests/layers_images.rs.

    python -m venv venv && venv/bin/pip install torch==2.* numpy && venv/bin/python make_conv.py

Inputs are rounded to single precision, as the library sees them; PyTorch then calculates in double precision,
so that a difference beyond the tests' bounds is an error of the library and not of the reference.

Keras's padding "same" is written out here by its rule: as many places as size / stride, rounded up; of the
zeros needed half before (rounded down), the rest behind.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(9)


def normal(*shape, scale=1.0):
    """Values that single precision can hold."""
    return (torch.randn(*shape) * scale).to(torch.float32).to(torch.float64)


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]}


def with_gradients(options, function, x, *parameters):
    """The result of a function, and the gradients of its weighted sum (weights 1, 2, 3, 1, 2, 3, ...)."""
    leaves = [tensor.clone().requires_grad_() for tensor in (x, *parameters)]
    result = function(*leaves)
    weights = (torch.arange(result.numel()) % 3 + 1.0).reshape(result.shape)
    (result * weights).sum().backward()
    return {
        "options": options,
        "inputs": [plain(leaf) for leaf in leaves],
        "result": plain(result),
        "gradients": [plain(leaf.grad) for leaf in leaves],
    }


def same(size, kernel, stride, dilation):
    """Zeros before and behind, along one axis."""
    places = -(-size // stride)
    needed = max((places - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return needed // 2, needed - needed // 2


def surround(x, kernel, stride, dilation, padding, value=0.0):
    if padding == "Valid":
        return x
    if padding == "Same":
        top, bottom = same(x.shape[2], kernel[0], stride[0], dilation[0])
        left, right = same(x.shape[3], kernel[1], stride[1], dilation[1])
        return F.pad(x, (left, right, top, bottom), value=value)
    return F.pad(x, (padding,) * 4, value=value)


# batch, channels, height, width, filters, kernel, stride, dilation, padding
CONVOLUTIONS = [
    (2, 1, 6, 6, 3, (3, 3), (1, 1), (1, 1), "Valid"),
    (2, 3, 7, 6, 18, (3, 2), (1, 1), (1, 1), "Same"),
    (2, 10, 6, 7, 5, (3, 3), (2, 2), (1, 1), "Same"),
    (2, 17, 4, 5, 18, (2, 3), (1, 2), (1, 1), "Valid"),
    (2, 4, 9, 8, 6, (3, 3), (2, 1), (2, 2), 2),
    (1, 12, 7, 7, 16, (3, 3), (1, 1), (3, 2), "Same"),
    (2, 2, 5, 5, 4, (1, 1), (2, 2), (1, 1), "Valid"),
    (2, 9, 5, 4, 3, (5, 4), (1, 1), (1, 1), "Valid"),
    (2, 2, 5, 4, 3, (4, 4), (3, 2), (1, 1), 3),
]


def convolutions():
    cases = []
    for batch, channels, height, width, filters, kernel, stride, dilation, padding in CONVOLUTIONS:
        options = {"filters": filters, "kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}

        def function(x, w, b):
            return F.conv2d(surround(x, kernel, stride, dilation, padding), w, b, stride, 0, dilation)

        parameters = normal(filters, channels, *kernel, scale=0.5), normal(filters)
        cases.append(with_gradients(options, function, normal(batch, channels, height, width), *parameters))
    return cases


# batch, inputs, height, width, filters, kernel, stride, dilation, padding
TRANSPOSED = [
    (2, 3, 4, 5, 1, (3, 3), (1, 1), (1, 1), "Valid"),
    (2, 17, 3, 2, 12, (4, 4), (2, 2), (1, 1), 1),
    (2, 5, 3, 3, 2, (5, 5), (2, 2), (1, 1), "Same"),
    (1, 4, 4, 3, 17, (2, 3), (2, 1), (1, 1), "Same"),
    (2, 3, 3, 4, 4, (3, 2), (2, 3), (2, 1), 1),
    (2, 2, 3, 3, 3, (2, 2), (3, 3), (1, 1), "Valid"),
]


def transposed():
    cases = []
    for batch, inputs, height, width, filters, kernel, stride, dilation, padding in TRANSPOSED:
        options = {"filters": filters, "kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}

        def function(x, w, b):
            if padding != "Same":
                return F.conv_transpose2d(x, w, b, stride, 0 if padding == "Valid" else padding, 0, 1, dilation)
            rows = same(height * stride[0], kernel[0], stride[0], dilation[0])
            columns = same(width * stride[1], kernel[1], stride[1], dilation[1])
            full = F.conv_transpose2d(x, w, b, stride, 0, 0, 1, dilation)
            return full[:, :, rows[0] :, columns[0] :][:, :, : height * stride[0], : width * stride[1]]

        parameters = normal(inputs, filters, *kernel, scale=0.5), normal(filters)
        cases.append(with_gradients(options, function, normal(batch, inputs, height, width), *parameters))
    return cases


# batch, channels, height, width, size, stride, padding
POOLS = [
    (2, 3, 6, 8, (2, 2), (2, 2), "Valid"),
    (2, 3, 7, 5, (2, 2), (2, 2), "Valid"),
    (2, 2, 7, 6, (3, 3), (2, 2), "Same"),
    (1, 2, 7, 8, (3, 2), (1, 2), 1),
    (1, 2, 5, 5, (2, 3), (3, 1), "Valid"),
]


def pools():
    largest, averages = [], []
    for batch, channels, height, width, size, stride, padding in POOLS:
        options = {"size": size, "stride": stride, "padding": padding}

        def largest_of(x):
            return F.max_pool2d(surround(x, size, stride, (1, 1), padding, -torch.inf), size, stride)

        def average_of(x):
            inside = surround(torch.ones_like(x), size, stride, (1, 1), padding)
            sums = F.avg_pool2d(surround(x, size, stride, (1, 1), padding), size, stride, divisor_override=1)
            return sums / F.avg_pool2d(inside, size, stride, divisor_override=1)

        x = normal(batch, channels, height, width)
        largest.append(with_gradients(options, largest_of, x))
        averages.append(with_gradients(options, average_of, x))
    return largest, averages


def batch_normalisations():
    cases = []
    for shape in [(7, 4), (4, 4, 2, 5)]:
        layer = torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d
        layer = layer(shape[1], eps=1e-3, momentum=0.3)
        gamma, beta = normal(shape[1]), normal(shape[1])

        def function(x, gamma, beta):
            parameters = {"weight": gamma, "bias": beta}
            return torch.func.functional_call(layer, parameters, (x,))

        case = with_gradients({}, function, normal(*shape) * 2 + 1, gamma, beta)
        case["running_mean"] = plain(layer.running_mean)
        case["running_variance"] = plain(layer.running_var)
        layer.eval()
        case["used"] = with_gradients({}, function, normal(*shape), gamma, beta)
        cases.append(case)
    return cases


def main():
    largest, averages = pools()
    reference = {
        "pytorch": torch.__version__,
        "convolutions": convolutions(),
        "transposed": transposed(),
        "largest": largest,
        "averages": averages,
        "global_average": with_gradients({}, lambda x: x.mean((2, 3)), normal(2, 3, 4, 5)),
        "upsampling": with_gradients(
            {}, lambda x: F.interpolate(x, scale_factor=(2.0, 3.0), mode="nearest"), normal(2, 3, 3, 2)
        ),
        "zero_padding": with_gradients({}, lambda x: F.pad(x, (2, 2, 1, 1)), normal(2, 3, 3, 2)),
        "batch_normalisations": batch_normalisations(),
        "layer_normalisation": with_gradients(
            {}, lambda x, g, b: F.layer_norm(x, (5,), g, b, 1e-3), normal(3, 2, 5), normal(5), normal(5)
        ),
        "embedding": with_gradients(
            {"places": [[1, 0, 3], [3, 3, 2]]},
            lambda table: F.embedding(torch.tensor([[1, 0, 3], [3, 3, 2]]), table),
            normal(5, 4),
        ),
    }
    path = Path(__file__).with_name("conv.json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
