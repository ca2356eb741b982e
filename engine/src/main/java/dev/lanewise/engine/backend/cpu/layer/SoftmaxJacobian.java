package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;

/** The way back through a softmax whose loss does not take its logits. */
final class SoftmaxJacobian {
  private SoftmaxJacobian() {}

  /**
   * dz_j = y_j * (dy_j - sum_i dy_i y_i), in place: the product with softmax's Jacobian. Plain
   * loops: a softmax whose loss is not the crossentropy is rare, and its rows are short.
   */
  static void multiply(int rows, Matrix dy, Matrix y) {
    for (int r = 0; r < rows; r++) {
      double dot = 0;
      for (int c = 0; c < y.columns(); c++) {
        dot += (double) dy.get(r, c) * y.get(r, c);
      }
      for (int c = 0; c < y.columns(); c++) {
        dy.set(r, c, (float) (y.get(r, c) * (dy.get(r, c) - dot)));
      }
    }
  }
}
