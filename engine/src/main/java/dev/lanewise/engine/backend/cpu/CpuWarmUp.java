package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains a toy model until the JIT has taken notice of the hot loops. A vector operation costs
 * microseconds in the interpreter, so that a first batch of full size takes a second; small
 * products reach the compilers' thresholds by calls, many and short, and get whole methods compiled
 * in place of loops half-way through.
 */
final class CpuWarmUp {
  private static final int STEPS = 4;

  /** With the units they are the rows of weights from which on gradients are copied into panels. */
  private static final int FEATURES = 38;

  /**
   * Seven vectors of 512 bits, taken as four and three: so the widest tiles are among what runs.
   */
  private static final int UNITS = 112;

  private static final int CLASSES = 10;
  private static final int BATCH = 5;
  private static final int SAMPLES = 8 * BATCH;
  private static final int EPOCHS = 100;

  private CpuWarmUp() {}

  static void run(CpuBackend backend) {
    ModelSpec toy =
        new ModelSpec(
            Shape.of(STEPS, FEATURES),
            List.of(SimpleRnn.of(UNITS), Dense.of(CLASSES, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    byte[] pixels = new byte[SAMPLES * STEPS * FEATURES];
    int[] labels = IntStream.range(0, SAMPLES).map(i -> i % CLASSES).toArray();
    int[] order = IntStream.range(0, SAMPLES).toArray();
    Totals totals = new Totals();
    try (Plan plan = backend.compile(toy, new PlanOptions(BATCH, 1))) {
      plan.bind(Dataset.ofBytes(toy.input(), pixels, labels, CLASSES));
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        plan.beginEpoch(order, BATCH);
        plan.step(SAMPLES / BATCH, totals);
      }
    }
  }
}
