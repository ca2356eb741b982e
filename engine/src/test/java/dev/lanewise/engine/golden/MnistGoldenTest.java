package dev.lanewise.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
            Adam.withDefaults());
    plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2));
    plan.load(Parameters.initial(golden("init_").stream().map(Npy::floats).toList()));
    Dataset train = Mnist.digits().train();
    before = predict(train);
    plan.bind(train);
    plan.beginEpoch(IntStream.range(0, BATCHES * BATCH).toArray(), BATCH);
    Totals totals = new Totals();
    for (int b = 0; b < BATCHES; b++) {
      totals.reset();
      plan.step(1, totals);
      losses[b] = totals.meanLoss();
      correct[b] = totals.accuracy() * BATCH;
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
      // Sums of 4,200 products of float32 values: a few units roundoff (6e-8) of the norm.
      assertThat(expected.get(i).relativeError(gradients.get(i))).as(NAMES.get(i)).isLessThan(2e-6);
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
    double differing = 0;
    for (int b = 0; b < BATCHES; b++) {
      differing += Math.abs(Math.round(correct[b]) - expected[b]);
    }
    // Of 48,000 images a few may have two classes within rounding of each other.
    assertThat(differing).isLessThanOrEqualTo(3);
  }

  @Test
  void weightsAgreeAfterEveryUpdateOnRecord() {
    for (int updates : new int[] {1, 10, BATCHES}) {
      List<Npy> expected = golden("after_" + updates + "_batches_");
      for (int i = 0; i < NAMES.size(); i++) {
        // A bias starts at 0, so that after one step it is that step, in which elements whose
        // gradient is near Adam's epsilon carry the gradient's whole relative error.
        boolean firstBias = updates == 1 && NAMES.get(i).equals("bias");
        assertThat(expected.get(i).relativeError(weights.get(updates).get(i)))
            .as(NAMES.get(i) + " after " + updates)
            .isLessThan(firstBias ? 5e-5 : 1e-5);
      }
    }
  }

  @Test
  void predictionsAfterTheEpochAgree() {
    assertThat(Npy.read(FOLDER + "predict_after_epoch").absoluteError(after)).isLessThan(1e-4);
    assertThat(Arrays.copyOf(after, 10)).doesNotContain(Float.NaN);
  }
}
