package dev.lanewise.engine.backend.cpu;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains without a warm-up, as a program does that has its first model, and prints how many bytes a
 * step allocates once the JIT has had its time: the child of a test.
 */
final class ColdStepsMain {
  private static final int BATCH = 150;
  private static final int STEPS = 28;
  private static final int UNITS = 150;
  private static final int CLASSES = 10;
  private static final int SETTLING = 20;
  private static final int MEASURED = 10;
  private static final int READS = 20_000;

  private ColdStepsMain() {}

  /** Reads segments of several kinds, one kind after the other, which the JIT learns each time. */
  private static double readOtherwise() {
    double sum = 0;
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> segments =
          List.of(
              MemorySegment.ofArray(new byte[Double.BYTES]),
              MemorySegment.ofArray(new long[1]),
              arena.allocate(Double.BYTES, Double.BYTES),
              MemorySegment.ofArray(new float[2]),
              arena.allocate(Double.BYTES, Double.BYTES).asReadOnly());
      for (MemorySegment segment : segments) {
        for (int i = 0; i < READS; i++) {
          sum += segment.get(ValueLayout.JAVA_BYTE, 0);
        }
        for (int i = 0; i < READS; i++) {
          sum += segment.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        }
        for (int i = 0; i < READS; i++) {
          sum += segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0);
        }
        for (int i = 0; i < READS; i++) {
          sum += segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        }
      }
    }
    return sum;
  }

  public static void main(String[] args) {
    System.out.println("read=" + readOtherwise());
    Shape input = Shape.of(STEPS, STEPS);
    ModelSpec model =
        new ModelSpec(
            input,
            List.of(Lstm.of(UNITS), Dense.of(CLASSES, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSSENTROPY,
            Adam.withDefaults());
    byte[] pixels = new byte[BATCH * STEPS * STEPS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7);
    }
    int[] labels = IntStream.range(0, BATCH).map(i -> i % CLASSES).toArray();
    int[] order = IntStream.range(0, BATCH).toArray();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Totals totals = new Totals();
    try (Plan plan = new CpuBackend().compile(model, new PlanOptions(BATCH, 2))) {
      plan.bind(Dataset.ofBytes(input, pixels, labels, CLASSES));
      long before = 0;
      for (int step = 0; step < SETTLING + MEASURED; step++) {
        if (step == SETTLING) {
          before = threads.getTotalThreadAllocatedBytes();
        }
        plan.beginEpoch(order, BATCH);
        plan.step(1, totals);
      }
      long bytes = threads.getTotalThreadAllocatedBytes() - before;
      System.out.println("bytes=" + bytes / MEASURED);
    }
  }
}
