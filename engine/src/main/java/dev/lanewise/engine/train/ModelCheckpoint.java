package dev.lanewise.engine.train;

import dev.lanewise.engine.backend.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the parameters of every epoch that is the best so far; Keras's {@code ModelCheckpoint}.
 */
public final class ModelCheckpoint implements Callback {
  private final Monitor monitor;
  private final Consumer<Parameters> writer;
  private double best = Double.NaN;
  private @Nullable Training training;

  /**
   * Creates the callback.
   *
   * @param monitor the value to look at
   * @param writer takes the parameters of each new best epoch
   */
  public ModelCheckpoint(Monitor monitor, Consumer<Parameters> writer) {
    this.monitor = monitor;
    this.writer = writer;
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  @Override
  public void onTrainBegin(Training running) {
    training = running;
    best = Double.NaN;
  }

  @Override
  public void onResume(History history, List<float[]> state) {
    for (int i = 0; i < history.epoch().size(); i++) {
      take(history.logs(i));
    }
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    if (take(logs)) {
      writer.accept(Objects.requireNonNull(training, "a fit has begun").parameters());
    }
  }

  private boolean take(Map<String, Double> logs) {
    double value = monitor.valueIn(logs);
    if (!monitor.isBetter(value, best)) {
      return false;
    }
    best = value;
    return true;
  }
}
