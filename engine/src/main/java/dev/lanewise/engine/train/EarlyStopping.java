package dev.lanewise.engine.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ends a fit when a value has not got better for some epochs; Keras's {@code EarlyStopping}. The
 * first epoch never ends it.
 */
public final class EarlyStopping implements Callback {
  private final Monitor monitor;
  private final int patience;
  private final boolean restoreBestWeights;
  private double best = Double.NaN;
  private int waited;
  private @Nullable Training training;
  private @Nullable List<float[]> bestWeights;

  /**
   * Creates the callback.
   *
   * @param monitor the value to look at
   * @param patience the epochs without improvement after which to stop; 0 is taken as 1
   * @param restoreBestWeights whether the model ends with the weights of its best epoch
   * @throws IllegalArgumentException if {@code patience} is negative
   */
  public EarlyStopping(Monitor monitor, int patience, boolean restoreBestWeights) {
    if (patience < 0) {
      throw new IllegalArgumentException(
          "EarlyStopping: patience must be at least 0, found " + patience);
    }
    this.monitor = monitor;
    this.patience = patience;
    this.restoreBestWeights = restoreBestWeights;
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public void onTrainBegin(Training running) {
    training = running;
    best = Double.NaN;
    waited = 0;
    bestWeights = null;
  }

  @Override
  public void onResume(History history, List<float[]> state) {
    for (int i = 0; i < history.epoch().size(); i++) {
      take(monitor.valueIn(history.logs(i)));
    }
    bestWeights = state.isEmpty() ? null : new ArrayList<>(state);
  }

  @Override
  public List<float[]> state() {
    return bestWeights == null ? List.of() : bestWeights;
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    boolean better = take(monitor.valueIn(logs));
    if (better && restoreBestWeights) {
      bestWeights = training().parameters().values();
    }
    if (!better && waited >= patience) {
      training().stop();
    }
  }

  private boolean take(double value) {
    waited++;
    if (!monitor.isBetter(value, best)) {
      return false;
    }
    best = value;
    waited = 0;
    return true;
  }

  @Override
  public void onTrainEnd() {
    if (bestWeights != null) {
      training().setParameters(training().parameters().withValues(bestWeights));
    }
  }

  private Training training() {
    return Objects.requireNonNull(training, "a fit has begun");
  }
}
