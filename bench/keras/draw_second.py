#!/usr/bin/env python3
"""Draws models with Keras 2.5, which TensorFlow carries with it (tensorflow.python.keras): layers and TensorFlow's own
functions between them, as .h5 files that Keras 3 does not read.

Each model becomes a folder of OUT: model.h5, facts.npz (as draw_models.py has it, with a record of training of about
half of them), names.txt, model.txt (what was drawn, a line each). That Keras has no wrappers and no normalizations; what it
trains otherwise than Keras 3 does, under a mask, by RMSprop, or the rows of an Embedding, has no record.

  python3 draw_second.py OUT --seed 1 --count 100      # needs tensorflow 2.21 and h5py
"""
import os
import random
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from tensorflow.python import keras
from tensorflow.python.keras import backend as K
from tensorflow.python.keras import layers, models
from tensorflow.python.keras.engine.training import Model
from tensorflow.python.keras.optimizer_v2.adam import Adam
from tensorflow.python.keras.optimizer_v2.adamax import Adamax
from tensorflow.python.keras.optimizer_v2.gradient_descent import SGD

import drawing

keras.__version__ = "2.5.0"  # what this copy was when it was left
warnings.filterwarnings("ignore")
SAMPLES, BATCH = 8, 4
CALM = ["tanh", "sigmoid", "linear", "relu", "softsign", "hard_sigmoid", "elu", "swish"]


REDUCTIONS = [tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_min, tf.reduce_prod, tf.reduce_logsumexp,
              tf.math.reduce_std, tf.math.reduce_variance, K.sum, K.mean, K.max]


