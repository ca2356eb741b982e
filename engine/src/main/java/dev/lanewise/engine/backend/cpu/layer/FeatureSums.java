package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.tensor.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Mean and variance of each feature, or of each place along another axis, in double: of a shard
 * from its rows one after the other, of a batch from its shards in their order (Chan et al. 1979),
 * so that no thread decides the bits.
 */
final class FeatureSums {
  final double[] mean;

  /** The sums of squared distances from the mean. */
  final double[] spread;

  /** How many elements each is of: of features the rows, unless they are masked. */
  final long[] count;

  FeatureSums(int features) {
    mean = new double[features];
    spread = new double[features];
    count = new long[features];
  }

  private void clear() {
    Arrays.fill(count, 0);
    Arrays.fill(mean, 0);
    Arrays.fill(spread, 0);
  }

  /**
   * Takes the rows of all positions.
   *
   * @param places which mean each element has its part in
   * @param mask which of them count; null if all do
   * @param row room for one
   */
  void measure(
      int rows, Matrix[] positions, AxisPlaces places, @Nullable StepMask mask, float[] row) {
    clear();
    int apart = places.apart();
    for (int p = 0; p < positions.length; p++) {
      int first = places.first(p);
      Matrix x = positions[p];
      int used = 0;
      for (int r = 0; r < rows; r++) {
        if (mask == null || mask.uses(p, r)) {
          used++;
          x.copyRow(r, row);
          add(row, first, apart);
        }
      }
      for (int c = 0; c < x.columns(); c++) {
        count[first + c * apart] += used;
      }
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= Math.max(1, count[c]); // 0 where all is masked
    }
    for (int p = 0; p < positions.length; p++) {
      for (int r = 0; r < rows; r++) {
        if (mask == null || mask.uses(p, r)) {
          positions[p].copyRow(r, row);
          addSquares(row, places.first(p), apart);
        }
      }
    }
  }

  // Neighbours apart and together are loops of their own, of which a compiler makes vectors.

  private void add(float[] row, int first, int apart) {
    for (int c = 0; apart == 1 && c < row.length; c++) {
      mean[first + c] += row[c];
    }
    for (int c = 0; apart == 0 && c < row.length; c++) {
      mean[first] += row[c];
    }
  }

  private void addSquares(float[] row, int first, int apart) {
    for (int c = 0; apart == 1 && c < row.length; c++) {
      double distance = row[c] - mean[first + c];
      spread[first + c] += distance * distance;
    }
    for (int c = 0; apart == 0 && c < row.length; c++) {
      double distance = row[c] - mean[first];
      spread[first] += distance * distance;
    }
  }

  /** Takes what the first {@code shards} have. */
  void join(FeatureSums[] each, int shards) {
    clear();
    for (int shard = 0; shard < shards; shard++) {
      FeatureSums other = each[shard];
      for (int c = 0; c < mean.length; c++) {
        long all = count[c] + other.count[c];
        if (count[c] == 0) {
          mean[c] = other.mean[c];
          spread[c] = other.spread[c];
        } else if (other.count[c] > 0) { // or else all of it is masked
          double apart = other.mean[c] - mean[c];
          mean[c] += apart * other.count[c] / all;
          spread[c] += other.spread[c] + apart * apart * count[c] * other.count[c] / all;
        }
        count[c] = all;
      }
    }
  }

  /** Returns the population's variance, 0 of nobody. */
  double variance(int feature) {
    return count[feature] == 0 ? 0 : spread[feature] / count[feature];
  }
}
