package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Lstm;
import java.util.List;

/** c = f * c + i * g, h = o * act(c); gates in Keras's order i, f, g, o. */
final class ReferenceLstmCell implements ReferenceCell {
  private final Activation activation;
  private final Activation gate;
  private final int units;
  private final GateWeights gates;

  ReferenceLstmCell(Lstm layer, List<double[]> weights, ReferenceMasks masks) {
    activation = layer.activation();
    gate = layer.recurrentActivation();
    units = layer.units();
    gates = new GateWeights(weights, masks, units, 4);
  }

  private Activation function(int index) {
    return index == 2 ? activation : gate;
  }

  @Override
  public int states() {
    return 2;
  }

  @Override
  public double[][] forward(double[] x, double[][] state, double[][] next) {
    double[][] kept = new double[10][]; // gates, act(c), the gates' sums, c
    for (int k = 0; k < 4; k++) {
      kept[5 + k] = gates.sum(k, x, state[0]);
      kept[k] = ReferenceActivation.apply(function(k), kept[5 + k]);
    }
    for (int u = 0; u < units; u++) {
      next[1][u] = kept[1][u] * state[1][u] + kept[0][u] * kept[2][u];
    }
    kept[9] = next[1].clone();
    kept[4] = ReferenceActivation.apply(activation, next[1]);
    for (int u = 0; u < units; u++) {
      next[0][u] = kept[3][u] * kept[4][u];
    }
    return kept;
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
    double[] dOut = new double[units];
    for (int u = 0; u < units; u++) {
      dOut[u] = dNext[0][u] * kept[3][u];
    }
    double[] dc = ReferenceActivation.backward(activation, kept[9], dOut);
    double[][] d = new double[4][units];
    for (int u = 0; u < units; u++) {
      dc[u] += dNext[1][u];
      d[0][u] = dc[u] * kept[2][u];
      d[1][u] = dc[u] * state[1][u];
      d[2][u] = dc[u] * kept[0][u];
      d[3][u] = dNext[0][u] * kept[4][u];
      dState[1][u] += dc[u] * kept[1][u];
    }
    for (int k = 0; k < 4; k++) {
      double[] dz = ReferenceActivation.backward(function(k), kept[5 + k], d[k]);
      gates.backward(k, dz, x, state[0], dx, dState[0], gradients);
    }
  }
}
