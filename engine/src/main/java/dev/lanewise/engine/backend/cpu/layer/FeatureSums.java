package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;

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

  /** Takes the rows of all positions. */
  void measure(int rows, Matrix[] positions) {
    count = (long) rows * positions.length;
    Arrays.fill(mean, 0);
    Arrays.fill(spread, 0);
    for (Matrix x : positions) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < mean.length; c++) {
          mean[c] += x.get(r, c);
        }
      }
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= count;
    }
    for (Matrix x : positions) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < mean.length; c++) {
          double distance = x.get(r, c) - mean[c];
          spread[c] += distance * distance;
        }
      }
    }
  }

  /** Takes what the first {@code shards} have. */
  void join(FeatureSums[] each, int shards) {
    count = 0;
    for (int shard = 0; shard < shards; shard++) {
      FeatureSums other = each[shard];
      long all = count + other.count;
      for (int c = 0; c < mean.length; c++) {
        if (shard == 0) {
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

  /** Returns the population's variance. */
  double variance(int feature) {
    return spread[feature] / count;
  }
}
