package dev.lanewise.engine.kernel;

/**
 * The functions behind activations, as chains of single roundings that the scalar and the vector
 * code spell out alike: bits depend neither on the width nor on a library.
 *
 * <p>Both begin with x = n ln 2 + r, n the nearest integer, so that |r| &lt;= ln 2 / 2, and
 *
 * <pre>
 *   e^r - 1 = r + r^2 (Q0 + Q1 r + Q2 r^2 + Q3 r^3 + Q4 r^4)
 * </pre>
 *
 * <p>Q is a minimax fit of the relative error of e^r, made by Remez exchange in 50 digits, rounded
 * to float and then improved by moving single coefficients by an ulp while that helped: 3.3e-9,
 * where half an ulp is 6e-8.
 *
 * <p>Adding {@link #ROUND} to a float of magnitude below 2^22 rounds it to an integer, which then
 * stands in the low bits of the sum: shifted into the exponent they are 2^n, without a conversion.
 */
public final class Polynomials {
  /** 1 / ln 2. */
  public static final float LOG2_E = 1.442695f;

  /** 1.5 * 2^23. Its own bits vanish when shifted left by {@link #EXPONENT_SHIFT}. */
  public static final float ROUND = 12582912f;

  /** -ln 2, rounded; n times it is subtracted without error by a fused multiply-add. */
  public static final float MINUS_LN2_HIGH = -0.6931472f;

  /** What {@link #MINUS_LN2_HIGH} lacks. */
  public static final float MINUS_LN2_LOW = 1.9046542e-9f;

  /** Q0. */
  public static final float Q0 = 0.49999994f;

  /** Q1. */
  public static final float Q1 = 0.1666652f;

  /** Q2. */
  public static final float Q2 = 0.041668322f;

  /** Q3. */
  public static final float Q3 = 0.008368848f;

  /** Q4. */
  public static final float Q4 = 0.0013814362f;

  /** Width of a float's significand field. */
  public static final int EXPONENT_SHIFT = 23;

  /** The bits of 1. */
  public static final int ONE_BITS = 0x3f800000;

  /** The sign bit of a float. */
  public static final int SIGN_BIT = 0x80000000;

  /** All bits of a float but the sign. */
  public static final int MAGNITUDE_BITS = 0x7fffffff;

  /** Below it, {@link #exp} is 0: 2^n would be no normal number. -126 ln 2. */
  public static final float EXP_LOWEST = -87.33654f;

  /** The bits of 10: from there on tanh rounds to 1. (It does from 9.011.) */
  public static final int TANH_CLAMP_BITS = 0x41200000;

  private Polynomials() {}

  /**
   * Returns e^x for x at most 88; 0 below {@link #EXP_LOWEST}, so that no subnormal appears; NaN of
   * NaN. Largest error seen over every 7th float in [-87.3, 88]: 1.02 ulp.
   */
  public static float exp(float x) {
    float z = Math.fma(x, LOG2_E, ROUND);
    float n = z - ROUND;
    float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
    float power = powerOfTwo(z);
    float y = Math.fma(expm1(r), power, power);
    return x < EXP_LOWEST ? 0 : y;
  }

  /**
   * Returns tanh x = -t / (2 + t) with t = e^(-2|x|) - 1, and the sign of x; NaN of NaN, -0 of -0.
   * Subtracting 1 before scaling keeps small arguments precise. Largest error seen over every 7th
   * float in [0, 20]: 2.50 ulp.
   */
  public static float tanh(float x) {
    int bits = Float.floatToRawIntBits(x);
    // The magnitude is clamped as an integer: a float min costs several instructions for NaN and
    // -0.
    float a = Float.intBitsToFloat(Math.min(bits & MAGNITUDE_BITS, TANH_CLAMP_BITS));
    float u = a * -2f;
    float z = Math.fma(u, LOG2_E, ROUND);
    float n = z - ROUND;
    float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, u));
    float power = powerOfTwo(z);
    float t = Math.fma(expm1(r), power, power - 1f);
    float y = t / (t + 2f);
    int signed = (Float.floatToRawIntBits(y) & MAGNITUDE_BITS) | (bits & SIGN_BIT);
    return Float.isNaN(x) ? x : Float.intBitsToFloat(signed);
  }

  /**
   * Returns 1 / (1 + e^-x) = tanh(x / 2) / 2 + 1/2; NaN of NaN. Largest error seen: 1.04e-7,
   * absolute, so that a far tail has few right digits.
   */
  public static float sigmoid(float x) {
    return Math.fma(tanh(x * 0.5f), 0.5f, 0.5f);
  }

  /** Returns 2^n of an n that was rounded by adding {@link #ROUND}. */
  static float powerOfTwo(float z) {
    int bits = (Float.floatToRawIntBits(z) << EXPONENT_SHIFT) + ONE_BITS;
    return Float.intBitsToFloat(bits);
  }

  /** Returns e^r - 1 for |r| at most ln 2 / 2. */
  static float expm1(float r) {
    float q = Math.fma(Q4, r, Q3);
    q = Math.fma(q, r, Q2);
    q = Math.fma(q, r, Q1);
    q = Math.fma(q, r, Q0);
    return Math.fma(r * r, q, r);
  }
}
