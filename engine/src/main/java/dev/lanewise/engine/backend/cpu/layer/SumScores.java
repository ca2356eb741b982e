package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.tensor.Matrix;

/**
 * Scores that are sums: outer . tanh(inner * (query + key)), over the features. An outer weight is
 * one a feature or one for all; what there is no weight for is 1.
 */
final class SumScores implements Scores {
  private final CheckedKernels kernels;
  private final CpuAttention layer;
  private final Matrix sums;
  private final Matrix tanh;

  SumScores(CpuAttention layer, RunContext context) {
    this.layer = layer;
    kernels = context.kernels();
    sums = context.matrix("sums", layer.valueSteps, layer.features).matrix();
    tanh = context.matrix("tanh", layer.valueSteps, layer.features).matrix();
  }

  private float inner() {
    return layer.inner == null ? 1 : layer.inner.matrix().get(0, 0);
  }

  private float outer(int feature) {
    return layer.outer == null ? 1 : layer.outer.matrix().get(0, outerColumn(feature));
  }

  private int outerColumn(int feature) {
    return layer.outerColumns == 1 ? 0 : feature;
  }

  /** Computes the sums of one step of the query with all of the key, and their tanh. */
  private void look(Matrix query, int step, Matrix key) {
    float inner = inner();
    for (int j = 0; j < key.rows(); j++) {
      for (int c = 0; c < key.columns(); c++) {
        float sum = query.get(step, c) + key.get(j, c);
        sums.set(j, c, sum);
        tanh.set(j, c, inner * sum);
      }
    }
    kernels.elements().activation(0, key.rows(), tanh, Elementwise.TANH);
  }

  @Override
  public void forward(Matrix query, Matrix key, Matrix scores) {
    for (int i = 0; i < query.rows(); i++) {
      look(query, i, key);
      for (int j = 0; j < key.rows(); j++) {
        float score = 0;
        for (int c = 0; c < key.columns(); c++) {
          score = Math.fma(tanh.get(j, c), outer(c), score);
        }
        scores.set(i, j, score);
      }
    }
  }

  @Override
  public void beginGradients(int shard) {
    if (layer.outerGradients.length > 0) {
      clear(layer.outerGradients[shard]);
    }
    if (layer.innerGradients.length > 0) {
      layer.innerGradients[shard].set(0, 0, 0);
    }
  }

  @Override
  public void backward(
      Matrix query, Matrix key, Matrix dScores, Matrix dQuery, Matrix dKey, int shard) {
    clear(dQuery);
    clear(dKey);
    float inner = inner();
    for (int i = 0; i < query.rows(); i++) {
      look(query, i, key);
      for (int j = 0; j < key.rows(); j++) {
        float dScore = dScores.get(i, j);
        for (int c = 0; c < key.columns(); c++) {
          float t = tanh.get(j, c);
          float dz = dScore * outer(c) * (1 - t * t);
          add(dQuery, i, c, dz * inner);
          add(dKey, j, c, dz * inner);
          if (layer.outerGradients.length > 0) {
            add(layer.outerGradients[shard], 0, outerColumn(c), dScore * t);
          }
          if (layer.innerGradients.length > 0) {
            add(layer.innerGradients[shard], 0, 0, dz * sums.get(j, c));
          }
        }
      }
    }
  }

  private static void clear(Matrix matrix) {
    for (int r = 0; r < matrix.rows(); r++) {
      for (int c = 0; c < matrix.columns(); c++) {
        matrix.set(r, c, 0);
      }
    }
  }

  private static void add(Matrix to, int row, int column, float value) {
    to.set(row, column, to.get(row, column) + value);
  }
}
