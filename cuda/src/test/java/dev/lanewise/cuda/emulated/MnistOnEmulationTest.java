package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.cuda.CudaBackend;
import dev.lanewise.cuda.GeneralPath;
import dev.lanewise.engine.backend.Backend;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Mnist;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The founding model in its full size against Keras's own numbers, from Keras's start weights:
 * first gradients, losses, weights after 1 and 10 updates, with {@code MnistGoldenTest}'s
 * tolerances.
 */
@Tag("emulated")
class MnistOnEmulationTest {
  private static final List<Metric> METRICS = List.of(Metric.ACCURACY);
  private static final String FOLDER = "mnist_simple_rnn/";
  private static final List<String> NAMES =
      List.of("kernel", "recurrent_kernel", "bias", "dense_kernel", "dense_bias");
  private static final int BATCH = 150;
  private static final double GRADIENT_TOLERANCE = 2e-6;

  @BeforeAll
  static void load() {
    Emulation.require();
  }

  private static List<Npy> golden(String prefix) {
    return NAMES.stream().map(name -> Npy.read(FOLDER + prefix + name)).toList();
  }

  private static Plan plan(Backend backend) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(28, 28),
            List.of(SimpleRnn.of(150), Dense.of(10, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults(),
            METRICS);
    Plan plan = backend.compile(spec, new PlanOptions(BATCH, 1));
    plan.load(Parameters.initial(golden("init_").stream().map(Npy::floats).toList()));
    Dataset train = Mnist.digits().train().slice(0, 10 * BATCH);
    plan.bind(train);
    plan.beginEpoch(IntStream.range(0, train.size()).toArray(), BATCH);
    return plan;
  }

  @Test
  void tenBatchesOfTheFusedPathAgreeWithKeras() {
    double[] losses = Npy.read(FOLDER + "losses").values();
    double[] correct = Npy.read(FOLDER + "correct").values();
    try (Plan plan = plan(new CudaBackend())) {
      float[] outputs = new float[BATCH * 10];
      plan.predict(Mnist.digits().train().slice(0, BATCH), BATCH, outputs);
      assertThat(Npy.read(FOLDER + "predict_before").absoluteError(outputs)).isLessThan(1e-6);
      for (int batch = 0; batch < 10; batch++) {
        Totals totals = new Totals(METRICS);
        plan.step(1, totals);
        assertThat(Math.abs(totals.meanLoss() - losses[batch]) / losses[batch]).isLessThan(1e-5);
        assertThat(totals.value(Metric.ACCURACY) * BATCH).isCloseTo(correct[batch], offset(1e-4));
        if (batch == 0) {
          firstGradientsAgree(plan);
        }
        if (batch == 0 || batch == 9) {
          weightsAgree(plan, batch + 1);
        }
      }
    }
    assertThat(Emulation.fault()).isEmpty();
  }

  @Test
  void aBatchOfTheGeneralPathAgreesWithKeras() {
    try (Plan plan = plan(new GeneralPath())) {
      Totals totals = new Totals(METRICS);
      plan.step(1, totals);
      double expected = Npy.read(FOLDER + "losses").values()[0];
      assertThat(Math.abs(totals.meanLoss() - expected) / expected).isLessThan(1e-5);
      firstGradientsAgree(plan);
      weightsAgree(plan, 1);
    }
    assertThat(Emulation.fault()).isEmpty();
  }

  private static void firstGradientsAgree(Plan plan) {
    List<Npy> expected = golden("grad_first_batch_");
    for (int i = 0; i < NAMES.size(); i++) {
      assertThat(expected.get(i).relativeError(plan.gradients().get(i)))
          .as(NAMES.get(i))
          .isLessThan(GRADIENT_TOLERANCE);
    }
  }

  /**
   * After one update a bias is the step alone, which errs as its gradient does where that is small.
   */
  private static void weightsAgree(Plan plan, int updates) {
    List<Npy> expected = golden("after_" + updates + "_batches_");
    for (int i = 0; i < NAMES.size(); i++) {
      double first = NAMES.get(i).endsWith("bias") ? 5e-5 : 1e-6;
      assertThat(expected.get(i).relativeError(plan.snapshot().values().get(i)))
          .as(NAMES.get(i) + " after " + updates)
          .isLessThan(updates == 1 ? first : 1e-5);
    }
  }
}
