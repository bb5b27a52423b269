"""Makes saving.safetensors: weights as the `safetensors` package of Python writes them, with a network's output.

Run with numpy and safetensors: python make_saving.py
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(5)
# Sequential of Dense(3, tanh) and Dense(1) on two inputs.
weights = {
    "dense.weights": rng.normal(size=(2, 3)).astype(np.float32),
    "dense.bias": rng.normal(size=3).astype(np.float32),
    "dense_1.weights": rng.normal(size=(3, 1)).astype(np.float32),
    "dense_1.bias": rng.normal(size=1).astype(np.float32),
}
x = np.array([[1.0, -2.0]], dtype=np.float32)
hidden = np.tanh(x @ weights["dense.weights"] + weights["dense.bias"])
print("output for [1, -2]:", (hidden @ weights["dense_1.weights"] + weights["dense_1.bias"]).item())
save_file(weights, pathlib.Path(__file__).with_name("saving.safetensors"), {"format": "np"})
