package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import java.util.Arrays;

/** Activations of one row, and the product of a gradient with their Jacobian. */
final class ReferenceActivation {
  private ReferenceActivation() {}

  static double[] apply(Activation f, double[] x) {
    if (f != Activation.SOFTMAX) {
      return Arrays.stream(x).map(v -> ReferenceFunction.of(f, v)).toArray();
    }
    double max = Arrays.stream(x).max().orElseThrow();
    double[] e = Arrays.stream(x).map(v -> Math.exp(v - max)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  /** Returns the gradient by x of that by f(x), dy. */
  static double[] backward(Activation f, double[] x, double[] dy) {
    double[] y = apply(f, x);
    double[] dz = new double[x.length];
    double dot = 0;
    for (int i = 0; i < x.length; i++) {
      dot += y[i] * dy[i];
    }
    for (int i = 0; i < x.length; i++) {
      dz[i] =
          f == Activation.SOFTMAX
              ? y[i] * (dy[i] - dot)
              : dy[i] * ReferenceFunction.derivative(f, x[i]);
    }
    return dz;
  }
}
