package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;

/** Scores that are products: scale * query * key'. */
final class DotScores implements Scores {
  private final CheckedKernels kernels;
  private final CpuAttention layer;
  private final Matrix keyTransposed;
  private final Matrix unscaled;
  private final Matrix zeroValues;
  private final Matrix zeroFeatures;

  DotScores(CpuAttention layer, RunContext context) {
    this.layer = layer;
    kernels = context.kernels();
    keyTransposed = context.matrix("key", layer.features, layer.valueSteps).matrix();
    unscaled = context.matrix("products", layer.querySteps, layer.valueSteps).matrix();
    zeroValues = context.matrix("zeros", 1, layer.valueSteps).matrix();
    zeroFeatures = context.matrix("zeros", 1, layer.features).matrix();
  }

  private float scale() {
    return layer.inner == null ? 1 : layer.inner.matrix().get(0, 0);
  }

  @Override
  public void forward(Matrix query, Matrix key, Matrix scores) {
    kernels.transpose(key, keyTransposed);
    kernels.gemm(query.rows(), query, keyTransposed, zeroValues, scores);
    if (layer.inner != null) {
      scale(scores);
    }
  }

  private void scale(Matrix scores) {
    float scale = scale();
    for (int i = 0; i < scores.rows(); i++) {
      for (int j = 0; j < scores.columns(); j++) {
        scores.set(i, j, scores.get(i, j) * scale);
      }
    }
  }

  @Override
  public void beginGradients(int shard) {
    if (layer.innerGradients.length > 0) {
      layer.innerGradients[shard].set(0, 0, 0);
    }
  }

  @Override
  public void backward(
      Matrix query, Matrix key, Matrix dScores, Matrix dQuery, Matrix dKey, int shard) {
    if (layer.innerGradients.length > 0) {
      kernels.transpose(key, keyTransposed);
      kernels.gemm(query.rows(), query, keyTransposed, zeroValues, unscaled);
      double sum = 0;
      for (int i = 0; i < dScores.rows(); i++) {
        for (int j = 0; j < dScores.columns(); j++) {
          sum += (double) dScores.get(i, j) * unscaled.get(i, j);
        }
      }
      Matrix gradient = layer.innerGradients[shard];
      gradient.set(0, 0, gradient.get(0, 0) + (float) sum);
    }
    if (layer.inner != null) {
      scale(dScores);
    }
    kernels.gemm(query.rows(), dScores, key, zeroFeatures, dQuery);
    kernels.gemmTransposedA(query.rows(), dScores, query, zeroFeatures, dKey);
  }
}
