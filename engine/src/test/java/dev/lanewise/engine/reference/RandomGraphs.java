package dev.lanewise.engine.reference;

import java.util.function.LongConsumer;

/**
 * Holds graphs that are drawn against the reference, in a JVM of its own: hundreds of models leave
 * the JIT with profiles under which what others measure is no longer what it was.
 */
final class RandomGraphs {
  /** How many a line of the output says that other values had to be drawn for. */
  static final String AGAIN = "values drawn again: ";

  /** How many a line of the output says that roundings move farther than the tolerance. */
  static final String ILL = "ill-conditioned: ";

  /** Of chains of a dozen layers, some of them sums over hundreds of values. */
  private static final double TOLERANCE = 2e-5;

  private static double worst;
  private static long worstSeed;
  private static int ill;

  private RandomGraphs() {}

  /** Takes how many graphs there are, and the seed of the first. */
  public static void main(String[] args) {
    long first = Long.parseLong(args[1]);
    long end = first + Integer.parseInt(args[0]);
    System.out.println(
        "central differences, "
            + AGAIN
            + again(first, end, seed -> CentralDifferences.assertAgree(graph(seed), seed, 2)));
    System.out.println("the engine, " + AGAIN + again(first, end, RandomGraphs::engine));
    System.out.println("the engine, " + ILL + ill);
    System.out.printf("the farthest apart, %.2f of the bound, in %d%n", worst, worstSeed);
  }

  private static void engine(long seed) {
    EngineAgreement agreement = new EngineAgreement(graph(seed), seed, TOLERANCE);
    agreement.assertAgree(1);
    agreement.assertAgree(27);
    ill += agreement.isIllConditioned() ? 1 : 0;
    if (agreement.worst() > worst) {
      worst = agreement.worst();
      worstSeed = seed;
    }
  }

  /**
   * Where a function has no derivative, or one that changes at once, a sample may lie too near to
   * it; other values of the same graph then do not.
   */
  private static int again(long first, long end, LongConsumer check) {
    int again = 0;
    for (long graph = first; graph < end; graph++) {
      try {
        check.accept(graph);
      } catch (AssertionError e) {
        System.out.println("drawn again: " + e.getMessage());
        again++;
        check.accept(-graph - 1);
      }
    }
    return again;
  }

  private static GraphConfigurations graph(long seed) {
    return RandomGraph.of(seed < 0 ? -seed - 1 : seed);
  }
}
