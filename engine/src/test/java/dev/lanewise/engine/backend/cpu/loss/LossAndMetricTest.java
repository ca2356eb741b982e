package dev.lanewise.engine.backend.cpu.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses and metrics of outputs that are given: a dense layer with the identity as its weights. */
class LossAndMetricTest {
  private static Plan identity(Shape input, Loss loss, Metric... metrics) {
    int width = input.size(-1);
    float[] weights = new float[width * width];
    for (int i = 0; i < width; i++) {
      weights[i * width + i] = 1;
    }
    List<Layer> stack = List.of(Dense.of(width).withoutBias());
    ModelSpec spec = new ModelSpec(input, stack, loss, Sgd.of(0.1), List.of(metrics));
    Plan plan = new CpuBackend().compile(spec, new PlanOptions(4, 1));
    plan.load(Parameters.initial(List.of(weights)));
    return plan;
  }

  private static Totals evaluate(Shape input, Loss loss, Dataset data, Metric... metrics) {
    Totals totals = new Totals(List.of(metrics));
    try (Plan plan = identity(input, loss, metrics)) {
      plan.evaluate(data, 4, totals);
    }
    return totals;
  }

  /** With x = y the kernel's gradient is the outer product of y and dL/dy. */
  private static float[] kernelGradient(float[] y, float[] t) {
    Shape input = Shape.of(y.length);
    try (Plan plan = identity(input, Loss.CATEGORICAL_CROSSENTROPY)) {
      plan.bind(Dataset.of(input, y, t, t.length));
      plan.beginEpoch(new int[] {0}, 1);
      plan.step(1, new Totals());
      return plan.gradients().get(0);
    }
  }

  @Test
  void probabilitiesAreClippedInTheLoss() {
    Shape input = Shape.of(3);
    Dataset data = Dataset.of(input, new float[] {2, 0, 0, 0, 3, 0}, new int[] {1, 1}, 3);
    // -ln 1e-7 of the first sample, -ln(1 - 1e-7) of the second
    assertThat(evaluate(input, Loss.CATEGORICAL_CROSSENTROPY, data).meanLoss())
        .isCloseTo((-Math.log(1e-7) - Math.log(1 - 1e-7)) / 2, offset(1e-12));
  }

  @Test
  void clippedProbabilitiesHaveNoGradient() {
    assertThat(kernelGradient(new float[] {2, 0, 0}, new float[] {0, 1, 0})).containsOnly(0f);
    assertThat(kernelGradient(new float[] {2, 0, 0}, new float[] {1, 0, 0})).containsOnly(0f);
    // Target 0.5 each on a clipped and a free class: dL/dy_j = 0.5 / sum - (j == 1 ? 0.5 / y_1 : 0)
    float[] found = kernelGradient(new float[] {0, 1, 3}, new float[] {0.5f, 0.5f, 0});
    float[] dy = {0.125f, -0.375f, 0.125f};
    assertThat(found)
        .containsExactly(0, 0, 0, dy[0], dy[1], dy[2], 3 * dy[0], 3 * dy[1], 3 * dy[2]);
  }

  @Test
  void theFirstOfEqualOutputsCounts() {
    Shape input = Shape.of(3);
    Dataset data =
        Dataset.of(input, new float[] {1, 2, 2, 1, 2, 2, 5, 5, 5}, new int[] {1, 2, 0}, 3);
    Totals totals = evaluate(input, Loss.CATEGORICAL_CROSSENTROPY, data, Metric.ACCURACY);
    assertThat(totals.value(Metric.ACCURACY)).isEqualTo(2.0 / 3);
  }

  @Test
  void theFirstOfEqualTargetsCounts() {
    Shape input = Shape.of(2);
    float[] y = {3, 1, 1, 3, 4, 2};
    float[] t = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
    Dataset data = Dataset.of(input, y, t, 2);
    Totals totals = evaluate(input, Loss.MEAN_SQUARED_ERROR, data, Metric.ACCURACY);
    assertThat(totals.value(Metric.ACCURACY)).isEqualTo(2.0 / 3);
  }

  @Test
  void aSampleCountsAsTheMeanOfItsSteps() {
    Shape input = Shape.of(2, 3);
    float[] y = {1, 2, 4, 8, 4, 4};
    Totals labels =
        evaluate(
            input,
            Loss.CATEGORICAL_CROSSENTROPY,
            Dataset.of(input, y, new int[] {1, 0}, 3),
            Metric.ACCURACY);
    assertThat(labels.value(Metric.ACCURACY)).isEqualTo(0.5);
    assertThat(labels.meanLoss())
        .isCloseTo(-(Math.log(2.0 / 7) + Math.log(0.5)) / 2, offset(1e-12));
    float[] t = {1, 2, 1, 8, 4, 1};
    Totals values =
        evaluate(
            input, Loss.MEAN_SQUARED_ERROR, Dataset.of(input, y, t, 6), Metric.MEAN_ABSOLUTE_ERROR);
    assertThat(values.value(Metric.MEAN_ABSOLUTE_ERROR)).isEqualTo((3.0 + 3.0) / 6);
    assertThat(values.meanLoss()).isCloseTo((9.0 + 9.0) / 6, offset(1e-12));
  }

  @Test
  void bytesArePixelsDividedBy255InFloat32() {
    Shape input = Shape.of(256);
    byte[] bytes = new byte[256];
    for (int i = 0; i < 256; i++) {
      bytes[i] = (byte) i;
    }
    float[] outputs = new float[256];
    try (Plan plan = identity(input, Loss.MEAN_SQUARED_ERROR)) {
      plan.predict(Dataset.ofBytes(input, bytes, new int[] {0}, 256), 1, outputs);
    }
    for (int i = 0; i < 256; i++) {
      assertThat(outputs[i]).isEqualTo(i / 255f);
    }
  }
}
