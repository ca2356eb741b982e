#!/usr/bin/env python3
"""Draws models with real Keras: layers, options, losses and optimizers at random, and what Keras answers.

Each model becomes a folder of OUT:

  model.keras    compiled; trained for two batches first, where it has a record of training
  facts.npz      x0, x1, ... inputs; y0, y1, ... what Keras predicts; slack: how far the answers move when each
                 weight is moved by one part in a million, which no float32 program can be asked to beat.
                 With training: t0, t1, ... targets, w0, ... weights if any, losses of each batch of 4
                 before its update, loss_slack, after0, ... the answers to x after the last update, after_slack,
                 values of evaluate() after it, value_slack
  model.h5       the same as a legacy file, of half of those that Keras can read again
  names.txt      what evaluate() names
  model.txt      what was drawn, a layer a line

  python3 draw_models.py OUT --seed 1 --count 100      # needs keras and tensorflow or jax
"""
import logging
import os
import random
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers, ops

import drawing
from draw_scores import Scores

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
SAMPLES, BATCH = 8, 4
ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear", None, "hard_sigmoid", "elu", "selu", "softplus", "softsign",
               "swish", "silu", "gelu", "leaky_relu", "exponential", "mish", "relu6", "hard_tanh", "hard_silu",
               "log_sigmoid", "celu", "tanh_shrink", "squareplus", "sparse_sigmoid"]
CALM = ["tanh", "sigmoid", "linear", "relu", "softsign", "hard_sigmoid", None, "elu"]


