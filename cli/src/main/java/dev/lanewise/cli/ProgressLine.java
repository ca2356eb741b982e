package dev.lanewise.cli;

import dev.lanewise.engine.train.Progress;
import java.io.PrintStream;
import java.util.Map;

/**
 * Keras's progress line, redrawn in place at most every 50 ms: the looks at the clock between
 * redraws cost nothing and allocate nothing.
 */
final class ProgressLine {
  private static final long REDRAW_NANOS = 50_000_000;
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream err;
  private final boolean colour;
  private int total;
  private long began;
  private long firstStepEnded;
  private long drawn;

  ProgressLine(PrintStream err, boolean colour) {
    this.err = err;
    this.colour = colour;
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
    draw(done, KerasFormat.remaining(step * (total - done)), step, progress.logs());
  }

  void end(Map<String, Double> logs) {
    long now = System.nanoTime();
    long elapsed = Math.round((now - began) * 1e-9);
    draw(total, elapsed + "s", stepSeconds(total, now), logs);
    err.println();
  }

  /**
   * Keras's estimate: the first step, which has the warming up, is left out once there is another.
   */
  private double stepSeconds(int done, long now) {
    return done > 1 ? (now - firstStepEnded) * 1e-9 / (done - 1) : (now - began) * 1e-9;
  }

  private void draw(int done, String time, double step, Map<String, Double> logs) {
    String counter = KerasFormat.counter(done, total);
    err.print(
        "\r"
            + (colour ? "\u001b[1m" + counter + "\u001b[0m" : counter)
            + " "
            + KerasFormat.bar(done, total, colour)
            + " "
            + time
            + " "
            + KerasFormat.perStep(step)
            + KerasFormat.metrics(logs)
            + CLEAR_TO_END);
    err.flush();
  }
}
