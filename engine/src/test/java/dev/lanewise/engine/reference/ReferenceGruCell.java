package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Gru;
import java.util.List;

/** h = z h + (1 - z) c, in both forms of c; gates in Keras's order z, r, c. */
final class ReferenceGruCell implements ReferenceCell {
  private static final int Z = 0;
  private static final int R = 1;
  private static final int C = 2;
  private static final int STATE_PART = 3;
  private static final int RESET_STATE = 4;
  private static final int SUMS = 5;

  private final Activation activation;
  private final Activation gate;
  private final boolean after;
  private final int units;
  private final GateWeights gates;

  ReferenceGruCell(Gru layer, List<double[]> weights, ReferenceMasks masks) {
    activation = layer.activation();
    gate = layer.recurrentActivation();
    after = layer.resetAfter();
    units = layer.units();
    gates = new GateWeights(weights, masks, units, 3);
  }

  @Override
  public int states() {
    return 1;
  }

  @Override
  public double[][] forward(double[] x, double[][] state, double[][] next) {
    double[] h = state[0];
    double[] zSum = sum(Z, x, h);
    double[] rSum = sum(R, x, h);
    double[] z = ReferenceActivation.apply(gate, zSum);
    double[] r = ReferenceActivation.apply(gate, rSum);
    double[] statePart = gates.ofState(C, h);
    double[] sum = gates.ofInput(C, x);
    double[] reset = Products.ofElements(r, h);
    Products.add(sum, after ? Products.ofElements(r, statePart) : gates.ofState(C, reset));
    double[] c = ReferenceActivation.apply(activation, sum);
    for (int u = 0; u < units; u++) {
      next[0][u] = z[u] * h[u] + (1 - z[u]) * c[u];
    }
    return new double[][] {z, r, c, statePart, reset, zSum, rSum, sum};
  }

  private double[] sum(int index, double[] x, double[] h) {
    double[] z = gates.ofInput(index, x);
    Products.add(z, gates.ofState(index, h));
    return z;
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
    double[] h = state[0];
    double[] dz = new double[units];
    double[] dc = new double[units];
    for (int u = 0; u < units; u++) {
      dz[u] = dNext[0][u] * (h[u] - kept[C][u]);
      dc[u] = dNext[0][u] * (1 - kept[Z][u]);
      dState[0][u] += dNext[0][u] * kept[Z][u];
    }
    double[] dSum = ReferenceActivation.backward(activation, kept[SUMS + C], dc);
    gates.ofInputBackward(C, dSum, x, dx, gradients);
    double[] dr;
    if (after) {
      dr = Products.ofElements(dSum, kept[STATE_PART]);
      gates.ofStateBackward(C, Products.ofElements(dSum, kept[R]), h, dState[0], gradients);
    } else {
      double[] dReset = new double[units];
      gates.ofStateBackward(C, dSum, kept[RESET_STATE], dReset, gradients);
      dr = Products.ofElements(dReset, h);
      Products.add(dState[0], Products.ofElements(dReset, kept[R]));
    }
    bothBackward(
        Z, ReferenceActivation.backward(gate, kept[SUMS + Z], dz), x, h, dx, dState, gradients);
    bothBackward(
        R, ReferenceActivation.backward(gate, kept[SUMS + R], dr), x, h, dx, dState, gradients);
  }

  private void bothBackward(
      int index,
      double[] d,
      double[] x,
      double[] h,
      double[] dx,
      double[][] dState,
      List<double[]> gradients) {
    gates.ofInputBackward(index, d, x, dx, gradients);
    gates.ofStateBackward(index, d, h, dState[0], gradients);
  }
}
