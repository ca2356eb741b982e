package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;

/**
 * The cell of {@link SimpleRnn}: h_t = f(z_t), so that the sums become the state where they are,
 * and dz_t = (dy_t + dz_{t+1} * recurrentKernel') . f'. An f whose derivative is taken at the sums
 * has them copied before they are gone.
 */
final class SimpleCell implements Cell {
  private final CellRoom room;
  private final GateWeights weights;
  private final CellProducts products;
  private final CheckedKernels kernels;
  private final Elementwise f;
  private final Strip forward = this::forwardStrip;
  private final Strip backward = this::backwardStrip;

  private GateSums[] sums = {};
  private Matrix[] gradients = {};

  /** Where f's derivative is taken: the states, or copies of the sums. */
  private Matrix[] points = {};

  // The step at hand.
  private int at;
  private Operands operands = Operands.ofNothing(false);
  private Matrix dy;

  SimpleCell(GateWeights weights, SimpleRnn layer, CellRoom room) {
    this.room = room;
    this.weights = weights;
    products = room.products();
    kernels = room.context().kernels();
    f = RunContext.elementwise(layer.activation());
    dy = weights.zeroUnits();
    look();
  }

  /** Returns what has to be known before there is one. */
  static CellKind kind(SimpleRnn layer) {
    List<Integer> only = List.of(0);
    GateLayout gates = GateLayout.joined(layer.units(), 1);
    return new CellKind(
        gates,
        true,
        RunContext.elementwise(layer.activation()).derivativeNeedsSums() ? 1 : 0,
        only,
        only,
        1,
        (weights, room) -> new SimpleCell(weights, layer, room));
  }

  @Override
  public void look() {
    gradients = room.gradients(0, 1);
    points = f.derivativeNeedsSums() ? room.values(0, 1) : room.states();
    sums = new GateSums[room.steps()];
    for (int t = 0; t < sums.length; t++) {
      sums[t] = GateSums.of(room.states()[t]);
    }
  }

  @Override
  public void forward(int t, int first, int count, Operands of) {
    at = t;
    operands = of;
    weights.inStrips(kernels, first, count, forward);
  }

  private void forwardStrip(int first, int count) {
    products.sum(at, first, count, operands, sums[at]);
    if (f.derivativeNeedsSums()) {
      kernels.copy(first, count, sums[at].both(), points[at]);
    }
    kernels.elements().activation(first, count, sums[at].both(), f);
  }

  @Override
  public void backwardLast(int t, int first, int count, Matrix upstream) {
    kernels.start(first, count, upstream, gradients[t]);
    kernels.elements().derivative(first, count, gradients[t], f, points[t]);
  }

  @Override
  public void leaveStateGradient(int rows, Matrix dState) {
    products.stateGradient(0, rows, gradients[0], weights.zeroUnits(), dState);
  }

  @Override
  public void backward(int t, int first, int count, Matrix upstream) {
    at = t;
    dy = upstream;
    weights.inStripsBack(kernels, first, count, backward);
  }

  private void backwardStrip(int first, int count) {
    Matrix gradient = gradients[at];
    products.stateGradient(first, count, gradients[at + 1], dy, gradient);
    if (Cell.flushes(at)) {
      kernels.elements().flushTiny(first, count, gradient);
    }
    kernels.elements().derivative(first, count, gradient, f, points[at]);
  }
}
