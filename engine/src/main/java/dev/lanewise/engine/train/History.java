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

  History() {}

  void add(int epoch, Map<String, Double> logs) {
    epochs.add(epoch);
    logs.forEach((name, value) -> series.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
  }

  /** Returns the epochs' numbers from 0. */
  public List<Integer> epoch() {
    return Collections.unmodifiableList(epochs);
  }

  /** Returns one value an epoch by name, in alphabetical order: accuracy, loss, val_... */
  public Map<String, List<Double>> history() {
    return Collections.unmodifiableMap(series);
  }
}
