package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import java.util.Arrays;

/** Activations of one row, and the product of a gradient with their Jacobian. */
final class ReferenceActivation {
  private ReferenceActivation() {}

  static double[] apply(Activation f, double[] x) {
    return switch (f) {
      case LINEAR -> x.clone();
      case RELU -> Arrays.stream(x).map(v -> Math.max(0, v)).toArray();
      case TANH -> Arrays.stream(x).map(Math::tanh).toArray();
      case SIGMOID -> Arrays.stream(x).map(v -> 1 / (1 + Math.exp(-v))).toArray();
      case SOFTMAX -> {
        double max = Arrays.stream(x).max().orElseThrow();
        double[] e = Arrays.stream(x).map(v -> Math.exp(v - max)).toArray();
        double sum = Arrays.stream(e).sum();
        yield Arrays.stream(e).map(v -> v / sum).toArray();
      }
    };
  }

  static double[] backward(Activation f, double[] y, double[] dy) {
    double[] dz = new double[y.length];
    double dot = 0;
    for (int i = 0; i < y.length; i++) {
      dot += y[i] * dy[i];
    }
    for (int i = 0; i < y.length; i++) {
      dz[i] =
          switch (f) {
            case LINEAR -> dy[i];
            case RELU -> y[i] > 0 ? dy[i] : 0;
            case TANH -> dy[i] * (1 - y[i] * y[i]);
            case SIGMOID -> dy[i] * y[i] * (1 - y[i]);
            case SOFTMAX -> y[i] * (dy[i] - dot);
          };
    }
    return dz;
  }
}
