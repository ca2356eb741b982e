package dev.lanewise.bench.sweep;

import java.util.Arrays;
import java.util.Locale;

/**
 * What one case took.
 *
 * @param what the size
 * @param seconds the median of its steps
 * @param peak GFLOP/s of the peak beside it, on as many threads
 * @param bytes off-heap bytes of its plan
 */
record SweepResult(SweepCase what, double seconds, double peak, long bytes) {
  static final String HEADER =
      "units,batch,steps,features,threads,milliseconds,gflops,peak,share,padded_share,plan_bytes";

  /** Returns nominal GFLOP/s. */
  double gflops() {
    return what.gflop() / seconds;
  }

  /** Returns the share of the peak that nominal work has. */
  double share() {
    return gflops() / peak;
  }

  /** Returns the share that the work has with its padding. */
  double paddedShare() {
    return share() * what.padding();
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%d,%d,%d,%d,%d,%.4f,%.1f,%.0f,%.3f,%.3f,%d",
        what.units(),
        what.batch(),
        what.steps(),
        what.features(),
        what.threads(),
        seconds * 1e3,
        gflops(),
        peak,
        share(),
        paddedShare(),
        bytes);
  }

  /**
   * Reads what {@link #row} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static SweepResult of(String row) {
    String[] values = row.split(",", -1);
    if (values.length != HEADER.split(",", -1).length) {
      throw new IllegalArgumentException("sweep: expected " + HEADER + ", found " + row);
    }
    int[] sizes = Arrays.stream(values, 0, 5).mapToInt(Integer::parseInt).toArray();
    SweepCase what = new SweepCase(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    double seconds = Double.parseDouble(values[5]) / 1e3;
    return new SweepResult(
        what, seconds, Double.parseDouble(values[7]), Long.parseLong(values[10]));
  }
}
