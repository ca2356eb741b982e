package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.SimpleRnn;
import java.util.List;

/** h = f(x * kernel + h * recurrentKernel + bias). */
final class ReferenceSimpleCell implements ReferenceCell {
  private final Activation f;
  private final int units;
  private final GateWeights gates;

  ReferenceSimpleCell(SimpleRnn layer, List<double[]> weights, ReferenceMasks masks) {
    f = layer.activation();
    units = layer.units();
    gates = new GateWeights(weights, masks, units, 1);
  }

  @Override
  public int states() {
    return 1;
  }

  @Override
  public double[][] forward(double[] x, double[][] state, double[][] next) {
    double[] z = gates.sum(0, x, state[0]);
    System.arraycopy(ReferenceActivation.apply(f, z), 0, next[0], 0, units);
    return new double[][] {z};
  }

  @Override
  public void backward(
      double[][] kept,
      double[] x,
      double[][] state,
      double[][] dNext,
      double[] dx,
      double[][] dState,
      List<double[]> gradients) {
    double[] dz = ReferenceActivation.backward(f, kept[0], dNext[0]);
    gates.backward(0, dz, x, state[0], dx, dState[0], gradients);
  }
}
