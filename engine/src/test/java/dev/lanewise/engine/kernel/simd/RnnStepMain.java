package dev.lanewise.engine.kernel.simd;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Kernels;
import dev.lanewise.engine.kernel.OptimizerKernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;

/**
 * Runs every kernel in the shapes of a recurrent network's steps, often enough for a JIT that is
 * told to be eager to want all of it at full speed: the child of a test.
 */
final class RnnStepMain {
  private static final int ROUNDS = 600;
  private static final int STRIDE = 192;
  private static final int BATCH = 29; // odd: a transpose goes by pairs of rows
  private static final int FEATURES = 28;

  /** Every height of a strip, from six or five to one, is among their parts. */
  private static final int[] HEIGHTS = {BATCH, 9, 7, 1};

  /** In vectors of 512 bits: 10 in parts of 4 and 3, 5 of 3 and 2, 7, 2, and 1. */
  private static final int[] WIDTHS = {150, 80, 100, 32, 10};

  private final Kernels kernels = new SimdKernels();
  private final CheckedKernels checked = new CheckedKernels(kernels);
  private final Matrix x;
  private final Matrix h;
  private final Matrix weights;
  private final Matrix pairs;
  private final Panels[] panels = new Panels[WIDTHS.length];
  private final long flat;
  private final byte[] pixels = new byte[STRIDE];
  private double squares;

  private RnnStepMain(TensorArena arena) {
    x = arena.tensor("x", Shape.of(BATCH, STRIDE), STRIDE).matrix();
    h = arena.tensor("h", Shape.of(BATCH, STRIDE), STRIDE).matrix();
    weights = arena.tensor("weights", Shape.of(STRIDE, STRIDE), STRIDE).matrix();
    for (int i = 0; i < panels.length; i++) {
      panels[i] = Panels.of(arena, "panels", depth(i), WIDTHS[i]);
    }
    pairs = arena.tensor("pairs", Shape.of(BATCH, 2), 2).matrix();
    flat = arena.tensor("flat", Shape.of(5, STRIDE), STRIDE).matrix().address();
  }

  public static void main(String[] args) {
    try (TensorArena arena = new TensorArena("steps")) {
      RnnStepMain steps = new RnnStepMain(arena);
      for (int round = 0; round < ROUNDS; round++) {
        for (int n : WIDTHS) {
          steps.forward(n);
          steps.backward(n);
          steps.cell(n);
        }
        steps.panels();
        steps.update();
      }
      System.out.println("squares=" + steps.squares);
    }
    System.out.println("wide=" + GemmTiles.wide());
  }

  /** Even and odd: an odd number of terms begins with one alone. */
  private static int depth(int i) {
    return FEATURES + i % 2;
  }

  private void panels() {
    for (int i = 0; i < panels.length; i++) {
      Matrix sums = h.tensor().matrix(0, BATCH, 0, WIDTHS[i]);
      checked.pack(depth(i), weights, 0, 0, WIDTHS[i], panels[i], 0);
      for (int m : HEIGHTS) {
        checked.gemm(0, m, x, 0, panels[i], sums.rows(0, 1), sums);
      }
    }
  }

  private void forward(int n) {
    for (int m : HEIGHTS) {
      kernels.gemm(
          m,
          n,
          FEATURES,
          x.address(),
          STRIDE,
          1,
          weights.address(),
          STRIDE,
          Kernels.LANES,
          weights.address(),
          0,
          h.address(),
          STRIDE);
    }
    kernels.scale(n, pixels, 1, x.address());
    for (Elementwise f : Elementwise.values()) {
      kernels.elements().apply(f, BATCH, n, h.address(), STRIDE);
    }
    kernels.elements().add(BATCH, n, x.address(), STRIDE, h.address(), STRIDE);
    kernels.elements().flushTiny(BATCH, n, h.address(), STRIDE);
    kernels
        .elements()
        .softmax(BATCH, 10, h.address(), STRIDE, h.address(), STRIDE, pairs.address());
  }

  private void backward(int n) {
    for (Elementwise f : Elementwise.values()) {
      kernels.elements().applyDerivative(f, BATCH, n, h.address(), STRIDE, x.address(), STRIDE);
    }
    kernels.gemm(
        FEATURES + 3,
        n,
        BATCH,
        x.address(),
        1,
        STRIDE,
        h.address(),
        STRIDE,
        Kernels.LANES,
        weights.address(),
        STRIDE,
        weights.address(),
        STRIDE);
    kernels.columnSums(BATCH, n, h.address(), STRIDE, flat);
    kernels.transpose(BATCH, n, h.address(), STRIDE, weights.address(), STRIDE);
  }

