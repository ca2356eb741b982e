package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Mean and variance of each feature, in double: of a shard from its rows one after the other, of a
 * batch from its shards in their order (Chan et al. 1979), so that no thread decides the bits.
 */
final class FeatureSums {
  final double[] mean;

  /** The sums of squared distances from the mean. */
  final double[] spread;

  long count;

  FeatureSums(int features) {
    mean = new double[features];
    spread = new double[features];
  }

  /**
   * Takes the rows of all positions.
   *
   * @param mask which of them count; null if all do
   */
  void measure(int rows, Matrix[] positions, @Nullable StepMask mask) {
    count = 0;
    Arrays.fill(mean, 0);
    Arrays.fill(spread, 0);
    for (int p = 0; p < positions.length; p++) {
      for (int r = 0; r < rows; r++) {
        if (mask == null || mask.uses(p, r)) {
          count++;
          for (int c = 0; c < mean.length; c++) {
            mean[c] += positions[p].get(r, c);
          }
        }
      }
    }
    for (int c = 0; count > 0 && c < mean.length; c++) {
      mean[c] /= count;
    }
    for (int p = 0; p < positions.length; p++) {
      for (int r = 0; r < rows; r++) {
        if (mask == null || mask.uses(p, r)) {
          for (int c = 0; c < mean.length; c++) {
            double distance = positions[p].get(r, c) - mean[c];
            spread[c] += distance * distance;
          }
        }
      }
    }
  }

  /** Takes what the first {@code shards} have. */
  void join(FeatureSums[] each, int shards) {
    count = 0;
    Arrays.fill(mean, 0);
    Arrays.fill(spread, 0);
    for (int shard = 0; shard < shards; shard++) {
      FeatureSums other = each[shard];
      if (other.count == 0) {
        continue; // all of it is masked
      }
      long all = count + other.count;
      for (int c = 0; c < mean.length; c++) {
        if (count == 0) {
          mean[c] = other.mean[c];
          spread[c] = other.spread[c];
        } else {
          double apart = other.mean[c] - mean[c];
          mean[c] += apart * other.count / all;
          spread[c] += other.spread[c] + apart * apart * count * other.count / all;
        }
      }
      count = all;
    }
  }

  /** Returns the population's variance, 0 of nobody. */
  double variance(int feature) {
    return count == 0 ? 0 : spread[feature] / count;
  }
}
