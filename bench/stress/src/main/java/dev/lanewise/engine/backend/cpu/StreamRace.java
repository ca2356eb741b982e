package dev.lanewise.engine.backend.cpu;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads open streams of one predictor, fork them and close them. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the bits of one alone")
@Outcome(expect = Expect.FORBIDDEN, desc = "other bits")
@State
public class StreamRace {
  private static final Served SERVED = new Served();

  @Actor
  public void first(II_Result result) {
    result.r1 = SERVED.streams(false);
  }

  @Actor
  public void second(II_Result result) {
    result.r2 = SERVED.streams(true);
  }
}
