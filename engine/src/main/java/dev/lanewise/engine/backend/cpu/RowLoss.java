package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Matrix;

/**
 * A loss of one row, the loop over rows being {@link CpuLoss}'s: plain code in double precision,
 * since a row of outputs is short.
 */
interface RowLoss {
  /**
   * Returns the loss of a row and replaces the gradient's row, which holds the outputs as the user
   * sees them (probabilities where a softmax was left to the loss), with the loss's gradient times
   * {@code scale}.
   *
   * @param y the outputs [rows, units]
   * @param gradient holds the final outputs, takes the gradient [rows, units]
   * @param maxAndSum the softmax's maximum and sum by row, where there is a softmax
   * @param row the row
   * @param data where the targets are
   * @param sample the row's sample
   * @param position the step, 0 for models without sequence output
   * @param scale what to multiply the gradient by
   */
  double of(
      Matrix y,
      Matrix gradient,
      Matrix maxAndSum,
      int row,
      Dataset data,
      int sample,
      int position,
      float scale);

  /** Softmax and crossentropy in one: ln sum e^(z - max) + max - z_y, gradient p - t. */
  RowLoss SOFTMAX_CROSSENTROPY =
      (z, p, maxAndSum, row, data, sample, position, scale) -> {
        double max = maxAndSum.get(row, 0);
        double logSum = StrictMath.log(maxAndSum.get(row, 1));
        int units = z.columns();
        double loss = 0;
        for (int c = 0; c < units; c++) {
          float target = Targets.of(data, sample, position, units, c);
          if (target != 0) {
            loss += target * (logSum - (z.get(row, c) - max));
          }
          p.set(row, c, (p.get(row, c) - target) * scale);
        }
        return loss;
      };

  /** The mean over units of (y - t)^2. */
  RowLoss MEAN_SQUARED_ERROR =
      (z, y, maxAndSum, row, data, sample, position, scale) -> {
        int units = z.columns();
        double sum = 0;
        for (int c = 0; c < units; c++) {
          double error = (double) y.get(row, c) - Targets.of(data, sample, position, units, c);
          sum += error * error;
          y.set(row, c, (float) (2 * error / units * scale));
        }
        return sum / units;
      };

  /**
   * Crossentropy of outputs that are not a softmax's, by Keras's rule: p = y / sum y, clipped to
   * [1e-7, 1 - 1e-7], loss = -sum t ln p. A clipped p has no gradient.
   */
  RowLoss CLIPPED_CROSSENTROPY =
      (z, y, maxAndSum, row, data, sample, position, scale) -> {
        int units = z.columns();
        double sum = 0;
        for (int c = 0; c < units; c++) {
          sum += y.get(row, c);
        }
        double loss = 0;
        double shared = 0;
        for (int c = 0; c < units; c++) {
          double target = Targets.of(data, sample, position, units, c);
          double p = y.get(row, c) / sum;
          loss -= target * StrictMath.log(Math.clamp(p, Clip.LOW, Clip.HIGH));
          shared += Clip.inside(p) ? target : 0;
        }
        for (int c = 0; c < units; c++) {
          double target = Targets.of(data, sample, position, units, c);
          double p = y.get(row, c) / sum;
          double direct = Clip.inside(p) ? target / p : 0;
          y.set(row, c, (float) ((shared - direct) / sum * scale));
        }
        return loss;
      };

  /** Keras's bounds of a probability. */
  final class Clip {
    static final double LOW = 1e-7;
    static final double HIGH = 1 - 1e-7;

    private Clip() {}

    static boolean inside(double p) {
      return p >= LOW && p <= HIGH;
    }
  }
}
