package dev.lanewise.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The founding model's first epoch in data order, from Keras's start weights, against Keras's own
 * numbers. Tolerances are what Keras's own two matrix libraries differ by, times two to ten.
 */
class MnistGoldenTest {
  private static final String FOLDER = "mnist_simple_rnn/";
  private static final List<String> NAMES =
      List.of("kernel", "recurrent_kernel", "bias", "dense_kernel", "dense_bias");
  private static final int BATCH = 150;
  private static final int BATCHES = 320;

  /**
   * A sum of k roundings of either sign errs by about sqrt(k) u of its norm, u = 2^-24; a gradient
   * sums 150 x 28 products, each from 28 steps back: sqrt(4,200 + 28) u = 4e-6, of which the norm
   * over an array keeps half. Keras's own values carry the same.
   */
  private static final double GRADIENT_TOLERANCE = 2e-6;

  private static final double[] losses = new double[BATCHES];
  private static final double[] correct = new double[BATCHES];
  private static final Map<Integer, List<float[]>> weights = new HashMap<>();
  private static List<float[]> gradients;
  private static float[] before;
  private static float[] after;
  private static Plan plan;

  @BeforeAll
  static void trainsOneEpochInDataOrder() {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(28, 28),
            List.of(SimpleRnn.of(150), Dense.of(10, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults(),
            List.of(Metric.ACCURACY));
    plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2));
    plan.load(Parameters.initial(golden("init_").stream().map(Npy::floats).toList()));
    Dataset train = Mnist.digits().train();
    before = predict(train);
    plan.bind(train);
    plan.beginEpoch(IntStream.range(0, BATCHES * BATCH).toArray(), BATCH);
    Totals totals = new Totals(List.of(Metric.ACCURACY));
    for (int b = 0; b < BATCHES; b++) {
      totals.reset();
      plan.step(1, totals);
      losses[b] = totals.meanLoss();
      correct[b] = totals.value(Metric.ACCURACY) * BATCH;
      if (b == 0) {
        gradients = plan.gradients();
      }
      if (b == 0 || b == 9 || b == BATCHES - 1) {
        weights.put(b + 1, plan.snapshot().values());
      }
    }
    after = predict(Mnist.digits().test());
  }

  @AfterAll
  static void close() {
    plan.close();
  }

  /** The figures that README and docs/numerics.md quote. */
  @AfterAll
  static void printErrors() {
    double[] expected = Npy.read(FOLDER + "losses").values();
    double early = 0;
    double all = 0;
    for (int b = 0; b < BATCHES; b++) {
      all = Math.max(all, Math.abs(losses[b] - expected[b]) / expected[b]);
      early = b < 50 ? all : early;
    }
    System.out.printf(
        Locale.ROOT,
        "against Keras: first 50 losses %.1e, all 320 %.1e, first predictions %.1e%n",
        early,
        all,
        Npy.read(FOLDER + "predict_before").absoluteError(before));
    List<Npy> last = golden("after_" + BATCHES + "_batches_");
    for (int i = 0; i < NAMES.size(); i++) {
      double error = last.get(i).relativeError(weights.get(BATCHES).get(i));
      System.out.printf(Locale.ROOT, "after 320 updates, %s: %.1e%n", NAMES.get(i), error);
    }
  }

  private static float[] predict(Dataset data) {
    float[] outputs = new float[BATCH * 10];
    plan.predict(data.slice(0, BATCH), BATCH, outputs);
    return outputs;
  }

  private static List<Npy> golden(String prefix) {
    return NAMES.stream().map(name -> Npy.read(FOLDER + prefix + name)).toList();
  }

  @Test
  void firstPredictionsAgree() {
    assertThat(Npy.read(FOLDER + "predict_before").absoluteError(before)).isLessThan(1e-6);
  }

  @Test
  void firstGradientsAgree() {
    List<Npy> expected = golden("grad_first_batch_");
    for (int i = 0; i < NAMES.size(); i++) {
      assertThat(expected.get(i).relativeError(gradients.get(i)))
          .as(NAMES.get(i))
          .isLessThan(GRADIENT_TOLERANCE);
    }
  }

  @Test
  void batchLossesAgree() {
    double[] expected = Npy.read(FOLDER + "losses").values();
    for (int b = 0; b < BATCHES; b++) {
      double tolerance = b < 50 ? 1e-5 : 1e-4;
      assertThat(Math.abs(losses[b] - expected[b]) / expected[b])
          .as("batch " + b)
          .isLessThan(tolerance);
    }
  }

  @Test
  void correctCountsAgree() {
    double[] expected = Npy.read(FOLDER + "correct").values();
    for (int b = 0; b < BATCHES; b++) {
      // 48,000 images, none of which has two classes within rounding of each other.
      assertThat(correct[b]).as("batch " + b).isCloseTo(expected[b], offset(1e-9));
    }
  }

  @Test
  void weightsAgreeAfterEveryUpdateOnRecord() {
    for (int updates : new int[] {1, 10, BATCHES}) {
      List<Npy> expected = golden("after_" + updates + "_batches_");
      for (int i = 0; i < NAMES.size(); i++) {
        assertThat(expected.get(i).relativeError(weights.get(updates).get(i)))
            .as(NAMES.get(i) + " after " + updates)
            .isLessThan(weightTolerance(NAMES.get(i), updates));
      }
    }
  }

  /**
   * After one update a kernel's error is that of a step, a thousandth of the weights' size, beside
   * one rounding: 1e-6. A bias starts at 0 and is the step itself, g / (|g| + epsilon sqrt(1000)):
   * where |g| is near 3e-6 it has the relative error of so small a g, a hundred times the norm's.
   */
  private static double weightTolerance(String name, int updates) {
    if (updates == 1) {
      return name.equals("bias") ? 5e-5 : 1e-6;
    }
    return 1e-5;
  }

  @Test
  void predictionsAfterTheEpochAgree() {
    // Weights within 4e-6 act 28 times over.
    assertThat(Npy.read(FOLDER + "predict_after_epoch").absoluteError(after)).isLessThan(1e-4);
    assertThat(Arrays.copyOf(after, 10)).doesNotContain(Float.NaN);
  }
}
