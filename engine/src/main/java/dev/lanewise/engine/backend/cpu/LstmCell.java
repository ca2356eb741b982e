package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The cell of {@link Lstm}: c_t = f . c_{t-1} + i . g, h_t = o . act(c_t), i, f, o and g being the
 * functions of their sums. The gates lie in the order i, f, o, g, so that those of one function are
 * neighbours; c_t and act(c_t) are kept behind them, and then copies of the sums at which
 * derivatives are taken that are not functions of what becomes of them.
 */
final class LstmCell implements Cell {
  private static final int I = 0;
  private static final int F = 1;
  private static final int O = 2;
  private static final int G = 3;
  private static final int C = 4;
  private static final int OUT = 5;
  private static final int GATES = 4;

  private static final int SUMS = 6;

  private final CellRoom room;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final Elementwise gate;
  private final Elementwise activation;
  private final int gateCopies;
  private final Matrix dh;
  private final Matrix dc;
  private final Matrix later;
  private final Strip forward = this::forwardStrip;
  private final Strip backward = this::backwardStrip;

  private GateSums[] sums = {};
  private Matrix[] ifo = {};
  private Matrix[] i = {};
  private Matrix[] f = {};
  private Matrix[] o = {};
  private Matrix[] g = {};
  private Matrix[] c = {};
  private Matrix[] out = {};

  // Where derivatives are taken: values, or copies of the sums.
  private Matrix[] ifoPoints = {};
  private Matrix[] gPoints = {};
  private Matrix[] outPoints = {};

  private Matrix[] gradients = {};
  private Matrix[] dIfo = {};
  private Matrix[] di = {};
  private Matrix[] df = {};
  private Matrix[] dOut = {};
  private Matrix[] dg = {};

  // The step at hand.
  private int at;
  private Operands operands = Operands.ofNothing(false);
  private Matrix before;
  private Matrix dy;
  private boolean last;

  LstmCell(RecurrentWeights weights, Lstm layer, CellRoom room) {
    this.room = room;
    this.weights = weights;
    kernels = room.context().kernels();
    gate = RunContext.elementwise(layer.recurrentActivation());
    activation = RunContext.elementwise(layer.activation());
    gateCopies = ofGates(layer);
    before = weights.zeroUnits;
    dy = weights.zeroUnits;
    boolean training = room.training();
    dh = training ? room.scratch("gradient by the state", weights.units) : weights.zeroUnits;
    dc = training ? room.scratch("gradient through the output", weights.units) : weights.zeroUnits;
    later = training ? room.scratch("gradient by the cell state", weights.units) : dc;
    look();
  }

  /** Returns what has to be known before there is one; Keras's order is i, f, g, o. */
  static CellKind kind(Lstm layer) {
    List<Integer> order = List.of(I, F, G, O);
    GateLayout gates = GateLayout.joined(layer.units(), GATES);
    return new CellKind(
        gates,
        false,
        SUMS + ofGates(layer) + (needsSums(layer.activation()) ? 1 : 0),
        order,
        order,
        1,
        (weights, room) -> new LstmCell(weights, layer, room));
  }

  private static boolean needsSums(Activation f) {
    return RunContext.elementwise(f).derivativeNeedsSums();
  }

  /** Returns the blocks of copies of the gates' sums. */
  private static int ofGates(Lstm layer) {
    return needsSums(layer.recurrentActivation()) ? 3 : 0;
  }

  @Override
  public void look() {
    ifo = room.values(I, 3);
    i = room.values(I, 1);
    f = room.values(F, 1);
    o = room.values(O, 1);
    g = room.values(G, 1);
    c = room.values(C, 1);
    out = room.values(OUT, 1);
    ifoPoints = gate.derivativeNeedsSums() ? room.values(SUMS, 3) : ifo;
    gPoints = activation.derivativeNeedsSums() ? room.values(SUMS + gateCopies, 1) : g;
    outPoints = activation.derivativeNeedsSums() ? c : out;
    Matrix[] all = room.values(I, GATES);
    sums = new GateSums[all.length];
    for (int t = 0; t < all.length; t++) {
      sums[t] = GateSums.of(all[t]);
    }
    gradients = room.gradients(I, GATES);
    dIfo = room.gradients(I, 3);
    di = room.gradients(I, 1);
    df = room.gradients(F, 1);
    dOut = room.gradients(O, 1);
    dg = room.gradients(G, 1);
  }

  @Override
  public void follow(int t, int rows, Cell one) {
    kernels.fill(rows, ((LstmCell) one).c[t - 1], c[t - 1]);
  }

  @Override
  public void forward(int t, int rows, Operands of) {
    at = t;
    operands = of;
    before = t == 0 ? weights.zeroUnits : c[t - 1];
    weights.inStrips(kernels, rows, forward);
  }

  private void forwardStrip(int first, int count) {
    weights.sum(kernels, first, count, operands, sums[at]);
    if (gate.derivativeNeedsSums()) {
      kernels.copy(first, count, ifo[at], ifoPoints[at]);
    }
    if (activation.derivativeNeedsSums()) {
      kernels.copy(first, count, g[at], gPoints[at]);
    }
    kernels.activation(first, count, ifo[at], gate);
    kernels.activation(first, count, g[at], activation);
    kernels.lstm().state(first, count, i[at], f[at], g[at], before, c[at], out[at]);
    kernels.activation(first, count, out[at], activation);
    kernels.multiply(first, count, o[at], out[at], room.states()[at]);
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
    kernels.columnSums(rows, ((LstmCell) many).later, later);
  }

  private void back(int t, int rows, Matrix upstream) {
    at = t;
    dy = upstream;
    before = t == 0 ? weights.zeroUnits : c[t - 1];
    weights.inStripsBack(kernels, rows, backward);
  }

  private void backwardStrip(int first, int count) {
    Matrix gradient = weights.zeroUnits;
    if (!last) {
      weights.stateGradient(kernels, first, count, gradients[at + 1], weights.zeroUnits, dh);
      gradient = dh;
    }
    kernels.lstm().outputGradient(first, count, gradient, dy, o[at], out[at], dOut[at], dc);
    kernels.derivative(first, count, dc, activation, outPoints[at]);
    kernels
        .lstm()
        .stateGradient(
            first, count, dc, later, i[at], f[at], g[at], before, di[at], df[at], dg[at]);
    kernels.derivative(first, count, dIfo[at], gate, ifoPoints[at]);
    kernels.derivative(first, count, dg[at], activation, gPoints[at]);
  }
}
