package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Masking;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's gradients against central differences of its own forward pass in training. */
class ReferenceGradientTest {
  private static final double STEP = 1e-6;
  private static final double FLOOR = 1e-3; // below it the difference itself is mostly rounding
  private static final double TOLERANCE = 2e-6;
  private static final long SEED = 7;

  static Stream<Configurations> configurations() {
    return Configurations.all();
  }

  static Stream<GraphConfigurations> graphs() {
    return GraphConfigurations.all();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void gradientsOfGraphsAgreeWithCentralDifferences(GraphConfigurations c) {
    Random random = new Random(SEED);
    int samples = 3;
    List<double[]> weights = c.weights(random);
    double[] x = Configurations.randoms(random, samples * c.inputSize(), 1);
    double[] upstream = Configurations.randoms(random, samples * c.outputSize(), 1);
    ReferenceModel model = new ReferenceModel(c.graph(), weights);
    model.train(SEED, 1);
    model.forward(x);
    ReferenceModel.Gradients found = model.backward(upstream, samples);
    for (int w = 0; w < weights.size(); w++) {
      check(model, x, upstream, weights.get(w), found.weights().get(w), "weight " + w);
    }
    check(model, x, upstream, x, found.input(), "input");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void gradientsAgreeWithCentralDifferences(Configurations c) {
    for (int samples : new int[] {1, 3, masks(c) ? 6 : 2}) {
      Random random = new Random(SEED);
      List<double[]> weights = c.weights(random);
      double[] x = c.inputs(random, samples);
      double[] upstream = Configurations.randoms(random, samples * c.output().elementCount(), 1);
      ReferenceModel model = new ReferenceModel(c.input(), c.stack(), weights);
      model.train(SEED, 1);
      model.forward(x);
      ReferenceModel.Gradients found = model.backward(upstream, c.output(), samples);
      for (int w = 0; w < weights.size(); w++) {
        check(model, x, upstream, weights.get(w), found.weights().get(w), "weight " + w);
      }
      check(model, x, upstream, x, found.input(), "input", maskValue(c));
    }
  }

  private static boolean masks(Configurations c) {
    return c.stack().getFirst() instanceof Masking;
  }

  private static double maskValue(Configurations c) {
    return c.stack().getFirst() instanceof Masking masking ? masking.maskValue() : Double.NaN;
  }

  private static void check(
      ReferenceModel model,
      double[] x,
      double[] upstream,
      double[] varied,
      double[] found,
      String name) {
    check(model, x, upstream, varied, found, name, Double.NaN);
  }

  /** A masked value has no gradient, and as soon as it is another it is no longer masked. */
  private static void check(
      ReferenceModel model,
      double[] x,
      double[] upstream,
      double[] varied,
      double[] found,
      String name,
      double masked) {
    for (int i = 0; i < varied.length; i += 1 + varied.length / 40) {
      double kept = varied[i];
      if (kept == masked) {
        assertThat(found[i]).isZero();
        continue;
      }
      varied[i] = kept + STEP;
      double above = dot(model.forward(x), upstream);
      varied[i] = kept - STEP;
      double below = dot(model.forward(x), upstream);
      varied[i] = kept;
      double numeric = (above - below) / (2 * STEP);
      double error =
          Math.abs(found[i] - numeric) / (Math.abs(found[i]) + Math.abs(numeric) + FLOOR);
      assertThat(error).as(name + ", index " + i + ", seed " + SEED).isLessThan(TOLERANCE);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
