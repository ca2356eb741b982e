package dev.lanewise.engine.tensor;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two that take more than half of the budget never have it at once. */
@JCStressTest
@Outcome(
    id = {"1, 1", "1, 2", "2, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "never above the budget")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "each by a pair of another state")
@Outcome(expect = Expect.FORBIDDEN, desc = "more is live than may be")
@State
public class LedgerRace {
  private static final long BUDGET = MemoryLedger.budgetBytes();

  private static int taken() {
    long bytes = BUDGET / 5 * 3;
    try {
      MemoryLedger.add("a race", bytes);
    } catch (InsufficientMemoryException e) {
      return 2;
    }
    long live = MemoryLedger.liveBytes();
    MemoryLedger.remove(bytes);
    return live == bytes ? 1 : 0;
  }

  @Actor
  public void first(II_Result result) {
    result.r1 = taken();
  }

  @Actor
  public void second(II_Result result) {
    result.r2 = taken();
  }
}
