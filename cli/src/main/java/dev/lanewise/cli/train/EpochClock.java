package dev.lanewise.cli.train;

import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.EpochTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps the epochs' times. */
final class EpochClock implements Callback {
  private final List<EpochTimes> times = new ArrayList<>();

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes ended) {
    times.add(ended);
  }

  List<EpochTimes> times() {
    return times;
  }
}
