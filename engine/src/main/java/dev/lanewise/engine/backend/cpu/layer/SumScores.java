package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Elementwise;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

/**
 * Scores that are sums: outer . tanh(inner * (query + key)), over the features. An outer weight is
 * one a feature or one for all; what there is no weight for is 1.
 */
final class SumScores implements Scores {
  private final CheckedKernels kernels;
  private final CpuAttention layer;
  private final Matrix sums;
  private final Matrix tanh;
  private final Matrix transposed;
  private final Matrix zeroSteps;
  private final Matrix scoreRow;
  private final Matrix outer;
  private final Matrix featureRow;
  private final Matrix byWeights;
  private final float[] query;
  private final float[] row;
  private final float[] weights;

  SumScores(CpuAttention layer, RunContext context) {
    this.layer = layer;
    kernels = context.kernels();
    int steps = layer.valueSteps;
    int features = layer.features;
    sums = context.matrix("sums", steps, features).matrix();
    tanh = context.matrix("tanh", steps, features).matrix();
    transposed = context.matrix("tanh", features, steps).matrix();
    zeroSteps = context.matrix("zeros", 1, steps).matrix();
    scoreRow = context.matrix("scores", 1, steps).matrix();
    outer = context.matrix("score weights", 1, features).matrix();
    featureRow = context.matrix("sums of steps", 1, features).matrix();
    byWeights = context.matrix("gradient by the weights", 1, features).matrix();
    query = new float[features];
    row = new float[features];
    weights = new float[features];
  }

  private float inner() {
    return layer.inner == null ? 1 : layer.inner.matrix().get(0, 0);
  }

  /** Gives each feature its weight, which may be one for all. */
  private void lookAtWeights() {
    if (layer.outer == null) {
      Arrays.fill(weights, 1);
    } else {
      RowArrays.read(layer.outer.matrix(), 0, weights);
    }
    outer.setRow(0, weights);
  }

  /** Computes the sums of one step of the query with all of the key, and their tanh. */
  private void look(Matrix of, int step, Matrix key) {
    float inner = inner();
    of.copyRow(step, query);
    for (int j = 0; j < key.rows(); j++) {
      key.copyRow(j, row);
      RowArrays.add(query, row);
      sums.setRow(j, row);
      RowArrays.multiply(inner, row);
      tanh.setRow(j, row);
    }
    kernels.elements().activation(0, key.rows(), tanh, Elementwise.TANH);
  }

  /** Scores lie side by side, so that each is a chain in a lane of its own. */
  @Override
  public void forward(Matrix query, Matrix key, Matrix scores) {
    lookAtWeights();
    for (int i = 0; i < query.rows(); i++) {
      look(query, i, key);
      kernels.transpose(tanh, transposed);
      kernels.gemm(1, outer, transposed, zeroSteps, scoreRow);
      kernels.copyRows(1, scoreRow, 0, scores, i);
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
    clear(dKey);
    clear(byWeights);
    lookAtWeights();
    for (int i = 0; i < query.rows(); i++) {
      look(query, i, key);
      kernels.copyRows(1, dScores, i, scoreRow, 0);
      kernels.gemm(1, scoreRow, tanh, byWeights, byWeights);
      for (int j = 0; j < key.rows(); j++) {
        differentiate(j, scoreRow.get(0, j), shard);
      }
      kernels.elements().add(key.rows(), tanh, dKey);
      clear(featureRow);
      kernels.columnSums(key.rows(), tanh, featureRow);
      kernels.copyRows(1, featureRow, 0, dQuery, i);
    }
    addByWeights(shard);
  }

  /** Turns a row of tanh into the gradient by the sums. */
  private void differentiate(int step, float dScore, int shard) {
    tanh.copyRow(step, row);
    for (int c = 0; c < row.length; c++) {
      row[c] = dScore * weights[c] * (1 - row[c] * row[c]);
    }
    if (layer.innerGradients.length > 0) {
      Matrix gradient = layer.innerGradients[shard];
      float sum = gradient.get(0, 0);
      for (int c = 0; c < row.length; c++) {
        sum += row[c] * sums.get(step, c);
      }
      gradient.set(0, 0, sum);
    }
    RowArrays.multiply(inner(), row);
    tanh.setRow(step, row);
  }

  /** Adds to the gradient by the weights of the features, or by the one of all. */
  private void addByWeights(int shard) {
    if (layer.outerGradients.length == 0) {
      return;
    }
    Matrix gradient = layer.outerGradients[shard];
    byWeights.copyRow(0, row);
    if (gradient.columns() == row.length) {
      RowArrays.leave(row, true, gradient, 0, query);
      return;
    }
    double sum = gradient.get(0, 0);
    for (float each : row) {
      sum += each;
    }
    gradient.set(0, 0, (float) sum);
  }

  private static void clear(Matrix matrix) {
    for (int r = 0; r < matrix.rows(); r++) {
      for (int c = 0; c < matrix.columns(); c++) {
        matrix.set(r, c, 0);
      }
    }
  }
}
