#!/usr/bin/env python3
"""Writes models of Keras 2.5, which TensorFlow carries with it, whose functions are several operations of Keras 3, or have
arrays of numbers: OUT/NAME.h5, samples OUT/NAME_x.npy, answers OUT/NAME_y.npy.

  python3 write_second.py OUT      # needs tensorflow 2.21 and h5py
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from tensorflow.python import keras
from tensorflow.python.keras import layers

keras.__version__ = "2.5.0"  # what this copy was when it was left
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
random = np.random.RandomState(5)


def write(name, model, samples):
    for weight in model.weights:
        weight.assign(0.4 * random.randn(*weight.shape).astype("float32"))
    model.save(os.path.join(out, name + ".h5"))
    np.save(os.path.join(out, name + "_x.npy"), np.asarray(samples, "float32"))
    np.save(os.path.join(out, name + "_y.npy"), np.asarray(model(samples), "float32"))


def mean(x):
    return layers.Dense(2)(layers.GlobalAveragePooling1D()(x))


ids = keras.Input((7,))
x = layers.Embedding(20, 6)(ids) * 2.0 + np.sin(np.arange(42).reshape(7, 6)).astype("float32")
write("positions", keras.Model(ids, mean(x * [0.5, 1.0, 1.5, 2.0, 2.5, 3.0])), random.randint(0, 20, (3, 7)))

steps = keras.Input((8, 6))
a, b = tf.split(steps, 2, axis=-1)
c, d, e = tf.split(steps, [1, 2, 3], axis=-1)
x = tf.concat([a * tf.sigmoid(b), tf.math.l2_normalize(a, axis=-1), e, tf.ones_like(c) - c, d], axis=-1)
write("split", keras.Model(steps, mean(x)), random.randn(3, 8, 6))

steps = keras.Input((8, 6))
x = tf.pad(tf.roll(steps, 1, axis=1), [[0, 0], [1, 1], [0, 0]], mode="REFLECT")
x = tf.nn.log_softmax(tf.pad(x, [[0, 0], [2, 0], [0, 0]]))
parts = tf.unstack(layers.Reshape((2, 36))(x), axis=1)
write("pad", keras.Model(steps, layers.Dense(2)(parts[0] + parts[1] + tf.zeros_like(parts[0]))), random.randn(3, 8, 6))
