package dev.lanewise.cli.tell;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** Numbers, times and metrics as Keras's progress line prints them. */
public final class KerasFormat {
  /** The cells of Keras's bar. */
  public static final int CELLS = 20;

  private KerasFormat() {}

  /** Returns 4 decimals above 1e-3 in absolute value, else 1.2345e-04. */
  public static String value(double value) {
    if (!Double.isFinite(value)) {
      String name = Double.isNaN(value) ? "nan" : "inf";
      return value < 0 ? "-" + name : name; // Python's names
    }
    if (Math.abs(value) > 1e-3) {
      return new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
    }
    return String.format(Locale.ROOT, "%.4e", value);
  }

  /** Returns time per step: 2s/step, 17ms/step or 812us/step. */
  public static String perStep(double seconds) {
    if (seconds >= 1 || seconds == 0) {
      return Math.round(seconds) + "s/step";
    }
    return seconds >= 1e-3
        ? Math.round(seconds * 1e3) + "ms/step"
        : Math.round(seconds * 1e6) + "us/step";
  }

  /** Returns a time left: 1:02:03 above an hour, 3:07 above a minute, 12s. */
  public static String remaining(double seconds) {
    long s = (long) seconds;
    if (s > 3600) {
      return s / 3600 + ":" + twoDigits(s % 3600 / 60) + ":" + twoDigits(s % 60);
    }
    return s > 60 ? s / 60 + ":" + twoDigits(s % 60) : s + "s";
  }

  private static String twoDigits(long value) {
    return value < 10 ? "0" + value : Long.toString(value);
  }

  /** Returns " - accuracy: 0.8123 - loss: 0.6012" in the map's order. */
  public static String metrics(Map<String, Double> logs) {
    StringBuilder line = new StringBuilder();
    logs.forEach((name, v) -> line.append(" - ").append(name).append(": ").append(value(v)));
    return line.toString();
  }

  /** Returns the counter, right-aligned: " 17/320". */
  public static String counter(int done, int total) {
    String of = Integer.toString(total);
    return " ".repeat(of.length() - Integer.toString(done).length()) + done + "/" + of;
  }

  /** Returns a bar of some cells; on a terminal with colour the done part is green. */
  public static String bar(int done, int total, int cells, boolean colour) {
    int filled = (int) ((long) cells * done / total);
    if (!colour) {
      return "━".repeat(filled) + " ".repeat(cells - filled);
    }
    return "\u001b[32m"
        + "━".repeat(filled)
        + "\u001b[0m\u001b[37m"
        + "━".repeat(cells - filled)
        + "\u001b[0m";
  }
}
