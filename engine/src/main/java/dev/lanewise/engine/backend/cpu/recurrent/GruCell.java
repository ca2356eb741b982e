package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The cell of {@link Gru} with reset after: c = act(a + r . b), h_t = c + z . (h_{t-1} - c), a
 * being the sum of inputs and b that of states. The gates lie in the order a, z, r, b: what sums
 * inputs are the first three, what sums states the last three. a becomes c where it is.
 */
final class GruCell extends GatedCell {
  private static final int C = 0;
  private static final int Z = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int BLOCKS = 4;

  private final int gateCopies;

  private GateSums[] sums = {};
  private Matrix[] zr = {};
  private Matrix[] c = {};
  private Matrix[] z = {};
  private Matrix[] r = {};
  private Matrix[] b = {};

  // Where derivatives are taken: values, or copies of the sums, which are kept behind the gates.
  private Matrix[] zrPoints = {};
  private Matrix[] cPoints = {};

  private Matrix[] dzr = {};
  private Matrix[] dc = {};
  private Matrix[] dz = {};
  private Matrix[] dr = {};
  private Matrix[] db = {};

  GruCell(GateWeights weights, Gru layer, CellRoom room) {
    super(weights, layer.recurrentActivation(), layer.activation(), room);
    gateCopies = copies(layer.recurrentActivation(), 2);
    look();
  }

  /** Returns what has to be known before there is one; Keras's order is z, r, h. */
  static CellKind kind(Gru layer) {
    return new CellKind(
        new GateLayout(layer.units(), BLOCKS, 1, 1, 0),
        false,
        BLOCKS + copies(layer.recurrentActivation(), 2) + copies(layer.activation(), 1),
        List.of(Z, R, C),
        List.of(Z, R, B),
        2,
        (weights, room) -> new GruCell(weights, layer, room));
  }

  @Override
  public void look() {
    super.look();
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
    dzr = room.gradients(Z, 2);
    dc = room.gradients(C, 1);
    dz = room.gradients(Z, 1);
    dr = room.gradients(R, 1);
    db = room.gradients(B, 1);
  }

  private Matrix before() {
    return at == 0 ? room.stateBefore(weights.zeroUnits()) : room.states()[at - 1];
  }

  @Override
  void forwardStrip(int first, int count) {
    products.sum(at, first, count, operands, sums[at]);
    apply(first, count, gate, zr[at], zrPoints[at]);
    kernels.elements().multiplyAdd(first, count, r[at], b[at], c[at]);
    apply(first, count, activation, c[at], cPoints[at]);
    kernels.gru().state(first, count, z[at], c[at], before(), room.states()[at]);
  }

  @Override
  void backwardStrip(int first, int count, Matrix through) {
    kernels
        .gru()
        .gradient(first, count, through, dy, later, z[at], c[at], before(), dz[at], dc[at]);
    kernels.elements().derivative(first, count, dc[at], activation, cPoints[at]);
    kernels.elements().multiply(first, count, dc[at], b[at], dr[at]);
    kernels.elements().multiply(first, count, dc[at], r[at], db[at]);
    kernels.elements().derivative(first, count, dzr[at], gate, zrPoints[at]);
  }
}
