#!/usr/bin/env python3
"""LSTM and GRU by Lanewise's PTX without a JVM, beside float64 NumPy written from the equations.

Gives the launches of CudaRecurrent for one layer, forward and back: step by step (lstm_cell.cu,
gru_cell.cu) and all steps in one launch (lstm_walk.cu, gru_walk.cu), in sizes that take each of the
kernels. Holds states, cell states and the gradients by inputs, kernel, recurrent kernel and bias
against formulas which know neither, and the formulas' gradients against central differences. Then
times both ways with events, where the driver has a clock.

  python3 gated_probe.py [--ptx FILE] [--driver FILE] [--check-only] [--repeat 200]
                         [--rows 5] [--steps 6] [--features 7]
"""
import argparse
import sys

from gated_walk import Walk
from ptx_driver import Driver, add_options, np, report

# Relative errors in float32 of some hundred products and six steps; a wrong term is a thousand times as much.
STATES, GRADIENTS = 2e-6, 1e-5
CASES = (  # units, all steps in one launch, gradients for every step, bias
    (37, False, True, True),
    (40, True, False, True),
    (100, True, True, False),
    (150, True, False, True),
)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Lstm:
    """i, f, o = sigmoid(z), g = tanh(z); c_t = f c_{t-1} + i g; h_t = o tanh(c_t). Keras's order: i f g o."""

    name, gates, biases = "lstm", 4, 1

    @staticmethod
    def forward(x, w, u, b):
        h, c = [np.zeros((x.shape[1], len(u)))], [np.zeros((x.shape[1], len(u)))]
        for x_t in x:
            i, f, g, o = np.split(x_t @ w + h[-1] @ u + b[0], 4, axis=1)
            c.append(sigmoid(f) * c[-1] + sigmoid(i) * np.tanh(g))
            h.append(sigmoid(o) * np.tanh(c[-1]))
        return np.array(h), np.array(c)

    @staticmethod
    def backward(x, w, u, b, h, c, above):
        dx, dw, du, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(u), np.zeros_like(b)
        dh, dc = np.zeros_like(h[0]), np.zeros_like(h[0])
        for t in reversed(range(len(x))):
            i, f, g, o = np.split(x[t] @ w + h[t] @ u + b[0], 4, axis=1)
            i, f, g, o, y = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o), np.tanh(c[t + 1])
            dh = dh + above[t]
            dc = dc + dh * o * (1 - y * y)
            dz = np.hstack([dc * g * i * (1 - i), dc * c[t] * f * (1 - f),
                            dc * i * (1 - g * g), dh * y * o * (1 - o)])
            dx[t], dw, du, db = dz @ w.T, dw + x[t].T @ dz, du + h[t].T @ dz, db + dz.sum(0)
            dh, dc = dz @ u.T, dc * f
        return dx, dw, du, db


class Gru:
    """z, r = sigmoid(a + s), n = tanh(a + r s), a of inputs and s of states; h_t = z h_{t-1} + (1 - z) n."""

    name, gates, biases = "gru", 3, 2

    @staticmethod
    def step(x, w, u, b, h):
        az, ar, an = np.split(x @ w + b[0], 3, axis=1)
        sz, sr, sn = np.split(h @ u + b[1], 3, axis=1)
        z, r = sigmoid(az + sz), sigmoid(ar + sr)
        return z, r, np.tanh(an + r * sn), sn

    @staticmethod
    def forward(x, w, u, b):
        h = [np.zeros((x.shape[1], len(u)))]
        for x_t in x:
            z, _, n, _ = Gru.step(x_t, w, u, b, h[-1])
            h.append(z * h[-1] + (1 - z) * n)
        return np.array(h), None

    @staticmethod
    def backward(x, w, u, b, h, _, above):
        dx, dw, du, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(u), np.zeros_like(b)
        dh = np.zeros_like(h[0])
        for t in reversed(range(len(x))):
            z, r, n, sn = Gru.step(x[t], w, u, b, h[t])
            dh = dh + above[t]
            dn = dh * (1 - z) * (1 - n * n)
            dz, dr = dh * (h[t] - n) * z * (1 - z), dn * sn * r * (1 - r)
            da, ds = np.hstack([dz, dr, dn]), np.hstack([dz, dr, dn * r])
            dx[t], dw, du = da @ w.T, dw + x[t].T @ da, du + h[t].T @ ds
            db += np.array([da.sum(0), ds.sum(0)])
            dh = dh * z + ds @ u.T
        return dx, dw, du, db


def agrees_with_differences(cell, values, above, gradients, rng):
    """Whether the formulas' gradients are the slope of sum(above h) along some direction."""
    along = [rng.normal(size=v.shape) * (1 if np.any(v) else 0) for v in values]
    loss = lambda s: np.sum(above * cell.forward(*[v + s * a for v, a in zip(values, along)])[0][1:])
    found = sum(np.sum(g * a) for g, a in zip(gradients, along))
    return report("  the formulas by differences", (loss(1e-5) - loss(-1e-5)) / 2e-5, found, 1e-6)


def check(on, cell, case, rows, steps, features, differences):
    units, whole, sequences, biased = case
    rng = np.random.default_rng(units)
    floats = lambda *shape: rng.uniform(-1, 1, shape).astype(np.float32)
    width = cell.gates * units
    x = floats(steps, rows, features)
    w, u = floats(features, width) / features ** 0.5, floats(units, width) / units ** 0.5
    b = floats(cell.biases, width) * biased
    above = floats(steps, rows, units)
    if not sequences:
        above[:-1] = 0
    walk = Walk(on, cell, whole, sequences, biased, x, w, u, b, above)
    walk.run()
    values = [v.astype(np.float64) for v in (x, w, u, b)]
    h, c = cell.forward(*values)
    dx, dw, du, db = gradients = cell.backward(*values, h, c, above)
    print("%s of %d units, %d steps, %d rows, %s%s%s:" % (
        cell.name, units, steps, rows, "in one launch" if whole else "step by step",
        "" if sequences else ", the last state's gradient", "" if biased else ", no bias"))
    good = report("  states", walk.states(), h[1:], STATES)
    if c is not None:
        good &= report("  cell states", walk.cell_states(), c[1:], STATES)
    found = walk.gradients()
    for what, expected in (("inputs", dx), ("kernel", dw), ("recurrent kernel", du), ("bias", db)):
        if biased or what != "bias":
            good &= report("  gradients by " + what, found[what], expected, GRADIENTS)
    if differences:
        good &= agrees_with_differences(cell, values, above, gradients, rng)
    return good, walk


def main():
    p = argparse.ArgumentParser()
    add_options(p)
    p.add_argument("--rows", type=int, default=5)
    p.add_argument("--steps", type=int, default=6)
    p.add_argument("--features", type=int, default=7)
    args = p.parse_args()
    on = Driver(args)
    good = True
    for cell in (Lstm, Gru):
        for case in CASES:
            if Walk.fits(on, cell, *case[:2]):
                good &= check(on, cell, case, args.rows, args.steps, args.features, True)[0]
            else:
                print("%s of %d units in one launch: this device has too little shared memory for a block"
                      % (cell.name, case[0]))
    print("%d kernels compiled in %.2f s" % (len(on.kernels), on.compiling), flush=True)
    if args.check_only or not good or not on.has_times():
        return 0 if good else 1
    for cell in (Lstm, Gru):
        for whole in (False, True):
            if Walk.fits(on, cell, 128, whole):
                fine, walk = check(on, cell, (128, whole, False, True), 150, 28, 28, False)
                good &= fine
                print("  us in a graph: forward %.1f, back %.1f" % walk.times(), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
