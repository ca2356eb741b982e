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
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixty batches of digits in data order, from Keras's start weights, against Keras's own numbers.
 * Tolerances are what Keras's own two matrix libraries differ by, times ten.
 */
class GatedMnistTest {
  private static final int BATCH = 150;
  private static final int BATCHES = 60;
  private static final double TOLERANCE = 2e-6;

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of("recurrent/mnist_lstm", Lstm.of(64)),
        Arguments.of("recurrent/mnist_gru", Gru.of(64)),
        Arguments.of("recurrent/mnist_bidirectional", Bidirectional.of(Lstm.of(32))));
  }

  @ParameterizedTest
  @MethodSource("models")
  void followsKerasThroughTraining(String name, Layer layer) {
    ModelSpec spec =
        new ModelSpec(
            Shape.of(28, 28),
            List.of(layer, Dense.of(10, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    Dataset train = Mnist.digits().train();
    int arrays = spec.parameters().size();
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(BATCH, 2))) {
      plan.load(Parameters.initial(floats(name, "init_weight_", arrays)));
      assertThat(Npy.readMember(name, "predict_before").absoluteError(predict(plan, train)))
          .isLessThan(1e-6);
      plan.bind(train);
      plan.beginEpoch(IntStream.range(0, BATCHES * BATCH).toArray(), BATCH);
      Totals totals = new Totals();
      double[] losses = Npy.readMember(name, "losses").values();
      for (int b = 0; b < BATCHES; b++) {
        totals.reset();
        plan.step(1, totals);
        assertThat(Math.abs(totals.meanLoss() - losses[b]) / losses[b])
            .as("loss of batch " + b)
            .isLessThan(TOLERANCE);
        if (b == 0) {
          requireClose(name, "grad_first_batch_", plan.gradients(), TOLERANCE);
        }
      }
      requireClose(name, "after_60_weight_", plan.snapshot().values(), TOLERANCE);
      assertThat(Npy.readMember(name, "predict_after").absoluteError(predict(plan, train)))
          .isLessThan(1e-5);
    }
  }

  private static void requireClose(
      String name, String prefix, List<float[]> found, double tolerance) {
    for (int i = 0; i < found.size(); i++) {
      assertThat(Npy.readMember(name, prefix + i).relativeError(found.get(i)))
          .as(prefix + i)
          .isLessThan(tolerance);
    }
  }

  private static List<float[]> floats(String name, String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Npy.readMember(name, prefix + i).floats())
        .toList();
  }

  private static float[] predict(Plan plan, Dataset data) {
    float[] outputs = new float[BATCH * 10];
    plan.predict(data.slice(0, BATCH), BATCH, outputs);
    return outputs;
  }
}
