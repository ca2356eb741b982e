#!/usr/bin/env python3
"""Writes what Keras 3 makes of connectionist temporal classification: OUT/start.keras and trained.keras, samples and labels
as OUT/x.npy and y.npy, and OUT/ctc.json with losses and what both of Keras's decoders read from OUT/logits.npy.

  python3 write_ctc.py OUT      # needs keras 3 and tensorflow
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

SAMPLES, STEPS, FEATURES, CLASSES, MOST = 24, 12, 4, 6, 4
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
random = np.random.RandomState(5)
x = random.randn(SAMPLES, STEPS, FEATURES).astype("float32")
y = random.randint(1, CLASSES, (SAMPLES, MOST))
for sample in range(SAMPLES):
    y[sample, random.randint(0, MOST + 1):] = 0  # of none, too
y[0] = 3  # equal ones take blanks between them
model = keras.Sequential([
    keras.layers.Input((STEPS, FEATURES)),
    keras.layers.Bidirectional(keras.layers.LSTM(8, return_sequences=True)),
    keras.layers.Dense(CLASSES),
])
model.set_weights([0.4 * random.randn(*each.shape).astype("float32") for each in model.get_weights()])
model.compile(keras.optimizers.Adam(0.01), keras.losses.CTC())
model.save(os.path.join(out, "start.keras"))
logits = model.predict(x, verbose=0)
told = {"each": [float(v) for v in keras.losses.ctc(y, logits)], "loss": model.evaluate(x, y, batch_size=8, verbose=0)}
weights = np.linspace(0.5, 2, SAMPLES)
told["weighted"] = model.evaluate(x, y, batch_size=8, sample_weight=weights, verbose=0)
told["fit"] = model.fit(x, y, batch_size=8, epochs=15, shuffle=False, verbose=0).history["loss"]
model.save(os.path.join(out, "trained.keras"))
logits = 3 * random.randn(SAMPLES, STEPS, CLASSES).astype("float32")  # surer than so short a training makes them
np.save(os.path.join(out, "logits.npy"), logits)
lengths = np.full((SAMPLES,), STEPS)


def plain(decoded):
    return [[int(label) for label in sample if label >= 0] for sample in np.array(decoded)]


(greedy,), _ = keras.ops.ctc_decode(logits, lengths, strategy="greedy")
told["greedy"] = plain(greedy)
paths, scores = keras.ops.ctc_decode(logits, lengths, strategy="beam_search", beam_width=2000, top_paths=2)
told["beam"] = [plain(each) for each in paths]
told["scores"] = np.array(scores).astype(float).tolist()
np.save(os.path.join(out, "x.npy"), x)
np.save(os.path.join(out, "y.npy"), y.astype("int32"))
with open(os.path.join(out, "ctc.json"), "w") as file:
    json.dump(told, file)
print(told["loss"], told["fit"][-1], told["greedy"][:6], [p[:3] for p in told["beam"]], told["scores"][:3], y[:3].tolist())
none = keras.losses.ctc(np.array([[1, 2, 3, 4, 5, 1]]), np.zeros((1, 5, 6), "float32"))
print("what no path spells, six labels in five steps:", float(none[0]))
