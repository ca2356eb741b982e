package dev.lanewise.engine.kernel;

/**
 * The activations that leave out the middle or bend around it, and their like, as chains of single
 * roundings. Comparisons let NaN through.
 */
public final class Shrinks {
  /** What counts as nothing on either side of 0. */
  public static final float WIDTH = 0.5f;

  /** From there on {@link #mish} is x itself. */
  public static final float MISH_HIGHEST = 20f;

  private Shrinks() {}

  /** Returns min(max(-1, x), 1). */
  public static float hardTanh(float x) {
    float y = x < -1 ? -1 : x;
    return y > 1 ? 1 : y;
  }

  /** Returns x, or 0 where |x| is at most {@link #WIDTH}. */
  public static float hardShrink(float x) {
    return Math.abs(x) <= WIDTH ? 0 : x;
  }

  /** Returns x moved towards 0 by {@link #WIDTH}, 0 where |x| is at most that. */
  public static float softShrink(float x) {
    float moved = x + (x > 0 ? -WIDTH : WIDTH);
    return Math.abs(x) <= WIDTH ? 0 : moved;
  }

  /** Returns x - tanh x. */
  public static float tanhShrink(float x) {
    return x - Polynomials.tanh(x);
  }

  /** Returns 0 up to -1, ((x + 1) / 2)^2, and x from 1 on. */
  public static float sparsePlus(float x) {
    float half = Math.fma(x, 0.5f, 0.5f);
    float y = x <= -1 ? 0 : half * half;
    return x >= 1 ? x : y;
  }

  /** Returns the slope of {@link #sparsePlus} where it is y: its root, at most 1. */
  public static float sparsePlusDerivative(float y) {
    float root = (float) Math.sqrt(y);
    return root > 1 ? 1 : root;
  }

  /**
   * Returns (x + sqrt(x^2 + 4)) / 2; below 0 as 2 over the same of |x|, where the difference would
   * have few right digits.
   */
  public static float squareplus(float x) {
    float y = ((float) Math.sqrt(Math.fma(x, x, 4f)) + Math.abs(x)) * 0.5f;
    return x < 0 ? 1f / y : y;
  }

  /** Returns the slope of {@link #squareplus} where it is y: y^2 / (y^2 + 1). */
  public static float squareplusDerivative(float y) {
    return 1f / (1f / (y * y) + 1f);
  }

  /**
   * Returns x tanh(ln(1 + e^x)) = x w / (w + 2) with w = e^x (e^x + 2). Of minus infinity it is
   * NaN, as a product of infinity and 0.
   */
  public static float mish(float x) {
    float e = Polynomials.exp(x > MISH_HIGHEST ? MISH_HIGHEST : x);
    float w = Math.fma(e, e, e + e);
    return x * (w / (w + 2f));
  }

  /** Returns mish's derivative at x, w / d + 4 x e (e + 1) / d^2 with d = w + 2. */
  public static float mishDerivative(float x) {
    float u = x > MISH_HIGHEST ? MISH_HIGHEST : x;
    float e = Polynomials.exp(u);
    float w = Math.fma(e, e, e + e);
    float d = w + 2f;
    float t = e * 4f * (e + 1f) / d / d;
    return Math.fma(u, t, w / d);
  }

  /** Returns ln(1 / (1 + e^-x)). */
  public static float logSigmoid(float x) {
    return 0f - Exponentials.softplus(-x); // so that none of it is -0
  }
}
