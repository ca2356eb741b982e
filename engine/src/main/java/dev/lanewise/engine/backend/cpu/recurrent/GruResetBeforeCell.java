package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cell of {@link Gru} with reset before: the candidate c sums inputs and r . h_{t-1}, which are
 * known when z and r are; h_t = c + z . (h_{t-1} - c). The gates lie in the order z, r, c.
 */
final class GruResetBeforeCell extends GatedCell {
  private static final int Z = 0;
  private static final int R = 1;
  private static final int C = 2;
  private static final int BLOCKS = 3;

  private final Steps inner;
  private final int gateCopies;
  private final Matrix dReset;

  private GateSums[] sums = {};
  private Matrix[] zr = {};
  private Matrix[] z = {};
  private Matrix[] r = {};
  private Matrix[] c = {};
  private Operands[] innerBoth = {};
  private Operands[] innerState = {};

  // Where derivatives are taken: values, or copies of the sums, which are kept behind the gates.
  private Matrix[] zrPoints = {};
  private Matrix[] cPoints = {};

  private Matrix[] dzr = {};
  private Matrix[] dz = {};
  private Matrix[] dr = {};
  private Matrix[] dc = {};

  private Operands innerOperands = operands;

  GruResetBeforeCell(GateWeights weights, Gru layer, CellRoom room) {
    super(weights, layer.recurrentActivation(), layer.activation(), room);
    gateCopies = copies(layer.recurrentActivation(), 2);
    inner = Objects.requireNonNull(products.inner(), "inner steps");
    dReset = room.training() ? room.scratch("gradient by r h", weights.units()) : later;
    look();
  }

  /**
   * Returns what has to be known before there is one; Keras's order is z, r, h. Blank steps are not
   * passed over: their r . h would have to be kept as well.
   */
  static CellKind kind(Gru layer) {
    List<Integer> order = List.of(Z, R, C);
    return new CellKind(
        new GateLayout(layer.units(), BLOCKS, 0, 0, 1),
        false,
        BLOCKS + copies(layer.recurrentActivation(), 2) + copies(layer.activation(), 1),
        order,
        order,
        1,
        (weights, room) -> new GruResetBeforeCell(weights, layer, room));
  }

  @Override
  public void look() {
    super.look();
    zr = room.values(Z, 2);
    z = room.values(Z, 1);
    r = room.values(R, 1);
    c = room.values(C, 1);
    int steps = room.steps();
    zrPoints = gate.derivativeNeedsSums() ? room.values(BLOCKS, 2) : zr;
    cPoints = activation.derivativeNeedsSums() ? room.values(BLOCKS + gateCopies, 1) : c;
    sums = new GateSums[steps];
    innerBoth = new Operands[steps];
    innerState = new Operands[steps];
    for (int t = 0; t < steps; t++) {
      sums[t] = new GateSums(null, zr[t], null, c[t]);
      innerBoth[t] = Operands.of(inner, t);
      innerState[t] = Operands.ofState(inner.h(t), true);
    }
    dzr = room.gradients(Z, 2);
    dz = room.gradients(Z, 1);
    dr = room.gradients(R, 1);
    dc = room.gradients(C, 1);
  }

  private Matrix before() {
    return at == 0 ? room.stateBefore(weights.zeroUnits()) : room.states()[at - 1];
  }

  @Override
  public void forward(int t, int first, int count, Operands of) {
    if (of.begun()) {
      innerOperands = t == 0 ? of : innerState[t];
    } else {
      kernels.copy(first, count, inputs(of), inner.x(t));
      innerOperands = innerBoth[t];
    }
    super.forward(t, first, count, of);
  }

  private static Matrix inputs(Operands of) {
    @Nullable Matrix x = of.inputs();
    if (x == null) {
      throw new IllegalStateException("a GRU with reset before has no steps without inputs");
    }
    return x;
  }

  @Override
  void forwardStrip(int first, int count) {
    products.sum(at, first, count, operands, sums[at]);
    apply(first, count, gate, zr[at], zrPoints[at]);
    if (at > 0 || room.isBegun()) {
      kernels.elements().multiply(first, count, r[at], before(), inner.h(at));
    }
    products.sumInner(at, first, count, innerOperands, c[at]);
    apply(first, count, activation, c[at], cPoints[at]);
    kernels.gru().state(first, count, z[at], c[at], before(), room.states()[at]);
  }

  @Override
  void backwardStrip(int first, int count, Matrix through) {
    kernels
        .gru()
        .gradient(first, count, through, dy, later, z[at], c[at], before(), dz[at], dc[at]);
    kernels.elements().derivative(first, count, dc[at], activation, cPoints[at]);
    products.innerGradient(first, count, dc[at], dReset);
    kernels.elements().multiply(first, count, dReset, before(), dr[at]);
    kernels.elements().multiplyAdd(first, count, dReset, r[at], later);
    kernels.elements().derivative(first, count, dzr[at], gate, zrPoints[at]);
  }
}
