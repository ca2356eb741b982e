package dev.lanewise.engine.reference;

import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Values between layers, [position][sample][unit]; one position unless they are a sequence.
 *
 * @param used by position and sample, whether it counts; null where all do
 */
record Signal(double[][][] at, boolean[][] used) {
  Signal(double[][][] at) {
    this(at, null);
  }

  static Signal zeros(int positions, int samples, int width) {
    return new Signal(new double[positions][samples][width]);
  }

  /** Takes row-major samples of [positions, width]. */
  static Signal of(double[] values, int positions, int samples, int width) {
    Signal signal = zeros(positions, samples, width);
    for (int n = 0; n < samples; n++) {
      for (int p = 0; p < positions; p++) {
        System.arraycopy(values, (n * positions + p) * width, signal.at[p][n], 0, width);
      }
    }
    return signal;
  }

  /** What becomes of one row. */
  @FunctionalInterface
  interface RowFunction {
    double[] of(int position, int sample, double[] row);
  }

  /** Returns a signal of other rows. */
  Signal map(RowFunction f) {
    double[][][] mapped = new double[at.length][][];
    for (int p = 0; p < at.length; p++) {
      mapped[p] = new double[at[p].length][];
      for (int n = 0; n < at[p].length; n++) {
        mapped[p][n] = f.of(p, n, at[p][n]);
      }
    }
    return new Signal(mapped, used);
  }

  /** Returns these values under a mask, or without one. */
  Signal masked(boolean[][] mask) {
    return new Signal(at, mask);
  }

  /** Returns whether a position of a sample counts. */
  boolean uses(int position, int sample) {
    return used == null || used[position][sample];
  }

  int positions() {
    return at.length;
  }

  int samples() {
    return at[0].length;
  }

  int width() {
    return at[0][0].length;
  }

  /** Takes samples apart that have a value of each of these shapes, one after the other. */
  static List<Signal> split(double[] values, List<Shape> shapes) {
    int each = (int) shapes.stream().mapToLong(Shape::elementCount).sum();
    int samples = values.length / each;
    List<Signal> signals = new ArrayList<>();
    int from = 0;
    for (Shape shape : shapes) {
      int size = (int) shape.elementCount();
      double[] own = new double[samples * size];
      for (int n = 0; n < samples; n++) {
        System.arraycopy(values, n * each + from, own, n * size, size);
      }
      signals.add(of(own, shape.positions(), samples, shape.size(-1)));
      from += size;
    }
    return signals;
  }

  /** Returns samples of several values, those of a sample one after the other. */
  static double[] toArray(List<Signal> signals) {
    int samples = signals.getFirst().samples();
    List<double[]> parts = signals.stream().map(Signal::toArray).toList();
    int each = parts.stream().mapToInt(part -> part.length / samples).sum();
    double[] values = new double[each * samples];
    int from = 0;
    for (double[] part : parts) {
      int size = part.length / samples;
      for (int n = 0; n < samples; n++) {
        System.arraycopy(part, n * size, values, n * each + from, size);
      }
      from += size;
    }
    return values;
  }

  /** Adds another signal to this one. */
  void add(Signal other) {
    for (int p = 0; p < at.length; p++) {
      for (int n = 0; n < at[p].length; n++) {
        for (int c = 0; c < at[p][n].length; c++) {
          at[p][n][c] += other.at[p][n][c];
        }
      }
    }
  }

  /** Returns row-major samples. */
  double[] toArray() {
    double[] values = new double[positions() * samples() * width()];
    for (int n = 0; n < samples(); n++) {
      for (int p = 0; p < positions(); p++) {
        System.arraycopy(at[p][n], 0, values, (n * positions() + p) * width(), width());
      }
    }
    return values;
  }
}
