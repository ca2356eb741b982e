package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.layer.Activation;
import java.util.Arrays;

/**
 * A row in double precision, for what losses and metrics do with it beyond the accuracy of floats.
 *
 * @param sums what the last layer gives
 * @param outputs what is made of it
 * @param targets float targets, or one-hot
 * @param weight by how much it counts
 * @param position which of its sample's steps it is
 * @param gradient is taken here
 */
record GivenRow(
    double[] sums,
    double[] outputs,
    double[] targets,
    double weight,
    int position,
    float[] gradient)
    implements OutputRow, RowGradient {
  /** Returns a row of logits, and what an activation makes of them. */
  static GivenRow of(double[] z, Activation f, double[] targets, double weight, int position) {
    return new GivenRow(z, applied(f, z), targets, weight, position, new float[z.length]);
  }

  static double[] applied(Activation f, double[] z) {
    return switch (f) {
      case LINEAR -> z;
      case SIGMOID -> Arrays.stream(z).map(x -> 1 / (1 + Math.exp(-x))).toArray();
      case SOFTMAX -> {
        double max = Arrays.stream(z).max().orElseThrow();
        double sum = Arrays.stream(z).map(x -> Math.exp(x - max)).sum();
        yield Arrays.stream(z).map(x -> Math.exp(x - max) / sum).toArray();
      }
      default -> throw new IllegalArgumentException("not used here: " + f);
    };
  }

  /** Returns the gradient by z of what has the gradient dy by y = f(z). */
  static double[] backward(Activation f, double[] y, double[] dy) {
    double[] dz = new double[y.length];
    double dot = 0;
    for (int i = 0; i < y.length; i++) {
      dot += dy[i] * y[i];
    }
    for (int i = 0; i < y.length; i++) {
      dz[i] =
          switch (f) {
            case LINEAR -> dy[i];
            case SIGMOID -> dy[i] * y[i] * (1 - y[i]);
            case SOFTMAX -> y[i] * (dy[i] - dot);
            default -> throw new IllegalArgumentException("not used here: " + f);
          };
    }
    return dz;
  }

  /** Returns the gradient as doubles. */
  double[] slope() {
    double[] slope = new double[gradient.length];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = gradient[i];
    }
    return slope;
  }

  @Override
  public int units() {
    return outputs.length;
  }

  @Override
  public double sum(int unit) {
    return sums[unit];
  }

  @Override
  public double output(int unit) {
    return outputs[unit];
  }

  @Override
  public void setGradient(int unit, float value) {
    gradient[unit] = value;
  }

  @Override
  public double softmaxMaximum() {
    return Arrays.stream(sums).max().orElseThrow();
  }

  @Override
  public double softmaxSum() {
    return Arrays.stream(sums).map(z -> Math.exp(z - softmaxMaximum())).sum();
  }

  @Override
  public double target(int unit) {
    return targets[unit];
  }

  @Override
  public double classTarget(int unit) {
    return targets[unit];
  }

  @Override
  public int targetClass() {
    int best = 0;
    for (int i = 1; i < targets.length; i++) {
      best = targets[i] > targets[best] ? i : best;
    }
    return best;
  }
}
