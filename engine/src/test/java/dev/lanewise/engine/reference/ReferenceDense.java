package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import java.util.List;

/** {@link Dense} at each position. */
final class ReferenceDense implements ReferenceLayer {
  private static final double[] ONE = {1};

  private final Activation f;
  private final int units;
  private final List<double[]> weights;
  private Signal input;
  private Signal sums;

  ReferenceDense(Dense layer, List<double[]> weights) {
    f = layer.activation();
    units = layer.units();
    this.weights = weights;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    sums = Signal.zeros(x.positions(), x.samples(), units);
    Signal output = Signal.zeros(x.positions(), x.samples(), units);
    for (int p = 0; p < x.positions(); p++) {
      for (int n = 0; n < x.samples(); n++) {
        double[] z = weights.size() > 1 ? weights.get(1).clone() : new double[units];
        Products.add(x.at()[p][n], weights.get(0), 0, units, z);
        sums.at()[p][n] = z;
        output.at()[p][n] = ReferenceActivation.apply(f, z);
      }
    }
    return output.masked(x.used());
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (int p = 0; p < input.positions(); p++) {
      for (int n = 0; n < input.samples(); n++) {
        double[] dz = ReferenceActivation.backward(f, sums.at()[p][n], dy.at()[p][n]);
        Products.addOuter(input.at()[p][n], dz, 0, units, gradients.get(0));
        Products.addTransposed(dz, weights.get(0), 0, units, dx.at()[p][n]);
        if (weights.size() > 1) {
          Products.addOuter(ONE, dz, 0, units, gradients.get(1));
        }
      }
    }
    return dx;
  }
}
