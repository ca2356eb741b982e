package dev.lanewise.bench;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Says what share of the machine's peak the benchmarks of a run have reached, where {@link
 * FmaPeakBenchmark} was part of the same run on as many threads.
 */
final class PeakShares {
  private static final String COLUMN = "gflops";

  private PeakShares() {}

  static void print(Collection<RunResult> results) {
    boolean first = true;
    for (RunResult result : results) {
      double found = gflops(result);
      double peak = peak(results, threads(result.getParams()));
      if (found > 0 && peak > 0 && !isPeak(result)) {
        if (first) {
          System.out.println();
          first = false;
        }
        System.out.printf(
            Locale.ROOT,
            "%5.1f %% of the peak of %.0f GFLOP/s on %d thread(s): %s%n",
            100 * found / peak,
            peak,
            threads(result.getParams()),
            name(result.getParams()));
      }
    }
  }

  private static double peak(Collection<RunResult> results, int threads) {
    return results.stream()
        .filter(result -> isPeak(result) && threads(result.getParams()) == threads)
        .mapToDouble(PeakShares::gflops)
        .max()
        .orElse(0);
  }

  private static boolean isPeak(RunResult result) {
    return result.getParams().getBenchmark().startsWith(FmaPeakBenchmark.class.getName());
  }

  private static double gflops(RunResult result) {
    Result<?> column = result.getSecondaryResults().get(COLUMN);
    return column == null ? 0 : column.getScore();
  }

  /** The CPU's threads that work: those of a plan, if the benchmark has one, or JMH's. */
  private static int threads(BenchmarkParams params) {
    String backend = params.getParam("backend");
    return backend == null ? params.getThreads() : Machine.of(backend).threads();
  }

  private static String name(BenchmarkParams params) {
    StringBuilder name = new StringBuilder(params.getBenchmark());
    name.delete(0, name.indexOf("bench.") + "bench.".length());
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }
}
