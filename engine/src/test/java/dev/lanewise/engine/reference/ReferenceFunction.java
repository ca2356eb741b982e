package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;

/** The activations that act on one element alone, and their derivatives, in double. */
public final class ReferenceFunction {
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

  private ReferenceFunction() {}

  /** Returns f(x). */
  public static double of(Activation f, double x) {
    return switch (f) {
      case LINEAR -> x;
      case RELU -> Math.max(0, x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> sigmoid(x);
      case RELU6 -> Math.clamp(x, 0.0, 6.0);
      case LEAKY_RELU -> x > 0 ? x : 0.2 * x;
      case HARD_SIGMOID -> Math.clamp(x / 6 + 0.5, 0.0, 1.0);
      case KERAS_2_HARD_SIGMOID -> Math.clamp(x / 5 + 0.5, 0.0, 1.0);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case EXPONENTIAL -> StrictMath.exp(x);
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * StrictMath.expm1(x));
      case SOFTPLUS -> Math.max(0, x) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      case SILU -> x * sigmoid(x);
      case GELU -> x * normalDistribution(x);
      case HARD_SILU -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0);
      case HARD_TANH -> Math.clamp(x, -1.0, 1.0);
      case HARD_SHRINK -> Math.abs(x) > 0.5 ? x : 0;
      case SOFT_SHRINK -> Math.signum(x) * Math.max(0, Math.abs(x) - 0.5);
      case TANH_SHRINK -> x - StrictMath.tanh(x);
      case MISH -> x * StrictMath.tanh(of(Activation.SOFTPLUS, x));
      case LOG_SIGMOID -> -of(Activation.SOFTPLUS, -x);
      case SQUAREPLUS -> x < 0 ? 2 / (Math.sqrt(x * x + 4) - x) : (x + Math.sqrt(x * x + 4)) / 2;
      case SPARSE_PLUS -> x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4;
      case SPARSE_SIGMOID -> Math.clamp(x / 2 + 0.5, 0.0, 1.0);
      case SOFTMAX -> throw new IllegalArgumentException("softmax needs the whole row");
    };
  }

  /** Returns f'(x), at corners what Keras takes there. */
  public static double derivative(Activation f, double x) {
    double y = of(f, x);
    return switch (f) {
      case LINEAR -> 1;
      case RELU -> x > 0 ? 1 : 0;
      case TANH -> 1 - y * y;
      case SIGMOID -> y * (1 - y);
      case RELU6 -> x > 0 && x < 6 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : 0.2;
      case HARD_SIGMOID -> Math.abs(x) < 3 ? 1 / 6.0 : 0;
      case KERAS_2_HARD_SIGMOID -> Math.abs(x) < 2.5 ? 0.2 : 0;
      case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case EXPONENTIAL -> y;
      case ELU -> x >= 0 ? 1 : StrictMath.exp(x);
      case SELU -> SELU_SCALE * (x >= 0 ? 1 : SELU_ALPHA * StrictMath.exp(x));
      case SOFTPLUS -> sigmoid(x);
      case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
      case GELU -> normalDistribution(x) + x * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      case HARD_SILU -> x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
      case HARD_TANH -> Math.abs(x) > 1 ? 0 : 1;
      case HARD_SHRINK, SOFT_SHRINK -> Math.abs(x) > 0.5 ? 1 : 0;
      case TANH_SHRINK -> StrictMath.tanh(x) * StrictMath.tanh(x);
      case MISH -> {
        double t = StrictMath.tanh(of(Activation.SOFTPLUS, x));
        yield t + x * sigmoid(x) * (1 - t * t);
      }
      case LOG_SIGMOID -> sigmoid(-x);
      case SQUAREPLUS -> y * y / (y * y + 1);
      case SPARSE_PLUS -> Math.clamp(x / 2 + 0.5, 0.0, 1.0);
      case SPARSE_SIGMOID -> Math.abs(x) < 1 ? 0.5 : Math.abs(x) == 1 ? 0.25 : 0;
      case SOFTMAX -> throw new IllegalArgumentException("softmax needs the whole row");
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static double normalDistribution(double x) {
    double tail = erfc(Math.abs(x) / Math.sqrt(2)) / 2;
    return x < 0 ? tail : 1 - tail;
  }

  /** Returns the error function of x. */
  static double erf(double x) {
    double most = 1 - erfc(Math.abs(x));
    return x < 0 ? -most : most;
  }

  /**
   * Returns 1 - erf x for x not negative: a series of positive terms near 0, a continued fraction
   * beyond (Abramowitz and Stegun, 7.1.6 and 7.1.14).
   */
  private static double erfc(double x) {
    double bell = StrictMath.exp(-x * x);
    if (x < 2) {
      double term = x;
      double sum = x;
      for (int n = 1; term > 1e-18 * sum; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      return 1 - 2 / Math.sqrt(Math.PI) * bell * sum;
    }
    double fraction = x;
    for (int n = 200; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return bell / (Math.sqrt(Math.PI) * fraction);
  }
}
