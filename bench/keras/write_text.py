#!/usr/bin/env python3
"""Writes models that take texts, a TextVectorization in front: OUT/stack.keras, as TensorFlow's guide to text classification
with a recurrent network builds it, graph.keras with a fixed number of tokens, letters.keras; texts.txt, and of each NAME.npy,
the ids that its layer makes of them, and NAME_answers.npy.

  python3 write_text.py OUT      # needs keras 3 and tensorflow
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf
from keras import layers

TEXTS = ["The movie was great! Great, really.", "It's a bad film, don't  watch it\there",
         "ZAŻÓŁĆ gęślą JAŹŃ — état", "the\u00a0the the end. [UNK] \U0001f600", "x^2 + y_1 = ~3 \\ `z` {a|b} @home"]


def save(name, model, text):
    np.save(os.path.join(out, name + "_answers.npy"), model(tf.constant([[t] for t in TEXTS])).numpy())
    np.save(os.path.join(out, name + ".npy"), text(tf.constant(TEXTS)).numpy().astype("float32"))
    model.save(os.path.join(out, name + ".keras"))


out = sys.argv[1]
os.makedirs(out, exist_ok=True)
with open(os.path.join(out, "texts.txt"), "w", newline="") as file:
    file.write("\n".join(TEXTS) + "\n")
keras.utils.set_random_seed(1)
text = layers.TextVectorization(max_tokens=20)
text.adapt(TEXTS)
save("stack", keras.Sequential([
    text, layers.Embedding(len(text.get_vocabulary()), 8, mask_zero=True), layers.Bidirectional(layers.LSTM(4)),
    layers.Dense(1)]), text)
text = layers.TextVectorization(standardize="strip_punctuation", output_sequence_length=5, vocabulary=["the", "great", "It", "a"])
words = keras.Input((1,), dtype="string", name="review")
stars = keras.Input((2,), name="stars")
last = layers.GRU(3)(layers.Embedding(6, 4)(text(words)))
both = layers.Concatenate()([last, layers.Dense(2)(stars)])
keras.Model([words, stars], layers.Dense(2, activation="softmax")(both)).save(os.path.join(out, "two.keras"))
save("graph", keras.Model(words, layers.Dense(2, activation="softmax")(last)), text)
text = layers.TextVectorization(standardize="lower", split="character")
text.adapt(TEXTS)
save("letters", keras.Sequential([
    text, layers.Embedding(len(text.get_vocabulary()), 4, mask_zero=True), layers.GRU(4), layers.Dense(1)]), text)
