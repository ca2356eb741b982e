package dev.lanewise.engine.backend.cpu.loss;

/** Losses that are a mean over the units of a function of the output y and its target t. */
interface RowUnits extends RowLoss {
  /** Keras's least number that a target is divided by, or that has a logarithm of its own. */
  double LEAST = 1e-7;

  /** Returns the function of one output. */
  double value(double output, double target);

  /** Returns its derivative by the output. */
  double slope(double output, double target);

  @Override
  default double of(OutputRow row, RowGradient gradient, float scale) {
    int units = row.units();
    double sum = 0;
    for (int c = 0; c < units; c++) {
      double output = row.output(c);
      double target = row.target(c);
      sum += value(output, target);
      gradient.setGradient(c, (float) (slope(output, target) / units * scale));
    }
    return sum / units;
  }

  /** 100 |y - t| / max(|t|, 1e-7), whose slope at t is 0. */
  record Percentage() implements RowUnits {
    private static final double PERCENT = 100;

    @Override
    public double value(double output, double target) {
      return PERCENT * Math.abs((target - output) / Math.max(Math.abs(target), LEAST));
    }

    @Override
    public double slope(double output, double target) {
      return PERCENT * Math.signum(output - target) / Math.max(Math.abs(target), LEAST);
    }
  }

  /** (ln(max(y, 1e-7) + 1) - ln(max(t, 1e-7) + 1))^2; a y below 1e-7 has no slope. */
  record Logarithmic() implements RowUnits {
    private static double difference(double output, double target) {
      return StrictMath.log1p(Math.max(output, LEAST)) - StrictMath.log1p(Math.max(target, LEAST));
    }

    @Override
    public double value(double output, double target) {
      double difference = difference(output, target);
      return difference * difference;
    }

    @Override
    public double slope(double output, double target) {
      return output >= LEAST ? 2 * difference(output, target) / (output + 1) : 0;
    }
  }

  /** y - t ln(y + 1e-7), no number where y is below -1e-7. */
  record Count() implements RowUnits {
    @Override
    public double value(double output, double target) {
      return output - target * StrictMath.log(output + LEAST);
    }

    @Override
    public double slope(double output, double target) {
      return 1 - target / (output + LEAST);
    }
  }

  /**
   * max(1 - t y, 0) or its square, where a target of 0 is one of -1; at t y = 1 the first has the
   * slope -t still.
   *
   * @param squared whether it is the square
   */
  record Margin(boolean squared) implements RowUnits {
    private static double signed(double target) {
      return target == 0 ? -1 : target;
    }

    @Override
    public double value(double output, double target) {
      double lack = Math.max(1 - signed(target) * output, 0);
      return squared ? lack * lack : lack;
    }

    @Override
    public double slope(double output, double target) {
      double sign = signed(target);
      double lack = 1 - sign * output;
      if (lack < 0) {
        return 0;
      }
      return squared ? -2 * sign * lack : -sign;
    }
  }
}
