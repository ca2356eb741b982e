package dev.lanewise.engine.train;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A model that is closed in its turn, as {@code Model} does it, is used before or not at all. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "used, then closed")
@Outcome(id = "1, -1", expect = Expect.ACCEPTABLE, desc = "used, and not closed meanwhile")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "closed, or at it, and refused")
@Outcome(expect = Expect.FORBIDDEN, desc = "used after it was closed")
@State
public class TurnCloseRace {
  private final Turn turn = new Turn();
  private int live = 1;

  @Actor
  public void user(II_Result result) {
    try {
      result.r1 = turn.of("use", () -> live);
    } catch (IllegalStateException e) {
      result.r1 = -1;
    }
  }

  @Actor
  public void closer(II_Result result) {
    try {
      result.r2 =
          turn.of(
              "close",
              () -> {
                turn.close();
                live = 0;
                return 1;
              });
    } catch (IllegalStateException e) {
      result.r2 = -1;
    }
  }
}
