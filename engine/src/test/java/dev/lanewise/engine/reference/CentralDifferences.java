package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

/** The reference's gradients against central differences of its own forward pass in training. */
final class CentralDifferences {
  private static final double STEP = 1e-6;
  private static final double OTHER_STEP = 10;
  private static final double FLOOR = 1e-3; // below it the difference itself is mostly rounding
  private static final double TOLERANCE = 2e-6;

  /** Of how many of an array's values; {@code -Dlanewise.test.differences=1000000} asks for all. */
  private static final int MOST_OF_AN_ARRAY = Integer.getInteger("lanewise.test.differences", 12);

  private final ReferenceModel model;
  private final double[] x;
  private final double[] upstream;
  private final double masked;

  /**
   * Takes a model that draws what it drops, and samples.
   *
   * @param masked what a masked value is: it has no gradient, and as soon as it is another it is no
   *     longer masked
   */
  CentralDifferences(ReferenceModel model, double[] x, double[] upstream, double masked) {
    this.model = model;
    this.x = x;
    this.upstream = upstream;
    this.masked = masked;
  }

  /** Asserts it of a graph with weights, samples and gradients of its outputs of a seed. */
  static void assertAgree(GraphConfigurations c, long seed, int samples) {
    Random random = new Random(seed);
    List<double[]> weights = c.weights(random);
    double[] x = Configurations.randoms(random, samples * c.inputSize(), 1);
    double[] upstream = Configurations.randoms(random, samples * c.outputSize(), 1);
    ReferenceModel model = new ReferenceModel(c.graph(), weights);
    model.train(seed, 1);
    new CentralDifferences(model, x, upstream, Double.NaN)
        .assertAgree(weights, samples, c + ", values of seed " + seed);
  }

  /**
   * Asserts that all gradients agree.
   *
   * @param weights the model's, which are varied in their place
   */
  void assertAgree(List<double[]> weights, int samples, String name) {
    model.forward(x);
    ReferenceModel.Gradients found = model.backward(upstream, samples);
    for (int w = 0; w < weights.size(); w++) {
      check(weights.get(w), found.weights().get(w), name + ", weight " + w);
    }
    check(x, found.input(), name + ", input");
  }

  private void check(double[] varied, double[] found, String name) {
    for (int i = 0; i < varied.length; i += 1 + varied.length / MOST_OF_AN_ARRAY) {
      if (varied[i] == masked) {
        assertThat(found[i]).isZero();
        continue;
      }
      double error = error(varied, i, found[i], STEP);
      if (!(error < TOLERANCE)) { // a difference has errors of its own, which go with its step
        error = Math.min(error, error(varied, i, found[i], STEP * OTHER_STEP));
        error = Math.min(error, error(varied, i, found[i], STEP / OTHER_STEP));
      }
      assertThat(error).as(name + ", index " + i).isLessThan(TOLERANCE);
    }
  }

  private double error(double[] varied, int i, double found, double step) {
    double kept = varied[i];
    varied[i] = kept + step;
    double above = dot(model.forward(x), upstream);
    varied[i] = kept - step;
    double below = dot(model.forward(x), upstream);
    varied[i] = kept;
    double numeric = (above - below) / (2 * step);
    return Math.abs(found - numeric) / (Math.abs(found) + Math.abs(numeric) + FLOOR);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
