package dev.lanewise.engine.tensor;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Of two computations that want to be alone, each has what the other has written, or is refused.
 */
@JCStressTest
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(id = "1, -1, 1", expect = Expect.ACCEPTABLE, desc = "the second is refused")
@Outcome(id = "-1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first is refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at once, or neither")
@State
public class LeaseAloneRace {
  private final Lease lease = new Lease("it");
  private int count;

  private int counted() {
    try {
      lease.acquireAlone();
    } catch (IllegalStateException e) {
      return -1;
    }
    count++;
    lease.release();
    return 1;
  }

  @Actor
  public void first(III_Result result) {
    result.r1 = counted();
  }

  @Actor
  public void second(III_Result result) {
    result.r2 = counted();
  }

  @Arbiter
  public void end(III_Result result) {
    result.r3 = count;
  }
}
