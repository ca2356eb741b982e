"""A model of two sequences under a mask, with weights of steps, for engine/src/test/resources/golden/drawn/alike/scores,
as draw_models.py leaves its models: python make_masked_scores.py FOLDER

Keras leaves masked steps out of means of what a function says of a row, correlations here, and no others out.
"""
import os
import sys

import numpy as np

import draw_models as d
import keras
from keras import layers

STEPS = 6
m = keras.metrics


def model():
    x = keras.Input((STEPS, 3))
    h = layers.SimpleRNN(5, return_sequences=True)(layers.Masking()(x))
    outputs = [layers.Dense(4, activation="softmax", name="classes")(h), layers.Dense(3, activation="sigmoid", name="labels")(h)]
    made = keras.Model(x, outputs)

    def ofs(axis):
        return [m.PearsonCorrelation(), m.ConcordanceCorrelation(), m.PrecisionAtRecall(0.5, 11), m.Recall(class_id=axis),
                m.SensitivityAtSpecificity(0.4, 5, class_id=axis), m.Precision(top_k=2)]

    made.compile("sgd", ["categorical_crossentropy", "binary_crossentropy"], run_eagerly=True,
                 metrics=[[*ofs(3), m.OneHotMeanIoU(4), m.OneHotIoU(4, [1, 2], ignore_class=0)], [*ofs(2), m.BinaryIoU()]],
                 weighted_metrics=[[*ofs(1), m.OneHotMeanIoU(4, dtype="float32"), m.OneHotMeanIoU(3)], ofs(0)])
    return made


def main(folder):
    os.makedirs(folder, exist_ok=True)
    keras.utils.set_random_seed(11)
    rng = np.random.default_rng(11)
    own, path = model(), os.path.join(folder, "model.keras")
    d.lively(own, rng)
    x = rng.normal(size=(d.SAMPLES, STEPS, 3)).astype("float32")
    x[1::3, :2] = 0.0  # before, behind, within
    x[2::3, 4:] = 0.0
    x[3, 3] = 0.0
    rows = (d.SAMPLES, STEPS)
    ts = [np.eye(4, dtype="float32")[rng.integers(0, 4, size=rows)], rng.integers(0, 2, size=(*rows, 3)).astype("float32")]
    ts[1][..., 0] = 1 - ts[1][..., 1]  # of labels that are all alike a correlation is no number
    ws = [rng.uniform(0.2, 2.6, size=rows).astype("float32") for _ in ts]
    own.save(path)
    near = keras.saving.load_model(path)
    near.run_eagerly = True
    d.moved(near, rng)
    ys = d.predict(own, [x])
    facts = {"x0": x, "slack": np.float32(d.largest(ys, d.predict(near, [x])))}
    facts |= {f"y{i}": y for i, y in enumerate(ys)} | {f"t{i}": t for i, t in enumerate(ts)} | {f"w{i}": w for i, w in enumerate(ws)}
    found, moved = (np.array(d.train(one, [x], ts, ws, 3)) for one in (own, near))
    facts |= {"losses": found, "loss_slack": np.abs(found - moved)}
    after = d.predict(own, [x])
    facts |= {f"after{i}": y for i, y in enumerate(after)}
    facts["after_slack"] = np.float32(d.largest(after, d.predict(near, [x])))
    values, close = (one.evaluate(x, ts, batch_size=d.BATCH, verbose=0, return_dict=True, sample_weight=ws) for one in (own, near))
    facts["values"] = np.array(list(values.values()), "float64")
    facts["value_slack"] = np.array([abs(values[k] - close[k]) for k in values], "float64")
    np.savez(os.path.join(folder, "facts.npz"), **facts)
    with open(os.path.join(folder, "names.txt"), "w") as file:
        file.write("\n".join(values))
    print(values, facts["value_slack"].max())


if __name__ == "__main__":
    main(sys.argv[1])