class Draw:
    def __init__(self, seed):
        self.r = random.Random(seed)
        tf.random.set_seed(seed)
        K.clear_session()
        self.said = []
        self.inputs = []
        self.trains = self.chance(0.5)

    def chance(self, p):
        return self.r.random() < p

    def one(self, *all):
        return self.r.choice(all)

    def n(self, most):
        return 1 + self.r.randrange(most)

    def say(self, what):
        self.said.append(what)

    # ---- inputs
    def start(self):
        """A value to begin with: words or numbers, masked or not."""
        steps, features = 2 + self.n(5), self.n(4) + 1
        if self.chance(0.3):
            x = layers.Input((steps,))
            self.inputs.append((x, "words"))
            mask = self.chance(0.6)
            self.say(f"words {steps}, Embedding mask_zero={mask}")
            return layers.Embedding(9, features, mask_zero=mask)(x)
        x = layers.Input((steps, features) if self.chance(0.85) else (features + 1,))
        self.inputs.append((x, "numbers"))
        self.say(f"numbers {x.shape}")
        if len(x.shape) == 3 and self.chance(0.25):
            self.say("Masking")
            return layers.Masking(mask_value=0.0)(x)
        return x

    # ---- layers
    def recurrent(self, x):
        kind = self.one("SimpleRNN", "LSTMV1", "GRUV1", "LSTMV1", "GRUV1", "RNN")
        options = dict(return_sequences=self.chance(0.6), go_backwards=self.chance(0.15), unroll=self.chance(0.1))
        units = self.n(5)
        cell = {}
        if self.chance(0.4):
            cell["activation"] = self.one(*CALM)
        if kind not in ("SimpleRNN", "RNN"):
            cell["recurrent_activation"] = self.one("hard_sigmoid", "sigmoid")
            cell["implementation"] = self.one(1, 2)
        if kind == "GRUV1" and self.chance(0.7):
            cell["reset_after"] = self.chance(0.5)
        if self.chance(0.2):
            cell["use_bias"] = False
        self.say(f"{kind} {units} {options} {cell}")
        if kind == "RNN":
            cells = [self.one(layers.SimpleRNNCell, layers.LSTMCellV1, layers.GRUCellV1)(self.n(4))
                     for _ in range(self.n(3))]
            return layers.RNN(cells if len(cells) > 1 else cells[0], **options)(x)
        if kind != "SimpleRNN" and self.chance(0.15):
            h, *states = getattr(layers, kind)(units, return_state=True, **options, **cell)(x)
            return self.one(h, states[-1]) if not options["return_sequences"] else h
        return getattr(layers, kind)(units, **options, **cell)(x)

    def layer(self, x):
        steps, features = x.shape[1:] if len(x.shape) == 3 else (None, x.shape[-1])
        act = self.one(*CALM)
        any_rank = [lambda: layers.Dense(self.n(5), activation=act), lambda: layers.Activation(act),
                    lambda: layers.LeakyReLU(self.one(0.3, 0.1)), lambda: layers.ELU(self.one(1.0, 0.5)),
                    lambda: layers.ReLU(max_value=self.one(None, 1.0), negative_slope=self.one(0, 0.1),
                                        threshold=self.one(0, 0.2)),
                    lambda: layers.PReLU(), lambda: layers.Softmax(), lambda: layers.ThresholdedReLU(self.one(0.1, 1.0)),
                    lambda: layers.Dropout(0.0), lambda: layers.Flatten()]
        flat = [lambda: layers.RepeatVector(self.n(4)), lambda: layers.Reshape((1, features))]
        sequence = [lambda: layers.Conv1D(self.n(4), self.n(min(3, steps)), padding=self.one("valid", "same", "causal"),
                                          activation=act),
                    lambda: layers.SeparableConv1D(self.n(4), self.n(min(2, steps))),
                    lambda: layers.MaxPooling1D(2, strides=self.one(None, 1), padding=self.one("valid", "same")),
                    lambda: layers.AveragePooling1D(2, padding="same"), lambda: layers.GlobalMaxPooling1D(),
                    lambda: layers.GlobalAveragePooling1D(), lambda: layers.Permute((2, 1)),
                    lambda: layers.Reshape((features, steps)), lambda: layers.ZeroPadding1D(self.n(2)),
                    lambda: layers.Cropping1D((0, 1)), lambda: layers.UpSampling1D(2),
                    lambda: layers.SpatialDropout1D(0.0), lambda: layers.Conv1DTranspose(self.n(3), 2)]
        if steps is not None and self.chance(0.35):
            return self.recurrent(x)
        layer = self.one(*any_rank, *(flat if steps is None else sequence))()
        self.say(f"{type(layer).__name__} {layer.get_config()}")
        return layer(x)

    def merged(self, a, b):
        kind = self.one("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot", "Attention",
                        "AdditiveAttention")
        self.say(kind)
        if kind == "Dot":
            return layers.Dot(axes=-1, normalize=self.chance(0.3))([a, b])
        if kind == "Concatenate":
            return layers.Concatenate(axis=self.one(*range(1, len(a.shape)), -1))([a, b])
        if kind.endswith("Attention"):
            options = dict(causal=self.chance(0.3)) | (dict(use_scale=self.chance(0.5)) if self.chance(0.5) else {})
            return getattr(layers, kind)(**options)([a, b]) if len(a.shape) == 3 else a
        return getattr(layers, kind)()([a, b])

    # ---- TensorFlow's functions
    def functions(self, x):
        n = len(x.shape)
        axis = self.one(*range(1, n), -1)
        number = self.one(2.0, 0.5, -1.0, 1.5)
        steps = x.shape[1]
        below = self.r.randrange(steps)
        calls = [
            ("x + n", lambda: x + number), ("n + x", lambda: number + x), ("x - n", lambda: x - number),
            ("n - x", lambda: number - x), ("x * n", lambda: x * number), ("n * x", lambda: number * x),
            ("x / n", lambda: x / number), ("n / sqrt(x^2 + 1)", lambda: number / tf.sqrt(tf.square(x) + 1.0)),
            ("-x", lambda: -x), ("abs", lambda: abs(x)), ("x ** 2", lambda: x ** 2), ("maximum", lambda: tf.maximum(x, 0.1)),
            ("minimum", lambda: tf.minimum(x, number)), ("exp", lambda: tf.exp(tf.minimum(x, 1.0))),
            ("log1p", lambda: tf.math.log1p(tf.abs(x))), ("log", lambda: tf.math.log(tf.square(x) + 1.0)),
            ("rsqrt", lambda: tf.math.rsqrt(tf.square(x) + 1.0)), ("reciprocal", lambda: tf.math.reciprocal(tf.abs(x) + 1.0)),
            ("sin", lambda: tf.sin(x)), ("cos", lambda: tf.cos(x)), ("expm1", lambda: tf.math.expm1(tf.minimum(x, 1.0))),
            ("sigmoid", lambda: tf.sigmoid(x)), ("tanh", lambda: tf.tanh(x)), ("softplus", lambda: tf.nn.softplus(x)),
            ("softsign", lambda: tf.nn.softsign(x)), ("relu", lambda: tf.nn.relu(x)), ("relu6", lambda: tf.nn.relu6(x)),
            ("selu", lambda: tf.nn.selu(x)), ("elu", lambda: tf.nn.elu(x)), ("silu", lambda: tf.nn.silu(x)),
            ("leaky_relu", lambda: tf.nn.leaky_relu(x)), ("gelu", lambda: tf.nn.gelu(x)),
            ("softmax", lambda: tf.nn.softmax(x, axis=axis)), ("K.softmax", lambda: K.softmax(x)),
            ("clip", lambda: tf.clip_by_value(x, -0.5, 0.5)), ("K.clip", lambda: K.clip(x, 0, 1)),
            ("K.hard_sigmoid", lambda: K.hard_sigmoid(x)), ("reverse", lambda: tf.reverse(x, [axis])),
            ("stack", lambda: tf.reduce_sum(tf.stack([x, x * 2.0], axis=axis), axis)),
            ("expand, squeeze", lambda: tf.squeeze(tf.expand_dims(x, axis) * 2.0, axis)),
            ("concat", lambda: tf.concat([x, tf.square(x)], axis=axis)),
            ("reduced", lambda: self.reduced(x, axis)),
            ("x[:, :-1]", lambda: x[:, : -1 if steps > 1 else None]), ("x[:, ::-1]", lambda: x[:, ::-1]),
            ("x[:, a:]", lambda: x[:, below:]),
        ]
        if n == 3:
            features = x.shape[2]
            calls += [
                ("x[:, -1, :]", lambda: x[:, -1, :]), ("x[:, a]", lambda: x[:, below]), ("x[:, :, 0:1]", lambda: x[:, :, 0:1]),
                ("transpose", lambda: tf.transpose(x, [0, 2, 1])), ("K.permute", lambda: K.permute_dimensions(x, (0, 2, 1))),
                ("reshape", lambda: tf.reshape(x, [-1, steps * features])),
                ("reshape 2", lambda: tf.reshape(x, (-1, features, steps))), ("repeat", lambda: tf.repeat(x, 2, axis=1)),
                ("attention", lambda: self.attention(x)), ("weights", lambda: self.weighed(x)),
                ("x^T x", lambda: tf.matmul(x, x, transpose_a=True)), ("x x^T", lambda: tf.matmul(x, x, transpose_b=True)),
                ("batch_dot", lambda: K.batch_dot(x, tf.tanh(x), axes=[2, 2])),
            ]
        else:
            calls += [("expand_dims", lambda: tf.expand_dims(x, 1)), ("K.expand_dims", lambda: K.expand_dims(x, -1)),
                      ("tile", lambda: tf.tile(tf.expand_dims(x, 1), [1, 3, 1]))]
        return [(f"{name} axis {axis} number {number}", call) for name, call in calls]

    def function(self, x):
        name, call = self.one(*self.functions(x))
        self.say(name)
        return call()

    def reduced(self, x, axis, *kinds):
        kind = self.one(*(kinds or REDUCTIONS))
        keep = len(x.shape) < 3 or self.chance(0.3)
        self.say(f"{kind.__name__} keepdims {keep}")
        return kind(x, axis=axis, keepdims=keep) * 1.0

    def attention(self, x):
        scores = tf.matmul(x, layers.Dense(x.shape[-1])(x), transpose_b=True) / 2.0
        return tf.matmul(tf.nn.softmax(scores, axis=-1), x)

    def weighed(self, x):
        weights = tf.nn.softmax(layers.Dense(1, activation="tanh")(x), axis=1)
        return tf.reduce_sum(x * weights, axis=1)

    def both(self, a, b):
        name, call = self.one(*self.pairs(a, b))
        self.say(name)
        return call()

    def pairs(self, a, b):
        return (("a + b", lambda: a + b), ("a * b", lambda: a * b), ("a - b", lambda: a - b),
                ("a / (1 + b^2)", lambda: a / (1.0 + tf.square(b))), ("maximum", lambda: tf.maximum(a, b)),
                ("concat", lambda: tf.concat([a, b], axis=-1)), ("add", lambda: tf.add(a, b)),
                ("divide", lambda: tf.divide(a, tf.exp(b))))

    # ---- a model
    def model(self):
        values = [self.start()]
        if self.chance(0.4):
            values.append(self.start())
        for _ in range(2 + self.n(5)):
            x = values[-1] if self.chance(0.7) else self.one(*values)
            alike = [v for v in values if v is not x and tuple(v.shape[1:]) == tuple(x.shape[1:])]
            if alike and self.chance(0.5):
                y = (self.merged if self.chance(0.5) else self.both)(x, self.one(*alike))
            else:
                y = self.function(x) if self.chance(0.5) else self.layer(x)
            if not 1 < len(y.shape) < 4 or any(size is None or size < 1 for size in y.shape[1:]):
                raise ValueError(f"shape {y.shape}")
            if y is not x:
                values.append(y)
        out = values[-1]
        if self.chance(0.7):
            out = layers.Dense(2)(out)
        self.inputs = [(x, kind) for x, kind in self.inputs if reached(out, x)]
        used = [x for x, _ in self.inputs]
        return Model(used if len(used) > 1 else used[0], out)

    def every(self):
        """All functions at once, what they give side by side."""
        x, u = layers.Input((5, 3)), layers.Input((4,))
        self.inputs = [(x, "numbers"), (u, "numbers")]
        made = [call() for value in (x, u) for _, call in self.functions(value)]
        made += [self.reduced(x, axis, kind) for kind in REDUCTIONS for axis in (1, -1)]
        made += [call() for _, call in self.pairs(x, tf.tanh(x))]
        return Model([x, u], tf.concat([tf.reshape(y, [-1, int(np.prod(y.shape[1:]))]) for y in made], axis=1))

    def data(self, rng):
        xs = []
        for x, kind in self.inputs:
            shape = (SAMPLES, *x.shape[1:])
            v = rng.integers(1, 9, shape).astype("float32") if kind == "words" else rng.normal(size=shape).astype("float32")
            for row in range(SAMPLES):  # ends and beginnings that a mask takes, not all of a row
                if len(shape) > 1 and shape[1] > 1 and rng.random() < 0.6:
                    length = rng.integers(1, shape[1])
                    v[row, length:] = 0
                    if rng.random() < 0.3:
                        v[row] = v[row, ::-1]
            xs.append(v)
        return xs


