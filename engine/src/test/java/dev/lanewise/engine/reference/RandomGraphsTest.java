package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * Graphs that nobody thought of: the reference against central differences, the engine against the
 * reference. {@code -Dlanewise.test.graphs=10000 -Dlanewise.test.seed=1} draws others.
 */
class RandomGraphsTest {
  private static final int GRAPHS = Integer.getInteger("lanewise.test.graphs", 60);
  private static final long SEED = Long.getLong("lanewise.test.seed", 0);

  /** Of chains of a dozen layers, some of them sums over hundreds of values. */
  private static final double TOLERANCE = 2e-5;

  /**
   * Where a function has no derivative, or one that changes at once, a sample may lie too near to
   * it; other values of the same graph then do not.
   */
  private static int redrawn(LongConsumer check) {
    int again = 0;
    for (long graph = SEED; graph < SEED + GRAPHS; graph++) {
      try {
        check.accept(graph);
      } catch (AssertionError e) {
        System.out.println("drawn again: " + e.getMessage());
        again++;
        check.accept(-graph - 1);
      }
    }
    System.out.println(GRAPHS + " graphs from seed " + SEED + ", values drawn again: " + again);
    return again;
  }

  private static GraphConfigurations graph(long seed) {
    return RandomGraph.of(seed < 0 ? -seed - 1 : seed);
  }

  @Test
  void gradientsAgreeWithCentralDifferences() {
    int again = redrawn(seed -> CentralDifferences.assertAgree(graph(seed), seed, 2));
    assertThat(again).isLessThanOrEqualTo(GRAPHS / 30);
  }

  @Test
  void theEngineAgreesWithTheReference() {
    int again =
        redrawn(
            seed -> {
              EngineAgreement agreement = new EngineAgreement(graph(seed), seed, TOLERANCE);
              agreement.assertAgree(1);
              agreement.assertAgree(27);
            });
    assertThat(again).isLessThanOrEqualTo(GRAPHS / 30);
  }
}
