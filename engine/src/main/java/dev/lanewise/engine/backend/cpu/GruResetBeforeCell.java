package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cell of {@link Gru} with reset before: the candidate c sums inputs and r . h_{t-1}, which are
 * known when z and r are; h_t = c + z . (h_{t-1} - c). The gates lie in the order z, r, c.
 */
final class GruResetBeforeCell implements Cell {
  private static final int Z = 0;
  private static final int R = 1;
  private static final int C = 2;
  private static final int BLOCKS = 3;

  private final CellRoom room;
  private final RecurrentWeights weights;
  private final CheckedKernels kernels;
  private final Elementwise gate;
  private final Elementwise activation;
  private final Steps inner;
  private final int gateCopies;
  private final Matrix dh;
  private final Matrix dReset;
  private final Matrix later;
  private final Strip forward = this::forwardStrip;
  private final Strip backward = this::backwardStrip;

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

  private Matrix[] gradients = {};
  private Matrix[] dzr = {};
  private Matrix[] dz = {};
  private Matrix[] dr = {};
  private Matrix[] dc = {};

  // The step at hand.
  private int at;
  private Operands operands = Operands.ofNothing(false);
  private Operands innerOperands = operands;
  private Matrix before;
  private Matrix dy;
  private boolean last;

  GruResetBeforeCell(RecurrentWeights weights, Gru layer, CellRoom room) {
    this.room = room;
    this.weights = weights;
    kernels = room.context().kernels();
    gate = RunContext.elementwise(layer.recurrentActivation());
    activation = RunContext.elementwise(layer.activation());
    gateCopies = gateCopies(layer);
    before = weights.zeroUnits;
    dy = weights.zeroUnits;
    inner =
        new Steps(
            room.context(),
            "inner steps",
            room.steps(),
            room.rows(),
            weights.features,
            weights.units);
    boolean training = room.training();
    dh = training ? room.scratch("gradient by the state", weights.units) : weights.zeroUnits;
    dReset = training ? room.scratch("gradient by r h", weights.units) : weights.zeroUnits;
    later = training ? room.scratch("gradient past the gates", weights.units) : weights.zeroUnits;
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
        kept(layer),
        order,
        order,
        1,
        (weights, room) -> new GruResetBeforeCell(weights, layer, room));
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
      innerBoth[t] = Operands.ofBoth(inner.joined(t), inner.x(t), inner.h(t));
      innerState[t] = Operands.ofState(inner.h(t), true);
    }
    gradients = room.gradients(Z, BLOCKS);
    dzr = room.gradients(Z, 2);
    dz = room.gradients(Z, 1);
    dr = room.gradients(R, 1);
    dc = room.gradients(C, 1);
  }

  @Override
  public Steps inner() {
    return inner;
  }

  @Override
  public void forward(int t, int rows, Operands of) {
    at = t;
    operands = of;
    before = t == 0 ? weights.zeroUnits : room.states()[t - 1];
    innerOperands = innerOperands(t, rows, of);
    weights.inStrips(kernels, rows, forward);
  }

  private Operands innerOperands(int t, int rows, Operands of) {
    if (of.begun()) {
      return t == 0 ? of : innerState[t];
    }
    @Nullable Matrix x = of.inputs();
    if (x == null) {
      throw new IllegalStateException("a GRU with reset before has no steps without inputs");
    }
    kernels.copy(rows, x, inner.x(t));
    return t == 0 ? of : innerBoth[t];
  }

  private void forwardStrip(int first, int count) {
    weights.sum(kernels, first, count, operands, sums[at]);
    if (gate.derivativeNeedsSums()) {
      kernels.copy(first, count, zr[at], zrPoints[at]);
    }
    kernels.activation(first, count, zr[at], gate);
    if (at > 0) {
      kernels.multiply(first, count, r[at], before, inner.h(at));
    }
    weights.sumInner(kernels, first, count, innerOperands, c[at]);
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
    weights.innerGradient(kernels, first, count, gradients[at], dReset);
    kernels.multiply(first, count, dReset, before, dr[at]);
    kernels.multiplyAdd(first, count, dReset, r[at], later);
    kernels.derivative(first, count, dzr[at], gate, zrPoints[at]);
  }
}
