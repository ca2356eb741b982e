package dev.lanewise.spark;

import dev.lanewise.engine.train.History;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a task brings back to the driver. */
final class TaskReport implements Serializable {
  private static final long serialVersionUID = 1L;

  int rank;
  String digest = "";
  long steps;
  double computing;
  double exchanging;
  double applying;
  long bytesSent;
  String address = "";

  /** Why the fit was given up, which no other attempt would change. */
  @Nullable RuntimeException refusal;

  /** Of the first task alone, as the epochs. */
  @Nullable PackedParameters parameters;

  private final ArrayList<Integer> epochs = new ArrayList<>();
  private final ArrayList<TreeMap<String, Double>> logs = new ArrayList<>();

  void setHistory(History history) {
    for (int i = 0; i < history.epoch().size(); i++) {
      epochs.add(history.epoch().get(i));
      Map<String, Double> each = history.logs(i);
      logs.add(new TreeMap<>(each));
    }
  }

  History history() {
    History history = new History();
    for (int i = 0; i < epochs.size(); i++) {
      history.add(epochs.get(i), logs.get(i));
    }
    return history;
  }
}
