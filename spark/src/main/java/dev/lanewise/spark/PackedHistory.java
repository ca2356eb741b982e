package dev.lanewise.spark;

import dev.lanewise.engine.train.History;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.TreeMap;

/** What epochs reported, on its way between tasks and to the driver. */
final class PackedHistory implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<Integer> epochs = new ArrayList<>();
  private final ArrayList<TreeMap<String, Double>> logs = new ArrayList<>();

  PackedHistory(History history) {
    for (int i = 0; i < history.epoch().size(); i++) {
      epochs.add(history.epoch().get(i));
      logs.add(new TreeMap<>(history.logs(i)));
    }
  }

  History open() {
    History history = new History();
    for (int i = 0; i < epochs.size(); i++) {
      history.add(epochs.get(i), logs.get(i));
    }
    return history;
  }
}
