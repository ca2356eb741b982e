package dev.lanewise.engine.backend.cpu.loss;

/** Losses that compare distributions. */
interface RowCrossentropy extends RowLoss {
  /** Keras's least probability. */
  double LOW = 1e-7;

  /** Keras's largest probability. */
  double HIGH = 1 - 1e-7;

  /** Returns whether a probability is not clipped, so that it has a gradient. */
  static boolean inside(double p) {
    return p >= LOW && p <= HIGH;
  }

  /** Returns a class's target with a share spread over all classes. */
  static double smoothed(OutputRow row, int unit, double smoothing) {
    return row.classTarget(unit) * (1 - smoothing) + smoothing / row.units();
  }

  /** Returns a target with a share spread over yes and no. */
  static double halfSmoothed(OutputRow row, int unit, double smoothing) {
    return row.target(unit) * (1 - smoothing) + smoothing / 2;
  }

  /** Softmax and crossentropy in one: ln sum e^(z - max) + max - z_y, gradient p - t. */
  record Softmax(double smoothing) implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      double max = row.softmaxMaximum();
      double logSum = StrictMath.log(row.softmaxSum());
      int units = row.units();
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double target = smoothed(row, c, smoothing);
        if (target != 0) {
          loss += target * (logSum - (row.sum(c) - max));
        }
        gradient.setGradient(c, ((float) row.output(c) - (float) target) * scale);
      }
      return loss;
    }
  }

  /**
   * Sigmoid and crossentropy in one: the mean of max(z, 0) - z t + ln(1 + e^-|z|), gradient p - t.
   */
  record Sigmoid(double smoothing) implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double z = row.sum(c);
        double target = halfSmoothed(row, c, smoothing);
        loss += Math.max(z, 0) - z * target + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
        gradient.setGradient(c, (float) ((row.output(c) - target) / units * scale));
      }
      return loss / units;
    }
  }

  /**
   * Crossentropy of outputs that are not a softmax's, by Keras's rule: p = y / sum y, clipped to
   * [1e-7, 1 - 1e-7], loss = -sum t ln p. A clipped p has no gradient.
   */
  record Clipped(double smoothing) implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double sum = 0;
      for (int c = 0; c < units; c++) {
        sum += row.output(c);
      }
      double loss = 0;
      double shared = 0;
      for (int c = 0; c < units; c++) {
        double target = smoothed(row, c, smoothing);
        double p = row.output(c) / sum;
        loss -= target * StrictMath.log(Math.clamp(p, LOW, HIGH));
        shared += inside(p) ? target : 0;
      }
      for (int c = 0; c < units; c++) {
        double target = smoothed(row, c, smoothing);
        double p = row.output(c) / sum;
        double direct = inside(p) ? target / p : 0;
        gradient.setGradient(c, (float) ((shared - direct) / sum * scale));
      }
      return loss;
    }
  }

  /**
   * The same by Keras's rule for class indices, which clips first and divides then: loss = -ln p_k
   * + ln sum p, a crossentropy with ln p as its logits.
   */
  record ClippedSparse() implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double sum = 0;
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double p = Math.clamp(row.output(c), LOW, HIGH);
        sum += p;
        loss -= row.classTarget(c) == 0 ? 0 : StrictMath.log(p);
      }
      for (int c = 0; c < units; c++) {
        double p = row.output(c);
        double slope = inside(p) ? 1 / sum - row.classTarget(c) / p : 0;
        gradient.setGradient(c, (float) (slope * scale));
      }
      return loss + StrictMath.log(sum);
    }
  }

  /** The mean of -(t ln p + (1 - t) ln(1 - p)), p clipped; a clipped p has no gradient. */
  record ClippedBinary(double smoothing) implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double y = row.output(c);
        double p = Math.clamp(y, LOW, HIGH);
        double target = halfSmoothed(row, c, smoothing);
        loss -= target * StrictMath.log(p) + (1 - target) * StrictMath.log1p(-p);
        double slope = inside(y) ? (p - target) / (p * (1 - p)) : 0;
        gradient.setGradient(c, (float) (slope / units * scale));
      }
      return loss / units;
    }
  }

  /** The sum of t ln(t / y), both clipped to [1e-7, 1]; a clipped y has no gradient. */
  record Divergence() implements RowCrossentropy {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      double loss = 0;
      for (int c = 0; c < row.units(); c++) {
        double y = row.output(c);
        double p = Math.clamp(y, LOW, 1);
        double target = Math.clamp(row.target(c), LOW, 1);
        loss += target * StrictMath.log(target / p);
        gradient.setGradient(c, y >= LOW && y <= 1 ? (float) (-target / p * scale) : 0);
      }
      return loss;
    }
  }
}
