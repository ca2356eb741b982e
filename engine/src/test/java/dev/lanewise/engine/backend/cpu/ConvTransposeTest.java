package dev.lanewise.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A transposed convolution whose outputs are more than are computed at a time. */
class ConvTransposeTest {
  private static final int BATCH = 26;
  private static final int STEPS = 40;
  private static final int FEATURES = 8;
  private static final int SIZE = 2;
  private static final int FILTERS = 32;

  private static float[] randoms(int count, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(2001) / 1000f - 1;
    }
    return values;
  }

  /** Outputs, and the gradients by all weights, of the layers above a dense one. */
  private static List<float[]> run(List<Layer> layers, List<float[]> weights) {
    Shape input = Shape.of(STEPS, FEATURES);
    ModelSpec spec = new ModelSpec(input, layers, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    int each = STEPS * SIZE * FILTERS;
    Dataset data =
        Dataset.of(input, randoms(BATCH * STEPS * FEATURES, 1), randoms(BATCH * each, 2), each);
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2))) {
      plan.load(Parameters.initial(weights));
      float[] outputs = new float[BATCH * each];
      plan.predict(data, BATCH, outputs);
      plan.bind(data);
      plan.beginEpoch(IntStream.range(0, BATCH).toArray(), BATCH);
      plan.step(1, new Totals());
      List<float[]> gradients = plan.gradients();
      return List.of(
          outputs, gradients.get(0), gradients.get(1), gradients.get(2), gradients.get(3));
    }
  }

  /** Returns [in, size * filters] of [size, filters, in]. */
  private static float[] turned(float... kernel) {
    float[] turned = new float[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      turned[i % FEATURES * SIZE * FILTERS + i / FEATURES] = kernel[i];
    }
    return turned;
  }

  private static float[] twice(float... bias) {
    float[] twice = new float[bias.length * SIZE];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = bias[i % bias.length];
    }
    return twice;
  }

  @Test
  void windowsThatDoNotMeetAreADenseLayer() {
    float[] first = randoms(FEATURES * FEATURES, 3);
    float[] firstBias = randoms(FEATURES, 4);
    float[] kernel = randoms(SIZE * FILTERS * FEATURES, 5);
    float[] bias = randoms(FILTERS, 6);
    List<float[]> spread =
        run(
            List.of(
                Dense.of(FEATURES),
                ConvTranspose.of(FILTERS, SlidingWindow.of(SIZE).withStrides(SIZE))),
            List.of(first, firstBias, kernel, bias));
    List<float[]> dense =
        run(
            List.of(
                Dense.of(FEATURES),
                Dense.of(SIZE * FILTERS),
                new Reshape(List.of(STEPS * SIZE, FILTERS))),
            List.of(first, firstBias, turned(kernel), twice(bias)));
    for (int i = 0; i < 3; i++) { // outputs, and what goes back to the layer below
      assertThat(apart(spread.get(i), dense.get(i))).isLessThan(1e-5);
    }
    assertThat(apart(turned(spread.get(3)), dense.get(3))).isLessThan(1e-5);
    float[] parts = dense.get(4);
    float[] sums = new float[FILTERS];
    for (int i = 0; i < parts.length; i++) {
      sums[i % FILTERS] += parts[i];
    }
    assertThat(apart(spread.get(4), sums)).isLessThan(1e-5);
  }

  /** Returns how far the elements of two arrays are apart at most. */
  private static double apart(float[] found, float[] expected) {
    assertThat(found.length).isEqualTo(expected.length);
    return IntStream.range(0, found.length)
        .mapToDouble(i -> Math.abs((double) found[i] - expected[i]))
        .max()
        .orElseThrow();
  }
}
