package dev.lanewise.engine.kernel;

/** The activations made of straight lines. Comparisons let NaN through, and -0 where x is y. */
public final class Clips {
  /** Slope of leaky relu below 0. */
  public static final float LEAK = 0.2f;

  /** A sixth, slope of the hard sigmoid. */
  public static final float SIXTH = 0.16666667f;

  /** A fifth, slope of the hard sigmoid that Keras 1 and 2 had. */
  public static final float FIFTH = 0.2f;

  /** A half, slope of the sparse sigmoid. */
  public static final float HALF = 0.5f;

  /** A quarter, the slope of the sparse sigmoid at its corners. */
  public static final float QUARTER = 0.25f;

  /** A third. */
  public static final float THIRD = 0.33333334f;

  private Clips() {}

  /** Returns min(max(0, x), 6). */
  public static float relu6(float x) {
    float y = x < 0 ? 0 : x;
    return y > 6 ? 6 : y;
  }

  /** Returns x where it is not negative, else {@link #LEAK} x. */
  public static float leakyRelu(float x) {
    return x < 0 ? LEAK * x : x;
  }

  /** Returns fma(x, slope, 1/2), at least 0 and at most 1. Largest error seen: 8e-8, absolute. */
  public static float hardSigmoid(float x, float slope) {
    float line = Math.fma(x, slope, 0.5f);
    float y = line < 0 ? 0 : line;
    return y > 1 ? 1 : y;
  }

  /** Returns x times its {@link #hardSigmoid}. */
  public static float hardSilu(float x) {
    return x * hardSigmoid(x, SIXTH);
  }

  /** Returns the slope of {@link #hardSilu} at x: 0 up to -3, x / 3 + 1/2, 1 from 3 on. */
  public static float hardSiluDerivative(float x) {
    float line = Math.fma(x, THIRD, 0.5f);
    float y = x <= -3 ? 0 : line;
    return x >= 3 ? 1 : y;
  }
}
