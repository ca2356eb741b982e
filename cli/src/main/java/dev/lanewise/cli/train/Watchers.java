package dev.lanewise.cli.train;

import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.EpochTimes;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Training;
import java.util.List;
import java.util.Map;

/**
 * Callbacks that look at epochs, and need no more than what earlier ones reported to go on. They
 * are one to the fit, so that a run that is taken up again may be watched by others than it was
 * before.
 *
 * @param all told in this order
 */
record Watchers(List<Callback> all) implements Callback {
  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public void onResume(History history, List<float[]> state) {
    all.forEach(each -> each.onResume(history, List.of()));
  }

  @Override
  public void onTrainBegin(Training training) {
    all.forEach(each -> each.onTrainBegin(training));
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    all.forEach(each -> each.onEpochEnd(epoch, logs, times));
  }
}
