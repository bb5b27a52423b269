"""Makes metrics.json: scikit-learn's metrics of random predictions.

Run with scikit-learn: python make_metrics.py
"""

import json
import pathlib

import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(11)


def pack(array):
    return {"shape": list(array.shape), "values": [float(v) for v in array.astype(np.float32).flatten()]}


def binary():
    targets = (rng.random(80) < 0.35).astype(np.float32)
    # Two digits, so that some scores are tied.
    scores = np.clip(targets * 0.25 + rng.random(80) * 0.8, 0, 1).round(2).astype(np.float32)
    found = scores > 0.5
    return {
        "predictions": pack(scores), "targets": pack(targets),
        "accuracy": m.accuracy_score(targets, found), "precision": m.precision_score(targets, found),
        "recall": m.recall_score(targets, found), "f1": m.f1_score(targets, found),
        "auc": m.roc_auc_score(targets, scores),
    }


def classes():
    targets = rng.integers(0, 4, 90)
    scores = rng.random((90, 4)) + np.eye(4)[targets] * 0.5
    scores = (scores / scores.sum(1, keepdims=True)).astype(np.float32)
    report = m.classification_report(targets, scores.argmax(1), output_dict=True)
    return {
        "predictions": pack(scores), "targets": pack(targets), "report": report,
        "top_k": [m.top_k_accuracy_score(targets, scores, k=k) for k in (1, 2, 3)],
    }


def errors(columns):
    targets = rng.normal(size=(50, columns)).astype(np.float32) * 3 + 10
    predictions = (targets + rng.normal(size=targets.shape)).astype(np.float32)
    return {
        "predictions": pack(predictions), "targets": pack(targets),
        "mae": m.mean_absolute_error(targets, predictions), "mse": m.mean_squared_error(targets, predictions),
        "rmse": m.mean_squared_error(targets, predictions) ** 0.5, "r_squared": m.r2_score(targets, predictions),
    }


def main():
    made = {"binary": binary(), "classes": classes(), "one": errors(1), "three": errors(3)}
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(made) + "\n")


main()
