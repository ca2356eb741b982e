package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.network.CudaMeasures;
import dev.lanewise.engine.backend.Totals;

/** What comes down from the device for each sample: its loss and its metrics. */
final class SampleResults {
  private final Transfers transfers;
  private final CudaMeasures measures;

  SampleResults(Transfers transfers, CudaMeasures measures) {
    this.transfers = transfers;
    this.measures = measures;
  }

  /** Waits for the results of places [from, to). */
  float[] read(ResidentData data, int from, int to) {
    int width = measures.width();
    return transfers.copyOut(
        data.results() + (long) from * width * Float.BYTES, Math.multiplyExact(to - from, width));
  }

  /** Adds samples [from, to) of results one by one, so that sums do not depend on batches. */
  void add(float[] results, int from, int to, Totals totals) {
    for (int i = from; i < to; i++) {
      measures.add(results, i * measures.width(), totals);
    }
  }
}
