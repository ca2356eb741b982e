package dev.lanewise.engine.tensor;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who uses something while another closes it finds it open to the end, or not at all. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "used, then closed")
@Outcome(id = "1, -1", expect = Expect.ACCEPTABLE, desc = "used, and not closed meanwhile")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "closed, then refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "used after it was closed")
@State
public class LeaseCloseRace {
  private final Lease lease = new Lease("it");
  private int live = 1;

  @Actor
  public void user(II_Result result) {
    try {
      lease.acquire();
      result.r1 = live;
      lease.release();
    } catch (IllegalStateException e) {
      result.r1 = -1;
    }
  }

  @Actor
  public void closer(II_Result result) {
    try {
      result.r2 = lease.close() ? 1 : 0;
      live = 0;
    } catch (IllegalStateException e) {
      result.r2 = -1;
    }
  }
}
