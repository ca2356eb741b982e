"""Values of Keras's scores, correlations, points of curves and intersections, batch after batch, for
engine/src/test/resources/golden/objectives/scores.json: python make_scores.py FILE

A case is a metric as Keras writes it, batches of outputs y, targets t and weights w (null without), rows [units] one
after another, and the metric's value after each batch. Thresholds, targets and some outputs are short decimals,
so that some are equal. Metrics compute in float64, those of whole numbers in what they choose.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

keras.config.set_floatx("float64")  # of sums, too
m = keras.metrics
SIZES = (5, 2, 1, 7)


def short(values):
    return np.round(values, 2)


class Data:
    """Batches of different sizes, drawn by a seed."""

    def __init__(self, seed, units, kind, never=None):
        self.rng = np.random.default_rng(seed)
        self.units, self.kind, self.never = units, kind, never

    def outputs(self, rows):
        if self.kind == "numbers":
            return short(self.rng.normal(size=(rows, self.units)))
        if self.kind == "classes":
            return short(self.rng.uniform(-1.5, 4.5, size=(rows, self.units)))
        y = short(self.rng.uniform(size=(rows, self.units)))
        y[self.rng.uniform(size=y.shape) < 0.15] = 0.0
        y[self.rng.uniform(size=y.shape) < 0.1] = 1.0
        y[self.rng.uniform(size=y.shape) < 0.1] = 0.5
        if self.rng.uniform() < 0.3:
            y[0] = 0.0  # no output calls its class
        if rows > 1:
            y[-1] = 0.25  # and here they are alike
        return y

    def targets(self, y):
        rows = len(y)
        if self.kind == "numbers":
            t = short(y + self.rng.normal(scale=0.7, size=y.shape))
        elif self.kind == "classes":
            t = self.rng.integers(-1, 5, size=y.shape).astype(float)
        elif self.kind == "one_hot":
            choices = [c for c in range(self.units) if c != self.never]
            t = np.eye(self.units)[self.rng.choice(choices, size=rows)]
        else:
            t = (self.rng.uniform(size=y.shape) < 0.4).astype(float)
        if self.never is not None:
            t[:, self.never] = 0.0
        return t

    def batches(self, weighted):
        for rows in SIZES:
            y = self.outputs(rows)
            w = np.round(self.rng.uniform(0, 2.5, size=rows) * 8) / 8 if weighted else None  # their sums are exact
            yield y, self.targets(y), w


def case(metric, data, weighted):
    batches, results = [], []
    for y, t, w in data.batches(weighted):
        metric.update_state(t, y, sample_weight=w)
        value = float(np.asarray(metric.result()).squeeze())
        results.append(value if np.isfinite(value) else str(value))
        batches.append({"y": y.tolist(), "t": t.tolist(), "w": None if w is None else w.tolist()})
    return {"metric": keras.saving.serialize_keras_object(metric), "batches": batches, "results": results}


def cases():
    f = {"dtype": "float64"}
    seed = 0
    for weighted in (False, True):
        made = []
        for units, never in ((1, None), (3, None), (3, 1)):
            for how in ("uniform_average", "variance_weighted_average"):
                for p in (0, 4, 44, 60):
                    made.append((m.R2Score(how, p, **f), units, "numbers", never))
        for units, kind, never in ((4, "one_hot", None), (4, "one_hot", 2), (1, "labels", None), (3, "labels", None)):
            for average in ("micro", "macro", "weighted"):
                for threshold in (None, 0.5, 0.3):
                    made.append((m.F1Score(average, threshold, **f), units, kind, never))
                made.append((m.FBetaScore(average, 2.0, None, **f), units, kind, never))
                made.append((m.FBetaScore(average, 0.5, 0.25, **f), units, kind, never))
        for point in (m.PrecisionAtRecall, m.RecallAtPrecision, m.SensitivityAtSpecificity, m.SpecificityAtSensitivity):
            for value, number, class_id in ((0.5, 200, None), (0.75, 3, None), (0.0, 2, None), (1.0, 11, None), (0.6, 1, None),
                                            (0.6, 21, 2), (0.25, 5, 0)):
                made.append((point(value, num_thresholds=number, class_id=class_id, **f), 3, "labels", None))
            made.append((point(0.4, num_thresholds=21, **f), 1, "labels", None))
            made.append((point(0.5, num_thresholds=21, class_id=1, **f), 3, "labels", 1))
        for correlation in (m.PearsonCorrelation, m.ConcordanceCorrelation):
            made.append((correlation(**f), 4, "numbers", None))
            made.append((correlation(**f), 2, "numbers", None))
            made.append((correlation(**f), 1, "numbers", None))
        for positives in (m.Precision, m.Recall):
            made.append((positives(top_k=2, **f), 4, "labels", None))
            made.append((positives(top_k=2, thresholds=0.4, **f), 4, "labels", None))
            made.append((positives(class_id=1, **f), 4, "labels", None))
            made.append((positives(class_id=3, top_k=1, **f), 4, "one_hot", None))
            made.append((positives(class_id=0, thresholds=0.25, **f), 4, "labels", 0))
        for dtype in (None, "float32"):
            made.append((m.OneHotMeanIoU(4, dtype=dtype), 4, "one_hot", 2))
            made.append((m.OneHotMeanIoU(3, dtype=dtype), 4, "one_hot", None))
            made.append((m.OneHotIoU(4, [0, 3], ignore_class=1, dtype=dtype), 4, "one_hot", None))
            made.append((m.OneHotIoU(4, [2], dtype=dtype), 4, "one_hot", 2))
            made.append((m.BinaryIoU(dtype=dtype), 1 if weighted else 3, "labels", None))  # a weight each, or none
            made.append((m.BinaryIoU([1], 0.25, dtype=dtype), 1, "labels", None))
        made.append((m.MeanIoU(4), 1 if weighted else 2, "classes", None))
        made.append((m.IoU(4, [1, 2], ignore_class=3), 1, "classes", None))
        for metric, units, kind, never in made:
            seed += 1
            yield case(metric, Data(seed, units, kind, never), weighted)


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        file.write("[" + ",\n ".join(json.dumps(c, separators=(",", ":")) for c in cases()) + "]\n")
