package dev.lanewise.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A gradient that halves with each step it goes back: the first step's input, the only one that is
 * not zero, still teaches the kernel over 60 steps, and over 100, where the gradient is below 2^-80
 * and on its way to the subnormal numbers, no longer.
 */
class VanishedGradientTest {
  private static final int UNITS = 3;

  static Stream<Layer> halvingCells() {
    return Stream.of(
        SimpleRnn.of(UNITS).withActivation(Activation.LINEAR),
        Lstm.of(UNITS),
        Gru.of(UNITS),
        Gru.of(UNITS).resettingBefore());
  }

  @ParameterizedTest
  @MethodSource("halvingCells")
  void whatIsTinyCountsAsNothing(Layer cell) {
    assertTrue(largest(kernelGradient(cell, 60)) > 0, "60 steps");
    assertEquals(0, largest(kernelGradient(cell, 100)), "100 steps");
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static float[] kernelGradient(Layer cell, int steps) {
    Shape input = Shape.of(steps, 1);
    List<Layer> stack = List.of(cell, Dense.of(1, Activation.LINEAR));
    ModelSpec spec = new ModelSpec(input, stack, Loss.MEAN_SQUARED_ERROR, Sgd.of(0.1));
    List<float[]> start = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      start.add(new float[(int) parameter.shape().elementCount()]);
    }
    Arrays.fill(start.get(3), 1); // Dense's kernel
    for (int unit = 0; unit < UNITS && cell instanceof SimpleRnn; unit++) {
      start.get(1)[unit * UNITS + unit] = 0.5f; // the gates of the others are sigmoid(0)
    }
    float[] first = new float[steps];
    first[0] = 1;
    try (Plan plan = new CpuBackend().compile(spec, new PlanOptions(1, 1))) {
      plan.load(Parameters.initial(start));
      plan.bind(Dataset.of(input, first, new float[] {1}, 1));
      plan.beginEpoch(new int[] {0}, 1);
      plan.step(1, new Totals());
      return plan.gradients().getFirst();
    }
  }
}
