package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Totals;
import java.util.Map;

/** Where an epoch stands: one object for a whole fit, so that a batch allocates nothing. */
public final class Progress {
  private final Totals batch;
  private final Totals epoch;

  Progress(ModelSpec spec) {
    batch = new Totals(spec);
    epoch = new Totals(spec);
  }

  /** {@return the mean loss of the batch, before its update} */
  public double batchLoss() {
    return batch.meanLoss();
  }

  /** {@return the running values of the epoch by name, in alphabetical order; a fresh map} */
  public Map<String, Double> logs() {
    return Logs.of(epoch, "");
  }

  /** Takes the sums of the next batch. */
  void take(Totals sums) {
    batch.reset();
    batch.add(sums);
    epoch.add(sums);
  }

  Totals epoch() {
    return epoch;
  }
}
