package dev.lanewise.engine.train;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Of two threads that use a model, each has what the other has written, or is refused. */
@JCStressTest
@Outcome(id = "1, 2, 2", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(id = "2, 1, 2", expect = Expect.ACCEPTABLE, desc = "the other first")
@Outcome(id = "1, -1, 1", expect = Expect.ACCEPTABLE, desc = "the second is refused")
@Outcome(id = "-1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first is refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at once, or neither")
@State
public class TurnRace {
  private final Turn turn = new Turn();
  private int count;

  private int counted() {
    try {
      return turn.of("count", () -> ++count);
    } catch (IllegalStateException e) {
      return -1;
    }
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
