"""Makes the files of this folder with Keras 3.15.1 (KERAS_BACKEND=jax): one model a setting, and its answers."""
import json
import zipfile

import h5py
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(3)
X = ((np.arange(4 * 5 * 3) * 7 % 13) / 13).astype("float32").reshape(4, 5, 3)
Y = np.eye(3, dtype="float32")[[0, 2, 1, 2]]
np.save("x.npy", X)


def save(name, model, fit=False):
    if fit:
        model.fit(X, Y, epochs=1, batch_size=2, verbose=0)
    model.save(name + ".keras")
    np.save(name + ".npy", model.predict(X, verbose=0))
    if model.compiled and model.loss is not None:
        print(name, model.evaluate(X, Y, verbose=0, batch_size=4))


def stack(*more, activation="softmax", **rnn):
    return keras.Sequential([keras.Input((5, 3)), layers.SimpleRNN(4, **rnn), *more, layers.Dense(3, activation=activation)])


def compiled(model, loss="categorical_crossentropy", optimizer="adam", **more):
    model.compile(optimizer, loss, **more)
    return model


def chain(call, *after):
    i = keras.Input((5, 3))
    h = call(layers.SimpleRNN(4), i)
    for layer in after:
        h = layer(h)
    return keras.Model(i, layers.Dense(3, activation="softmax")(h))


losses = keras.losses
save("from_logits", compiled(stack(activation=None), losses.CategoricalCrossentropy(from_logits=True)))
save("binary", compiled(stack(activation="sigmoid"), "binary_crossentropy"))
save("smoothing", compiled(stack(), losses.CategoricalCrossentropy(label_smoothing=0.1)))
save("sum", compiled(stack(), losses.MeanSquaredError(reduction="sum")))
save("axis", compiled(stack(), losses.CategoricalCrossentropy(axis=0)))
save("loss_weights", compiled(stack(), "mse", loss_weights=[2.0]))
save("rmsprop", compiled(stack(), "mse", "rmsprop", metrics=["accuracy", keras.metrics.AUC()]))
save("function", compiled(stack(), losses.mean_squared_error, "sgd"))
schedules = keras.optimizers.schedules
decay = keras.optimizers.Adam(schedules.ExponentialDecay(0.01, 10, 0.9))
save("schedule", compiled(stack(), optimizer=decay), fit=True)

save("initial_state", chain(lambda f, x: f(x, initial_state=np.full((4, 4), 2, "float32"))))
save("mask", chain(lambda f, x: f(x, mask=np.array([[True, True, False, False, False]] * 4))))
i = keras.Input((5, 3))
save("dropout_in_prediction", keras.Model(i, layers.Dense(3)(layers.Dropout(0.5)(layers.SimpleRNN(4)(i), training=True))))
save("keyword", chain(lambda f, x: f(sequences=x, training=False)))
shared = layers.Dense(3, activation="tanh")
save("called_twice", keras.Model(i, shared(shared(layers.SimpleRNN(3)(i)))))


class SimpleRNN(layers.SimpleRNN):
    pass


save("own_class", keras.Sequential([keras.Input((5, 3)), SimpleRNN(4), layers.Dense(3)]))

frozen = stack()
frozen.layers[0].trainable = False
save("frozen", compiled(frozen), fit=True)
save("regularizer", compiled(stack(kernel_regularizer="l2")))
save("orthogonal", compiled(stack(recurrent_regularizer=keras.regularizers.OrthogonalRegularizer())))
save("activity", compiled(stack(layers.ActivityRegularization(l2=0.1))))
save("constraint", compiled(stack(recurrent_constraint="max_norm"), metrics=["accuracy"]))
save("cell_dropout", compiled(stack(dropout=0.2, recurrent_dropout=0.1)), fit=True)
noise = [layers.GaussianNoise(0.1), layers.GaussianDropout(0.2), layers.AlphaDropout(0.3)]
save("noise", compiled(stack(*noise)))
save("fixed_batch", compiled(keras.Sequential([layers.SimpleRNN(4), layers.Dense(3, activation="softmax")])), fit=True)

plain = compiled(stack())
save("plain", plain)
plain.save("plain.h5")


def rewrite(h5, dtype):
    def copy(name, data):
        if isinstance(data, h5py.Dataset):
            made = out.create_dataset(name, data=data[()].astype(dtype))
            if dtype != "float16" and dtype != "float64":
                made.attrs["dtype"] = "bfloat16"

    with h5py.File(h5) as file, h5py.File(np.dtype(dtype).name + ".weights.h5", "w") as out:
        file["layers"].visititems(lambda name, data: copy("layers/" + name, data))


plain.save_weights("plain.weights.h5")
import ml_dtypes

for kind in ("float16", "float64", ml_dtypes.bfloat16):
    rewrite("plain.weights.h5", kind)

OLDER = {"units": "output_dim", "use_bias": "bias", "kernel_initializer": "init", "recurrent_initializer": "inner_init"}


def older(name, rename):
    with h5py.File("plain.h5") as file, h5py.File(name, "w") as out:
        file.copy("model_weights", out)
        config = json.loads(file.attrs["model_config"])["config"]["layers"][1:]
        entries = [{"class_name": e["class_name"], "config": {k: v for k, v in e["config"].items() if v is not None and not isinstance(v, dict)}} for e in config]
        entries[0]["config"]["batch_input_shape"] = [None, 5, 3]
        if rename:
            entries = [{**e, "config": {OLDER.get(k, k): v for k, v in e["config"].items()}} for e in entries]
            for e in entries:
                for newer in ("zero_output_for_mask", "dropout", "recurrent_dropout"):
                    e["config"].pop(newer, None)
            entries[0]["config"].update(input_dim=3, input_length=5, dropout_W=0.0, dropout_U=0.0, consume_less="cpu", inner_init="orthogonal", W_regularizer=None)
        out.attrs["keras_version"] = np.bytes_("1.2.2" if rename else "2.1.3")
        out.attrs["model_config"] = np.bytes_(json.dumps({"class_name": "Sequential", "config": entries}))


older("keras_2_1.h5", False)
older("keras_1_2.h5", True)
