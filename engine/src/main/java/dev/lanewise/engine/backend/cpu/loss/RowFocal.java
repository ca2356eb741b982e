package dev.lanewise.engine.backend.cpu.loss;

import dev.lanewise.engine.backend.LossForm.Focus;

/** Crossentropies that count an output less the nearer it is to its target. */
interface RowFocal extends RowLoss {
  /** Returns by how much a target counts that is between no and yes. */
  private static double weight(Focus focus, double target) {
    return target * focus.yes() + (1 - target) * focus.no();
  }

  /** Returns gamma far^(gamma - 1): 0 where nothing is off, also for a gamma below 1. */
  private static double powerSlope(double far, double gamma) {
    return gamma == 0 || (far == 0 && gamma < 1) ? 0 : gamma * StrictMath.pow(far, gamma - 1);
  }

  /**
   * The mean of w f^gamma b with p the sigmoid of the logit z, f = t + p - 2 t p and b the
   * crossentropy from z: max(z, 0) - z t + ln(1 + e^-|z|), whose derivative is p - t.
   */
  record Sigmoid(Focus focus) implements RowFocal {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double z = row.sum(c);
        double t = RowCrossentropy.halfSmoothed(row, c, focus.labelSmoothing());
        double small = StrictMath.exp(-Math.abs(z));
        double p = (z >= 0 ? 1 : small) / (1 + small);
        double no = (z >= 0 ? small : 1) / (1 + small); // 1 - p, with all its digits
        double far = t * no + (1 - t) * p;
        double crossentropy = Math.max(z, 0) - z * t + StrictMath.log1p(small);
        double power = StrictMath.pow(far, focus.gamma());
        double weight = weight(focus, t);
        loss += weight * power * crossentropy;
        double slope =
            power * (p - t) + powerSlope(far, focus.gamma()) * (1 - 2 * t) * p * no * crossentropy;
        gradient.setGradient(c, (float) (weight * slope / units * scale));
      }
      return loss / units;
    }
  }

  /** The same from outputs, which are clipped in b and not in f, as Keras does. */
  record ClippedBinary(Focus focus) implements RowFocal {
    @Override
    public double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double loss = 0;
      for (int c = 0; c < units; c++) {
        double y = row.output(c);
        double t = RowCrossentropy.halfSmoothed(row, c, focus.labelSmoothing());
        double p = Math.clamp(y, RowCrossentropy.LOW, RowCrossentropy.HIGH);
        double far = t * (1 - y) + (1 - t) * y;
        double crossentropy = -(t * StrictMath.log(p) + (1 - t) * StrictMath.log1p(-p));
        double power = StrictMath.pow(far, focus.gamma());
        double weight = weight(focus, t);
        loss += weight * power * crossentropy;
        double direct = RowCrossentropy.inside(y) ? (p - t) / (p * (1 - p)) : 0;
        double slope = power * direct + powerSlope(far, focus.gamma()) * (1 - 2 * t) * crossentropy;
        gradient.setGradient(c, (float) (weight * slope / units * scale));
      }
      return loss / units;
    }
  }

  /**
   * -sum alpha (1 - p)^gamma t ln p, with p a probability that is clipped to [1e-7, 1 - 1e-7], and
   * without gradient where it is.
   */
  interface OfClasses extends RowFocal {
    /** Returns what counts how much. */
    Focus focus();

    /** Returns the sum of a row's outputs, which they are divided by. */
    double sum(OutputRow row);

    /** Returns a class's probability. */
    double probability(OutputRow row, int unit, double sum);

    /** Returns the derivative by the output, or logit, of what has these slopes by p. */
    double slope(double own, double p, double shared, double sum);

    /** Returns the derivative of a class's part of the loss by its p. */
    private double slopeByProbability(OutputRow row, int unit, double p) {
      if (!RowCrossentropy.inside(p)) {
        return 0;
      }
      double gamma = focus().gamma();
      double target = RowCrossentropy.smoothed(row, unit, focus().labelSmoothing());
      double log = StrictMath.log(p);
      return target
          * focus().yes()
          * (powerSlope(1 - p, gamma) * log - StrictMath.pow(1 - p, gamma) / p);
    }

    @Override
    default double of(OutputRow row, RowGradient gradient, float scale) {
      int units = row.units();
      double sum = sum(row);
      double loss = 0;
      double shared = 0;
      for (int c = 0; c < units; c++) {
        double p = probability(row, c, sum);
        double clipped = Math.clamp(p, RowCrossentropy.LOW, RowCrossentropy.HIGH);
        double target = RowCrossentropy.smoothed(row, c, focus().labelSmoothing());
        double far = StrictMath.pow(1 - clipped, focus().gamma());
        loss -= focus().yes() * far * target * StrictMath.log(clipped);
        shared += p * slopeByProbability(row, c, p);
      }
      for (int c = 0; c < units; c++) {
        double p = probability(row, c, sum);
        double own = slopeByProbability(row, c, p);
        gradient.setGradient(c, (float) (slope(own, p, shared, sum) * scale));
      }
      return loss;
    }
  }

  /** From logits: p is their softmax. */
  record Softmax(Focus focus) implements OfClasses {
    @Override
    public double sum(OutputRow row) {
      double sum = 0;
      for (int c = 0; c < row.units(); c++) {
        sum += StrictMath.exp(row.sum(c) - row.softmaxMaximum());
      }
      return sum;
    }

    @Override
    public double probability(OutputRow row, int unit, double sum) {
      return StrictMath.exp(row.sum(unit) - row.softmaxMaximum()) / sum;
    }

    @Override
    public double slope(double own, double p, double shared, double sum) {
      return p * (own - shared);
    }
  }

  /** From outputs: p = y / sum y. */
  record Clipped(Focus focus) implements OfClasses {
    @Override
    public double sum(OutputRow row) {
      double sum = 0;
      for (int c = 0; c < row.units(); c++) {
        sum += row.output(c);
      }
      return sum;
    }

    @Override
    public double probability(OutputRow row, int unit, double sum) {
      return row.output(unit) / sum;
    }

    @Override
    public double slope(double own, double p, double shared, double sum) {
      return (own - shared) / sum;
    }
  }
}
