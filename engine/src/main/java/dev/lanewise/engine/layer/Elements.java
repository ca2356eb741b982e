package dev.lanewise.engine.layer;

import dev.lanewise.engine.tensor.Shape;
import java.util.Locale;

/**
 * A function of each element alone, by its name in {@code keras.ops}; those that are activations
 * too are {@link Activated}.
 *
 * @param function the function
 */
public record Elements(Function function) implements Operation {
  /** A function of a number x. */
  public enum Function {
    /** |x|, whose slope at 0 is 0. */
    ABSOLUTE,
    /** -x. */
    NEGATIVE,
    /** x^2. */
    SQUARE,
    /** The square root. */
    SQRT,
    /** 1 / sqrt x. */
    RSQRT,
    /** 1 / x. */
    RECIPROCAL,
    /** The natural logarithm. */
    LOG,
    /** ln(1 + x). */
    LOG1P,
    /** e^x - 1. */
    EXPM1,
    /** The sine. */
    SIN,
    /** The cosine. */
    COS,
    /** The error function, 2 / sqrt pi times the integral of e^(-t^2) from 0 to x. */
    ERF,
    /** -1, 0 or 1, as x is; the slope is 0. */
    SIGN,
    /** The largest whole number that is not larger; the slope is 0. */
    FLOOR,
    /** The smallest whole number that is not smaller; the slope is 0. */
    CEIL,
    /** The next whole number, the even one of two that are as near; the slope is 0. */
    ROUND,
    /** Whether x is 0, which is 1 or 0; the slope is 0. */
    LOGICAL_NOT,
    /** The number of what is true or not, which is x itself: 1 or 0. */
    CAST,
    /** x, as if it did not depend on anything: the slope is 0. */
    STOP_GRADIENT
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public String kerasName() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String className() {
    return KerasNames.className(kerasName());
  }
}