class Draw:
    def __init__(self, seed, pictures):
        self.seed = seed
        self.pictures = pictures
        self.r = random.Random(seed)
        keras.utils.set_random_seed(seed % 2**32)
        self.said = []
        self.trains = self.chance(0.6)
        self.random_layers = False

    # ---- chances
    def chance(self, p):
        return self.r.random() < p

    def one(self, *all):
        return self.r.choice(all)

    def n(self, most):
        return 1 + self.r.randrange(most)

    def some(self, p, **options):
        """Of options given as functions those that chance takes, each with p."""
        return {k: v() for k, v in options.items() if self.chance(p)}

    # ---- what is said of arrays
    def initializer(self):
        i = keras.initializers
        return self.one("glorot_uniform", "he_normal", "lecun_uniform", "orthogonal", i.RandomNormal(stddev=0.2),
                        i.RandomUniform(-0.3, 0.3), i.TruncatedNormal(stddev=0.3), i.VarianceScaling(0.5, "fan_avg"),
                        i.HeUniform(seed=3), i.GlorotNormal())

    def bias_initializer(self):
        i = keras.initializers
        return self.one("zeros", "ones", i.Constant(0.1), i.RandomNormal(stddev=0.1))

    def regularizer(self):
        g = keras.regularizers
        return self.one("l2", "l1", g.L1(0.01), g.L2(0.02), g.L1L2(0.01, 0.02),
                        g.OrthogonalRegularizer(0.01) if self.chance(0.1) else g.L2(0.003))

    def constraint(self):
        c = keras.constraints
        return self.one(c.MaxNorm(0.8), c.NonNeg(), c.UnitNorm(), c.MinMaxNorm(0.2, 0.9, rate=0.7), "max_norm",
                        c.MaxNorm(1, axis=[0, 1]))

    def rules(self, *arrays, p=0.12):
        options = {}
        for a in arrays:
            options |= self.some(p, **{a + "_initializer": self.bias_initializer if a == "bias" else self.initializer,
                                       a + "_regularizer": self.regularizer})
            options |= self.some(p / 3, **{a + "_constraint": self.constraint})
        if "gamma" not in arrays:
            options |= self.some(p / 3, activity_regularizer=self.activity_regularizer)
        return options

    def activity_regularizer(self):
        g = keras.regularizers
        return self.one("l2", "l1", g.L1(0.003), g.L2(0.01), g.L1L2(0.002, 0.01))

    def act(self):
        return self.one(*(CALM if self.chance(0.7) else ACTIVATIONS))

    def rate(self):
        self.random_layers = True
        return 0.0 if self.trains else self.one(0.1, 0.3, 0.5)

    # ---- layers
    def cell_options(self, kind, calm=True):
        o = {}
        if self.chance(0.3):
            o["activation"] = self.act()
        if kind != "SimpleRNN" and self.chance(0.25):
            o["recurrent_activation"] = self.one("sigmoid", "hard_sigmoid", "tanh", "relu6", "linear", "softsign")
        o |= self.some(0.15, use_bias=lambda: False)
        if kind == "LSTM":
            o |= self.some(0.15, unit_forget_bias=lambda: False)
        if kind == "GRU":
            o |= self.some(0.35, reset_after=lambda: False)
        o |= self.some(0.12, dropout=self.rate, recurrent_dropout=self.rate)
        return o | self.rules("kernel", "recurrent", "bias", p=0.06)

    def cell(self):
        kind = self.one("SimpleRNN", "LSTM", "GRU")
        return getattr(layers, kind + "Cell")(self.n(6), **self.cell_options(kind))

    def recurrent(self, sequences=None):
        kind = self.one("SimpleRNN", "LSTM", "LSTM", "GRU", "GRU")
        walk = {"return_sequences": self.chance(0.6) if sequences is None else sequences}
        walk |= self.some(0.15, go_backwards=lambda: True, unroll=lambda: True)
        walk |= self.some(0.08, zero_output_for_mask=lambda: True)
        if self.chance(0.15):
            cells = [self.cell() for _ in range(self.n(3))]
            cell = cells[0] if len(cells) == 1 else self.one(cells, layers.StackedRNNCells(cells))
            return layers.RNN(cell, **walk)
        if "unroll" in walk and self.open_steps:
            del walk["unroll"]
        return getattr(layers, kind)(self.n(7), **walk, **self.cell_options(kind))

    def both(self):
        layer = self.recurrent()
        options = {"merge_mode": self.one("concat", "concat", "sum", "mul", "ave", "none")}
        if options["merge_mode"] == "none":
            options["merge_mode"] = None
        if self.chance(0.2) and type(layer) is not layers.RNN:
            config = layer.get_config()
            config["go_backwards"] = not config["go_backwards"]
            config["name"] = layer.name + "_back"
            if self.chance(0.5):
                config["activation"] = self.one("tanh", "relu", "sigmoid")
            options["backward_layer"] = type(layer).from_config(config)
        return layers.Bidirectional(layer, **options)

    def dense(self):
        return layers.Dense(self.n(7), activation=self.act(), **self.some(0.15, use_bias=lambda: False),
                            **self.rules("kernel", "bias"))

    def weightless(self):
        return self.one(
            lambda: layers.Activation(self.act() or "linear"),
            lambda: layers.LeakyReLU(negative_slope=self.one(0.1, 0.3)) if self.chance(0.5) else layers.LeakyReLU(),
            lambda: layers.ELU(),
            lambda: layers.ELU(alpha=0.5) if self.chance(0.2) else layers.ELU(),
            lambda: layers.ReLU(**self.some(0.4, max_value=lambda: 1.5, negative_slope=lambda: 0.1,
                                            threshold=lambda: 0.2)),
            lambda: layers.Softmax(**self.some(0.3, axis=lambda: 1)),
            lambda: layers.PReLU(**self.some(0.3, shared_axes=lambda: [1], alpha_initializer=lambda: "ones")),
            lambda: layers.Dropout(self.rate()),
            lambda: layers.GaussianNoise(self.rate()),
            lambda: layers.GaussianDropout(self.rate()),
            lambda: layers.AlphaDropout(self.rate()),
            lambda: layers.UnitNormalization(**self.some(0.3, axis=lambda: 1)),
            lambda: layers.Rescaling(self.one(0.5, 2.0, 1 / 3), offset=self.one(0.0, -0.5, 0.25)),
            lambda: layers.Identity(),
            lambda: layers.ActivityRegularization(**self.some(0.7, l1=lambda: 0.003, l2=lambda: 0.01)),
            lambda: layers.Activation(keras.activations.get(self.act() or "tanh")),
        )()

    def norm(self):
        kind = self.r.randrange(10)
        if kind < 4:
            return layers.BatchNormalization(**self.some(0.2, center=lambda: False, scale=lambda: False,
                                                         momentum=lambda: 0.8, epsilon=lambda: 1e-2,
                                                         axis=lambda: self.one(1, -1)),
                                             **self.rules("gamma", "beta", p=0.05))
        if kind < 7:
            return layers.LayerNormalization(**self.some(0.2, center=lambda: False, scale=lambda: False,
                                                         epsilon=lambda: 1e-2, axis=lambda: self.one(1, -1, [1, 2])),
                                             **self.rules("gamma", "beta", p=0.05))
        if kind == 7:
            return layers.RMSNormalization(**self.some(0.3, epsilon=lambda: 1e-2))
        if kind == 8:
            return layers.GroupNormalization(groups=self.one(1, -1)) if self.chance(0.2) else self.weightless()
        return layers.Normalization(mean=self.one(0.5, -1.0), variance=self.one(2.0, 0.5)) if self.chance(0.7) \
            else layers.Normalization(mean=0.5, variance=2.0, invert=True)

    def convolution(self):
        o = {"padding": self.one("valid", "same", "causal"), "activation": self.act()}
        o |= self.one({}, {"strides": self.n(3)}, {"dilation_rate": self.n(3)})
        o |= self.some(0.2, use_bias=lambda: False)
        kernel = self.n(4)
        kind = self.r.randrange(8)
        if kind == 0:
            o["padding"] = self.one("valid", "same")
            o |= self.some(0.4, depth_multiplier=lambda: 2)
            return layers.DepthwiseConv1D(kernel, **o, **self.rules("depthwise", "bias", p=0.05))
        if kind == 1:
            o["padding"] = self.one("valid", "same")
            o |= self.some(0.4, depth_multiplier=lambda: 2)
            return layers.SeparableConv1D(self.n(5), kernel, **o, **self.rules("depthwise", "pointwise", "bias", p=0.05))
        if kind == 2:
            o["padding"] = self.one("valid", "same")
            o.pop("dilation_rate", 0)
            return layers.Conv1DTranspose(self.n(5), kernel, **o, **self.rules("kernel", "bias", p=0.05))
        if kind == 3:
            return layers.Conv1D(4, kernel, groups=2, **o, **self.rules("kernel", "bias", p=0.05))
        return layers.Conv1D(self.n(7), kernel, **o, **self.rules("kernel", "bias"))

    def pooling(self):
        o = self.some(0.4, strides=lambda: self.n(3), padding=lambda: "same")
        return self.one(
            lambda: layers.MaxPooling1D(self.n(3), **o),
            lambda: layers.AveragePooling1D(self.n(3), **o),
            lambda: layers.GlobalMaxPooling1D(**self.some(0.2, keepdims=lambda: True)),
            lambda: layers.GlobalAveragePooling1D(**self.some(0.2, keepdims=lambda: True)),
            lambda: layers.ZeroPadding1D(self.one(1, 2, (0, 2), (1, 0))),
            lambda: layers.Cropping1D(self.one(1, (0, 1), (1, 0))),
            lambda: layers.UpSampling1D(self.n(3)),
        )()

    def shaped(self, x):
        size = int(np.prod([d for d in x.shape[1:]])) if None not in x.shape[1:] else None
        rank = len(x.shape)
        choices = [lambda: layers.Flatten()]
        if size:
            halves = [k for k in range(1, size + 1) if size % k == 0]
            k = self.one(*halves)
            choices += [lambda: layers.Reshape((k, size // k)), lambda: layers.Reshape((-1, k))]
        if rank == 3:
            choices.append(lambda: layers.Permute((2, 1)))
        if rank == 2:
            choices.append(lambda: layers.RepeatVector(self.n(4)))
        if rank == 4:
            choices.append(lambda: layers.Permute(self.one((2, 1, 3), (3, 1, 2), (1, 3, 2))))
        return self.one(*choices)()

    def per_step(self, x):
        if len(x.shape) == 4:
            return layers.TimeDistributed(self.one(
                lambda: self.recurrent(), lambda: self.both_merged(), lambda: self.dense(), lambda: layers.Flatten(),
                lambda: self.convolution(), lambda: layers.GlobalMaxPooling1D(), lambda: layers.GlobalAveragePooling1D(),
                lambda: layers.MaxPooling1D(2), lambda: layers.LayerNormalization(), lambda: self.weightless())())
        if len(x.shape) == 5:
            return layers.TimeDistributed(self.one(
                lambda: self.convolution2d(), lambda: self.pooling2d(), lambda: layers.Flatten(),
                lambda: layers.GlobalAveragePooling2D(), lambda: self.dense())())
        return layers.TimeDistributed(self.one(
            lambda: self.dense(), lambda: self.dense(), lambda: layers.Dropout(self.rate()),
            lambda: layers.Activation("tanh"), lambda: layers.LayerNormalization(),
            lambda: layers.BatchNormalization() if self.chance(0.2) else self.dense(),
            lambda: layers.RepeatVector(2), lambda: layers.Reshape((-1, 1)))())

    def both_merged(self):
        b = self.both()
        while b.merge_mode is None:
            b = self.both()
        return b

    def conv_lstm(self, make, sizes):
        o = {"padding": self.one("valid", "same"), "return_sequences": self.chance(0.6)}
        o |= self.one({}, {"strides": self.n(2)}, {"dilation_rate": self.n(2)})
        filters, size, options = self.n(4), self.one(*sizes), self.cell_options("LSTM")
        if self.chance(0.25):
            return layers.Bidirectional(make(filters, size, **o, **options),
                                        merge_mode=self.one("concat", "sum", "mul", "ave"))
        o |= self.some(0.15, go_backwards=lambda: True)
        return make(filters, size, **o, **options)

    def conv_states(self, x):
        """A layer that gives its states, and another that begins with them."""
        make = layers.ConvLSTM1D if len(x.shape) == 4 else layers.ConvLSTM2D
        filters, size = self.n(3), self.n(3)
        o = {"padding": "same", "return_sequences": self.chance(0.5)}
        first = make(filters, size, return_state=True, **o, **self.cell_options("LSTM"))
        if self.chance(0.3):
            first = layers.Bidirectional(make(filters, size, return_state=True, **o))
        y, *states = self.apply(first, x)
        if self.chance(0.6):
            second = make(filters, size, **o, **self.cell_options("LSTM"))
            if len(states) > 2:
                second = layers.Bidirectional(make(filters, size, **o))
            return [y, self.apply(second, x, initial_state=states)]
        return [y, *states]

    def volume(self):
        o = {"padding": self.one("valid", "same")}
        pool = self.one(1, 2, (1, 2, 2), (2, 1, 1))
        if self.chance(0.1):
            return layers.Conv3DTranspose(self.n(3), self.one(1, 2, (1, 2, 3)), activation=self.act(), **o,
                                          **self.some(0.3, strides=lambda: self.one(2, (1, 2, 1))))
        if self.chance(0.4):
            return layers.Conv3D(self.n(4), self.one(2, 3, (1, 2, 2), (2, 1, 3)), activation=self.act(), **o,
                                 **self.one({}, {"strides": self.n(2)}, {"dilation_rate": self.n(2)}),
                                 **self.some(0.2, use_bias=lambda: False), **self.rules("kernel", "bias", p=0.05))
        return self.one(
            lambda: layers.MaxPooling3D(pool, **o, **self.some(0.3, strides=lambda: 1)),
            lambda: layers.AveragePooling3D(pool, **o, **self.some(0.3, strides=lambda: 1)),
            lambda: layers.GlobalMaxPooling3D(**self.some(0.2, keepdims=lambda: True)),
            lambda: layers.GlobalAveragePooling3D(**self.some(0.2, keepdims=lambda: True)),
            lambda: layers.SpatialDropout3D(self.rate()),
            self.norm, self.weightless, self.dense)()

    def convolution2d(self):
        o = {"padding": self.one("valid", "same"), "activation": self.act()} | self.one({}, {"strides": self.n(2)})
        o |= self.some(0.2, use_bias=lambda: False)
        kernel = self.one(1, 2, 3, (1, 2), (3, 1))
        kind = self.r.randrange(10)
        if kind < 4 and "strides" not in o and self.chance(0.3):
            o["dilation_rate"] = self.one(2, 3, (1, 2))
        if kind == 0:
            o |= self.some(0.4, depth_multiplier=lambda: 2)
            return layers.DepthwiseConv2D(kernel, **o, **self.rules("depthwise", "bias", p=0.05))
        if kind == 1:
            o |= self.some(0.4, depth_multiplier=lambda: 2)
            return layers.SeparableConv2D(self.n(4), kernel, **o, **self.rules("depthwise", "pointwise", "bias", p=0.05))
        if kind == 2:
            o.pop("dilation_rate", 0)  # TensorFlow has none on a CPU
            return layers.Conv2DTranspose(self.n(4), kernel, **o, **self.rules("kernel", "bias", p=0.05))
        if kind == 3:
            return layers.Conv2D(4, kernel, groups=2, **o, **self.rules("kernel", "bias", p=0.05))
        return layers.Conv2D(self.n(4), kernel, **o, **self.rules("kernel", "bias", p=0.05))

    def pooling2d(self):
        return self.one(
            lambda: layers.MaxPooling2D(self.one(2, (1, 2)), **self.some(0.3, strides=lambda: 1, padding=lambda: "same")),
            lambda: layers.AveragePooling2D(self.one(2, (2, 1)), **self.some(0.3, strides=lambda: 1, padding=lambda: "same")),
            lambda: layers.ZeroPadding2D(self.one(1, ((0, 1), (1, 0)))),
            lambda: layers.Cropping2D(self.one(((0, 1), (1, 0)), ((1, 0), (0, 0)))),
            lambda: layers.UpSampling2D(self.one(2, (1, 2))),
            lambda: self.convolution2d(),
            lambda: layers.SpatialDropout2D(self.rate()),
        )()

    # ---- graph
    def apply(self, layer, *xs, **kw):
        y = layer(xs[0] if len(xs) == 1 else list(xs), **kw)
        names = ", ".join(x.name for x in xs)
        outs = y if isinstance(y, (list, tuple)) else [y]
        config = {k: v for k, v in layer.get_config().items() if k not in ("dtype", "trainable", "name")
                  and v not in (None, False, 0.0) and not k.endswith("initializer")}
        self.said.append(f"{layer.__class__.__name__}({names}) -> {[str(o.shape) for o in outs]} {config}")
        return y

    def operation(self, x):
        """What people write in Python between layers."""
        rank = len(x.shape)
        choices = [lambda: x * 2.0, lambda: x + 1.0, lambda: 1.0 - x, lambda: -x, lambda: x / 3.0, lambda: ops.tanh(x),
                   lambda: ops.abs(x), lambda: ops.exp(ops.minimum(x, 1.0)), lambda: ops.square(x),
                   lambda: ops.sqrt(ops.abs(x) + 0.1), lambda: ops.relu(x), lambda: ops.sigmoid(x),
                   lambda: ops.expand_dims(x, 1), lambda: ops.clip(x, -0.5, 0.5), lambda: ops.softmax(x),
                   lambda: ops.maximum(x, 0.1), lambda: ops.log(ops.abs(x) + 1.0)]
        if rank >= 3:
            choices += [lambda: x[:, -1], lambda: x[:, 0], lambda: x[:, ::-1], lambda: x[:, :, 0],
                        lambda: x[:, 1:] if x.shape[1] and x.shape[1] > 1 else x[:, -1:],
                        lambda: x[..., -1:], lambda: x[:, :, ::2],
                        lambda: ops.mean(x, axis=1), lambda: ops.sum(x, axis=-1), lambda: ops.max(x, axis=1),
                        lambda: ops.mean(x, axis=-1, keepdims=True), lambda: ops.flip(x, axis=1),
                        lambda: ops.transpose(x, (0, 2, 1) if rank == 3 else (0, 2, 1, 3)),
                        lambda: ops.concatenate([x, x * 0.5], axis=-1), lambda: ops.sum(x, axis=1),
                        lambda: ops.swapaxes(x, 1, 2), lambda: ops.repeat(x, 2, axis=1),
                        lambda: ops.matmul(x, ops.transpose(x, (0, 2, 1))) if rank == 3 else x * 1.5]
        elif rank == 2:
            choices += [lambda: ops.reshape(x, (-1, 1, x.shape[1])), lambda: x[:, :1], lambda: x[:, -1:],
                        lambda: ops.concatenate([x, ops.tanh(x)], axis=1), lambda: ops.expand_dims(x, -1),
                        lambda: ops.stack([x, x * x], axis=1), lambda: ops.sum(x, axis=1, keepdims=True)]
        y = self.one(*choices)()
        self.said.append(f"operation on {x.name} -> {y.shape}")
        return y

    def step(self, values):
        """Adds what one more layer or operation gives."""
        x = values[-1] if self.chance(0.75) else self.one(*values)
        rank = len(x.shape)
        kind = self.r.random()
        if self.functional and kind < 0.12:
            return [self.operation(x)]
        if self.functional and kind < 0.25:
            return self.merged(x, values)
        if self.functional and rank == 3 and kind < 0.32:
            return self.states(x, values)
        if self.functional and self.pictures and rank > 3 and kind < 0.40:
            return self.conv_states(x)
        if self.functional and rank == 3 and kind < 0.40:
            return self.attention(x, values)
        if self.functional and kind < 0.43 and rank <= 3 and None not in x.shape[1:]:
            return [self.nested(x)]
        if self.functional and kind < 0.47 and self.made:
            layer, shape, rank_of = self.one(*self.made)
            if shape == tuple(x.shape):
                y = self.apply(layer, x)
                return list(y) if isinstance(y, (list, tuple)) else [y]
        layer = self.layer(x)
        y = self.apply(layer, x)
        if isinstance(y, (list, tuple)):
            return list(y)
        self.made.append((layer, tuple(x.shape), rank))
        return [y]

    def layer(self, x):
        rank = len(x.shape)
        r = self.r.random()
        if rank == 2:
            return self.dense() if r < 0.5 else self.weightless() if r < 0.7 else self.norm() if r < 0.85 else self.shaped(x)
        if rank == 3:
            both = self.both if self.functional else self.both_merged
            return (self.recurrent() if r < 0.32 else both() if r < 0.42 else self.dense() if r < 0.5 else
                    self.weightless() if r < 0.6 else self.norm() if r < 0.68 else self.convolution() if r < 0.8 else
                    self.pooling() if r < 0.88 else self.per_step(x) if r < 0.93 else
                    layers.SpatialDropout1D(self.rate()) if r < 0.95 else
                    layers.Masking(self.one(0.0, 0.5)) if r < 0.97 else self.shaped(x))
        if rank == 4:
            return (self.per_step(x) if r < 0.2 else self.conv_lstm(layers.ConvLSTM1D, (1, 2, 3, 4)) if r < 0.3 else
                    self.convolution2d() if r < 0.45 else self.pooling2d() if r < 0.55 else
                    self.shaped(x) if r < 0.7 else self.one(layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D)()
                    if r < 0.75 else self.weightless() if r < 0.85 else self.norm() if r < 0.9 else self.dense())
        return (self.per_step(x) if r < 0.3 else self.shaped(x) if r < 0.4 else self.volume() if r < 0.7 else
                self.conv_lstm(layers.ConvLSTM2D, (1, 2, 3, (1, 2), (3, 1))))

    def alike(self, x, values):
        others = [v for v in values if tuple(v.shape) == tuple(x.shape) and v is not x]
        if others and self.chance(0.7):
            return self.one(*others)
        return self.apply(layers.Dense(x.shape[-1], activation=self.act()), x)

    def merged(self, x, values):
        other = self.alike(x, values)
        merge = self.one(layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum,
                         "concatenate", "concatenate", "dot", "python")
        if merge == "concatenate":
            if len(x.shape) > 2 and self.chance(0.3):
                return [self.apply(layers.Concatenate(axis=1), x, other)]
            same = [v for v in values if tuple(v.shape[:-1]) == tuple(x.shape[:-1])]
            return [self.apply(layers.Concatenate(), x, other, *([self.one(*same)] if self.chance(0.3) else []))]
        if merge == "dot":
            axes = self.one(1, -1) if len(x.shape) == 2 else self.one((1, 1), (2, 2), -1, 1, (-1, len(x.shape) - 1))
            return [self.apply(layers.Dot(axes=axes, normalize=self.chance(0.3)), x, other)]
        if merge == "python":
            self.said.append(f"python on {x.name} and {other.name}")
            return [self.one(lambda: x + other, lambda: x * other, lambda: x - other,
                             lambda: ops.maximum(x, other), lambda: ops.concatenate([x, other], axis=-1))()]
        more = [other] if merge is not layers.Subtract and self.chance(0.2) else []
        return [self.apply(merge(), x, other, *more)]

    def states(self, x, values):
        """A layer that gives its states, and often another that begins with them."""
        kind = self.one("SimpleRNN", "LSTM", "GRU")
        units = self.n(6)
        make = getattr(layers, kind)
        if self.chance(0.25):
            first = layers.Bidirectional(make(units, return_state=True, return_sequences=self.chance(0.5)))
            y, *states = self.apply(first, x)
            half = len(states) // 2
            if self.chance(0.5):
                states = [self.apply(layers.Concatenate(), states[i], states[half + i]) for i in range(half)]
                units *= 2
            elif self.chance(0.5):
                second = layers.Bidirectional(make(units, return_sequences=self.chance(0.5)))
                return [y, self.apply(second, x, initial_state=states)]
            else:
                return [y, *states]
        else:
            first = make(units, return_state=True, return_sequences=self.chance(0.5), **self.cell_options(kind))
            y, *states = self.apply(first, x)
        if self.chance(0.6):
            reader = self.one(*[v for v in values if len(v.shape) == 3])
            second = make(units, return_sequences=self.chance(0.6), **self.cell_options(kind))
            return [y, self.apply(second, reader, initial_state=states if len(states) > 1 or self.chance(0.5) else states[0])]
        return [y, *states]

    def attention(self, x, values):
        same = [v for v in values if len(v.shape) == 3 and v.shape[-1] == x.shape[-1]]
        v = self.one(*same)
        causal = {"use_causal_mask": True} if self.chance(0.25) else {}
        kind = self.r.randrange(3)
        if kind == 0:
            layer = layers.Attention(**self.some(0.3, use_scale=lambda: True, score_mode=lambda: "concat",
                                                 dropout=self.rate))
        elif kind == 1:
            layer = layers.AdditiveAttention(**self.some(0.3, use_scale=lambda: False, dropout=self.rate))
        else:
            layer = layers.MultiHeadAttention(self.n(3), 1 + self.n(4), **self.some(0.2, value_dim=lambda: 1 + self.n(4),
                                              use_bias=lambda: False, output_shape=lambda: 3, dropout=self.rate))
            self.said.append(f"MultiHeadAttention {layer.get_config()}")
            return [layer(x, v, **causal)]
        more = [v] if self.chance(0.3) else []
        return [self.apply(layer, x, v, *more, **causal)]

    def nested(self, x):
        inner = Draw(self.r.randrange(10**9), False)
        inner.trains, inner.functional, inner.open_steps, inner.made = self.trains, False, False, []
        inner.r, model = self.r, keras.Sequential([keras.Input(x.shape[1:])])
        y = keras.KerasTensor(x.shape)
        for _ in range(self.n(3)):
            model.add(inner.layer(y))
            y = model.outputs[0]
        self.random_layers |= inner.random_layers
        self.said.append(f"model of {[layer.__class__.__name__ for layer in model.layers]} on {x.name}")
        for layer in model.layers:
            self.said.append(f"    {layer.__class__.__name__} {layer.get_config()}")
        return model(x)

    def input(self, name):
        steps = None if self.open_steps else self.n(8)
        kind = 0.93 + 0.07 * self.r.random() if self.pictures else self.r.random()
        if kind < 0.5:
            x = keras.Input((steps, self.n(6)), name=name)
            self.feeds.append((x, "floats"))
            if self.chance(0.2):
                x = self.apply(layers.Masking(self.one(0.0, 0.0, -1.0)), x)
        elif kind < 0.85:
            vocabulary = self.n(12) + 2
            x = keras.Input((steps,), name=name, dtype=self.one("int32", "float32"))
            self.feeds.append((x, vocabulary))
            x = self.apply(layers.Embedding(vocabulary, self.n(6), mask_zero=self.chance(0.5),
                                            **self.rules("embeddings", p=0.06)), x)
        elif kind < 0.93 or self.open_steps:
            x = keras.Input((self.n(7),), name=name)
            self.feeds.append((x, "floats"))
        elif kind < 0.97:
            x = keras.Input((self.n(4) + 2, self.n(4) + 2, self.n(3)), name=name)
            self.feeds.append((x, "floats"))
        else:
            x = keras.Input((self.n(3), self.n(3) + 2, self.n(3) + 2, self.n(2)), name=name)
            self.feeds.append((x, "floats"))
        return x

    def head(self, x):
        """A last layer and what is asked of it."""
        if len(x.shape) > 3 or (len(x.shape) == 3 and self.chance(0.5)):
            if len(x.shape) == 3:
                x = self.apply(self.recurrent(sequences=False), x)
            else:
                x = self.apply(layers.Flatten() if None not in x.shape[1:] else layers.GlobalAveragePooling2D(), x)
        kind = self.one("softmax", "sigmoid", "linear", "linear", "positive")
        units = self.n(4) + (kind == "softmax")
        activation = {"positive": "softplus"}.get(kind, kind)
        if self.chance(0.15):
            x = self.apply(layers.Dense(units), x)
            return self.apply(layers.Softmax() if kind == "softmax" else layers.Activation(activation), x), kind, units
        dense = layers.Dense(units, activation=activation)
        return self.apply(layers.TimeDistributed(dense) if len(x.shape) == 3 and self.chance(0.4) else dense, x), kind, units

    def model(self):
        self.feeds, self.made = [], []
        self.functional = self.chance(0.65)
        self.open_steps = self.chance(0.15) and not self.pictures
        values = [self.input("x0")]
        if self.functional:
            for i in range(1, self.one(1, 1, 1, 2, 2, 3)):
                values.append(self.input(f"x{i}"))
        left = self.n(6)
        while left:
            left -= 1
            values += self.step(values)
        ends = [values[-1]]
        if self.functional and self.chance(0.25):
            ends.append(self.one(*values))
        heads = [self.head(x) for x in ends]
        self.feeds = [feed for feed in self.feeds if feed[0].name in read(h[0] for h in heads)]
        inputs = [x for x, _ in self.feeds]
        model = keras.Model(inputs if len(inputs) > 1 or self.chance(0.2) else inputs[0],
                            [h[0] for h in heads] if len(heads) > 1 or self.chance(0.1) else heads[0][0])
        if not self.functional:
            chain = keras.Sequential([inputs[0]] + [l for l in model.layers[1:]]) if self.chance(0.8) else model
            model = chain
        return model, heads

    # ---- what it is compiled with
    def loss(self, kind, units, rank):
        l = keras.losses
        if kind == "softmax":
            return self.one("categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence", "mse",
                            l.CategoricalCrossentropy(label_smoothing=0.1), l.CategoricalFocalCrossentropy(),
                            "categorical_hinge", l.CategoricalFocalCrossentropy(alpha=0.3, gamma=1.0))
        if kind == "sigmoid":
            return self.one("binary_crossentropy", l.BinaryCrossentropy(label_smoothing=0.2), "mse", "mae",
                            l.BinaryFocalCrossentropy(), l.BinaryFocalCrossentropy(apply_class_balancing=True, gamma=1.5))
        if kind == "positive":
            return self.one("msle", "poisson", "mse", "mean_absolute_percentage_error", "log_cosh")
        choices = ["mse", "mae", l.Huber(0.7), "log_cosh", "huber", "hinge", "squared_hinge",
                   l.MeanSquaredError(), l.BinaryCrossentropy(from_logits=True), "mape"]
        if units > 1:  # the cosine of one value is its sign, and rounding all of its gradient
            choices += ["cosine_similarity", l.CosineSimilarity(axis=-1)]
            choices += [l.CategoricalCrossentropy(from_logits=True), l.SparseCategoricalCrossentropy(from_logits=True),
                        l.SparseCategoricalCrossentropy(from_logits=True)]
        return self.one(*choices)

    def metrics(self, kind, loss):
        m = keras.metrics
        name = loss if isinstance(loss, str) else loss.__class__.__name__
        if "parse" in name:
            return self.one([], ["accuracy"], ["acc"], [m.SparseTopKCategoricalAccuracy(2)],
                            ["sparse_categorical_accuracy"])
        if "ategorical" in name:
            return self.one([], ["accuracy"], [m.TopKCategoricalAccuracy(2)], [m.CategoricalCrossentropy(from_logits=kind == "linear")],
                            [m.Precision(), m.Recall()] if kind == "softmax" else ["accuracy"])
        if kind == "sigmoid":
            return self.one([], ["accuracy"], ["binary_accuracy"], [m.AUC()], [m.Precision(), m.Recall()],
                            [m.AUC(curve="PR", num_thresholds=50)], [m.BinaryAccuracy(threshold=0.4)], ["mae", "mse"],
                            [m.Precision(thresholds=0.3)], [m.FalsePositives()], [m.F1Score()])
        return self.one([], ["mae"], ["mse"], [m.RootMeanSquaredError()], ["mae", "mape"], [m.R2Score()] if self.chance(0.2) else [],
                        ["cosine_similarity"], [m.MeanSquaredLogarithmicError()], [m.LogCoshError()])

    def rate_of_learning(self):
        s = keras.optimizers.schedules
        return self.one(0.01, 0.01, 0.003, s.ExponentialDecay(0.01, 3, 0.7), s.ExponentialDecay(0.01, 2, 0.5, staircase=True),
                        s.PiecewiseConstantDecay([1, 3], [0.01, 0.005, 0.002]), s.PolynomialDecay(0.01, 4, 0.001, power=2.0),
                        s.InverseTimeDecay(0.01, 2, 0.5), s.CosineDecay(0.01, 6, alpha=0.1),
                        s.CosineDecay(0.001, 3, warmup_target=0.01, warmup_steps=2),
                        s.PolynomialDecay(0.01, 2, 0.001, cycle=True))

    def optimizer(self, scores):
        o = keras.optimizers
        kw = self.one({}, {}, {}, {"clipnorm": 0.5}, {"clipvalue": 0.1}, {"global_clipnorm": 1.0}, {"weight_decay": 0.01})
        if self.chance(0.03):
            kw |= {"use_ema": True, "ema_momentum": self.one(0.99, 0.9, 0.5), "ema_overwrite_frequency": self.one(None, 1, 2, 5)}
        kind = self.r.randrange(11)
        lr = scores.rate(self.rate_of_learning())
        if kind < 3:
            return self.one(o.Adam(lr, **kw), o.Adam(lr, amsgrad=True, **kw), o.Adam(lr, beta_1=0.8, beta_2=0.9, epsilon=1e-3, **kw))
        if kind == 3:
            return o.RMSprop(lr, **self.some(0.4, momentum=lambda: 0.5, centered=lambda: True, rho=lambda: 0.8), **kw)
        if kind == 4:
            return o.SGD(lr, **self.some(0.4, momentum=lambda: 0.8, nesterov=lambda: True), **kw)
        if kind == 5:
            return o.AdamW(lr, **{**kw, "weight_decay": 0.02})
        adamax = o.Adam if any(kind != "floats" for _, kind in self.feeds) else o.Adamax  # docs of Adamax say why
        return self.one(o.Nadam, o.Adagrad, o.Adadelta, adamax, o.Lion, o.Adam)(lr, **kw)

    # ---- numbers
    def data(self):
        rng = np.random.default_rng(self.seed)
        open_steps = self.n(7) + 1
        xs = []
        for x, kind in self.feeds:
            shape = (SAMPLES,) + tuple(open_steps if d is None else d for d in x.shape[1:])
            if kind == "floats":
                values = rng.normal(size=shape).astype("float32")
                if len(shape) == 3:
                    for i in range(SAMPLES):  # padded in front, behind, in the middle, wholly
                        cut = rng.integers(0, shape[1] + 1)
                        if i % 4 == 0:
                            values[i, :cut] = 0
                        elif i % 4 == 1:
                            values[i, cut:] = 0
                        elif i % 4 == 2:
                            values[i, cut // 2:cut] = 0
            else:
                values = rng.integers(0, kind, size=shape).astype("int32")
                for i in range(SAMPLES):
                    cut = rng.integers(0, shape[1] + 1)
                    if i % 4 == 0:
                        values[i, :cut] = 0
                    elif i % 4 == 1:
                        values[i, cut:] = 0
            xs.append(values)
        return xs, rng

    @staticmethod
    def targets(rng, kind, loss, shape):
        name = loss if isinstance(loss, str) else loss.__class__.__name__
        if "parse" in name:
            return rng.integers(0, shape[-1], size=shape[:-1]).astype("int32")
        if kind == "softmax" or "ategorical" in name:
            return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], size=shape[:-1])]
        if kind == "sigmoid" or "inary" in name:
            return rng.integers(0, 2, size=shape).astype("float32")
        if kind == "positive":
            return rng.uniform(0.1, 3, size=shape).astype("float32")
        if "hinge" in name:
            return (rng.integers(0, 2, size=shape) * 2 - 1).astype("float32")
        return rng.normal(size=shape).astype("float32")


def read(outputs):
    """The names of all values that outputs are made of."""
    names, left = set(), list(outputs)
    while left:
        x = left.pop()
        if x.name not in names:
            names.add(x.name)
            operation, node = x._keras_history[:2]
            left += operation._inbound_nodes[node].input_tensors
    return names


def moved(model, rng):
    """Every weight of floats moved by up to a part in a million."""
    for w in model.weights:
        v = np.asarray(w.value)
        if v.dtype == np.float32 and w.name != "seed_generator_state":
            w.assign(v * (1 + rng.uniform(-1e-6, 1e-6, size=v.shape)).astype("float32"))


def lively(model, rng):
    """No array is all zeros or ones, as of a model that was trained."""
    for w in model.weights:
        v = np.asarray(w.value)
        if v.dtype != np.float32 or "seed" in w.name:
            continue
        if w.name in ("moving_variance", "variance"):
            w.assign(rng.uniform(0.5, 2, size=v.shape).astype("float32"))
        elif v.size and v.min() == v.max():
            w.assign(v + rng.normal(scale=0.1, size=v.shape).astype("float32"))


def as_list(x):
    return list(x) if isinstance(x, (list, tuple)) else [x]


def predict(model, xs):
    return [np.asarray(y) for y in as_list(model(xs if len(xs) > 1 else xs[0], training=False))]


def batches(xs):
    return [[x[i:i + BATCH] for x in xs] for i in range(0, SAMPLES, BATCH)]


def single(all):
    return all if len(all) > 1 else all[0]


def train(model, xs, ts, ws, rounds):
    losses = []
    for _ in range(rounds):
        for i in range(0, SAMPLES, BATCH):
            w = None if ws is None else single([w[i:i + BATCH] for w in ws])
            model.reset_metrics()
            found = model.train_on_batch(single([x[i:i + BATCH] for x in xs]), single([t[i:i + BATCH] for t in ts]),
                                         sample_weight=w, return_dict=True)
            losses.append(float(found["loss"]))
    return losses


def largest(a, b):
    return max((float(np.max(np.abs(p - q))) if p.size else 0.0) for p, q in zip(a, b))


def draw(seed, folder, pictures):
    keras.backend.clear_session()
    d = Draw(seed, pictures)
    model, heads = d.model()
    xs, rng = d.data()
    lively(model, rng)
    if d.chance(0.2):
        d.one(*model.layers).trainable = False
    ys = predict(model, xs)
    if not all(np.isfinite(y).all() and np.abs(y).max() < 1e4 for y in ys):
        raise ValueError("answers too large")
    facts = {f"x{i}": x for i, x in enumerate(xs)}
    path = os.path.join(folder, "model.keras")
    os.makedirs(folder, exist_ok=True)
    losses = [d.loss(kind, units, len(y.shape)) for (_, kind, units), y in zip(heads, ys)]
    scores = Scores(seed)
    extra_metrics = [scores.metrics(kind, loss, y.shape) for (_, kind, _), loss, y in zip(heads, losses, ys)]
    metrics = [d.metrics(kind, loss) + more for (_, kind, _), loss, (more, _) in zip(heads, losses, extra_metrics)]
    weighted = [more for _, more in extra_metrics]
    several = len(losses) > 1
    extra = {"loss_weights": [d.one(1.0, 0.5, 2.0) for _ in losses]} if several and d.chance(0.5) else {}
    if any(weighted):
        extra["weighted_metrics"] = weighted if several else weighted[0]
    model.compile(d.optimizer(scores), loss=losses if several else losses[0],
                  metrics=metrics if several else metrics[0], run_eagerly=True, **extra)
    extra.pop("weighted_metrics", None)
    d.said.append(f"loss {[l if isinstance(l, str) else (l.__class__.__name__, l.get_config()) for l in losses]} "
                  f"metrics {[[m if isinstance(m, str) else m.name for m in ms] for ms in metrics]} {extra} "
                  f"weighted {[[m.name for m in ms] for ms in weighted]} "
                  f"optimizer {model.optimizer.get_config()}")
    if d.trains:
        ts = [d.targets(rng, kind, loss, y.shape) for (_, kind, _), loss, y in zip(heads, losses, ys)]
        ws = None
        if d.chance(0.25):  # one a sample, or one a step: of the first Keras makes the second where a batch is as long
            ws = [rng.uniform(0.2, 2, size=y.shape[:-1]).astype("float32") for y in ys]
        train(model, xs, ts, ws, 1)
        ys = predict(model, xs)
        if not all(np.isfinite(y).all() for y in ys):
            raise ValueError("diverged")
    model.save(path)
    facts |= {f"y{i}": y for i, y in enumerate(ys)}
    other = keras.saving.load_model(path)
    facts["readable"] = np.float32(largest(ys, predict(other, xs)))
    if d.chance(0.5):
        try:
            old = os.path.join(folder, "model.h5")
            model.save(old)
            if largest(ys, predict(keras.saving.load_model(old), xs)) > 1e-5:
                os.remove(old)
        except Exception:  # Keras cannot read back every legacy file that it wrote
            if os.path.exists(old):
                os.remove(old)
    moved(other, rng)
    facts["slack"] = np.float32(largest(ys, predict(other, xs)))
    if d.trains:
        other.run_eagerly = True
        facts |= {f"t{i}": t for i, t in enumerate(ts)}
        if ws is not None:
            facts |= {f"w{i}": w for i, w in enumerate(ws)}
        found, near = train(model, xs, ts, ws, 3), train(other, xs, ts, ws, 3)
        if not np.isfinite(found).all():
            raise ValueError("diverged")
        facts["losses"] = np.array(found, "float64")
        facts["loss_slack"] = np.abs(np.array(found) - np.array(near))
        after = predict(model, xs)
        facts |= {f"after{i}": y for i, y in enumerate(after)}
        facts["after_slack"] = np.float32(largest(after, predict(other, xs)))
        values = model.evaluate(single(xs), single(ts), batch_size=BATCH, verbose=0, return_dict=True,
                                sample_weight=ws and single(ws))
        close = other.evaluate(single(xs), single(ts), batch_size=BATCH, verbose=0, return_dict=True,
                               sample_weight=ws and single(ws))
        names = [k for k, v in values.items() if np.ndim(v) == 0]
        if not all(np.isfinite(values[k]) for k in names):
            raise ValueError("a metric is no number")  # as a correlation of outputs that are all alike
        facts["values"] = np.array([values[k] for k in names], "float64")
        facts["value_slack"] = np.array([abs(values[k] - close[k]) for k in names], "float64")
        d.said.append("evaluate " + " ".join(names))
        with open(os.path.join(folder, "names.txt"), "w") as f:
            f.write("\n".join(names))
    with open(os.path.join(folder, "model.txt"), "w") as f:
        f.write("\n".join(d.said) + "\n")
    np.savez(os.path.join(folder, "facts.npz"), **facts)


if __name__ == "__main__":
    drawing.run(draw, "--pictures", "inputs are pictures, or sequences of them")
