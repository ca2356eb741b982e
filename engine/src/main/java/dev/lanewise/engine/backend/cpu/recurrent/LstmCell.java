package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The cell of {@link Lstm}: c_t = f . c_{t-1} + i . g, h_t = o . act(c_t), i, f, o and g being the
 * functions of their sums. The gates lie in the order i, f, o, g, so that those of one function are
 * neighbours; c_t and act(c_t) are kept behind them, and then copies of the sums at which
 * derivatives are taken that are not functions of what becomes of them.
 */
final class LstmCell extends GatedCell {
  private static final int I = 0;
  private static final int F = 1;
  private static final int O = 2;
  private static final int G = 3;
  private static final int C = 4;
  private static final int OUT = 5;
  private static final int GATES = 4;

  private static final int SUMS = 6;

  private final int gateCopies;
  private final Matrix dc;

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

  /** Whether gates are sigmoids and the state tanh, for which the way back is one loop. */
  private final boolean usual;

  private Matrix[] values = {};
  private Matrix[] d = {};

  private Matrix[] dIfo = {};
  private Matrix[] di = {};
  private Matrix[] df = {};
  private Matrix[] dOut = {};
  private Matrix[] dg = {};

  LstmCell(GateWeights weights, Lstm layer, CellRoom room) {
    super(weights, layer.recurrentActivation(), layer.activation(), room);
    gateCopies = copies(layer.recurrentActivation(), 3);
    usual = gate == Elementwise.SIGMOID && activation == Elementwise.TANH;
    dc = room.training() ? room.scratch("gradient by the output", weights.units()) : later;
    look();
  }

  /** Returns what has to be known before there is one; Keras's order is i, f, g, o. */
  static CellKind kind(Lstm layer) {
    List<Integer> order = List.of(I, F, G, O);
    GateLayout gates = GateLayout.joined(layer.units(), GATES);
    return new CellKind(
        gates,
        false,
        SUMS + copies(layer.recurrentActivation(), 3) + copies(layer.activation(), 1),
        order,
        order,
        1,
        (weights, room) -> new LstmCell(weights, layer, room));
  }

  @Override
  public void look() {
    super.look();
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
    if (usual) {
      values = room.values(I, SUMS);
      d = room.gradients(I, GATES);
    } else {
      dIfo = room.gradients(I, 3);
      di = room.gradients(I, 1);
      df = room.gradients(F, 1);
      dOut = room.gradients(O, 1);
      dg = room.gradients(G, 1);
    }
  }

  private Matrix before() {
    return at == 0 ? room.cellStateBefore(weights.zeroUnits()) : c[at - 1];
  }

  @Override
  public List<Matrix> carried(int t) {
    return List.of(c[t]);
  }

  @Override
  public void carry(int t, int from, int first, int count) {
    Matrix before = from < 0 ? room.cellStateBefore(weights.zeroUnits()) : c[from];
    kernels.start(first, count, before, c[t]);
  }

  @Override
  public void follow(int t, int first, int count, Cell one) {
    kernels.fill(first, count, ((LstmCell) one).c[t - 1], c[t - 1]);
  }

  @Override
  public Matrix cellState(int t) {
    return c[t];
  }

  @Override
  public void leaveCellStateGradient(int rows, Matrix dCellState) {
    kernels.copy(rows, later, dCellState);
  }

  /** What goes past the gates is of the cell state. */
  @Override
  Matrix pastGates() {
    return weights.zeroUnits();
  }

  @Override
  void forwardStrip(int first, int count) {
    products.sum(at, first, count, operands, sums[at]);
    apply(first, count, gate, ifo[at], ifoPoints[at]);
    apply(first, count, activation, g[at], gPoints[at]);
    kernels.lstm().state(first, count, i[at], f[at], g[at], before(), c[at], out[at]);
    kernels.elements().activation(first, count, out[at], activation);
    kernels.elements().multiply(first, count, o[at], out[at], room.states()[at]);
  }

  @Override
  void backwardStrip(int first, int count, Matrix through) {
    if (usual) {
      kernels.lstm().gradient(first, count, through, dy, values[at], before(), later, d[at]);
      return;
    }
    kernels.lstm().outputGradient(first, count, through, dy, o[at], out[at], dOut[at], dc);
    kernels.elements().derivative(first, count, dc, activation, outPoints[at]);
    kernels
        .lstm()
        .stateGradient(
            first, count, dc, later, i[at], f[at], g[at], before(), di[at], df[at], dg[at]);
    kernels.elements().derivative(first, count, dIfo[at], gate, ifoPoints[at]);
    kernels.elements().derivative(first, count, dg[at], activation, gPoints[at]);
  }
}
