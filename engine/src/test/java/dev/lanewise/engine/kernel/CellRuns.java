package dev.lanewise.engine.kernel;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.TensorArena;

/**
 * Runs what recurrent cells do between their products, for {@link KernelRuns}: on gates that lie
 * side by side in wider rows, with every operand once of its own rows and once one row repeated.
 */
final class CellRuns {
  private static final int ROWS = 7;

  private final KernelRuns runs;
  private final Kernels kernels;

  CellRuns(KernelRuns runs, Kernels kernels) {
    this.runs = runs;
    this.kernels = kernels;
  }

  void run(int[] sizes) {
    for (int columns : sizes) {
      for (boolean repeated : new boolean[] {false, true}) {
        try (TensorArena arena = new TensorArena("cells")) {
          String name = columns + (repeated ? " repeated" : "");
          multiply(arena, name, columns, repeated);
          lstmState(arena, name, columns, repeated);
          lstmGradients(arena, name, columns, repeated);
          lstmGradient(arena, name, columns, repeated);
          gru(arena, name, columns, repeated);
          dropout(arena, name, columns);
          leakyRelu(arena, name, columns);
          flushTiny(arena, name, columns);
          maxima(arena, name, columns, repeated);
        }
      }
    }
  }

  private void multiply(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix x = runs.special(arena, ROWS, columns);
    Matrix y = runs.special(arena, ROWS, columns);
    Matrix z = runs.normal(arena, ROWS, columns, 32);
    long yStride = stride(y, repeated);
    kernels
        .elements()
        .multiply(
            ROWS,
            columns,
            x.address(),
            x.rowStride(),
            y.address(),
            yStride,
            z.address(),
            z.rowStride());
    runs.keep("product " + name, z);
    runs.makeSpecial(z);
    kernels
        .elements()
        .multiplyAdd(
            ROWS,
            columns,
            x.address(),
            x.rowStride(),
            y.address(),
            yStride,
            z.address(),
            z.rowStride());
    runs.keep("product added " + name, z);
    kernels
        .elements()
        .multiply(
            ROWS,
            columns,
            x.address(),
            x.rowStride(),
            y.address(),
            yStride,
            x.address(),
            x.rowStride());
    runs.keep("product in place " + name, x);
  }

  private void dropout(TensorArena arena, String name, int columns) {
    Matrix x = runs.special(arena, ROWS, columns);
    Matrix y = runs.normal(arena, ROWS, columns, 32);
    for (int row = 0; row < ROWS; row++) {
      int threshold = row * (1 << 21); // from none to seven eighths
      kernels
          .elements()
          .dropout(columns, row * 77 - 200, threshold, 1.25f, x.address(row, 0), y.address(row, 0));
    }
    runs.keep("dropout " + name, y);
  }

  private void leakyRelu(TensorArena arena, String name, int columns) {
    Matrix x = runs.special(arena, ROWS, columns);
    Matrix dy = runs.special(arena, ROWS, columns);
    kernels.elements().leakyRelu(ROWS, columns, 0.3f, x.address(), x.rowStride());
    runs.keep("leaky relu " + name, x);
    kernels
        .elements()
        .leakyReluDerivative(
            ROWS, columns, 0.3f, dy.address(), dy.rowStride(), x.address(), x.rowStride());
    runs.keep("leaky relu's derivative " + name, dy);
  }

  /** Each row 64 times as small as the one before it, so that the limit is among them. */
  private void flushTiny(TensorArena arena, String name, int columns) {
    Matrix x = runs.special(arena, ROWS, columns);
    Matrix y = runs.normal(arena, ROWS, columns, 32);
    for (int row = 0; row < ROWS; row++) {
      kernels.multiply(columns, y.address(row, 0), Math.scalb(1f, -62 - 6 * row));
    }
    kernels.elements().flushTiny(ROWS, columns, x.address(), x.rowStride());
    kernels.elements().flushTiny(ROWS, columns, y.address(), y.rowStride());
    runs.keep("flushed " + name, x);
    runs.keep("flushed small ones " + name, y);
  }

