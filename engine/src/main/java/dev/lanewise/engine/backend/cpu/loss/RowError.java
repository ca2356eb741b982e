package dev.lanewise.engine.backend.cpu.loss;

/** Losses that are a mean over the units of a function of the error y - t. */
interface RowError extends RowUnits {
  /** Returns the function of one error. */
  double value(double error);

  /** Returns its derivative. */
  double slope(double error);

  @Override
  default double value(double output, double target) {
    return value(output - target);
  }

  @Override
  default double slope(double output, double target) {
    return slope(output - target);
  }

  /** Of e, e^2. */
  record Squared() implements RowError {
    @Override
    public double value(double error) {
      return error * error;
    }

    @Override
    public double slope(double error) {
      return 2 * error;
    }
  }

  /** Of e, |e|, whose slope at 0 is 0. */
  record Absolute() implements RowError {
    @Override
    public double value(double error) {
      return Math.abs(error);
    }

    @Override
    public double slope(double error) {
      return Math.signum(error);
    }
  }

  /** Of e, e^2 / 2 up to delta, then the line that goes on from there. */
  record Huber(double delta) implements RowError {
    @Override
    public double value(double error) {
      double size = Math.abs(error);
      return size <= delta ? error * error / 2 : delta * size - delta * delta / 2;
    }

    @Override
    public double slope(double error) {
      return Math.abs(error) <= delta ? error : delta * Math.signum(error);
    }
  }

  /** Of e, ln cosh e = |e| + ln(1 + e^-2|e|) - ln 2, which does not overflow. */
  record LogCosh() implements RowError {
    private static final double LN_2 = StrictMath.log(2);

    @Override
    public double value(double error) {
      double size = Math.abs(error);
      return size + StrictMath.log1p(StrictMath.exp(-2 * size)) - LN_2;
    }

    @Override
    public double slope(double error) {
      return StrictMath.tanh(error);
    }
  }
}
