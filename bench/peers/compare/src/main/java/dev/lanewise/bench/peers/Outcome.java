package dev.lanewise.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of one run.
 *
 * @param values by name, NaN or absent where unknown
 * @param failure why it did not end well, empty if it did
 */
record Outcome(Map<String, Double> values, String failure) {
  static final List<String> KEYS =
      List.of(
          "warm_epoch_seconds",
          "first_epoch_seconds",
          "whole_seconds",
          "val_loss",
          "test_accuracy",
          "peak_mib",
          "one_image_microseconds",
          "one_image_p99_microseconds",
          "images_per_second",
          "other_load");

  static final String HEADER = String.join(",", KEYS) + ",failure";

  static Outcome failed(String why) {
    return new Outcome(Map.of(), why);
  }

  boolean good() {
    return failure.isEmpty();
  }

  double value(String key) {
    return values.getOrDefault(key, Double.NaN);
  }

  String summary() {
    return good()
        ? String.format(
            Locale.ROOT,
            "first epoch %.2f s, whole process %.1f s, validation loss %.4f, accuracy %.4f",
            value("first_epoch_seconds"),
            value("whole_seconds"),
            value("val_loss"),
            value("test_accuracy"))
        : failure;
  }

  /** Returns the fields of {@link #HEADER}. */
  String row() {
    return KEYS.stream().map(this::field).collect(Collectors.joining(","))
        + ",\""
        + failure.replace('"', '\'')
        + '"';
  }

  private String field(String key) {
    double value = value(key);
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
