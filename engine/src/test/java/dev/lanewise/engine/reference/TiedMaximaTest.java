package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whose the gradient is where several steps have the largest value. A second feature has no weight,
 * so that it changes nothing, and a power of ten at each step: its weight's gradient says which
 * steps got what.
 */
class TiedMaximaTest {
  private static final float[] X = {1, 1, 5, 10, 5, 100, 2, 1000, 5, 10_000};

  /** With squared error of one output and a target 1/2 below it the gradient by it is 1. */
  private static float markers(Layer pooling, float largest) {
    Shape input = Shape.of(5, 2);
    ModelSpec spec =
        new ModelSpec(
            input,
            List.of(Dense.of(1).withoutBias(), pooling, new Flatten()),
            Loss.MEAN_SQUARED_ERROR,
            Sgd.of(0.1));
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(1, 1))) {
      plan.load(Parameters.initial(List.of(new float[] {1, 0})));
      plan.bind(Dataset.of(input, X, new float[] {largest - 0.5f}, 1));
      plan.beginEpoch(new int[] {0}, 1);
      plan.step(1, new Totals());
      return plan.gradients().getFirst()[1];
    }
  }

  @Test
  void aWindowsFirstGetsAll() {
    assertThat(markers(MaxPooling1D.of(5), 5)).isEqualTo(10);
    assertThat(markers(MaxPooling1D.of(5).withStrides(1), 5)).isEqualTo(10);
  }

  @Test
  void ofTheWholeSequenceAllShare() {
    assertThat(markers(GlobalMaxPooling1D.withDefaults(), 5)).isEqualTo(10_110f / 3);
  }
}
