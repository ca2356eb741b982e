package dev.lanewise.cli.train;

import dev.lanewise.cli.tell.KerasFormat;
import dev.lanewise.cli.tell.TerminalWidth;
import dev.lanewise.engine.train.Progress;
import java.io.PrintStream;
import java.util.Map;

/**
 * Keras's progress line, redrawn in place at most every 50 ms: the looks at the clock between
 * redraws cost nothing and allocate nothing. A line that reaches the terminal's edge would go on in
 * the next, and each redraw take a line of its own: where there is less room the bar gets shorter,
 * and what then still goes over is cut. What an epoch ends with is not cut but goes on in lines.
 */
final class ProgressLine {
  private static final long REDRAW_NANOS = 50_000_000;
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream err;
  private final boolean colour;
  private final TerminalWidth width;
  private int total;
  private long began;
  private long firstStepEnded;
  private long drawn;

  ProgressLine(PrintStream err, boolean colour, TerminalWidth width) {
    this.err = err;
    this.colour = colour;
    this.width = width;
  }

  void begin(int batches) {
    total = batches;
    began = System.nanoTime();
    firstStepEnded = began;
    drawn = began - REDRAW_NANOS;
  }

  void update(int done, Progress progress) {
    long now = System.nanoTime();
    if (done == 1) {
      firstStepEnded = now;
    }
    if (now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double step = stepSeconds(done, now);
    String rest = times(KerasFormat.remaining(step * (total - done)), step);
    String metrics = KerasFormat.metrics(progress.logs());
    err.print("\r" + head(done, rest + metrics) + CLEAR_TO_END);
    err.flush();
  }

  void end(Map<String, Double> logs) {
    long now = System.nanoTime();
    String rest = times(Math.round((now - began) * 1e-9) + "s", stepSeconds(total, now));
    err.print("\r" + head(total, rest));
    int used =
        KerasFormat.counter(total, total).length() + barRoom(total, rest) + 1 + rest.length();
    for (Map.Entry<String, Double> entry : logs.entrySet()) {
      String metric = KerasFormat.metrics(Map.of(entry.getKey(), entry.getValue()));
      if (used + metric.length() > room()) {
        err.print(CLEAR_TO_END + System.lineSeparator());
        metric = metric.substring(1);
        used = 0;
      }
      err.print(metric);
      used += metric.length();
    }
    err.println(CLEAR_TO_END);
  }

  /**
   * Keras's estimate: the first step, which has the warming up, is left out once there is another.
   */
  private double stepSeconds(int done, long now) {
    return done > 1 ? (now - firstStepEnded) * 1e-9 / (done - 1) : (now - began) * 1e-9;
  }

  private static String times(String time, double step) {
    return time + " " + KerasFormat.perStep(step);
  }

  /** Returns the counter, as much of the bar as there is room for, and {@code rest}. */
  private String head(int done, String rest) {
    String counter = KerasFormat.counter(done, total);
    int cells = barRoom(done, rest) - 1;
    String bar = cells < 0 ? "" : " " + KerasFormat.bar(done, total, cells, colour);
    int left = Math.max(0, room() - counter.length() - 1);
    return (colour ? "\u001b[1m" + counter + "\u001b[0m" : counter)
        + bar
        + " "
        + (rest.length() > left ? rest.substring(0, left) : rest);
  }

  /**
   * Returns the columns for the bar and the space before it: 0 where fewer than three cells fit.
   */
  private int barRoom(int done, String rest) {
    int left = room() - KerasFormat.counter(done, total).length() - 1 - rest.length();
    return left < 4 ? 0 : Math.min(left, KerasFormat.CELLS + 1);
  }

  /** The last column stays free: in it, terminals differ about where the next letter goes. */
  private int room() {
    return width.columns() - 1;
  }
}
