package dev.lanewise.bench.sweep;

import dev.lanewise.bench.FoundingModel;
import dev.lanewise.engine.backend.Backends;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Totals;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Times one case: steps until the JIT is done, then steps that count. */
final class StepTimer {
  private static final int LEAST = 5;
  private static final int MOST = 20_000;

  private StepTimer() {}

  /**
   * Returns the median of the steps of about so many seconds, after half as many that do not count.
   */
  static SweepResult time(SweepCase what, Peak peak, double seconds) {
    FoundingModel model = what.model();
    PlanOptions options = new PlanOptions(what.batch(), what.threads());
    try (Plan plan = Backends.named("cpu").compile(model.spec(), options)) {
      plan.load(model.start());
      plan.bind(model.data(what.batch()));
      int[] order = IntStream.range(0, what.batch()).toArray();
      steps(plan, order, seconds / 2);
      double before = peak.gflops(what.threads());
      double[] times = steps(plan, order, seconds);
      double after = peak.gflops(what.threads());
      Arrays.sort(times);
      return new SweepResult(what, times[times.length / 2], Math.max(before, after), plan.bytes());
    }
  }

  private static double[] steps(Plan plan, int[] order, double seconds) {
    Totals totals = new Totals();
    double[] times = new double[MOST];
    int count = 0;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (count < LEAST || (count < MOST && System.nanoTime() < end)) {
      plan.beginEpoch(order, order.length);
      long begin = System.nanoTime();
      plan.step(1, totals);
      times[count++] = (System.nanoTime() - begin) * 1e-9;
    }
    return Arrays.copyOf(times, count);
  }
}
