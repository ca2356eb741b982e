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
  void everyUseAfterCloseIsRefused() {
    long before = MemoryLedger.liveBytes();
    Plan plan = plan(2);
    plan.beginEpoch(new int[] {0, 1, 2, 3, 4}, 4);
    assertThat(MemoryLedger.liveBytes() - before).isEqualTo(plan.bytes()).isPositive();
    plan.close();
    assertThat(MemoryLedger.liveBytes()).isEqualTo(before);
    Class<?> type = IllegalStateException.class;
    refuses(type, "closed already", plan::close);
    refuses(type, "is closed; its memory is gone", () -> plan.step(1, new Totals()));
    refuses(type, "is closed", () -> plan.evaluate(DATA, 4, new Totals()));
    refuses(type, "is closed", () -> plan.predict(DATA, 4, new float[15]));
    refuses(type, "is closed", () -> plan.load(START));
    refuses(type, "is closed", plan::snapshot);
    refuses(type, "is closed", plan::gradients);
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
    Thread training =
        Thread.ofPlatform()
            .start(
                () -> {
                  plan.beginEpoch(order, 4);
                  plan.step(order.length / 4, new Totals());
                });
    while (plan.snapshot().iterations() == 0) {
      Thread.sleep(1);
    }
    refuses(IllegalStateException.class, "in use by a running computation", plan::close);
    assertThat(training.isAlive()).isTrue();
    training.join();
    assertThat(plan.snapshot().iterations()).isEqualTo(order.length / 4);
    plan.close();
  }

  @Test
  void batchesOutOfRangeAreRefused() {
    try (Plan plan = plan(1)) {
      Class<?> type = IllegalArgumentException.class;
      refuses(type, "at least 1, found 0", () -> plan.evaluate(DATA, 0, new Totals()));
      refuses(type, "at least 1, found -3", () -> plan.predict(DATA, -3, new float[15]));
      refuses(type, "the plan's 4, found 5", () -> plan.beginEpoch(new int[5], 5));
      refuses(type, "the plan's 4, found 0", () -> plan.beginEpoch(new int[5], 0));
      refuses(type, "outputs need 15 values, found 14", () -> plan.predict(DATA, 4, new float[14]));
    }
    refuses(IllegalArgumentException.class, "threads", () -> new PlanOptions(1, 0));
    refuses(IllegalArgumentException.class, "1024, found 1025", () -> new PlanOptions(1, 1025));
    refuses(IllegalArgumentException.class, "batch size", () -> new PlanOptions(0, 1));
  }

  @Test
  void stepsBeyondTheEpochAreRefused() {
    try (Plan plan = plan(2)) {
      Class<?> type = IllegalStateException.class;
      refuses(type, "no batch left; begin another", () -> plan.step(1, new Totals()));
      plan.beginEpoch(new int[] {4, 3, 2, 1, 0}, 4);
      Totals totals = new Totals();
      plan.step(2, totals);
      assertThat(totals.samples()).isEqualTo(5);
      refuses(type, "no batch left; begin another", () -> plan.step(1, new Totals()));
    }
  }

  @Test
  void parametersOfAnotherModelAreRefusedAndChangeNothing() {
    try (Plan plan = plan(1)) {
      float[] six = {7, 7, 7, 7, 7, 7};
      float[] three = {7, 7, 7};
      List<List<float[]>> wrong =
          List.of(List.of(six), List.of(six, six), List.of(three, three), List.of(six, three, six));
      for (List<float[]> arrays : wrong) {
        refuses(
            IllegalArgumentException.class,
            "parameters: ",
            () -> plan.load(Parameters.initial(arrays)));
      }
      List<float[]> right = List.of(six, three);
      refuses(
          IllegalArgumentException.class,
          "optimizer state: 2 slots are kept, found 1",
          () -> plan.load(new Parameters(right, List.of(right), 1)));
      assertThat(plan.snapshot().values().get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void aStateReadIsAStateLoaded() {
    List<float[]> m = List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {7, 8, 9});
    List<float[]> v = List.of(new float[] {6, 5, 4, 3, 2, 1}, new float[] {3, 2, 1});
    try (Plan plan = plan(1)) {
      plan.load(new Parameters(m, List.of(m, v), 42));
      Parameters found = plan.snapshot();
      assertThat(found.iterations()).isEqualTo(42);
      assertThat(found.slots()).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(found.values().get(i)).isEqualTo(m.get(i));
        assertThat(found.slots().get(0).get(i)).isEqualTo(m.get(i));
        assertThat(found.slots().get(1).get(i)).isEqualTo(v.get(i));
      }
    }
  }
}
