package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;

/** The way back through a softmax whose loss does not take its logits. */
final class SoftmaxJacobian {
  private final float[] dyRow;
  private final float[] yRow;

  /** Makes one for rows of so many columns. */
  SoftmaxJacobian(int width) {
    dyRow = new float[width];
    yRow = new float[width];
  }

  /** dz_j = y_j * (dy_j - sum_i dy_i y_i), in place: the product with softmax's Jacobian. */
  void multiply(int rows, Matrix dy, Matrix y) {
    for (int r = 0; r < rows; r++) {
      dy.copyRow(r, dyRow);
      y.copyRow(r, yRow);
      double dot = 0;
      for (int c = 0; c < yRow.length; c++) {
        dot += (double) dyRow[c] * yRow[c];
      }
      for (int c = 0; c < yRow.length; c++) {
        dyRow[c] = (float) (yRow[c] * (dyRow[c] - dot));
      }
      dy.setRow(r, dyRow);
    }
  }
}
