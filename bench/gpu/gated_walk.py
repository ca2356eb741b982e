"""The launches of one recurrent layer, LSTM or GRU with reset after, as the Java classes
CudaRecurrent, LstmCell, GruCell, PersistentLstm and PersistentGru give them: see gated_probe.py.

Rows of `steps` are x_t and h_{t-1} side by side, those of one step together, and h_t lies where the
next step reads it. Weights are kernel, recurrent kernel and biases one after the other.
"""
from ptx_driver import UNWRITTEN, integer, np, pointer, struct_of, up

LINEAR, TANH, SIGMOID = 0, 2, 3  # ActivationCode
NO_MASK = 0
NO_DROPS = 0  # products of what gates drop
THREADS = 128
WALK_THREADS, WALK_ROWS, WALK_GROUPS = 256, 2, 32
TILES = {  # PersistentTiles: tile, vectors of four weights in registers, forward and back
    "lstm": ((2, 16, 16), (4, 51, 51), (5, 45, 47)),
    "gru": ((2, 12, 12), (4, 48, 48), (5, 46, 46)),
}


class Tile:
    """Which kernels take so many units, and the shared memory that they need."""

    def __init__(self, cell, units):
        self.size, forward, back = next(t for t in TILES[cell.name] if units <= WALK_GROUPS * t[0])
        self.vectors = cell.gates * self.size ** 2
        self.packed = self.vectors * 4 * WALK_THREADS
        self.forward, self.back = (16 * WALK_THREADS * max(0, self.vectors - own) for own in (forward, back))
        width = WALK_GROUPS * self.size
        self.shared = max(16 * width + self.forward, 16 * cell.gates * (width + 4) + self.back)


