package dev.lanewise.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a plan and what it refuses. */
@Timeout(60)
class CpuPlanTest {
  private static final ModelSpec SPEC =
      new ModelSpec(
          Shape.of(2), List.of(Dense.of(3)), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
  private static final Parameters START =
      Parameters.initial(List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[3]));
  private static final Dataset DATA = Dataset.of(Shape.of(2), new float[10], new float[15], 3);

  private static Plan plan(int threads) {
    Plan plan = new CpuBackend().compile(SPEC, new PlanOptions(4, threads));
    plan.load(START);
    plan.bind(DATA);
    return plan;
  }

  private static void refuses(Class<?> type, String part, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type).hasMessageContaining(part);
  }

  @Test
  void closingGivesAllMemoryBack() {
    long before = MemoryLedger.liveBytes();
    Plan plan = plan(2);
    plan.beginEpoch(new int[] {0, 1, 2, 3, 4}, 4);
    assertThat(MemoryLedger.liveBytes() - before).isEqualTo(plan.bytes()).isPositive();
    plan.close();
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
  }

  @Test
  void closingEndsTheThreads() {
    long before = helpers();
    Plan plan = plan(4);
    assertThat(helpers()).isEqualTo(before + 3);
    plan.close();
    assertThat(helpers()).isEqualTo(before);
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lanewise-cpu-"))
        .count();
  }

  @Test
  void closingWhileAnotherThreadTrainsIsRefused() throws InterruptedException {
    Plan plan = plan(1);
    int[] order = new int[2_000_000]; // half a second of sample 0
    CountDownLatch began = new CountDownLatch(1);
    Thread training =
        Thread.ofPlatform()
            .start(
                () -> {
                  plan.beginEpoch(order, 4);
                  began.countDown();
                  plan.step(order.length / 4, new Totals());
                });
    began.await();
    Thread.sleep(20);
    refuses(IllegalStateException.class, "in use by a running computation", plan::close);
    refuses(IllegalStateException.class, "takes one at a time", plan::snapshot);
    assertThat(training.isAlive()).isTrue();
    training.join();
    assertThat(plan.snapshot().iterations()).isEqualTo(order.length / 4);
    plan.close();
  }
}
