package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Noise;
import dev.lanewise.engine.layer.Noise.Kind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Noise by what is known of it: mean and variance, which losses tell; gradients, which are exact
 * where a loss is a square; and that it is the same whatever the threads, and none in answers.
 */
class NoiseTest {
  private static final int SAMPLES = 64;
  private static final int WIDTH = 17;
  private static final Shape INPUT = Shape.of(6, 3);

  /** A kernel of one number a feature, by which all outputs are the same multiple of the inputs. */
  private static double loss(Noise noise, float[] kernel, float[] x, float target, int threads) {
    try (Plan plan = plan(noise, kernel, x, target, threads)) {
      Totals totals = new Totals();
      plan.step(1, totals);
      return totals.meanLoss();
    }
  }

  private static Plan plan(Noise noise, float[] kernel, float[] x, float target, int threads) {
    List<Layer> layers = List.of(Dense.of(WIDTH).withoutBias(), noise);
    ModelSpec spec =
        new ModelSpec(Graph.chain(INPUT, layers), Loss.MEAN_SQUARED_ERROR, Sgd.of(1), List.of());
    float[] targets = new float[SAMPLES * INPUT.size(0) * WIDTH];
    Arrays.fill(targets, target);
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(SAMPLES, threads));
    plan.load(Parameters.initial(List.of(kernel)));
    plan.bind(Dataset.of(List.of(INPUT), x, targets, targets.length / SAMPLES));
    plan.beginEpoch(IntStream.range(0, SAMPLES).toArray(), SAMPLES);
    return plan;
  }

  private static float[] ones() {
    float[] x = new float[SAMPLES * 18];
    Arrays.fill(x, 1);
    return x;
  }

  /** Returns a kernel by which ones become a number everywhere. */
  private static float[] kernel(double each) {
    float[] kernel = new float[3 * WIDTH];
    Arrays.fill(kernel, (float) (each / 3));
    return kernel;
  }

  /** The mean of squares is the square of the mean and the variance. */
  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN_NOISE, 0.5, 0, 0, 0.25",
    "GAUSSIAN_NOISE, 0.1, 2, 2, 0.01",
    "GAUSSIAN_DROPOUT, 0.2, 1, 1, 0.25",
    "GAUSSIAN_DROPOUT, 0.5, 2, 2, 4",
  })
  void meanAndVarianceAreKnown(Kind kind, double strength, double x, double mean, double variance) {
    Noise noise = new Noise(kind, strength);
    double squares = loss(noise, kernel(x), ones(), 0, 2);
    double shifted = loss(noise, kernel(x), ones(), 1, 2);
    double found = (squares - shifted + 1) / 2;
    assertThat(found).isCloseTo(mean, offset(4 * Math.sqrt(variance / 6528)));
    assertThat(squares - found * found).isCloseTo(variance, offset(0.08 * variance));
  }

  /** Of normal numbers it keeps mean and variance, which nothing but its two values decides. */
  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    double lowest = -1.0507009873554805 * 1.6732632423543772;
    double rate = 0.3;
    double a = 1 / Math.sqrt((1 - rate) * (1 + rate * lowest * lowest));
    double dropped = a * lowest * (1 - rate);
    double kept = a * (2 - lowest * rate);
    Noise noise = new Noise(Kind.ALPHA_DROPOUT, rate);
    double squares = loss(noise, kernel(2), ones(), 0, 2);
    double shifted = loss(noise, kernel(2), ones(), 1, 2);
    double share = ((squares - shifted + 1) / 2 - kept) / (dropped - kept);
    assertThat(share).isCloseTo(rate, offset(0.025));
    assertThat(squares)
        .isCloseTo(share * dropped * dropped + (1 - share) * kept * kept, offset(1e-4));
  }

  @ParameterizedTest
  @CsvSource({"GAUSSIAN_NOISE, 0.5", "GAUSSIAN_DROPOUT, 0.3", "ALPHA_DROPOUT, 0.3"})
  void gradientsAreThoseOfTheLossAndThreadsChangeNothing(Kind kind, double strength) {
    Noise noise = new Noise(kind, strength);
    Random random = new Random(3);
    float[] x = Floats.of(Configurations.randoms(random, SAMPLES * 18, 1));
    float[] kernel = Floats.of(Configurations.randoms(random, 3 * WIDTH, 1));
    float[] after;
    try (Plan plan = plan(noise, kernel, x, 0, 3)) {
      plan.step(1, new Totals());
      after = plan.snapshot().values().getFirst();
    }
    for (int i = 0; i < kernel.length; i++) {
      double difference = 0;
      for (int sign = -1; sign <= 1; sign += 2) {
        float[] moved = kernel.clone();
        moved[i] += sign * 0.5f;
        difference += sign * loss(noise, moved, x, 0, 1 + i % 2);
      }
      assertThat((double) kernel[i] - after[i]).isCloseTo(difference, offset(2e-5));
    }
    double once = loss(noise, kernel, x, 0, 1);
    assertThat(loss(noise, kernel, x, 0, 3)).isEqualTo(once);
  }

  @Test
  void answersHaveNone() {
    float[] x = ones();
    float[] found = new float[SAMPLES * 6 * WIDTH];
    try (Plan plan = plan(new Noise(Kind.ALPHA_DROPOUT, 0.5), kernel(2), x, 0, 1)) {
      plan.predict(Dataset.of(List.of(INPUT), x, new float[found.length], 102), SAMPLES, found);
    }
    for (float each : found) {
      assertThat(each).isEqualTo(found[0]).isCloseTo(2f, offset(1e-6f));
    }
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertThatThrownBy(() -> new Noise(Kind.GAUSSIAN_NOISE, -1))
        .hasMessage("GaussianNoise: stddev must be 0 or more, found -1.0");
    assertThatThrownBy(() -> new Noise(Kind.ALPHA_DROPOUT, 1))
        .hasMessage("AlphaDropout: rate must be at least 0 and below 1, found 1.0");
  }
}
