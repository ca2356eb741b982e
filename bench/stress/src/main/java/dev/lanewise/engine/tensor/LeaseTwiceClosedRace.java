package dev.lanewise.engine.tensor;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Of two that close the same, one frees its memory. */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = Expect.ACCEPTABLE,
    desc = "one of them")
@Outcome(expect = Expect.FORBIDDEN, desc = "freed twice, or never")
@State
public class LeaseTwiceClosedRace {
  private final Lease lease = new Lease("it");

  @Actor
  public void first(ZZ_Result result) {
    result.r1 = lease.close();
  }

  @Actor
  public void second(ZZ_Result result) {
    result.r2 = lease.close();
  }
}
