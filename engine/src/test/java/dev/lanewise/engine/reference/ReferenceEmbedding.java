package dev.lanewise.engine.reference;

import java.util.List;

/** {@link dev.lanewise.engine.layer.Embedding}: rows of a table. */
final class ReferenceEmbedding implements ReferenceLayer {
  private final int width;
  private final boolean maskZero;
  private final double[] table;
  private Signal input;

  ReferenceEmbedding(int width, boolean maskZero, double[] table) {
    this.width = width;
    this.maskZero = maskZero;
    this.table = table;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    Signal output = Signal.zeros(x.width(), x.samples(), width);
    for (int p = 0; p < x.width(); p++) {
      for (int n = 0; n < x.samples(); n++) {
        System.arraycopy(table, (int) x.at()[0][n][p] * width, output.at()[p][n], 0, width);
      }
    }
    return maskZero ? output.masked(notZero(x)) : output;
  }

  private static boolean[][] notZero(Signal ids) {
    boolean[][] used = new boolean[ids.width()][ids.samples()];
    for (int p = 0; p < used.length; p++) {
      for (int n = 0; n < ids.samples(); n++) {
        used[p][n] = ids.at()[0][n][p] != 0;
      }
    }
    return used;
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    for (int p = 0; p < input.width(); p++) {
      for (int n = 0; n < input.samples(); n++) {
        for (int c = 0; c < width; c++) {
          gradients.getFirst()[(int) input.at()[0][n][p] * width + c] += dy.at()[p][n][c];
        }
      }
    }
    return Signal.zeros(1, input.samples(), input.width()); // ids have no gradient
  }
}