def reached(value, start):
    """Whether a value is made of another."""
    if value is start:
        return True
    layer, node, _ = value._keras_history
    node = layer._inbound_nodes[node]
    return not node.is_input and any(reached(x, start) for x in node.keras_inputs)


def single(all):
    return all if len(all) > 1 else all[0]


def moved(model, rng):
    model.set_weights([v * (1 + rng.uniform(-1e-6, 1e-6, size=v.shape)).astype(v.dtype) for v in model.get_weights()])


def largest(a, b):
    return np.float32(np.max(np.abs(a - b)) if a.size else 0.0)


def train(model, xs, t):
    return [float(model.train_on_batch(single([x[i:i + BATCH] for x in xs]), t[i:i + BATCH]))
            for _ in range(3) for i in range(0, SAMPLES, BATCH)]


def answers(model, xs):
    return np.asarray(model(single(xs), training=False))


def draw(seed, folder, every):
    d = Draw(seed)
    model = d.every() if every else d.model()
    rng = np.random.default_rng(seed)
    xs = d.data(rng)
    model.set_weights([v + rng.normal(scale=0.1, size=v.shape).astype(v.dtype) for v in model.get_weights()])
    y = answers(model, xs)
    if not np.isfinite(y).all() or np.abs(y).max() > 1e3:
        raise ValueError("answers too large")
    decay = d.one(0.0, 0.0, 0.2)
    optimizer = d.one(lambda: SGD(0.05, decay=decay), lambda: SGD(0.05, momentum=0.9, nesterov=d.chance(0.5), decay=decay),
                      lambda: Adam(0.01, decay=decay), lambda: Adamax(0.01, decay=decay))
    loss = d.one("mse", "mae", "mse", "huber", "logcosh")
    optimizer = optimizer()
    if loss == "mae" and not isinstance(optimizer, SGD):  # whose slopes may come to rounding alone, and that to a step
        loss = "mse"
    model.compile(optimizer, loss)
    d.say(f"{loss} {model.optimizer.get_config()}")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.h5")
    model.save(path)
    facts = {f"x{i}": x for i, x in enumerate(xs)} | {"y0": y}
    other = models.load_model(path)
    if largest(y, answers(other, xs)) > 1e-6:
        raise ValueError("Keras reads it otherwise")
    moved(other, rng)
    facts["slack"] = largest(y, answers(other, xs))
    if d.trains and model.trainable_weights and not any(isinstance(l, (layers.Embedding, layers.Masking))
                                                        for l in model.layers):
        t = rng.normal(size=y.shape).astype("float32")
        found, near = train(model, xs, t), train(other, xs, t)
        if not np.isfinite(found).all():
            raise ValueError("diverged")
        after = answers(model, xs)
        value, close = (float(m.test_on_batch(single(xs), t)) for m in (model, other))
        facts |= {"t0": t, "losses": np.array(found), "loss_slack": np.abs(np.array(found) - near), "after0": after,
                  "after_slack": largest(after, answers(other, xs)), "values": np.array([value]),
                  "value_slack": np.array([abs(value - close)])}
    with open(os.path.join(folder, "names.txt"), "w") as f:
        f.write("loss")
    with open(os.path.join(folder, "model.txt"), "w") as f:
        f.write("\n".join(d.said) + "\n")
    np.savez(os.path.join(folder, "facts.npz"), **facts)


if __name__ == "__main__":
    drawing.run(draw, "--every", "each model has all of TensorFlow's functions, and few layers")