class Walk:
    @staticmethod
    def fits(on, cell, units, whole):
        return not whole or Tile(cell, units).shared <= on.shared_bytes()

    def __init__(self, on, cell, whole, sequences, biased, x, w, u, b, above):
        self.on, self.cell, self.whole, self.sequences, self.biased = on, cell, whole, sequences, biased
        self.count, self.rows, self.features = x.shape
        self.units, self.width = u.shape
        self.stride = self.features + self.units
        at = self.count * self.rows
        new = lambda size: on.allocate(size, UNWRITTEN)
        self.input, self.weights = new(x.size), new((self.stride + cell.biases) * self.width)
        self.steps = new((at + self.rows) * self.stride)
        self.sums, self.by_sums, self.by_states = (new(at * self.width) for _ in range(3))
        self.kept = new(at * self.units)  # an LSTM's c, of a GRU the states' sums of the candidate
        self.later = new(self.rows * self.units)
        self.above, self.by_input = new(above.size), new(x.size)
        self.rows_of_weights = self.stride + cell.biases * biased
        self.gradient = new(self.rows_of_weights * self.width)
        tiles = up(self.stride + 1, 32) * up(self.width, 64)
        self.slices = max(1, min(up(at, 64), up(792, tiles), 64))
        self.partial = new(self.slices * self.rows_of_weights * self.width)
        if whole:
            self.tile = Tile(cell, self.units)
            self.packed, self.packed_back = new(self.tile.packed), new(self.tile.packed)
        on.send(self.input, x)
        on.send(self.weights, np.concatenate([w, u, b]).astype(np.float32))
        on.send(self.above, above if sequences else above[-1:])

    # ---- where things lie ----

    def recurrent(self):
        return self.weights + 4 * self.features * self.width

    def bias(self, number=0):
        return self.weights + 4 * (self.stride + number) * self.width if self.biased else 0

    def of(self, buffer, t, columns):
        return buffer + 4 * t * self.rows * columns

    def before(self, t):
        return self.of(self.steps, t, self.stride) + 4 * self.features

    def from_above(self, t):
        if self.sequences:
            return self.of(self.above, t, self.units)
        return self.above if t == self.count - 1 else 0

    # ---- launches: name, grid, threads, arguments, added shared memory ----

    def tiles(self, m, n, slices=1):
        return up(m, 32), up(n, 64), slices

    def forward(self):
        all_rows, per_block = self.count * self.rows, max(1, THREADS // self.features)
        in_one = self.whole
        give = [
            ("feed_outputs", (up(all_rows, per_block), 1, 1), THREADS,
             [pointer(self.input), integer(self.features), pointer(self.steps), integer(self.stride),
              integer(self.rows), integer(self.count), integer(self.features), integer(self.units), integer(0)]),
            ("gemm_forward", self.tiles(all_rows, self.width), THREADS,
             [pointer(self.steps), integer(self.stride), pointer(self.weights),
              pointer(self.bias() if in_one else 0), pointer(self.sums), integer(self.width),
              integer(all_rows), integer(self.width), integer(self.features), integer(LINEAR)])]
        return give + (self.walk_forward() if in_one else [self.step_forward(t) for t in range(self.count)])

    def backward(self):
        back = self.walk_back() if self.whole else [self.step_back(t) for t in reversed(range(self.count))]
        return back + self.by_inputs() + self.by_weights()

    def step_forward(self, t):
        before, sums = self.before(t), self.of(self.sums, t, self.width)
        kept, after = self.of(self.kept, t, self.units), self.before(t + 1)
        numbers = self.stride, self.rows, self.units, self.units if t else 0, TANH, SIGMOID
        if self.cell.name == "lstm":
            c_before = self.of(self.kept, t - 1, self.units) if t else 0
            step = struct_of("9Q6i", before, self.recurrent(), self.bias(), c_before, sums, kept, after, NO_MASK,
                             NO_DROPS, *numbers)
        else:
            step = struct_of("8Q6i", before, self.recurrent(), self.bias(), sums, kept, after, NO_MASK, NO_DROPS,
                             *numbers)
        return self.cell.name + "_forward", self.tiles(self.rows, 4 * self.units), THREADS, [step]

    def step_back(self, t):
        last = t == self.count - 1
        sums, kept = self.of(self.sums, t, self.width), self.of(self.kept, t, self.units)
        inner = 0 if last else self.width
        if self.cell.name == "lstm":
            step = struct_of(
                "11Q6i", 0 if last else self.of(self.by_sums, t + 1, self.width), self.recurrent(),
                self.from_above(t), sums, self.of(self.kept, t - 1, self.units) if t else 0, kept, self.later,
                0, self.of(self.by_sums, t, self.width), NO_MASK, NO_DROPS, self.rows, self.units, inner,
                int(not last), TANH, SIGMOID)
        else:
            step = struct_of(
                "11Q6i", 0 if last else self.of(self.by_states, t + 1, self.width), self.recurrent(),
                self.from_above(t), self.before(t), sums, kept, self.later, self.of(self.by_sums, t, self.width),
                self.of(self.by_states, t, self.width), NO_MASK, NO_DROPS, self.stride, self.rows, self.units, inner,
                TANH, SIGMOID)
        return self.cell.name + "_backward", self.tiles(self.rows, self.units), THREADS, [step]

    def walk_forward(self):
        packing = struct_of("3Q3i", self.recurrent(), self.packed, self.packed_back,
                            self.units, self.cell.gates, self.tile.size)
        numbers = self.stride, self.rows, self.units, self.count
        if self.cell.name == "lstm":
            steps = struct_of("4Q4i", self.packed, self.sums, self.kept, self.before(1), *numbers)
        else:
            steps = struct_of("5Q4i", self.packed, self.bias(1), self.sums, self.kept, self.before(1), *numbers)
        return [("pack_walk", (up(self.tile.packed, 256), 1, 1), 256, [packing]),
                self.walk("forward", steps, self.tile.forward)]

    def walk_back(self):
        numbers = self.rows, self.units, self.count
        if self.cell.name == "lstm":
            steps = struct_of("5Q4i", self.packed_back, self.above, self.sums, self.kept, self.by_sums,
                              int(self.sequences), *numbers)
        else:
            steps = struct_of("7Q5i", self.packed_back, self.above, self.before(0), self.sums, self.kept,
                              self.by_sums, self.by_states, int(self.sequences), self.stride, *numbers)
        return [self.walk("backward", steps, self.tile.back)]

    def walk(self, way, steps, shared):
        name = "%s_walk_%s_%d" % (self.cell.name, way, self.tile.size)
        return name, (up(self.rows, WALK_ROWS), 1, 1), WALK_THREADS, [steps], shared

    def by_inputs(self):
        m, n, k = self.count * self.rows, self.features, self.width
        return [("gemm_backward", self.tiles(m, n), THREADS,
                 [pointer(self.by_sums), integer(k), pointer(self.weights), integer(k), pointer(0),
                  pointer(self.by_input), integer(m), integer(n), integer(k)])]

    def by_weights(self):
        """A GRU's sums of inputs and of states have gradients of their own, and so a product each."""
        count = self.rows_of_weights * self.width
        if self.cell.name == "lstm":
            products = [self.product(self.steps, self.stride, self.by_sums, 0, self.stride)]
        else:
            products = [
                self.product(self.steps, self.features, self.by_sums, 0, self.stride),
                self.product(self.before(0), self.units, self.by_states, self.features, self.stride + 1)]
        return products + [("sum_slices", (up(count, 256), 1, 1), 256,
                            [pointer(self.partial), pointer(self.gradient), integer(count), integer(self.slices)])]

    def product(self, inputs, m, by_sums, row, bias):
        """Gradients of rows `row` to `row + m` of the weights, and of row `bias`."""
        return ("gemm_weights", self.tiles(m + self.biased, self.width, self.slices), THREADS,
                [pointer(inputs), integer(self.stride), pointer(by_sums), integer(self.width),
                 pointer(self.partial + 4 * row * self.width), integer(m), integer(self.width),
                 integer(self.count * self.rows), integer(bias - row if self.biased else 0),
                 integer(self.width), integer(self.rows_of_weights * self.width)])

    # ---- what comes of it ----

    def run(self):
        for each in self.forward() + self.backward():
            self.on.launch(*each)
        self.on.wait()

    def times(self):
        """Microseconds forward and back. Forward alone may be done again and again, and so may back."""
        return self.on.timed(self.on.graph_of(self.forward())), self.on.timed(self.on.graph_of(self.backward()))

    def states(self):
        rows = self.on.take(self.steps, self.count + 1, self.rows, self.stride)
        return rows[1:, :, self.features:]

    def cell_states(self):
        return self.on.take(self.kept, self.count, self.rows, self.units)

    def gradients(self):
        weights = self.on.take(self.gradient, self.rows_of_weights, self.width)
        kernel, recurrent, bias = np.split(weights, [self.features, self.stride])
        return {"inputs": self.on.take(self.by_input, self.count, self.rows, self.features),
                "kernel": kernel, "recurrent kernel": recurrent, "bias": bias}
