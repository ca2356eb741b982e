package dev.lanewise.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one run said.
 *
 * @param values by name
 * @param failure why it did not end well, empty if it did
 */
record Outcome(Map<String, Double> values, String failure) {
  static final List<String> KEYS =
      List.of(
          "warm_epoch_seconds",
          "first_epoch_seconds",
          "whole_seconds",
          "test_accuracy",
          "peak_mib",
          "one_image_microseconds",
          "one_image_p99_microseconds",
          "images_per_second");

  static final String HEADER = String.join(",", KEYS) + ",failure";

  static Outcome failed(String why) {
    return new Outcome(Map.of(), why);
  }

  double value(String key) {
    return values.getOrDefault(key, Double.NaN);
  }

  String summary() {
    return failure.isEmpty()
        ? String.format(
            Locale.ROOT,
            "warm epoch %.2f s, whole process %.1f s, accuracy %.4f",
            value("warm_epoch_seconds"),
            value("whole_seconds"),
            value("test_accuracy"))
        : failure;
  }

  String row() {
    return KEYS.stream()
            .map(key -> values.containsKey(key) ? String.valueOf(values.get(key)) : "")
            .collect(Collectors.joining(","))
        + ",\""
        + failure.replace('"', '\'')
        + '"';
  }
}
