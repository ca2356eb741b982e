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
    COS
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
    String name = kerasName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