  /** The largest of three, and what is added where it was the second. */
  private void maxima(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix y = runs.special(arena, ROWS, columns);
    Matrix places = runs.normal(arena, ROWS, columns, 32);
    for (int place = 1; place <= 2; place++) {
      Matrix x = runs.special(arena, ROWS, columns);
      kernels
          .elements()
          .maximum(
              ROWS,
              columns,
              place,
              x.address(),
              x.rowStride(),
              y.address(),
              y.rowStride(),
              places.address(),
              places.rowStride());
    }
    runs.keep("maximum " + name, y);
    runs.keep("maximum's places " + name, places);
    Matrix d = runs.special(arena, ROWS, columns);
    Matrix z = runs.special(arena, ROWS, columns);
    Matrix twos = runs.normal(arena, ROWS, columns, 16);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < columns; column++) {
        twos.set(row, column, 2);
      }
    }
    kernels
        .elements()
        .addWhereEqual(
            ROWS,
            columns,
            places.address(),
            places.rowStride(),
            twos.address(),
            stride(twos, repeated),
            d.address(),
            stride(d, repeated),
            z.address(),
            z.rowStride());
    runs.keep("added where equal " + name, z);
  }

  private void lstmState(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix[] gates = blocks(arena, columns, 3);
    Matrix[] states = blocks(arena, columns, 2);
    Matrix before = runs.special(arena, ROWS, columns);
    kernels
        .lstm()
        .state(
            ROWS,
            columns,
            gates[0].address(),
            gates[1].address(),
            gates[2].address(),
            gates[0].rowStride(),
            before.address(),
            stride(before, repeated),
            states[0].address(),
            states[1].address(),
            states[0].rowStride());
    runs.keep("LSTM state " + name, states[0]);
    runs.keep("LSTM state's copy " + name, states[1]);
  }

  private void lstmGradients(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix[] values = blocks(arena, columns, 3);
    Matrix[] gradients = blocks(arena, columns, 3);
    Matrix dh = runs.special(arena, ROWS, columns);
    Matrix upstream = runs.special(arena, ROWS, columns);
    Matrix dc = runs.normal(arena, ROWS, columns, 32);
    kernels
        .lstm()
        .outputGradient(
            ROWS,
            columns,
            dh.address(),
            stride(dh, repeated),
            upstream.address(),
            stride(upstream, repeated),
            values[0].address(),
            values[1].address(),
            values[0].rowStride(),
            gradients[0].address(),
            gradients[0].rowStride(),
            dc.address(),
            dc.rowStride());
    runs.keep("LSTM gradient by the gate " + name, gradients[0]);
    runs.keep("LSTM gradient through the output " + name, dc);
    Matrix[] states = blocks(arena, columns, 2);
    kernels
        .lstm()
        .stateGradient(
            ROWS,
            columns,
            states[0].address(),
            states[1].address(),
            states[0].rowStride(),
            values[0].address(),
            values[1].address(),
            values[2].address(),
            values[0].rowStride(),
            dh.address(),
            stride(dh, repeated),
            gradients[0].address(),
            gradients[1].address(),
            gradients[2].address(),
            gradients[0].rowStride());
    for (int gate = 0; gate < gradients.length; gate++) {
      runs.keep("LSTM gradient " + gate + " " + name, gradients[gate]);
    }
    runs.keep("LSTM gradient by the state before " + name, states[1]);
  }

  private void lstmGradient(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix[] values = blocks(arena, columns, 6);
    Matrix[] gradients = blocks(arena, columns, 4);
    Matrix[] states = blocks(arena, columns, 2);
    Matrix before = runs.special(arena, ROWS, columns);
    Matrix dh = runs.special(arena, ROWS, columns);
    Matrix upstream = runs.special(arena, ROWS, columns);
    kernels
        .lstm()
        .gradient(
            ROWS,
            columns,
            dh.address(),
            stride(dh, repeated),
            upstream.address(),
            stride(upstream, repeated),
            values[0].address(),
            values[0].rowStride(),
            before.address(),
            stride(before, repeated),
            states[0].address(),
            states[0].rowStride(),
            gradients[0].address(),
            gradients[0].rowStride());
    for (int gate = 0; gate < gradients.length; gate++) {
      runs.keep("LSTM whole gradient " + gate + " " + name, gradients[gate]);
    }
    runs.keep("LSTM whole gradient by the state before " + name, states[0]);
  }

  private void gru(TensorArena arena, String name, int columns, boolean repeated) {
    Matrix[] gates = blocks(arena, columns, 2);
    Matrix[] gradients = blocks(arena, columns, 2);
    Matrix before = runs.special(arena, ROWS, columns);
    Matrix h = runs.normal(arena, ROWS, columns, 32);
    kernels
        .gru()
        .state(
            ROWS,
            columns,
            gates[0].address(),
            gates[1].address(),
            gates[0].rowStride(),
            before.address(),
            stride(before, repeated),
            h.address(),
            h.rowStride());
    runs.keep("GRU state " + name, h);
    Matrix upstream = runs.special(arena, ROWS, columns);
    Matrix later = runs.normal(arena, ROWS, columns, 48);
    kernels
        .gru()
        .gradient(
            ROWS,
            columns,
            h.address(),
            stride(h, repeated),
            upstream.address(),
            stride(upstream, repeated),
            later.address(),
            later.rowStride(),
            gates[0].address(),
            gates[1].address(),
            gates[0].rowStride(),
            before.address(),
            stride(before, repeated),
            gradients[0].address(),
            gradients[1].address(),
            gradients[0].rowStride());
    runs.keep("GRU gradient by the update gate " + name, gradients[0]);
    runs.keep("GRU gradient by the candidate " + name, gradients[1]);
    runs.keep("GRU gradient past the gates " + name, later);
  }

  private static long stride(Matrix matrix, boolean repeated) {
    return repeated ? 0 : matrix.rowStride();
  }

  /** Returns matrices of special values that lie side by side in the same rows. */
  private Matrix[] blocks(TensorArena arena, int columns, int count) {
    int width = Kernels.padded(columns);
    Matrix all = runs.normal(arena, ROWS, count * width, 16);
    Matrix[] blocks = new Matrix[count];
    for (int block = 0; block < count; block++) {
      blocks[block] = all.tensor().matrix(0, ROWS, block * width, columns);
      runs.makeSpecial(blocks[block]);
    }
    return blocks;
  }
}
