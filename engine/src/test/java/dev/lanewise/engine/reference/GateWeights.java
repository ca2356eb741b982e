package dev.lanewise.engine.reference;

import java.util.List;

/**
 * The weights of a recurrent layer, kernel, recurrent kernel and bias, gate by gate, and what its
 * sums do without.
 */
final class GateWeights {
  private static final double[] ONE = {1};

  private final List<double[]> weights;
  private final ReferenceMasks masks;
  private final int units;
  private final int columns;

  GateWeights(List<double[]> weights, ReferenceMasks masks, int units, int gates) {
    this.weights = weights;
    this.masks = masks;
    this.units = units;
    columns = gates * units;
  }

  /** Returns x * kernel + h * recurrentKernel + bias of one gate. */
  double[] sum(int gate, double[] x, double[] h) {
    double[] z = ofInput(gate, x);
    Products.add(masks.ofState(gate, h), weights.get(1), gate * units, columns, z);
    return z;
  }

  /** Returns x * kernel + bias of one gate, the first row of a bias that has two. */
  double[] ofInput(int gate, double[] x) {
    double[] z = bias(0, gate);
    Products.add(masks.ofInput(gate, x), weights.get(0), gate * units, columns, z);
    return z;
  }

  /** Returns h * recurrentKernel of one gate, and the second row of a bias that has two. */
  double[] ofState(int gate, double[] h) {
    double[] z = bias(1, gate);
    Products.add(masks.ofState(gate, h), weights.get(1), gate * units, columns, z);
    return z;
  }

  private double[] bias(int row, int gate) {
    double[] z = new double[units];
    if (weights.size() > 2 && weights.get(2).length > row * columns) {
      System.arraycopy(weights.get(2), row * columns + gate * units, z, 0, units);
    }
    return z;
  }

  /** The gradients of {@link #sum}. */
  void backward(
      int gate,
      double[] dz,
      double[] x,
      double[] h,
      double[] dx,
      double[] dh,
      List<double[]> gradients) {
    ofInputBackward(gate, dz, x, dx, gradients);
    stateBackward(gate, dz, h, dh, gradients);
  }

  void ofInputBackward(int gate, double[] dz, double[] x, double[] dx, List<double[]> gradients) {
    Products.addOuter(masks.ofInput(gate, x), dz, gate * units, columns, gradients.get(0));
    double[] d = new double[x.length];
    Products.addTransposed(dz, weights.get(0), gate * units, columns, d);
    Products.add(dx, masks.ofInput(gate, d));
    biasBackward(0, gate, dz, gradients);
  }

  void ofStateBackward(int gate, double[] dz, double[] h, double[] dh, List<double[]> gradients) {
    stateBackward(gate, dz, h, dh, gradients);
    biasBackward(1, gate, dz, gradients);
  }

  private void stateBackward(
      int gate, double[] dz, double[] h, double[] dh, List<double[]> gradients) {
    Products.addOuter(masks.ofState(gate, h), dz, gate * units, columns, gradients.get(1));
    double[] d = new double[h.length];
    Products.addTransposed(dz, weights.get(1), gate * units, columns, d);
    Products.add(dh, masks.ofState(gate, d));
  }

  private void biasBackward(int row, int gate, double[] dz, List<double[]> gradients) {
    if (weights.size() > 2 && weights.get(2).length > row * columns) {
      int column = row * columns + gate * units;
      Products.addOuter(ONE, dz, column, columns, gradients.get(2));
    }
  }
}
