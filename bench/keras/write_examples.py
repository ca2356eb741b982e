#!/usr/bin/env python3
"""Writes models as the examples on keras.io build them, small, and what Keras 3 makes of them: OUT/NAME.keras, samples
OUT/NAME_x0.npy and so on, answers OUT/NAME_y.npy, targets OUT/NAME_t.npy, the losses of a fit in OUT/examples.json and
what is answered after it, OUT/NAME_after.npy.

  python3 write_examples.py OUT      # needs keras 3 and tensorflow
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
random = np.random.RandomState(11)
losses = {}


def floats(*shape):
    return np.asarray(random.randn(*shape), "float32")


def write(name, model, *samples):
    for weight in model.weights:
        if "seed" not in weight.path:
            values = 0.4 * floats(*weight.shape)
            weight.assign(np.abs(values) + 0.5 if "variance" in weight.path else values)
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.save(os.path.join(out, name + ".keras"))
    given = list(samples) if len(samples) > 1 else samples[0]
    answers = model.predict(given, verbose=0)
    targets = floats(*answers.shape)
    losses[name] = model.fit(given, targets, batch_size=4, epochs=5, shuffle=False, verbose=0).history["loss"]
    arrays = {"y": answers, "t": targets, "after": model.predict(given, verbose=0)}
    arrays.update({f"x{i}": sample for i, sample in enumerate(samples)})
    for key, array in arrays.items():
        np.save(os.path.join(out, f"{name}_{key}.npy"), np.asarray(array, "float32"))
    print(name, losses[name])


# Video classification with a CNN-RNN architecture: which frames there are is an input of its own
frames, mask = keras.Input((7, 5)), keras.Input((7,), dtype="bool")
x = layers.GRU(6, return_sequences=True)(frames, mask=mask)
x = layers.Dense(4, activation="relu")(layers.GRU(4)(x))
there = np.arange(7)[None, :] < np.array([7, 3, 5, 1, 6, 2, 7, 4, 5, 0])[:, None]
write("frames", keras.Model([frames, mask], layers.Dense(3, activation="softmax")(x)), floats(10, 7, 5), there)

# The same, and an answer for each frame, whose loss counts those that are there
frames, mask = keras.Input((7, 5)), keras.Input((7,), dtype="bool")
x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(frames, mask=mask)
write("frames_each", keras.Model([frames, mask], layers.Dense(2)(x)), floats(10, 7, 5), there)

# Timeseries classification with a Transformer, as it was first: the mean is over features
inputs = keras.Input((9, 4))
x = layers.MultiHeadAttention(2, 3)(inputs, inputs)
x = layers.LayerNormalization(epsilon=1e-6)(x + inputs)
x = layers.GlobalAveragePooling1D(data_format="channels_first")(x)
write("features_first", keras.Model(inputs, layers.Dense(2, activation="softmax")(x)), floats(10, 9, 4))

# CNN and LSTM over pictures: each step is a batch of its own to a normalization
write("video", keras.Sequential([
    keras.Input((3, 6, 5, 2)),
    layers.TimeDistributed(layers.Conv2D(4, 3, padding="same")),
    layers.TimeDistributed(layers.BatchNormalization(momentum=0.8)),
    layers.TimeDistributed(layers.ReLU()),
    layers.TimeDistributed(layers.MaxPooling2D(2)),
    layers.TimeDistributed(layers.Flatten()),
    layers.LSTM(4),
    layers.Dense(2),
]), floats(10, 3, 6, 5, 2) + np.arange(3, dtype="float32")[None, :, None, None, None])

# Under a mask, what is masked has no part in a step's statistics
samples = floats(10, 4, 3)
samples[there[:, :4] == 0] = 0
write("masked_steps", keras.Sequential([
    keras.Input((4, 3)),
    layers.Masking(),
    layers.TimeDistributed(layers.BatchNormalization(momentum=0.8, center=False)),
    layers.LSTM(4),
    layers.Dense(2),
]), samples)

# Hierarchical attention networks and their like: a model that masks padding is called at each sentence
words = keras.Input((6,), dtype="int32")
x = layers.Bidirectional(layers.GRU(4, return_sequences=True))(layers.Embedding(20, 5, mask_zero=True)(words))
sentence = keras.Model(words, layers.LSTM(4)(layers.Dense(3, activation="tanh")(x)))
document = keras.Input((3, 6), dtype="int32")
x = layers.Bidirectional(layers.GRU(3))(layers.TimeDistributed(sentence)(document))
texts = random.randint(1, 20, (10, 3, 6)) * (np.arange(6)[None, None, :] < random.randint(0, 7, (10, 3, 1)))
write("sentences", keras.Model(document, layers.Dense(2)(x)), texts)

# The same as stacks; the mask of the first ends with it
sentence = keras.Sequential([
    keras.Input((6,)),
    layers.Embedding(20, 5, mask_zero=True),
    layers.LSTM(4, return_sequences=True),
    layers.Dropout(0.0),
])
second = keras.Sequential([keras.Input((6, 4)), layers.SimpleRNN(3)])
write("sentences_stack", keras.Sequential([
    keras.Input((3, 6)),
    layers.TimeDistributed(sentence),
    layers.TimeDistributed(second),
    layers.LSTM(3),
    layers.Dense(2),
]), texts)

# Characters as rows of zeros with a 1, in place of an embedding
letters = keras.Input((8,), dtype="int32")
x = layers.LSTM(5)(keras.ops.one_hot(letters, 12))
write("letters", keras.Model(letters, layers.Dense(12, activation="softmax")(x)), random.randint(0, 12, (10, 8)))
letters = keras.Input((8,))
x = layers.GRU(5)(keras.ops.one_hot(keras.ops.cast(letters, "int32"), 12))
write("letters_cast", keras.Model(letters, layers.Dense(12)(x)), random.randint(0, 12, (10, 8)))

# CNN and RNN over pictures, the CNN being one of those that came trained: sums, gates and branches, at each step
picture = keras.Input((6, 8, 2))
x = layers.Normalization(mean=[0.1, -0.2], variance=[1.5, 0.5])(layers.Rescaling(0.5)(picture))
x = layers.BatchNormalization(momentum=0.8)(layers.Conv2D(4, 3, padding="same", use_bias=False)(x))
x = first = layers.ReLU(max_value=6.0)(x)
x = layers.DepthwiseConv2D(3, padding="same")(x)
gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
gate = layers.Conv2D(4, 1, activation="hard_sigmoid")(gate)
x = layers.Dropout(0.0, noise_shape=(None, 1, 1, 1))(layers.Multiply()([x, gate]))
x = layers.Add()([first, x])
x = layers.Concatenate()([layers.Conv2D(2, 1)(x), layers.AveragePooling2D(3, strides=1, padding="same")(x), x[..., :1] * 0.5])
x = layers.ZeroPadding2D(((0, 1), (1, 0)))(layers.MaxPooling2D(2)(x))
network = keras.Model(picture, layers.GlobalMaxPooling2D()(keras.ops.relu(x)), name="network")
video = keras.Input((3, 6, 8, 2))
x = layers.LSTM(4)(layers.TimeDistributed(network)(video))
write("pictures", keras.Model(video, layers.Dense(2)(x)), floats(10, 3, 6, 8, 2))

# Attention at each step, over what a step is made of
words = keras.Input((5, 4))
x = layers.LayerNormalization()(words + layers.MultiHeadAttention(2, 3)(words, words, use_causal_mask=True))
weights = layers.Softmax(axis=1)(layers.Dense(1)(x))
sentence = keras.Model(words, layers.Flatten()(layers.Dot(axes=1)([weights, x])))
document = keras.Input((3, 5, 4))
x = layers.GRU(4)(layers.TimeDistributed(sentence)(document))
write("attended", keras.Model(document, layers.Dense(2)(x)), floats(10, 3, 5, 4))

# A Transformer with a table of sines for the places, as NumPy has it
ids = keras.Input((7,))
x = layers.Embedding(20, 6)(ids) * (6 ** 0.5) + np.sin(np.arange(42).reshape(7, 6)).astype("float32")
x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 3)(x, x))
x = keras.ops.multiply(np.linspace(0.5, 1.5, 6).astype("float32"), x) - keras.ops.convert_to_tensor(np.ones((1, 7, 1), "float32"))
write("positions", keras.Model(ids, layers.Dense(2)(layers.GlobalMaxPooling1D()(x))), random.randint(0, 20, (10, 7)))

# Courses on time series put functions of Python's at both ends, which no file carries but as code
write("course", keras.Sequential([
    keras.Input((9,)),
    layers.Lambda(lambda x: keras.ops.expand_dims(x, axis=-1), output_shape=(9, 1)),
    layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
    layers.Lambda(lambda x: x[:, -1, :], output_shape=(8,)),
    layers.Dense(1),
    layers.Lambda(lambda x: x * 2.0, output_shape=(1,)),
]), floats(10, 9))

# Operations that are several of others
ops = keras.ops
steps = keras.Input((8, 6))
x = layers.GRU(6, return_sequences=True)(steps)
first, second, third = ops.split(x, [1, 4], axis=-1)
x = ops.concatenate([ops.glu(layers.Conv1D(6, 1)(x)), ops.roll(second, 2, axis=1), ops.roll(third, -1, axis=2), first], axis=-1)
before, behind = ops.split(ops.normalize(x, axis=-1), 2, axis=1)
x = before + ops.ones_like(behind) - behind
x = ops.pad(ops.pad(x, [[0, 0], [2, 1], [0, 0]], mode="reflect"), [[0, 0], [1, 0], [0, 2]], mode="symmetric")
x = layers.Conv1D(5, 3)(ops.pad(x, [[0, 0], [2, 0], [0, 0]]))
scores = ops.softmax(ops.einsum("btd,bsd->bts", x, x) / 2.0)
x = ops.einsum("bts,bsd->btd", scores, x)
lengths = ops.expand_dims(ops.einsum("btd,btd->bt", x, x), -1)
whole, state = layers.GRU(4, return_sequences=True, return_state=True)(x * lengths)
x = layers.GRU(4)(whole, initial_state=ops.zeros_like(state))
parts = ops.unstack(ops.log_softmax(layers.Reshape((2, 3))(layers.Dense(6)(x))), 2, axis=1)
write("compounds", keras.Model(steps, parts[0] - parts[1]), floats(10, 8, 6))

# A mean for each step, over its features
write("normalized_steps", keras.Sequential([
    keras.Input((5, 4)),
    layers.BatchNormalization(axis=1, momentum=0.8),
    layers.GRU(3, return_sequences=True),
    layers.BatchNormalization(axis=1, momentum=0.8),
    layers.Dense(2),
]), floats(10, 5, 4) * np.arange(1, 6, dtype="float32")[None, :, None])

# What somebody has looked at, weighed by what is offered, and padding left out by name
seen, offered = keras.Input((6,)), keras.Input((1,))
table = layers.Embedding(20, 5)
keys, query = table(seen), ops.repeat(table(offered), 6, axis=1)
x = layers.Dense(4, activation="sigmoid")(ops.concatenate([query, keys, query - keys, query * keys], axis=-1))
scores = ops.squeeze(layers.Dense(1)(x), axis=-1)
scores = ops.where(ops.not_equal(seen, 0), scores, -1e9)
taste = ops.squeeze(ops.matmul(ops.expand_dims(ops.softmax(scores), 1), keys), axis=1)
x = layers.Dense(4, activation="tanh")(ops.concatenate([taste, ops.squeeze(table(offered), axis=1)], axis=-1))
ids = random.randint(1, 20, (10, 6)) * (np.arange(6) < random.randint(1, 7, (10, 1)))
write("offered", keras.Model([seen, offered], layers.Dense(1, activation="sigmoid")(x)), ids, random.randint(1, 20, (10, 1)))

# Means of the steps that are there, and one number a sample: the product of two of them
steps, other = keras.Input((7, 3)), keras.Input((4,))
there = ops.cast(ops.any(ops.not_equal(steps, 0), axis=-1, keepdims=True), "float32")
x = layers.GRU(4, return_sequences=True)(steps) * ops.cumsum(there, axis=1)
mean = ops.sum(x * there, axis=1) / ops.maximum(ops.sum(there, axis=1), 1.0)
few = floats(10, 7, 3) * (np.arange(7)[None, :, None] < random.randint(0, 8, (10, 1, 1)))
write("likeness", keras.Model([steps, other], 2.0 * ops.sum(mean * layers.Dense(4)(other), axis=-1) + 1.0), few, floats(10, 4))

# Conditions, and functions that go up in steps
steps = keras.Input((5, 4))
x = 3.0 * layers.GRU(6, return_sequences=True)(steps)
mild = ops.logical_and(ops.greater(x, -0.8), ops.less_equal(x, 0.9))
wild = ops.logical_or(ops.logical_not(mild), ops.less(x, ops.mean(x, axis=-1, keepdims=True)))
x = ops.where(wild, ops.abs(x), 0.5 * ops.square(x)) + ops.where(mild, 0.25, x) + ops.where(ops.equal(ops.sign(x), 1), x, 0)
counts = ops.stack([ops.floor(x), ops.ceil(x), ops.round(x), ops.cast(ops.cast(x, "bool"), "float32")], axis=1)
counts = ops.reshape(ops.mean(counts, axis=1), (-1, 5, 6))
places = ops.cast(ops.argmax(x, axis=1), "float32") - ops.argmin(x, axis=-2)
all_there = ops.cast(ops.all(ops.greater_equal(x, 0.1), axis=1), "int32")
x = ops.concatenate([ops.max(x, axis=1), ops.mean(counts, axis=1), 0.1 * places, ops.cast(all_there, "float32")], axis=-1)
write("conditions", keras.Model(steps, layers.Dense(2)(x)), floats(10, 5, 4))

# Attention that is told what it may look at: padding by new sizes, pairs of steps, a mask of each head's own
ids, allowed = keras.Input((6,)), keras.Input((2, 6, 6), dtype="bool")
x = layers.Embedding(20, 8)(ids)
there = ops.not_equal(ids, 0)
x = x + layers.MultiHeadAttention(2, 4)(x, x, attention_mask=there[:, None, None, :])
pairs = ops.logical_and(there[:, None, :], there[:, :, None])
shared = layers.MultiHeadAttention(2, 3, value_dim=5)
for _ in range(2):
    x = layers.LayerNormalization()(x + shared(x, x, attention_mask=pairs, use_causal_mask=True))
x = x + layers.MultiHeadAttention(2, 4, output_shape=8)(x, layers.GRU(5, return_sequences=True)(x), x, attention_mask=allowed)
some = random.randint(1, 20, (10, 6)) * (np.arange(6) < random.randint(1, 7, (10, 1)))
write("told", keras.Model([ids, allowed], layers.Dense(2)(layers.GlobalMaxPooling1D()(x))), some, random.rand(10, 2, 6, 6) > 0.3)

# Heads by hand, in three ways; places in an order of their own; halves of which one is left
steps = keras.Input((7, 6))
x = layers.GRU(6, return_sequences=True)(steps)
query, key, value = [layers.Reshape((7, 2, 3))(layers.Dense(6)(x)) for _ in range(3)]
query, key = ops.transpose(query, (0, 2, 1, 3)), ops.transpose(key, (0, 2, 3, 1))
shares = ops.softmax(ops.matmul(query, key) / 2.0)
x = x + layers.Reshape((7, 6))(ops.einsum("bhts,bshd->bthd", shares, value))
query, key, value = [layers.Reshape((7, 3, 2))(layers.Dense(6)(x)) for _ in range(3)]
shares = layers.Softmax()(0.7 * ops.einsum("bthd,bshd->bhts", query, key))
x = x + layers.Reshape((7, 6))(ops.transpose(ops.matmul(shares, ops.transpose(value, (0, 2, 1, 3))), (0, 2, 1, 3)))
gates = ops.sum(ops.einsum("btd,bsd->bst", x, steps), axis=1)
x = ops.take(x, [6, 0, 1, 2, -2], axis=1) * ops.take(gates, [1, 3, 5, 6, 0], axis=-1)[..., None]
_, behind = ops.split(layers.Dense(8)(x), 2, axis=-1)
write("by_hand", keras.Model(steps, layers.Dense(2)(behind[:, -1])), floats(10, 7, 6))

# Functions that are formulas of others, lengths, and values several times in a row
steps = keras.Input((5, 4))
x = layers.GRU(6, return_sequences=True)(steps)
mean, variance = ops.moments(x, axes=[1], keepdims=True)
x = (x - mean) / ops.sqrt(variance + 0.01)
curves = ops.gelu(x, approximate=True) + ops.elu(x, 0.5) + ops.leaky_relu(x, 0.1) + ops.erf(0.7 * x)
curves = curves + ops.threshold(x, 0.2, -0.3) * ops.threshold(-x, -0.6, 0.0) + ops.logaddexp(x, 2.0 * curves)
x = ops.append(curves, x + ops.stop_gradient(curves), axis=-1)
x = layers.Dense(4)(x) + ops.mod(steps, 0.7) - 0.1 * ops.floor_divide(steps, 0.3) + 0.1 * ops.floor_divide(1.0, steps)
near = ops.matmul(x, ops.transpose(x, (0, 2, 1)))
x = x + ops.matmul(ops.triu(near) + ops.tril(near, -2), x) * 0.1
x = ops.hstack([ops.diff(x, n=2, axis=1), ops.tile(ops.average(x, axis=1)[:, None], (2, 1)), ops.repeat(x[:, :1], 2, axis=1)])
wide = ops.tile(layers.Dense(2)(x), (1, 2, 3)) + ops.reshape(ops.repeat(layers.Dense(3)(x), 4, axis=2), (-1, 14, 6))
size = ops.norm(wide, ord=1, axis=-1) + ops.norm(wide, axis=2) + ops.norm(wide, axis=[1, 2], keepdims=True)[..., 0]
write("formulas", keras.Model(steps, layers.Dense(2)(size) / (1.0 + ops.norm(size, ord=2, axis=-1, keepdims=True))), floats(10, 5, 4))

# A decoder that shows what it looked at, heads that do, and what they looked at learning with them
words, others = keras.Input((7,)), keras.Input((4, 5))
table = layers.Embedding(20, 6, mask_zero=True)(words)
read = layers.GRU(6, return_sequences=True)(table)
written = layers.GRU(6, return_sequences=True)(others)
seen, scores = layers.AdditiveAttention()([written, read], return_attention_scores=True)
both, products = layers.Attention(use_scale=True)([written, read], return_attention_scores=True, use_causal_mask=True)
y = layers.GRU(4)(layers.Concatenate()([seen, both, written, 2.0 * scores, products]))
told = layers.GRU(5, return_sequences=True)(table)
heads = layers.MultiHeadAttention(2, 3, value_dim=2)
x, shares = heads(told, told, return_attention_scores=True)
x, again = heads(x, told, return_attention_scores=True, use_causal_mask=False)
x = layers.GRU(3)(layers.Concatenate()([x, again[:, 1]]))
few = random.randint(1, 20, (10, 7)) * (np.arange(7) < random.randint(0, 8, (10, 1)))
last = layers.Dense(2)(y) + layers.Dense(2)(x) + layers.Dense(2)(ops.reshape(shares, (-1, 98)))
write("scored", keras.Model([words, others], last), few, floats(10, 4, 5))

with open(os.path.join(out, "examples.json"), "w") as file:
    json.dump(losses, file)
