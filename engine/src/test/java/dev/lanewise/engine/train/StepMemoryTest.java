package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.tensor.MemoryLedger;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A step takes no memory: neither on the heap, on any thread, nor off it. */
class StepMemoryTest {
  private static final int WARM_UP = 6_000; // until every kernel is compiled
  private static final int MEASURED = 2_000;
  private static final int WINDOW = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void stepsAllocateNothingAndTheLedgerStandsStill() {
    long before = MemoryLedger.liveBytes();
    try (Model model = SmallRun.model(2);
        Plan plan = new CpuBackend().compile(model.spec(), new PlanOptions(25, 2))) {
      plan.load(start(model));
      plan.bind(SmallRun.data());
      int[] order = IntStream.range(0, 200).toArray();
      Totals totals = new Totals();
      run(plan, order, totals, WARM_UP);
      long live = MemoryLedger.liveBytes();
      long[] ids = threads();
      long least = Long.MAX_VALUE;
      for (int done = 0; done < MEASURED; done += WINDOW) {
        long earlier = allocated(ids);
        long from = allocated(ids);
        long asking = from - earlier; // what a look itself allocates
        run(plan, order, totals, WINDOW);
        least = Math.min(least, allocated(ids) - from - asking);
        assertThat(MemoryLedger.liveBytes()).isEqualTo(live);
      }
      // The least of twenty windows: a late recompilation may box in one of them.
      assertThat(least).as("bytes in %d steps", WINDOW).isZero();
    }
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
  }

  private static Parameters start(Model model) {
    return StartWeights.of(model.spec(), 1);
  }

  private static void run(Plan plan, int[] order, Totals totals, int steps) {
    for (int i = 0; i < steps; i++) {
      if (i % 8 == 0) {
        plan.beginEpoch(order, 25);
      }
      totals.reset();
      plan.step(1, totals);
    }
  }

  /** The caller and the plan's helpers. */
  private static long[] threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t == Thread.currentThread() || t.getName().startsWith("lanewise-cpu"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocated(long[] ids) {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(ids)) {
      sum += bytes;
    }
    return sum;
  }
}
