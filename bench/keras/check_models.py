#!/usr/bin/env python3
"""Whether Keras reads what Lanewise wrote of drawn models: written.keras (as read) and trained.keras (after training).

Both must answer as model.keras did, and go on from there: a further batch has the loss that Keras's own has.

  python3 check_models.py OUT
"""
import os
import sys

import numpy as np

import draw_models as d
import keras


def close(expected, found, slack):
    return all(np.all(np.abs(p - q) <= 1e-5 + 1e-4 * np.abs(p) + 20 * slack) for p, q in zip(expected, found))


def numbered(facts, name):
    return [facts[f"{name}{i}"] for i in range(9) if f"{name}{i}" in facts]


def check(folder):
    facts = np.load(os.path.join(folder, "facts.npz"))
    xs, ts, ws = (numbered(facts, n) for n in "xtw")
    for name, answers, slack in (("written", "y", "slack"), ("trained", "after", "after_slack")):
        path = os.path.join(folder, name + ".keras")
        if os.path.exists(path) and numbered(facts, answers):
            model = keras.saving.load_model(path)
            if not close(numbered(facts, answers), d.predict(model, xs), facts[slack]):
                return f"{name}: other answers"
            if ts and name == "written":
                model.run_eagerly = True
                losses = np.array(d.train(model, xs, ts, ws or None, 3))
                if np.any(np.abs(losses - facts["losses"]) > 1e-6 + 1e-4 * np.abs(losses) + 20 * facts["loss_slack"]):
                    return f"{name}: other losses {losses} {facts['losses']}"
    return None


def main():
    for name in sorted(os.listdir(sys.argv[1])):
        folder = os.path.join(sys.argv[1], name)
        if not os.path.exists(os.path.join(folder, "written.keras")):
            continue
        keras.backend.clear_session()
        try:
            found = check(folder)
        except Exception as e:
            found = f"{type(e).__name__}: {str(e)[:300]}"
        if found:
            print(name, found, flush=True)


if __name__ == "__main__":
    main()