  private void cell(int n) {
    long a = x.address();
    long b = h.address();
    long c = weights.address();
    kernels.elements().multiply(BATCH, n, a, STRIDE, b, STRIDE, c, STRIDE);
    kernels.elements().multiplyAdd(BATCH, n, a, STRIDE, b, STRIDE, c, STRIDE);
    kernels.lstm().state(BATCH, n, a, b, a, STRIDE, b, STRIDE, c, c, STRIDE);
    kernels
        .lstm()
        .outputGradient(BATCH, n, a, STRIDE, b, STRIDE, a, b, STRIDE, c, STRIDE, c, STRIDE);
    kernels
        .lstm()
        .stateGradient(BATCH, n, a, b, STRIDE, a, b, a, STRIDE, b, STRIDE, c, c, c, STRIDE);
    kernels.elements().dropout(n, 1, 1 << 22, 1.5f, a, c);
    kernels.elements().leakyRelu(BATCH, n, 0.3f, c, STRIDE);
    kernels.elements().leakyReluDerivative(BATCH, n, 0.3f, c, STRIDE, a, STRIDE);
    kernels.elements().maximum(BATCH, n, 1, a, STRIDE, b, STRIDE, c, STRIDE);
    kernels.elements().addWhereEqual(BATCH, n, a, STRIDE, b, STRIDE, a, STRIDE, c, STRIDE);
    kernels.gru().state(BATCH, n, a, b, STRIDE, a, STRIDE, c, STRIDE);
    kernels
        .gru()
        .gradient(BATCH, n, a, STRIDE, b, STRIDE, c, STRIDE, a, b, STRIDE, a, STRIDE, c, c, STRIDE);
  }

  private void update() {
    long row = (long) STRIDE * Float.BYTES;
    kernels.sumInto(STRIDE, 3, flat, STRIDE);
    squares += kernels.sumOfSquares(STRIDE, flat);
    squares += kernels.sumOfMagnitudes(STRIDE, flat);
    kernels.penalize(STRIDE, flat, flat + row, 0.1f, 0.1f);
    kernels.multiply(STRIDE, flat, 0.5f);
    kernels.clip(STRIDE, flat, 1);
    optimizers(kernels.optimizers(), flat, row);
  }

  private static void optimizers(OptimizerKernels steps, long w, long row) {
    long g = w + row;
    long m = w + 2 * row;
    long v = w + 3 * row;
    long s = w + 4 * row;
    steps.adam(STRIDE, w, g, g, m, v, 1e-3f, 0.1f, 0.001f, 1e-7f);
    steps.sgd(STRIDE, w, g, 0.01f);
    steps.sgdMomentum(STRIDE, w, g, s, 0.01f, 0.9f, false);
    steps.sgdMomentum(STRIDE, w, g, s, 0.01f, 0.9f, true);
    steps.decay(STRIDE, w, 1e-5f);
    steps.amsgrad(STRIDE, w, g, g, m, v, s, 1e-3f, 0.1f, 0.001f, 1e-7f);
    steps.nadam(STRIDE, w, g, g, m, v, 1e-3f, 0.1f, 0.001f, 0.9f, 0.1f, 1, 1e-7f);
    steps.rmsProp(STRIDE, w, g, g, v, 0, 0, 1e-3f, 0.9f, 0.1f, 0, 1e-7f);
    steps.rmsProp(STRIDE, w, g, g, v, s, 0, 1e-3f, 0.9f, 0.1f, 0.5f, 1e-7f);
    steps.rmsProp(STRIDE, w, g, g, v, 0, m, 1e-3f, 0.9f, 0.1f, 0, 1e-7f);
    steps.rmsProp(STRIDE, w, g, g, v, s, m, 1e-3f, 0.9f, 0.1f, 0.5f, 1e-7f);
    steps.adamax(STRIDE, w, g, m, v, 1e-3f, 0.1f, 0.999f, 1e-7f);
    steps.adagrad(STRIDE, w, g, g, v, 1e-3f, 1e-7f);
    steps.adadelta(STRIDE, w, g, g, v, s, 1e-3f, 0.95f, 0.05f, 1e-7f);
    steps.lion(STRIDE, w, g, m, 1e-3f, 0.9f, 0.1f, 0.99f, 0.01f);
  }
}
