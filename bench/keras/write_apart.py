#!/usr/bin/env python3
"""Writes models in two files, model.to_json() and save_weights(), by Keras 3 and by the Keras 2.5 that TensorFlow carries:
OUT/third.json, third.weights.h5, second.json, second.h5 (of weights alone), and what each answers to ones, NAME.npy.

  python3 write_apart.py OUT      # needs keras 3, tensorflow 2.21 and h5py
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras as third
import numpy as np
from tensorflow.python import keras as second

second.__version__ = "2.5.0"  # what this copy was when it was left


def write(keras, lstm, name, weights):
    model = keras.Sequential([
        keras.layers.Input((5, 3)),
        lstm(4, recurrent_activation="hard_sigmoid"),  # which was another function before Keras 3
        keras.layers.Dense(2, activation="softmax"),
    ])
    random = np.random.RandomState(1)
    model.set_weights([random.randn(*each.shape).astype("float32") for each in model.get_weights()])
    model.compile("adam", "categorical_crossentropy")
    with open(os.path.join(out, name + ".json"), "w") as file:
        file.write(model.to_json())
    model.save_weights(os.path.join(out, weights))
    np.save(os.path.join(out, name + ".npy"), model(np.ones((1, 5, 3), "float32")).numpy())


out = sys.argv[1]
os.makedirs(out, exist_ok=True)
write(third, third.layers.LSTM, "third", "third.weights.h5")
write(second, second.layers.LSTMV1, "second", "second.h5")
