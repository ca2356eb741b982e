package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;

/** What softmax needs beside its kernel. */
final class SoftmaxRows {
  private SoftmaxRows() {}

  /** Returns room for each row's maximum and sum, a matrix [rows, 2] a shard. */
  static Matrix[] scratch(LayerContext context) {
    int rows = context.rows();
    Tensor tensor = context.arena().tensor("softmax rows", Shape.of(context.shards(), rows, 2), 2);
    Matrix[] scratch = new Matrix[context.shards()];
    for (int shard = 0; shard < scratch.length; shard++) {
      scratch[shard] = tensor.matrix((long) shard * rows, rows, 0, 2);
    }
    return scratch;
  }

  /**
   * dz_j = y_j * (dy_j - sum_i dy_i y_i), in place: the product with softmax's Jacobian. Plain
   * loops: a softmax whose loss is not the crossentropy is rare, and its rows are short.
   */
  static void multiplyByJacobian(int rows, Matrix dy, Matrix y) {
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
