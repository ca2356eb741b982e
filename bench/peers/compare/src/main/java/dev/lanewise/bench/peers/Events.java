package dev.lanewise.bench.peers;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one process says: one JSON object a line, among whatever its library prints. */
final class Events implements Runnable {
  private final InputStream out;
  private final long begin;
  private final List<Double> epochs = new ArrayList<>();
  private final Map<String, Double> values = new HashMap<>();
  private volatile boolean ended;
  private volatile String failure = "";

  /**
   * Of a process just started.
   *
   * @param out the process's output
   * @param begin when it was started, by {@link System#nanoTime}
   */
  Events(InputStream out, long begin) {
    this.out = out;
    this.begin = begin;
  }

  /** Reads until the process is gone. */
  @Override
  public void run() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{\"event\":")) {
          take(JsonParser.parseString(line).getAsJsonObject());
        }
      }
    } catch (IOException e) {
      failure = "its output: " + e.getMessage();
    }
  }

  private void take(JsonObject event) {
    switch (event.get("event").getAsString()) {
      case "epoch" -> {
        epochs.add(event.get("train_seconds").getAsDouble());
        keep(event, "val_loss"); // the last one's stays
      }
      case "end" -> {
        values.put("whole_seconds", (System.nanoTime() - begin) * 1e-9);
        keep(event, "test_accuracy");
        ended = true;
      }
      case "answers" -> {
        keep(event, "one_image_microseconds");
        keep(event, "one_image_p99_microseconds");
        keep(event, "images_per_second");
      }
      default -> {} // the command line says more than is compared
    }
  }

  private void keep(JsonObject event, String name) {
    values.put(name, event.get(name).getAsDouble());
  }

  /** Returns whether the test accuracy has been said. */
  boolean ended() {
    return ended;
  }

  /** Returns why the output could not be read; empty if it could. */
  String failure() {
    return failure;
  }

  /** Returns the figures, once the thread that ran this has ended. */
  Map<String, Double> values() {
    Map<String, Double> all = new HashMap<>(values);
    if (!epochs.isEmpty()) {
      all.put("first_epoch_seconds", epochs.getFirst());
      all.put("warm_epoch_seconds", Median.of(epochs.subList(1, epochs.size())));
    }
    return all;
  }
}
