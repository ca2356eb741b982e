package dev.lanewise.engine.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What training reported, epoch by epoch, as Keras's {@code History} holds it. */
public final class History {
  private final TreeMap<String, List<Double>> series = new TreeMap<>();
  private final List<Integer> epochs = new ArrayList<>();

  /** Creates a history without epochs. */
  public History() {}

  /** Returns a history that later epochs do not change. */
  History copy() {
    History copy = new History();
    for (int i = 0; i < epochs.size(); i++) {
      copy.add(epochs.get(i), logs(i));
    }
    return copy;
  }

  /**
   * {@return what one epoch reported, by name in alphabetical order}
   *
   * @param index which of {@link #epoch}'s
   */
  public Map<String, Double> logs(int index) {
    Map<String, Double> logs = new TreeMap<>();
    series.forEach((name, values) -> logs.put(name, values.get(index)));
    return logs;
  }

  /**
   * Adds an epoch.
   *
   * @param epoch its number from 0
   * @param logs values by name, the names of the first epoch
   * @throws IllegalArgumentException if the names differ from the first epoch's
   */
  public void add(int epoch, Map<String, Double> logs) {
    if (!epochs.isEmpty() && !logs.keySet().equals(series.keySet())) {
      throw new IllegalArgumentException(
          "history: epoch " + epoch + " has " + logs.keySet() + ", the first " + series.keySet());
    }
    epochs.add(epoch);
    logs.forEach((name, value) -> series.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** {@return the epochs' numbers from 0} */
  public List<Integer> epoch() {
    return Collections.unmodifiableList(epochs);
  }

  /** {@return one value an epoch by name, in alphabetical order: accuracy, loss, val_..} */
  public Map<String, List<Double>> history() {
    return Collections.unmodifiableMap(series);
  }
}
