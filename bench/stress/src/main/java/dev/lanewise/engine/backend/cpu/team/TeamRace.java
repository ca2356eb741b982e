package dev.lanewise.engine.backend.cpu.team;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * What the caller of a round has written its threads see, and what they wrote the caller sees, in
 * one team that succeeds beside another that fails.
 */
@JCStressTest
@Outcome(id = "12, 1, 4", expect = Expect.ACCEPTABLE, desc = "all seen, and the failure told")
@Outcome(expect = Expect.FORBIDDEN, desc = "something was not seen")
@State
public class TeamRace {
  private static final Team SOUND = new Team(2);
  private static final Team FAILING = new Team(2);

  private final int[] values = new int[4];
  private final int[] others = new int[4];
  private int input;

  @Actor
  public void sound(III_Result result) {
    input = 3;
    SOUND.run(values.length, (worker, index) -> values[index] = input);
    for (int value : values) {
      result.r1 += value;
    }
  }

  @Actor
  public void failing(III_Result result) {
    try {
      FAILING.run(
          others.length,
          (worker, index) -> {
            if (index == 1) {
              throw new IllegalArgumentException("as planned");
            }
          });
    } catch (IllegalArgumentException e) {
      result.r2 = 1;
    }
    FAILING.run(others.length, (worker, index) -> others[index] = 1);
    for (int value : others) {
      result.r3 += value;
    }
  }
}
