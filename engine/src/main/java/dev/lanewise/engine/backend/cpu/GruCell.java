package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The cell of {@link Gru} with reset after: c = act(a + r . b), h_t = c + z . (h_{t-1} - c), a
 * being the sum of inputs and b that of states. The gates lie in the order a, z, r, b: what sums
 * inputs are the first three, what sums states the last three. a becomes c where it is.
 */
final class GruCell implements Cell {
  private static final int C = 0;
  private static final int Z = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int BLOCKS = 4;

  private final CellRoom room;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final Elementwise gate;
  private final Elementwise activation;
  private final int gateCopies;
  private final Matrix dh;
  private final Matrix later;
  private final Strip forward = this::forwardStrip;
  private final Strip backward = this::backwardStrip;

  private GateSums[] sums = {};
  private Matrix[] zr = {};
  private Matrix[] c = {};
  private Matrix[] z = {};
  private Matrix[] r = {};
  private Matrix[] b = {};

  // Where derivatives are taken: values, or copies of the sums, which are kept behind the gates.
  private Matrix[] zrPoints = {};
  private Matrix[] cPoints = {};

  private Matrix[] gradients = {};
  private Matrix[] dzr = {};
  private Matrix[] dc = {};
  private Matrix[] dz = {};
  private Matrix[] dr = {};
  private Matrix[] db = {};

  // The step at hand.
  private int at;
  private Operands operands = Operands.ofNothing(false);
  private Matrix before;
  private Matrix dy;
  private boolean last;

  GruCell(RecurrentWeights weights, Gru layer, CellRoom room) {
    this.room = room;
    this.weights = weights;
    kernels = room.context().kernels();
    gate = RunContext.elementwise(layer.recurrentActivation());
    activation = RunContext.elementwise(layer.activation());
    gateCopies = gateCopies(layer);
    before = weights.zeroUnits;
    dy = weights.zeroUnits;
    boolean training = room.training();
    dh = training ? room.scratch("gradient by the state", weights.units) : weights.zeroUnits;
    later = training ? room.scratch("gradient past the gates", weights.units) : weights.zeroUnits;
    look();
  }

  /** Returns what has to be known before there is one; Keras's order is z, r, h. */
  static CellKind kind(Gru layer) {
    return new CellKind(
        new GateLayout(layer.units(), BLOCKS, 1, 1, 0),
        false,
        kept(layer),
        List.of(Z, R, C),
        List.of(Z, R, B),
        2,
        (weights, room) -> new GruCell(weights, layer, room));
  }

  private static int kept(Gru layer) {
    return BLOCKS + gateCopies(layer) + (needsSums(layer.activation()) ? 1 : 0);
  }

  private static boolean needsSums(Activation f) {
    return RunContext.elementwise(f).derivativeNeedsSums();
  }

  /** Returns the blocks of copies of the gates' sums. */
  private static int gateCopies(Gru layer) {
    return needsSums(layer.recurrentActivation()) ? 2 : 0;
  }

  @Override
  public void look() {
    zr = room.values(Z, 2);
    c = room.values(C, 1);
    z = room.values(Z, 1);
    r = room.values(R, 1);
    b = room.values(B, 1);
    zrPoints = gate.derivativeNeedsSums() ? room.values(BLOCKS, 2) : zr;
    cPoints = activation.derivativeNeedsSums() ? room.values(BLOCKS + gateCopies, 1) : c;
    sums = new GateSums[zr.length];
    for (int t = 0; t < sums.length; t++) {
      sums[t] = new GateSums(c[t], zr[t], b[t], null);
    }
    gradients = room.gradients(C, BLOCKS);
    dzr = room.gradients(Z, 2);
    dc = room.gradients(C, 1);
    dz = room.gradients(Z, 1);
    dr = room.gradients(R, 1);
    db = room.gradients(B, 1);
  }

  @Override
  public void forward(int t, int rows, Operands of) {
    at = t;
    operands = of;
    before = t == 0 ? weights.zeroUnits : room.states()[t - 1];
    weights.inStrips(kernels, rows, forward);
  }

  private void forwardStrip(int first, int count) {
    weights.sum(kernels, first, count, operands, sums[at]);
    if (gate.derivativeNeedsSums()) {
      kernels.copy(first, count, zr[at], zrPoints[at]);
    }
    kernels.activation(first, count, zr[at], gate);
    kernels.multiplyAdd(first, count, r[at], b[at], c[at]);
    if (activation.derivativeNeedsSums()) {
      kernels.copy(first, count, c[at], cPoints[at]);
    }
    kernels.activation(first, count, c[at], activation);
    kernels.gru().state(first, count, z[at], c[at], before, room.states()[at]);
  }

  @Override
  public void backwardLast(int t, int rows, Matrix upstream) {
    kernels.start(rows, weights.zeroUnits, later);
    last = true;
    back(t, rows, upstream);
  }

  @Override
  public void backward(int t, int rows, Matrix upstream) {
    last = false;
    back(t, rows, upstream);
  }

  @Override
  public void followBack(int rows, Cell many) {
    kernels.start(1, weights.zeroUnits, later);
    kernels.columnSums(rows, ((GruCell) many).later, later);
  }

  private void back(int t, int rows, Matrix upstream) {
    at = t;
    dy = upstream;
    before = t == 0 ? weights.zeroUnits : room.states()[t - 1];
    weights.inStripsBack(kernels, rows, backward);
  }

  private void backwardStrip(int first, int count) {
    Matrix gradient = weights.zeroUnits;
    if (!last) {
      weights.stateGradient(kernels, first, count, gradients[at + 1], weights.zeroUnits, dh);
      gradient = dh;
    }
    kernels.gru().gradient(first, count, gradient, dy, later, z[at], c[at], before, dz[at], dc[at]);
    kernels.derivative(first, count, dc[at], activation, cPoints[at]);
    kernels.multiply(first, count, dc[at], b[at], dr[at]);
    kernels.multiply(first, count, dc[at], r[at], db[at]);
    kernels.derivative(first, count, dzr[at], gate, zrPoints[at]);
  }
}
